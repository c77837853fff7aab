"""Search: the reviews nearest in meaning to a text, or to another review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewlens.encoders import Encoder
from reviewlens.errors import InputError
from reviewlens.matching import matching_sentences
from reviewlens.results import Match, Matches, iso_time
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


def search(
    store: ReviewStore,
    encoder: Encoder,
    queries: Sequence[str],
    *,
    n: int = 10,
    filters: Filters | None = None,
    min_similarity: float | None = None,
    explain: bool = False,
) -> list[Matches]:
    """Return for each query the reviews that say what it says.

    Args:
        store: Where the reviews are.
        encoder: The collection's encoder.
        queries: Texts; each is answered alone.
        n: Reviews for each query at most; a review counts once however many of its passages match.
        filters: Which reviews may be found.
        min_similarity: Smallest cosine similarity that counts as an answer, -1..1.
        explain: Find the sentence that matched best in each review.

    Raises:
        InputError: A query is empty, or `n` is out of range.
    """
    _check(queries, n)
    if not queries:
        return []
    vectors = encoder.encode_queries(queries)
    fields = (*SHOWN, "text") if explain else SHOWN
    found = nearest_reviews(store, vectors, n, filters, fields)
    answers = []
    for query, vector, hits in zip(queries, vectors, found, strict=True):
        kept = _near_enough(hits, min_similarity)
        matches = [_match(hit) for hit in kept]
        if explain:
            sentences = matching_sentences(query, vector, [hit.passage for hit in kept], encoder)
            matches = [
                replace(match, sentence=sentence)
                for match, sentence in zip(matches, sentences, strict=True)
            ]
        answers.append(Matches(query, bool(matches), tuple(matches), min_similarity, encoder.notes))
    return answers


def similar(
    store: ReviewStore,
    review_id: str,
    *,
    n: int = 10,
    filters: Filters | None = None,
    min_similarity: float | None = None,
) -> Matches:
    """Return the reviews nearest to a stored one, itself left out.

    Args:
        store: Where the reviews are.
        review_id: The review; its passages are pooled to one vector, their mean at unit length.
        n: Reviews at most.
        filters: Which reviews may be found.
        min_similarity: Smallest cosine similarity that counts, -1..1.

    Raises:
        InputError: There is no such review.
    """
    _check([review_id], n)
    stored = store.get(store.passages_of([review_id])[review_id], ("vector",))
    if not stored:
        raise InputError(
            f"there is no review {review_id!r} in {store.name!r}; wanted an id as `search` and "
            "`export` show it"
        )
    vector = pooled([passage.vector for passage in stored.values() if passage.vector is not None])
    hits = nearest_reviews(store, vector[None, :], n + 1, filters, SHOWN)[0]
    others = [hit for hit in hits if hit.passage.review_id != review_id][:n]
    kept = _near_enough(others, min_similarity)
    return Matches(review_id, bool(kept), tuple(_match(hit) for hit in kept), min_similarity)


def _near_enough(hits: Sequence[Hit], floor: float | None) -> list[Hit]:
    return [hit for hit in hits if floor is None or hit.similarity >= floor]


def pooled(vectors: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return the mean of unit vectors at unit length, float32 of shape (dimension,)."""
    import numpy as np

    mean = np.mean(np.stack(vectors), axis=0, dtype=np.float32)
    unit: NDArray[np.float32] = np.divide(mean, np.linalg.norm(mean), dtype=np.float32)
    return unit


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
    answers: list[list[Hit]] = [[] for _ in vectors]
    open_ = list(range(len(vectors)))
    limit = n + max(2, n // 5)  # most reviews have one passage
    while open_:
        found = store.search(vectors[open_], limit, filters, fields=fields)
        for index, hits in zip(open_, found, strict=True):
            answers[index] = _one_per_review(hits)[:n]
        open_ = [
            index
            for index, hits in zip(open_, found, strict=True)
            if len(answers[index]) < n and len(hits) >= limit
        ]
        limit *= 4
    return _with_heads(answers, store)


def _one_per_review(hits: Sequence[Hit]) -> list[Hit]:
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.passage.review_id, hit)
    return list(best.values())


def _with_heads(answers: Sequence[Sequence[Hit]], store: ReviewStore) -> list[list[Hit]]:
    """Give later passages the review as given, which stands with the first passage.

    A passage without a first one is what an interrupted ingest left; it is no review yet.
    """
    missing = {hit.passage.review_id for hits in answers for hit in hits if hit.passage.passage > 0}
    heads = store.heads(sorted(missing), ("original",)) if missing else {}

    def completed(hit: Hit) -> Hit:
        if hit.passage.passage == 0:
            return hit
        original = heads[hit.passage.review_id].original
        return Hit(hit.similarity, replace(hit.passage, original=original))

    return [
        [
            completed(hit)
            for hit in hits
            if hit.passage.passage == 0 or hit.passage.review_id in heads
        ]
        for hits in answers
    ]


def _match(hit: Hit) -> Match:
    stored = hit.passage
    return Match(
        review_id=stored.review_id,
        similarity=round(hit.similarity, 6),
        rating=stored.rating,
        time=iso_time(stored.time),
        product=stored.product,
        title=stored.title,
        text=stored.original,
        sentence=None,
        author=stored.author,
        source=stored.source,
        language=stored.language,
        cluster=stored.cluster,
        passage=stored.passage,
        rating_given=stored.rating_given,
        extra=stored.extra,
    )


def _check(queries: Sequence[str], n: int) -> None:
    if not 1 <= n <= MOST_MATCHES:
        raise InputError(f"{n} matches cannot be given; wanted 1 to {MOST_MATCHES:,}")
    for number, query in enumerate(queries, start=1):
        if not query.strip():
            which = f"query {number}" if len(queries) > 1 else "the query"
            raise InputError(f"{which} is empty; wanted a text to search for")
