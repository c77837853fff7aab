"""What a corpus is opened with, and what its methods gather: the store and its encoder."""

from __future__ import annotations

import logging
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from reviewlens.corpus.catalogues import CatalogueKeeper
from reviewlens.corpus.continuity import Question
from reviewlens.corpus.floors import FloorKeeper
from reviewlens.corpus.store_owner import StoreOwner
from reviewlens.defaults import DEFAULT_COLLECTION, DEFAULT_URI
from reviewlens.encoders import (
    DEFAULT_ENCODER,
    Encoder,
    LoadOptions,
    Precision,
    QueryVectors,
    load_encoder,
    preload_encoder,
)
from reviewlens.store import LOOK_SECONDS, Pin, is_local

if TYPE_CHECKING:
    from concurrent.futures import Future
    from typing import Self

    from reviewlens.ingestion import Assign
    from reviewlens.results import OnProgress
    from reviewlens.store import Analyzer, ReviewStore
    from reviewlens.themes import ThemeSet

_log = logging.getLogger(__name__)


class Session:
    """Reviews in one collection of a Milvus, with the encoder that they are bound to.

    Nothing is opened or loaded before it is needed. Close the corpus, or use it as a context
    manager: Milvus Lite serves a directory to one process at a time.
    """

    def __init__(
        self,
        uri: str = DEFAULT_URI,
        *,
        collection: str = DEFAULT_COLLECTION,
        encoder: str | Encoder | None = None,
        token: str = "",
        device: str | None = None,
        precision: Precision | None = None,
        dimensions: int | None = None,
    ) -> None:
        """See `open`."""
        self.uri = uri
        self.collection = collection
        self._token = token
        self._owner = StoreOwner(uri, collection, token, on_opened=self._finish_themes)
        self._device = device
        self._precision = precision
        self._dimensions = dimensions
        self._wanted = encoder
        self._encoder: Encoder | None = None
        self._preloading: Future[Encoder] | None = None
        self._question = Question(self._owner.lease)
        self._guard = threading.RLock()
        self._others: dict[str, Encoder] = {}
        self._followed = False
        self._floors = FloorKeeper()
        self._catalogues = CatalogueKeeper()
        self._queries = QueryVectors()

    @classmethod
    def open(
        cls,
        uri: str | Path = DEFAULT_URI,
        *,
        collection: str = DEFAULT_COLLECTION,
        encoder: str | Encoder | None = None,
        token: str = "",
        device: str | None = None,
        precision: Precision | None = None,
        dimensions: int | None = None,
    ) -> Self:
        """Return the corpus at an address; Milvus itself is reached at the first use.

        Args:
            uri: A path ending in `.db` for Milvus Lite, or a server's URL.
            collection: Name of the collection.
            encoder: A model's name or folder, or an object that keeps the `Encoder` contract;
                None for the one that the collection was made with (all-MiniLM-L6-v2 for a new
                collection).
            token: `user:password` or an API key for a server.
            device: `cpu`, `cuda`, `mps`; None picks.
            precision: `fp32` or `int8`; None for that of the encoder's name.
            dimensions: Numbers of each vector that are kept, 1 or more; None for what the
                encoder's name says. An encoder given as an object is taken as it is.
        """
        return cls(
            str(uri),
            collection=collection,
            encoder=encoder,
            token=token,
            device=device,
            precision=precision,
            dimensions=dimensions,
        )

    @property
    def embedded(self) -> bool:
        """Whether it is a Milvus Lite directory, which nobody but this process can change."""
        return is_local(self.uri)

    @property
    def _store(self) -> ReviewStore | None:
        """The store as it is open now; None where it is not."""
        return self._owner.store

    def close(self) -> None:
        """Release the Milvus Lite directory, or the connection; a call after it is an error.

        Questions that other threads are asking are waited for.
        """
        self._owner.close()

    def __enter__(self) -> Self:
        """Return the corpus itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close."""
        self.close()

    # -- what the methods gather ---------------------------------------------------------------

    def _existing_store(self) -> ReviewStore | None:
        """Return the store if its collection is there; never make anything."""
        if self._question.store is not None:
            return self._question.store
        return self._owner.existing()

    def _serving_store(self) -> ReviewStore | None:
        """Return the store, bound to the version that was in service a moment ago.

        A version that has been replaced is asked for `LOOK_SECONDS` longer at most: it is whole,
        and the alias is not looked up for each question.
        """
        store = self._existing_store()
        if store is not None and store.moved(after=LOOK_SECONDS):
            self._follow(store)
            store = self._existing_store()
        return store

    def _follow(self, store: ReviewStore) -> None:
        """Bind to the version that is in service now, unless another thread already has."""
        self._followed = True  # before anybody meets a version of another encoder
        self._owner.follow(store)

    def _required_store(self) -> ReviewStore:
        if self._question.store is not None:
            return self._question.store
        return self._owner.required()

    def _new_store(self, encoder: Encoder, *, analyzer: Analyzer = "standard") -> ReviewStore:
        return self._owner.create(pin_of(encoder), analyzer=analyzer)

    def _theme_labels(self) -> dict[int, str]:
        """Return what the saved themes are called, by number; none where none are saved."""
        store = self._required_store()
        found = self._saved_themes(store, "set", "theme") if store.theme_set else None
        return {} if found is None else found.labels

    def _saved_themes(
        self, store: ReviewStore, *kinds: str, name: str | None = None
    ) -> ThemeSet | None:
        """Return the set of themes that the reviews have, or one by name; None if not saved.

        Args:
            store: Where it is.
            kinds: What is needed of it: `set` and `theme`, `centre`, `member`; all without.
            name: Of the set.
        """
        from reviewlens.store import ThemeSets
        from reviewlens.themes import set_of

        name = store.theme_set if name is None else name
        rows = ThemeSets(store).read(name, *kinds) if name else []
        return set_of(rows, store.pin.dimension) if rows else None

    def _assign(self, store: ReviewStore) -> Assign | None:
        """Return what tells the saved theme of a review, None where no themes are saved."""
        if not store.theme_set:
            return None
        found = self._saved_themes(store, "set", "theme", "centre")
        if found is None:
            return None
        from reviewlens.themes import assign

        return partial(assign, found)

    def _finish_themes(self, store: ReviewStore) -> None:
        """Write the themes of a set into the reviews, if a process was killed before it had."""
        from reviewlens.store import ThemeSets

        if not (store.theme_set or store.theme_version):
            return
        version = self._version_in_use(store)
        if version is not None and version != store.theme_version:
            _log.info("Saved themes are being written into the reviews, which was interrupted.")
            ThemeSets(store).sweep()
            self._settle_themes(store)

    @staticmethod
    def _version_in_use(store: ReviewStore) -> str | None:
        """Return what names the chosen set as it is now: empty of none, None of one not saved."""
        from reviewlens.store import ThemeSets

        return ThemeSets(store).version(store.theme_set) if store.theme_set else ""

    def _settle_themes(self, store: ReviewStore, on_progress: OnProgress | None = None) -> None:
        """Bring the theme of every review to the chosen set, and say so when it is done."""
        from reviewlens.annotation import write_themes
        from reviewlens.slices import read_slice
        from reviewlens.themes import themes_of

        version = self._version_in_use(store) or ""
        found = self._saved_themes(store) if store.theme_set else None
        reviews = read_slice(store, on_progress=on_progress)
        write_themes(store, themes_of(found, reviews), on_progress=on_progress)
        store.settle()
        store.confirm_themes(version)

    def _preload(self) -> None:
        """Load the model while Milvus is opened; each takes about a second on a core of its own.

        Which model it is stands in Milvus. It is nearly always the default one.
        """
        if self._encoder is not None or self._preloading is not None:
            return
        if not self._has_own_encoder() and not self._owner.lacks_database:
            name = str(self._wanted or DEFAULT_ENCODER)
            self._preloading = preload_encoder(name, **self._how())

    def _has_own_encoder(self) -> bool:
        return self._wanted is not None and not isinstance(self._wanted, str)

    def _encoder_for(self, store: ReviewStore | None) -> Encoder:
        """Return the encoder, bound to the collection's where there is one.

        The encoder that was asked for must be that of the collection as it was opened. When the
        collection is rebuilt with another one meanwhile, that is loaded.
        """
        if store is None and self._followed:
            store = self._existing_store()
        with self._guard:
            if self._encoder is None:
                wanted = self._wanted
                if wanted is None:
                    wanted = DEFAULT_ENCODER if store is None else store.pin.encoder
                self._encoder = self._load(wanted) if isinstance(wanted, str) else wanted
            if store is None or store.pin.fingerprint == self._encoder.fingerprint:
                return self._encoder
            if store.pin.fingerprint not in self._others:
                if not self._followed:
                    store.require(pin_of(self._encoder))
                other = load_encoder(store.pin.encoder, device=self._device)
                store.require(pin_of(other))
                self._others[store.pin.fingerprint] = other
            return self._others[store.pin.fingerprint]

    def _load(self, name: str) -> Encoder:
        preloading, self._preloading = self._preloading, None
        if preloading is not None and preloading.exception() is None:
            encoder = preloading.result()
            if name in (encoder.name, self._wanted):
                return encoder
        return load_encoder(name, **self._how())

    def _how(self) -> LoadOptions:
        return {
            "device": self._device,
            "precision": self._precision,
            "dimensions": self._dimensions,
        }


def pin_of(encoder: Encoder) -> Pin:
    """Return what binds a collection to an encoder."""
    return Pin(encoder.name, encoder.fingerprint, encoder.dimension)
