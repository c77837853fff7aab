"""The questions of a map that someone looks at: where reviews lie, and what was picked there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from reviewlens.corpus.continuity import on_one_collection
from reviewlens.corpus.slicing import Slicing
from reviewlens.errors import InputError
from reviewlens.results import OnProgress
from reviewlens.store import FilterArguments, build_filters, passage_id

if TYPE_CHECKING:
    from reviewlens.insights.layout import Layout
    from reviewlens.insights.projection import Method
    from reviewlens.insights.selection import Selection

_READ = 4_000
"""Reviews on each side whose words are counted."""


class Mapping(Slicing):
    """A map in columns, and what was picked on it."""

    @on_one_collection
    def layout(
        self,
        *,
        method: Method = "pca",
        seed: int = 0,
        on_progress: OnProgress | None = None,
        **filters: Unpack[FilterArguments],
    ) -> Layout:
        """Lay reviews on a plane as `map` does, in columns for who draws many of them.

        No text is read, and no themes are looked for: those that are saved are named.

        Args:
            method: `pca`, or `umap`, which separates groups better and takes far longer.
            seed: For `umap`.
            on_progress: Told of the stages `reading` and, for `umap`, `neighbours`.
            **filters: See `FilterArguments`.

        Raises:
            TooFewReviews: There are fewer than three.
            MissingExtra: `umap-learn` is not installed.
        """
        from reviewlens.insights.layout import place_reviews
        from reviewlens.insights.projection import require_umap
        from reviewlens.slices import read_slice

        if method == "umap":
            require_umap()
        store = self._required_store()
        chosen = build_filters(store.columns, **filters)
        reviews = read_slice(store, chosen, texts=False, on_progress=on_progress)
        return place_reviews(
            reviews,
            method=method,
            encoder=store.pin.fingerprint,
            graph=self._graph(reviews, on_progress) if method == "umap" else None,
            labels=self._theme_labels(),
            seed=seed,
        )

    @on_one_collection
    def matching_ids(self, **filters: Unpack[FilterArguments]) -> tuple[str, ...]:
        """Return the ids of the reviews that filters leave, in order.

        Args:
            **filters: See `FilterArguments`.

        Raises:
            CollectionMissing: Nothing has been ingested.
            FilterError: A filter cannot be read.
        """
        import numpy as np

        from reviewlens.retrieval import matching

        store = self._required_store()
        catalogue = self._catalogues.of(store)
        kept, choices = matching(store, catalogue, build_filters(store.columns, **filters))
        for left in choices.values():
            kept = kept & left
        return tuple(catalogue.ids[place] for place in np.flatnonzero(kept).tolist())

    @on_one_collection
    def describe(
        self,
        review_ids: str | Sequence[str],
        *,
        n: int = 10,
        on_progress: OnProgress | None = None,
    ) -> Selection:
        """Tell what some reviews have and say more than all others.

        Stars, themes, products and dates are of all of them; words and quotes of 4,000 on each
        side at most, drawn at random (the same ones each time).

        Args:
            review_ids: Which; unknown ones are passed over.
            n: Words at most, 1 or more.
            on_progress: Told of the stage `reading`.

        Raises:
            CollectionMissing: Nothing has been ingested.
            InputError: None of them is stored, or n is below 1.
        """
        import numpy as np

        from reviewlens.insights.selection import describe_selection
        from reviewlens.slices import drawn, read_passages

        if n < 1:
            raise InputError(f"{n} words are wanted; wanted 1 or more")
        store = self._required_store()
        catalogue = self._catalogues.of(store)
        wanted = [review_ids] if isinstance(review_ids, str) else review_ids
        kept = catalogue.named(wanted)
        if not kept.any():
            raise InputError(
                f"none of the {len(wanted)} reviews is stored; wanted ids of reviews that are"
            )
        sides = [
            drawn([passage_id(catalogue.ids[at], 0) for at in np.flatnonzero(side)], _READ)
            for side in (kept, ~kept)
        ]
        # Both are read as one, so that progress runs once to its end.
        reviews = read_passages(store, [*sides[0], *sides[1]], on_progress=on_progress)
        on_side = catalogue.named(key.rpartition("#")[0] for key in sides[0])
        inside = np.array([on_side[catalogue.rows[name]] for name in reviews.ids], dtype=bool)
        return describe_selection(
            catalogue,
            kept,
            reviews.take(np.flatnonzero(inside)),
            reviews.take(np.flatnonzero(~inside)),
            labels=self._theme_labels(),
            n=n,
        )
