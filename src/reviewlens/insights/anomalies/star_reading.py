"""Whether texts go with four or five stars or with one or two, read by what others teach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Figures = NDArray[np.float64]

FEWEST = 20
"""Distinct texts that praise, and that complain, from which it can be learnt."""
TOLD_WELL_ENOUGH = 0.75
"""Area under the ROC curve below which stars are not told by the texts."""

_FOLDS = 5
_ROUNDS = 3
_ROUNDS_UP_TO = 5_000  # reviews; of more it matters little how they fall into folds
_PENALTIES = (0.3, 1.0, 3.0, 10.0)


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What ridge regressions read in texts that they did not learn from.

    Attributes:
        told: Area under the ROC curve of the penalty that was taken.
        values: float64 of shape (asked,): about 1 for praise and -1 for complaint.
    """

    told: float
    values: Figures


def sides(stars: Figures) -> Figures:
    """Return 1 for four or five stars, -1 for one or two."""
    import numpy as np

    return np.where(stars >= 4, 1.0, -1.0)


def enough(side: Figures, of_row: NDArray[np.intp]) -> bool:
    """Tell whether there are texts enough of either side to learn from."""
    import numpy as np

    return all(len(np.unique(of_row[side == one])) >= FEWEST for one in (-1.0, 1.0))


def read_out_of_fold(
    vectors: NDArray[np.float32],
    side: Figures,
    chosen: NDArray[np.intp],
    asked: NDArray[np.intp],
    of_row: NDArray[np.intp],
    *,
    seed: int,
) -> Readings:
    """Read texts by what the others teach, over several folds.

    Of the penalties the largest is taken that tells the sides within one standard error of the
    best: a review of its own kind is then less able to teach the model its own contradiction.

    Args:
        vectors: float32 of shape (reviews, dimension), unit length.
        side: 1 or -1 of shape (chosen,).
        chosen: Rows to learn from.
        asked: Rows to read, rising, those chosen among them.
        of_row: Which distinct text each review has; a text and its copies are in one fold.
        seed: Which texts are in which fold.

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
        read += _read_folds(vectors, side, chosen, asked, folds) / rounds
    told = np.array([roc_auc_score(side > 0, values[places]) for values in read])
    area, good = float(told.max()), float(np.mean(side > 0))
    one, both = area / (2 - area), 2 * area**2 / (1 + area)
    n_good, n_bad = good * len(side), (1 - good) * len(side)
    variance = area * (1 - area) + (n_good - 1) * (one - area**2) + (n_bad - 1) * (both - area**2)
    error = float(variance / (n_good * n_bad)) ** 0.5
    best = int(np.flatnonzero(told >= area - error)[-1])
    return Readings(float(told[best]), read[best])


def _read_folds(
    vectors: NDArray[np.float32],
    side: Figures,
    chosen: NDArray[np.intp],
    asked: NDArray[np.intp],
    folds: NDArray[np.intp],
) -> Figures:
    """Return float64 of shape (penalties, asked): each fold as read by what the others teach."""
    import numpy as np

    weights = _weights(side)
    width = vectors.shape[1]
    squares, sums = np.empty((_FOLDS, width + 1, width + 1)), np.empty((_FOLDS, width + 1))
    for fold in range(_FOLDS):
        within = folds[chosen] == fold
        known = _with_constant(vectors[chosen[within]])
        squares[fold] = (known * weights[within, None]).T @ known
        sums[fold] = known.T @ (weights[within] * side[within])
    read = np.empty((len(_PENALTIES), len(asked)))
    for fold in range(_FOLDS):
        others = np.arange(_FOLDS) != fold
        square, total = squares[others].sum(axis=0), sums[others].sum(axis=0)
        own = np.flatnonzero(folds[asked] == fold)
        known = _with_constant(vectors[asked[own]])
        for place, penalty in enumerate(_PENALTIES):
            read[place, own] = known @ _solved(square, total, penalty)
    return read


def _weights(side: Figures) -> Figures:
    import numpy as np

    return np.where(side > 0, 0.5 / np.mean(side > 0), 0.5 / np.mean(side < 0))


def _solved(square: Figures, total: Figures, penalty: float) -> Figures:
    import numpy as np
    from scipy.linalg import solve

    penalties = np.full(len(total), penalty)
    penalties[-1] = 1e-9 * penalty  # the constant is free
    solved: Figures = solve(square + np.diag(penalties), total, assume_a="pos", overwrite_a=True)
    return solved


def _with_constant(vectors: NDArray[np.float32]) -> Figures:
    import numpy as np

    return np.hstack([vectors.astype(np.float64), np.ones((len(vectors), 1))])
