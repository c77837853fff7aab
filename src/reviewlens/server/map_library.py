"""The library that the map is drawn with: a script of an installed package, served as it is."""

from __future__ import annotations

from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.responses import FileResponse, Response

from reviewlens.errors import MissingExtra

SCRIPT = "/drawing/deck.js"
"""deck.gl as pydeck's wheel carries it."""

_PACKAGE = "pydeck"
_FILE = ("nbextension", "static", "index.js")


def add_drawing(app: FastAPI) -> None:
    """Serve the script; nothing of what a client sends becomes part of the file's path."""

    @app.get(SCRIPT, include_in_schema=False)
    async def script(request: Request) -> Response:
        file = _file()
        headers = {"ETag": f'"{_PACKAGE}-{version(_PACKAGE)}"', "Cache-Control": "no-cache"}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return FileResponse(file, media_type="text/javascript", headers=headers)


def _file() -> Path:
    found = find_spec(_PACKAGE)
    places = [] if found is None else list(found.submodule_search_locations or ())
    if not places:
        raise MissingExtra(_PACKAGE, "server", "the map")
    return Path(places[0]).joinpath(*_FILE)
