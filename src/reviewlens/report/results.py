"""What a report holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reviewlens.document import Document, Gap, Text
from reviewlens.document import Quote as Words
from reviewlens.ground.estimates import Estimate
from reviewlens.insights.duplicates import DuplicateGroup
from reviewlens.insights.news import News
from reviewlens.insights.trends import ChangePoint, Period, PeriodTotal
from reviewlens.results import Quote, Tabular
from reviewlens.text.languages import unread_words


def unread_sentence(counted: Counter[str], encoder: str) -> str:
    """Return how many reviews are not read, and where they count; see `unread_words`."""
    told = unread_words(counted, encoder or "the encoder")
    does = "it counts" if counted.total() == 1 else "they count"
    are = "is" if counted.total() == 1 else "are"
    return f"{told}: {does} in volume, stars and copies, and {are} left out of all else."


@dataclass(frozen=True, slots=True)
class Claim:
    """One of the main points, and the reviews that say so."""

    text: str
    quotes: tuple[Quote, ...] = ()

    def document(self) -> Document:
        """Return it with the first of its reviews."""
        quotes = (Words(one.text, one.review_id, inset=2) for one in self.quotes[:1])
        return (Text(self.text), *quotes)


@dataclass(frozen=True, slots=True)
class Part:
    """The period's reviews of one product or source.

    Attributes:
        name: Of the product or source.
        reviews: In the period.
        reviews_before: In the period before.
        share: Of the period's reviews, 0..1.
        stars: Their mean, 1..5, None without stars.
    """

    name: str
    reviews: int
    reviews_before: int
    share: Estimate
    stars: Estimate | None


@dataclass(frozen=True, slots=True)
class ReportTheme:
    """A theme in the period.

    Attributes:
        cluster: Its number.
        label: What it is called.
        reviews: Of the period.
        reviews_before: Of the period before.
        share: Of the period's reviews that the encoder reads, 0..1.
        share_before: Of those of the period before, None where it has none.
        change: `share` less `share_before`, with Newcombe's interval; None likewise.
        p: That the share is still the same (Fisher's exact test, two-sided); None likewise.
        p_adjusted: The same by Benjamini and Hochberg, over the themes of this report.
        significant: `p_adjusted` is 0.05 or less.
        stars: Mean of the theme's reviews of the period, None without stars.
        history: Its share in each of `Report.periods`, None where there are no reviews.
        since: Where its share before differs from its share since, if that is more than chance.
        quotes: Reviews of the period nearest to the middle of these, no text twice; of a theme that
            has none left, those of the period before.
        review_ids: All its reviews of the period, by id.
    """

    cluster: int
    label: str
    reviews: int
    reviews_before: int
    share: Estimate
    share_before: Estimate | None
    change: Estimate | None
    p: float | None
    p_adjusted: float | None
    significant: bool
    stars: Estimate | None
    history: tuple[float | None, ...]
    since: ChangePoint | None
    quotes: tuple[Quote, ...]
    review_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Oddity:
    """A review of the period that is unlike the rest.

    Attributes:
        quote: The review.
        product: What it is of, empty without.
        score: 0..1; see `Anomaly`.
        reasons: Why, in words.
    """

    quote: Quote
    product: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CopiedReviews:
    """A group of copies that has reviews of the period.

    Attributes:
        group: The group, with its copies of other periods.
        in_period: Which of its reviews are of the period.
    """

    group: DuplicateGroup
    in_period: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Report(Tabular):
    """What reviews of one period say, against the period before.

    Attributes:
        name: Of the period, such as `2026-10`.
        period: `day`, `week`, `month`, `quarter` or `year`.
        first: Its first day, ISO.
        last: Its last day.
        name_before: Of the period before.
        collection: Where the reviews are stored.
        encoder: What made their vectors.
        filters: Which reviews were looked at, in words; `all` without filters.
        claims: The main points.
        reviews: Of the period.
        reviews_before: Of the period before.
        rate_ratio: Reviews a day over those of the period before, 1 for as many; None where that
            has none. Its interval takes reviews to come independently of each other.
        stars: Mean of the period, 1..5, None without stars.
        stars_before: Of the period before.
        stars_change: `stars` less `stars_before`, with Welch's interval; None where one is.
        histogram: Reviews of the period by whole stars, `1` to `5`; empty without stars.
        histogram_before: Of the period before.
        periods: The last 24 periods, as far as there are reviews, up to this one.
        mean_stars: The mean in each of these, None where there are no stars.
        themes: By falling share; those without a review in the period only if that is news.
        themes_saved: Whether these are saved ones, which outlive the report.
        without_theme: Reviews read of the period that have none, or a hidden one.
        news: What is new since the themes were saved; None where none are saved, or it cannot be
            told.
        products: The ten with most reviews in the period.
        sources: Likewise.
        oddities: The most unlike the rest, by falling score.
        odd: How many reviews of the period are odd, listed or not.
        copies: Groups of copies.
        copied: How many groups there are, listed or not.
        looked_at: Reviews up to the last day, which themes, oddities and copies were sought in.
        undated: How many of these have no date, and stand in no period.
        read: Reviews of the period that the encoder reads: those that themes' shares are of.
        unread: Reviews looked at in each language that it does not read: they count in volume,
            stars and copies, and nowhere else.
        notes: What the reader should know besides.
        method: How it was computed.
    """

    name: str
    period: Period
    first: str
    last: str
    name_before: str
    collection: str
    encoder: str
    filters: str
    claims: tuple[Claim, ...]
    reviews: int
    reviews_before: int
    rate_ratio: Estimate | None
    stars: Estimate | None
    stars_before: Estimate | None
    stars_change: Estimate | None
    histogram: Mapping[str, int]
    histogram_before: Mapping[str, int]
    periods: tuple[PeriodTotal, ...]
    mean_stars: tuple[float | None, ...]
    themes: tuple[ReportTheme, ...]
    themes_saved: bool
    without_theme: int
    news: News | None
    products: tuple[Part, ...]
    sources: tuple[Part, ...]
    oddities: tuple[Oddity, ...]
    odd: int
    copies: tuple[CopiedReviews, ...]
    copied: int
    looked_at: int
    undated: int
    notes: tuple[str, ...]
    method: tuple[str, ...]
    read: int = 0
    unread: Mapping[str, int] = field(default_factory=dict)

    @property
    def unread_note(self) -> str:
        """How many reviews are not read, the first of the notes; empty where all are."""
        return unread_sentence(Counter(self.unread), self.encoder) if self.unread else ""

    @property
    def other_notes(self) -> tuple[str, ...]:
        """The notes but that."""
        return tuple(note for note in self.notes if note != self.unread_note)

    def _rows(self) -> Sequence[ReportTheme]:
        return self.themes

    def document(self, *, details: bool = False) -> Document:
        """Return the main points, each with a review that says so; see `Tabular.document`."""
        head = f"{self.name}, {self.first} to {self.last}, against {self.name_before}"
        told = (part for claim in self.claims for part in (Gap(), *claim.document()))
        return (Text(head, "strong"), *told)
