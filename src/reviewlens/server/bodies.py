"""How large a question may be; what passes a limit is refused before the corpus is asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers

from reviewlens.server.failures import Refused
from reviewlens.server.security import API, SIGN_IN, address_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from reviewlens.server.options import Options

UPLOADS = f"{API}/uploads"
_FRAME = 64 * 1024  # what a form has around its file
_SIGN_IN_BYTES = 64 * 1024  # read of anybody, whatever the token
_CLOSING = {"Connection": "close"}


def check_texts(options: Options, texts: Sequence[str], *, field: str) -> None:
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


def check_count(options: Options, n: int) -> None:
    """Refuse a question for more than is given at once.

    Raises:
        Refused: So it is.
    """
    if n > options.most_results:
        raise _too_large(
            "n", f"{n:,} are wanted; at most {options.most_results:,} are given at once"
        )


def check_filters(options: Options, filters: Mapping[str, Any]) -> None:
    """Refuse filters of too many values, or with one that is too long.

    Raises:
        Refused: So it is.
    """
    values = [
        (name, one)
        for name, some in filters.items()
        for one in (some if isinstance(some, list) else [some])
    ]
    if len(values) > options.most_filter_values:
        raise _too_large(
            None,
            f"the filters have {len(values):,} values; at most {options.most_filter_values:,} are "
            "taken: ask with fewer",
        )
    most = options.most_query_characters
    for name, one in values:
        if isinstance(one, str) and len(one) > most:
            raise _too_large(
                name, f"a value has {len(one):,} characters; at most {most:,} are taken"
            )


def _too_large(field: str | None, message: str) -> Refused:
    return Refused(message, 422, "TooLarge", field)


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
        client = address_of(scope)
        self._asking[client] += 1
        try:
            if scope.get("state", {}).get("connections", 0) > self._options.most_connections:
                message = "too many connections are open; try again"
                raise Refused(message, 503, "Overloaded", headers=_CLOSING)  # so there are fewer
            if self._asking[client] > self._options.most_of_client:
                message = "too many requests of yours are under way; try again"
                raise Refused(message, 429, "Overloaded")
            await self._app(scope, self._counted(scope, receive), send)
        except Refused as refused:
            await refused.response()(scope, receive, send)
        finally:
            self._asking[client] -= 1
            if not self._asking[client]:
                del self._asking[client]

    def _counted(self, scope: Scope, receive: Receive) -> Receive:
        """Return what receives a body, and refuses one that is too large or too slow."""
        if scope["method"] in ("GET", "HEAD"):  # no body of these is read
            return receive
        options = self._options
        most = options.most_body_bytes
        if scope["path"] == UPLOADS and scope["method"] == "POST":
            most = options.most_upload_bytes + _FRAME
        elif scope["path"] == SIGN_IN:
            most = min(most, _SIGN_IN_BYTES)
        too_long = Refused(
            f"the body is larger than {most:,} bytes, which is the most taken",
            413,
            "TooLarge",
            headers=_CLOSING,
        )
        if int(Headers(scope=scope).get("content-length", 0)) > most:  # a number, as was seen
            raise too_long
        came, whole = 0, False

        async def counted() -> Message:
            nonlocal came, whole
            if whole:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), options.body_seconds)
            except TimeoutError:
                slow = "the body did not come in time; send it again"
                raise Refused(slow, 408, headers=_CLOSING) from None
            came += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if came > most:
                raise too_long
            return message

        return counted
