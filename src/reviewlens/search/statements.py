"""Which statement of a passage says what a query says, by the vectors that are kept with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewlens.search.reviews import widened, with_heads
from reviewlens.store import (
    Filters,
    Hit,
    ReviewStore,
    StoredPassage,
    directions,
    passage_id,
    unpack,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STATEMENTS = ("statements",)
"""The field that `nearest_statement` needs."""
_LEAST_PASSAGES = 1_000
"""Passages that are looked at for a query: a long one may say it in one statement of many."""
_PASSAGES_A_REVIEW = 4
QUERIES_AT_ONCE = 5
"""Of which the passages are asked for together: with long reviews some 8 MB each, and a server
answers no more than 64."""


def passages_for(n: int) -> int:
    """Return how many of the nearest passages are looked at for `n` reviews."""
    return max(_LEAST_PASSAGES, _PASSAGES_A_REVIEW * n)


def nearest_statement(hits: Sequence[Hit], vector: NDArray[np.float32]) -> list[Hit]:
    """Return hits with the similarity of their nearest statement, and where it stands.

    Args:
        hits: With the field `statements`. One of a single statement has its similarity already.
        vector: The query's, of shape (dimension,), unit length.
    """
    import numpy as np

    kept = [unpack(hit.passage.statements) if hit.passage.statements else None for hit in hits]
    several = [own.numbers for own in kept if own is not None and len(own.spans) > 1]
    best: Iterator[tuple[int, float]] = iter(())
    if several:  # in one thread: others would wait for the encoder's
        cosines = np.einsum("ij,j->i", directions(np.concatenate(several)), vector)
        best = iter(_largest_of_each(cosines, [len(own) for own in several]))
    found = []
    for hit, own in zip(hits, kept, strict=True):
        similarity, span = hit.similarity, None
        if own is not None:
            place = 0
            if len(own.spans) > 1:
                place, similarity = next(best)
            first, last = own.spans[place].tolist()
            span = first, last
        found.append(Hit(similarity, hit.passage, span=span))
    return found


def _largest_of_each(
    numbers: NDArray[np.float32], lengths: Sequence[int]
) -> Iterator[tuple[int, float]]:
    """Yield of each part of some numbers the place of its largest, the first, and that."""
    import numpy as np

    starts = np.cumsum([0, *lengths[:-1]])
    largest = np.maximum.reduceat(numbers, starts)
    places = np.flatnonzero(numbers == np.repeat(largest, lengths))
    firsts = places[np.searchsorted(places, starts)] - starts
    yield from zip(firsts.tolist(), largest.tolist(), strict=True)


def statement_vectors(row: StoredPassage) -> NDArray[np.float32]:
    """Return the vectors of what a passage says, or its own where it says one thing or is whole.

    Args:
        row: With `statements` and `vector`.

    Returns:
        float32 of shape (statements, dimension).
    """
    import numpy as np

    packed = unpack(row.statements)
    several = packed is not None and len(packed.spans) > 1
    return packed.vectors if packed is not None and several else np.stack([row.vector])  # type: ignore[list-item]


def said_by(hit: Hit) -> tuple[str, NDArray[np.float32]] | None:
    """Return the statement that a hit is found by, and its vector; None where it has none.

    It has none where it is found by the words of what is left out of what reviews mean.

    Args:
        hit: With text and statements.
    """
    packed = unpack(hit.passage.statements) if hit.span and hit.passage.statements else None
    if packed is None or hit.span is None:
        return None
    starts = packed.spans[:, 0].tolist()
    if hit.span[0] not in starts:
        return None
    place = starts.index(hit.span[0])
    return hit.passage.text[slice(*hit.span)], directions(packed.numbers[place : place + 1])[0]


def nearest_saying(
    store: ReviewStore,
    vectors: NDArray[np.float32],
    n: int,
    filters: Filters | None,
    fields: Sequence[str],
) -> list[list[Hit]]:
    """Return for each vector the `n` reviews with the nearest statements, nearest first.

    In a collection of version 1, which has no statements, those with the nearest passages. The
    arguments are those of `nearest_reviews`.
    """
    answers: list[list[Hit]] = []
    for start in range(0, len(vectors), QUERIES_AT_ONCE):
        part = vectors[start : start + QUERIES_AT_ONCE]
        answers += _nearest_saying(store, part, n, filters)
    return completed(answers, store, fields)


def completed(
    answers: Sequence[Sequence[Hit]], store: ReviewStore, fields: Sequence[str]
) -> list[list[Hit]]:
    """Return hits with all fields that are wanted; those that are gone meanwhile are left out.

    A search looks at many more passages than are shown, of which it needs the statements alone.
    """
    keys = [[passage_id(hit.passage.review_id, hit.passage.passage) for hit in hits]
            for hits in answers]  # fmt: skip
    stored = store.get(list(dict.fromkeys(key for own in keys for key in own)), fields)
    return with_heads(
        [
            [
                replace(hit, passage=stored[key])
                for key, hit in zip(own, hits, strict=True)
                if key in stored
            ]
            for own, hits in zip(keys, answers, strict=True)
        ],
        store,
    )


def _nearest_saying(
    store: ReviewStore, vectors: NDArray[np.float32], n: int, filters: Filters | None
) -> list[list[Hit]]:
    def ask(open_: list[int], times: int) -> list[tuple[list[Hit], bool]]:
        limit = times * passages_for(n)
        found = store.search(vectors[open_], limit, filters, fields=STATEMENTS)
        return [
            (in_order(nearest_statement(hits, vectors[index])), len(hits) >= limit)
            for index, hits in zip(open_, found, strict=True)
        ]

    return widened(ask, len(vectors), n)


def in_order(hits: Sequence[Hit]) -> list[Hit]:
    """Return hits by similarity; equal ones by their place."""
    return sorted(
        hits, key=lambda hit: (-hit.similarity, hit.passage.review_id, hit.passage.passage)
    )
