"""How good labels are: folds that no text crosses, figures with intervals, calibration."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reviewlens.ground.estimates import Estimate
from reviewlens.insights.classification.models import Task, calibrated, median_stars
from reviewlens.insights.classification.results import ClassFigures

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_DRAWS = 1_000
_DRAWS_AT_ONCE = 100
_BINS = 10
_LEAST = 1e-6


def split_by_text(
    truth: NDArray[Any], groups: NDArray[np.intp], folds: int, seed: int
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Return the rows to learn from and those to judge by, for each fold.

    A text with all its copies is in one fold. Each fold has about the same share of each label;
    with several labels a review, about the same number of reviews. Where no label has a text for
    each fold, the texts of each label are dealt out, so that no two of them meet before they must.

    Args:
        truth: Label numbers of shape (n,); bool of shape (n, labels) for several a review.
        groups: The wording of each row, from 0.
        folds: How many, at most the number of wordings; there may be fewer where copies abound.
        seed: Of the draws.
    """
    import numpy as np
    from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

    if truth.ndim == 1:
        texts = [len(np.unique(groups[truth == label])) for label in np.unique(truth)]
        if max(texts) < folds:
            fold = _dealt(truth, groups, folds, seed)[groups]
            return [(np.flatnonzero(fold != n), np.flatnonzero(fold == n)) for n in range(folds)]
    kind = StratifiedGroupKFold if truth.ndim == 1 else GroupKFold
    splitter = kind(folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a label with fewer examples than there are folds
        parts = list(splitter.split(groups[:, None], truth, groups))
    return [(others, own) for others, own in parts if len(own)]


def _dealt(
    truth: NDArray[Any], groups: NDArray[np.intp], folds: int, seed: int
) -> NDArray[np.intp]:
    """Return the fold of each wording: label after label, one to each fold in turn."""
    import numpy as np

    count = int(groups.max()) + 1
    label = np.zeros(count, dtype=np.intp)
    label[groups] = truth  # copies of a text may have several labels; any of them will do
    order = np.lexsort((np.random.default_rng(seed).permutation(count), label))
    fold = np.empty(count, dtype=np.intp)
    fold[order] = np.arange(count) % folds
    return fold


def fit_calibration(
    task: Task, scores: NDArray[np.float64], truth: NDArray[Any]
) -> NDArray[np.float64]:
    """Return what makes out-of-fold scores probable; see `models.calibrated`.

    Besides the truth, one review's worth of evidence is spread over all scores that says nothing:
    scores that part the few examples perfectly are still no certainty.
    """
    import numpy as np
    from scipy.optimize import minimize_scalar
    from sklearn.linear_model import LogisticRegression

    if task == "stars":
        return proportional_odds(scores[:, 0], truth)
    n = len(scores)
    if task == "several":
        weights = np.concatenate([np.ones(n), np.full(2 * n, 0.5 / n)])
        lines = []
        for score, told in zip(scores.T, truth.T, strict=True):
            said = np.concatenate([told, np.ones(n, bool), np.zeros(n, bool)])
            line = LogisticRegression(C=1e4).fit(np.tile(score, 3)[:, None], said, weights)
            lines.append((float(line.coef_[0, 0]), float(line.intercept_[0])))
        return np.array(lines)

    def lost(exponent: float) -> float:
        found = calibrated(task, scores, np.array([np.exp(exponent)]))
        nothing = -np.log(np.clip(found, _LEAST, 1)).mean()
        return log_loss(task, found, truth) + float(nothing) / n

    best = minimize_scalar(lost, bounds=(-5.0, 5.0), method="bounded", options={"xatol": 1e-4})
    return np.array([float(np.exp(best.x))])


def proportional_odds(scores: NDArray[np.float64], stars: NDArray[Any]) -> NDArray[np.float64]:
    """Return the slope and the four cut points that read one number as odds of stars.

    The log odds of more than k stars are `slope * score - cuts[k - 1]`. The loss is that of all
    four thresholds, which is convex; as in `fit_calibration`, one review's worth of evidence that
    says nothing keeps slope and cuts finite.

    Args:
        scores: float64 of shape (n,), higher for more stars.
        stars: 1 to 5, of shape (n,); fractions go to the nearer level.

    Source:
        McCullagh, Regression Models for Ordinal Data, 1980; Rennie and Srebro, Loss Functions for
        Preference Levels, 2005.
    """
    import numpy as np
    from scipy.optimize import minimize
    from scipy.special import expit

    n, centre, spread = len(scores), float(scores.mean()), float(scores.std()) or 1.0
    scaled = (scores - centre) / spread
    # The evidence that says nothing is for and against each threshold alike.
    reached = codes("stars", stars)[:, None] >= np.arange(1, 5)
    above = reached + 0.5 / n
    weight = 1 + 1 / n

    def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = scaled[:, None] * point[0] - point[1:]
        errors = weight * expit(logits) - above
        lost = (weight * np.logaddexp(0, logits) - above * logits).sum()
        return float(lost), np.append((errors.sum(axis=1) * scaled).sum(), -errors.sum(axis=0))

    start = np.append(1.0, np.log(weight / above.mean(axis=0) - 1))
    found = minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-6}).x
    slope = max(float(found[0]), 0.0) / spread
    return np.append(slope, np.maximum.accumulate(found[1:]) + slope * centre)


def crossed_probabilities(
    task: Task,
    scores: NDArray[np.float64],
    truth: NDArray[Any],
    folds: Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]],
) -> NDArray[np.float64]:
    """Return out-of-fold probabilities, each fold calibrated on the others."""
    import numpy as np

    labels = 5 if task == "stars" else scores.shape[1]
    found = np.empty((len(scores), labels))
    for others, own in folds:
        line = fit_calibration(task, scores[others], truth[others])
        found[own] = calibrated(task, scores[own], line)
    return found


def log_loss(task: Task, probabilities: NDArray[np.float64], truth: NDArray[Any]) -> float:
    """Return the mean of minus the logarithm of the truth's probability."""
    import numpy as np

    safe = np.clip(probabilities, _LEAST, 1 - _LEAST)
    if task == "several":
        return float(-np.mean(np.where(truth, np.log(safe), np.log(1 - safe))))
    return float(-np.mean(np.log(safe[np.arange(len(truth)), codes(task, truth)])))


def codes(task: Task, truth: NDArray[Any]) -> NDArray[np.intp]:
    """Return the column of each true label; stars between two whole ones go to the nearer."""
    import numpy as np

    if task != "stars":
        return truth.astype(np.intp)
    return np.clip(np.floor(truth + 0.5), 1, 5).astype(np.intp) - 1


def chosen_labels(
    task: Task, probabilities: NDArray[np.float64], threshold: float
) -> NDArray[np.bool_]:
    """Return which labels are said: the likeliest, or all that reach the threshold."""
    import numpy as np

    if task == "several":
        return probabilities >= threshold
    said = np.zeros(probabilities.shape, dtype=bool)
    said[np.arange(len(said)), probabilities.argmax(axis=1)] = True
    return said


def one_hot(task: Task, truth: NDArray[Any], labels: int) -> NDArray[np.bool_]:
    """Return which labels are true, of shape (n, labels)."""
    import numpy as np

    if task == "several":
        return truth.astype(bool)
    true = np.zeros((len(truth), labels), dtype=bool)
    true[np.arange(len(truth)), codes(task, truth)] = True
    return true


def f1_scores(
    hits: NDArray[Any], said: NDArray[Any], true: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return F1 of each label and their mean, over the labels that are true or said at all.

    Args:
        hits: Right ones, of shape (…, labels).
        said: Predicted ones.
        true: True ones.
    """
    import numpy as np

    both = said + true
    f1 = np.where(both > 0, 2 * hits / np.maximum(both, 1), 0.0)
    return f1, f1.sum(axis=-1) / np.maximum((both > 0).sum(axis=-1), 1)


def class_figures(
    labels: Sequence[str], said: NDArray[np.bool_], true: NDArray[np.bool_]
) -> tuple[ClassFigures, ...]:
    """Return precision, recall, F1 and support of each label."""
    hits, predicted, support = (said & true).sum(0), said.sum(0), true.sum(0)
    f1, _ = f1_scores(hits, predicted, support)
    return tuple(
        ClassFigures(
            label,
            round(float(hits[place] / max(1, predicted[place])), 4),
            round(float(hits[place] / max(1, support[place])), 4),
            round(float(f1[place]), 4),
            int(support[place]),
        )
        for place, label in enumerate(labels)
    )


def estimated(
    said: NDArray[np.bool_],
    true: NDArray[np.bool_],
    groups: NDArray[np.intp],
    seed: int,
    errors: NDArray[np.float64] | None = None,
) -> tuple[Estimate, Estimate, Estimate | None]:
    """Return accuracy, macro-F1 and mean absolute error with intervals.

    Distinct texts are drawn again and again with all their copies, for the labels of copies are
    right or wrong together.

    Args:
        said: bool of shape (n, labels).
        true: bool of shape (n, labels).
        groups: The wording of each row.
        seed: Of the draws.
        errors: Distance of each row from its true stars.

    Source:
        Efron and Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13 (percentiles).
    """
    import numpy as np
    from scipy.sparse import csr_matrix

    count, texts = len(groups), int(groups.max()) + 1
    rows = csr_matrix((np.ones(count), (groups, np.arange(count))), shape=(texts, count))
    right = (said == true).all(axis=1).astype(np.float64)
    errors_ = np.zeros(count) if errors is None else errors
    sums = rows @ np.stack([np.ones(count), right, errors_], axis=1)
    tables = [rows @ csr_matrix(table.astype(np.float64)) for table in (said & true, said, true)]
    random = np.random.default_rng(seed)
    drawn = []
    for weights in _draws(random, texts):
        totals = weights @ sums
        parts = [weights @ table for table in tables]
        _, macro = f1_scores(*parts)
        drawn.append(np.stack([totals[:, 1], totals[:, 2], macro * totals[:, 0]]) / totals[:, 0])
    low, high = np.percentile(np.concatenate(drawn, axis=1), [2.5, 97.5], axis=1)
    _, macro = f1_scores((said & true).sum(0), said.sum(0), true.sum(0))
    values = (float(right.mean()), float(errors_.mean()), float(macro))
    accuracy, error, f1 = (
        Estimate.rounded(value, low[place], high[place]) for place, value in enumerate(values)
    )
    return accuracy, f1, error if errors is not None else None


def _draws(random: np.random.Generator, texts: int) -> Any:  # noqa: ANN401 - arrays
    """Yield how often each text is drawn, of shape (draws, texts)."""
    import numpy as np

    for _ in range(_DRAWS // _DRAWS_AT_ONCE):
        yield np.stack(
            [
                np.bincount(random.integers(texts, size=texts), minlength=texts)
                for _ in range(_DRAWS_AT_ONCE)
            ]
        ).astype(np.float64)


def brier(task: Task, probabilities: NDArray[np.float64], true: NDArray[np.bool_]) -> float:
    """Return the mean squared distance of the probabilities from the truth.

    Summed over the labels, or their mean with several labels a review.

    Source:
        Brier, Verification of Forecasts Expressed in Terms of Probability, 1950.
    """
    distances = (probabilities - true) ** 2
    return float(distances.mean() if task == "several" else distances.sum(axis=1).mean())


def calibration_error(
    task: Task, probabilities: NDArray[np.float64], true: NDArray[np.bool_]
) -> float:
    """Return the mean distance of confidence and accuracy over ten bins of equal size.

    Of the likeliest label; with several labels a review, of every one.

    Source:
        Naeini et al., Obtaining Well Calibrated Probabilities Using Bayesian Binning, 2015; with
        bins of equal size instead of equal width.
    """
    import numpy as np

    if task == "several":
        sure, right = probabilities.ravel(), true.ravel()
    else:
        sure = probabilities.max(axis=1)
        right = true[np.arange(len(true)), probabilities.argmax(axis=1)]
    order = np.argsort(sure, kind="stable")
    bins = np.array_split(order, min(_BINS, len(order)))
    gaps = [len(one) * abs(sure[one].mean() - right[one].mean()) for one in bins]
    return float(sum(gaps) / len(order))


def corrected_interval(differences: Sequence[float], test_share: float) -> Estimate:
    """Return the mean of paired differences over repeated folds, with its 95 % interval.

    Training sets of the folds overlap, so that the folds are no independent draws: the variance
    is multiplied by 1/n + test/train instead of 1/n.

    Args:
        differences: One for each fold of each repeat, at least two.
        test_share: Rows to judge by divided by rows to learn from: 0.25 with five folds.

    Source:
        Nadeau and Bengio, Inference for the Generalization Error, 2003.
    """
    import math

    from scipy.stats import t

    n = len(differences)
    centre = math.fsum(differences) / n
    variance = math.fsum((one - centre) ** 2 for one in differences) / (n - 1)
    margin = float(t.ppf(0.975, n - 1)) * math.sqrt(variance * (1 / n + test_share))
    return Estimate.rounded(centre, centre - margin, centre + margin)


def star_errors(probabilities: NDArray[np.float64], truth: NDArray[Any]) -> NDArray[np.float64]:
    """Return how far the median stars are from the true ones."""
    import numpy as np

    found: NDArray[np.float64] = np.abs(median_stars(probabilities) - truth)
    return found
