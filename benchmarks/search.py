"""A search, cold and warm.

Cold: the command `reviewlens search` as a process, against a plain script of sentence-transformers
and pymilvus. Warm: `Corpus.search` in a process that has searched before, against the encoding of
the query and a bare `MilvusClient.search` for the same fields; more rows than texts are copies with
a little noise in their vectors. With --uri the warm part runs on that server as well.

    python benchmarks/search.py --reviews FILE                       # 1,000 to 100,000 rows
    python benchmarks/search.py --rows 1000 --rounds 2 --limit 100   # short form
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from itertools import product
from pathlib import Path

import numpy as np

from ingest import PLAIN, REVIEWLENS, run, write_input
from reviewlens import Corpus
from reviewlens.encoders import load_encoder
from reviewlens.search import SHOWN
from reviewlens.session import pin_of
from reviewlens.store import ReviewStore, StoredPassage
from setup import SAMPLE, describe, spread, timed

QUERIES = [
    "the dog refuses to eat it", "arrived stale", "too sweet for my taste", "great price",
    "box was crushed in the post", "best tea I ever had", "my cat loves these", "tastes like soap",
    "would buy again", "customer service never answered", "gluten free and still good",
    "coffee is bitter and weak",
]  # fmt: skip
ADDED = ["again", "now", "sadly", "truly", "though", "still", "twice", "today", "really", "so"]


def cold(reviews: Path, limit: int | None, rounds: int) -> None:
    """Print seconds of the command and of the script, in turns."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        file, plain_db, our_db = folder / "r.csv", folder / "plain.db", folder / "ours.db"
        count = write_input(reviews, file, limit)
        run([sys.executable, PLAIN, "ingest", file, plain_db], folder)
        run([REVIEWLENS, "--uri", our_db, "ingest", file], folder)
        plain, ours = [], []
        for number in range(rounds):
            query = QUERIES[number % len(QUERIES)]
            plain.append(run([sys.executable, PLAIN, "search", query, plain_db], folder))
            ours.append(run([REVIEWLENS, "--uri", our_db, "search", query], folder))
    ratio = statistics.median(one / other for one, other in zip(plain, ours, strict=True))
    print(f"cold, Milvus Lite, {count} reviews, seconds a process")
    print(f"  plain script        {spread(plain)}")
    print(f"  reviewlens search   {spread(ours)}")
    print(f"  ratio               {ratio:.2f}")


def fill(uri: str, collection: str, texts: list[str], rows: int) -> None:
    """Store rows of real texts; those that come again get vectors near the first ones."""
    encoder = load_encoder(device="cpu")
    random = np.random.default_rng(1)
    texts = texts[:rows]
    known = encoder.encode_documents(texts)
    with ReviewStore.open(uri, collection, create=True) as store:
        store.create(pin_of(encoder))
        for start in range(0, rows, 5_000):
            size = min(5_000, rows - start)
            noise = random.standard_normal((size, encoder.dimension)) * (0.01 if start else 0)
            vectors = known[np.arange(start, start + size) % len(texts)] + noise.astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            store.upsert(
                StoredPassage(
                    review_id=f"r{start + index}",
                    passage=0,
                    content_hash="0" * 65,
                    text=texts[index % len(texts)],
                    original=texts[index % len(texts)],
                    title="Title",
                    product=f"product {index % 50}",
                    rating=float(index % 5 + 1),
                    rating_given=float(index % 5 + 1),
                    time=1_700_000_000_000,
                    language="en",
                    vector=vectors[index],
                )
                for index in range(size)
            )
        store.settle()


def warm(uri: str, collection: str, rows: int, rounds: int) -> None:
    """Print p50 and p95 of a search and of its two bare parts, in turns."""
    with Corpus.open(uri, collection=collection) as corpus:
        corpus.search(QUERIES[0], explain=True)
        store = corpus._session.required()
        encoder = corpus._session.encoder_for(store)

        def bare(query: str) -> None:
            store._client.search(
                collection,
                data=list(encoder.encode_queries([query])),
                anns_field="vector",
                limit=10,
                output_fields=["id", *SHOWN],
                search_params={"metric_type": "COSINE", "params": {"ef": 256}},
            )

        kinds = {
            "encode and bare search": bare,
            "Corpus.search": corpus.search,
            "  with the sentence": lambda query: corpus.search(query, explain=True),
        }
        seconds: dict[str, list[float]] = {name: [] for name in kinds}
        # A text that was searched for before is not embedded again, so that each is a new one.
        texts = (f"{query} {one} {other}" for one, other in product(ADDED, ADDED)
                 for query in QUERIES)  # fmt: skip
        for _ in range(rounds * len(QUERIES)):
            for name, ask in kinds.items():
                text = next(texts)
                seconds[name].append(timed(lambda ask=ask, text=text: ask(text)))
    print(f"warm, {store.milvus.version}, {rows:,} rows, milliseconds")
    base = statistics.median(seconds["encode and bare search"])
    for name, values in seconds.items():
        p50, p95 = np.percentile(values, [50, 95]) * 1e3
        print(f"  {name:24}p50 {p50:7.1f}  p95 {p95:7.1f}  ratio "
              f"{statistics.median(values) / base:.2f}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=Path, default=SAMPLE)
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--uri", help="A server, for the warm part as well.")
    arguments = parser.parse_args()
    from setup import read_texts

    print(describe())
    cold(arguments.reviews, arguments.limit, arguments.rounds)
    texts = read_texts(arguments.reviews)
    for rows in arguments.rows:
        with tempfile.TemporaryDirectory() as folder:
            uris = [f"{folder}/warm.db", *([arguments.uri] if arguments.uri else [])]
            for uri in uris:
                fill(uri, "benchmark", texts, rows)
                warm(uri, "benchmark", rows, arguments.rounds)
                with Corpus.open(uri, collection="benchmark") as corpus:
                    corpus.delete(everything=True)


if __name__ == "__main__":
    main()
