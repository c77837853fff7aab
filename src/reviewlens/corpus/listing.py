"""The questions of a corpus that need no vectors: what can be chosen, and what has been."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from reviewlens.corpus.continuity import on_one_collection
from reviewlens.corpus.session import Session
from reviewlens.results import Facets, Reviews
from reviewlens.store import FilterArguments, build_filters

if TYPE_CHECKING:
    from reviewlens.retrieval import Order


class Listing(Session):
    """What the filters can be set to, and the reviews that they leave."""

    @on_one_collection
    def facets(self, **filters: Unpack[FilterArguments]) -> Facets:
        """Count what the filters can be set to.

        The counts under each filter are of the reviews that all the other filters leave, so that
        they tell what another choice would find.

        Args:
            **filters: As they are set now. See `FilterArguments`.

        Raises:
            CollectionMissing: Nothing has been ingested.
            FilterError: A filter cannot be read.
        """
        from reviewlens.retrieval import count_facets

        store = self._required_store()
        chosen = build_filters(store.columns, **filters)
        saved = self._saved_themes(store, "set", "theme") if store.theme_set else None
        return count_facets(
            store,
            self._catalogues.of(store),
            chosen,
            labels={} if saved is None else saved.labels,
            hidden=frozenset(one.number for one in saved.themes if one.hidden)
            if saved
            else frozenset(),
        )

    @on_one_collection
    def reviews(
        self,
        review_ids: str | Sequence[str] | None = None,
        *,
        n: int = 50,
        offset: int = 0,
        order: Order = "-time",
        **filters: Unpack[FilterArguments],
    ) -> Reviews:
        """List reviews, by their ids or by filters, page by page.

        Args:
            review_ids: Any of these, none where there are none of these; unknown ones are passed
                over. Ids and filters together must both hold. None for all.
            n: Reviews at most, 0 to 10,000.
            offset: How many are left out before the first.
            order: `time`, `-time` (latest first), `rating`, `-rating` (best first) or `id`; those
                without date or stars stand last.
            **filters: See `FilterArguments`.

        Raises:
            CollectionMissing: Nothing has been ingested.
            InputError: A number, the order or a filter cannot be used.
        """
        from reviewlens.retrieval import list_reviews

        store = self._required_store()
        return list_reviews(
            store,
            self._catalogues.of(store),
            build_filters(store.columns, review_ids=review_ids, **filters),
            n=n,
            offset=offset,
            order=order,
        )
