"""Each name of uvicorn that it does not document and `connections` overrides or reads.

Where one fails after uvicorn was updated: see what became of it, mend the module, and only then
add the version to its `KNOWN`. What they do together is tested in test_connections.py.
"""

from __future__ import annotations

import asyncio
import inspect
from importlib.metadata import version
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from reviewlens.server.connections import KNOWN, Connection, Server


async def _app(scope: Any, receive: Any, send: Any) -> None: ...


def test_the_version_installed_is_known() -> None:
    assert version("uvicorn") in KNOWN


@pytest.mark.parametrize(
    ("own", "base"), [(Connection, HttpToolsProtocol), (Server, uvicorn.Server)]
)
def test_what_is_overridden_is_there_and_takes_the_same(own: type, base: type) -> None:
    methods = {
        name
        for name, one in vars(own).items()
        if inspect.isfunction(one) and not name.startswith("_")
    }
    assert len(methods) >= 3
    for name in methods:
        parameters = inspect.signature(getattr(base, name)).parameters
        assert list(parameters) == list(inspect.signature(getattr(own, name)).parameters)


def test_a_connection_has_what_is_read() -> None:
    async def made() -> bool:
        connection = HttpToolsProtocol(uvicorn.Config(_app), ServerState(), {})
        assert connection.connections == set()
        assert connection.timeout_keep_alive == 5
        for name in ("scope", "transport", "cycle"):
            assert getattr(connection, name) is None  # until a head comes
        return connection.loop is asyncio.get_running_loop()

    assert asyncio.run(made())


def test_a_server_has_what_is_called() -> None:
    config = uvicorn.Config(_app, loop="asyncio")
    server = uvicorn.Server(config)
    assert (server.started, server.should_exit) == (False, False)
    assert callable(server.handle_exit)
    factory = config.get_loop_factory()
    assert factory is None or callable(factory)
