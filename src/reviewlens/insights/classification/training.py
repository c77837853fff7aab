"""Learning labels from examples: which method is taken, what it promises, the model itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reviewlens.errors import InputError
from reviewlens.ground.copies import distinct
from reviewlens.insights.classification.evaluation import (
    brier,
    calibration_error,
    chosen_labels,
    class_figures,
    codes,
    crossed_probabilities,
    estimated,
    f1_scores,
    fit_calibration,
    log_loss,
    one_hot,
    split_by_text,
    star_errors,
)
from reviewlens.insights.classification.methods import Linear, Method, Scorer, fit
from reviewlens.insights.classification.models import LinearModel, Model, Task, calibrated
from reviewlens.insights.classification.results import Candidate, Figures
from reviewlens.insights.classification.targets import check, encoded
from reviewlens.results import OnProgress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Folds = Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]]

METHODS = ("auto", "logistic", "ridge", "forest")

_FOLDS = 5
_COMPARED = 4_000
_UNEVEN = 1.5
_STRENGTHS: dict[Task, dict[str, tuple[float, ...]]] = {
    "classes": {"logistic": (1, 4, 16), "ridge": (0.3, 1, 3)},
    "several": {"logistic": (1, 4, 16), "ridge": (0.3, 1, 3)},
    "stars": {"ridge": (0.3, 1, 3, 10)},
}
_THRESHOLDS = tuple(place / 20 for place in range(2, 13))


@dataclass(frozen=True, slots=True, eq=False)
class ForestModel:
    """A random forest with its calibration; it is used, but not saved."""

    task: Task
    labels: tuple[str, ...]
    forest: Scorer
    calibration: NDArray[np.float64]
    threshold: float

    def probabilities(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probabilities, of shape (n, labels)."""
        return calibrated(self.task, self.forest.scores(vectors), self.calibration)


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What examples taught.

    Attributes:
        model: Learnt from all examples.
        method: Its name.
        figures: How good it is, out of fold.
        probabilities: float64 of shape (examples, labels), each by a model that had not seen the
            example's text.
        said: bool of the same shape: the labels predicted likewise.
    """

    model: Model
    method: str
    figures: Figures
    probabilities: NDArray[np.float64]
    said: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Examples:
    """What is learnt from, with the parts it is judged by."""

    task: Task
    labels: tuple[str, ...]
    vectors: NDArray[np.float32]
    truth: NDArray[Any]
    groups: NDArray[np.intp]
    folds: Folds
    seed: int

    def scores(self, method: Method, tick: Callable[[], None]) -> NDArray[np.float64]:
        """Return the scores of each example by a model that has not seen its text."""
        import numpy as np

        width = 1 if self.task == "stars" else len(self.labels)
        found = np.empty((len(self.vectors), width))
        for others, own in self.folds:
            scorer = fit(
                self.task, method, self.vectors[others], self.truth[others], width, self.seed
            )
            found[own] = scorer.scores(self.vectors[own])
            tick()
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Tried:
    """A method with its figures and its out-of-fold scores."""

    method: Method
    candidate: Candidate
    scores: NDArray[np.float64]


def learn(
    vectors: NDArray[np.float32],
    texts: Sequence[str],
    targets: Sequence[str] | Sequence[tuple[str, ...]] | Sequence[float],
    *,
    task: Task = "classes",
    method: str = "auto",
    linear_only: bool = False,
    compared: int = _COMPARED,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> Learned:
    """Learn labels from examples, and measure how well on texts that were not learnt from.

    Logistic regression, a ridge classifier and a random forest are compared by five-fold
    cross-validation in which all copies of a text are in one fold; of the first two also with
    weights that balance the labels, where these are uneven. The highest mean of accuracy and
    macro-F1 is taken: macro-F1 alone would give ten points of accuracy for one of its own. Stars
    are a ridge regression whose number is read as odds of one to five stars (see
    `evaluation.proportional_odds`), the strength being that of the least log loss. What is taken
    is the best of a few on the same folds, so that its figures flatter it a little.

    Args:
        vectors: float32 of shape (examples, dimension), unit length.
        texts: What each example says; what counts as a copy is judged by it.
        targets: A label each; a tuple of labels, which may be empty, for `several`; stars from 1
            to 5, which may be fractions, for `stars`.
        task: What is predicted.
        method: One of `METHODS`; `auto` compares.
        linear_only: Leave the forest out, which cannot be saved.
        compared: Examples that methods are compared on, at most; the forest is left out where
            there are more.
        seed: Of the folds, the forest and the intervals.
        on_progress: Told of the stage `comparing`.

    Raises:
        TooFewReviews: There are fewer than eight examples, fewer than two labels, or a label with
            fewer than two distinct texts.
        InputError: The method does not fit the task.
    """
    from threadpoolctl import threadpool_limits

    labels, truth = encoded(task, targets)
    groups = distinct(texts).of_row
    check(task, labels, truth, groups)
    with_forest = not linear_only and len(truth) <= compared
    names = _methods(task, method, linear_only, with_forest)
    # One thread, so that sums are the same whatever the machine.
    with threadpool_limits(1):
        return _learn(
            _Examples(task, labels, vectors, truth, groups, _folds(truth, groups, seed), seed),
            names,
            compared,
            on_progress,
        )


def _learn(
    examples: _Examples, names: Sequence[str], most: int, on_progress: OnProgress | None
) -> Learned:
    import numpy as np

    task = examples.task
    compared = _sample(examples, most)
    whole = compared is examples
    # The balanced variant of a method may turn out not to be tried.
    variants = [*names, *(name for name in names if name != "forest" and task != "stars")]
    fits = sum(len(_STRENGTHS[task].get(name, ("",))) for name in names)
    fits += len(variants) - len(names)
    done, total = 0, len(compared.folds) * fits + (0 if whole else len(examples.folds))

    def tick() -> None:
        nonlocal done
        done += 1
        if on_progress is not None:
            on_progress("comparing", min(done, total), total)

    chosen, candidates, scores = _compare(compared, names, tick)
    if not whole:
        scores = examples.scores(chosen, tick)
    probabilities = crossed_probabilities(task, scores, examples.truth, examples.folds)
    true = one_hot(task, examples.truth, len(examples.labels))
    said = _crossed_labels(task, probabilities, true, examples.folds)
    scorer = fit(task, chosen, examples.vectors, examples.truth, scores.shape[1], examples.seed)
    calibration = fit_calibration(task, scores, examples.truth)
    threshold = _threshold(probabilities, true) if task == "several" else 0.5
    if on_progress is not None:
        on_progress("comparing", total, total)
    model: Model
    if isinstance(scorer, Linear):
        model = LinearModel(
            task, examples.labels, scorer.weights, scorer.intercepts, calibration, threshold
        )
    else:
        model = ForestModel(task, examples.labels, scorer, calibration, threshold)
    figures = _figures(examples, probabilities, said, true, candidates, len(compared.truth))
    return Learned(model, chosen.name, figures, np.asarray(probabilities), said)


def _methods(task: Task, method: str, linear_only: bool, with_forest: bool) -> list[str]:  # noqa: FBT001
    known = [*_STRENGTHS[task], *(["forest"] if task != "stars" else [])]
    if method != "auto":
        if method not in known:
            raise InputError(
                f"the method {method!r} does not fit the task; wanted auto or one of "
                f"{', '.join(known)}"
            )
        if method == "forest" and linear_only:
            raise InputError(
                "a random forest cannot be saved as plain arrays; choose --method logistic or "
                "ridge, or do not save"
            )
        return [method]
    return [name for name in known if name != "forest" or with_forest]


def _folds(truth: NDArray[Any], groups: NDArray[np.intp], seed: int) -> Folds:
    import numpy as np

    strata = codes("stars", truth) if truth.dtype == np.float64 else truth
    return split_by_text(strata, groups, min(_FOLDS, int(groups.max()) + 1), seed)


def _sample(examples: _Examples, most: int) -> _Examples:
    """Return as many examples as methods are compared on, texts with all their copies."""
    import numpy as np

    if len(examples.truth) <= most:
        return examples
    order = np.random.default_rng(examples.seed).permutation(int(examples.groups.max()) + 1)
    sizes = np.bincount(examples.groups)[order]
    taken = order[np.cumsum(sizes) <= most]
    rows = np.flatnonzero(np.isin(examples.groups, taken))
    groups = np.unique(examples.groups[rows], return_inverse=True)[1]
    truth = examples.truth[rows]
    return replace(
        examples,
        vectors=examples.vectors[rows],
        truth=truth,
        groups=groups,
        folds=_folds(truth, groups, examples.seed),
    )


def _compare(
    examples: _Examples, names: Sequence[str], tick: Callable[[], None]
) -> tuple[Method, tuple[Candidate, ...], NDArray[np.float64]]:
    """Return the method taken, the comparison, and the out-of-fold scores of the taken one."""
    tried: list[_Tried] = []

    def judge(method: Method) -> _Tried:
        scores = examples.scores(method, tick)
        tried.append(_Tried(method, _candidate(examples, method, scores), scores))
        return tried[-1]

    for name in names:
        strengths = _STRENGTHS[examples.task].get(name, (None,))
        judged = [judge(Method(name, strength)) for strength in strengths]
        if strengths[0] is not None and _uneven(examples):
            best = max(judged, key=lambda one: one.candidate.score)
            judge(replace(best.method, balanced=True))
    taken = max(tried, key=lambda one: one.candidate.score)
    candidates = tuple(replace(one.candidate, chosen=one is taken) for one in tried)
    return taken.method, candidates, taken.scores


def _uneven(examples: _Examples) -> bool:
    if examples.task == "stars":
        return False
    if examples.task == "several":
        return True
    counts = Counter(examples.truth.tolist()).values()
    return max(counts) > _UNEVEN * min(counts)


def _candidate(examples: _Examples, method: Method, scores: NDArray[np.float64]) -> Candidate:
    task, truth = examples.task, examples.truth
    probabilities = crossed_probabilities(task, scores, truth, examples.folds)
    true = one_hot(task, truth, len(examples.labels))
    said = _crossed_labels(task, probabilities, true, examples.folds)
    accuracy = float((said == true).all(axis=1).mean())
    _, macro = f1_scores((said & true).sum(0), said.sum(0), true.sum(0))
    lost = log_loss(task, probabilities, truth)
    score = -lost if task == "stars" else (accuracy + float(macro)) / 2
    return Candidate(
        method.name,
        method.strength,
        method.balanced,
        round(accuracy, 4),
        round(float(macro), 4),
        round(lost, 4),
        round(score, 4),
        chosen=False,
    )


def _threshold(probabilities: NDArray[np.float64], true: NDArray[np.bool_]) -> float:
    """Return the probability from which on a label is said, for the highest macro-F1."""

    def macro(threshold: float) -> float:
        said = probabilities >= threshold
        return float(f1_scores((said & true).sum(0), said.sum(0), true.sum(0))[1])

    return max(_THRESHOLDS, key=lambda threshold: (round(macro(threshold), 9), threshold))


def _crossed_labels(
    task: Task, probabilities: NDArray[np.float64], true: NDArray[np.bool_], folds: Folds
) -> NDArray[np.bool_]:
    """Return the labels said out of fold, by a threshold chosen on the other folds."""
    said = chosen_labels(task, probabilities, 0.5)
    if task == "several":
        for others, own in folds:
            threshold = _threshold(probabilities[others], true[others])
            said[own] = chosen_labels(task, probabilities[own], threshold)
    return said


def _figures(
    examples: _Examples,
    probabilities: NDArray[np.float64],
    said: NDArray[np.bool_],
    true: NDArray[np.bool_],
    candidates: tuple[Candidate, ...],
    compared: int,
) -> Figures:
    import numpy as np

    task = examples.task
    errors = star_errors(probabilities, examples.truth) if task == "stars" else None
    accuracy, macro, error = estimated(said, true, examples.groups, examples.seed, errors)
    confusion = () if task == "several" else (true.T.astype(np.int64) @ said.astype(np.int64))
    commonest = Counter(map(bytes, true)).most_common(1)[0][1]
    return Figures(
        examples=len(true),
        texts=int(examples.groups.max()) + 1,
        folds=len(examples.folds),
        accuracy=accuracy,
        macro_f1=macro,
        majority=round(commonest / len(true), 4),
        mean_absolute_error=error,
        brier=round(brier(task, probabilities, true), 4),
        calibration_error=round(calibration_error(task, probabilities, true), 4),
        labels=examples.labels,
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        classes=class_figures(examples.labels, said, true),
        candidates=candidates,
        compared=compared,
    )
