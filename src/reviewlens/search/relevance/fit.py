"""How much each kind of evidence weighs: a logistic regression of which the signs are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Evidence = NDArray[np.float64]
    """Of the reviews found for one query, of shape (reviews, kinds)."""

_ROUNDS = 4
_RIDGE = 1.0


def fit(
    answered: Sequence[Evidence],
    unanswered: Sequence[Evidence],
    signs: Sequence[int],
) -> tuple[NDArray[np.float64], float]:
    """Return the weights and the intercept under which queries that are answered score above 0.

    A query is as well answered as its best review, and which that is depends on the weights: the
    best ones are chosen and the weights fitted in turns, as in multiple-instance learning. Both
    sides weigh the same, however many they are.

    Args:
        answered: Evidence of queries that the corpus answers.
        unanswered: Evidence of queries that it does not.
        signs: For each kind 1 where it can only speak for an answer, -1 only against, 0 either.

    Source:
        Andrews, Tsochantaridis and Hofmann, "Support vector machines for multiple-instance
        learning", NIPS 2002 (the alternation).
    """
    import numpy as np

    truth = np.repeat([1.0, 0.0], [len(answered), len(unanswered)])
    weights, intercept = np.eye(len(signs))[0], 0.0
    for _ in range(_ROUNDS):
        rows = np.stack([_best(one, weights) for one in (*answered, *unanswered)])
        weights, intercept = logistic(rows, truth, signs)
    return weights, intercept


def logistic(
    rows: NDArray[np.float64], truth: NDArray[np.float64], signs: Sequence[int]
) -> tuple[NDArray[np.float64], float]:
    """Return the weights and the intercept of a logistic regression, both sides weighing the same.

    Args:
        rows: Of shape (rows, kinds).
        truth: 1 or 0 for each row, both there.
        signs: As for `fit`.
    """
    import numpy as np
    from scipy.optimize import minimize

    bounds = [(None if sign < 1 else 0.0, None if sign > -1 else 0.0) for sign in signs]
    positive = truth.sum()
    share = np.where(truth == 1, 0.5 / positive, 0.5 / (len(truth) - positive))
    middle, spread = rows.mean(axis=0), rows.std(axis=0)
    spread[spread == 0] = 1.0
    scaled = (rows - middle) / spread

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        score = scaled @ values[:-1] + values[-1]
        likelihood = share @ (np.logaddexp(0, score) - truth * score)
        ridge = _RIDGE / len(truth) * values[:-1]
        error = share * (1 / (1 + np.exp(-np.clip(score, -500, 500))) - truth)
        slope = np.append(scaled.T @ error + ridge, error.sum())
        return float(likelihood + ridge @ values[:-1] / 2), slope

    values = minimize(
        loss,
        np.zeros(rows.shape[1] + 1),
        jac=True,
        bounds=[*bounds, (None, None)],
        method="L-BFGS-B",
    ).x
    weights: NDArray[np.float64] = values[:-1] / spread
    return weights, float(values[-1] - weights @ middle)


def best_scores(
    queries: Sequence[Evidence], weights: NDArray[np.float64], intercept: float
) -> NDArray[np.float64]:
    """Return the score of each query's best review."""
    import numpy as np

    return np.array([(one @ weights).max() + intercept for one in queries])


def _best(one: Evidence, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    row: NDArray[np.float64] = one[int((one @ weights).argmax())]
    return row
