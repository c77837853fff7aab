"""Passages that a search found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewlens.store.schema import StoredPassage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found.

    Attributes:
        similarity: Cosine similarity to the query, -1..1, higher is nearer.
        passage: What was found.
        score: What hybrid search ranks by, 0..1; None otherwise.
        keyword_score: BM25 of the query's words; None where they were not looked for.
    """

    similarity: float
    passage: StoredPassage
    score: float | None = None
    keyword_score: float | None = None


@dataclass(frozen=True, slots=True)
class KeywordHit:
    """A passage that has words of a query, with its BM25 score (above 0, more is better)."""

    score: float
    passage: StoredPassage


def compared_anew(
    vectors: NDArray[np.float32], answers: Sequence[Sequence[Hit]], *, keep: bool
) -> list[list[Hit]]:
    """Return hits with their cosines in double precision, nearest first, ties by key.

    Args:
        vectors: The queries.
        answers: Of each, with the vectors of the passages.
        keep: Whether the passages keep these.
    """
    found = []
    for vector, hits in zip(vectors.astype("float64"), answers, strict=True):
        compared = [
            replace(
                hit,
                similarity=float(hit.passage.vector.astype("float64") @ vector),
                passage=hit.passage if keep else replace(hit.passage, vector=None),
            )
            for hit in hits
            if hit.passage.vector is not None
        ]
        compared.sort(key=lambda hit: (-hit.similarity, hit.passage.review_id, hit.passage.passage))
        found.append(compared)
    return found
