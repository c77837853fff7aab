"""The group of each review: its value in a column, its month, its theme."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reviewlens.errors import InputError

if TYPE_CHECKING:
    from reviewlens.ground.slices import Slice

GROUPINGS = ("product", "source", "language", "author", "cluster", "stars", "month", "year")
"""What reviews may be grouped by, besides the input's other columns."""


def values_of(reviews: Slice, by: str, groupings: Sequence[str] = GROUPINGS) -> list[str | None]:
    """Return each review's group, None for none.

    Args:
        reviews: Which.
        by: One of `groupings`, or another column that was ingested or written since.
        groupings: Those of `GROUPINGS` that may be named.

    Raises:
        InputError: There is no such column.
    """
    import numpy as np

    plain = {
        "product": reviews.products,
        "source": reviews.sources,
        "language": reviews.languages,
        "author": reviews.authors,
    }
    columns = sorted({name for extra in reviews.extra for name in extra})
    if by in columns and by not in groupings:
        return [extra.get(by) or None for extra in reviews.extra]
    if by not in groupings:
        known = [*groupings, *columns]
        near = difflib.get_close_matches(by, known, n=1)
        meant = f"; did you mean {near[0]!r}?" if near else ""
        raise InputError(
            f"there is no column {by!r} to group by; wanted one of {', '.join(known)}{meant}"
        )
    if by in plain:
        return [value or None for value in plain[by]]
    if by == "cluster":
        return [None if cluster < 0 else str(cluster) for cluster in reviews.clusters]
    if by == "stars":
        return [None if np.isnan(star) else str(int(star + 0.5)) for star in reviews.stars]
    moments = reviews.times.astype(f"datetime64[{'M' if by == 'month' else 'Y'}]")
    return [None if np.isnat(moment) else str(moment) for moment in moments]
