"""A reindex killed at any moment leaves the old collection or the new one, and is completed."""

from __future__ import annotations

import random
import shutil
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import killed_reindex
from forked import run_forked
from reviewlens import Corpus
from reviewlens.store import StoredPassage
from reviewlens.themes import saved_themes
from reviewlens.upkeep.reindex_rows import STEPS as COPY_STEPS
from reviewlens.upkeep.reindex_steps import STEPS

REVIEWS = 40
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
BEFORE_THE_SWAP = STEPS[: STEPS.index("swapped")]
# Pages hold 15 reviews: the third is the last of the copy.
POINTS = [
    *(f"{step}:{page}" for step in COPY_STEPS for page in (1, 2, 3)),
    *(f"{step}:1" for step in STEPS),
]
QUICK = ["made:1", "tails written:2", "heads written:3", "caught up:1", "ready:1", "swapped:1"]

State = tuple[str, list[StoredPassage], list[tuple[str, float]], list[tuple[int, str]], int]


def killed(database: Path, name: str, where: str) -> int:
    """Reindex in a process of its own; return its status, negative for its signal."""
    return run_forked(killed_reindex.reindex, database, name, where)


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection with a named set of themes and labels, of which every third review is long."""
    folder = tmp_path_factory.mktemp("named")
    source = random.Random(5)
    lines = ["id,text,city"]
    for row in range(REVIEWS):
        text = ". ".join(" ".join(source.choices(WORDS, k=8)) for _ in range(1 + 3 * (row % 3)))
        lines.append(f"{row},{text},Paris")
    (folder / "reviews.csv").write_text("\n".join(lines), encoding="utf-8")
    with Corpus.open(folder / "reviews.db", encoder=killed_reindex.encoder("old")) as corpus:
        corpus.ingest(folder / "reviews.csv")
        corpus.themes.save(clusters=3)
        corpus.themes.rename(1, "Mine")
        corpus.classify(["lamp", "kettle"], write="topic", min_similarity=None)
    return folder / "reviews.db"


def state(database: Path, name: str, *, reindexed: bool = False) -> State:
    """Return all that is served, after a reindex that may complete what was begun."""
    with Corpus.open(database) as corpus:
        if reindexed:
            corpus.reindex(killed_reindex.encoder(name), grace=0)
        found = corpus._session.required()
        corpus._session.encoders.wanted = killed_reindex.encoder(found.pin.encoder)
        rows = [
            row
            for page in found.scan(("content_hash", "text", "extra", "cluster", "vector"), base="")
            for row in page
        ]
        matches = corpus.search("broken kettle", 5, mode="dense", min_similarity=-1.0).matches
        listed: list[Any] = found._client.list_collections()
        saved = saved_themes(found)
        assert saved is not None
        assert all(len(one.centres) for one in saved.themes)
        return (
            found.pin.encoder,
            rows,
            [(match.review_id, match.similarity) for match in matches],
            sorted(saved.labels.items()),
            len(listed),
        )


def assert_same(one: State, other: State, *, collections: bool = True) -> None:
    assert one[0] == other[0]
    assert [(row.review_id, row.passage) for row in one[1]] == [
        (row.review_id, row.passage) for row in other[1]
    ]
    for row, twin in zip(one[1], other[1], strict=True):
        assert (row.content_hash, row.text, row.extra, row.cluster) == (
            twin.content_hash,
            twin.text,
            twin.extra,
            twin.cluster,
        )
        assert np.allclose(np.asarray(row.vector), np.asarray(twin.vector), atol=1e-6)
    assert one[2] == other[2]
    assert one[3] == other[3]
    if collections:
        assert one[4] == other[4] == 2


@pytest.fixture(scope="module")
def before(named: Path) -> State:
    return state(named, "old")


@pytest.fixture(scope="module")
def after(named: Path, tmp_path_factory: pytest.TempPathFactory) -> State:
    database = tmp_path_factory.mktemp("after") / "reviews.db"
    shutil.copytree(named, database)
    return state(database, "new", reindexed=True)


def test_new_collection_is_what_an_ingest_makes(
    tmp_path: Path, named: Path, before: State, after: State
) -> None:
    """Two roads: the reindexed one, and one that was ingested with that encoder."""
    with Corpus.open(tmp_path / "fresh.db", encoder=killed_reindex.encoder("new")) as corpus:
        corpus.ingest(named.parent / "reviews.csv")
        rows = [
            row
            for page in corpus._session.required().scan(("content_hash", "text", "vector"), base="")
            for row in page
        ]
    assert len(after[1]) > len(before[1]) > REVIEWS
    for row, twin in zip(rows, after[1], strict=True):
        assert (row.content_hash, row.text) == (twin.content_hash, twin.text)
        assert np.allclose(np.asarray(row.vector), np.asarray(twin.vector), atol=1e-6)
    heads = {row.review_id: (row.cluster, row.extra) for row in before[1]}
    assert {row.review_id: (row.cluster, row.extra) for row in after[1]} == heads
    assert dict(after[3])[1] == "Mine"


@pytest.mark.parametrize(
    "where",
    [pytest.param(one, marks=() if one in QUICK else pytest.mark.slow) for one in POINTS],
)
def test_reindex_killed_at_a_step_serves_the_old_or_the_new_and_is_completed(
    tmp_path: Path, named: Path, before: State, after: State, where: str
) -> None:
    database = tmp_path / "reviews.db"
    shutil.copytree(named, database)
    assert killed(database, "new", where) == -signal.SIGKILL
    step = where.partition(":")[0]
    served = before if step in (*COPY_STEPS, *BEFORE_THE_SWAP) else after
    assert_same(state(database, "new"), served, collections=False)
    assert_same(state(database, "new", reindexed=True), after)


@pytest.mark.usefixtures("reindexed_by_fifteen")
def test_what_is_there_is_not_encoded_again(tmp_path: Path, named: Path, after: State) -> None:
    database = tmp_path / "reviews.db"
    shutil.copytree(named, database)
    assert killed(database, "new", "heads written:2") == -signal.SIGKILL
    with Corpus.open(database) as corpus:
        report = corpus.reindex(killed_reindex.encoder("new"), grace=0)
    assert report.resumed
    assert report.reviews == REVIEWS
    assert report.passages == len(after[1]) == report.reused + report.encoded
    last = sorted({row.review_id for row in after[1]})[30:]
    assert report.encoded == sum(row.review_id in last for row in after[1])


def test_what_was_begun_for_another_encoder_is_removed(
    tmp_path: Path, named: Path, after: State
) -> None:
    database = tmp_path / "reviews.db"
    shutil.copytree(named, database)
    assert killed(database, "third", "heads written:2") == -signal.SIGKILL
    assert state(database, "old")[4] == 3
    assert_same(state(database, "new", reindexed=True), after)


def test_reindex_killed_after_the_swap_and_then_wanted_otherwise(
    tmp_path: Path, named: Path, before: State
) -> None:
    database = tmp_path / "reviews.db"
    shutil.copytree(named, database)
    assert killed(database, "new", "swapped:1") == -signal.SIGKILL
    found = state(database, "old", reindexed=True)
    assert_same((*found[:3], *found[3:]), before)
