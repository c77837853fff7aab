"""Connections as uvicorn has them, but for requests that never end to begin."""

from __future__ import annotations

from asyncio import BaseTransport, TimerHandle

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

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
