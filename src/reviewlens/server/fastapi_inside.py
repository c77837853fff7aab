"""What is used of FastAPI and Starlette beyond what they document, for the versions in `KNOWN`.

It is what a route declares, which they work out for themselves and keep with it.
`tests/unit/server/test_fastapi_inside.py` has a test for each part, which fails where a version no
longer has it or does otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, get_args, get_origin

from fastapi.dependencies.models import Dependant
from pydantic import BaseModel

if TYPE_CHECKING:
    from fastapi.routing import APIRoute

KNOWN = {"fastapi": ("0.165.0",), "starlette": ("1.10.0",)}
"""Before one is added: run that test with it."""


def route_of(scope: Mapping[str, Any]) -> APIRoute:
    """Return the route that answers; a file of `/static` and what is not there have none.

    Raises:
        KeyError: There is none.
    """
    route: APIRoute = scope["route"]
    return route


def template_of(scope: Mapping[str, Any]) -> str:
    """Return a route's path with the names of its parameters; empty where no route answers.

    Of a router that was included under a prefix, it may be without that.
    """
    return str(getattr(scope.get("route"), "path", ""))


def query_parameters(route: APIRoute) -> dict[str, bool]:
    """Return the parameters that a route takes in its address, those of its dependencies too.

    Each with whether it takes several values.
    """
    return {name: _several(kind) for name, kind in _query_kinds(route.dependant)}


def body_names(route: APIRoute) -> tuple[str, ...]:
    """Return the fields of the body that a route takes; none where it takes none."""
    model = None if route.body_field is None else route.body_field.field_info.annotation
    if isinstance(model, type) and issubclass(model, BaseModel):
        return tuple(model.model_fields)
    return ()


def takes_body(route: APIRoute) -> bool:
    """Return whether a route reads a body into what it declares."""
    return route.body_field is not None


def _query_kinds(part: Dependant) -> Iterator[tuple[str, Any]]:
    for one in part.query_params:
        model = one.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            yield from ((name, inner.annotation) for name, inner in model.model_fields.items())
        else:
            yield one.alias, model
    for inner in part.dependencies:
        yield from _query_kinds(inner)


def _several(kind: Any) -> bool:  # noqa: ANN401 - an annotation
    return get_origin(kind) is list or any(get_origin(part) is list for part in get_args(kind))
