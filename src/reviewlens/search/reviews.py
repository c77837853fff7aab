"""The nearest reviews to a vector, and what a result tells of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewlens.errors import InputError
from reviewlens.results import iso_time
from reviewlens.search.matches import Match, Strength
from reviewlens.store import Filters, Hit, ReviewStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_MATCHES = 10_000
SHOWN = (
    "original",
    "title",
    "product",
    "author",
    "source",
    "language",
    "rating",
    "rating_given",
    "time",
    "cluster",
    "extra",
)
"""The fields that make up a match; review and passage are read off the id."""


def nearest_reviews(
    store: ReviewStore,
    vectors: NDArray[np.float32],
    n: int,
    filters: Filters | None,
    fields: Sequence[str],
) -> list[list[Hit]]:
    """Return for each vector the nearest passage of each of the `n` nearest reviews.

    Long reviews fill a result with their passages; the request is widened until `n` different
    reviews are found or there are no more.
    """

    def ask(open_: list[int], times: int) -> list[tuple[list[Hit], bool]]:
        limit = times * (n + max(2, n // 5))  # most reviews have one passage
        found = store.search(vectors[open_], limit, filters, fields=fields)
        return [(hits, len(hits) >= limit) for hits in found]

    return with_heads(widened(ask, len(vectors), n), store)


def widened(
    ask: Callable[[list[int], int], list[tuple[list[Hit], bool]]], count: int, n: int
) -> list[list[Hit]]:
    """Return the first hit of each of `n` reviews for each query, asking for more as need be.

    Args:
        ask: Given the queries that lack reviews and how many times as many passages to look for
            as at first, returns for each the hits in order, and whether there are more.
        count: How many queries there are.
        n: Reviews for each.
    """
    answers: list[list[Hit]] = [[] for _ in range(count)]
    open_ = list(range(count))
    times = 1
    while open_:
        found = ask(open_, times)
        for index, (hits, _) in zip(open_, found, strict=True):
            answers[index] = one_per_review(hits)[:n]
        open_ = [
            index
            for index, (_, more) in zip(open_, found, strict=True)
            if more and len(answers[index]) < n
        ]
        times *= 4
    return answers


def one_per_review(hits: Sequence[Hit]) -> list[Hit]:
    """Return the first hit of each review, in order."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.passage.review_id, hit)
    return list(best.values())


def with_heads(answers: Sequence[Sequence[Hit]], store: ReviewStore) -> list[list[Hit]]:
    """Give later passages the review as given, which stands with the first passage.

    A passage without a first one is what an interrupted ingest left; it is no review yet.
    """
    missing = {hit.passage.review_id for hits in answers for hit in hits if hit.passage.passage > 0}
    heads = store.heads(sorted(missing), ("original",)) if missing else {}

    def completed(hit: Hit) -> Hit:
        if hit.passage.passage == 0:
            return hit
        original = heads[hit.passage.review_id].original
        return replace(hit, passage=replace(hit.passage, original=original))

    return [
        [
            completed(hit)
            for hit in hits
            if hit.passage.passage == 0 or hit.passage.review_id in heads
        ]
        for hits in answers
    ]


def match_of(
    hit: Hit,
    *,
    sentence: str | None = None,
    words: tuple[str, ...] = (),
    probability: float | None = None,
    strength: Strength | None = None,
    sentiment: float | None = None,
) -> Match:
    """Return what a result tells of a hit; see `Match`."""
    stored = hit.passage
    return Match(
        review_id=stored.review_id,
        similarity=round(hit.similarity, 6),
        rating=stored.rating,
        time=iso_time(stored.time),
        product=stored.product,
        title=stored.title,
        text=stored.original,
        sentence=sentence,
        statement=sentence,
        author=stored.author,
        source=stored.source,
        language=stored.language,
        cluster=stored.cluster,
        passage=stored.passage,
        rating_given=stored.rating_given,
        extra=stored.extra,
        score=None if hit.score is None else round(hit.score, 6),
        keyword_score=None if hit.keyword_score is None else round(hit.keyword_score, 4),
        probability=probability,
        strength=strength,
        sentiment=sentiment,
        words=words,
    )


def check_request(queries: Sequence[str], n: int) -> None:
    """Refuse an empty query, and a number of reviews that cannot be given."""
    if not 1 <= n <= MOST_MATCHES:
        raise InputError(f"{n} matches cannot be given; wanted 1 to {MOST_MATCHES:,}")
    for number, query in enumerate(queries, start=1):
        if not query.strip():
            which = f"query {number}" if len(queries) > 1 else "the query"
            raise InputError(f"{which} is empty; wanted a text to search for")
