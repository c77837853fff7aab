"""The one owner of a corpus' store: it alone opens, replaces and closes it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reviewlens.errors import StoreError
from reviewlens.store import ReviewStore, check_address, is_local, local_path, no_database

if TYPE_CHECKING:
    from reviewlens.store import Analyzer, Pin


class StoreOwner:
    """Opens, replaces and closes the store of one corpus, under one lock.

    Questions run outside of the lock, each with a lease: what they ask stays open until the last
    of them has ended. No question opens a store of its own, and none closes one.

    Args:
        uri: A path ending in `.db`, or a server's URL.
        collection: The collection's name.
        token: For a server.
        on_opened: Given the store when its collection was first found, before anybody asks it.

    Attributes:
        store: As it is open now; None before the first use, and after the end.
    """

    def __init__(
        self, uri: str, collection: str, token: str, *, on_opened: Callable[[ReviewStore], None]
    ) -> None:
        self._uri = uri
        self._collection = collection
        self._token = token
        self._on_opened = on_opened
        self.store: ReviewStore | None = None
        self._changed = threading.Condition(threading.RLock())
        self._leases: Counter[int] = Counter()
        self._closed = False

    @property
    def lacks_database(self) -> bool:
        """Whether there is no Milvus Lite directory at the path."""
        return is_local(self._uri) and not local_path(self._uri).exists()

    def existing(self) -> ReviewStore | None:
        """Return the store, None where it has no collection; nothing is made.

        Raises:
            StoreError: The corpus is closed, or Milvus cannot be used.
        """
        with self._changed:
            self._require_open()
            if self.store is None:
                if self.lacks_database:
                    return None
                self.store = self._opened()
            elif not self.store.exists:
                self.store = self._looked_again(self.store)
            return self.store if self.store.exists else None

    def required(self) -> ReviewStore:
        """Return the store.

        Raises:
            CollectionMissing: There is no such database, or no collection in it.
            StoreError: The address is none.
        """
        with self._changed:
            store = self.existing()
            if store is not None:
                return store
            if self.store is not None:
                raise self.store.missing()
            check_address(self._uri)
            raise no_database(self._uri)

    def create(self, pin: Pin, *, analyzer: Analyzer) -> ReviewStore:
        """Return the store, with its collection made where it is not there.

        Args:
            pin: What the collection is bound to.
            analyzer: For keyword search.

        Raises:
            EncoderMismatch: It is there by now, and bound to another encoder.
        """
        with self._changed:
            self._require_open()
            if self.store is None:
                self.store = self._opened()
            self.store.create(pin, analyzer=analyzer)
            return self.store

    def follow(self, store: ReviewStore) -> None:
        """Bind to the version in service now, unless another thread already has."""
        with self._changed:
            if self.store is store:
                self.store = store.rebound()

    def replace(self, store: ReviewStore) -> None:
        """Take a store over the same connection, bound to another version."""
        with self._changed:
            self.store = store

    @contextmanager
    def lease(self) -> Iterator[None]:
        """Keep open what a question asks until it has ended.

        Raises:
            StoreError: The corpus is closed.
        """
        thread = threading.get_ident()
        with self._changed:
            self._require_open()
            self._leases[thread] += 1
        try:
            yield
        finally:
            with self._changed:
                self._leases[thread] -= 1
                if not self._leases[thread]:
                    del self._leases[thread]
                if self._closed and not self._leases:
                    self._release()
                self._changed.notify_all()

    def close(self) -> None:
        """Release the store when the questions under way have ended, and refuse further ones.

        Called inside a question, it returns at once, and the question's end releases the store.
        """
        with self._changed:
            self._closed = True
            if threading.get_ident() not in self._leases:
                self._changed.wait_for(lambda: not self._leases)
                self._release()

    def _opened(self) -> ReviewStore:
        store = ReviewStore.open(self._uri, self._collection, token=self._token, create=True)
        try:
            if store.exists:
                self._on_opened(store)
        except BaseException:
            store.close()
            raise
        return store

    def _looked_again(self, store: ReviewStore) -> ReviewStore:
        """Return the store bound to the collection that another process may have made."""
        store = store.rebound()
        if store.exists:
            self._on_opened(store)
        return store

    def _require_open(self) -> None:
        if self._closed and threading.get_ident() not in self._leases:
            raise StoreError(
                f"the corpus at {self._uri} was closed, and asks and takes in nothing any more: "
                "open it anew with Corpus.open"
            )

    def _release(self) -> None:
        store, self.store = self.store, None
        if store is not None:
            store.close()
