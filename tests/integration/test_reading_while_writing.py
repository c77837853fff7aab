"""Milvus Lite while it is written to: a read never misses what was stored before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from milvus_lite.engine.collection import Collection

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.store import Pin, ReviewStore, StoredPassage

STORED = 60


@pytest.fixture(autouse=True)
def slow_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between looking at what is on disk and what is in memory, Milvus Lite takes a nap."""
    snapshot = Collection._read_snapshot

    def slow(collection: Collection) -> object:
        found = snapshot(collection)
        time.sleep(0.03)
        return found

    monkeypatch.setattr(Collection, "_read_snapshot", slow)


def passages(start: int, stop: int, text: str) -> Iterator[StoredPassage]:
    for number in range(start, stop):
        vector = np.zeros(8, dtype=np.float32)
        vector[number % 8] = 1
        yield StoredPassage(
            review_id=f"r{number}",
            passage=0,
            text=f"{text} {number}",
            original=text,
            vector=vector,
        )


@contextmanager
def watched(*reads: Callable[[], int]) -> Iterator[list[int]]:
    """Read again and again in other threads; yields what was found less than `STORED`."""
    stop, missed, errors = threading.Event(), list[int](), list[BaseException]()
    done = [0] * len(reads)

    def watch(place: int) -> None:
        try:
            while not stop.is_set():
                found = reads[place]()
                done[place] += 1
                if found < STORED:
                    missed.append(found)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=watch, args=(place,)) for place in range(len(reads))]
    for thread in threads:
        thread.start()
    try:
        yield missed
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert errors == []
    assert min(done) >= 3  # readers went on


@pytest.fixture
def store(lite_path: Path) -> Iterator[ReviewStore]:
    with ReviewStore.open(str(lite_path), create=True) as store:
        store.create(Pin("fake", "0", 8))
        store.upsert(passages(0, STORED, "stored"))
        yield store


def test_reads_beside_flushes_miss_no_row(store: ReviewStore) -> None:
    query = np.eye(1, 8, dtype=np.float32)
    with watched(
        store.count,
        lambda: len(store.search(query, 1000)[0]),
        lambda: len(next(store.scan(["text"]))),
    ) as missed:
        for turn in range(5):
            store.upsert(passages(STORED, STORED + 5, f"new {turn}"))
            store.settle()
            time.sleep(0.02)
    assert missed == []


def test_review_that_is_updated_never_vanishes(store: ReviewStore) -> None:
    store.settle()
    with watched(store.count, lambda: len(next(store.scan(["text"])))) as missed:
        for turn in range(6):
            store.upsert(passages(0, STORED, f"updated {turn}"))
            if turn % 3 == 2:
                store.settle()
            time.sleep(0.02)
    assert missed == []
    (page,) = store.scan(["text"])
    assert {row.text.rpartition(" ")[0] for row in page} == {"updated 5"}


def test_count_never_falls_while_files_are_ingested(lite_path: Path, tmp_path: Path) -> None:
    def write(name: str, start: int, stop: int, word: str) -> Path:
        rows = "".join(f"{n},kettle {n} {word},{n % 5 + 1}\n" for n in range(start, stop))
        path = tmp_path / name
        path.write_text(f"id,text,stars\n{rows}", encoding="utf-8")
        return path

    with Corpus.open(lite_path, encoder=FakeEncoder(dimension=8)) as corpus:
        corpus.ingest(write("first.csv", 0, STORED, "boils"), columns={"id": "id"})

        def found() -> int:
            return len(corpus.search("kettle", STORED, min_similarity=-1, mode="dense").matches)

        with watched(corpus.size, found) as missed:
            corpus.ingest(write("more.csv", STORED, STORED + 40, "boils"), columns={"id": "id"})
            corpus.ingest(write("again.csv", 0, STORED, "leaks"), columns={"id": "id"})
        assert missed == []
        assert corpus.size() == STORED + 40
