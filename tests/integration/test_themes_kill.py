"""Saved themes survive a kill: the reviews have the old set or the new one, never a mix."""

from __future__ import annotations

import shutil
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import killed_themes
from fakes import FakeEncoder
from forked import run_forked
from reviewlens import Corpus
from reviewlens.ground.slices import read_slice
from reviewlens.store import ThemeSets
from reviewlens.themes import saved_themes, themes_of

STEPS = ("set made", "set written", "set named", "set chosen", "writing", "reviews written")
WORDS = ("lamp light bright bulb shade", "kettle boil water lid spout", "bag strap zip pocket seam")


def run(database: Path, action: str, where: str) -> int:
    """Change themes in a process of its own; return its status, negative for its signal."""
    return run_forked(killed_themes.change, database, action, where)


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
        corpus.themes.save(resolution=0.5)
        corpus.themes.rename(0, "Mine")
        (folder / "reviews.csv").write_text("\n".join(lines), encoding="utf-8")
        corpus.ingest(folder / "reviews.csv")
    return folder / "reviews.db"


@dataclass(frozen=True, slots=True)
class State:
    """What is served.

    Attributes:
        theme_of: The theme of each review.
        labels: What the themes are called.
        collections: How many Milvus holds, those of themes included.
    """

    theme_of: dict[str, int]
    labels: dict[int, str]
    collections: int

    def alike(self, other: State) -> bool:
        return (self.theme_of, self.labels) == (other.theme_of, other.labels)


def state(database: Path) -> State:
    """Return what is served, having checked that it is whole."""
    with Corpus.open(database, encoder=FakeEncoder(dimension=32)) as corpus:
        store = corpus._session.required()
        found = saved_themes(store)
        reviews = read_slice(store)
        expected = {key: number for key, (number, _) in themes_of(found, reviews).items()}
        assert dict(zip(reviews.ids, reviews.clusters.tolist(), strict=True)) == expected
        assert store.theme_version == ThemeSets(store).version("main")
        assert found is not None
        listed: list[Any] = store._client.list_collections()
        return State(expected, found.labels, len(listed))


@pytest.fixture(scope="module")
def before(named: Path) -> State:
    return state(named)


@pytest.fixture(scope="module", params=["save", "refit"])
def action(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def after(named: Path, action: str, tmp_path_factory: pytest.TempPathFactory) -> State:
    database = tmp_path_factory.mktemp("after") / "reviews.db"
    shutil.copytree(named, database)
    assert run(database, action, "never") == 0
    return state(database)


@pytest.mark.parametrize("step", STEPS)
def test_killed_change_leaves_the_old_set_or_the_new_one(
    tmp_path: Path, named: Path, action: str, step: str, before: State, after: State
) -> None:
    database = tmp_path / "reviews.db"
    shutil.copytree(named, database)
    assert run(database, action, step) == -signal.SIGKILL
    assert not before.alike(after)
    left = state(database)
    assert left.alike(before if step in ("set made", "set written") else after)
    if step == "set written":
        assert left.collections == 3
        assert run(database, action, "never") == 0
        left = state(database)
        assert left.alike(after)
    assert left.collections == (3 if step == "set made" else 2)
