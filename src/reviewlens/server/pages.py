"""The explorer's pages and what they may load."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

PAGES = {
    "/": "search.html",
    "/themes": "themes.html",
    "/map": "map.html",
    "/oddities": "oddities.html",
    "/upload": "upload.html",
    "/take-away": "take-away.html",
    "/docs": "docs.html",
    "/sign-in": "sign-in.html",
}
"""Each page of the explorer is a document of its own, so that each has a policy of its own."""

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
"""Nothing inline, nothing from elsewhere, and no text is ever taken for HTML."""

POLICIES: dict[str, dict[str, str]] = {
    # deck.gl sets innerHTML as it loads. The page's default policy (web/map/policy.js) makes every
    # such text empty, and nothing else: no script is let in.
    "/map": {"trusted-types": "default"},
}
"""What a page needs besides; see each for why."""


def policy(path: str) -> str:
    """Return the Content-Security-Policy of a page."""
    return "; ".join(
        f"{name} {value}" for name, value in (_POLICY | POLICIES.get(path, {})).items()
    )


def add_pages(app: FastAPI) -> None:
    """Serve the explorer's pages and what they load."""
    web = Path(str(files("reviewlens.server"))) / "web"
    app.mount("/static", StaticFiles(directory=web), name="static")
    for path, name in PAGES.items():
        app.add_api_route(path, _page(web / name, path), include_in_schema=False)


def _page(file: Path, path: str) -> Callable[[], Awaitable[Response]]:
    async def page() -> Response:
        headers = {"Content-Security-Policy": policy(path), "Cache-Control": "no-cache"}
        return FileResponse(file, media_type="text/html", headers=headers)

    return page
