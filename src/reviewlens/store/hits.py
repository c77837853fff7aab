"""Passages that a search found."""

from __future__ import annotations

from dataclasses import dataclass

from reviewlens.store.schema import StoredPassage


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found.

    Attributes:
        similarity: Cosine similarity to the query, -1..1, higher is nearer.
        passage: What was found.
        span: Where the statement begins and ends in the passage's text that is nearest to the
            query; None where none was looked for, or the collection keeps none.
        score: What hybrid search ranks by, 0..1; None otherwise.
        keyword_score: BM25 of the query's words; None where they were not looked for.
    """

    similarity: float
    passage: StoredPassage
    score: float | None = None
    keyword_score: float | None = None
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class KeywordHit:
    """A passage that has words of a query, with its BM25 score (above 0, more is better)."""

    score: float
    passage: StoredPassage
