"""The questions of a corpus that are answered over all its vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from reviewlens.corpus.session import Session
from reviewlens.errors import TooFewReviews
from reviewlens.results import OnProgress
from reviewlens.slices import Slice, read_slice
from reviewlens.store import FilterArguments, build_filters

if TYPE_CHECKING:
    from reviewlens.neighbors import NeighborGraph

NEIGHBORS = 50
"""Neighbours of a review in the graph that all insights share."""


class Insights(Session):
    """Clusters, anomalies, duplicates and so on, of all reviews or those that a filter leaves."""

    # -- what the methods gather ---------------------------------------------------------------

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

    @staticmethod
    def _graph(reviews: Slice, on_progress: OnProgress | None = None) -> NeighborGraph:
        from reviewlens.neighbors import nearest

        return nearest(reviews.vectors, NEIGHBORS, on_progress=on_progress)
