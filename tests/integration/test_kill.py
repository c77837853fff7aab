"""A run killed at any moment is completed by the next: ids and vectors as if undisturbed."""

from __future__ import annotations

import random
import shutil
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import killed_ingest
from forked import run_forked
from reviewlens.ingest import STEPS
from reviewlens.store import ReviewStore, StoredPassage

ROWS = 48  # in chunks of 14; of 50 texts on, relevance would be measured as well
WORDS = [
    "lamp",
    "kettle",
    "granola",
    "broken",
    "box",
    "late",
    "refund",
    "battery",
    "pairing",
    "noisy",
    "clean",
    "bright",
]


def write_reviews(path: Path, *, changed: bool = False) -> Path:
    """Write reviews of which every third has several passages; `changed` rewrites half of them."""
    source = random.Random(7)
    lines = ["id,title,text,stars"]
    for number in range(ROWS):
        length = 150 if number % 3 == 0 else 12
        if changed and number % 2:
            length = 12 if length > 12 else 150
        text = " ".join(source.choices(WORDS, k=length)) + ". "
        lines.append(f"{number},Review {number},{text * 2},{number % 5 + 1}")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run(database: Path, file: Path, where: str, encoder: str = "fake") -> int:
    """Ingest in a process of its own; return its status, negative for the signal it died of."""
    return run_forked(killed_ingest.ingest, database, file, encoder, where)


def stored(database: Path) -> dict[str, StoredPassage]:
    with ReviewStore.open(str(database)) as store:
        rows = [
            row
            for page in store.scan(("content_hash", "text", "original", "vector"), base="")
            for row in page
        ]
    return {f"{row.review_id}#{row.passage}": row for row in rows}


def assert_same(one: dict[str, StoredPassage], other: dict[str, StoredPassage]) -> None:
    assert one.keys() == other.keys()
    for key, row in one.items():
        twin = other[key]
        assert (row.content_hash, row.text, row.original) == (
            twin.content_hash,
            twin.text,
            twin.original,
        )
        assert np.abs(_vector(row) - _vector(twin)).max() < 1e-5


def _vector(row: StoredPassage) -> NDArray[np.float32]:
    assert row.vector is not None
    return row.vector


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an undisturbed run makes; to be copied."""
    folder = tmp_path_factory.mktemp("undisturbed")
    assert run(folder / "reviews.db", write_reviews(folder / "reviews.csv"), "never") == 0
    return folder / "reviews.db"


@pytest.fixture(scope="module")
def undisturbed(ingested: Path) -> dict[str, StoredPassage]:
    rows = stored(ingested)
    assert len(rows) > ROWS  # some have several passages
    return rows


@pytest.fixture(scope="module")
def renewed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, StoredPassage]:
    """What an undisturbed run makes of the changed reviews."""
    folder = tmp_path_factory.mktemp("renewed")
    file = write_reviews(folder / "reviews.csv", changed=True)
    assert run(folder / "reviews.db", file, "never") == 0
    return stored(folder / "reviews.db")


@pytest.mark.parametrize("passes", [1, 3])
@pytest.mark.parametrize("step", STEPS)
def test_run_killed_after_a_step_is_completed_by_the_next(
    tmp_path: Path, undisturbed: dict[str, StoredPassage], step: str, passes: int
) -> None:
    file, database = write_reviews(tmp_path / "reviews.csv"), tmp_path / "reviews.db"
    assert run(database, file, f"{step}:{passes}") == -signal.SIGKILL
    before = stored(database)
    assert len(before) < len(undisturbed)
    # The first passage carries the review, so it may be there only with all the others.
    carried = {row.review_id for row in before.values() if row.passage == 0}
    assert all(key in before for key, row in undisturbed.items() if row.review_id in carried)
    assert run(database, file, "never") == 0
    assert_same(stored(database), undisturbed)


@pytest.mark.parametrize("step", STEPS)
def test_update_killed_after_a_step_is_completed_or_undone(
    tmp_path: Path,
    ingested: Path,
    undisturbed: dict[str, StoredPassage],
    renewed: dict[str, StoredPassage],
    step: str,
) -> None:
    """Whether the new file or the old one is ingested next, nothing of the other remains."""
    old = write_reviews(tmp_path / "old.csv")
    new = write_reviews(tmp_path / "new.csv", changed=True)
    database = Path(shutil.copytree(ingested, tmp_path / "reviews.db"))
    assert run(database, new, f"{step}:2") == -signal.SIGKILL
    assert run(database, old, "never") == 0
    assert_same(stored(database), undisturbed)
    assert run(database, new, f"{step}:1") == -signal.SIGKILL
    assert run(database, new, "never") == 0
    assert_same(stored(database), renewed)


def test_runs_killed_at_random_moments_are_completed(
    tmp_path: Path, undisturbed: dict[str, StoredPassage]
) -> None:
    file = write_reviews(tmp_path / "reviews.csv")
    started = time.monotonic()
    assert run(tmp_path / "whole.db", file, "never") == 0
    whole = time.monotonic() - started
    moments = random.Random(11)
    for number in range(10):
        database = tmp_path / f"{number}.db"
        moment = moments.uniform(0.05, 0.9) * whole
        while run(database, file, f"after:{moment:.3f}") == 0:
            # It was done by then: an earlier moment, on a fresh database.
            shutil.rmtree(database)
            moment /= 2
        assert run(database, file, "never") == 0
        assert_same(stored(database), undisturbed)


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_real_encoder_killed_after_a_step_is_completed(tmp_path: Path, step: str) -> None:
    file = write_reviews(tmp_path / "reviews.csv")
    assert run(tmp_path / "whole.db", file, "never", "real") == 0
    assert run(tmp_path / "reviews.db", file, f"{step}:2", "real") == -signal.SIGKILL
    assert run(tmp_path / "reviews.db", file, "never", "real") == 0
    assert_same(stored(tmp_path / "reviews.db"), stored(tmp_path / "whole.db"))
