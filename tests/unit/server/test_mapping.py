"""The map's routes, on reviews in Milvus Lite."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.server import make_app, map_library

API = "/api/v1"
ROWS = 36
LOCAL = {"base_url": "http://127.0.0.1"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Twelve loud kettles of one star and 24 lamps; ids with characters of an address."""
    folder = tmp_path_factory.mktemp("map")
    with (folder / "reviews.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "text", "stars", "date", "product"])
        for n in range(ROWS):
            loud = n < 12
            text = "The motor howls dreadfully" if loud else "灯光很柔和 the light glows softly"
            name = f"a/{n:02}#~?&"
            product = "kettle" if loud else "lamp"
            writer.writerow(
                [name, f"{text}, {n}.", 1 if loud else 5, f"2024-01-{n % 28 + 1:02}", product]
            )
    corpus = Corpus.open(folder / "map.db", encoder=FakeEncoder(dimension=32))
    corpus.ingest(folder / "reviews.csv", force=True)  # it knows no Chinese
    with TestClient(make_app(corpus), **LOCAL) as found:  # type: ignore[arg-type]
        yield found


@pytest.fixture(scope="module")
def ids(client: TestClient) -> list[str]:
    found: list[str] = client.get(f"{API}/map/matching").json()["review_ids"]
    return found


def columns(content: bytes) -> dict[str, Any]:
    """Read the answer as a browser does."""
    size = int.from_bytes(content[:4], "little")
    assert size % 4 == 0
    outline = json.loads(content[4 : 4 + size])
    found, at, n = {"outline": outline}, 4 + size, outline["reviews"]
    for name, kind, length in (
        ("places", "<f4", 2 * n),
        ("stars", "<f4", n),
        *((name, "<i4", n) for name in ("days", "cluster", "product", "source", "language")),
    ):
        found[name] = np.frombuffer(content, kind, length, at)
        at += 4 * length
    return {**found, "ids": json.loads(content[at:])}


def test_points_are_those_of_the_map_in_columns(client: TestClient, ids: list[str]) -> None:
    answer = client.get(f"{API}/map/points")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/octet-stream")
    found = columns(answer.content)
    points = client.get(f"{API}/map").json()["points"]
    assert found["ids"] == ids == [point["review_id"] for point in points]
    expected = [(point["x"], point["y"]) for point in points]
    np.testing.assert_allclose(found["places"].reshape(-1, 2), expected, atol=1e-5)
    names = found["outline"]["products"]
    assert names == ["lamp", "kettle"]
    assert [names[code] for code in found["product"]] == [point["product"] for point in points]
    assert found["stars"].tolist() == [1.0] * 12 + [5.0] * 24
    assert found["days"][0] == 19723  # 2024-01-01
    assert set(found["cluster"].tolist()) == {-1}


def test_same_points_are_not_sent_twice(client: TestClient) -> None:
    first = client.get(f"{API}/map/points")
    again = client.get(f"{API}/map/points", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"{API}/map/points", headers={"If-None-Match": '"another"'})
    assert other.content == first.content


def test_points_may_come_later_as_a_job(client: TestClient) -> None:
    answer = client.get(f"{API}/map", params={"wait": 0, "seed": 5})
    assert answer.status_code in (200, 202)
    if answer.status_code == 202:
        assert answer.json()["name"] == "map"


def test_missing_extra_is_named(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewlens.insights.projection.find_spec", lambda _: None)
    monkeypatch.delitem(sys.modules, "umap", raising=False)
    answer = client.get(f"{API}/map/points", params={"method": "umap"})
    assert (answer.status_code, answer.json()["error"]) == (422, "MissingExtra")
    assert "reviewlens[umap]" in answer.json()["message"]


def test_filters_leave_ids_in_order(client: TestClient, ids: list[str]) -> None:
    answer = client.get(f"{API}/map/matching", params={"product": "kettle"})
    assert answer.json()["review_ids"] == sorted(ids)[:12]
    both = client.get(f"{API}/map/matching", params={"product": "kettle", "rating": "5.."})
    assert both.json()["review_ids"] == []


def test_scores_are_those_of_the_anomalies(client: TestClient) -> None:
    found = client.get(f"{API}/map/scores", params={"wait": 60}).json()
    corpus = client.app.state.service.corpus  # type: ignore[attr-defined]
    expected = corpus.anomalies(n=0).anomalies
    assert len(expected) == ROWS
    assert found["review_ids"] == [one.review_id for one in expected]
    assert found["scores"] == [one.score for one in expected]


def test_selection_is_told_of(client: TestClient, ids: list[str]) -> None:
    answer = client.post(f"{API}/selection", json={"review_ids": [*ids[:12], "unknown"]})
    found = answer.json()
    assert (found["reviews"], found["rest"], found["mean"]["value"]) == (12, 24, 1.0)
    assert found["products"][0]["label"] == "kettle"
    assert any("motor" in word["name"] for word in found["words"])
    table = client.post(f"{API}/selection", params={"format": "csv"}, json={"review_ids": ids[:12]})
    assert table.headers["content-disposition"].endswith('.csv"')


@pytest.mark.parametrize("given", [[], ["unknown"]])
def test_selection_of_nothing_is_refused(client: TestClient, given: list[str]) -> None:
    answer = client.post(f"{API}/selection", json={"review_ids": given})
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_selection_is_taken_away(client: TestClient, ids: list[str]) -> None:
    body = {"review_ids": [ids[20], ids[3], "unknown"]}
    answer = client.post(f"{API}/selection/file", json=body)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["review_id"] for row in rows] == [ids[3], ids[20]]
    assert "灯光" in rows[1]["text"]
    sheet = client.post(f"{API}/selection/file", params={"format": "xlsx"}, json=body)
    assert sheet.content[:2] == b"PK"


def test_script_is_the_installed_package_s(client: TestClient) -> None:
    answer = client.get(map_library.SCRIPT)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert b"OrthographicView" in answer.content
    again = client.get(map_library.SCRIPT, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/drawing/index.js.map",
        "/drawing/deck.js/../index.js",
        "/drawing/%2e%2e/deck.js",
        "/drawing/",
    ],
)
def test_nothing_else_of_the_package_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_script_that_is_missing_names_the_extra(
    client: TestClient, uninstall: Callable[[str], None]
) -> None:
    uninstall("pydeck")
    answer = client.get(map_library.SCRIPT)
    assert answer.status_code == 422
    assert "reviewlens[server]" in answer.json()["message"]


def test_page_needs_no_eval(client: TestClient) -> None:
    policy = client.get("/map").headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "blob:" not in policy.split("script-src")[1].split(";")[0]
    assert "trusted-types default" in policy
    assert "trusted-types 'none'" in client.get("/themes").headers["content-security-policy"]


def test_too_few_reviews_are_told(tmp_path: Path) -> None:
    (tmp_path / "two.csv").write_text("text\nOne review of something\nAnother one\n")
    corpus = Corpus.open(tmp_path / "two.db", encoder=FakeEncoder(dimension=32))
    with TestClient(make_app(corpus), **LOCAL) as client:  # type: ignore[arg-type]
        empty = client.get(f"{API}/map/points")
        assert (empty.status_code, empty.json()["error"]) == (404, "CollectionMissing")
        corpus.ingest(tmp_path / "two.csv")
        answer = client.get(f"{API}/map/points")
    assert (answer.status_code, answer.json()["error"]) == (422, "TooFewReviews")
    assert "too few for a map; wanted at least 3" in answer.json()["message"]
