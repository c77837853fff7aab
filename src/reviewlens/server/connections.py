"""Connections and server as uvicorn has them, but for heads without end and for how it ends.

What is overridden and read here uvicorn does not document; it is that of the version in `KNOWN`.
`tests/unit/server/test_uvicorn_inside.py` has a test for each name, which fails where a version no
longer has it.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from asyncio import BaseTransport, TimerHandle
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

KNOWN = ("0.54.0",)
"""Before one is added: run that test with it."""

MOST_HEAD_BYTES = 64 * 1024


class Connection(HttpToolsProtocol):
    """Closes itself where the head of a request does not end, and tells how many there are.

    A head is all before the body: the request line and the headers. uvicorn closes what is idle
    after an answer, but waits for ever before the first head and for the rest of one, and keeps
    all that comes of it.

    Attributes:
        head_seconds: How long a head may take from the opening of the connection; after an answer,
            besides the time that a connection may be idle.
    """

    head_seconds = 30.0
    _late: TimerHandle | None = None
    _begun: object = None
    _came = 0

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin to wait for the first head."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._wait(self.head_seconds)

    def data_received(self, data: bytes) -> None:
        """Count what is of one head, begun before and not ended yet."""
        begun = self._begun
        super().data_received(data)
        if begun is not None and self._begun is begun:
            self._came += len(data)
            if self._came > MOST_HEAD_BYTES:
                self.transport.close()

    def on_message_begin(self) -> None:
        """Note that a head has begun."""
        super().on_message_begin()
        self._begun, self._came = self.scope, 0

    def on_headers_complete(self) -> None:
        """Answer a request whose head is there; how many connections there are stands with it."""
        self._begun = None
        self._wait(None)
        self.scope["state"]["connections"] = len(self.connections)
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Begin to wait for the next head, unless further requests came already."""
        super().on_response_complete()
        if self.cycle.response_complete and not self.transport.is_closing():
            self._wait(self.timeout_keep_alive + self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._wait(None)
        super().connection_lost(exc)

    def _wait(self, seconds: float | None) -> None:
        if self._late is not None:
            self._late.cancel()
        self._late = (
            None if seconds is None else self.loop.call_later(seconds, self.transport.close)
        )


class Server(uvicorn.Server):
    """Says when it listens; a signal ends it without ending the process.

    Attributes:
        on_start: Called once it listens.
        warming: A thread that is waited for at the end.
    """

    on_start: Callable[[], None]
    warming: threading.Thread

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        if self.started:
            self.on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End; a thread that loads a model when the interpreter ends would abort it."""
        await asyncio.to_thread(self.warming.join)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let signals end it, and leave them to whom they were left before when it has ended."""
        before = {
            number: signal.signal(number, self.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
