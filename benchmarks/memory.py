"""Peak memory of an ingest, against a bare pymilvus upsert loop of the same rows.

Each measurement is a process of its own on a fresh Milvus Lite directory. The encoder is the
tests' fake one, so that what is measured is reading, bookkeeping and writing.

    python benchmarks/memory.py                      # 20,000 and 100,000 rows
    python benchmarks/memory.py --rows 4000 20000    # short form
"""

from __future__ import annotations

import argparse
import csv
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

BATCH = 1_000
DIMENSION = 384
ALLOWED_MB = 300


def write_reviews(path: Path, rows: int) -> None:
    source = random.Random(1)
    words = [f"word{number}" for number in range(5_000)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "title", "text", "stars", "date", "product", "author", "city"])
        for number in range(rows):
            text = " ".join(source.choices(words, k=50))
            day = f"2024-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
            writer.writerow(
                [number, f"Title {number}", text, number % 5 + 1, day, f"p{number % 50}",
                 f"author {number}", f"city {number % 9}"]
            )  # fmt: skip


def run_ingest(database: str, file: str) -> None:
    from fakes import FakeEncoder
    from reviewlens import Corpus

    with Corpus.open(database, encoder=FakeEncoder(dimension=DIMENSION)) as corpus:
        corpus.ingest(file)


def run_bare(database: str, file: str) -> None:
    """Write the rows as a script without reviewlens would: same schema, same batches."""
    from pymilvus import MilvusClient

    from fakes import FakeEncoder
    from reviewlens.store import StoredPassage
    from reviewlens.store.schema import build_index, build_schema, encode_row

    encoder = FakeEncoder(dimension=DIMENSION)
    client = MilvusClient(database)
    client.create_collection(
        "reviews_v1",
        schema=build_schema(DIMENSION, keywords=True),
        index_params=build_index(keywords=True),
        consistency_level="Strong",
    )

    def upsert(batch: list[dict[str, str]]) -> None:
        vectors = encoder.encode_documents([row["text"] for row in batch])
        rows = [
            StoredPassage(
                review_id=row["id"],
                passage=0,
                content_hash="0" * 65,
                text=f"Title: {row['title']}; Content: {row['text']}",
                original=row["text"],
                title=row["title"],
                product=row["product"],
                author=row["author"],
                rating=float(row["stars"]),
                rating_given=float(row["stars"]),
                time=0,
                extra={"city": row["city"]},
                vector=vector,
            )
            for row, vector in zip(batch, vectors, strict=True)
        ]
        client.upsert("reviews_v1", [encode_row(row) for row in rows])

    batch: list[dict[str, str]] = []
    with Path(file).open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            batch.append(row)
            if len(batch) == BATCH:
                upsert(batch)
                batch = []
    if batch:
        upsert(batch)
    client.flush("reviews_v1")
    client.load_collection("reviews_v1")


def measure(kind: str, file: Path, folder: Path) -> tuple[float, float]:
    """Return peak resident memory in MB and seconds of one run in a process of its own."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, __file__, "--run", kind, str(folder / f"{kind}.db"), str(file)],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout.split()[-1]), time.monotonic() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--run", nargs=3, metavar=("KIND", "DATABASE", "FILE"))
    options = parser.parse_args()
    if options.run:
        kind, database, file = options.run
        (run_ingest if kind == "ingest" else run_bare)(database, file)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    print(f"{platform.machine()}, Python {platform.python_version()}, {DIMENSION} dimensions")
    print(
        f"{'rows':>9} {'bare MB':>9} {'ingest MB':>10} {'above MB':>9} {'bare s':>8} "
        f"{'ingest s':>9}"
    )
    above = []
    for rows in options.rows:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_reviews(folder / "reviews.csv", rows)
            bare, bare_seconds = measure("bare", folder / "reviews.csv", folder)
            mine, seconds = measure("ingest", folder / "reviews.csv", folder)
        above.append(mine - bare)
        print(
            f"{rows:>9,} {bare:>9.0f} {mine:>10.0f} {above[-1]:>9.0f} "
            f"{bare_seconds:>8.0f} {seconds:>9.0f}"
        )
    print(
        f"above the bare loop: at most {max(above):.0f} MB (allowed {ALLOWED_MB}); "
        f"from {options.rows[0]:,} to {options.rows[-1]:,} rows it grows by "
        f"{above[-1] - above[0]:.0f} MB"
    )
    if max(above) > ALLOWED_MB:
        sys.exit(1)


if __name__ == "__main__":
    main()
