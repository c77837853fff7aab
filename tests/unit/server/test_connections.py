"""Connections over a real socket: heads that come in time, and not too many at once."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from fakes import EmptyCorpus
from reviewlens.server import Options, make_app
from reviewlens.server import process as running
from reviewlens.server.connections import Connection
from reviewlens.server.process import configured, listen

WHOLE = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.fixture
def head_seconds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> float:
    """How long a head may take in a test, which names it; between answers there is a second."""
    seconds: float = request.param
    monkeypatch.setattr(Connection, "head_seconds", seconds)
    monkeypatch.setattr(running, "KEEP_ALIVE_SECONDS", 1)
    return seconds


@contextmanager
def serving(app: ASGIApp) -> Iterator[tuple[str, int]]:
    """An app as the command serves it, in a thread; gives its address."""
    with listen("127.0.0.1", 0) as listener:
        server = uvicorn.Server(configured(app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()
        finally:
            server.should_exit = True
            thread.join()


def received(connection: socket.socket, most: int) -> bytes:
    """Read on; fail where the connection is closed."""
    part = connection.recv(most)
    assert part, "the connection is closed"
    return part


def told(connection: socket.socket) -> tuple[bytes, bytes]:
    """Read one answer: its head and its body."""
    head, body = b"", b""
    while not head.endswith(b"\r\n\r\n"):
        head += received(connection, 1)
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-len"))
    while len(body) < int(length.partition(b":")[2]):
        body += received(connection, 4096)
    return head, body


def closed_after(connection: socket.socket, drip: bytes = b"") -> float:
    """Send a byte now and then until the connection is closed; return the seconds to it."""
    started = time.monotonic()
    connection.settimeout(0.02)
    while time.monotonic() - started < 5:
        try:
            connection.sendall(drip)
            if connection.recv(100) == b"":
                return time.monotonic() - started
        except TimeoutError:
            continue
        except OSError:
            return time.monotonic() - started
    raise AssertionError("the connection stays open")


async def slow(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await asyncio.sleep(0.7)
        await PlainTextResponse("late")(scope, receive, send)


@pytest.mark.parametrize("head_seconds", [0.2], indirect=True)
def test_a_head_that_does_not_come_is_not_waited_for(head_seconds: float) -> None:
    with serving(make_app(EmptyCorpus())) as address:  # type: ignore[arg-type]
        for begun, drip in ((b"", b""), (b"\r\n", b"\n"), (WHOLE[:30], b"a")):
            with socket.create_connection(address) as connection:
                connection.sendall(begun)
                assert head_seconds * 0.8 < closed_after(connection, drip)


def test_a_head_without_end_is_not_kept() -> None:
    with (
        serving(make_app(EmptyCorpus())) as address,  # type: ignore[arg-type]
        socket.create_connection(address) as connection,
    ):
        for _ in range(2):  # each is counted for itself
            for part in (WHOLE[:-2] + b"X-Long: ", b"a" * 50_000, b"\r\n\r\n"):
                connection.sendall(part)
                time.sleep(0.02)
            assert told(connection)[0].startswith(b"HTTP/1.1 200")
        connection.sendall(WHOLE[:-2] + b"X-Long: ")
        assert closed_after(connection, b"a" * 40_000) < Connection.head_seconds / 4


@pytest.mark.parametrize("head_seconds", [1.0], indirect=True)
def test_the_next_head_is_waited_for_no_longer_than_the_first_and_the_pause(
    head_seconds: float,
) -> None:
    with (
        serving(make_app(EmptyCorpus())) as address,  # type: ignore[arg-type]
        socket.create_connection(address) as connection,
    ):
        for _ in range(2):
            for part in (WHOLE[:10], WHOLE[10:]):
                time.sleep(head_seconds / 5)
                connection.sendall(part)
            assert told(connection)[0].startswith(b"HTTP/1.1 200")
        connection.sendall(WHOLE[:30])
        assert head_seconds < closed_after(connection, b"a")


@pytest.mark.parametrize("head_seconds", [0.5], indirect=True)
@pytest.mark.usefixtures("head_seconds")
def test_an_answer_may_take_longer_than_a_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "KEEP_ALIVE_SECONDS", 0)
    with serving(slow) as address, socket.create_connection(address) as connection:
        connection.sendall(WHOLE + WHOLE)
        assert [told(connection)[1] for _ in range(2)] == [b"late", b"late"]


def test_too_many_connections_are_told_in_the_shape_of_all_failures() -> None:
    app = make_app(EmptyCorpus(), Options(most_connections=2))  # type: ignore[arg-type]
    with serving(app) as address, ExitStack() as open_:
        kept = [open_.enter_context(socket.create_connection(address)) for _ in range(3)]
        kept[2].sendall(WHOLE)
        head, body = told(kept[2])
        assert head.startswith(b"HTTP/1.1 503")
        assert b"\r\nretry-after: " in head.lower()
        assert b"\r\nconnection: close" in head.lower()
        assert json.loads(body)["error"] == "Overloaded"
        assert kept[2].recv(1) == b""
        kept[1].sendall(WHOLE)
        assert told(kept[1])[0].startswith(b"HTTP/1.1 200")
