"""Saving or refitting themes, killed: run in a process of its own by `test_themes_kill.py`."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.store import labels


def change(database: Path, action: str, where: str) -> None:
    """Save or refit themes, and die somewhere.

    Args:
        database: The Milvus Lite directory.
        action: `save` or `refit`.
        where: A step's name, `writing` for the middle of writing the reviews, or `never`.
    """
    os.chdir(database.parent)
    labels._REVIEWS_AT_ONCE = 10

    def on_step(step: str) -> None:
        if step == where:
            os.kill(os.getpid(), signal.SIGKILL)

    def on_progress(stage: str, done: int, total: int) -> None:
        if stage == where == "writing" and 0 < done < total:
            os.kill(os.getpid(), signal.SIGKILL)

    with Corpus.open(database, encoder=FakeEncoder(dimension=32)) as corpus:
        if action == "save":
            corpus.themes.save(clusters=6, on_step=on_step, on_progress=on_progress)
        else:
            corpus.themes.refit(resolution=4.0, on_step=on_step, on_progress=on_progress)
    os._exit(0)  # a thread of Milvus Lite's may otherwise keep the process a while
