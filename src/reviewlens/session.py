"""What a corpus owns: its store, its encoder, what is kept of both; and what a question holds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from reviewlens.encoders import (
    DEFAULT_ENCODER,
    Encoder,
    LoadOptions,
    Precision,
    QueryVectors,
    load_encoder,
    preload_encoder,
)
from reviewlens.errors import CollectionReplaced
from reviewlens.questions import Asked
from reviewlens.store import FILTERS, LOOK_SECONDS, Filters, Pin, ReviewStore, is_local
from reviewlens.store.owner import StoreOwner

if TYPE_CHECKING:
    from concurrent.futures import Future

    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.store import Analyzer

_Answer = TypeVar("_Answer")
_Kept = TypeVar("_Kept")
_MOST_TIMES = 3
EVERYTHING = Filters()
"""No filters: all reviews."""


class Encoders:
    """The encoder of a corpus: loaded when it is first needed, and that of a later version.

    Args:
        wanted: A model's name or folder, or an encoder; None for that of the collection.
        options: How a model is loaded.

    Attributes:
        wanted: The same; what a rebuilt collection was given, after that.
        options: The same.
        followed: Whether a version that has replaced another has been met.
    """

    def __init__(self, wanted: str | Encoder | None, options: LoadOptions) -> None:
        self.wanted = wanted
        self.options = options
        self.followed = False
        self._encoder: Encoder | None = None
        self._preloading: Future[Encoder] | None = None
        self._others: dict[str, Encoder] = {}
        self._guard = threading.RLock()

    @property
    def own(self) -> bool:
        """Whether the encoder was given as an object."""
        return self.wanted is not None and not isinstance(self.wanted, str)

    def preload(self) -> None:
        """Begin to load the model; which one it is may turn out another, seldom."""
        if self._encoder is None and self._preloading is None and not self.own:
            self._preloading = preload_encoder(str(self.wanted or DEFAULT_ENCODER), **self.options)

    def of(self, store: ReviewStore | None) -> Encoder:
        """Return the encoder, that of a collection where one is given.

        The encoder that was asked for must be that of the collection as it was opened. When the
        collection is rebuilt with another one meanwhile, that is loaded.

        Raises:
            EncoderMismatch: The collection is bound to another.
        """
        with self._guard:
            if self._encoder is None:
                wanted = self.wanted
                if wanted is None:
                    wanted = DEFAULT_ENCODER if store is None else store.pin.encoder
                self._encoder = self._load(wanted) if isinstance(wanted, str) else wanted
            if store is None or store.pin.fingerprint == self._encoder.fingerprint:
                return self._encoder
            if store.pin.fingerprint not in self._others:
                if not self.followed:
                    store.require(pin_of(self._encoder))
                other = load_encoder(store.pin.encoder, device=self.options["device"])
                store.require(pin_of(other))
                self._others[store.pin.fingerprint] = other
            return self._others[store.pin.fingerprint]

    def swap(self, encoder: Encoder | None) -> None:
        """Take the encoder of a rebuilt collection; None where it has the same."""
        with self._guard:
            self.followed = True
            if encoder is not None:
                if self._encoder is not None:
                    self._others[self._encoder.fingerprint] = self._encoder
                self._encoder = self.wanted = encoder

    def _load(self, name: str) -> Encoder:
        preloading, self._preloading = self._preloading, None
        if preloading is not None and preloading.exception() is None:
            encoder = preloading.result()
            if name in (encoder.name, self.wanted):
                return encoder
        return load_encoder(name, **self.options)


class Session:
    """Reaches one collection of a Milvus; nothing is opened or loaded before it is needed.

    Args:
        uri: A path ending in `.db`, or a server's URL.
        collection: The collection's name.
        token: For a server.
        encoders: What is embedded with.
        on_opened: Given the store when its collection was first found, before anybody asks it.

    Attributes:
        uri: The same.
        collection: The same.
        token: The same.
        encoders: The same.
        owner: Opens, replaces and closes the store.
        queries: Vectors of texts that were searched for.
        rebuilding: Held by the one thread that makes another version of the collection.
    """

    def __init__(
        self,
        uri: str,
        collection: str,
        token: str,
        encoders: Encoders,
        *,
        on_opened: Callable[[ReviewStore], None],
    ) -> None:
        self.uri = uri
        self.collection = collection
        self.token = token
        self.encoders = encoders
        self.owner = StoreOwner(uri, collection, token, on_opened=on_opened)
        self.queries = QueryVectors()
        self.rebuilding = threading.Lock()
        self._kept: dict[type, Any] = {}
        self._guard = threading.Lock()

    @property
    def embedded(self) -> bool:
        """Whether it is a Milvus Lite directory, which nobody but this process can change."""
        return is_local(self.uri)

    def kept(self, kind: Callable[[], _Kept]) -> _Kept:
        """Return what is kept of a kind, one for the session, made at its first use."""
        with self._guard:
            if kind not in self._kept:
                self._kept[kind] = kind()  # type: ignore[index]
            found: _Kept = self._kept[kind]  # type: ignore[index]
            return found

    def ask(
        self,
        call: Callable[[Lease], _Answer],
        filters: Filters = EVERYTHING,
        *,
        times: int = _MOST_TIMES,
    ) -> _Answer:
        """Return what a question answers, all of whose requests go to one version.

        Where that version was taken away meanwhile, it is asked again of the one in its place.

        Args:
            call: The question; it must do no harm when it is run twice.
            filters: Which reviews it is about; all without.
            times: How often it is asked at most.

        Raises:
            StoreError: The corpus is closed.
        """
        with self.owner.lease():
            for time in range(1, times + 1):
                store = self.serving()
                try:
                    lease = Lease(self, store, filters)
                    return lease.noted(call(lease))
                except CollectionReplaced:
                    if store is not None:
                        self.follow(store)
                    if store is None or time == times:
                        raise
        raise AssertionError

    def existing(self) -> ReviewStore | None:
        """Return the store if its collection is there; never make anything."""
        return self.owner.existing()

    def serving(self) -> ReviewStore | None:
        """Return the store, bound to the version that was in service a moment ago.

        A version that has been replaced is asked for `LOOK_SECONDS` longer at most: it is whole,
        and the alias is not looked up for each question.
        """
        store = self.existing()
        if store is not None and store.moved(after=LOOK_SECONDS):
            self.follow(store)
            store = self.existing()
        return store

    def follow(self, store: ReviewStore) -> None:
        """Bind to the version that is in service now, unless another thread already has."""
        self.encoders.followed = True  # before anybody meets a version of another encoder
        self.owner.follow(store)

    def required(self) -> ReviewStore:
        """Return the store.

        Raises:
            CollectionMissing: There is none.
        """
        return self.owner.required()

    def new_store(self, encoder: Encoder, *, analyzer: Analyzer = "standard") -> ReviewStore:
        """Return the store, its collection made for an encoder where there is none."""
        return self.owner.create(pin_of(encoder), analyzer=analyzer)

    def preload(self) -> None:
        """Load the model while Milvus is opened; each takes about a second on a core of its own.

        Which model it is stands in Milvus. It is nearly always the default one.
        """
        if not self.owner.lacks_database:
            self.encoders.preload()

    def encoder_for(self, store: ReviewStore | None) -> Encoder:
        """Return the encoder, bound to the collection's where there is one."""
        if store is None and self.encoders.followed:
            store = self.existing()
        return self.encoders.of(store)

    def swap(self, served: ReviewStore, encoder: Encoder | None) -> None:
        """Ask a rebuilt version from now on; questions under way end on the old one."""
        self.encoders.swap(encoder)
        # After its encoder is there: whoever meets the new version looks for that.
        self.owner.replace(served)


class Lease:
    """What a question holds while it is asked: one version of the collection, and a choice of it.

    Args:
        session: Of the corpus.
        store: The version; None where there is no collection.
        filters: Which reviews the question is about.

    Attributes:
        session: The same.
        filters: The same.
    """

    def __init__(self, session: Session, store: ReviewStore | None, filters: Filters) -> None:
        self.session = session
        self.filters = filters
        self._store = store
        self._made: dict[Hashable, Any] = {}
        self._notes: dict[str, None] = {}

    @property
    def store(self) -> ReviewStore:
        """The version that is asked.

        Raises:
            CollectionMissing: There is no collection.
        """
        return self.session.required() if self._store is None else self._store

    @property
    def encoder(self) -> Encoder:
        """The collection's encoder."""
        return self.session.encoder_for(self.store)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return vectors of texts to search by; those that come again are not embedded again."""
        return self.session.queries.of(self.encoder, texts)

    def of(self, filters: Filters) -> Lease:
        """Return a lease of the same version, for another choice of reviews."""
        other = Lease(self.session, self._store, filters)
        other._notes = self._notes
        return other

    def note(self, text: str) -> None:
        """Add to what the user should know of the answer, once."""
        self._notes[text] = None

    def noted(self, answer: _Answer) -> _Answer:
        """Return an answer with what was noted, once; one that has no place for it as it is."""
        notes: tuple[str, ...] | None = getattr(answer, "notes", None)
        if notes is None or not self._notes:
            return answer
        told = tuple(dict.fromkeys((*notes, *self._notes)))
        return replace(answer, notes=told)  # type: ignore[type-var]

    def once(self, key: Hashable, make: Callable[[], _Answer]) -> _Answer:
        """Return what parts of a question share, made when it is first wanted."""
        if key not in self._made:
            self._made[key] = make()
        found: _Answer = self._made[key]
        return found


class KeptObject:
    """What a corpus keeps, with methods of its own: its themes, its labels.

    Args:
        session: Of the corpus.
        filters: Which reviews are looked at.

    Attributes:
        kept_as: The attribute of a selection that it is.
    """

    filter_names: ClassVar[Collection[str]] = (*FILTERS, "where")
    kept_as: ClassVar[str]

    def __init__(self, session: Session, filters: Filters) -> None:
        self._session = session
        self._filters = filters

    def _ask(self, asked: Asked[..., _Answer], call: Callable[[Lease], _Answer]) -> _Answer:
        return self._session.ask(call, self._filters, times=asked.times)


def pin_of(encoder: Encoder) -> Pin:
    """Return what binds a collection to an encoder."""
    return Pin(encoder.name, encoder.fingerprint, encoder.dimension)


def load_options(
    device: str | None = None, precision: Precision | None = None, dimensions: int | None = None
) -> LoadOptions:
    """Return how a model is loaded."""
    return {"device": device, "precision": precision, "dimensions": dimensions}
