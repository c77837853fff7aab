"""What watches a server is told the truth."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from fakes import EmptyCorpus
from reviewlens.errors import CollectionMissing, StoreUnreachable
from reviewlens.server import make_app


class Stub(EmptyCorpus):
    """Counts, or fails as it is told."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def size(self) -> int:
        if self.error is not None:
            raise self.error
        return 7


STUB = Stub()


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(make_app(STUB), base_url="http://localhost") as found:  # type: ignore[arg-type]
        yield found


def figures(client: TestClient) -> dict[str, float]:
    lines = client.get("/metrics").text.splitlines()
    pairs = [line.rpartition(" ") for line in lines if line and not line.startswith("#")]
    return {name: float(value) for name, _, value in pairs}


def test_ready_is_what_can_be_asked_and_alive_is_always(client: TestClient) -> None:
    STUB.error = None
    assert client.get("/readyz").json() == {"ready": True, "reviews": 7}
    STUB.error = CollectionMissing("nothing yet")  # an upload makes it
    assert client.get("/readyz").json() == {"ready": True, "reviews": 0}
    STUB.error = StoreUnreachable("Milvus does not answer")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["error"]) == (503, "StoreUnreachable")
    assert client.get("/healthz").json() == {"status": "ok"}


def test_metrics_count_by_route_and_never_by_what_was_asked(client: TestClient) -> None:
    before = figures(client)
    client.get("/api/v1/search?q=private")
    client.get("/api/v1/jobs/one")
    client.get("/api/v1/jobs/other")
    client.get("/nothing/private")
    client.request("WEIRD", "/healthz")
    after = figures(client)

    def more(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    count = "reviewlens_requests_total"
    assert more(f'{count}{{method="GET",route="/api/v1/search",status="200"}}') == 1
    assert more(f'{count}{{method="GET",route="/api/v1/jobs/{{job}}",status="404"}}') == 2
    assert more(f'{count}{{method="GET",route="none",status="404"}}') == 1
    assert more("reviewlens_search_batch_size_count") == 1
    assert after["reviewlens_searches_waiting"] == 0
    assert after['reviewlens_jobs{state="running"}'] == 0
    assert "private" not in "".join(after)
    assert "WEIRD" not in "".join(after)


def test_two_apps_have_figures_of_their_own(client: TestClient) -> None:
    client.get("/healthz")
    other = TestClient(make_app(Stub()), base_url="http://localhost")  # type: ignore[arg-type]
    assert not [name for name in figures(other) if "healthz" in name]
