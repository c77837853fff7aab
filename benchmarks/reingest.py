"""Ingesting an unchanged file again, and how the time grows with the rows.

Each measurement is a process of its own on Milvus Lite. Tokens are counted by the real tokenizer;
the vectors come from the tests' fake encoder, since the first ingest is only the preparation.

    python benchmarks/reingest.py                  # 10,000, 30,000 and 100,000 rows
    python benchmarks/reingest.py --rows 1000      # short form
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.encoders import TokenCount, load_encoder
from reviewlens.text.passages import split_sentences
from setup import SAMPLE, describe, read_texts, timed

DIMENSION = 384


class CountingEncoder(FakeEncoder):
    """Counts tokens as the default encoder does, which is what an unchanged row costs it."""

    def __init__(self) -> None:
        self._real = load_encoder(device="cpu")
        super().__init__(dimension=DIMENSION, window=self._real.window)

    def count_tokens(self, texts: Sequence[str]) -> list[TokenCount]:
        """Count as the default encoder does."""
        return self._real.count_tokens(texts)


def write_reviews(path: Path, rows: int, texts: Sequence[str]) -> None:
    """Write rows of five sentences each, drawn from real reviews."""
    source = random.Random(1)
    sentences = [one for text in texts for one in split_sentences(text)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "text", "stars", "date", "product", "author", "city"])
        for number in range(rows):
            day = f"2024-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
            text = " ".join(source.choices(sentences, k=5))
            writer.writerow([number, text, number % 5 + 1, day, f"p{number % 50}",
                             f"author {number}", f"city {number % 9}"])  # fmt: skip


def ingest(database: str, file: str) -> None:
    encoder = CountingEncoder()
    with Corpus.open(database, encoder=encoder) as corpus:
        seconds = timed(lambda: print(corpus.ingest(file).unchanged, end=" "))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{seconds:.1f} {encoder.calls} {peak}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=Path, default=SAMPLE)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    parser.add_argument("--one", nargs=2, metavar=("DATABASE", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        ingest(*arguments.one)
        return
    print(describe())
    texts = read_texts(arguments.reviews)
    print(f"{'rows':>8}{'unchanged':>11}{'seconds':>9}{'calls':>7}{'peak MB':>9}")
    for rows in arguments.rows:
        with tempfile.TemporaryDirectory() as folder:
            file, database = f"{folder}/reviews.csv", f"{folder}/reviews.db"
            write_reviews(Path(file), rows, texts)
            command = [sys.executable, __file__, "--one", database, file]
            subprocess.run(command, check=True, capture_output=True)
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            unchanged, seconds, calls, peak = done.stdout.split()
            print(f"{rows:>8,}{int(unchanged):>11,}{seconds:>9}{calls:>7}{peak:>9}", flush=True)


if __name__ == "__main__":
    main()
