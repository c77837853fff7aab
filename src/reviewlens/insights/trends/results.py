"""What `measure_trends` answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reviewlens.document import Document, Gap, Part, Table, Text, agreed, bars, counted
from reviewlens.document import Quote as Words
from reviewlens.ground.estimates import Estimate
from reviewlens.ground.phrases import interval
from reviewlens.insights.trends.periods import Period
from reviewlens.results import Quote, Tabular

Across = Literal["stars", "product"]


@dataclass(frozen=True, slots=True)
class Trend:
    """One group in one period.

    Attributes:
        group: Theme, value or phrase.
        within: With `across`, the stars or the product; else None.
        period: Such as `2025-W01`, `2025-01`, `2025-Q1`.
        start: Its first day, ISO.
        reviews: Of the group in the period.
        of: All reviews of the period (and of these stars or this product).
        share: `reviews` of `of`, 0..1; None where there are none.
        stars: Mean of the group's, 1..5; None without stars.
        change: Share minus the share of the period before, -1..1 (Newcombe's interval); None for
            the first period, and where one of the two has no reviews.
        p: That the share is still the same (Fisher's exact test, two-sided), 0..1; None likewise.
        p_adjusted: The same, corrected for how many comparisons are in the table; 1 where the
            group has no review in either period, which is no comparison.
        significant: `p_adjusted` is 0.05 or less.
        quotes: Of a significant change, two reviews: of this period, or of the one before where the
            share fell.
    """

    group: str
    within: str | None
    period: str
    start: str
    reviews: int
    of: int
    share: Estimate | None
    stars: Estimate | None
    change: Estimate | None
    p: float | None
    p_adjusted: float | None
    significant: bool
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """Where a group's share before differs most clearly from its share since.

    Attributes:
        period: The first period of those since.
        reviews_before: Of the group, before.
        of_before: All reviews before.
        before: The share before.
        reviews: Of the group, since then.
        of: All reviews since then.
        since: The share since then.
        change: `since` minus `before`. The point was chosen because it differs there, so that this
            is rather too large and its interval rather too narrow.
        p: That the share is the same all along: the smallest p of all points (Fisher's exact
            test, two-sided), times their number (Bonferroni).
        p_adjusted: The same, corrected for how many groups there are.
        significant: `p_adjusted` is 0.05 or less.
        quotes: Where it is significant, two reviews: of those since, or of those before where the
            share fell.
    """

    period: str
    reviews_before: int
    of_before: int
    before: Estimate
    reviews: int
    of: int
    since: Estimate
    change: Estimate
    p: float
    p_adjusted: float
    significant: bool
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class TrendGroup:
    """One group over all periods.

    Attributes:
        group: Theme, value or phrase.
        within: With `across`, the stars or the product; else None.
        reviews: Of the group, dated ones.
        share: Of all dated reviews (of these stars or this product).
        stars: Mean of the group's, None without stars.
        latest: The share in the last period; None where it has no reviews.
        change_point: None where there are reviews in but one period.
    """

    group: str
    within: str | None
    reviews: int
    share: Estimate
    stars: Estimate | None
    latest: Estimate | None
    change_point: ChangePoint | None


@dataclass(frozen=True, slots=True)
class PeriodTotal:
    """A period, its first and last day (ISO), and how many reviews it has."""

    period: str
    start: str
    end: str
    reviews: int


@dataclass(frozen=True, slots=True, repr=False)
class Trends(Tabular):
    """What is said how often over time.

    Attributes:
        by: What the groups are of: `theme`, `query` or a column.
        period: How long the periods are.
        across: What the groups are crossed with, None for nothing.
        periods: From the first to the last, those without reviews too.
        groups: Largest first; stars by their number, phrases as given.
        trends: A row for each group and period, in the order of `groups` and `periods`. A group
            crossed with what none of its reviews has is left out.
        reviews: Looked at.
        undated: How many of these have no date, and stand in no period.
        without_group: How many dated ones are of no group; they count among all of a period.
        without_across: How many dated ones have no stars, or no product that is large enough;
            they are counted nowhere.
        min_reviews: Groups (and products to cross with) of fewer dated reviews were left out.
        groups_left_out: How many groups that were.
        comparisons: Changes that `p_adjusted` of `trends` is corrected for.
        min_similarity: With phrases, the smallest cosine that counted.
        notes: What the user should know besides.
    """

    by: str
    period: Period
    across: Across | None
    periods: tuple[PeriodTotal, ...]
    groups: tuple[TrendGroup, ...]
    trends: tuple[Trend, ...]
    reviews: int
    undated: int
    without_group: int
    without_across: int
    min_reviews: int
    groups_left_out: int
    comparisons: int
    min_similarity: float | None
    notes: tuple[str, ...]

    details_help = "Every period with intervals and p-values."

    def _rows(self) -> Sequence[Trend]:
        return self.trends

    def left_out(self) -> list[str]:
        """Say which reviews and groups the figures leave out, a sentence for each reason."""
        count = "it counts" if self.without_group == 1 else "they count"
        told = {
            f"{self.undated:,} of {counted(self.reviews, 'review')} "
            f"{agreed(self.undated, 'has', 'have')} no date": self.undated,
            f"{counted(self.without_across, 'review', 'has', 'have')} no {self.across} to cross "
            "with": self.without_across,
            f"{counted(self.without_group, 'dated review', 'has', 'have')} no {self.by}; {count} "
            "among all of a period": self.without_group and self.min_similarity is None,
            f"left out as of fewer than {self.min_reviews} dated reviews: "
            f"{self.groups_left_out:,} of {self.by}": self.groups_left_out,
        }
        return [sentence for sentence, is_so in told.items() if is_so]

    def document(self, *, details: bool = False, n: int | None = None) -> Document:
        """Return the groups with their shares, and each change; see `Tabular.document`.

        Args:
            details: Also every period, with intervals and p-values.
            n: Groups, and changes, that are told of; all without.
        """
        first, last = self.periods[0].period, self.periods[-1].period
        dated = sum(one.reviews for one in self.periods)
        span = first if first == last else f"{first} to {last}"
        names = list(dict.fromkeys(group.group for group in self.groups))
        groups = [group for group in self.groups if group.group in names[:n]]
        rows: dict[tuple[str, str | None], list[Trend]] = {}
        for row in self.trends:
            rows.setdefault((row.group, row.within), []).append(row)
        left = len(names) - len(names[:n])
        return (
            Text(f"{counted(dated, 'review')} by {self.period}, {span}"),
            Gap(),
            self._table(groups, rows),
            *((Text(f"… and {left} more: -n {len(names)}, or -f csv"),) if left else ()),
            *(part for one in groups if details for part in self._details(one, rows)),
            Gap(),
            *self._changes(n),
        )

    def _table(
        self, groups: Sequence[TrendGroup], rows: Mapping[tuple[str, str | None], list[Trend]]
    ) -> Table:
        cells: list[tuple[str, ...]] = []
        for place, group in enumerate(groups):
            if group.within is not None and (place == 0 or groups[place - 1].group != group.group):
                cells.append((group.group, "", "", "", ""))
            own = rows[group.group, group.within]
            cells.append(
                (
                    group.group if group.within is None else f"· {self._within(group)}",
                    bars([None if row.share is None else row.share.value for row in own]),
                    f"{group.reviews:,}",
                    "" if group.latest is None else f"{group.latest.value:.1%}",
                    _arrow(group, own),
                )
            )
        latest = "latest" if len(self.periods) > 1 else "share"
        return Table((self.by, "", "reviews", latest, "change"), tuple(cells), drawn=1)

    def _within(self, one: TrendGroup | Trend) -> str:
        if one.within is None or self.across != "stars":
            return one.within or ""
        return "1 star" if one.within == "1" else f"{one.within} stars"

    def _name(self, one: TrendGroup | Trend) -> str:
        return " · ".join(filter(None, (one.group, self._within(one))))

    def _details(
        self, group: TrendGroup, rows: Mapping[tuple[str, str | None], list[Trend]]
    ) -> Iterator[Part]:
        """Tell of each period of a group, and of the clearest point of change."""
        header = (self.period, "reviews", "share %", "stars", "change", "p adj.")
        cells = [
            (
                row.period,
                f"{row.reviews:,}/{row.of:,}",
                _figure(row.share, 100),
                _figure(row.stars),
                _figure(row.change, 100, sign="+"),
                "" if row.p_adjusted is None else f"{row.p_adjusted:.3f}{'*' * row.significant}",
            )
            for row in rows[group.group, group.within]
        ]
        yield from (Gap(), Text(self._name(group), "strong"), Table(header, tuple(cells)))
        if (point := group.change_point) is not None:
            yield Text(
                f"clearest point {point.period}: {interval(point.before)} before, "
                f"{interval(point.since)} since, p adj. {point.p_adjusted:.2g}",
                inset=2,
            )

    def _changes(self, n: int | None) -> Iterator[Part]:
        """Say of each significant change how large it is, and let a review speak."""
        found: list[tuple[float, str, tuple[Quote, ...]]] = []
        for group in self.groups:
            point = group.change_point
            if point is not None and point.significant:
                text = (
                    f"{_sign(point.change)} {self._name(group)}: {point.before.value:.1%} before "
                    f"{point.period}, {point.since.value:.1%} since "
                    f"({point.reviews:,} of {point.of:,} reviews)"
                )
                found.append((point.p_adjusted, text, point.quotes))
        for row in self.trends:
            if row.significant and row.change is not None and row.share is not None:
                text = (
                    f"{_sign(row.change)} {self._name(row)}: {row.share.value:.1%} in {row.period} "
                    f"({row.reviews:,} of {row.of:,} reviews), {row.change.value * 100:+.1f} "
                    f"points against the {self.period} before"
                )
                found.append((row.p_adjusted or 0.0, text, row.quotes))
        if not found:
            yield Text("No change is more than chance may make.")
        for _, text, quotes in sorted(found, key=lambda one: one[0])[:n]:
            yield Text(text)
            yield from (Words(quote.text, quote.review_id, inset=2) for quote in quotes[:1])
        if len(found) > len(found[:n]):
            yield Text(f"… and {len(found) - len(found[:n])} more: -f json")


def _arrow(group: TrendGroup, rows: Sequence[Trend]) -> str:
    """Return the group's significant change: since when, else the last from period to period."""
    point = group.change_point
    if point is not None and point.significant:
        return f"{_sign(point.change)} {point.period}"
    changed = [row for row in rows if row.significant and row.change is not None]
    return f"{_sign(changed[-1].change)} {changed[-1].period}" if changed else ""


def _sign(change: Estimate | None) -> str:
    return "▲" if change is not None and change.value > 0 else "▼"


def _figure(estimate: Estimate | None, times: int = 1, *, sign: str = "") -> str:
    if estimate is None:
        return ""
    value, low, high = (one * times for one in (estimate.value, estimate.low, estimate.high))
    return f"{value:{sign}.1f} {low:{sign}.1f}–{high:{sign}.1f}"
