"""How probable it is that a review says what a query says: numbers that come with the project.

`benchmarks/relevance.py` learns them from reviews of four kinds that were read and judged and from
texts of other domains, and tells how well they do on files that they were not learnt from.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reviewlens.ground.estimates import Z
from reviewlens.search.relevance.evidence import NAMES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NUMBERS = Path(__file__).with_name("prior.json")
ADDED = 2.0
"""To a number of reviews before its logarithm is taken: 0 and 3 of them differ as 2 and 5 do."""
_LEAST = 1e-4
"""What no probability is taken to be nearer to 0 or 1."""


@dataclass(frozen=True, slots=True)
class Prior:
    """A logistic regression over the evidence.

    Attributes:
        weights: By the name of the evidence; what is not named has none.
        intercept: Added to the weighted sum.
    """

    weights: dict[str, float]
    intercept: float

    def probabilities(self, evidence: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return for each row of evidence the probability, 0..1.

        Args:
            evidence: Shape (reviews, evidence), as `evidence` returns it.
        """
        import numpy as np

        weights = np.array([self.weights.get(name, 0.0) for name in NAMES])
        logits = evidence @ weights + self.intercept
        found: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        return found


@dataclass(frozen=True, slots=True)
class SidePrior:
    """A logistic regression over a probability and the side that a review leans to.

    Attributes:
        certainty: Weight of the probability's logit.
        lean: Weight of how much the review leans to the side of the query.
        intercept: Added to the weighted sum.
    """

    certainty: float
    lean: float
    intercept: float

    def probability(self, regardless: float, lean: float) -> float:
        """Return the probability that a review says what a query with a side says, 0..1.

        Args:
            regardless: Of the side, 0..1.
            lean: Of the review to the query's side, about -1..1.
        """
        sure = min(max(regardless, _LEAST), 1 - _LEAST)
        logit = self.certainty * math.log(sure / (1 - sure)) + self.lean * lean + self.intercept
        return 1 / (1 + math.exp(-logit))


@dataclass(frozen=True, slots=True)
class CountPrior:
    """How many reviews say a thing, by those that probably do and those that have its words.

    n + 2 = exp(intercept) · (expected + 2)^found · (literal + 2)^(1 - found): of either alone the
    other corrects the excess, and twice as many of both are twice as many.

    Attributes:
        intercept: The logarithm of what the mean of both is to be multiplied by.
        found: Weight of the sum of the probabilities, 0..1.
        spread: Standard deviation of the logarithm of n + 2 around it, for a file that it was not
            learnt from.
    """

    intercept: float
    found: float
    spread: float

    def estimate(self, expected: float, literal: int, of: int) -> tuple[float, float, float]:
        """Return how many reviews say it, and the ends of the 95 % interval.

        Args:
            expected: Sum of the probabilities of those that may say it.
            literal: Reviews one statement of which has all telling words.
            of: Reviews that are looked at.
        """
        logarithm = (
            self.intercept
            + self.found * math.log(expected + ADDED)
            + (1 - self.found) * math.log(literal + ADDED)
        )
        value, low, high = (
            min(float(of), max(0.0, math.exp(logarithm + z * self.spread) - ADDED))
            for z in (0, -Z, Z)
        )
        return value, low, max(high, float(literal))


@cache
def load_count_prior() -> CountPrior:
    """Return the numbers for counts, which come with the project."""
    return CountPrior(**json.loads(NUMBERS.read_text(encoding="utf-8"))["count"])


@cache
def load_prior(*, words: bool) -> Prior:
    """Return the numbers that come with the project.

    Args:
        words: Whether the query has words that reviews may have; else their meaning alone tells.
    """
    kept = json.loads(NUMBERS.read_text(encoding="utf-8"))
    return Prior(**kept["words" if words else "meaning"])


@cache
def load_side_prior() -> SidePrior:
    """Return the numbers for queries that take a side, which come with the project."""
    return SidePrior(**json.loads(NUMBERS.read_text(encoding="utf-8"))["side"])
