"""Is hybrid search better than dense, and not worse than BM25?

Reviews are indexed without their titles in Milvus Lite; each title is a query, and any review with
the text that it stands above counts as relevant. The weight of the fusion is chosen on the queries
of one half of the different texts and reported on the other. Measured is nDCG@10; differences are
over the same queries, with bootstrap intervals. Reciprocal rank fusion and the convex combination
with the usual denominator, the best of the candidates, are the peers.

    python benchmarks/retrieval.py --reviews fine_food_reviews_1k.csv
    python benchmarks/retrieval.py --limit 200                            # short form, the sample
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reviewlens.encoders import load_encoder
from reviewlens.evaluation.metrics import bootstrapped_mean, ndcg, paired_difference
from reviewlens.ingest import ingest_options
from reviewlens.reading.model import Review
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import survey_reviews
from reviewlens.search import pool_size, reachable_scores
from reviewlens.search.fusion import DENSE_WEIGHT, fuse
from reviewlens.session import pin_of
from reviewlens.store import ReviewStore, StoredPassage
from setup import SAMPLE, describe

WEIGHTS = [round(0.05 * step, 2) for step in range(21)]
RANK_CONSTANT = 60
BLOCK = 100

Fuse = Callable[[list[float], list[float], float, float], list[float]]
"""Similarities, keyword scores, what these can reach at most, and a weight, to scores."""


class Candidates:
    """What dense and keyword search give for one query: ids, and both scores of each."""

    def __init__(
        self,
        similarities: NDArray[np.float32],
        words: dict[int, float],
        reachable: float,
        relevant: set[str],
    ) -> None:
        pool = pool_size(10)
        near = np.argsort(-similarities, kind="stable")[:pool].tolist()
        self.rows = sorted({*near, *words})
        self.near = [float(similarities[row]) for row in self.rows]
        self.words = [words.get(row, 0.0) for row in self.rows]
        self.reachable = reachable
        self.relevant = relevant

    def ndcg(self, score: Fuse, weight: float) -> float:
        """Of the ranking by a fusion."""
        scores = score(self.near, self.words, self.reachable, weight)
        order = sorted(range(len(self.rows)), key=lambda i: (-scores[i], -self.near[i], i))
        return ndcg([name(self.rows[i]) for i in order], self.relevant, 10)


def name(row: int) -> str:
    return f"{row:05}"


def convex(near: list[float], words: list[float], reachable: float, weight: float) -> list[float]:
    return fuse(near, words, reachable=reachable, weight=weight)


def by_best(near: list[float], words: list[float], reachable: float, weight: float) -> list[float]:
    return fuse(near, words, weight=weight)


def reciprocal(
    near: list[float], words: list[float], reachable: float, weight: float
) -> list[float]:
    scores = [0.0] * len(near)
    for values, part in ((near, weight), (words, 1 - weight)):
        order = sorted(range(len(values)), key=lambda i: (-values[i], i))
        for rank, i in enumerate(order, start=1):
            if values is near or values[i] > 0:
                scores[i] += part / (RANK_CONSTANT + rank)
    return scores


def dense(near: list[float], words: list[float], reachable: float, weight: float) -> list[float]:
    return near


def bm25(near: list[float], words: list[float], reachable: float, weight: float) -> list[float]:
    return words


METHODS: dict[str, Fuse] = {
    "convex, of what can be reached": convex,
    "convex, of the best": by_best,
    "reciprocal rank fusion": reciprocal,
}


def read(file: Path, limit: int | None) -> list[Review]:
    with survey_reviews([file], ingest_options().read) as survey:
        reviews = [review for chunk in read_reviews(survey) for review in chunk.reviews]
    return [review for review in reviews if review.text.strip()][:limit]


def gather(reviews: list[Review]) -> tuple[list[Candidates], NDArray[np.bool_]]:
    """Return the candidates of each query, and whether it is of the half to tune on."""
    encoder = load_encoder(device="cpu")
    different = sorted({review.text for review in reviews})
    place = {text: number for number, text in enumerate(different)}
    known = encoder.encode_documents(different)
    vectors = known[[place[review.text] for review in reviews]]
    asked = [one for one in dict.fromkeys((r.title, r.text) for r in reviews) if one[0].strip()]
    titles = [title for title, _ in asked]
    queries = encoder.encode_queries(titles)
    copies: dict[str, set[str]] = {}
    for row, review in enumerate(reviews):
        copies.setdefault(review.text, set()).add(name(row))
    words: list[dict[int, float]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        ReviewStore.open(f"{folder}/r.db", "reviews", create=True) as store,
    ):
        store.create(pin_of(encoder))
        store.upsert(
            StoredPassage(review_id=name(row), passage=0, text=review.text, vector=vectors[row])
            for row, review in enumerate(reviews)
        )
        store.settle()
        for start in range(0, len(titles), BLOCK):
            block = titles[start : start + BLOCK]
            found = store.search_words(block, pool_size(10), fields=())
            words += [{int(hit.passage.review_id): hit.score for hit in hits} for hits in found]
        reachable = reachable_scores(store, titles, None)
    candidates = [
        Candidates(queries[q] @ vectors.T, words[q], reachable[q], copies[text])
        for q, (_, text) in enumerate(asked)
    ]
    halves = list(range(len(different)))
    random.Random(0).shuffle(halves)
    first = set(halves[: len(halves) // 2])
    return candidates, np.array([place[text] in first for _, text in asked])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=Path, default=SAMPLE)
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    print(describe())
    reviews = read(arguments.reviews, arguments.limit)
    candidates, tuning = gather(reviews)
    learn = [one for one, tunes in zip(candidates, tuning, strict=True) if tunes]
    test = [one for one, tunes in zip(candidates, tuning, strict=True) if not tunes]
    print(f"{len(reviews):,} reviews; titles to tune on {len(learn)}, to report on {len(test)}")
    print(f"nDCG@10 on the latter; the weight in use is {DENSE_WEIGHT}")
    base = {
        label: [one.ndcg(score, 1.0) for one in test]
        for label, score in (("dense", dense), ("BM25", bm25))
    }
    for label, values in base.items():
        print(f"  {label:32}{told(values)}")
    for label, score in METHODS.items():
        means = {
            weight: float(np.mean([one.ndcg(score, weight) for one in learn])) for weight in WEIGHTS
        }
        best = max(means, key=lambda weight: (means[weight], -weight))
        values = [one.ndcg(score, best) for one in test]
        print(f"  {label:32}{told(values)}, weight {best} (tuned: {means[best]:.4f})")
        for other, reference in base.items():
            apart = paired_difference(values, reference, seed=0)
            print(f"    less {other:27}{apart.value:+.4f} ({apart.low:+.4f} to {apart.high:+.4f})")
    in_use = [one.ndcg(convex, DENSE_WEIGHT) for one in test]
    tuned = np.mean([one.ndcg(convex, DENSE_WEIGHT) for one in learn])
    print(f"  {'as reviewlens does':32}{told(in_use)}, weight {DENSE_WEIGHT} (tuned: {tuned:.4f})")
    for other, reference in base.items():
        apart = paired_difference(in_use, reference, seed=0)
        print(f"    less {other:27}{apart.value:+.4f} ({apart.low:+.4f} to {apart.high:+.4f})")
    line = [f"{w}: {np.mean([one.ndcg(convex, w) for one in test]):.3f}" for w in WEIGHTS[::2]]
    print("  by weight  " + "  ".join(line))


def told(values: list[float]) -> str:
    found = bootstrapped_mean(values, seed=0)
    return f"{found.value:.4f} ({found.low:.4f} to {found.high:.4f})"


if __name__ == "__main__":
    main()
