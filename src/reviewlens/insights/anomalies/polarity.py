"""Stars that contradict the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.insights.anomalies.star_reading import (
    TOLD_WELL_ENOUGH,
    enough,
    read_out_of_fold,
    sides,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Figures = NDArray[np.float64]

_CHANCE = 0.85
_SHARE = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Polarity:
    """What the texts say of the stars.

    Attributes:
        told: Area under the ROC curve of good against bad, out of fold; None where there were
            too few of either.
        good: float64 of shape (reviews,): chance that the text goes with four or five stars, as
            against one or two; NaN where it cannot be told.
        contradicted: bool of shape (reviews,): the stars say the opposite.
    """

    told: float | None
    good: Figures
    contradicted: NDArray[np.bool_]


def read_polarity(
    vectors: NDArray[np.float32],
    stars: Figures,
    of_row: NDArray[np.intp],
    readable: Sequence[bool],
    *,
    seed: int,
) -> Polarity:
    """Tell reviews whose text goes with four or five stars when they have one or two, or reversed.

    A ridge regression on the vectors learns good (four or five stars) from bad (one or two), each
    side with the same weight, and reads texts of the folds it did not learn from; a text and its
    copies are in one fold. Its figures become chances by a logistic curve (Platt). A review is
    contradicted where the chance of the opposite is 0.85 or more and it is among the 2 % with the
    largest; none is where good and bad texts are told apart with an area under the ROC curve below
    0.75. Three stars contradict nothing.

    Args:
        vectors: float32 of shape (reviews, dimension), unit length.
        stars: 1 to 5 of shape (reviews,), NaN for none.
        of_row: Which distinct text each review has.
        readable: Whether it is in a language that the corpus has enough of; others are not read.
        seed: Which texts are in which fold.
    """
    import numpy as np

    count = len(stars)
    nothing = Polarity(None, np.full(count, np.nan), np.zeros(count, dtype=bool))
    is_readable = np.asarray(readable, dtype=bool)
    chosen = np.flatnonzero(is_readable & ((stars <= 2) | (stars >= 4)))
    side = sides(stars[chosen])
    if not enough(side, of_row[chosen]):
        return nothing
    asked = np.flatnonzero(is_readable & ~np.isnan(stars))
    found = read_out_of_fold(vectors, side, chosen, asked, of_row, seed=seed)
    good = np.full(count, np.nan)
    good[asked] = _chances(found.values, side, np.searchsorted(asked, chosen))
    if found.told < TOLD_WELL_ENOUGH:
        return Polarity(round(found.told, 4), np.full(count, np.nan), nothing.contradicted)
    opposite = np.where(side > 0, 1 - good[chosen], good[chosen])
    limit = max(_CHANCE, float(np.quantile(opposite, 1 - _SHARE)))
    contradicted = np.zeros(count, dtype=bool)
    contradicted[chosen[opposite >= limit]] = True
    return Polarity(round(found.told, 4), good, contradicted)


def _chances(read: Figures, side: Figures, places: NDArray[np.intp]) -> Figures:
    from sklearn.linear_model import LogisticRegression

    curve = LogisticRegression(C=1e3, class_weight="balanced")
    curve.fit(read[places, None], side > 0)
    chances: Figures = curve.predict_proba(read[:, None])[:, 1]
    return chances
