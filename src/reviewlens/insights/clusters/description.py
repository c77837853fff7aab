"""The figures, words and quotes of each cluster."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.ground.describing import (
    by_nearness,
    first_and_last,
    mean_stars,
    weak_words,
    words_said,
)
from reviewlens.ground.estimates import share
from reviewlens.ground.slices import Slice
from reviewlens.insights.clusters.labels import label_groups
from reviewlens.insights.clusters.results import Cluster, Subcluster
from reviewlens.results import Quote

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_QUOTES = 3
_PRODUCTS = 5
_SAYS_NOTHING = "(says nothing)"


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """For each row, a review or a sentence of one, its cluster, its part of it, its confidence.

    Attributes:
        cluster: int32 of shape (rows,), 0 the largest.
        subcluster: int32 of shape (rows,), 0 the largest of the cluster.
        confidence: float64 of shape (rows,), 0..1.
        stability: float64 of shape (clusters,), 0..1, but for those that say nothing.
        silent: The cluster of the reviews that say nothing, None where there are none.
    """

    cluster: NDArray[np.int32]
    subcluster: NDArray[np.int32]
    confidence: NDArray[np.float64]
    stability: NDArray[np.float64]
    silent: int | None


def describe(
    reviews: Slice, placement: Placement, review_of: NDArray[np.intp]
) -> tuple[Cluster, ...]:
    """Say of each cluster how large it is, what tells it from the others, and who says so.

    Args:
        reviews: Reviews, or sentences of them.
        placement: Where each row belongs.
        review_of: intp of shape (rows,): which review a row is of. What is counted is reviews.
    """
    import numpy as np

    documents = [words_said(reviews, row) for row in range(len(reviews))]
    count = int(placement.cluster.max()) + 1
    order = np.argsort(placement.cluster, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(placement.cluster))[:-1])
    weak = {label: weak_words(reviews, rows) for label, rows in enumerate(members)}
    speaking = count if placement.silent is None else placement.silent
    spoken = np.flatnonzero(placement.cluster < speaking)
    terms = label_groups(
        [documents[row] for row in spoken],
        placement.cluster[spoken].tolist(),
        weak=weak,
        languages=[reviews.languages[row] for row in spoken],
    )
    all_speaking = len(np.unique(review_of[spoken]))
    result = []
    for label, rows in enumerate(members):
        silent = label == placement.silent
        counted = _once(rows, review_of)
        quotes, extremes = _quotes(reviews, rows)
        first, last = first_and_last(reviews, counted)
        sure = float(placement.confidence[rows].mean())
        result.append(
            Cluster(
                cluster=label,
                label=_SAYS_NOTHING if silent else ", ".join(terms[label]),
                terms=() if silent else terms[label],
                reviews=len(counted),
                share=None if silent else share(len(counted), all_speaking),
                stars=mean_stars(reviews, counted),
                histogram=_histogram(reviews, counted),
                products=_products(reviews, counted),
                first=first,
                last=last,
                confidence=round(sure, 4),
                stability=None if silent else round(float(placement.stability[label]), 4),
                says_nothing=silent,
                quotes=quotes,
                extremes=extremes,
                subclusters=_subclusters(
                    reviews, rows, placement, review_of, documents, weak[label]
                ),
            )
        )
    return tuple(result)


def _subclusters(
    reviews: Slice,
    rows: NDArray[np.intp],
    placement: Placement,
    review_of: NDArray[np.intp],
    documents: list[list[str]],
    weak: frozenset[str],
) -> tuple[Subcluster, ...]:
    import numpy as np

    parts = placement.subcluster[rows]
    count = int(parts.max()) + 1
    if count == 1:
        return ()
    terms = label_groups(
        [documents[row] for row in rows],
        parts.tolist(),
        weak=dict.fromkeys(range(count), weak),
        languages=[reviews.languages[row] for row in rows],
    )
    own = [rows[np.flatnonzero(parts == part)] for part in range(count)]
    counted = [_once(part, review_of) for part in own]
    return tuple(
        Subcluster(
            part,
            ", ".join(terms[part]),
            len(counted[part]),
            mean_stars(reviews, counted[part]),
            _quotes(reviews, own[part])[0][0],
        )
        for part in range(count)
    )


def _once(rows: NDArray[np.intp], review_of: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the first of the rows of each review."""
    import numpy as np

    return rows[np.unique(review_of[rows], return_index=True)[1]]


def _quotes(reviews: Slice, rows: NDArray[np.intp]) -> tuple[tuple[Quote, ...], tuple[Quote, ...]]:
    """Return three rows nearest to the centre and three farthest from it.

    No text and no review twice.
    """
    order = by_nearness(reviews, rows)
    nearest = _distinct(reviews, order.tolist(), set())
    seen = {key for row in nearest for key in _keys(reviews, row)}
    farthest = _distinct(reviews, order[::-1].tolist(), seen)
    return (
        tuple(reviews.quote(row) for row in nearest),
        tuple(reviews.quote(row) for row in farthest),
    )


def _distinct(reviews: Slice, rows: list[int], seen: set[tuple[str, str]]) -> list[int]:
    chosen: list[int] = []
    for row in rows:
        keys = _keys(reviews, row)
        if seen.isdisjoint(keys):
            seen.update(keys)
            chosen.append(row)
        if len(chosen) == _QUOTES:
            break
    return chosen


def _keys(reviews: Slice, row: int) -> set[tuple[str, str]]:
    return {("text", reviews.texts[row]), ("review", reviews.ids[row])}


def _histogram(reviews: Slice, rows: NDArray[np.intp]) -> dict[str, int]:
    import numpy as np

    given = reviews.stars[rows]
    given = given[~np.isnan(given)]
    if not len(given):
        return {}
    whole = np.clip(np.floor(given + 0.5), 1, 5).astype(int)
    counts = np.bincount(whole, minlength=6)
    return {str(star): int(counts[star]) for star in range(1, 6)}


def _products(reviews: Slice, rows: NDArray[np.intp]) -> dict[str, int]:
    counts = Counter(reviews.products[row] for row in rows)
    counts.pop("", None)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return dict(ranked[:_PRODUCTS])
