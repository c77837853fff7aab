"""What `find_news` answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reviewlens.document import Document, Entry, Gap, Part, Text
from reviewlens.document import Quote as Words
from reviewlens.ground.estimates import Estimate
from reviewlens.ground.phrases import dates, interval
from reviewlens.results import Quote, Tabular


@dataclass(frozen=True, slots=True)
class Change:
    """A saved theme whose share is another than it was.

    Attributes:
        cluster: Its number in the saved set.
        label: What it is called.
        reviews: New reviews that speak of it, those of emerging themes left out.
        reviews_before: Reviews that did when the set was saved.
        share: Of the new reviews that say something, those of emerging themes left out, 0..1.
        share_before: Of the reviews that said something when the set was saved.
        difference: `share` less `share_before`, with Newcombe's interval.
        p: How likely so large a difference is where nothing has changed.
        p_adjusted: By Benjamini and Hochberg, over all themes that were compared.
        quotes: Three reviews nearest to the middle of the theme's new ones; where it shrinks or
            has vanished, of its known ones. No text twice.
    """

    cluster: int
    label: str
    reviews: int
    reviews_before: int
    share: Estimate
    share_before: Estimate
    difference: Estimate
    p: float
    p_adjusted: float
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class NearTheme:
    """A saved theme that reviews of an emerging one were assigned to, and how many of them."""

    cluster: int
    label: str
    reviews: int


@dataclass(frozen=True, slots=True)
class Emerging:
    """New reviews that speak of something that hardly any review spoke of before.

    Attributes:
        label: The terms that tell it from the saved themes.
        reviews: New reviews that speak of it.
        reviews_before: Known reviews that stand among them.
        texts: Different texts among the new ones.
        share: Of the new reviews that say something, 0..1.
        share_before: Of the known ones.
        difference: `share` less `share_before`, with Newcombe's interval. The group was sought
            because it is new: how sure it is stands in `p`, not here.
        p: How often, where nothing is new, any group as much out of place would be found anywhere;
            no further correction is due.
        p_adjusted: The same, under the name that it has in `Change`.
        p_within: Likewise among the reviews of the saved themes that its reviews were assigned
            to, whatever these have grown: small where no growth of a theme explains the group.
        nearest: The saved themes its reviews were assigned to, most first, at most three.
        first: Earliest date among them, ISO 8601 in UTC, None without dates.
        last: Latest date.
        quotes: Three reviews nearest to its middle, no text twice.
        review_ids: Its reviews, in order of id.
    """

    label: str
    reviews: int
    reviews_before: int
    texts: int
    share: Estimate
    share_before: Estimate
    difference: Estimate
    p: float
    p_adjusted: float
    p_within: float
    nearest: tuple[NearTheme, ...]
    first: str | None
    last: str | None
    quotes: tuple[Quote, ...]
    review_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the table: what all news have."""

    kind: str
    cluster: int | None
    label: str
    reviews: int
    reviews_before: int
    share: Estimate
    share_before: Estimate
    difference: Estimate
    p: float
    p_adjusted: float
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, repr=False)
class News(Tabular):
    """What has changed since a set of themes was saved; empty lists where nothing has.

    Attributes:
        emerging: Themes that no saved one holds, largest first.
        growing: Themes whose share has risen, by falling difference.
        shrinking: Themes whose share has fallen, largest fall first.
        vanished: Themes of at least five reviews of which hardly any has come since: less than a
            tenth of what the former share leads to expect. They are not in `shrinking`.
        reviews: New reviews that say something; shares are of these.
        reviews_before: Known reviews that say something.
        silent: New reviews that say nothing (`ok`, `Love it!`), which are counted nowhere else.
        silent_before: Likewise known ones.
        themes: Saved themes that were compared.
        rate: How often themes without news may be reported, 0..1.
        notes: What the user should know besides.
    """

    details_help = "Show p-values, dates and all quotes."

    emerging: tuple[Emerging, ...]
    growing: tuple[Change, ...]
    shrinking: tuple[Change, ...]
    vanished: tuple[Change, ...]
    reviews: int
    reviews_before: int
    silent: int
    silent_before: int
    themes: int
    rate: float
    notes: tuple[str, ...] = ()

    def _rows(self) -> Sequence[_Row]:
        kinds: dict[str, tuple[Emerging | Change, ...]] = {
            "emerging": self.emerging,
            "growing": self.growing,
            "shrinking": self.shrinking,
            "vanished": self.vanished,
        }
        return [
            _Row(
                kind,
                one.cluster if isinstance(one, Change) else None,
                one.label,
                one.reviews,
                one.reviews_before,
                one.share,
                one.share_before,
                one.difference,
                one.p,
                one.p_adjusted,
                one.quotes,
            )
            for kind, found in kinds.items()
            for one in found
        ]

    def document(self, *, details: bool = False) -> Document:
        """Return what has changed, the emerging themes first; see `Tabular.document`."""
        parts: list[Part] = [
            Text(
                f"{self.reviews:,} reviews since the themes were saved, {self.reviews_before:,} "
                f"before; {self.themes} themes compared"
            )
        ]
        if not len(self):
            parts.append(Text("no news: no theme has changed by more than chance explains"))
        for place, one in enumerate(self.emerging, start=1):
            near = ", ".join(f"{theme.cluster} ({theme.label})" for theme in one.nearest)
            more = [Text(f"nearest themes: {near}")] if near else []
            dated = [Text(f"dates: {dates(one.first, one.last)}")] if details and one.first else []
            parts += [Gap(), _entry(f"emerging {place}", one, more, dated, details=details)]
        for kind, changes in (
            ("growing", self.growing),
            ("shrinking", self.shrinking),
            ("vanished", self.vanished),
        ):
            for change in changes:
                named = f"{kind}, theme {change.cluster}"
                parts += [Gap(), _entry(named, change, [], [], details=details)]
        return tuple(parts)


def _entry(
    kind: str, one: Emerging | Change, more: list[Text], dated: list[Text], *, details: bool
) -> Entry:
    figures = (
        f"{one.reviews:,} reviews, {one.share.value:.1%} of the new ones; "
        f"{one.reviews_before:,} before, {one.share_before.value:.1%}; "
        f"{interval(one.difference, '+.1%')}"
    )
    chance = [Text(f"p {one.p:.4g}, corrected {one.p_adjusted:.4g}")] if details else []
    quotes = [
        Words(quote.text, quote.review_id, lines=3)
        for quote in (one.quotes if details else one.quotes[:2])
    ]
    parts: tuple[Part, ...] = (*more, *chance, *dated, *quotes)
    return Entry(f"{kind}: {one.label}", parts, None, "strong", figures)
