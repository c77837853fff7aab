"""The reviews that are like another one."""

from __future__ import annotations

from reviewlens.errors import NotFound, UnreadLanguages
from reviewlens.search.matches import Matches
from reviewlens.search.reviews import (
    SHOWN,
    check_request,
    match_of,
    nearest_reviews,
)
from reviewlens.store import Filters, ReviewStore
from reviewlens.text.languages import named
from reviewlens.vectors import pooled


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
        NotFound: There is no such review.
        UnreadLanguages: The encoder does not read its language.
    """
    check_request([review_id], n)
    stored = store.get(store.passages_of([review_id])[review_id], ("vector", "language"))
    if not stored:
        raise NotFound(
            f"there is no review {review_id!r} in {store.name!r}; wanted an id as `search` and "
            "`export` show it"
        )
    language = next(iter(stored.values())).language
    if language in store.languages.unread:
        raise UnreadLanguages(
            f"the review {review_id!r} is in {named(language)}, which {store.pin.encoder} does not "
            "read, so that nothing is near it by meaning: reindex --encoder multilingual"
        )
    vector = pooled([passage.vector for passage in stored.values() if passage.vector is not None])
    hits = nearest_reviews(store, vector[None, :], n + 1, filters, SHOWN)[0]
    others = [hit for hit in hits if hit.passage.review_id != review_id][:n]
    kept = [hit for hit in others if min_similarity is None or hit.similarity >= min_similarity]
    return Matches(
        review_id,
        bool(kept),
        tuple(match_of(hit) for hit in kept),
        min_similarity,
        nearest=round(others[0].similarity, 6) if others else None,
    )
