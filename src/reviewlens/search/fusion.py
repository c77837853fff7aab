"""One ranking out of two: by meaning and by words."""

from __future__ import annotations

from collections.abc import Sequence

DENSE_WEIGHT = 0.7
"""Weight of the similarity; the rest is that of the words.

Of 0, 0.05 … 1 the best on half of the food reviews is 0.55, and 0.7 lies within 0.001 of its
nDCG@10 (benchmarks/retrieval.py). The larger one costs less where queries and reviews share few
words.
"""
CODE_WEIGHT = 0.3
"""Weight of the similarity where the query names a code: XJ-901 is near XJ-900, and not meant.

Chosen by hand.
"""
LEAST_POOL = 50
"""Passages that either search gives at least; the whole collection gave no better ranking."""


def pool_size(n: int) -> int:
    """Return how many passages of each search are put together for `n` reviews."""
    return max(LEAST_POOL, 2 * n)


def fuse(
    similarities: Sequence[float],
    keyword_scores: Sequence[float],
    *,
    reachable: float = 0.0,
    weight: float = DENSE_WEIGHT,
) -> list[float]:
    """Return for each candidate its two scores as one, 0..1.

    A similarity is taken as its part of the way from -1 to the best of the candidates, a keyword
    score as its part of what can be reached with all words of the query, and the two are weighted.
    Where no candidate has more than the small words of a query, words therefore count little;
    divided by the best of the candidates they would count in full. Unlike reciprocal rank fusion
    this keeps how far apart candidates are.

    Args:
        similarities: Cosine similarity of each candidate, -1..1.
        keyword_scores: BM25 of each candidate, 0 for one without any of the words.
        reachable: What no keyword score of this query passes; the best of the candidates without.
        weight: Of the similarity, 0..1; 1 leaves the words out.

    Source:
        Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", ACM
        Transactions on Information Systems 42, 2023 (convex combination, theoretical min-max);
        the bound is that of Turtle and Flood, "Query evaluation: strategies and optimizations",
        Information Processing and Management 31, 1995 (MaxScore).
    """
    nearest = max(similarities, default=0.0) + 1.0
    most = max(reachable, *keyword_scores, 0.0)
    return [
        weight * (_part(similarity + 1.0, nearest)) + (1.0 - weight) * _part(words, most)
        for similarity, words in zip(similarities, keyword_scores, strict=True)
    ]


def _part(value: float, best: float) -> float:
    return max(0.0, value) / best if best > 0.0 else 0.0
