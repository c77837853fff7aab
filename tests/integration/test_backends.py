"""The backends themselves: that each is a Milvus that works, and that none is open to others."""

from __future__ import annotations

import socket
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import docker
import pytest
from pymilvus import DataType, MilvusClient, MilvusException

from milvus_servers import (
    Backend,
    RunningContainer,
    bare_client,
    image_problem,
    remove_containers,
    shared_container,
)

BACKENDS = ("lite", "lite-server", "container", "container-auth")
SECONDS = 20.0


@pytest.fixture
def client(backend: Backend) -> Iterator[MilvusClient]:
    client = bare_client(backend.uri, backend.token, timeout=SECONDS)
    yield client
    client.close()


def test_backend_answers_with_its_version(client: MilvusClient, backend: Backend) -> None:
    version = client.get_server_version(timeout=SECONDS)

    assert version.startswith("milvus_lite-" if backend.name.startswith("lite") else "v2.")


def test_backend_finds_what_was_upserted(client: MilvusClient, collection_name: str) -> None:
    _create(client, collection_name)
    rows = [{"id": f"r{i}", "vector": [float(i == j) for j in range(4)]} for i in range(4)]

    client.upsert(collection_name, rows, timeout=SECONDS)
    hits = client.search(
        collection_name, [rows[2]["vector"]], limit=2, output_fields=["id"], timeout=SECONDS
    )[0]

    assert len(hits) == 2
    assert hits[0]["id"] == "r2"
    assert hits[0]["distance"] == pytest.approx(1.0, abs=1e-6)
    assert hits[1]["distance"] == pytest.approx(0.0, abs=1e-6)


def test_backend_takes_upsert_of_same_id_as_replacement(
    client: MilvusClient, collection_name: str
) -> None:
    _create(client, collection_name)
    for vector in ([1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]):
        client.upsert(collection_name, [{"id": "r", "vector": vector}], timeout=SECONDS)

    stored = client.query(
        collection_name, filter='id == "r"', output_fields=["vector"], timeout=SECONDS
    )

    assert [list(row["vector"]) for row in stored] == [[0.0, 1.0, 0.0, 0.0]]


def test_backend_reaches_collection_by_alias(client: MilvusClient, collection_name: str) -> None:
    _create(client, f"{collection_name}_v1")

    client.create_alias(f"{collection_name}_v1", collection_name, timeout=SECONDS)
    client.upsert(collection_name, [{"id": "r", "vector": [1.0, 0.0, 0.0, 0.0]}], timeout=SECONDS)

    assert len(client.query(f"{collection_name}_v1", filter='id == "r"', timeout=SECONDS)) == 1


@pytest.mark.container
@pytest.mark.parametrize("token", ["", "root:not-the-password", "nobody:Milvus"])
def test_container_with_authorisation_refuses_other_tokens(
    milvus_container_with_auth: tuple[str, str], token: str
) -> None:
    uri, _ = milvus_container_with_auth

    with pytest.raises(MilvusException):
        bare_client(uri, token, timeout=5).list_collections(timeout=5)


@pytest.mark.container
def test_container_with_authorisation_takes_its_token(
    milvus_container_with_auth: tuple[str, str],
) -> None:
    uri, token = milvus_container_with_auth

    client = bare_client(uri, token, timeout=5)

    assert "root" in client.list_users(timeout=5)
    client.close()


@pytest.mark.container
@pytest.mark.parametrize("fixture", ["open_container", "guarded_container"])
def test_container_publishes_its_ports_on_loopback_alone(
    request: pytest.FixtureRequest, fixture: str
) -> None:
    container: RunningContainer = request.getfixturevalue(fixture)

    assert urlsplit(container.uri).hostname == "127.0.0.1"
    assert container.host_addresses == ["127.0.0.1"]


@pytest.mark.container
def test_container_is_started_once_for_all_workers(
    run_folder: Path, milvus_image: str, open_container: RunningContainer
) -> None:
    again = shared_container(run_folder, milvus_image, authorization=False)

    assert again == open_container


@pytest.mark.container
def test_containers_of_a_run_are_removed_even_if_they_never_answered(
    milvus_image: str, tmp_path: Path
) -> None:
    name = f"reviewlens-test-{uuid.uuid4().hex}"
    (tmp_path / f"{name}.started").touch()
    (tmp_path / "reviewlens-never-made.started").touch()
    with closing(docker.from_env()) as engine:
        engine.containers.create(milvus_image, name=name)

        remove_containers(tmp_path)

        assert engine.containers.list(all=True, filters={"name": name}) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all of 127.0.0.0/8 on loopback")
@pytest.mark.backends("lite-server", "container", "container-auth")
def test_backend_listens_on_one_address_alone(backend: Backend) -> None:
    port = urlsplit(backend.uri).port
    assert port is not None

    # Refused (EADDRINUSE) if anything listens on this port on every address.
    with socket.socket() as other:
        other.bind(("127.0.0.2", port))


@pytest.mark.container
def test_image_that_is_not_there_is_known_at_once(milvus_image: str) -> None:
    started = time.monotonic()

    problem = image_problem("reviewlens-no-such-image:0")

    assert problem is not None
    assert "reviewlens-no-such-image:0 is not on this machine" in problem
    assert time.monotonic() - started < 30


def test_engine_that_is_not_there_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")

    problem = image_problem("any:1")

    assert problem is not None
    assert problem.startswith("no Docker engine answers")


def _create(client: MilvusClient, name: str) -> None:
    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", DataType.VARCHAR, max_length=100, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=4)
    index = client.prepare_index_params()
    # Milvus 2.3 has no defaults for the two parameters.
    graph = {"M": 16, "efConstruction": 64}
    index.add_index("vector", index_type="HNSW", metric_type="COSINE", params=graph)
    client.create_collection(
        name, schema=schema, index_params=index, consistency_level="Strong", timeout=SECONDS
    )
