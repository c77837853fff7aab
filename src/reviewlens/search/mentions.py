"""The reviews that may say what a text says: all of them, not the nearest few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewlens.encoders import Encoder
from reviewlens.search.matches import MAY_SAY_IT
from reviewlens.search.relevance import Judgement, Relevance
from reviewlens.search.reviews import one_per_review, with_heads
from reviewlens.search.sides import read_query, takes_side
from reviewlens.search.statements import in_order, nearest_statement
from reviewlens.search.verdicts import Found, is_opposed, on_side, read_found
from reviewlens.store import WINDOW, Filters, Hit, ReviewStore, passage_id

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LOOKED_AT = 1_500
"""Passages by meaning, and as many by words, that are judged: a second's work."""
_LAST = 375
"""Of these the last, by which it is told how many further ones say it."""
_SLOWEST = 0.9
"""To which part of what it was the number that says it falls over as many passages, at most."""
_FIELDS = (
    "text", "original", "title", "statements", "language", "rating", "time", "product",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """A review that may say what a query says.

    Attributes:
        found: How surely, with the statement and its sentiment.
        regardless: The probability whichever side the review takes, 0..1.
        opposed: Whether it says the opposite of a query that takes a side.
    """

    found: Found
    regardless: float
    opposed: bool


@dataclass(frozen=True, slots=True)
class Mentions:
    """What reviews say of a query.

    Attributes:
        reviews: Those that may say it, or have all its telling words in one statement, whichever
            side they take; the most probable first.
        side: Sentiment of the query where it takes a side, None where it takes none.
        complete: Whether these are all there are.
        beyond: Of those that were not looked at, the probabilities to be expected together.
        faint: Of those that were looked at and hardly say it, the same.
    """

    reviews: tuple[Mention, ...]
    side: float | None
    complete: bool
    beyond: float = 0.0
    faint: float = 0.0


def find_mentions(
    store: ReviewStore,
    encoder: Encoder,
    query: str,
    vector: NDArray[np.float32],
    relevance: Relevance,
    filters: Filters | None = None,
) -> Mentions:
    """Return every review that may say what a query says.

    The nearest passages and those with its words are judged. Where the last of them still say it,
    how many further ones do is estimated.

    Args:
        store: Where the reviews are.
        encoder: The collection's.
        query: As given.
        vector: It, embedded, of shape (dimension,), unit length.
        relevance: The collection's.
        filters: Which reviews may be found.
    """
    asked = relevance.words.telling(query)
    near = store.search(vector[None, :], _LOOKED_AT, filters, fields=_FIELDS)[0]
    named = _by_words(store, asked, filters, vector)
    both = {_key(hit): hit for hit in (*named, *near)}
    nearest = one_per_review(in_order(nearest_statement(list(both.values()), vector)))
    hits = with_heads([nearest], store)[0]
    found = [Found(one.hit, one) for one in relevance.judge(query, vector, hits)]
    of_review = {one.hit.passage.review_id: one for one in found}
    beyond = _beyond([_chance(of_review[hit.passage.review_id]) for hit in near])
    last = named[-_LAST:] if len(named) >= _LOOKED_AT else []
    literal = any(of_review[hit.passage.review_id].named for hit in last)
    complete = round(beyond) == 0 and not literal
    return _mentions(query, vector, found, encoder, complete=complete, beyond=beyond)


def _chance(one: Found) -> float:
    return one.probability if _may(one) else 0.0


def _beyond(chances: Sequence[float]) -> float:
    """Return the sum of the probabilities to expect of passages further than those looked at.

    From one part of these to the next it falls, and is taken to go on falling so.

    Args:
        chances: Of those looked at, the nearest first.
    """
    if len(chances) < _LOOKED_AT:
        return 0.0
    before, last = sum(chances[-2 * _LAST : -_LAST]), sum(chances[-_LAST:])
    falls = min(_SLOWEST, last / before) if before else 0.0
    return last * falls / (1 - falls)


def mentions_reaching(
    store: ReviewStore,
    encoder: Encoder,
    query: str,
    vector: NDArray[np.float32],
    least: float,
    filters: Filters | None = None,
) -> Mentions:
    """Return the reviews a passage of which is near enough to a query, each as if it were sure.

    The arguments are those of `find_mentions`, and:

    Args:
        store: Where the reviews are.
        encoder: The collection's.
        query: As given.
        vector: It, embedded.
        least: Smallest cosine of a passage, -1..1.
        filters: Which reviews may be found.
    """
    limit = _LOOKED_AT
    while True:
        near = store.search(vector[None, :], limit, filters, fields=_FIELDS)[0]
        complete = len(near) < limit or near[-1].similarity < least
        if complete or limit >= WINDOW:
            break
        limit = min(4 * limit, WINDOW)
    reaching = one_per_review([hit for hit in near if hit.similarity >= least])
    hits = nearest_statement(with_heads([reaching], store)[0], vector)
    sure = [Found(one, Judgement(one, 1.0, named=False)) for one in hits]
    return _mentions(query, vector, sure, encoder, complete=complete)


def _mentions(
    query: str,
    vector: NDArray[np.float32],
    found: Sequence[Found],
    encoder: Encoder,
    *,
    complete: bool,
    beyond: float = 0.0,
) -> Mentions:
    wanted = read_query(query, vector, encoder)
    faint = sum(one.probability for one in found if not _may(one))
    kept = read_found([one for one in found if _may(one)], encoder)
    reviews = [
        Mention(
            on_side(one, wanted) if takes_side(wanted) else one,
            one.probability,
            is_opposed(one, wanted),
        )
        for one in kept
    ]
    reviews.sort(key=lambda one: (-one.found.probability, one.found.hit.passage.review_id))
    return Mentions(tuple(reviews), wanted if takes_side(wanted) else None, complete, beyond, faint)


def _may(one: Found) -> bool:
    return one.named or one.probability >= MAY_SAY_IT


def _by_words(
    store: ReviewStore,
    query: str,
    filters: Filters | None,
    vector: NDArray[np.float32],
) -> list[Hit]:
    """Return what has words of a query, the best first; nothing where there is no such search."""
    if not store.analyzer:
        return []
    found = store.search_words([query], _LOOKED_AT, filters, fields=(*_FIELDS, "vector"))[0]
    return [
        Hit(float(one.passage.vector @ vector), replace(one.passage, vector=None))
        for one in found
        if one.passage.vector is not None
    ]


def _key(hit: Hit) -> str:
    return passage_id(hit.passage.review_id, hit.passage.passage)
