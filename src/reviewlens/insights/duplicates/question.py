"""`duplicates`: which reviews are copies of each other."""

from __future__ import annotations

from typing import Annotated

from reviewlens.insights.base import graph_of, slice_of, tell_unread
from reviewlens.insights.duplicates.detection import find_duplicates
from reviewlens.insights.duplicates.results import Duplicates
from reviewlens.questions import Gt, Le
from reviewlens.results import OnProgress
from reviewlens.session import Lease


def duplicates(
    lease: Lease,
    *,
    near: Annotated[float, Gt(0), Le(1)] = 0.8,
    meaning: Annotated[float, Gt(0), Le(2)] = 0.95,
    on_progress: OnProgress | None = None,
) -> Duplicates:
    """Group the reviews that are copies of each other, word for word, nearly, or in meaning.

    Args:
        near: Smallest Jaccard index of near copies, above 0 to 1; 1 finds none.
        meaning: Smallest cosine of texts of the same meaning; above 1 finds none.
        on_progress: Told of the stages `reading` and `neighbours`.

    Raises:
        TooFewReviews: Fewer than two.
        InputError: A threshold outside of its range.
    """
    reviews = slice_of(lease, fewest=2, purpose="copies", unread=True, on_progress=on_progress)
    if unread := lease.store.languages.unread:  # they are copies by their words alone
        reviews = reviews.meaning_nothing_in(unread)
        tell_unread(lease, "compared by their words, and not by meaning")
    return find_duplicates(reviews, graph_of(reviews, on_progress), near=near, meaning=meaning)
