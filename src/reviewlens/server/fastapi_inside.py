"""What is used of FastAPI and Starlette beyond what they document, for the versions in `KNOWN`.

It is what a route declares, which they work out for themselves and keep with it.
`tests/unit/server/test_fastapi_inside.py` has a test for each part, which fails where a version no
longer has it or does otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

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


def query_names(route: APIRoute) -> frozenset[str]:
    """Return the parameters that a route takes in its address, those of its dependencies too."""
    return frozenset(_query_names(route.dependant))


def takes_body(route: APIRoute) -> bool:
    """Return whether a route reads a body into what it declares."""
    return route.body_field is not None


def _query_names(part: Dependant) -> Iterator[str]:
    for one in part.query_params:
        model = one.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            yield from model.model_fields
        else:
            yield one.alias
    for inner in part.dependencies:
        yield from _query_names(inner)
