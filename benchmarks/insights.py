"""Time and memory of the graph and of the insights on it, and how they grow.

Each size is a process of its own, on vectors of 384 dimensions around 200 centres with short texts
drawn from real sentences. The matrix rate is measured in the same process.

    python benchmarks/insights.py                     # 5,000, 20,000 and 50,000 reviews
    python benchmarks/insights.py --rows 2000         # short form
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from reviewlens.ground.neighbors import nearest
from reviewlens.ground.slices import Slice
from reviewlens.insights.anomalies import find_anomalies
from reviewlens.insights.clusters import find_clusters
from reviewlens.insights.duplicates import find_duplicates
from reviewlens.text.passages import split_sentences
from setup import SAMPLE, describe, gemm_rate, read_texts

DIMENSION = 384
NEIGHBORS = 50


def make_slice(rows: int, texts: list[str]) -> Slice:
    """Reviews around 200 centres; a centre's reviews draw from the same few sentences."""
    random = np.random.default_rng(1)
    sentences = [one for text in texts for one in split_sentences(text)]
    centre = random.integers(0, 200, rows)
    spread = random.standard_normal((rows, DIMENSION)) / DIMENSION**0.5
    vectors = (random.standard_normal((200, DIMENSION)) / DIMENSION**0.5)[centre] + spread
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    drawn = [
        " ".join(
            sentences[(7 * int(c) + int(k)) % len(sentences)] for k in random.integers(0, 40, 4)
        )
        for c in centre
    ]
    blank = ("",) * rows
    return Slice(
        ids=tuple(f"r{row:06}" for row in range(rows)),
        vectors=vectors,
        texts=tuple(drawn),
        titles=blank,
        products=tuple(f"product {row % 50}" for row in range(rows)),
        authors=tuple(f"author {row}" for row in range(rows)),
        sources=blank,
        languages=("en",) * rows,
        stars=random.integers(1, 6, rows).astype(np.float64),
        times=np.full(rows, "2024-01-01", "M8[ms]"),
        tokens=np.full(rows, 40, np.int32),
        unknown=np.zeros(rows, np.int32),
        clusters=np.full(rows, -1, np.int32),
        extra=({},) * rows,
    )


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def measured(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return the result, seconds, and the highest resident memory above the start, in MB."""
    before, highest, running = resident_mb(), resident_mb(), True

    def watch() -> None:
        nonlocal highest
        while running:
            highest = max(highest, resident_mb())
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - started
    running = False
    watcher.join()
    return result, seconds, highest - before


def measure(rows: int, file: Path) -> None:
    reviews = make_slice(rows, read_texts(file))
    rate = gemm_rate()
    graph, seconds, megabytes = measured(lambda: nearest(reviews.vectors, NEIGHBORS))
    share = 2 * rows * rows * DIMENSION / seconds / rate / 1e9
    print(f"{rows:>8,}  {'graph':12}{seconds:8.1f}{megabytes:9.0f}   {share:.0%} of GEMM, "
          f"{rate:.0f} GFLOPS", flush=True)  # fmt: skip
    total, most = seconds, megabytes
    questions: dict[str, Callable[[], Any]] = {
        "clusters": lambda: find_clusters(reviews, graph),
        "anomalies": lambda: find_anomalies(reviews, graph),
        "duplicates": lambda: find_duplicates(reviews, graph),
    }
    for name, ask in questions.items():
        _, seconds, megabytes = measured(ask)
        print(f"{'':10}{name:12}{seconds:8.1f}{megabytes:9.0f}", flush=True)
        total, most = total + seconds, max(most, megabytes)
    print(f"{'':10}{'all':12}{total:8.1f}{most:9.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=Path, default=SAMPLE)
    parser.add_argument("--rows", type=int, nargs="+", default=[5_000, 20_000, 50_000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        measure(arguments.one, arguments.reviews)
        return
    print(describe())
    print(f"{'reviews':>8}  {'':12}{'seconds':>8}{'MB above':>9}")
    for rows in arguments.rows:
        command = [sys.executable, __file__, "--reviews", str(arguments.reviews)]
        subprocess.run([*command, "--one", str(rows)], check=True)


if __name__ == "__main__":
    main()
