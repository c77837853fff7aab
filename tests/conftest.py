"""What holds for every test."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from fakes import FakeEncoder, Register
from milvus_servers import locked, remove_containers
from reviewlens.encoders import Encoder, register_encoder
from reviewlens.text import cjk

# Where an environment forbids it, every worker and every process that a test starts would compile
# the sources, and the assertions of the tests, anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# The default model is exported once for all runs, never into the user's own cache.
os.environ["REVIEWLENS_CACHE"] = str(Path(__file__).parents[1] / ".cache")

if "PYTEST_XDIST_WORKER" in os.environ:
    # A worker beside others: threads of numpy and torch that wait for each other by spinning
    # would keep the others' from running. Read when those are imported, which is later.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")


# What the extra `cjk` brings.
CJK = ("rjieba", "janome", "jieba")

# Collections that were made with the bag of words find it again, as any other encoder.
_ALWAYS = {FakeEncoder().name: FakeEncoder}
for _name, _make in _ALWAYS.items():
    register_encoder(_name, _make)

# Long, and without the default model. Three quarters of a minute pass until one worker has exported
# it and stored the sample; the others do not wait for that, but begin with these.
_FIRST = ("test_kill.py", "test_reindex.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the tests into an order in which the workers wait little for each other."""
    items.sort(key=lambda item: item.path.name not in _FIRST)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Let one worker read the tests first: the others find them compiled."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return (yield)
    folder = session.config._tmp_path_factory.getbasetemp().parent  # type: ignore[attr-defined]
    with locked(folder / "collection.lock"):
        if not (folder / "collected").exists():
            found = yield
            (folder / "collected").touch()
            return found
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Remove the containers that the workers shared, in the process that outlives them all."""
    yield
    folder = session.config._tmp_path_factory._basetemp  # type: ignore[attr-defined]
    if folder is not None and "PYTEST_XDIST_WORKER" not in os.environ:
        remove_containers(folder)


@pytest.fixture(scope="session")
def exported_model() -> None:
    """The default model is exported: a process that uses it from now on finds the graph."""
    from reviewlens.encoders import load_encoder

    load_encoder(device="cpu").encode_queries(["ready"])


@pytest.fixture
def registered() -> Iterator[Register]:
    """Gives encoders names that commands and collections find them by, until the test ends."""
    names: list[str] = []

    def register(name: str, make: Callable[[], Encoder]) -> None:
        register_encoder(name, make)
        names.append(name)

    yield register
    for name in names:
        register_encoder(name, _ALWAYS.get(name))


@pytest.fixture
def uninstall(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes a package one that is not installed, until the test ends."""
    return lambda package: monkeypatch.setitem(sys.modules, package, None)


@pytest.fixture
def without_cjk(uninstall: Callable[[str], None]) -> Iterator[None]:
    """Nothing of the extra `cjk` is installed, nor kept from before."""
    kept = (cjk.installed, cjk.chinese, cjk.japanese, cjk.tell_once)
    for one in kept:
        one.cache_clear()
    for package in CJK:
        uninstall(package)
    yield
    for one in kept:
        one.cache_clear()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs the extra `cjk` where it is not installed."""
    if item.get_closest_marker("cjk") and not all(map(find_spec, CJK)):
        pytest.skip("needs the extra `cjk`")
