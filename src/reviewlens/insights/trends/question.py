"""`trends`: what is said how often over time."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from reviewlens.encoders import embed_queries
from reviewlens.errors import InputError
from reviewlens.ground.slices import Slice
from reviewlens.insights.base import require_read_texts, slice_of, themed
from reviewlens.insights.trends import (
    Across,
    Period,
    Trends,
    by_column,
    by_phrase,
    by_theme,
    check_picture,
    draw_trends,
    measure_trends,
)
from reviewlens.questions import Face, Ge, Le, one_of
from reviewlens.results import OnProgress
from reviewlens.search.statements import statement_vectors
from reviewlens.session import Lease
from reviewlens.settings import QUERY_FLOOR, TREND_REVIEWS
from reviewlens.store import Filters, ReviewStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_log = logging.getLogger(__name__)


@one_of("by", "query")
def trends_of(
    lease: Lease,
    *outputs: Annotated[str | Path, Face(flag="-o/--output", metavar="FILE", local=True)],
    period: Period | None = None,
    by: Annotated[str | None, Face(metavar="COLUMN")] = None,
    query: Annotated[str | Sequence[str], Face(metavar="TEXT")] = (),
    across: Across | None = None,
    min_similarity: Annotated[float, Ge(-1), Le(1), Face(metavar="X")] = QUERY_FLOOR,
    min_reviews: Annotated[int, Ge(1)] = TREND_REVIEWS,
    drawn: Annotated[int, Ge(1), Face(flag="-n", local=True)] = 12,
    seed: Annotated[int, Ge(0)] = 0,
    on_progress: OnProgress | None = None,
) -> Trends:
    """Tell what is said how often, period by period, and which changes are more than chance.

    Args:
        *outputs: Pictures to draw: .png or .svg.
        period: `day`, `week` (ISO 8601), `month`, `quarter` or `year`; without it the finest of
            which there are no more than 24, years at the most.
        by: Follow the values of a column: `product`, `source`, `language`, `author`, `stars`,
            any ingested one, or one that `classify` wrote. Without it themes: the saved ones,
            or, where none are saved, clusters found now.
        query: One phrase or several, which are followed instead of themes.
        across: `stars` or `product`: each group among the reviews with these stars, or of
            this product.
        min_similarity: With phrases, the smallest cosine at which a review says so, -1..1.
        min_reviews: Groups (and products to cross with) of fewer dated reviews are left out,
            and counted; 1 or more. Phrases stay.
        drawn: How many groups are drawn, the largest.
        seed: For clusters found now.
        on_progress: Told of the stages `reading` and `neighbours`.

    Raises:
        TooFewReviews: No review has a date, there are too few for themes, or no group has
            enough.
        InputError: There is no such column, both a column and phrases are given, or another
            choice or a file cannot be used.
        UnreadLanguages: The encoder does not read the language of a phrase.
        MissingExtra: matplotlib, which draws, is not installed.
    """
    phrases = (query,) if isinstance(query, str) else tuple(query)
    if not all(phrase.strip() for phrase in phrases):
        raise InputError("a phrase is empty; wanted a text, such as 'late delivery'")
    for output in outputs:
        check_picture(output)
    store = lease.store
    require_read_texts(lease, phrases, "following a phrase")
    reviews = slice_of(
        lease, fewest=1, purpose="trends", unread=by is not None, on_progress=on_progress
    )
    if phrases:
        vectors = embed_queries(lease.encoder, list(phrases))
        similarities = _best_similarities(store, lease.filters, reviews, vectors)
        groups = by_phrase(phrases, similarities, min_similarity=min_similarity)
    elif by is not None:
        ingested = by in store.columns.extra
        groups = by_column(reviews, by if ingested else store.columns.mapped.get(by, by))
    else:
        saved = bool((reviews.clusters >= 0).any())
        reviews, labels = themed(lease, reviews, seed=seed, on_progress=on_progress)
        groups = by_theme(reviews, labels, saved=saved)
    found = measure_trends(reviews, groups, period=period, across=across, min_reviews=min_reviews)
    for output in outputs:
        for note in draw_trends(found, output, most=drawn):
            _log.info(note)
    return found


def _best_similarities(
    store: ReviewStore, filters: Filters, reviews: Slice, vectors: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return each review's cosine to each vector: its nearest statement's, as `search` has it.

    Args:
        store: Where the statements are.
        filters: What the reviews were read with.
        reviews: Some.
        vectors: float32 of shape (vectors, dimension).

    Returns:
        float32 of shape (reviews, vectors).
    """
    import numpy as np

    found = np.full((len(reviews), len(vectors)), -1.0, dtype=np.float32)
    row_of = {name: row for row, name in enumerate(reviews.ids)}
    for page in store.pages(store.passage_ids(filters), ("statements", "vector")):
        for stored in page:
            if stored.review_id in row_of and stored.vector is not None:
                row = row_of[stored.review_id]
                nearest = (statement_vectors(stored) @ vectors.T).max(axis=0)
                found[row] = np.maximum(found[row], nearest)
    return found
