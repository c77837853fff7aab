"""A reindex that is killed: run in a process of its own by `test_reindex_kill.py`."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.upkeep import reindex_rows as rows


def encoder(name: str) -> FakeEncoder:
    """Return one of two encoders, whose windows and dimensions differ."""
    if name == "old":
        return FakeEncoder(name="old", dimension=16, window=20)
    return FakeEncoder(name=name, dimension=24, window=9)


def reindex(database: Path, name: str, where: str) -> None:
    """Reindex to an encoder, and die somewhere.

    Args:
        database: The Milvus Lite directory.
        name: Of the encoder.
        where: A step's name with how many times it is passed, such as `tails written:2`.
    """
    os.chdir(database.parent)
    rows.REVIEWS_AT_ONCE = 15
    step_to_die_at, _, number = where.rpartition(":")
    passed: Counter[str] = Counter()

    def on_step(step: str) -> None:
        passed[step] += 1
        if step == step_to_die_at and passed[step] == int(number):
            os.kill(os.getpid(), signal.SIGKILL)

    with Corpus.open(database) as corpus:
        corpus.reindex(encoder(name), grace=0, on_step=on_step)
    os._exit(0)  # a thread of Milvus Lite's may otherwise keep the process a while
