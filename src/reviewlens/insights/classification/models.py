"""What is learnt, as plain arrays: linear scores and the calibration that makes them probable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Task = Literal["classes", "several", "stars"]

STARS = ("1", "2", "3", "4", "5")


class Model(Protocol):
    """Gives each review a probability for each label."""

    @property
    def task(self) -> Task:
        """One label a review, several, or stars."""

    @property
    def labels(self) -> tuple[str, ...]:
        """What can be predicted."""

    @property
    def threshold(self) -> float:
        """Smallest probability of a label with the task `several`."""

    def probabilities(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probabilities, of shape (n, labels)."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """Scores that are linear in the vector.

    Attributes:
        task: One label a review, several, or stars.
        labels: What can be predicted.
        weights: float64 of shape (scores, dimension); one score a label, a single one for stars.
        intercepts: float64 of shape (scores,).
        calibration: See `calibrated`.
        threshold: Smallest probability of a label with the task `several`.
    """

    task: Task
    labels: tuple[str, ...]
    weights: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    calibration: NDArray[np.float64]
    threshold: float = 0.5

    def probabilities(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probabilities, of shape (n, labels)."""
        scores = vectors @ self.weights.T + self.intercepts
        return calibrated(self.task, scores, self.calibration)


def calibrated(
    task: Task, scores: NDArray[np.float64], calibration: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the probabilities of scores.

    Args:
        task: `classes`: softmax of the scores times `calibration[0]` (temperature scaling).
            `several`: for each label the logistic function of its score times
            `calibration[label, 0]` plus `calibration[label, 1]` (Platt). `stars`: cumulative
            logits, the score times `calibration[0]` against the cut points in the rest of it.
        scores: float64 of shape (n, labels), or (n, 1) for stars.
        calibration: As said.

    Source:
        Guo et al., On Calibration of Modern Neural Networks, 2017; Platt, Probabilistic Outputs
        for Support Vector Machines, 1999; McCullagh, Regression Models for Ordinal Data, 1980.
    """
    import numpy as np
    from scipy.special import expit, softmax

    if task == "classes":
        found: NDArray[np.float64] = softmax(scores * calibration[0], axis=1)
    elif task == "several":
        found = expit(scores * calibration[:, 0] + calibration[:, 1])
    else:
        above = expit(scores[:, :1] * calibration[0] - calibration[1:])
        edge = np.ones((len(scores), 1))
        found = -np.diff(np.concatenate([edge, above, 0 * edge], axis=1), axis=1)
    return found


def median_stars(probabilities: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the median of each distribution over 1 to 5 stars, which errs least on average."""
    found: NDArray[np.int64] = 1 + (probabilities.cumsum(axis=1) < 0.5 - 1e-9).sum(axis=1)
    return found
