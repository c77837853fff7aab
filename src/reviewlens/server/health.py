"""Whether the server lives, can be asked, and who may ask it: what is beside the API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from reviewlens.errors import CollectionMissing
from reviewlens.server.failures import Refused
from reviewlens.server.metrics import Metrics
from reviewlens.server.security import COOKIE, SIGN_IN, SIGN_OUT, Keys, address_of
from reviewlens.server.service import Shared

_SIGNED_IN_SECONDS = 30 * 24 * 3600
_MOST_FIELDS = 10
_ALONE: dict[str, Any] = {"path": "/", "httponly": True, "samesite": "strict"}
"""Of the cookie: neither scripts nor requests from other sites have it."""


@dataclass(frozen=True, slots=True)
class Health:
    """That the process lives.

    Attributes:
        status: Always `ok`.
    """

    status: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """That the corpus can be asked.

    Attributes:
        ready: Always true; where it is not, the status is 503.
        reviews: How many there are; 0 before the first upload.
    """

    ready: bool
    reviews: int


def health_routes(metrics: Metrics, keys: Keys) -> APIRouter:
    """Return the routes for those who watch a server, and for signing in."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    async def healthz() -> Health:
        """Tell that the process lives."""
        return Health("ok")

    @router.get("/readyz")
    async def readyz(service: Shared) -> Readiness:
        """Tell whether the corpus can be asked."""
        try:
            return Readiness(True, await service.read(service.corpus.size))
        except CollectionMissing:
            return Readiness(True, 0)

    @router.get("/metrics", include_in_schema=False)
    async def figures() -> Response:
        return metrics.answer()

    @router.post(SIGN_IN, include_in_schema=False)
    async def sign_in(request: Request) -> Response:
        given = await _given(request)
        token = _text(given, "token").strip()
        as_form = "json" not in request.headers.get("content-type", "")
        following = _own_path(_text(given, "next"))
        if keys.wanted and keys.role(token) is None:
            keys.guessed(address_of(request.scope))
            if as_form:
                return RedirectResponse(f"{SIGN_IN}?wrong=1", 303)
            message = "this is not the token that the server was started with"
            raise Refused(message, 401, field="token")
        response: Response = (
            RedirectResponse(following, 303) if as_form else JSONResponse({"next": following})
        )
        response.set_cookie(COOKIE, keys.cookie(token), max_age=_SIGNED_IN_SECONDS, **_ALONE)
        return response

    @router.post(SIGN_OUT, include_in_schema=False)
    async def sign_out() -> Response:
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(COOKIE, **_ALONE)
        return response

    return router


async def _given(request: Request) -> dict[str, Any]:
    """Return the fields of a form or of JSON.

    Raises:
        Refused: It is neither, or has more fields than anybody needs.
    """
    content = await request.body()
    try:
        if "json" in request.headers.get("content-type", ""):
            body = json.loads(content)
            if not isinstance(body, dict):
                raise ValueError("it holds no fields")
            return body
        text = content.decode("utf-8", errors="replace")
        fields = parse_qs(text, max_num_fields=_MOST_FIELDS)
    except (ValueError, RecursionError) as error:
        message = f"the body cannot be read: {error}; wanted the fields token and next"
        raise Refused(message, 400, "InvalidRequest") from error
    return {name: values[0] for name, values in fields.items()}


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) else ""


def _own_path(path: str) -> str:
    """Return where to go after signing in: a page of ours, never another site."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if plain and "\\" not in path else "/"
