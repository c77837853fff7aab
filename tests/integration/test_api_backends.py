"""The HTTP API, on a server too: a file is uploaded, stored, asked, changed and deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from fakes import FakeEncoder
from milvus_servers import Backend
from reviewlens import Corpus
from reviewlens.server import make_app

CSV = """Nr;Meinung;Sterne;Datum;Ware
1;the lamp arrived broken;1;05.01.2024;lamp
2;a warm lamp for reading;5;10.02.2024;lamp
3;;;15.03.2024;granola
4;the granola was stale;2;16.03.2024;granola
"""
MAPPING = {
    "columns": {
        "id": "Nr",
        "text": "Meinung",
        "rating": "Sterne",
        "time": "Datum",
        "product": "Ware",
    },
    "source": "shop",
}


@pytest.fixture
def client(backend: Backend, collection_name: str) -> Iterator[TestClient]:
    corpus = Corpus.open(
        backend.uri, collection=collection_name, token=backend.token, encoder=FakeEncoder()
    )
    with TestClient(make_app(corpus), base_url="http://127.0.0.1") as client:
        yield client


def asked(client: TestClient, method: str, path: str, **given: Any) -> Any:
    answer = client.request(method, f"/api/v1{path}", **given)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.backends("lite", "container-auth")
def test_upload_is_stored_asked_and_deleted(client: TestClient) -> None:
    upload = asked(client, "POST", "/uploads", files={"file": ("shop.csv", CSV.encode())})
    path = f"/uploads/{upload['upload']}"
    plan = asked(client, "POST", f"{path}/plan?wait=60", json=MAPPING)
    assert (plan["accepted"], plan["rejected"]) == (3, 1)
    assert client.get("/api/v1/count").status_code == 404  # a plan stores nothing

    report = asked(client, "POST", f"{path}/ingest?wait=60", json=MAPPING)
    assert (report["indexed"], report["rejected"]) == (3, 1)
    found = asked(client, "GET", "/search?q=granola%20stale&min_similarity=0.1&n=1")
    assert [match["text"] for match in found["matches"]] == ["the granola was stale"]
    facets = asked(client, "GET", "/facets?product=lamp&wait=60")
    assert facets["reviews"] == 2
    assert asked(client, "GET", "/count?rating=..2") == {"reviews": 2}

    again = asked(client, "POST", f"{path}/ingest?wait=60", json=MAPPING)
    assert (again["indexed"], again["unchanged"]) == (0, 3)
    ids = [found["matches"][0]["review_id"]]
    asked(client, "POST", "/delete?wait=60", json={"review_ids": ids})
    assert asked(client, "GET", "/count") == {"reviews": 2}
