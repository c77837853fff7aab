"""What insights work on: a slice of the reviews in memory, their neighbours, their themes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from reviewlens.corpus.session import Session
from reviewlens.errors import TooFewReviews
from reviewlens.results import OnProgress
from reviewlens.store import FilterArguments, build_filters

if TYPE_CHECKING:
    from reviewlens.neighbors import NeighborGraph
    from reviewlens.slices import Slice

NEIGHBORS = 50
"""Neighbours of a review in the graph that all insights share."""


class Slicing(Session):
    """Reads reviews and their vectors once for a question."""

    def slice(
        self,
        *,
        fewest: int = 0,
        purpose: str = "",
        on_progress: OnProgress | None = None,
        **filters: Unpack[FilterArguments],
    ) -> Slice:
        """Read reviews and their vectors into memory.

        Args:
            fewest: How many are needed at least.
            purpose: What they are needed for, for the error.
            on_progress: Told of the stage `reading`.
            **filters: See `FilterArguments`.

        Raises:
            TooFewReviews: There are fewer.
        """
        from reviewlens.slices import read_slice

        store = self._required_store()
        chosen = build_filters(store.columns, **filters)
        found = read_slice(store, chosen, on_progress=on_progress)
        if len(found) < fewest:
            given = " match the filters" if chosen else " are stored"
            raise TooFewReviews(
                f"{len(found)} reviews{given}, too few for {purpose}; wanted at least {fewest}: "
                + ("widen the filters" if chosen else "ingest more")
            )
        return found

    def _themed(
        self,
        reviews: Slice,
        *,
        seed: int = 0,
        on_progress: OnProgress | None = None,
        graph: NeighborGraph | None = None,
    ) -> tuple[Slice, dict[int, str]]:
        """Return reviews with the theme of each, and what the themes are called.

        Themes are the saved ones; where none are saved, clusters found now. Of too few reviews
        there are none. The neighbours are found where none are given.
        """
        if (reviews.clusters >= 0).any():
            return reviews, self._theme_labels()
        found = self._graph(reviews, on_progress) if graph is None else graph
        return _labelled(reviews, found, seed)

    @staticmethod
    def _graph(reviews: Slice, on_progress: OnProgress | None = None) -> NeighborGraph:
        from reviewlens.neighbors import nearest

        return nearest(reviews.vectors, NEIGHBORS, on_progress=on_progress)


def _labelled(reviews: Slice, graph: NeighborGraph, seed: int) -> tuple[Slice, dict[int, str]]:
    """Find the clusters of reviews; return these with their clusters, and what they are called.

    Of too few reviews there are none.
    """
    import numpy as np

    from reviewlens.insights.clusters import find_clusters

    try:
        found = find_clusters(reviews, graph, seed=seed)
    except TooFewReviews:
        return reviews, {}
    clusters = np.array([one.cluster for one in found.assignments], dtype=np.int32)
    labels = {cluster.cluster: cluster.label for cluster in found.clusters}
    return replace(reviews, clusters=clusters), labels
