"""The explorer's pages and what they may load."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

_WEB = Path(str(files("reviewlens.server"))) / "web"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the explorer, a document of its own, so that it has a policy of its own.

    Attributes:
        title: Its name.
        module: The script that fills it, in `web/`. What the page shows without one stands in
            `web/MODULE.html`, if there is such a file, and its sheet in `web/MODULE/`.
        reviews: Whether it shows reviews, and has their sheet and its own.
        scripts: What it loads before the module.
        policy: Where its policy is another.
    """

    title: str
    module: str
    reviews: bool = True
    scripts: tuple[str, ...] = ()
    policy: tuple[tuple[str, str], ...] = ()


PAGES = {
    "/": Page("Search", "search"),
    "/themes": Page("Themes", "themes"),
    "/map": Page(
        "Map",
        "map",
        scripts=(
            '<script src="/static/map/policy.js"></script>',
            '<script src="/drawing/deck.js" id="deck" async></script>',
        ),
        # deck.gl sets innerHTML as it loads. The page's default policy (web/map/policy.js) makes
        # every such text empty, and nothing else: no script is let in.
        policy=(("trusted-types", "default"),),
    ),
    "/anomalies": Page("Anomalies", "anomalies"),
    "/upload": Page("Upload", "upload"),
    "/export": Page("Export", "export"),
    "/docs": Page("HTTP API", "docs", reviews=False),
    "/sign-in": Page("Sign in", "sign-in", reviews=False),
}

RENAMED = {"/oddities": "/anomalies", "/take-away": "/export"}
"""Addresses of pages as they were called in 0.1, which bookmarks may still name."""

_EMPTY = """\
<main id="main"></main>
<noscript>The explorer needs JavaScript.</noscript>
"""

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


def policy(path: str) -> str:
    """Return the Content-Security-Policy of a page."""
    return "; ".join(
        f"{name} {value}" for name, value in (_POLICY | dict(PAGES[path].policy)).items()
    )


def document(path: str) -> str:
    """Return the HTML of a page."""
    page = PAGES[path]
    sheets = ("shared/reviews.css", f"{page.module}/{page.module}.css") if page.reviews else ()
    styles = [f'<link rel="stylesheet" href="/static/{sheet}">' for sheet in sheets]
    own = _WEB / f"{page.module}.html"
    return Template((_WEB / "shared" / "page.html").read_text(encoding="utf-8")).substitute(
        title=page.title,
        module=page.module,
        styles="\n".join(styles),
        scripts="\n".join(page.scripts),
        body=own.read_text(encoding="utf-8") if own.is_file() else _EMPTY,
    )


def add_pages(app: FastAPI) -> None:
    """Serve the explorer's pages and what they load."""
    app.mount("/static", StaticFiles(directory=_WEB), name="static")
    for path in PAGES:
        app.add_api_route(path, _answer(path), include_in_schema=False)
    for old, new in RENAMED.items():
        app.add_api_route(old, _renamed(new), include_in_schema=False)


def _answer(path: str) -> Callable[[], Awaitable[Response]]:
    html = document(path)
    headers = {"Content-Security-Policy": policy(path), "Cache-Control": "no-cache"}

    async def page() -> Response:
        return HTMLResponse(html, headers=headers)

    return page


def _renamed(path: str) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        query = request.url.query
        return RedirectResponse(f"{path}?{query}" if query else path, status_code=308)

    return page
