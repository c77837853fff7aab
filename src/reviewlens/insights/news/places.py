"""Placing new and known reviews by one rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewlens.ground.neighbors import NeighborGraph

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_VOTERS = 15
_BLOCK_ROWS = 8_192


def voted(
    clusters: NDArray[np.int32], graph: NeighborGraph, voters: NDArray[np.bool_]
) -> NDArray[np.int32]:
    """Return the theme that most of the nearest other voters of each review have.

    Known reviews have the theme that the clustering gave, new ones that of the nearest centre: two
    rules, under which a theme may seem to grow though nothing has changed. This one places both
    alike. Of two themes with as many votes the one of the lower number is taken; a review with no
    voter among its neighbours keeps its theme.

    Args:
        clusters: int32 of shape (reviews,): the theme of each.
        graph: Nearest neighbours, itself left out.
        voters: bool of shape (reviews,): whose theme counts; those in no theme do not vote.
    """
    import numpy as np

    result = clusters.copy()
    voters = voters & (clusters >= 0)
    themes = int(clusters.max(initial=0)) + 1
    for start in range(0, len(clusters), _BLOCK_ROWS):
        near = graph.rows[start : start + _BLOCK_ROWS]
        counts = voters[near] & (np.cumsum(voters[near], axis=1) <= _VOTERS)
        place, column = np.nonzero(counts)
        ballots = place * themes + clusters[near[place, column]]
        given, number = np.unique(ballots, return_counts=True)
        # The last of each review in this order has most votes, and of these the lowest number.
        order = np.lexsort((-given, number, given // themes))
        given = given[order]
        last = np.flatnonzero(np.diff(given // themes, append=-1))
        result[start + given[last] // themes] = given[last] % themes
    return result
