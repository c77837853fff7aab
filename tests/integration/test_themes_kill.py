"""Saved themes survive a kill: the reviews have the old set or the new one, never a mix."""

from __future__ import annotations

import multiprocessing
import shutil
import signal
from pathlib import Path
from typing import Any

import killed_themes
import pytest

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.slices import read_slice
from reviewlens.store import ThemeSets
from reviewlens.themes import themes_of

STEPS = ("set made", "set written", "set named", "set chosen", "writing", "reviews written")
WORDS = ("lamp light bright bulb shade", "kettle boil water lid spout", "bag strap zip pocket seam")

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["killed_themes"])


def run(database: Path, action: str, where: str) -> int:
    """Change themes in a process of its own; return its status, negative for its signal."""
    process = _processes.Process(target=killed_themes.change, args=(database, action, where))
    process.start()
    process.join(timeout=240)
    status = process.exitcode
    assert status in (0, -signal.SIGKILL), status
    process.close()
    return status


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection with three saved themes, one of them named, and reviews since."""
    folder = tmp_path_factory.mktemp("named")
    lines = ["id,text"]
    for row in range(60):
        words = WORDS[row % 3].split()
        lines.append(f"{row},{words[0]} {words[1 + row % 4]} {words[1 + row // 3 % 4]} number{row}")
    (folder / "reviews.csv").write_text("\n".join(lines[:55]), encoding="utf-8")
    with Corpus.open(folder / "reviews.db", encoder=FakeEncoder(dimension=32)) as corpus:
        corpus.ingest(folder / "reviews.csv")
        corpus.save_themes(resolution=0.5)
        corpus.rename_theme(0, "Mine")
        (folder / "reviews.csv").write_text("\n".join(lines), encoding="utf-8")
        corpus.ingest(folder / "reviews.csv")
    return folder / "reviews.db"


def state(database: Path) -> tuple[dict[str, int], dict[int, str]]:
    """Return what is served, having checked that it is whole."""
    with Corpus.open(database, encoder=FakeEncoder(dimension=32)) as corpus:
        store = corpus._required_store()
        found = corpus._saved_themes(store)
        reviews = read_slice(store)
        expected = {key: number for key, (number, _) in themes_of(found, reviews).items()}
        assert dict(zip(reviews.ids, reviews.clusters.tolist(), strict=True)) == expected
        assert store.theme_version == ThemeSets(store).version("main")
        assert found is not None
        return expected, found.labels


def collections(database: Path) -> int:
    with Corpus.open(database) as corpus:
        listed: list[Any] = corpus._required_store()._client.list_collections()
    return len(listed)


@pytest.fixture(scope="module")
def before(named: Path) -> tuple[dict[str, int], dict[int, str]]:
    return state(named)


@pytest.fixture(scope="module", params=["save", "refit"])
def action(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def after(
    named: Path, action: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, int], dict[int, str]]:
    database = tmp_path_factory.mktemp("after") / "reviews.db"
    shutil.copytree(named, database)
    assert run(database, action, "never") == 0
    return state(database)


@pytest.mark.parametrize("step", STEPS)
def test_killed_change_leaves_the_old_set_or_the_new_one(
    tmp_path: Path, named: Path, action: str, step: str, before: Any, after: Any
) -> None:
    database = tmp_path / "reviews.db"
    shutil.copytree(named, database)
    assert run(database, action, step) == -signal.SIGKILL
    assert before != after
    assert state(database) == (before if step in ("set made", "set written") else after)
    if step == "set written":
        assert collections(database) == 3
        assert run(database, action, "never") == 0
        assert state(database) == after
    assert collections(database) == (3 if step == "set made" else 2)
