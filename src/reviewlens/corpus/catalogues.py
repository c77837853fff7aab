"""The catalogue of a collection: read when it is first needed, and again when that changed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

    from reviewlens.retrieval import Catalogue
    from reviewlens.store import ReviewStore


class CatalogueKeeper:
    """The catalogue of a collection, kept while nobody else can change what is stored."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._kept: tuple[Hashable, Catalogue] | None = None

    def of(self, store: ReviewStore) -> Catalogue:
        """Return the catalogue as it is now; threads wait for the one that reads it."""
        from reviewlens.retrieval import read_catalogue

        state = store.state
        if state is None:
            return read_catalogue(store)
        with self._guard:
            if self._kept is None or self._kept[0] != state:
                self._kept = (state, read_catalogue(store))
            return self._kept[1]
