"""How probable it is that a review says what a query says: numbers that come with the project.

`benchmarks/relevance.py` learns them from reviews of four kinds that were read and judged and from
texts of other domains, and tells how well they do on files that they were not learnt from.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reviewlens.search.relevance.evidence import NAMES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NUMBERS = Path(__file__).with_name("prior.json")


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


@cache
def load_prior(*, words: bool) -> Prior:
    """Return the numbers that come with the project.

    Args:
        words: Whether the query has words that reviews may have; else their meaning alone tells.
    """
    kept = json.loads(NUMBERS.read_text(encoding="utf-8"))
    return Prior(**kept["words" if words else "meaning"])
