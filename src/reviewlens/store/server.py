"""A Milvus server whose reads wait for what was written, not for now.

At strong consistency a server answers when its clock has ticked past the moment of the question: up
to 0.2 s, also where nothing was written for days. Here each write, once Milvus has confirmed it,
leaves its moment with the collection, before anybody is told that it is done; a read looks there
and waits until the server shows all up to that moment. After a write that is the same wait, later
none. Whoever writes and whoever reads may be different processes.

A read waits for now, as the collection was made to, where no moment is kept (an earlier version
wrote all of it), where one is no moment, or where one could not be kept.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from reviewlens.store import pymilvus_inside
from reviewlens.store.channel import Requests, authorization, left
from reviewlens.store.properties import WRITTEN

_PLACES = 16
"""Writers keep the moments of their writes in one of so many properties, each in one of its own as
far as chance allows: of two that change one at once, the later moment might be lost."""

_AHEAD_SECONDS = 60.0
"""A moment that is further from now is of another server's clock: its rows were moved here."""

_CLOCK_BITS = 18
"""Of a moment, the lowest bits count what happened in one millisecond."""


class Moments:
    """The server's clock, and what is kept of it with each collection.

    These are requests of Milvus' own, on the client's channel: pymilvus has none for the first, and
    reads a whole schema for the second, which takes twice as long.

    Args:
        channel: Of gRPC.
        token: `user:password` or an API key; empty for none.
        database: Of the server; empty for the default one.
    """

    def __init__(self, channel: Any, token: str, database: str) -> None:  # noqa: ANN401 - gRPC's
        import grpc

        self._requests = pymilvus_inside.service(grpc.intercept_channel(channel, Requests()))
        self._at_once = pymilvus_inside.service(channel)
        self._metadata = [*authorization(token), ("dbname", database)]

    def now(self, *, timeout: float | None = None) -> int:
        """Return a moment after all that was confirmed; 0 from a server that gives none."""
        import grpc

        try:
            answer = self._requests.AllocTimestamp(
                pymilvus_inside.moment_request(), timeout=timeout, metadata=self._metadata
            )
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.UNIMPLEMENTED:
                return 0
            raise
        pymilvus_inside.check_status(answer.status)
        return int(answer.timestamp)

    def asked(self, collection: str, *, timeout: float | None = None) -> Callable[[], int]:
        """Ask when a collection was last written to, and return what waits for the answer.

        That is 0 where it is not known.
        """
        import grpc

        question = pymilvus_inside.description_request(collection)
        options = {"timeout": timeout, "metadata": self._metadata}
        sent = self._at_once.DescribeCollection.future(
            question, timeout=left(timeout), metadata=self._metadata
        )

        def last() -> int:
            try:
                answer = sent.result()
            except grpc.RpcError:  # it is waited for as any request is
                answer = self._requests.DescribeCollection(question, **options)
            pymilvus_inside.check_status(answer.status)
            kept = [pair.value for pair in answer.properties if pair.key.startswith(WRITTEN)]
            return latest(kept, now=time.time())

        return last


def latest(kept: Sequence[str], *, now: float) -> int:
    """Return the latest of the moments that are kept, 0 where one of them cannot be relied on.

    Args:
        kept: As Milvus has them.
        now: In seconds since 1970.
    """
    if not all(value.isascii() and value.isdecimal() and int(value) for value in kept):
        return 0
    last = max(map(int, kept), default=0)
    return last if (last >> _CLOCK_BITS) / 1000 < now + _AHEAD_SECONDS else 0


class ServerClient:
    """A pymilvus client of a server, whose reads wait for the last write; see the module.

    All else is the client's own.

    Args:
        client: Of pymilvus.
        moments: Of the same server.
    """

    def __init__(self, client: Any, moments: Moments) -> None:  # noqa: ANN401 - pymilvus is untyped
        self._client = client
        self._moments = moments
        self._place = f"{WRITTEN}{secrets.randbelow(_PLACES)}"
        self._keeping = threading.Lock()
        self._unkept: set[str] = set()
        self._seen: dict[str, int] = {}

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._client, name)

    def query(self, collection: str, *, timeout: float | None = None, **kwargs: Any) -> Any:  # noqa: ANN401
        """Query, once the server shows what was written."""
        return self._read(self._client.query, collection, timeout, kwargs)

    def search(self, collection: str, *, timeout: float | None = None, **kwargs: Any) -> Any:  # noqa: ANN401
        """Search, once the server shows what was written."""
        return self._read(self._client.search, collection, timeout, kwargs)

    def _read(
        self,
        read: Callable[..., Any],
        collection: str,
        timeout: float | None,
        asked: Mapping[str, Any],
    ) -> Any:  # noqa: ANN401
        """Read while the last moment is looked up, and again where it is later than was thought."""
        look = self._moments.asked(collection, timeout=timeout)
        if collection not in self._seen:
            self._seen[collection] = look()
        waited = 0 if collection in self._unkept else self._seen[collection]
        answer = read(collection, timeout=timeout, **_waiting(waited), **asked)
        last = self._seen[collection] = look()
        if waited and not 0 < last <= waited:
            answer = read(collection, timeout=timeout, **_waiting(last), **asked)
        return answer

    def upsert(
        self,
        collection: str,
        data: Sequence[Mapping[str, Any]],
        *,
        timeout: float | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Write rows, and keep when that was."""
        with self._kept(collection, timeout):
            return self._client.upsert(collection, data, timeout=timeout, **kwargs)

    def delete(self, collection: str, *, timeout: float | None = None, **kwargs: Any) -> Any:  # noqa: ANN401
        """Delete rows, and keep when that was."""
        with self._kept(collection, timeout):
            return self._client.delete(collection, timeout=timeout, **kwargs)

    @contextmanager
    def _kept(self, collection: str, timeout: float | None) -> Iterator[None]:
        """Keep the moment after a write, also of one that failed: Milvus may have done it."""
        try:
            yield
        except BaseException:
            self._unkept.add(collection)
            with suppress(Exception):  # what the write failed of is told
                self._keep(collection, timeout)
            raise
        self._unkept.add(collection)
        self._keep(collection, timeout)

    def _keep(self, collection: str, timeout: float | None) -> None:
        with self._keeping:  # one after the other, or the earlier moment might be kept last
            moment = self._moments.now(timeout=timeout)
            self._client.alter_collection_properties(
                collection, properties={self._place: str(moment)}, timeout=timeout
            )
            self._seen[collection] = moment
            self._unkept.discard(collection)


def _waiting(moment: int) -> dict[str, Any]:
    """Return what a read asks for that waits for a moment; for 0, as the collection says, now."""
    return pymilvus_inside.waiting_for(moment) if moment else {}
