"""Each part of FastAPI and Starlette that they do not document and `fastapi_inside` uses.

Where one fails after one of them was updated: see what became of it, mend the module, and only
then add the version to its `KNOWN`.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, Query, Request
from pydantic import BaseModel
from starlette.testclient import TestClient

from reviewlens.server.fastapi_inside import (
    KNOWN,
    body_names,
    query_parameters,
    route_of,
    takes_body,
    template_of,
)


class Filters(BaseModel):
    """Parameters by the dozen."""

    product: list[str] = []
    since: str = ""


class Thing(BaseModel):
    """A body."""

    size: int
    name: str = ""


def filters(given: Annotated[Filters, Query()]) -> Filters:
    return given


@pytest.fixture
def asked() -> Iterator[tuple[TestClient, list[Any]]]:
    """A client of an app, and what its check made of each request."""
    seen: list[Any] = []

    async def check(request: Request) -> None:
        route = route_of(request.scope)
        body = takes_body(route), body_names(route)
        seen.append((query_parameters(route), body, template_of(request.scope)))

    router = APIRouter()

    @router.get("/things/{thing}")
    async def read(
        thing: str, n: int = 1, by: Annotated[str, Query(alias="group-by")] = "",
        tags: Annotated[list[str] | None, Query()] = None,
        given: Annotated[Filters | None, Depends(filters)] = None,
    ) -> str:  # fmt: skip
        return thing

    @router.post("/things")
    async def write(body: Annotated[dict[str, int], Body()]) -> int:
        return len(body)

    @router.put("/things")
    async def change(body: Thing) -> int:
        return body.size

    app = FastAPI()
    app.include_router(router, prefix="/api", dependencies=[Depends(check)])
    with TestClient(app) as client:
        yield client, seen


def test_the_versions_installed_are_known() -> None:
    assert {name: version(name) in known for name, known in KNOWN.items()} == {
        "fastapi": True,
        "starlette": True,
    }


def test_a_route_tells_its_parameters_by_alias_and_those_of_models_and_dependencies(
    asked: tuple[TestClient, list[Any]],
) -> None:
    client, seen = asked
    assert client.get("/api/things/a").status_code == 200
    [(names, body, template)] = seen
    assert names == {"n": False, "group-by": False, "tags": True, "product": True, "since": False}
    assert body == (False, ())
    assert template.endswith("/things/{thing}")


def test_a_route_tells_whether_it_reads_a_body(asked: tuple[TestClient, list[Any]]) -> None:
    client, seen = asked
    assert client.post("/api/things", json={"a": 1}).status_code == 200
    assert client.put("/api/things", json={"size": 1}).status_code == 200
    assert [(names, body) for names, body, _ in seen] == [
        ({}, (True, ())), ({}, (True, ("size", "name")))
    ]  # fmt: skip


def test_what_no_route_answers_has_no_template() -> None:
    assert template_of({"type": "http"}) == ""


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("a=1; b=2", {"a": "1", "b": "2"}),
        ("a=x=y", {"a": "x=y"}),
        ('a="1 2"; =; b', {"a": "1 2", "": "b"}),
        ("", {}),
    ],
)
def test_cookies_are_read_as_browsers_write_them(header: str, wanted: dict[str, str]) -> None:
    scope = {"type": "http", "headers": [(b"cookie", header.encode())]}
    assert Request(scope).cookies == wanted
