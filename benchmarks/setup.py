"""What the benchmarks share: the machine's description, its matrix rate, the reviews, medians."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

SAMPLE = Path(__file__).parents[1] / "datasets" / "sample_reviews.csv"
PACKAGES = ("torch", "sentence-transformers", "onnxruntime", "pymilvus", "milvus-lite")


def describe() -> str:
    """One line: processor, cores, Python and packages."""
    from reviewlens.encoders.batching import physical_cores

    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    widest = next((name for name in ("avx512_vnni", "avx512f", "avx2") if name in flags), "?")
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{platform.machine()} with {widest}, {physical_cores()} cores, "
        f"Python {platform.python_version()}, {packages}"
    )


def read_texts(file: Path) -> list[str]:
    """The texts that an ingest would embed, before long ones are split."""
    from reviewlens.ingest import ingest_options
    from reviewlens.reading.reviews import read_reviews
    from reviewlens.reading.survey import survey_reviews

    with survey_reviews([file], ingest_options().read) as survey:
        return [review.embedded for chunk in read_reviews(survey) for review in chunk.reviews]


def gemm_rate() -> float:
    """GFLOPS of fp32 matrix products of the sizes in a small transformer, by NumPy."""
    return max(_rate(*sizes) for sizes in ((1024, 384, 1536), (1024, 1536, 384), (2048,) * 3))


def _rate(rows: int, inner: int, columns: int) -> float:
    import numpy as np

    random = np.random.default_rng(1)
    left = random.random((rows, inner), dtype=np.float32)
    right = random.random((inner, columns), dtype=np.float32)
    operations = 2 * rows * inner * columns
    rounds = max(4, int(4e10 / operations))
    left @ right
    return operations * rounds / timed(lambda: [left @ right for _ in range(rounds)]) / 1e9


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def spread(values: list[float]) -> str:
    """Smallest, median and largest."""
    return f"{statistics.median(values):.3f} ({min(values):.3f}-{max(values):.3f})"
