"""How many reviews of each group there are in each period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.errors import InputError, TooFewReviews
from reviewlens.insights.trends.groups import Groups
from reviewlens.insights.trends.results import Across

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.ground.slices import Slice

MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Counts of each series, which is a group within a stratum, in each period.

    Attributes:
        series: Group and stratum of each.
        counts: int64 of shape (series, periods).
        totals: Of these, the same shape.
        members: intp: rows of reviews, by series and period.
        bounds: intp of shape (series * periods + 1,): where each cell's begin in `members`.
        left_out: Groups that are too small.
    """

    series: tuple[tuple[str, str | None], ...]
    counts: NDArray[np.int64]
    totals: NDArray[np.int64]
    members: NDArray[np.intp]
    bounds: NDArray[np.intp]
    left_out: int

    def rows(self, series: int, start: int, stop: int) -> NDArray[np.intp]:
        """Return the reviews of a series from one period up to, and without, another."""
        first = series * self.counts.shape[1]
        return self.members[self.bounds[first + start] : self.bounds[first + stop]]


def strata_of(
    reviews: Slice, across: Across | None, dated: NDArray[np.bool_], min_reviews: int
) -> tuple[list[str | None], NDArray[np.int64]]:
    """Return what groups are crossed with, and which of these each review is of, -1 for none.

    Raises:
        TooFewReviews: No dated review has stars, or no product has enough.
    """
    import numpy as np

    if across is None:
        return [None], np.zeros(len(reviews), dtype=np.int64)
    if across == "stars":
        values = ["" if star != star else str(int(star + 0.5)) for star in reviews.stars.tolist()]
    else:
        values = list(reviews.products)
    sizes = Counter(value for value, is_dated in zip(values, dated, strict=True) if is_dated)
    del sizes[""]
    if across == "stars":
        kept = sorted(sizes)
    else:
        large = [name for name, size in sizes.items() if size >= min_reviews]
        kept = sorted(large, key=lambda name: (-sizes[name], name))
    if not kept:
        what = "stars" if across == "stars" else f"a product of {min_reviews} dated reviews"
        raise TooFewReviews(
            f"no dated review has {what} to cross with; leave --across out, lower --min-reviews, "
            "or widen the filters"
        )
    place = {name: number for number, name in enumerate(kept)}
    return [*kept], np.array([place.get(value, -1) for value in values], dtype=np.int64)


def tabulate(
    groups: Groups,
    period: NDArray[np.int64],
    strata: Sequence[str | None],
    stratum: NDArray[np.int64],
    min_reviews: int,
) -> Table:
    """Count the reviews of each group, within each stratum, in each period.

    Args:
        groups: Which reviews are of which.
        period: int64 of shape (reviews,), numbered from 0 without a gap; -1 for no date.
        strata: What groups are crossed with.
        stratum: int64 of shape (reviews,): the one of each, -1 for none.
        min_reviews: Groups of fewer are left out.

    Raises:
        TooFewReviews: No group has enough.
        InputError: There would be too many rows.
    """
    import numpy as np

    periods = int(period.max()) + 1
    counted = (period >= 0) & (stratum >= 0)
    inside = counted[groups.rows]
    rows, group = groups.rows[inside], groups.numbers[inside].astype(np.int64)
    sizes = np.bincount(group, minlength=len(groups.names)).tolist()
    order = list(range(len(sizes)))
    if not groups.ordered:
        order.sort(key=lambda number: (-sizes[number], groups.names[number]))
    kept = [number for number in order if groups.complete or sizes[number] >= min_reviews]
    if not kept:
        raise TooFewReviews(
            f"no {groups.by} has {min_reviews} dated reviews, the most that one has is "
            f"{max(sizes, default=0)}; lower --min-reviews, widen the filters, or group by "
            "something else"
        )
    rank = np.full(len(sizes), -1, dtype=np.int64)
    rank[kept] = np.arange(len(kept))
    rows, group = rows[rank[group] >= 0], rank[group[rank[group] >= 0]]
    pair = group * len(strata) + stratum[rows]
    # Of many groups and many products most pairs have no review.
    pairs = np.arange(len(kept) * len(strata)) if groups.complete else np.unique(pair)
    if len(pairs) * periods > MOST_ROWS:
        raise InputError(
            f"{len(pairs):,} groups in {periods:,} periods are {len(pairs) * periods:,} rows; "
            f"wanted at most {MOST_ROWS:,}: take a longer --period or raise --min-reviews"
        )
    key = np.searchsorted(pairs, pair) * periods + period[rows]
    ordered = np.argsort(key, kind="stable")
    bounds = np.searchsorted(key[ordered], np.arange(len(pairs) * periods + 1))
    totals = np.bincount(
        stratum[counted] * periods + period[counted], minlength=len(strata) * periods
    ).reshape(len(strata), periods)
    return Table(
        series=tuple(
            (groups.names[kept[one // len(strata)]], strata[one % len(strata)])
            for one in pairs.tolist()
        ),
        counts=np.diff(bounds).reshape(len(pairs), periods).astype(np.int64),
        totals=totals[pairs % len(strata)].astype(np.int64),
        members=rows[ordered],
        bounds=bounds.astype(np.intp),
        left_out=len(order) - len(kept),
    )
