"""A logistic regression of which the signs are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_RIDGE = 1.0


def logistic(
    rows: NDArray[np.float64], truth: NDArray[np.float64], signs: Sequence[int]
) -> tuple[NDArray[np.float64], float]:
    """Return the weights and the intercept of a logistic regression, both sides weighing the same.

    Args:
        rows: Of shape (rows, kinds).
        truth: 1 or 0 for each row, both there.
        signs: For each kind 1 where its weight is 0 at least, -1 where at most, 0 either.
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
