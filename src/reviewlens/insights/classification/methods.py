"""The learners that are compared, each from vectors and label numbers to scores."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from reviewlens.insights.classification.models import Task

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TREES = 100


@dataclass(frozen=True, slots=True)
class Method:
    """One learner with its setting.

    Attributes:
        name: `logistic`, `ridge` or `forest`.
        strength: `C` of logistic (larger follows the examples more closely), `alpha`
            of ridge (larger follows them less); None for the forest.
        balanced: Whether each class weighs the same, however many examples it has.
    """

    name: str
    strength: float | None
    balanced: bool = False


class Scorer(Protocol):
    """What a learner has learnt."""

    def scores(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return a score for each label, of shape (n, labels); (n, 1) for stars."""


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Scores that are linear in the vector.

    Attributes:
        weights: float64 of shape (scores, dimension).
        intercepts: float64 of shape (scores,).
    """

    weights: NDArray[np.float64]
    intercepts: NDArray[np.float64]

    def scores(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the scores."""
        found: NDArray[np.float64] = vectors @ self.weights.T + self.intercepts
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Logarithms of the shares of trees that say each label, or their log odds (`several`)."""

    trees: Any
    present: NDArray[np.intp]
    labels: int
    several: bool

    def scores(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the scores."""
        import numpy as np

        said = self.trees.predict_proba(vectors)
        if self.several:
            # For a label that no example, or every one, has, there is a single column.
            only = [classes[0] for classes in _classes(self.trees)]
            said = [
                one[:, 1] if one.shape[1] == 2 else np.full(len(one), float(first))
                for one, first in zip(_each(said), only, strict=True)
            ]
            shares = np.stack(said, axis=1) * (1 - 1 / _TREES) + 0.5 / _TREES
            odds: NDArray[np.float64] = np.log(shares / (1 - shares))
            return odds
        shares = np.zeros((len(vectors), self.labels))
        shares[:, self.present] = said
        logarithms: NDArray[np.float64] = np.log(shares + 1 / _TREES)
        return logarithms


def _each(said: Any) -> list[Any]:  # noqa: ANN401 - an array with one label, a list with several
    return said if isinstance(said, list) else [said]


def _classes(trees: Any) -> list[Any]:  # noqa: ANN401
    return trees.classes_ if isinstance(trees.classes_, list) else [trees.classes_]


def fit(
    task: Task,
    method: Method,
    vectors: NDArray[np.float32],
    truth: NDArray[Any],
    labels: int,
    seed: int,
) -> Scorer:
    """Learn from examples.

    Args:
        task: One label a review, several, or stars.
        method: What learns.
        vectors: float32 of shape (n, dimension).
        truth: Label numbers of shape (n,); bool of shape (n, labels) for `several`; stars 1 to 5.
        labels: How many labels there are; some may have no example among these.
        seed: Of the forest.
    """
    with warnings.catch_warnings():
        # A penalised fit that has not quite converged is as good as any, for figures are out of
        # fold; scikit-learn's other warnings are of labels that are absent from a part.
        warnings.simplefilter("ignore")
        if task == "stars":
            return _fit_stars(method, vectors, truth)
        if method.name == "forest":
            return _fit_forest(method, vectors, truth, labels, seed, several=task == "several")
        if task == "classes":
            return _fit_classes(method, vectors, truth, labels)
        columns = [_fit_classes(method, vectors, one.astype(int), 2) for one in truth.T]
    return _stacked(columns)


def _stacked(columns: list[Linear]) -> Linear:
    """Return one score a label from those against and for each."""
    import numpy as np

    return Linear(
        np.stack([one.weights[1] - one.weights[0] for one in columns]),
        np.array([one.intercepts[1] - one.intercepts[0] for one in columns]),
    )


def _fit_classes(
    method: Method, vectors: NDArray[np.float32], truth: NDArray[Any], labels: int
) -> Linear:
    import numpy as np
    from sklearn.linear_model import LogisticRegression, RidgeClassifier

    # A label without examples here is as unlikely as half a review among all.
    unlikely = -1.0 if method.name == "ridge" else -float(np.log(2 * len(truth)))
    weights, intercepts = np.zeros((labels, vectors.shape[1])), np.full(labels, unlikely)
    present = np.unique(truth)
    if len(present) == 1:
        intercepts[present[0]] = -unlikely
        return Linear(weights, intercepts)
    weighing = "balanced" if method.balanced else None
    if method.name == "logistic":
        learner = LogisticRegression(C=method.strength, class_weight=weighing, max_iter=500)
    else:
        learner = RidgeClassifier(alpha=method.strength, class_weight=weighing)
    learner.fit(vectors.astype(np.float64), truth)
    if len(present) == 2:
        halves = np.array([[-0.5], [0.5]]) if method.name == "logistic" else [[-1.0], [1.0]]
        weights[present] = halves * learner.coef_.reshape(1, -1)
        intercepts[present] = (halves * learner.intercept_.reshape(1, 1))[:, 0]
    else:
        weights[present], intercepts[present] = learner.coef_, learner.intercept_
    return Linear(weights, intercepts)


def _fit_forest(
    method: Method,
    vectors: NDArray[np.float32],
    truth: NDArray[Any],
    labels: int,
    seed: int,
    *,
    several: bool,
) -> Forest:
    import numpy as np
    from sklearn.ensemble import RandomForestClassifier

    # Several threads would add the trees' shares up in any order.
    weighing = "balanced" if method.balanced else None
    trees = RandomForestClassifier(_TREES, class_weight=weighing, random_state=seed, n_jobs=1)
    trees.fit(vectors, truth.astype(int))
    present = np.empty(0, np.intp) if several else trees.classes_.astype(np.intp)
    return Forest(trees, present, labels, several)


def _fit_stars(method: Method, vectors: NDArray[np.float32], truth: NDArray[Any]) -> Linear:
    import numpy as np
    from sklearn.linear_model import Ridge

    learner = Ridge(alpha=method.strength).fit(vectors.astype(np.float64), truth)
    return Linear(learner.coef_.reshape(1, -1), np.array([float(learner.intercept_)]))
