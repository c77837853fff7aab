"""The Milvus servers that the integration tests run against, all on 127.0.0.1.

The fixture to use is `backend`: a test that takes it runs on each that its mark `backends`, or else
its module's `BACKENDS`, names, of

| id | what it is |
|---|---|
| `lite` | Milvus Lite in this process, a directory of the test's own |
| `lite-server` | `milvus-lite server`, one process for each worker |
| `container` | a Milvus server in a container, one for all workers, its clock as a user's |
| `container-auth` | the same with authorisation on, and a faster clock |

Where neither does, it is `lite` alone. What a server may do otherwise than Milvus Lite is told by
the conformance of the store, which runs on each kind. A test of a command or of a question has
`backends("lite", "container-auth")` where it is the one of its family that goes from a file to the
answer, or where it rests on what servers do: writes that others see, aliases, deletes. A test of
commands takes `asked`.

All but the first are shared, so a test names its collections by the fixture `collection_name`. The
containers are removed at the end of the run, by `tests/conftest.py`.

Environment:
    REVIEWLENS_TEST_MILVUS_IMAGE: the image to start; without it the tag in docker-compose.yml.
        `tests/integration/milvus_image/build.py` makes one where none can be pulled.
    REVIEWLENS_REQUIRE_CONTAINER: set to 1, a container test that cannot run fails; otherwise it
        is skipped and says why.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from asked import Asked
from fakes import FakeEncoder
from milvus_servers import (
    Backend,
    RunningContainer,
    compose_image,
    drop_collections,
    image_problem,
    locked,
    named_backend,
    running_lite_server,
    shared_container,
)
from reviewlens.encoders import DEFAULT_ENCODER, Encoder, load_encoder

SAMPLE = Path(__file__).parents[2] / "datasets" / "sample_reviews.csv"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test on each Milvus that it or its module names."""
    if "backend" in metafunc.fixturenames:
        mark = metafunc.definition.get_closest_marker("backends")
        names = mark.args if mark else getattr(metafunc.module, "BACKENDS", ("lite",))
        metafunc.parametrize(
            "backend",
            [
                pytest.param(name, marks=[pytest.mark.container] * name.startswith("container"))
                for name in names
            ],
            indirect=True,
        )


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> Backend:
    """Each Milvus in turn. Started on first use, so `-k lite` needs no Docker."""
    return named_backend(request.param, request)


@pytest.fixture
def asked(
    backend: Backend,
    collection_name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Asked:
    """A collection asked by commands, at a terminal of 80 columns, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("REVIEWLENS_TOKEN", backend.token)
    return Asked(backend, collection_name, capsys)


@pytest.fixture
def asked_on_lite(
    lite_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Asked:
    """The same on Milvus Lite alone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return Asked(Backend("lite", str(lite_path), ""), "reviews", capsys)


@pytest.fixture(autouse=True)
def default_encoder_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a collection in this process finds the default encoder loaded.

    A command loads it ahead, which takes a second, even where a test gives it another encoder.
    """
    from reviewlens import encoders, session

    monkeypatch.setattr(encoders, "load_encoder", _load_once)  # what loads ahead asks this
    monkeypatch.setattr(session, "load_encoder", _load_once)


def _load_once(name: str = DEFAULT_ENCODER, **how: Any) -> Encoder:
    if name != DEFAULT_ENCODER:
        return load_encoder(name, **how)
    key = (os.environ.get("REVIEWLENS_CACHE"), *sorted(how.items()))
    if key not in _loaded:
        _loaded[key] = load_encoder(name, **how)
    return _loaded[key]


_loaded: dict[tuple[Any, ...], Encoder] = {}


@pytest.fixture
def reindexed_by_fifteen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reindex copies fifteen reviews at once: a few dozen are several pages."""
    from reviewlens.upkeep import reindex_rows as rows

    monkeypatch.setattr(rows, "REVIEWS_AT_ONCE", 15)


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
def open_container(milvus_image: str, run_folder: Path) -> RunningContainer:
    return shared_container(run_folder, milvus_image, authorization=False)


@pytest.fixture(scope="session")
def guarded_container(milvus_image: str, run_folder: Path) -> RunningContainer:
    return shared_container(run_folder, milvus_image, authorization=True)


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
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def sample_path(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sample reviews as the default encoder sees them, in Milvus Lite; to be read only."""
    with _sample(
        run_folder, tmp_path_factory, "sample", lambda: load_encoder(device="cpu")
    ) as path:
        yield path


@pytest.fixture(scope="session")
def sample_of_words(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The same as the bag of words sees them, where the model is beside the point."""
    with _sample(run_folder, tmp_path_factory, "words", FakeEncoder) as path:
        yield path


@contextmanager
def _sample(
    run_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    encoder: Callable[[], Encoder],
) -> Iterator[Path]:
    """The sample reviews, encoded once for all workers.

    Each has a copy, as Milvus Lite locks its directory.
    """
    from milvus_lite.server_manager import server_manager_instance

    made = run_folder / f"{name}.db"
    with locked(run_folder / f"{name}.lock"):
        if not made.exists():
            unfinished = run_folder / f"unfinished-{name}.db"
            _ingest_sample(unfinished, encoder())
            unfinished.rename(made)
    path = tmp_path_factory.mktemp(name) / "reviews.db"
    shutil.copytree(made, path)
    yield path
    server_manager_instance.release_server(str(path))


def _ingest_sample(path: Path, encoder: Encoder) -> None:
    from milvus_lite.server_manager import server_manager_instance

    from reviewlens import Corpus

    shutil.rmtree(path, ignore_errors=True)
    with Corpus.open(path, encoder=encoder) as corpus:
        report = corpus.ingest(SAMPLE, source_column="source")
    assert report.indexed == 310
    server_manager_instance.release_server(str(path))
