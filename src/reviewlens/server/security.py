"""Who is answered: hosts, origins and tokens, before anything else sees a request."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response

from reviewlens.server.failures import Refused, printable
from reviewlens.server.pages import PAGES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from reviewlens.server.options import Options

Role = Literal["writer", "reader"]

API = "/api/v1"
COOKIE = "reviewlens_access"
SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
HEALTH = "/healthz"
_WITHOUT_TOKEN = (SIGN_IN, SIGN_OUT, HEALTH)
_READING = ("GET", "HEAD", "OPTIONS")
_QUESTIONS = tuple(
    f"{API}/{name}" for name in ("search", "reviews", "classify", "selection", "selection/file")
)
"""What is asked by POST, as the question is long, and changes nothing."""
_CANCELLING = re.compile(f"{API}/jobs/[^/]+/cancel")
"""Whether this changes anything only the route can tell, as it knows the job."""
_FORMS = {
    SIGN_IN: ("application/x-www-form-urlencoded",),
    f"{API}/uploads": ("multipart/form-data",),
}

HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Of every response that does not say otherwise."""
_ENCODED = tuple((name.encode(), value.encode()) for name, value in HEADERS.items())

READING_ALONE = "this token is for reading; what changes reviews needs the other"

_ONCE = (
    "authorization", "content-length", "content-type", "host", "origin", "sec-fetch-site",
    "transfer-encoding",
)  # fmt: skip
"""Headers that decide who is answered, or where a request ends; a second one could be another's."""

_MOST_TRIES = 10
_TRIES_SECONDS = 60.0
_MOST_DIGITS = 19
_MOST_ADDRESSES = 1_000


class Keys:
    """The tokens, and who has tried wrong ones."""

    def __init__(self, options: Options) -> None:
        self._roles: list[tuple[str, Role]] = []
        if options.token:
            self._roles.append((options.token, "writer"))
            if options.read_only_token:
                self._roles.append((options.read_only_token, "reader"))
        self._tries: OrderedDict[str, list[float]] = OrderedDict()

    @property
    def wanted(self) -> bool:
        """Whether a token is needed at all."""
        return bool(self._roles)

    def role(self, token: str) -> Role | None:
        """Return what who has a token may do."""
        return self._role(token, lambda own: own)

    def role_of_cookie(self, value: str) -> Role | None:
        """Return what who has a cookie may do."""
        return self._role(value, self.cookie)

    def cookie(self, token: str) -> str:
        """Return what a browser keeps in place of the token, which it cannot be told from."""
        return hmac.new(token.encode(), b"reviewlens cookie", hashlib.sha256).hexdigest()

    def _role(self, given: str, known_as: Callable[[str], str]) -> Role | None:
        """Return the role of what was given; all tokens are compared, in constant time."""
        encoded = given.encode("utf-8", "surrogatepass")
        found: Role | None = None
        for own, role in self._roles:
            if hmac.compare_digest(encoded, known_as(own).encode()):
                found = role
        return found

    def failed(self, address: str) -> None:
        """Remember that a wrong token came from an address."""
        tries = self._tries.setdefault(address, [])
        tries.append(time.monotonic())
        del tries[:-_MOST_TRIES]
        self._tries.move_to_end(address)
        while len(self._tries) > _MOST_ADDRESSES:
            self._tries.popitem(last=False)

    def guessed(self, address: str) -> None:
        """Note a wrong token; the right one is never refused: behind a proxy all have one address.

        Raises:
            Refused: So many came from the address that a further one has to wait.
        """
        since = time.monotonic() - _TRIES_SECONDS
        if sum(moment > since for moment in self._tries.get(address, [])) >= _MOST_TRIES:
            message = "too many wrong tokens came from this address; wait a minute"
            raise Refused(message, 429, "Overloaded")
        self.failed(address)


class Security:
    """Refuses who may not ask; gives every response its headers.

    Args:
        app: What answers.
        options: What is allowed.
        keys: The tokens.
    """

    def __init__(self, app: ASGIApp, options: Options, keys: Keys) -> None:
        self._app = app
        self._hosts = {_plain_host(host) for host in options.hosts}
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            if scope["type"] != "websocket":
                await self._app(scope, receive, send)
            return
        path: str = scope["path"]

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = message.setdefault("headers", [])
                there = {name.lower() for name, _ in own}
                caching = b"no-cache" if _is_static(path) else b"no-store"
                given = (*_ENCODED, (b"cache-control", caching))
                own.extend(header for header in given if header[0] not in there)
            await send(message)

        answering: ASGIApp
        try:
            answering = self._sign_in(scope) or self._app
        except Refused as refused:
            answering = refused.response()
        await answering(scope, receive, guarded)

    def _sign_in(self, scope: Scope) -> Response | None:
        """Refuse who may not ask; return what leads to signing in whom it would help."""
        headers: dict[str, str] = {}
        for raw_name, value in scope["headers"]:
            name = raw_name.decode("latin-1")
            if name in headers and name in _ONCE:
                message = f"there is more than one header {name}; send one"
                raise Refused(message, 400, "InvalidRequest")
            headers[name] = value.decode("latin-1")
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit() and len(length) < _MOST_DIGITS):
            message = "the header content-length is no number of bytes"
            raise Refused(message, 400, "InvalidRequest")
        host = headers.get("host", "")
        if not self._answers_to(host, scope):
            raise Refused(
                f"this server does not answer to the name {printable(host, 100)!r}; ask for one "
                "that it was started with, or allow this one with --allow-host",
                421,
            )
        _refuse_foreign(scope, headers, host)
        _refuse_form(scope, headers)
        return self._keyless(scope, headers)

    def _answers_to(self, host: str, scope: Scope) -> bool:
        name = _plain_host(host)
        if not name:
            return False
        # An address that is a number belongs to no site that could have been made to mean us.
        return name in self._hosts or (
            _is_number(name) and name == (scope.get("server") or [""])[0]
        )

    def _keyless(self, scope: Scope, headers: Mapping[str, str]) -> Response | None:
        """Refuse who has no token, or one that does not do; a page leads to signing in."""
        path, method = scope["path"], scope["method"]
        if not self._keys.wanted or path in _WITHOUT_TOKEN or _is_static(path):
            return None
        role = None
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            role = self._keys.role(token.strip())
            if role is None:
                self._keys.guessed(address_of(scope))
        elif value := HTTPConnection(scope).cookies.get(COOKIE, ""):
            role = self._keys.role_of_cookie(value)
        if role is None:
            if method in ("GET", "HEAD") and path in PAGES:
                asked = f"{path}?{scope['query_string'].decode('latin-1')}".rstrip("?")
                return RedirectResponse(f"{SIGN_IN}?next={quote(asked, safe='')}", 303)
            raise Refused(
                "this server answers those alone who have its token: send it as "
                "'Authorization: Bearer TOKEN', or sign in at /sign-in",
                401,
                headers={"WWW-Authenticate": "Bearer"},
            )
        scope.setdefault("state", {})["role"] = role
        changes = method not in _READING and path not in _QUESTIONS
        if role == "reader" and changes and not _CANCELLING.fullmatch(path):
            raise Refused(READING_ALONE, 403)
        return None


def _refuse_foreign(scope: Scope, headers: Mapping[str, str], host: str) -> None:
    """Refuse what the page of another site asks."""
    if scope["method"] in _READING and not scope["path"].startswith(API):
        return
    origin = headers.get("origin")
    fetched = headers.get("sec-fetch-site")
    # Without a referrer, a form's own page is `null`; what fetched it no page can pretend.
    own = (
        origin is None
        or origin.lower() in (f"http://{host}".lower(), f"https://{host}".lower())
        or (origin == "null" and fetched == "same-origin")
    )
    if not own or fetched not in (None, "same-origin", "none"):
        message = "a page of another site may not ask this server; open its own pages"
        raise Refused(message, 403)


def _refuse_form(scope: Scope, headers: Mapping[str, str]) -> None:
    """Refuse a body that a form of any page could have sent."""
    if scope["method"] in _READING:
        return
    bodiless = headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    allowed = ("application/json", *_FORMS.get(scope["path"], ()))
    if bodiless or kind in allowed:
        return
    shown = printable(kind, 100) or "of no kind"
    raise Refused(f"the body is {shown}; wanted Content-Type: {' or '.join(allowed)}", 415)


def address_of(scope: Scope) -> str:
    """Return the address that a request came from."""
    return str((scope.get("client") or [""])[0])


def _is_static(path: str) -> bool:
    return path.startswith("/static/")


@lru_cache(maxsize=64)
def _plain_host(host: str) -> str:
    """Return the name in a `Host` header: without port, brackets and final dot."""
    name = host.strip().lower()
    if _is_number(name):  # an IPv6 address as `Options.hosts` may have it
        return name
    found = re.fullmatch(r"(?:\[([0-9a-f:.]+)\]|([^:\[\]@/]*?)\.?)(?::\d{1,5})?", name)
    return "" if found is None else found[1] or found[2] or ""


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
