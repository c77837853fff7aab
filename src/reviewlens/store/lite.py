"""Milvus Lite, made safe for reading beside writing.

Milvus Lite keeps what was written in memory and moves it to disk when that is full or when it is
told to flush. A read that overlaps this move may find the rows in neither place. Here the move
happens at moments of ours: what is written is counted, and flushed before Milvus Lite would do so
by itself; a flush waits for the reads that are under way, and further reads wait for the flush, a
fraction of a second. A server needs none of this.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from reviewlens.store import lite_damage, lite_files
from reviewlens.store.lite_service import notes_on_writes
from reviewlens.store.lite_version import is_known
from reviewlens.store.lite_words import require_words

_log = logging.getLogger(__name__)

PENDING_BYTES = 40_000_000
"""What is written is flushed at the latest here; Milvus Lite does so at three times as much."""

_OF_METADATA = (
    "create_index",
    "alter_collection_properties",
    "create_alias",
    "alter_alias",
    "drop_alias",
)
"""Requests for which Milvus Lite writes lists of files, a schema or all aliases anew."""


class Gate:
    """Lets many in together, or one alone, who then goes before those who come later.

    Attributes:
        writing: Held by whoever writes: Milvus Lite takes one writer at a time.
        pending: Upper estimate of the bytes of each collection that are not flushed. Of one that is
            not named, an earlier process may have left any number.
        opening: Held by whoever lets Milvus Lite open a collection: two at once would get two of
            it, of which each knows but its own writes.
        opened: The collections that were looked at and opened.
    """

    def __init__(self) -> None:
        self.writing = threading.RLock()
        self.pending: dict[str, int] = {}
        self.opening = threading.RLock()
        self.opened: set[str] = set()
        self._changed = threading.Condition()
        self._inside = 0
        self._alone = 0

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Be in together with all who share."""
        with self._changed:
            self._changed.wait_for(lambda: not self._alone)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be in without anybody else; to be called by who holds `writing`."""
        with self._changed:
            self._alone += 1
            self._changed.wait_for(lambda: not self._inside)
        try:
            yield
        finally:
            with self._changed:
                self._alone -= 1
                self._changed.notify_all()


class LiteClient:
    """A pymilvus client whose reads never overlap a flush, and that opens nothing damaged.

    All else is the client's own, asked alone where it writes a file of metadata.

    Args:
        client: Of pymilvus.
        address: Where its Milvus Lite answers.
        directory: That it serves, where it is this process' own.
    """

    def __init__(
        self,
        client: Any,  # noqa: ANN401 - pymilvus has no types
        address: str,
        directory: str | None = None,
    ) -> None:
        self._client = client
        self._directory = directory if directory is not None and is_known() else None
        self._gate = _gate_of(directory or address)
        if self._directory is not None:
            with self._gate.opening:
                if not self._gate.opened:
                    lite_files.finish_drops(self._directory)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        request = getattr(self._client, name)
        return partial(self._alone, request) if name in _OF_METADATA else request

    def create_collection(self, collection: str, **kwargs: Any) -> Any:  # noqa: ANN401
        """Make a collection where there is none.

        The empty folder that a process left which was killed while it made it is in the way of
        Milvus Lite, and removed first.

        Raises:
            StoreError: The folder is not empty.
        """
        with self._gate.writing:
            if self._directory is not None and not self.has_collection(collection):
                lite_files.clear_the_way(self._directory, collection)
                lite_files.end_drop(self._directory, collection)
            return self._client.create_collection(collection, **kwargs)

    def drop_collection(self, collection: str, **kwargs: Any) -> Any:  # noqa: ANN401
        """Remove a collection; killed meanwhile, the next process removes the rest."""
        directory = self._directory
        if directory is None:
            return self._client.drop_collection(collection, **kwargs)
        with self._gate.writing, self._gate.opening:
            lite_files.begin_drop(directory, collection)
            answer = self._client.drop_collection(collection, **kwargs)
            lite_files.end_drop(directory, collection)
            self._gate.opened.discard(collection)
            return answer

    def _alone(self, write: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Write a file of metadata: two at once would write one temporary file."""
        with self._gate.writing:
            return write(*args, **kwargs)

    def list_collections(self, **kwargs: Any) -> list[str]:  # noqa: ANN401
        """Return the names of all collections; Milvus Lite would open each for that."""
        if self._directory is None:
            return list(self._client.list_collections(**kwargs))
        return lite_files.collection_names(self._directory)

    def has_collection(self, collection: str, **kwargs: Any) -> bool:  # noqa: ANN401
        """Return whether there is a collection, or an alias, of that name.

        Milvus Lite would open the collection for that.

        Raises:
            StoreError: There is, and it is damaged.
        """
        directory = self._directory
        if directory is None:
            return bool(self._client.has_collection(collection, **kwargs))
        name = lite_files.resolved_name(directory, collection)
        lite_files.refuse_headless(directory, name)
        self._open(collection)
        return lite_files.is_there(directory, name)

    def describe_collection(self, collection: str, **kwargs: Any) -> Any:  # noqa: ANN401
        """Describe a collection.

        Raises:
            StoreError: It is damaged.
        """
        self._open(collection)
        return self._client.describe_collection(collection, **kwargs)

    def load_collection(self, collection: str, **kwargs: Any) -> Any:  # noqa: ANN401
        """Load a collection.

        Raises:
            StoreError: It is damaged, or its index is.
        """
        self._open(collection)
        if self._directory is None:
            return self._client.load_collection(collection, **kwargs)
        from pymilvus.exceptions import MilvusException

        with self._gate.opening:
            try:
                return self._client.load_collection(collection, **kwargs)
            except MilvusException as error:
                name = lite_files.resolved_name(self._directory, collection)
                raise lite_damage.unloadable(self._directory, name, error.message) from error

    def _open(self, collection: str) -> None:
        """Let Milvus Lite open a collection, once it was looked at.

        Raises:
            StoreError: It is damaged.
            MissingExtra: It was made for Chinese words, and the extra `cjk` is not installed.
        """
        directory = self._directory
        if directory is None:
            return
        name = lite_files.resolved_name(directory, collection)
        if name in self._gate.opened:
            return
        from pymilvus.exceptions import MilvusException

        with self._gate.opening:
            if name in self._gate.opened or not lite_files.is_there(directory, name):
                return
            lite_damage.check_collection(directory, name)
            with _told():
                try:
                    self._client.describe_collection(name)
                except MilvusException as error:
                    if "jieba" in error.message:
                        require_words("jieba")
                    raise lite_damage.unreadable(directory, name, error.message) from error
            self._gate.opened.add(name)

    def query(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Query, while nothing is flushed."""
        with self._gate.shared():
            return self._client.query(*args, **kwargs)

    def count_without(self, collection: str, expression: str, **kwargs: Any) -> int:  # noqa: ANN401
        """Count the rows that an expression does not find, while nothing is written.

        Between the two figures that are taken no row may come or go.
        """
        with self._gate.writing:
            every, found = (
                self.query(collection, filter=some, output_fields=["count(*)"], **kwargs)
                for some in ("", expression)
            )
            return int(every[0]["count(*)"]) - int(found[0]["count(*)"])

    def search(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Search, while nothing is flushed."""
        with self._gate.shared():
            return self._client.search(*args, **kwargs)

    def upsert(self, collection: str, data: Sequence[Mapping[str, Any]], **kwargs: Any) -> Any:  # noqa: ANN401
        """Write rows, and flush first where Milvus Lite might do so on its own."""
        size = sum(_bytes(value) for row in data for value in row.values())
        with self._room(collection, size):
            return self._client.upsert(collection, data, **kwargs)

    def delete(self, collection: str, *, filter: str, **kwargs: Any) -> Any:  # noqa: ANN401
        """Delete rows by an expression of their keys, and flush first as an upsert does."""
        with self._room(collection, _bytes(filter)):
            return self._client.delete(collection, filter=filter, **kwargs)

    def flush(self, collection: str, **kwargs: Any) -> Any:  # noqa: ANN401
        """Move rows from memory to disk, while nothing is read."""
        with self._gate.writing, self._gate.alone():
            self._gate.pending[collection] = 0
            return self._client.flush(collection, **kwargs)

    @contextmanager
    def _room(self, collection: str, size: int) -> Iterator[None]:
        with self._gate.writing:
            pending = self._gate.pending
            if pending.get(collection, PENDING_BYTES) + size > PENDING_BYTES:
                self.flush(collection)
            pending[collection] = pending.get(collection, 0) + size
            yield


def _bytes(value: Any) -> int:  # noqa: ANN401 - any field
    """Return an upper estimate of what a value takes in memory, its keywords and overhead too."""
    if isinstance(value, str):
        return 16 + 8 * len(value)
    if isinstance(value, Mapping):
        return sum(_bytes(key) + _bytes(one) for key, one in value.items())
    return 16 + int(getattr(value, "nbytes", 0))


@contextmanager
def _told() -> Iterator[None]:
    """Tell what Milvus Lite could not read of the log of the last writes."""
    with notes_on_writes() as notes:
        yield
    for said in notes:
        _log.warning(
            "The log of the last writes breaks off, of a process that was killed or by damage: "
            "what was written last may be missing; run the last ingest, or what else wrote, again "
            "(%s).",
            said,
        )


_gates: WeakValueDictionary[str, Gate] = WeakValueDictionary()
_making = threading.Lock()


def _gate_of(place: str) -> Gate:
    """Return the gate of a Milvus Lite: one for all of this process' connections to it."""
    with _making:
        gate = _gates.get(place)
        if gate is None:
            gate = _gates[place] = Gate()
        return gate


def forget_gate(directory: str) -> None:
    """Forget the gate of a directory that is released: others may change it from now on."""
    with _making:
        _gates.pop(directory, None)
