"""Whether what was found is an answer, and how surely each review is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.encoders import Encoder
from reviewlens.errors import UnknownTokens
from reviewlens.search.matches import FloorFigures, Strength
from reviewlens.search.modes import Mode
from reviewlens.search.relevance import CONSIDERED, Floored, Judge, NoFloor
from reviewlens.search.reviews import near_enough
from reviewlens.store import Filters, Hit, ReviewStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_OF_WORDS = 0.25
"""Of what all words of a query would score: with less a review has its small words alone.

Chosen by hand: one word in four that are equally rare.
"""
MOST_UNKNOWN = 0.5
"""Share of a query's tokens that the encoder may not know."""
_UNREADABLE = 0.1  # share of the reviews' tokens; an ingest takes more only when it is forced to
_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """What of the reviews found is shown.

    Attributes:
        hits: In the order found; none where they are no answer.
        strengths: Of each, None where there is no floor.
        floor: As `Matches.floor`.
        nearest: Similarity of the nearest review, None where there is none.
        figures: How often the calibrated floor errs, None where it did not decide.
        notes: What the user should know.
    """

    hits: tuple[Hit, ...]
    strengths: tuple[Strength | None, ...]
    floor: float | None
    nearest: float | None
    figures: FloorFigures | None = None
    notes: tuple[str, ...] = ()


def considered(n: int, floor: Floored | NoFloor | None) -> int:
    """Return how many reviews have to be found so that `n` can be shown."""
    return max(n, CONSIDERED) if isinstance(floor, Floored) else n


def judge_hits(
    query: str,
    vector: NDArray[np.float32],
    hits: Sequence[Hit],
    n: int,
    *,
    floor: Floored | NoFloor | None,
    min_similarity: float | None,
) -> Verdict:
    """Return what of the reviews found for a query is shown.

    Where no review is a fair answer by itself none is shown; where one is, weak ones are as well.
    A review of which one statement has all telling words of the query is a fair answer at least.

    Args:
        query: What was asked.
        vector: It, embedded.
        hits: In the order in which they are shown, `considered` of them.
        n: Reviews at most.
        floor: The collection's.
        min_similarity: What decides instead, if given.
    """
    nearest = round(max(hit.similarity for hit in hits), 6) if hits else None
    if min_similarity is not None:
        kept = tuple(near_enough(hits, min_similarity)[:n])
        return Verdict(kept, _strengths(query, vector, kept, floor), min_similarity, nearest)
    if not isinstance(floor, Floored):
        kept = tuple(hits[:n])
        notes = () if floor is None else (floor.reason,)
        return Verdict(kept, (None,) * len(kept), None, nearest, notes=notes)
    judge = floor.judge(query, vector)
    scores = [judge.score(hit) for hit in hits]
    found = [(hit, _strength(judge, hit, score)) for hit, score in zip(hits, scores, strict=True)]
    answers = [one for one in found if one[1] != "weak"]
    shown = found[:n] if answers else []
    if answers and all(strength == "weak" for _, strength in shown):
        shown = answers[:n]  # of few shown, let it be those that say it
    best = max(range(len(hits)), key=scores.__getitem__, default=None)
    level = None if best is None else round(judge.cosine(hits[best], scores[best]), 4)
    return Verdict(
        tuple(hit for hit, _ in shown),
        tuple(strength for _, strength in shown),
        level,
        nearest,
        floor.floor.figures,
    )


def judge_words(hits: Sequence[Hit], n: int, reachable: float) -> Verdict:
    """Return what is shown of the reviews found for a query that the encoder does not read.

    Its vector says nothing: what counts is how much of its words a review has.

    Args:
        hits: By their words, best first.
        n: Reviews at most.
        reachable: The score of a review that had all words of the query; see `reachable_scores`.
    """
    least = LEAST_OF_WORDS * reachable
    kept = tuple(hit for hit in hits if (hit.keyword_score or 0.0) >= least)[:n]
    return Verdict(kept, (None,) * len(kept), None, None)


def _strengths(
    query: str,
    vector: NDArray[np.float32],
    hits: Sequence[Hit],
    floor: Floored | NoFloor | None,
) -> tuple[Strength | None, ...]:
    if not isinstance(floor, Floored):
        return (None,) * len(hits)
    judge = floor.judge(query, vector)
    return tuple(_strength(judge, hit, judge.score(hit)) for hit in hits)


def _strength(judge: Judge, hit: Hit, score: float) -> Strength:
    strength = judge.strength(score)
    return "fair" if strength == "weak" and judge.says(hit) else strength


def check_readable(
    queries: Sequence[str], modes: Sequence[Mode], encoder: Encoder, store: ReviewStore
) -> list[tuple[str, ...]]:
    """Refuse a query that the encoder cannot read: its vector would be nonsense.

    Returns:
        For each query a note where it cannot be read, nor can the reviews, which were taken all
        the same (`--force`).

    Raises:
        UnknownTokens: Most of its tokens are unknown.
    """
    notes: list[tuple[str, ...]] = []
    unreadable: bool | None = None
    for query, mode, count in zip(queries, modes, encoder.count_tokens(queries), strict=True):
        notes.append(())
        if mode != "keyword" and count.unknown > MOST_UNKNOWN * count.tokens:
            if unreadable is None:
                unreadable = _unreadable(store)
            if unreadable:
                notes[-1] = (
                    f"{encoder.name} does not know most tokens of {query!r}, nor of the reviews: "
                    "what is found has little to do with it.",
                )
                continue
            raise UnknownTokens(
                f"{encoder.name} does not know {count.unknown} of the {count.tokens} tokens of "
                f"{query!r} (at most half is wanted), so that it would find nonsense: ask in a "
                "language that it knows, by words with --mode keyword, or rebuild the collection "
                "with a multilingual model: reindex --encoder multilingual"
            )
    return notes


def _unreadable(store: ReviewStore) -> bool:
    """Tell whether the encoder does not know many of the reviews' own tokens."""
    keys = store.passage_ids(Filters(), base="passage == 0")
    rows = store.get(keys[:: max(1, len(keys) // _LOOKED_AT)], ("tokens", "tokens_unknown"))
    tokens = sum(row.tokens for row in rows.values())
    return sum(row.tokens_unknown for row in rows.values()) > _UNREADABLE * tokens
