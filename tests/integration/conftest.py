"""The Milvus servers that the integration tests run against, all on 127.0.0.1.

The fixture to use is `backend`: a test that takes it runs four times, on

| id | what it is |
|---|---|
| `lite` | Milvus Lite in this process, a directory of the test's own |
| `lite-server` | `milvus-lite server`, one process for all tests |
| `container` | a Milvus server in a container, one for all tests |
| `container-auth` | the same with authorisation on |

A module for which fewer will do has a `backend` of its own, by `named_backend`: a server's
requests take some 0.2 s each, since reads wait for what was written (strong consistency).

The last three are shared, so a test names its collections by the fixture `collection_name`.

Environment:
    REVIEWLENS_TEST_MILVUS_IMAGE: the image to start; without it the tag in docker-compose.yml.
        `tests/integration/milvus_image/build.py` makes one where none can be pulled.
    REVIEWLENS_REQUIRE_CONTAINER: set to 1, a container test that cannot run fails; otherwise it
        is skipped and says why.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from milvus_servers import (
    Backend,
    RunningContainer,
    compose_image,
    drop_collections,
    image_problem,
    named_backend,
    running_container,
    running_lite_server,
)

SAMPLE = Path(__file__).parents[2] / "datasets" / "sample_reviews.csv"


@pytest.fixture(
    params=[
        "lite",
        "lite-server",
        pytest.param("container", marks=pytest.mark.container),
        pytest.param("container-auth", marks=pytest.mark.container),
    ]
)
def backend(request: pytest.FixtureRequest) -> Backend:
    """Each Milvus in turn. Started on first use, so `-k lite` needs no Docker."""
    return named_backend(request.param, request)


@pytest.fixture
def collection_name(backend: Backend) -> Iterator[str]:
    """A name no other test uses.

    Whatever is called so afterwards, or begins so (an alias may stand for `NAME_v1`), is dropped.
    """
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield name
    if backend.name != "lite":  # its directory goes with the test
        drop_collections(backend, prefix=name)


@pytest.fixture
def lite_path(tmp_path: Path) -> Iterator[Path]:
    """Where a test may have a Milvus Lite directory; nothing is there yet."""
    from milvus_lite.server_manager import server_manager_instance

    path = tmp_path / "reviews.db"
    yield path
    # pymilvus leaves the directory's lock and the server thread to the end of the process.
    server_manager_instance.release_server(str(path))


@pytest.fixture(scope="session")
def lite_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URI of a `milvus-lite server` of our own."""
    with running_lite_server(tmp_path_factory.mktemp("lite-server")) as uri:
        yield uri


@pytest.fixture(scope="session")
def milvus_container(open_container: RunningContainer) -> str:
    """The URI of a Milvus in a container that asks for no token."""
    return open_container.uri


@pytest.fixture(scope="session")
def milvus_container_with_auth(guarded_container: RunningContainer) -> tuple[str, str]:
    """The URI and the root token of a Milvus in a container with authorisation on."""
    return guarded_container.uri, guarded_container.token


@pytest.fixture(scope="session")
def open_container(milvus_image: str) -> Iterator[RunningContainer]:
    with running_container(milvus_image, authorization=False) as container:
        yield container


@pytest.fixture(scope="session")
def guarded_container(milvus_image: str) -> Iterator[RunningContainer]:
    with running_container(milvus_image, authorization=True) as container:
        yield container


@pytest.fixture(scope="session")
def milvus_image() -> str:
    """The image to start; skips, or fails where containers are required, if it cannot be had."""
    image = os.environ.get("REVIEWLENS_TEST_MILVUS_IMAGE") or compose_image()
    problem = image_problem(image)
    if problem is None:
        return image
    if os.environ.get("REVIEWLENS_REQUIRE_CONTAINER") == "1":
        pytest.fail(f"REVIEWLENS_REQUIRE_CONTAINER=1, but {problem}", pytrace=False)
    pytest.skip(f"no Milvus container: {problem}")


@pytest.fixture(scope="session")
def sample_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sample reviews as the default encoder sees them, in Milvus Lite; to be read only."""
    from milvus_lite.server_manager import server_manager_instance

    from reviewlens import Corpus
    from reviewlens.encoders import load_encoder

    path = tmp_path_factory.mktemp("sample") / "reviews.db"
    with Corpus.open(path, encoder=load_encoder(device="cpu")) as corpus:
        report = corpus.ingest(SAMPLE, source_column="source")
    assert report.indexed == 310
    yield path
    server_manager_instance.release_server(str(path))
