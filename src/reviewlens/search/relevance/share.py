"""From which cosine on a review counts as one that says it, and what share then does say it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.ground.estimates import Estimate, share
from reviewlens.search.relevance.fit import logistic

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.search.relevance.evidence import Question

COUNTED = 0.02
"""Share of all other reviews that are counted for the middle one of the corpus' own sentences."""
_OTHERS = 100
_SIGNS = (1, -1, -1)
_LEAST_POWER = 0.05
_Z = 1.959963984540054  # of 95 %


@dataclass(frozen=True, slots=True)
class CountLevel:
    """From which cosine on a review says what a query says, and how far that can be trusted.

    The cosine depends on the query: one that is near all reviews needs a higher one.

    Attributes:
        similarity: Weight of the cosine, above 0.
        typical: Weight of the query's cosine to the corpus' mean.
        foreign: Weight of its cosine to the nearest probes.
        intercept: Added to these; a sum of 0 is the level.
        found: Of `questions`, each asked of the review that it is from, how many were found.
        questions: See `found`.
        false_share: Share of the reviews that were counted for a question of another domain.
        false_low: This less 1.96 standard deviations from question to question, at least 0.
        false_high: This and as many more.
    """

    similarity: float
    typical: float
    foreign: float
    intercept: float
    found: int
    questions: int
    false_share: float
    false_low: float
    false_high: float

    def cosine(self, question: Question) -> float:
        """Return the smallest cosine at which a review is counted."""
        rest = self.typical * question.typical + self.foreign * question.foreign
        return -(rest + self.intercept) / self.similarity


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Questions, as relevance sees them, with their cosine to each review of a sample.

    Attributes:
        questions: Some.
        cosines: float32 of shape (questions, reviews).
    """

    questions: Sequence[Question]
    cosines: NDArray[np.float32]

    def rows(self) -> NDArray[np.float64]:
        """Return what a level is drawn by, of shape (questions, reviews, 3)."""
        import numpy as np

        found = np.empty((*self.cosines.shape, 3))
        found[..., 0] = self.cosines
        found[..., 1:] = np.array([(one.typical, one.foreign) for one in self.questions])[:, None]
        return found


def calibrate_count(own: Asked, of_row: Sequence[int], foreign: Asked) -> CountLevel | None:
    """Return the level for counting; None where a question's own review is not nearer to it.

    Pairs of a question and the review that it is from are told from pairs of a question and some
    other review by a logistic regression; the level is the score that one in fifty of the latter
    reaches, for the middle question. Some of these do say it, so how often a review is falsely
    counted is measured with questions of other domains, which no review answers.

    Args:
        own: Sentences of some reviews.
        of_row: The review that each is from.
        foreign: Questions of other domains.
    """
    import numpy as np

    rows, places = own.rows(), np.arange(len(of_row))
    others = np.ones(own.cosines.shape, dtype=bool)
    others[places, of_row] = False
    rest = rows[others].reshape(len(of_row), -1, 3)
    random = np.random.default_rng(0)
    size = min(_OTHERS, rest.shape[1])
    some = rest[:, np.sort(random.choice(rest.shape[1], size, replace=False))].reshape(-1, 3)
    matched = rows[places, of_row]
    truth = np.repeat([1.0, 0.0], [len(matched), len(some)])
    weights, _ = logistic(np.concatenate([matched, some]), truth, _SIGNS)
    if weights[0] <= 0:
        return None
    level = float(np.median(np.quantile(rest @ weights, 1 - COUNTED, axis=1)))
    false = (foreign.rows() @ weights >= level).mean(axis=1)
    spread = _Z * float(false.std(ddof=1))
    return CountLevel(
        similarity=round(float(weights[0]), 5),
        typical=round(float(weights[1]), 5),
        foreign=round(float(weights[2]), 5),
        intercept=round(-level, 5),
        found=int((matched @ weights >= level).sum()),
        questions=len(of_row),
        false_share=round(float(false.mean()), 6),
        false_low=round(max(0.0, float(false.mean() - spread)), 6),
        false_high=round(float(false.mean() + spread), 6),
    )


@dataclass(frozen=True, slots=True)
class Prevalence:
    """How many reviews say something, errors of counting allowed for.

    Attributes:
        share: Of all reviews, 0..1, with its 95 % interval.
        reviews: The same as a number of reviews.
    """

    share: Estimate
    reviews: Estimate


def prevalence(counted: int, total: int, level: CountLevel) -> Prevalence:
    """Return how many reviews really say it, where so many were counted.

    Of reviews that say it some are missed, of others some are counted; both shares are known from
    the calibration, and the estimate is the number that would give this count (Rogan and Gladen).
    Its interval has in it that the count itself is of chance, how sure the share found is, and
    that the share falsely counted differs from query to query; the three are put together by the
    MOVER (method of variance estimates recovery).

    Args:
        counted: Reviews at the level or above.
        total: All that were looked at, 1 or more.
        level: What was measured.

    Source:
        Rogan and Gladen, "Estimating prevalence from the results of a screening test", American
        Journal of Epidemiology 107, 1978; Donner and Zou, "Closed-form confidence intervals for
        functions of the normal mean and standard deviation", Statistical Methods in Medical
        Research 21, 2012.
    """
    seen, found = share(counted, total), share(level.found, level.questions)
    false = level.false_share

    def corrected(seen: float, found: float, false: float) -> float:
        return (seen - false) / max(found - false, _LEAST_POWER)

    exact = counted / total, level.found / level.questions
    raw = corrected(*exact, false)
    down = math.hypot(
        raw - corrected(seen.low, exact[1], false),
        raw - corrected(exact[0], found.high, false),
        raw - corrected(*exact, level.false_high),
    )
    up = math.hypot(
        corrected(seen.high, exact[1], false) - raw,
        corrected(exact[0], found.low, false) - raw,
        corrected(*exact, level.false_low) - raw,
    )
    value = min(1.0, max(0.0, raw))
    low, high = max(0.0, value - down), min(1.0, value + up)
    return Prevalence(
        Estimate(round(value, 4), round(low, 4), round(high, 4)),
        Estimate(
            round(value * total, 1),
            float(math.floor(low * total)),
            float(math.ceil(high * total)),
        ),
    )
