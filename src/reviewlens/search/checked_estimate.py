"""How many reviews say it, from their probabilities and from what a person said of some.

The share of each stratum is what its probabilities say, times a factor that is not known. A check
tells something of the factor of its stratum, and as strata are off in the same direction more often
than not, something of the others. How much, is a mixture of four beliefs (`_BELIEFS`), from
probabilities that are off alike everywhere to some that mean nothing where nobody has looked; the
checks themselves tell which of them holds. The interval is that of the number: of the reviews
judged, which are known, and of all others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.ground.estimates import Estimate
from reviewlens.search.strata import (
    LOG_ERROR,
    Strata,
    checked_probabilities,
    stratify,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class _Belief:
    """How far probabilities are off, as standard deviations of logarithms of factors.

    Attributes:
        weight: How likely this is, before any check.
        shared: Of all strata together, at least; see `log_error` of `checked_estimate`.
        own: Of each stratum besides.
        last: Of the least probable one, in place of `own`.
    """

    weight: float
    shared: float
    own: float
    last: float


_BELIEFS = (
    _Belief(0.57, 0.0, 0.1, 0.45),
    _Belief(0.30, 0.0, 0.4, 0.45),
    _Belief(0.10, 1.0, 1.2, 1.2),
    _Belief(0.03, 0.0, 0.4, 4.0),
)
_SLOPE = 0.05
"""How much more a stratum may be off than one of e times its probability."""
_HIGHEST = 0.995
_FURTHEST = 10.0
_POINTS = 275
_NODES = 48
"""Reviews of a stratum, spread over its probabilities, that its share is computed from."""
_PROPOSED = 1_200
_NUMBERS = 2_000
_FREEDOM = 5
_STEPS = 30


@dataclass(frozen=True, slots=True)
class CheckedEstimate:
    """How many reviews say it, some of them judged by a person.

    Attributes:
        reviews: How many, with a 95 % interval; of those that were not left out.
        yes: Judged to say it.
        no: Judged not to.
        unsure: Left out of both, of the number too.
        aside: Of those judged, the ones that tell nothing of others, see `checked_estimate`.
        unseen: Reviews of the least probable stratum, which holds most.
        unseen_checked: How many of these were judged, and tell of the others.
        unseen_most: The largest number of these that say it by the checks alone, whatever the
            probabilities say (95 %, one-sided); 0..unseen.
    """

    reviews: Estimate
    yes: int
    no: int
    unsure: int
    aside: int
    unseen: int
    unseen_checked: int
    unseen_most: int


def checked_estimate(
    probabilities: NDArray[np.float64],
    judged: Mapping[int, bool | None],
    *,
    drawn: Mapping[int, int] | None = None,
    log_error: float = LOG_ERROR,
    seed: int = 0,
) -> CheckedEstimate:
    """Estimate how many reviews say it from what a person said of some of them.

    The interval was held against simulated populations (`benchmarks/checks.py`): it holds where
    probabilities are off by a factor, everywhere or in a part that is checked. It cannot know of
    what lies among thousands of reviews that the probabilities pass over and of which a few were
    checked: that is `unseen_most`.

    Args:
        probabilities: That a review says it, 0..1, of shape (reviews,); of those that were never
            looked at the mean that is to be expected of them, all the same.
        judged: By row whether it says it, None where the person was unsure.
        drawn: The stratum, as `draw` gave it, under which a row was drawn. Where that is not its
            stratum by now, as the collection has another encoder, the row was chosen by what these
            probabilities do not know: it is counted as what it is, and tells nothing of others. All
            rows tell of others where it is not given.
        log_error: Standard deviation of the logarithm of how far the sum of the probabilities is
            off, before any check: more where a count without checks is less sure.
        seed: The same gives the same interval.

    Raises:
        InputError: A probability lies outside 0..1.

    Source:
        Stratified sampling with a model as control, as in Angelopoulos et al., "Prediction-powered
        inference", Science 382, 2023, and in "PPI++", 2023, whose tuning how far the model is
        believed is here that of the mixture; as an interval of normal errors does not hold for a
        handful of positives, the factors have a posterior distribution, by importance sampling from
        Student's t around its mode (Geweke, Econometrica 57, 1989).
    """
    import numpy as np

    values = checked_probabilities(probabilities)
    strata = stratify(values)
    count = len(strata.sizes)

    def counted(rows: Sequence[int]) -> NDArray[np.int64]:
        return np.bincount(strata.of[np.array(rows, dtype=np.int64)], minlength=count)

    aside = [row for row in judged if drawn and drawn.get(row, strata.of[row]) != strata.of[row]]
    apart = set(aside)
    sure = [row for row, says in judged.items() if says is not None]
    yes = counted([row for row in sure if judged[row] and row not in apart])
    checks = counted([row for row in sure if row not in apart])
    left = strata.sizes - counted(list(judged))
    generator = np.random.default_rng(seed)
    shares = _shares(values, strata, yes, checks, log_error, generator)
    said = sum(judged[row] is True for row in sure)
    numbers = said + generator.binomial(left, shares).sum(axis=1)
    low, middle, high = np.quantile(numbers, (0.025, 0.5, 0.975))
    return CheckedEstimate(
        reviews=Estimate.rounded(round(middle), np.floor(low), np.ceil(high)),
        yes=said,
        no=len(sure) - said,
        unsure=len(judged) - len(sure),
        aside=len(aside),
        unseen=int(strata.sizes[-1]),
        unseen_checked=int(checks[-1]),
        unseen_most=_most(int(yes[-1]), int(checks[-1]), int(left[-1])),
    )


def _most(yes: int, checks: int, left: int) -> int:
    """Return how many say it at most: those judged, and of the others the upper end of the share.

    Source:
        Clopper and Pearson, Biometrika 26, 1934; here one-sided.
    """
    from scipy.special import betaincinv

    if yes == checks:
        return yes + left
    return yes + math.ceil(left * float(betaincinv(yes + 1, checks - yes, 0.95)))


def _shares(
    values: NDArray[np.float64],
    strata: Strata,
    yes: NDArray[np.int64],
    checks: NDArray[np.int64],
    log_error: float,
    generator: np.random.Generator,
) -> NDArray[np.float64]:
    """Return shares of the strata as likely as they are by the checks: (numbers, strata)."""
    import numpy as np
    from scipy.special import expit

    curves = _Curves(values, strata)
    logs = np.log(strata.expected)
    weight = strata.expected * strata.sizes
    slope = logs - (logs * weight).sum() / weight.sum()
    factors, weights = [], []
    for belief in _BELIEFS:
        own = np.full(len(logs), belief.own**2)
        own[-1] = belief.last**2
        shared = max(belief.shared, log_error)
        spread = shared**2 + _SLOPE**2 * np.outer(slope, slope) + np.diag(own)
        some, log_weights = _posterior(curves, spread, yes, checks, generator)
        factors.append(some)
        weights.append(log_weights + np.log(belief.weight))
    every, likely = np.concatenate(factors), np.concatenate(weights)
    chance = np.exp(likely - likely.max())
    places = (np.arange(_NUMBERS) + generator.random()) / _NUMBERS
    chosen = np.searchsorted(np.cumsum(chance) / chance.sum(), places).clip(0, len(every) - 1)
    shares: NDArray[np.float64] = expit(curves.logits(every[chosen]))
    return shares


class _Curves:
    """The share of each stratum, as a logit, by the logarithm of its factor.

    A share is the mean of its probabilities times the factor, each cut off at `_HIGHEST`.
    """

    def __init__(self, values: NDArray[np.float64], strata: Strata) -> None:
        import numpy as np
        from scipy.special import logit

        grid = np.linspace(-_FURTHEST, _FURTHEST, _POINTS)
        order = np.lexsort((values, strata.of))
        ends = np.cumsum(strata.sizes)
        self._step = grid[1] - grid[0]
        self._table = np.empty((len(ends), _POINTS))
        for part, (end, size) in enumerate(zip(ends, strata.sizes, strict=True)):
            own = values[order[end - size : end]]
            if size > _NODES:
                own = own[((np.arange(_NODES) + 0.5) / _NODES * size).astype(np.int64)]
            shares = np.minimum(own[:, None] * np.exp(grid), _HIGHEST).mean(axis=0)
            self._table[part] = logit(shares)
        self._slopes = np.asarray(np.gradient(self._table, float(self._step), axis=1))

    def logits(self, factors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return logits of shares for factors, of shape (…, strata)."""
        return self._read(self._table, factors)

    def slopes(self, factors: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return their derivatives."""
        return self._read(self._slopes, factors)

    def _read(
        self, table: NDArray[np.float64], factors: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        import numpy as np

        place = (factors.clip(-_FURTHEST, _FURTHEST) + _FURTHEST) / self._step
        below = place.astype(np.int64).clip(0, _POINTS - 2)
        part = np.arange(len(table))
        beyond = place - below
        found: NDArray[np.float64] = (
            table[part, below] * (1 - beyond) + table[part, below + 1] * beyond
        )
        return found


def _posterior(
    curves: _Curves,
    spread: NDArray[np.float64],
    yes: NDArray[np.int64],
    checks: NDArray[np.int64],
    generator: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return logarithms of factors, (proposed, strata), and of how much each of them weighs.

    The weights lack what is the same for each belief, so that those of several can be compared.
    """
    import numpy as np
    from scipy.special import expit

    count = len(yes)
    precision = np.linalg.inv(spread)
    mode = np.zeros(count)
    for _ in range(_STEPS):
        share, slope = expit(curves.logits(mode)), curves.slopes(mode)
        curvature = precision + np.diag(checks * share * (1 - share) * slope**2)
        move = np.linalg.solve(curvature, (yes - checks * share) * slope - precision @ mode)
        mode = (mode + move.clip(-1, 1)).clip(-_FURTHEST, _FURTHEST)
        if abs(move).max() < 1e-3:
            break
    root = np.linalg.cholesky(curvature)
    normal = generator.standard_normal((_PROPOSED, count))
    wide = np.sqrt(generator.chisquare(_FREEDOM, _PROPOSED) / _FREEDOM)
    student = normal / wide[:, None]
    factors = mode + np.linalg.solve(root.T, student.T).T
    proposed = np.log(np.diag(root)).sum() - (_FREEDOM + count) / 2 * np.log1p(
        (student**2).sum(axis=1) / _FREEDOM
    )
    logits = curves.logits(factors)
    likelihood = (yes * logits - checks * np.logaddexp(0, logits)).sum(axis=1)
    before = np.linalg.slogdet(precision)[1] / 2 - ((factors @ precision) * factors).sum(axis=1) / 2
    return factors, likelihood + before - proposed
