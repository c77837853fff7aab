"""The question behind most searches: how often is that said?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Unpack

from reviewlens.corpus.continuity import on_one_collection
from reviewlens.corpus.slicing import Slicing
from reviewlens.store import FilterArguments, build_filters

if TYPE_CHECKING:
    from reviewlens.retrieval import MatchCount


class Counting(Slicing):
    """Counts what is said."""

    @on_one_collection
    def count_matches(
        self,
        query: str,
        *,
        min_similarity: float | None = None,
        **filters: Unpack[FilterArguments],
    ) -> MatchCount:
        """Count the reviews that say what a text says: all of them, not the nearest few.

        A review counts from a cosine on that is calibrated for the collection and set for the
        query. The estimate beside the count allows for reviews missed and for others counted, as
        measured at calibration. What the collection's floor takes for said by nobody counts 0.

        Args:
            query: What to count, in plain words.
            min_similarity: Smallest cosine that counts, -1..1, instead; there is then no estimate.
            **filters: See `FilterArguments`.

        Raises:
            CollectionMissing: Nothing has been ingested.
            InputError: The query is empty, or a number or a filter cannot be used.
            UnknownTokens: The encoder does not know most of the query's tokens.
        """
        from reviewlens.retrieval import count_matches

        self._preload()
        store = self._required_store()
        encoder = self._encoder_for(store)
        return count_matches(
            store,
            encoder,
            query,
            filters=build_filters(store.columns, **filters),
            min_similarity=min_similarity,
            floor=self._floors.of(store, encoder, needed=min_similarity is None),
            embed=partial(self._queries.of, encoder),
        )
