"""What is said how often, period by period, and what has changed?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reviewlens.errors import InputError, TooFewReviews
from reviewlens.ground.describing import mean_stars, quotes
from reviewlens.ground.differences import adjusted, difference, exact_p, four_figures
from reviewlens.ground.estimates import Estimate, share
from reviewlens.insights.trends.counts import Table, strata_of, tabulate
from reviewlens.insights.trends.groups import Groups
from reviewlens.insights.trends.periods import (
    PERIODS,
    Period,
    first_day,
    last_day,
    period_name,
    period_numbers,
    suitable_period,
)
from reviewlens.insights.trends.results import (
    Across,
    ChangePoint,
    PeriodTotal,
    Trend,
    TrendGroup,
    Trends,
)
from reviewlens.results import Quote
from reviewlens.settings import TREND_REVIEWS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.ground.slices import Slice

LEVEL = 0.05
"""False discovery rate at which a change is significant."""

_QUOTES = 2
_UNFINISHED = 0.1  # of the last period without a review: more than that is told


def measure_trends(
    reviews: Slice,
    groups: Groups,
    *,
    period: Period | None = None,
    across: Across | None = None,
    min_reviews: int = TREND_REVIEWS,
) -> Trends:
    """Count each group in each period, and tell which changes are more than chance.

    Two questions are asked of each group. Has its share changed against the period before? That is
    a question for each pair of periods, and takes a large change to be answered when there are
    few reviews in each. And is there a point in time since when its share is another? That is one
    question for the group; all points are tried and the clearest is taken, which finds what
    begins and stays even where each period is small. What rises and soon falls back is found
    rather by the first.

    Both take Fisher's exact test, and Benjamini and Hochberg's correction for as many as were
    asked. Shares have Wilson's interval, means Student's, differences Newcombe's.

    Args:
        reviews: Which; those without a date are counted and stand in no period.
        groups: Which are of which group.
        period: None for the finest of which there are no more than 24, years at the most.
        across: Cross the groups with `stars` or `product`: shares are then of the period's reviews
            with these stars, or of this product.
        min_reviews: Groups, and products to cross with, of fewer dated reviews are left out, and
            counted; 1 or more. Phrases stay.

    Raises:
        TooFewReviews: No review has a date, or no group has enough.
        InputError: A choice is unknown, or the table would have more than 200,000 rows.
    """
    import numpy as np

    _check(period, across, min_reviews)
    dated = ~np.isnat(reviews.times)
    if not dated.any():
        raise TooFewReviews(
            f"0 of {len(reviews)} reviews have a date, and without one there is no period; wanted "
            "at least 1: widen the filters, or ingest with --time-column"
        )
    chosen = period or suitable_period(reviews.times[dated])
    calendar = period_numbers(reviews.times[dated], chosen)
    first = int(calendar.min())
    numbers = np.full(len(reviews), -1, dtype=np.int64)
    numbers[dated] = calendar - first
    strata, stratum = strata_of(reviews, across, dated, min_reviews)
    table = tabulate(groups, numbers, strata, stratum, min_reviews)
    of_period = np.bincount(numbers[dated]).tolist()
    whole = [first + place for place in range(len(of_period))]
    names = [period_name(one, chosen) for one in whole]
    starts = [first_day(one, chosen).isoformat() for one in whole]
    ends = [last_day(one, chosen).isoformat() for one in whole]
    rows, comparisons = _trends(reviews, table, names, starts)
    grouped = np.zeros(len(reviews), dtype=bool)
    grouped[groups.rows] = True
    return Trends(
        by=groups.by,
        period=chosen,
        across=across,
        periods=tuple(map(PeriodTotal, names, starts, ends, of_period)),
        groups=_groups(reviews, table, names),
        trends=rows,
        reviews=len(reviews),
        undated=int((~dated).sum()),
        without_group=int((dated & ~grouped).sum()),
        without_across=int((dated & (stratum < 0)).sum()),
        min_reviews=min_reviews,
        groups_left_out=table.left_out,
        comparisons=comparisons,
        min_similarity=groups.min_similarity,
        notes=(*groups.notes, *_notes(reviews.times[dated], chosen, len(names))),
    )


def _check(period: Period | None, across: Across | None, min_reviews: int) -> None:
    if period is not None and period not in PERIODS:
        raise InputError(f"the period is {period!r}; wanted one of {', '.join(PERIODS)}")
    if across not in (None, "stars", "product"):
        raise InputError(f"trends are crossed with {across!r}; wanted stars or product")
    if min_reviews < 1:
        raise InputError(f"min_reviews is {min_reviews}; wanted 1 or more")


def _notes(times: NDArray[np.datetime64], period: Period, count: int) -> list[str]:
    """Say what the periods cannot tell; by the reviews alone, whatever day it is."""
    if count == 1:
        return [f"all dated reviews are of one {period}: there is nothing to compare it with"]
    newest = times.max().astype("M8[D]").astype(object)
    number = int(period_numbers(times.max()[None], period)[0])
    start, end = first_day(number, period), last_day(number, period)
    if (end - newest).days <= _UNFINISHED * ((end - start).days + 1):
        return []
    name = period_name(number, period)
    return [
        f"the last review is of {newest}, well before {name} ends ({end}): its counts may be of a "
        "part of it"
    ]


def _trends(
    reviews: Slice, table: Table, names: Sequence[str], starts: Sequence[str]
) -> tuple[tuple[Trend, ...], int]:
    """Return the row of each series and period, and how many comparisons these are."""
    import numpy as np

    now = (table.counts[:, 1:], table.totals[:, 1:])
    before = (table.counts[:, :-1], table.totals[:, :-1])
    found, low, high = difference(*now, *before)
    p = exact_p(*now, *before)
    # Where the group has no review in either period there is nothing that could differ.
    said = ~np.isnan(p) & (now[0] + before[0] > 0)
    corrected = np.where(said, adjusted(np.where(said, p, np.nan)), p)
    rows = []
    for number, (group, within) in enumerate(table.series):
        for place, name in enumerate(names):
            count, total = int(table.counts[number, place]), int(table.totals[number, place])
            own = table.rows(number, place, place + 1)
            known = place > 0 and not np.isnan(p[number, place - 1])
            cell = (number, place - 1)
            significant = known and bool(corrected[cell] <= LEVEL)
            speaking: tuple[Quote, ...] = ()
            if significant:
                rose = found[cell] > 0
                told = own if rose else table.rows(number, place - 1, place)
                speaking = quotes(reviews, told, _QUOTES)
            rows.append(
                Trend(
                    group=group,
                    within=within,
                    period=name,
                    start=starts[place],
                    reviews=count,
                    of=total,
                    share=share(count, total) if total else None,
                    stars=mean_stars(reviews, own),
                    change=Estimate.rounded(found[cell], low[cell], high[cell]) if known else None,
                    p=four_figures(p[cell]) if known else None,
                    p_adjusted=four_figures(corrected[cell]) if known else None,
                    significant=significant,
                    quotes=speaking,
                )
            )
    return tuple(rows), int(said.sum())


def _groups(reviews: Slice, table: Table, names: Sequence[str]) -> tuple[TrendGroup, ...]:
    result = []
    points = _change_points(reviews, table, names)
    for number, (group, within) in enumerate(table.series):
        counts, totals = table.counts[number], table.totals[number]
        result.append(
            TrendGroup(
                group=group,
                within=within,
                reviews=int(counts.sum()),
                share=share(int(counts.sum()), int(totals.sum())),
                stars=mean_stars(reviews, table.rows(number, 0, len(names))),
                latest=share(int(counts[-1]), int(totals[-1])) if totals[-1] else None,
                change_point=points[number],
            )
        )
    return tuple(result)


def _change_points(reviews: Slice, table: Table, names: Sequence[str]) -> list[ChangePoint | None]:
    """Return of each series the point where before and since differ most clearly."""
    import numpy as np

    if len(names) == 1:
        return [None] * len(table.series)
    counts, totals = table.counts.cumsum(axis=1), table.totals.cumsum(axis=1)
    before = (counts[:, :-1], totals[:, :-1])
    since = (counts[:, -1:] - before[0], totals[:, -1:] - before[1])
    # A period without reviews would try the same point once more.
    fresh = np.diff(totals, axis=1, prepend=0)[:, :-1] > 0
    p = np.where(fresh, exact_p(*since, *before), np.nan)
    tried = (~np.isnan(p)).sum(axis=1)
    some = np.flatnonzero(tried)
    smallest = np.full(len(p), np.nan)
    smallest[some] = np.minimum(1.0, np.nanmin(p[some], axis=1) * tried[some])
    corrected = adjusted(np.where(counts[:, -1] > 0, smallest, np.nan))
    found, low, high = difference(*since, *before)
    result: list[ChangePoint | None] = [None] * len(p)
    for number in some.tolist():
        at = int(np.nanargmin(p[number]))
        cell = (number, at)
        chance = 1.0 if np.isnan(corrected[number]) else float(corrected[number])
        speaking: tuple[Quote, ...] = ()
        if chance <= LEVEL:
            sides = (table.rows(number, 0, at + 1), table.rows(number, at + 1, len(names)))
            speaking = quotes(reviews, sides[int(found[cell] > 0)], _QUOTES)
        # What begins begins with its first review, not in the empty periods before it.
        later = int(np.flatnonzero(table.totals[number, at + 1 :])[0])
        result[number] = ChangePoint(
            period=names[at + 1 + later],
            reviews_before=int(before[0][cell]),
            of_before=int(before[1][cell]),
            before=share(int(before[0][cell]), int(before[1][cell])),
            reviews=int(since[0][cell]),
            of=int(since[1][cell]),
            since=share(int(since[0][cell]), int(since[1][cell])),
            change=Estimate.rounded(found[cell], low[cell], high[cell]),
            p=four_figures(smallest[number]),
            p_adjusted=four_figures(chance),
            significant=chance <= LEVEL,
            quotes=speaking,
        )
    return result
