"""An ingest that is killed: run in a process of its own by `test_kill.py`."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from pathlib import Path

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.reading.options import ReadOptions


def ingest(database: Path, file: Path, encoder: str, where: str) -> None:
    """Ingest a file, and die somewhere.

    Args:
        database: The Milvus Lite directory.
        file: The reading.
        encoder: `fake` or `real`.
        where: A step's name with how many times it is passed (`heads written:2`),
            `after:SECONDS`, or `never`.
    """
    os.chdir(database.parent)
    # Small chunks, so that a small file passes every step several times.
    ReadOptions.__init__.__kwdefaults__["chunk_rows"] = 14
    name, _, number = where.rpartition(":")
    passed: Counter[str] = Counter()

    def on_step(step: str) -> None:
        passed[step] += 1
        if step == name and passed[step] == int(number):
            _die()

    if name == "after":
        timer = threading.Timer(float(number), _die)
        timer.daemon = True
        timer.start()
    chosen = None if encoder == "real" else FakeEncoder(dimension=32, window=40)
    with Corpus.open(database, encoder=chosen) as corpus:
        corpus.ingest(file, on_step=on_step)
    os._exit(0)  # a thread of Milvus Lite's may otherwise keep the process a while


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
