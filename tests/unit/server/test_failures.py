"""Every failure has one shape, and every error of ours a status."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from reviewlens import errors
from reviewlens.server import make_app
from reviewlens.server.failures import STATUS, failure_of, status_of
from reviewlens.store import Filters

ERRORS = [getattr(errors, name) for name in errors.__all__]


class Failing:
    """Stands in for a corpus: fails as it is told."""

    def __init__(self) -> None:
        self.error: Exception = RuntimeError("a key: hunter2")

    def only(self, filters: Filters) -> Failing:
        del filters
        return self

    def size(self) -> int:
        raise self.error

    def close(self) -> None: ...


FAILING = Failing()


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(make_app(FAILING), base_url="http://localhost")  # type: ignore[arg-type]


def made(kind: type[errors.ReviewLensError]) -> errors.ReviewLensError:
    if kind is errors.MissingExtra:
        return errors.MissingExtra("package", "extra", "What is wanted")
    return kind("what is wrong")


@pytest.mark.parametrize("kind", ERRORS)
def test_every_error_has_a_status_and_is_told(
    client: TestClient, kind: type[errors.ReviewLensError]
) -> None:
    FAILING.error = made(kind)
    answer = client.get("/api/v1/count")
    assert answer.status_code == status_of(FAILING.error) >= 400
    assert answer.json() == {
        "error": kind.__name__, "message": str(FAILING.error), "field": None
    }  # fmt: skip
    assert ("retry-after" in answer.headers) == (answer.status_code in (429, 503))
    assert failure_of(FAILING.error).error == kind.__name__


def test_the_table_of_statuses_names_errors_of_ours_alone() -> None:
    assert set(STATUS) <= set(ERRORS)
    assert errors.ReviewLensError in STATUS


def test_what_is_no_error_of_ours_is_told_without_its_text(client: TestClient) -> None:
    FAILING.error = RuntimeError("a key: hunter2")
    answer = client.get("/api/v1/count")
    assert (answer.status_code, answer.json()["error"]) == (500, "Unexpected")
    assert "hunter2" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/static/nothing.js", 404),
        ("PUT", "/api/v1/count", 405),
        ("POST", "/themes", 405),
        ("GET", "/api/v1/search", 422),
        ("GET", "/api/v1/search?q=a&n=x", 422),
        ("GET", "/api/v1/search?q=a&n=0", 422),
        ("GET", "/api/v1/search?q=a&min_similarity=nan", 422),
        ("POST", "/api/v1/search", 422),
    ],
)
def test_what_no_route_answers_has_the_shape(
    client: TestClient, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "message", "field"}
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"queries": [', "the body is no JSON: Expecting value at line 1, column 14"),
        (
            '{"queries":\n ["a"];}',
            "the body is no JSON: Expecting ',' delimiter at line 2, column 7",
        ),
        ("", "the body: Field required"),
    ],
)
def test_a_body_that_cannot_be_read_is_told_with_its_place(
    client: TestClient, body: str, message: str
) -> None:
    kind = {"Content-Type": "application/json"}
    answer = client.post("/api/v1/search", content=body, headers=kind)
    assert answer.status_code == 422
    assert answer.json() == {"error": "InvalidRequest", "message": message, "field": None}


def test_every_route_declares_its_failures(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert "HTTPValidationError" not in document["components"]["schemas"]
    names = []
    for path, methods in document["paths"].items():
        for route in methods.values():
            names.append(route["operationId"])
            refusals = {
                status: answer
                for status, answer in route["responses"].items()
                if status == "default" or int(status) >= 400
            }
            assert {"default", "422"} <= set(refusals), path
            for answer in refusals.values():
                schema = answer["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Failure"}, path
    assert len(names) == len(set(names)) > 40
    assert all(name.isidentifier() and len(name) < 40 for name in names)
