"""Milvus Lite, made safe for reading beside writing.

Milvus Lite keeps what was written in memory and moves it to disk when that is full or when it is
told to flush. A read that overlaps this move may find the rows in neither place. Here the move
happens at moments of ours: what is written is counted, and flushed before Milvus Lite would do so
by itself; a flush waits for the reads that are under way, and further reads wait for the flush, a
fraction of a second. A server needs none of this.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

PENDING_BYTES = 40_000_000
"""What is written is flushed at the latest here; Milvus Lite does so at three times as much."""


class Gate:
    """Lets many in together, or one alone, who then goes before those who come later.

    Attributes:
        writing: Held by whoever writes: Milvus Lite takes one writer at a time.
        pending: Upper estimate of the bytes of each collection that are not flushed. Of one that is
            not named, an earlier process may have left any number.
    """

    def __init__(self) -> None:
        self.writing = threading.RLock()
        self.pending: dict[str, int] = {}
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
    """A pymilvus client whose reads never overlap a flush; all else is the client's own.

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
        self._directory = directory
        self._gate = _gate_of(address)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._client, name)

    def create_collection(self, collection: str, **kwargs: Any) -> Any:  # noqa: ANN401
        """Make a collection where there is none.

        What a process that was killed while it made or dropped it has left is removed first: a
        folder without a schema, which is no collection to Milvus Lite, but in its way.
        """
        with self._gate.writing:
            if self._directory is not None and not self._client.has_collection(collection):
                left = Path(self._directory) / "collections" / collection
                if left.exists():
                    shutil.rmtree(left)
            return self._client.create_collection(collection, **kwargs)

    def query(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Query, while nothing is flushed."""
        with self._gate.shared():
            return self._client.query(*args, **kwargs)

    def search(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Search, while nothing is flushed."""
        with self._gate.shared():
            return self._client.search(*args, **kwargs)

    def upsert(self, collection: str, data: Sequence[Mapping[str, Any]], **kwargs: Any) -> Any:  # noqa: ANN401
        """Write rows, and flush first where Milvus Lite might do so on its own."""
        size = sum(_bytes(value) for row in data for value in row.values())
        with self._room(collection, size):
            return self._client.upsert(collection, data, **kwargs)

    def delete(self, collection: str, ids: Sequence[str] = (), **kwargs: Any) -> Any:  # noqa: ANN401
        """Delete rows by key, and flush first where Milvus Lite might do so on its own."""
        with self._room(collection, sum(map(_bytes, ids))):
            return self._client.delete(collection, ids=ids or None, **kwargs)

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


_gates: WeakValueDictionary[str, Gate] = WeakValueDictionary()
_making = threading.Lock()


def _gate_of(address: str) -> Gate:
    """Return the gate of a Milvus Lite: one for all of this process' connections to it."""
    with _making:
        gate = _gates.get(address)
        if gate is None:
            gate = _gates[address] = Gate()
        return gate
