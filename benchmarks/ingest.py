"""From a CSV to a searchable collection on Milvus Lite: reviewlens against a plain script.

Whole processes, start-up and all, in turns. The columns are those of the Amazon Fine Food Reviews
(Summary, Text, Score). The model is exported before the first round.

    python benchmarks/ingest.py --reviews FILE              # five rounds
    python benchmarks/ingest.py --limit 100 --rounds 1      # short form, on the sample reviews
"""

from __future__ import annotations

import argparse
import csv
import statistics
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

from reviewlens.encoders import load_encoder
from setup import SAMPLE, describe, spread, timed

PLAIN = Path(__file__).with_name("plain.py")
REVIEWLENS = Path(sys.executable).with_name("reviewlens")


def write_input(source: Path, target: Path, limit: int | None) -> int:
    """Write the reviews under the names that both readers know; return how many."""
    with source.open(encoding="utf-8", newline="") as stream:
        rows = list(islice(csv.DictReader(stream), limit))
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Summary", "Text", "Score"])
        for row in rows:
            lower = {key.lower(): value for key, value in row.items() if key}
            title = lower.get("summary") or lower.get("title") or ""
            score = lower.get("score") or lower.get("rating") or "3"
            writer.writerow([title, lower["text"], int(float(score))])
    return len(rows)


def run(command: list[object], folder: Path) -> float:
    """Seconds of a process, which must succeed."""
    arguments = [str(part) for part in command]
    return timed(lambda: subprocess.run(arguments, check=True, capture_output=True, cwd=folder))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=Path, default=SAMPLE)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    load_encoder(device="cpu").encode_queries(["ready"])
    print(describe())
    plain, ours = [], []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        reviews = folder / "reviews.csv"
        count = write_input(arguments.reviews, reviews, arguments.limit)
        for number in range(arguments.rounds):
            database = folder / f"{number}.db"
            plain.append(run([sys.executable, PLAIN, "ingest", reviews, folder / f"p{number}.db"],
                             folder))  # fmt: skip
            ours.append(run([REVIEWLENS, "--uri", database, "ingest", reviews], folder))
    ratio = statistics.median(one / other for one, other in zip(plain, ours, strict=True))
    print(f"{arguments.reviews.name}: {count} reviews, whole processes, seconds")
    print(f"plain script  {spread(plain)}")
    print(f"reviewlens    {spread(ours)}")
    print(f"ratio         {ratio:.2f}")


if __name__ == "__main__":
    main()
