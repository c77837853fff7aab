"""Parameters that several routes share, read once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, dataclass_transform
from urllib.parse import unquote_to_bytes

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, create_model

from reviewlens.errors import nearest
from reviewlens.server.bodies import check_filters
from reviewlens.server.failures import Failure, Refused
from reviewlens.server.fastapi_inside import query_names, route_of, takes_body
from reviewlens.server.service import Service, Shared
from reviewlens.store import FILTERS, WHERE, Filters, choose

if TYPE_CHECKING:
    from reviewlens.language_models import LanguageModel
    from reviewlens.server.options import Options


_Body = TypeVar("_Body")

_MOST_FIELDS = 100
"""Of a body: no route has as many. For each one too many an error would be put together."""


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def request_body(described: type[_Body]) -> type[_Body]:
    """Make a frozen dataclass that a request's body is read into; nothing else may be in it."""
    described.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]
    return dataclass(frozen=True, slots=True)(described)


def filtered_body(described: type[_Body]) -> type[_Body]:
    """Make the same of a class that has the filters as further fields; `filters_of` reads them.

    What is left out, or null, is not filtered by; an empty list of values leaves no review.
    """
    for one in FILTERS.values():
        kind: Any = int if one.number else str
        if one.shown and one.many:
            _add_field(described, one.name, Annotated[list[kind] | None, Field(max_length=1000)])
        elif one.shown:
            _add_field(described, one.name, Annotated[str | None, Field(max_length=1000)])
    _add_field(described, "where", Annotated[list[str] | None, Field(max_length=1000)])
    return request_body(described)


def _add_field(described: type, name: str, kind: Any) -> None:  # noqa: ANN401 - a type
    described.__annotations__[name] = kind
    setattr(described, name, None)


def filters_of(body: Any, options: Options, *, ids: Sequence[str] | None = None) -> Filters:  # noqa: ANN401
    """Return the filters in a body that `filtered_body` made.

    Raises:
        Refused: They have more values than the server allows, or one that is too long.
        FilterError: One cannot be read.
    """
    given = {one.name: getattr(body, one.name) for one in FILTERS.values() if one.shown}
    given = {name: value for name, value in given.items() if value is not None}
    check_filters(options, given if body.where is None else {**given, "where": body.where})
    return choose(*(body.where or ()), ids=ids, **given)


async def only_declared(request: Request) -> None:
    """Refuse a query parameter that the route does not have: misspelt, a filter would be none.

    Raises:
        Refused: There is such a one.
    """
    route = route_of(request.scope)
    known = _declared.get(route.endpoint)
    if known is None:
        known = _declared[route.endpoint] = query_names(route)
    for name in request.query_params:
        if name not in known:
            wanted = ", ".join(sorted(known)) or "none"
            near = nearest(name, sorted(known))
            hint = f"; did you mean {near}?" if near else ""
            message = f"there is no parameter {name} here; wanted of these: {wanted}{hint}"
            raise Refused(Failure("InvalidRequest", message, name), 422)


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
        raise Refused(Failure("InvalidRequest", message), 422)
    path = _half_character(body)
    if path is not None:
        field = ".".join(path) or None
        message = (
            f"{field or 'the body'}: half of a surrogate pair (U+D800 to U+DFFF), which is no "
            "character; send whole ones"
        )
        raise Refused(Failure("InvalidRequest", message, field), 422)


def _refuse_broken_address(path: bytes, query: bytes) -> None:
    field = None
    broken = not _is_text(path)
    for part in query.split(b"&") if query else ():
        name, _, value = part.partition(b"=")
        if not (_is_text(name) and _is_text(value)):
            field = name.decode() if _is_text(name) else None
            broken = True
            break
    if broken:
        message = f"{field or 'the address'}: it is no text in UTF-8, percent-encoded; wanted one"
        raise Refused(Failure("InvalidRequest", message, field), 422)


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
        if isinstance(value, str) and _HALF.search(value):
            return [str(part) for part in _parts(path)]
        if isinstance(value, dict):
            if any(_HALF.search(name) for name in value):
                return [str(part) for part in _parts(path)]
            waiting += [((path, name), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            waiting += [((path, place), inner) for place, inner in enumerate(value)]
    return None


def _parts(path: Any) -> list[Any]:  # noqa: ANN401 - nested pairs
    parts = []
    while path:
        path, part = path
        parts.append(part)
    return parts[::-1]


_HALF = re.compile("[\ud800-\udfff]")
_declared: dict[Callable[..., Any], frozenset[str]] = {}


def _filter_fields() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for one in FILTERS.values():
        kind: Any = int if one.number else str
        if one.shown and one.many:
            fields[one.name] = (list[kind], Field([], description=one.help))
        elif one.shown:
            fields[one.name] = (kind | None, Field(None, description=one.help))
    return {**fields, "where": (list[str], Field([], description=WHERE))}


if TYPE_CHECKING:
    _Filters = BaseModel
else:
    _Filters = create_model("_Filters", **_filter_fields())


async def _filters(service: Shared, given: Annotated[_Filters, Query()]) -> Filters:
    # A list that is not in the address is no filter; as one, it would leave no review.
    filters = {name: value for name, value in given if value not in (None, [])}
    check_filters(service.options, filters)
    return choose(*filters.pop("where", ()), **filters)


Filtered = Annotated[Filters, Depends(_filters)]
"""The filters of a request."""


Seed = Annotated[
    int, Query(ge=0, le=2**32 - 1, description="The same one gives the same answer again.")
]
"""`seed: Seed = 0` of a question that draws."""

Named = Annotated[bool, Query(description="Let the server's language model name them.")]
"""`named: Named = False` of a question whose groups a language model can name."""


def language_model(service: Service, *, named: bool) -> LanguageModel | None:
    """Return the server's language model where one is asked for.

    Raises:
        Refused: The server was started without one.
    """
    if named and service.options.language_model is None:
        message = "the server was started without a language model, which could name them"
        raise Refused(Failure("Unsupported", f"{message}: leave `named` out", "named"), 422)
    return service.options.language_model if named else None
