"""How large a question may be; what passes a limit is refused before the corpus is asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reviewlens.server.failures import Failure, Refused, refusal

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from reviewlens.server.options import Options

UPLOADS = "/api/v1/uploads"
_FRAME = 64 * 1024  # what a form has around its file
_SIGN_IN = "/sign-in"
_SIGN_IN_BYTES = 64 * 1024  # read of anybody, whatever the token


def check_texts(options: Options, texts: Sequence[str], *, field: str = "q") -> None:
    """Refuse too many texts, or one that is too long.

    Raises:
        Refused: So it is.
    """
    if not 1 <= len(texts) <= options.most_queries:
        raise _too_large(
            field, f"there are {len(texts):,} texts; wanted 1 to {options.most_queries:,}"
        )
    longest = max(len(text) for text in texts)
    if longest > options.most_query_characters:
        raise _too_large(
            field,
            f"the text has {longest:,} characters; at most {options.most_query_characters:,} are "
            "answered: ask with a part of it",
        )


def check_count(options: Options, n: int, *, field: str = "n") -> None:
    """Refuse a question for more than is given at once.

    Raises:
        Refused: So it is.
    """
    if n > options.most_results:
        raise _too_large(
            field, f"{n:,} are wanted; at most {options.most_results:,} are given at once"
        )


def check_filters(options: Options, filters: Mapping[str, Any]) -> None:
    """Refuse filters of too many values, or with one that is too long.

    Raises:
        Refused: So it is.
    """
    values = [
        one for some in filters.values() for one in (some if isinstance(some, list) else [some])
    ]
    if len(values) > options.most_filter_values:
        raise _too_large(
            None,
            f"the filters have {len(values):,} values; at most {options.most_filter_values:,} are "
            "taken: ask with fewer",
        )
    for name, some in filters.items():
        for one in some if isinstance(some, list) else [some]:
            if isinstance(one, str) and len(one) > options.most_query_characters:
                raise _too_large(
                    name,
                    f"a value has {len(one):,} characters; at most "
                    f"{options.most_query_characters:,} are taken",
                )


def _too_large(field: str | None, message: str) -> Refused:
    return Refused(Failure("TooLarge", message, field), 422)


class Bodies:
    """Refuses bodies that are too large, counted as they come, and requests that are too many.

    Args:
        app: What answers.
        options: What is allowed.
    """

    def __init__(self, app: ASGIApp, options: Options) -> None:
        self._app = app
        self._options = options
        self._asking: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connections = scope.get("state", {}).get("connections", 0)
        if connections > self._options.most_connections:
            # Closed, so that there are fewer.
            crowded = refusal("too many connections are open; try again", 503, "Overloaded")
            crowded.headers["Connection"] = "close"
            await crowded(scope, receive, send)
            return
        client = str((scope.get("client") or [""])[0])
        if self._asking[client] >= self._options.most_of_client:
            message = "too many requests of yours are under way; try again"
            await refusal(message, 429, "Overloaded")(scope, receive, send)
            return
        self._asking[client] += 1
        try:
            await self._counted(scope, receive, send)
        finally:
            self._asking[client] -= 1
            if not self._asking[client]:
                del self._asking[client]

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in ("GET", "HEAD"):  # no body of these is read
            await self._app(scope, receive, send)
            return
        options = self._options
        most = options.most_body_bytes
        if scope["path"] == UPLOADS and scope["method"] == "POST":
            most = options.most_upload_bytes + _FRAME
        elif scope["path"] == _SIGN_IN:
            most = min(most, _SIGN_IN_BYTES)
        if _declared(scope) > most:
            await _too_long(most)(scope, receive, send)
            return
        body = _Body(receive, most, options.body_seconds)
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if body.failed is None or started:
                started = True
                await send(message)
            # What the app makes of a body that ended early is not told.

        try:
            await self._app(scope, body.receive, guarded)
        except Exception:
            if body.failed is None or started:
                raise
        if body.failed is not None and not started:
            body.failed.headers["Connection"] = "close"
            await body.failed(scope, receive, send)


class _Body:
    """A body as it comes; ends early where it is too large or too slow, and `failed` says so."""

    def __init__(self, receive: Receive, most: int, seconds: float) -> None:
        self._receive = receive
        self._most = most
        self._seconds = seconds
        self._came = 0
        self._whole = False
        self.failed: Response | None = None

    async def receive(self) -> Message:
        """Return the next part."""
        if self._whole:
            return await self._receive()
        if self.failed is None:
            try:
                message = await asyncio.wait_for(self._receive(), self._seconds)
            except TimeoutError:
                self.failed = refusal("the body did not come in time; send it again", 408)
            else:
                self._came += len(message.get("body", b""))
                self._whole = not message.get("more_body", False)
                if self._came <= self._most:
                    return message
                self.failed = _too_long(self._most)
        return {"type": "http.disconnect"}


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value)  # that it is a number was seen before
    return 0


def _too_long(most: int) -> Response:
    message = f"the body is larger than {most:,} bytes, which is the most taken"
    return refusal(message, 413, "TooLarge")
