"""Serving an app until a signal ends it."""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import uvicorn

from reviewlens.errors import InputError, ReviewLensError
from reviewlens.server.app import make_app
from reviewlens.server.connections import Connection, Server
from reviewlens.server.options import Options

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from reviewlens.corpus import Corpus

KEEP_ALIVE_SECONDS = 30
ENDING_SECONDS = 3
"""How long answers that are under way may take once the server is to end."""
_GARBAGE_OBJECTS = 20_000


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address.

    Raises:
        InputError: It cannot.
    """
    try:
        # asyncio sends small packets at once only over a socket that says it is TCP; else an
        # answer of two packets waits 40 ms for the client's acknowledgement of the first.
        family, kind, protocol, _, place = socket.getaddrinfo(
            host or None,
            port,
            type=socket.SOCK_STREAM,
            proto=socket.IPPROTO_TCP,
            flags=socket.AI_PASSIVE,
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            if sys.platform != "win32":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(place)
            listener.listen(1_024)
        except BaseException:
            listener.close()
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            f"the server cannot listen at {host}:{port}: {reason}; end what does, or give another "
            "--port or --host"
        ) from error
    return listener


def configured(app: ASGIApp) -> uvicorn.Config:
    """Return how uvicorn serves an app."""
    return uvicorn.Config(
        app,
        access_log=False,
        date_header=False,
        http=Connection,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=ENDING_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        ws="none",
    )


def run(
    corpus: Corpus,
    options: Options,
    listener: socket.socket,
    *,
    on_start: Callable[[], None] = lambda: None,
) -> None:
    """Serve a corpus at a listening socket until SIGINT or SIGTERM; the corpus is then closed.

    Args:
        corpus: What is asked.
        options: What is allowed.
        listener: Where.
        on_start: Called once requests are answered.
    """
    config = configured(make_app(corpus, options))
    server = Server(config)
    server.on_start = on_start
    server.warming = threading.Thread(target=_warm, args=(corpus, server), name="warming")
    server.warming.start()
    thresholds = gc.get_threshold()
    try:
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            runner.run(server.serve(sockets=[listener]))
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def _warm(corpus: Corpus, server: Server) -> None:
    """Ask what the first user will, so that the model is loaded and the filters are counted."""
    with suppress(ReviewLensError):
        for ask in (lambda: corpus.search("ready", 1), corpus.facets):
            if not server.should_exit:
                ask()
    _spare_garbage_collection()


def _spare_garbage_collection() -> None:
    """Let Python look for garbage seldom, and not in what is in memory by now, which stays there.

    Looking through all of it stops every answer for 0.14 s each time. Looking through what is new
    after every 700 objects takes some hundredths of the time of a busy server.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE_OBJECTS)
