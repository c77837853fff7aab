"""One corpus, many threads: what is opened, asked, taken in, rebuilt and closed at random.

Whatever comes first, a call gives its answer or one of the errors that are documented for it, and
the directory is released at the end.
"""

from __future__ import annotations

import fcntl
import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.errors import (
    CollectionMissing,
    CollectionReplaced,
    EncoderMismatch,
    ReviewLensError,
    StoreError,
    TooFewReviews,
)

SUBJECTS = ("lamp flickers", "kettle leaks", "parcel was crushed", "battery dies")
THREADS, CALLS = 5, 4


def write(folder: Path, name: str, start: int) -> Path:
    path = folder / f"{name}.csv"
    rows = [
        f"{number},The {SUBJECTS[number % 4]} again,{number % 5 + 1},2024-01-0{number % 9 + 1}"
        for number in range(start, start + 30)
    ]
    path.write_text("\n".join(["id,text,stars,date", *rows]), encoding="utf-8")
    return path


def documented(error: ReviewLensError) -> bool:
    """Whether an error is one that a call on a corpus that is being changed and closed may have."""
    closed = "was closed, and asks and takes in nothing any more" in str(error)
    return closed or isinstance(
        error, CollectionMissing | CollectionReplaced | EncoderMismatch | TooFewReviews
    )


def run(seed: int, folder: Path) -> list[str]:  # noqa: C901 - many things are done at once
    """Return what went wrong that is not documented."""
    folder.mkdir()
    uri = folder / "reviews.db"
    files = [write(folder, name, start) for name, start in (("a", 0), ("b", 15), ("c", 60))]
    corpus = Corpus.open(uri, encoder=FakeEncoder(dimension=16))
    draw = random.Random(seed)
    if draw.random() < 0.6:
        corpus.ingest(files[0])
    calls: list[Callable[[], object]] = [
        lambda: corpus.search("lamp flickers", min_similarity=-1.0),
        lambda: corpus.where(rating="1..2").size(),
        lambda: corpus.facets(),
        lambda: corpus.clusters(clusters=2),
        lambda: corpus.reviews(n=5, order="id"),
        lambda: corpus.stats(),
        lambda: corpus.ingest(files[1]),
        lambda: corpus.ingest(files[2]),
        lambda: corpus.delete(corpus.where(ids=["3", "70"])),
        lambda: corpus.reindex(grace=0.0),
        lambda: corpus.reindex(FakeEncoder(dimension=16, name="other"), grace=0.0),
    ]
    plans = [[draw.choice(calls) for _ in range(CALLS)] for _ in range(THREADS)]
    closer, at = draw.randrange(THREADS), draw.randrange(CALLS + 1)
    wrong: list[str] = []

    def work(number: int) -> None:
        for place, call in enumerate([*plans[number], corpus.close]):
            if (number, place) == (closer, at):
                corpus.close()
            try:
                call()
            except ReviewLensError as error:
                if not documented(error):
                    wrong.append(f"{type(error).__name__}: {error}")
            except Exception as error:
                wrong.append(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        if thread.is_alive():
            wrong.append("a call never ended")
    corpus.close()
    if (uri / "LOCK").exists():
        with (uri / "LOCK").open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                wrong.append("the directory is not released")
    with pytest.raises(StoreError, match="was closed"):
        corpus.size()
    return wrong


@pytest.mark.parametrize("seed", range(4))
def test_random_calls_end_as_documented(seed: int, tmp_path: Path) -> None:
    assert run(seed, tmp_path / "run") == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_random_calls_end_as_documented_200_times(tmp_path: Path) -> None:
    wrong = {seed: found for seed in range(200) if (found := run(seed, tmp_path / str(seed)))}
    assert wrong == {}
