"""Stars that contradict the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Figures = NDArray[np.float64]

_FOLDS = 5
_ROUNDS = 3
_ROUNDS_UP_TO = 5_000  # reviews; of more it matters little how they fall into folds
_FEWEST = 20  # distinct texts of either side
_PENALTIES = (0.3, 1.0, 3.0, 10.0)
_TOLD_WELL_ENOUGH = 0.75
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
    side = np.where(stars[chosen] >= 4, 1.0, -1.0)
    for value in (-1.0, 1.0):
        if len(np.unique(of_row[chosen[side == value]])) < _FEWEST:
            return nothing
    asked = np.flatnonzero(is_readable & ~np.isnan(stars))
    told, read = _best_reading(vectors, side, chosen, asked, of_row, seed)
    good = np.full(count, np.nan)
    good[asked] = _chances(read, side, np.searchsorted(asked, chosen))
    if told < _TOLD_WELL_ENOUGH:
        return Polarity(round(told, 4), np.full(count, np.nan), nothing.contradicted)
    opposite = np.where(side > 0, 1 - good[chosen], good[chosen])
    limit = max(_CHANCE, float(np.quantile(opposite, 1 - _SHARE)))
    contradicted = np.zeros(count, dtype=bool)
    contradicted[chosen[opposite >= limit]] = True
    return Polarity(round(told, 4), good, contradicted)


def _best_reading(
    vectors: NDArray[np.float32],
    side: Figures,
    chosen: NDArray[np.intp],
    asked: NDArray[np.intp],
    of_row: NDArray[np.intp],
    seed: int,
) -> tuple[float, Figures]:
    """Return how well the sides are told, and what is read in those asked, over several folds.

    Of the penalties the largest is taken that tells them within one standard error of the best:
    a review of its own kind is then less able to teach the model its own contradiction.

    Source:
        Standard error: Hanley and McNeil, "The meaning and use of the area under a receiver
        operating characteristic (ROC) curve", 1982.
    """
    import numpy as np
    from sklearn.metrics import roc_auc_score

    random = np.random.default_rng(seed)
    places = np.searchsorted(asked, chosen)
    read = np.zeros((len(_PENALTIES), len(asked)))
    rounds = _ROUNDS if len(chosen) <= _ROUNDS_UP_TO else 1
    for _ in range(rounds):
        folds = random.permutation(int(of_row.max()) + 1)[of_row] % _FOLDS
        read += _out_of_fold(vectors, side, chosen, asked, folds) / rounds
    told = np.array([roc_auc_score(side > 0, values[places]) for values in read])
    area, good = float(told.max()), float(np.mean(side > 0))
    one, both = area / (2 - area), 2 * area**2 / (1 + area)
    n_good, n_bad = good * len(side), (1 - good) * len(side)
    variance = area * (1 - area) + (n_good - 1) * (one - area**2) + (n_bad - 1) * (both - area**2)
    error = float(variance / (n_good * n_bad)) ** 0.5
    best = int(np.flatnonzero(told >= area - error)[-1])
    return float(told[best]), read[best]


def _out_of_fold(
    vectors: NDArray[np.float32],
    side: Figures,
    chosen: NDArray[np.intp],
    asked: NDArray[np.intp],
    folds: NDArray[np.intp],
) -> Figures:
    """Return float64 of shape (penalties, asked): each fold as read by what the others teach."""
    import numpy as np
    from scipy.linalg import solve

    weight = np.where(side > 0, 0.5 / np.mean(side > 0), 0.5 / np.mean(side < 0))
    width = vectors.shape[1]
    squares, sums = np.empty((_FOLDS, width + 1, width + 1)), np.empty((_FOLDS, width + 1))
    for fold in range(_FOLDS):
        within = folds[chosen] == fold
        known = _with_constant(vectors[chosen[within]])
        squares[fold] = (known * weight[within, None]).T @ known
        sums[fold] = known.T @ (weight[within] * side[within])
    penalties = np.eye(width + 1)
    penalties[-1, -1] = 1e-9  # the constant is free
    read = np.empty((len(_PENALTIES), len(asked)))
    for fold in range(_FOLDS):
        others = np.arange(_FOLDS) != fold
        square, total = squares[others].sum(axis=0), sums[others].sum(axis=0)
        own = np.flatnonzero(folds[asked] == fold)
        known = _with_constant(vectors[asked[own]])
        for place, penalty in enumerate(_PENALTIES):
            read[place, own] = known @ solve(
                square + penalty * penalties, total, assume_a="pos", overwrite_a=True
            )
    return read


def _with_constant(vectors: NDArray[np.float32]) -> Figures:
    import numpy as np

    return np.hstack([vectors.astype(np.float64), np.ones((len(vectors), 1))])


def _chances(read: Figures, side: Figures, places: NDArray[np.intp]) -> Figures:
    from sklearn.linear_model import LogisticRegression

    curve = LogisticRegression(C=1e3, class_weight="balanced")
    curve.fit(read[places, None], side > 0)
    chances: Figures = curve.predict_proba(read[:, None])[:, 1]
    return chances
