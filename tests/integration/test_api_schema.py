"""The HTTP API keeps to its own OpenAPI document, whatever it is asked: schemathesis asks it.

Cases are derived from the document, the same ones in each run. Half of them get filters, ids and
names that exist, as nearly all that are made up are refused before the corpus is asked.
"""

from __future__ import annotations

import csv
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.server import Options, make_app

SAMPLE = Path(__file__).parents[2] / "datasets" / "sample_reviews.csv"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
FILTERS: dict[str, list[Any]] = {
    "rating": ["1..3", "4..", "2"],
    "since": ["2025", "2025-03"],
    "until": ["2026-06", "2026"],
    "product": ["Ovandil Halo Lamp", "Nimbrae Air Purifier"],
    "source": ["webshop", "app-survey"],
    "language": ["en", ""],
    "cluster": [0, 1, -1],
    "where": ["country=DE", "delivery_days>=2", "version!=3.8.2"],
}
SEVERAL = ("product", "source", "language", "cluster", "where")
PLACES: dict[str, list[Any]] = {"theme": [0, 1, 2], "name": ["main"]}
ARGUMENTS: dict[str, list[Any]] = {
    "a": ["rating=1..3", "product=Ovandil Halo Lamp"],
    "b": ["rest", "rating=4.."],
    "by": ["product", "stars", "country"],
    "column": ["product", "country"],
    "for_product": FILTERS["product"],
    "labels": [["battery", "packaging"]],
    "q": ["arrived broken", "电池"],
    "question": ["what breaks?"],
    "query": [["late delivery"]],
    "review_id": ["webshop:1", "webshop:6"],
}
LAST = ("/reindex", "/theme_sets/{name}", "/delete")  # what there is less after


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    from milvus_lite.server_manager import server_manager_instance

    folder = tmp_path_factory.mktemp("schema")
    with SAMPLE.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    with (folder / "few.csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([header, *rows[::7]])
    corpus = Corpus.open(folder / "reviews.db", encoder=FakeEncoder(dimension=32))
    corpus.ingest(folder / "few.csv", source_column="source")
    corpus.themes.save(clusters=3)
    app = make_app(corpus, Options(wait_seconds=2))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client
    server_manager_instance.release_server(str(folder / "reviews.db"))


@pytest.mark.cjk  # the sample has Chinese reviews, whose words are told
def test_answers_keep_to_the_document(client: TestClient) -> None:
    counts, found = ask_all(client, each=3)
    assert not found, "\n\n".join(found)
    held(counts, 150)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_answers_keep_to_the_document_in_2000_cases(client: TestClient) -> None:
    counts, found = ask_all(client, each=45)
    assert not found, "\n\n".join(found)
    held(counts, 2_000)


def held(counts: Counter[str], wanted: int) -> None:
    """Hold that so many were asked, and that the corpus, not a guard, answered a good part."""
    answered = counts.pop("answered")
    asked = sum(counts.values())
    assert asked >= wanted
    assert answered >= asked / 4


def ask_all(client: TestClient, *, each: int) -> tuple[Counter[str], list[str]]:
    """Ask every operation; return how often each was asked, and what was wrong."""
    document = client.get("/api/v1/openapi.json").json()
    schema = schemathesis.openapi.from_dict(without_prefixes(document))
    schema.app = client.app  # asked without a network
    schema.config.update(base_url="http://localhost")
    operations = [result.ok() for result in schema.get_all_operations()]
    operations.sort(key=lambda one: (one.path.removeprefix("/api/v1") in LAST, one.method != "get"))
    counts: Counter[str] = Counter()
    found: dict[str, str] = {}
    for operation in operations:
        ask = asking(client, operation, each, counts, found)
        ask()
    return counts, list(found.values())


def asking(
    client: TestClient, operation: Any, each: int, counts: Counter[str], found: dict[str, str]
) -> Callable[[], None]:
    label = f"{operation.method.upper()} {operation.path}"

    @settings(
        max_examples=each,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        counts[label] += 1
        plausible(case, client)
        try:
            answer = case.call(session=client, timeout=60)
            counts["answered"] += answer.status_code in (200, 202)
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as failures:
            found.setdefault(label, f"{label}: {failures}")

    return ask


def without_prefixes(node: Any) -> Any:
    """Write a tuple of one type as a list of its length: schemathesis garbles `prefixItems`."""
    if isinstance(node, list):
        return [without_prefixes(one) for one in node]
    if not isinstance(node, dict):
        return node
    node = {name: without_prefixes(one) for name, one in node.items()}
    if isinstance(node.get("prefixItems"), list):
        first, *others = node.pop("prefixItems")
        assert all(one == first for one in others)
        node["items"] = first
    return node


def plausible(case: Any, client: TestClient) -> None:
    """Give every other case what exists, in the place of what was made up."""
    query = case.query if isinstance(case.query, dict) else {}
    if isinstance(query.get("wait"), int | float):
        query["wait"] = min(query["wait"], 2)
    body = case.body if isinstance(case.body, dict) else {}
    if case.path.endswith("/reindex"):  # the stand-in has no name by which it could be loaded
        body["grace"] = 0
        body.pop("precision", None)
        body.pop("dimensions", None)
    draw = zlib.crc32(repr((case.path, query, body)).encode(errors="replace"))
    if draw % 2:
        return
    for arguments in (query, body):
        for name in arguments:
            values = FILTERS.get(name) or ARGUMENTS.get(name)
            if values is not None:
                value = values[draw % len(values)]
                arguments[name] = [value] if name in SEVERAL else value
    places = {**PLACES, "job": jobs(client), "upload": [upload(client)]}
    for name in case.path_parameters or {}:
        values = places[name]
        case.path_parameters[name] = values[draw % len(values)]


def jobs(client: TestClient) -> list[str]:
    return [one["job"] for one in client.get("/api/v1/jobs").json()] or ["none"]


def upload(client: TestClient) -> str:
    sent = client.post("/api/v1/uploads", files={"file": ("a.csv", b"id,text\n1,Good\n2,Bad\n")})
    return str(sent.json().get("upload", "none"))
