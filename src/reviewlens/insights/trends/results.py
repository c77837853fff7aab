"""What `measure_trends` answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reviewlens.ground.estimates import Estimate
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

    def _rows(self) -> Sequence[Trend]:
        return self.trends
