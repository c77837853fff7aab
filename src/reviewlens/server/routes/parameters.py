"""Parameters that several routes share, read once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, get_origin
from urllib.parse import unquote_to_bytes

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, create_model

from reviewlens.server.bodies import check_filters
from reviewlens.server.failures import Refused, wanted
from reviewlens.server.fastapi_inside import query_parameters, route_of, takes_body
from reviewlens.server.service import Service, Shared
from reviewlens.store import FILTERS, WHERE, Filters, choose

if TYPE_CHECKING:
    from reviewlens.language_models import LanguageModel
    from reviewlens.server.options import Options
    from reviewlens.store.filters import Filter


def _kind(one: Filter) -> Any:  # noqa: ANN401 - a type
    kind: Any = int if one.number else str
    return list[kind] if one.many else kind


_FILTERS: dict[str, tuple[Any, str]] = {
    one.name: (_kind(one), one.help) for one in FILTERS.values() if one.shown
} | {"where": (list[str], WHERE)}
"""What a request may filter by: what each takes, and its help."""

_MOST_FIELDS = 100
"""Of a body: no route has as many. For each one too many an error would be put together."""


class Body(BaseModel):
    """What a request's body is read into; nothing else may be in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


if TYPE_CHECKING:
    FilteredBody = Body
else:
    FilteredBody = create_model(
        "FilteredBody",
        __base__=Body,
        **{
            name: (Annotated[kind | None, Field(max_length=1000)], None)
            for name, (kind, _) in _FILTERS.items()
        },
    )
"""A body with the filters as further fields; `filters_of` reads them.

What is left out, or null, is not filtered by; an empty list of values leaves no review.
"""


def filters_of(body: Any, options: Options, *, ids: Sequence[str] | None = None) -> Filters:  # noqa: ANN401
    """Return the filters in a `FilteredBody`.

    Raises:
        Refused: They have more values than the server allows, or one that is too long.
        FilterError: One cannot be read.
    """
    given = {name: getattr(body, name) for name in _FILTERS if getattr(body, name) is not None}
    check_filters(options, given)
    return choose(*given.pop("where", ()), ids=ids, **given)


async def only_declared(request: Request) -> None:
    """Refuse a query parameter that the route does not have: misspelt, a filter would be none.

    One that takes one value is refused where it has two, of which the first would be none.

    Raises:
        Refused: There is such a one.
    """
    route = route_of(request.scope)
    known = _declared.get(route.endpoint)
    if known is None:
        known = _declared[route.endpoint] = query_parameters(route)
    for name in request.query_params:
        if name not in known:
            message = f"there is no parameter {name} here; {wanted(name, sorted(known))}"
            raise Refused(message, 422, "InvalidRequest", name)
        given = request.query_params.getlist(name)
        if len(given) > 1 and not known[name]:
            message = f"{name} is given {len(given)} times; it takes one value"
            raise Refused(message, 422, "InvalidRequest", name)


async def only_text(request: Request) -> None:
    """Refuse an address or a JSON body with what no text in UTF-8 holds: it would become another.

    Raises:
        Refused: There is such a thing, as a value or as a name; or the body has fields by the
            thousand.
    """
    _refuse_broken_address(request.scope["raw_path"], request.scope["query_string"])
    if not takes_body(route_of(request.scope)):
        return
    try:
        body = await request.json()
    except ValueError:
        return  # that it is no JSON is told where it is read
    if isinstance(body, dict) and len(body) > _MOST_FIELDS:
        message = f"the body has {len(body):,} fields; no route takes more than {_MOST_FIELDS}"
        raise Refused(message, 422, "InvalidRequest")
    path = _half_character(body)
    if path is not None:
        field = ".".join(path) or None
        message = (
            f"{field or 'the body'}: half of a surrogate pair (U+D800 to U+DFFF), which is no "
            "character; send whole ones"
        )
        raise Refused(message, 422, "InvalidRequest", field)


def _refuse_broken_address(path: bytes, query: bytes) -> None:
    for part in (path, *query.split(b"&")):
        if not _is_text(part):
            name = b"" if part is path else part.partition(b"=")[0]
            field = (name.decode() if _is_text(name) else "") or None
            message = (
                f"{field or 'the address'}: it is no text in UTF-8, percent-encoded; wanted one"
            )
            raise Refused(message, 422, "InvalidRequest", field)


def _is_text(encoded: bytes) -> bool:
    try:
        unquote_to_bytes(encoded).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return encoded.isascii()


def _half_character(body: Any) -> list[str] | None:  # noqa: ANN401 - any JSON
    """Return the path to the first text, or to what has the name, that is not whole."""
    waiting: list[tuple[Any, Any]] = [((), body)]
    while waiting:
        path, value = waiting.pop()
        texts = (value,) if isinstance(value, str) else value if isinstance(value, dict) else ()
        if any(map(_HALF.search, texts)):
            parts = []
            while path:
                path, part = path
                parts.append(str(part))
            return parts[::-1]
        if isinstance(value, dict):
            waiting += [((path, name), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            waiting += [((path, place), inner) for place, inner in enumerate(value)]
    return None


_HALF = re.compile("[\ud800-\udfff]")
_declared: dict[Callable[..., Any], dict[str, bool]] = {}


if TYPE_CHECKING:
    _Filters = BaseModel
else:
    _Filters = create_model(
        "_Filters",
        **{
            name: (kind, Field([], description=help))
            if get_origin(kind) is list
            else (kind | None, Field(None, description=help))
            for name, (kind, help) in _FILTERS.items()
        },
    )


async def _filters(service: Shared, given: Annotated[_Filters, Query()]) -> Filters:
    # A list that is not in the address is no filter; as one, it would leave no review.
    filters = {name: value for name, value in given if value not in (None, [])}
    check_filters(service.options, filters)
    return choose(*filters.pop("where", ()), **filters)


Filtered = Annotated[Filters, Depends(_filters)]
"""The filters of a request."""


def language_model(service: Service, *, named: bool) -> LanguageModel | None:
    """Return the server's language model where one is asked for.

    Raises:
        Refused: The server was started without one.
    """
    if named and service.options.language_model is None:
        message = "the server was started without a language model, which could name them"
        raise Refused(f"{message}: leave `named` out", 422, "Unsupported", "named")
    return service.options.language_model if named else None
