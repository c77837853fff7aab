"""What insights work on: a slice of the reviews in memory, their neighbours, their themes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from reviewlens.corpus.continuity import on_one_collection
from reviewlens.corpus.session import Session
from reviewlens.errors import TooFewReviews
from reviewlens.results import OnProgress
from reviewlens.store import FilterArguments, ReviewStore, build_filters

if TYPE_CHECKING:
    from reviewlens.liking import Liking
    from reviewlens.neighbors import NeighborGraph
    from reviewlens.slices import Slice

NEIGHBORS = 50
"""Neighbours of a review in the graph that all insights share."""

_STARRED = 20_000  # reviews that are read to learn which way praise lies
_CHANGED = 0.1  # of the reviews, come or gone: it is learnt anew


class Slicing(Session):
    """Reads reviews and their vectors once for a question."""

    @on_one_collection
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

    def _liking(self, store: ReviewStore) -> Liking:
        """Return which way praise lies in this corpus, as its stars teach.

        It is kept with the collection, and learnt anew when a tenth of the reviews has come or
        gone.

        Raises:
            TooFewReviews: There are too few stars of either kind, or texts do not tell them.
        """
        from reviewlens.copies import distinct
        from reviewlens.liking import FEWEST, TOLD_WELL_ENOUGH, Liking, learn_liking
        from reviewlens.slices import drawn, read_passages

        stored, count = store.properties.get("liking", ""), store.count()
        kept = _read_liking(stored)
        if kept is None or abs(kept[0] - count) > _CHANGED * kept[0]:
            keys = store.passage_ids(
                build_filters(store.columns, rating="1.."), base="passage == 0"
            )
            reviews = read_passages(store, drawn(keys, _STARRED))
            found = learn_liking(reviews.vectors, reviews.stars, distinct(reviews.texts).of_row)
            learnt = None if found is None else found.to_json()
            store.keep({"liking": json.dumps({"count": count, "learnt": learnt})})
            # As a later search reads it.
            kept = count, None if learnt is None else Liking.from_json(learnt)
        liking = kept[1]
        if liking is None:
            raise TooFewReviews(
                "which reviews praise and which complain is learnt from stars, and there are too "
                f"few here; wanted {FEWEST} different texts with four or five stars and "
                f"{FEWEST} with one or two: ingest more, or search without polarity"
            )
        if not liking.usable:
            raise TooFewReviews(
                "the texts of this corpus do not tell their stars: good and bad ones are told "
                f"apart with an area under the ROC curve of {liking.told.value:.2f} "
                f"({liking.told.low:.2f} to {liking.told.high:.2f}), wanted "
                f"{TOLD_WELL_ENOUGH} at least: ingest more reviews with stars, or search without "
                "polarity"
            )
        return liking


def _read_liking(stored: str) -> tuple[int, Liking | None] | None:
    """Return of how many reviews it was learnt, and what; None where it is spoilt or not there."""
    from reviewlens.liking import Liking

    try:
        kept = json.loads(stored)
        learnt = kept["learnt"]
        return int(kept["count"]), None if learnt is None else Liking.from_json(learnt)
    except (ValueError, KeyError, TypeError):
        return None


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
