"""What speaks for and against a review's saying what a query says."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAMES = ("similarity", "typical", "foreign", "shared", "missing", "wordless")
"""What the evidence is, in the order of its columns; all but the first are explained below.

`typical`: cosine of the query and the corpus' mean. `foreign`: mean cosine of the query and the
five nearest probes. `shared`: share of the weight of the query's words that stand in the review.
`missing`: weight of those that do not. `wordless`: 1 for a query without a word that weighs.
"""

_NEAREST_PROBES = 5
_MOST_MISSING = 4.0
_PREFIX = 5
_LEAST_WEIGHT = 1 / 3
_COMMON_RARITY = _LEAST_WEIGHT / 2  # of those that weigh nothing, which are not told apart
_MOST_TERMS = 4_000
_LEVELS = 20
_EAST_ASIAN = "\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3"
_RUN = re.compile(rf"[{_EAST_ASIAN}]+|[^\W_{_EAST_ASIAN}]+")
_FIRST_EAST_ASIAN = re.compile(rf"[{_EAST_ASIAN}]")


def terms(text: str) -> frozenset[str]:
    """Return the different terms of a text, see `listed_terms`."""
    return frozenset(listed_terms(text))


def listed_terms(text: str) -> list[str]:
    """Return what stands for the words of a text: their first five letters, in lower case.

    Cutting words is a plain stemmer that needs no language. East Asian text has no spaces and is
    taken in pairs of characters. Stop words stay: that they are in most reviews shows in their
    weight.

    Source:
        McNamee and Mayfield, "Character n-gram tokenization for European language text retrieval",
        Information Retrieval 7, 2004.
    """
    found: list[str] = []
    for run in _RUN.findall(text.lower()):
        if not _FIRST_EAST_ASIAN.match(run):
            found.append(run[:_PREFIX])
        elif len(run) == 1:
            found.append(run)
        else:
            found += [run[place : place + 2] for place in range(len(run) - 1)]
    return found


@dataclass(frozen=True, slots=True)
class Words:
    """How much each word of a corpus tells: 1 for one in a single review, 0 for one in many.

    The inverse document frequency, brought to 0..1; words that are in more than about the cube
    root of the reviews' share weigh nothing.

    Attributes:
        weights: By term; those that are not named weigh 1.
    """

    weights: Mapping[str, float]

    @classmethod
    def of(cls, texts: Collection[frozenset[str]]) -> Words:
        """Return the weights of the terms in some reviews."""
        counts = Counter(term for own in texts for term in own)
        known = sorted((-count, term) for term, count in counts.items() if count > 1)
        largest = math.log(len(texts) + 1)
        weights = {}
        for count, term in known[:_MOST_TERMS]:
            rare = math.log((len(texts) + 1) / -count) / largest
            weight = max(0.0, (rare - _LEAST_WEIGHT) / (1 - _LEAST_WEIGHT))
            weights[term] = round(weight * _LEVELS) / _LEVELS
        return cls(weights)

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of a term, as a part of that of the rarest."""
        weight = self.weights.get(term, 1.0)
        return _LEAST_WEIGHT + (1 - _LEAST_WEIGHT) * weight if weight else _COMMON_RARITY

    def weight(self, some: Iterable[str]) -> float:
        """Return the weight of some terms together."""
        return math.fsum(self.weights.get(term, 1.0) for term in some)

    def known(self, some: Collection[str]) -> bool:
        """Tell whether at least half of some terms are in several reviews."""
        return 2 * sum(term in self.weights for term in some) >= len(some)

    def plain(self) -> dict[str, str]:
        """Return the terms by weight, in twentieths, as JSON keeps them."""
        levels: dict[str, list[str]] = {}
        for term, weight in self.weights.items():
            levels.setdefault(str(round(weight * _LEVELS)), []).append(term)
        return {level: " ".join(some) for level, some in levels.items()}

    @classmethod
    def read(cls, plain: Mapping[str, str]) -> Words:
        """Return what `plain` gave."""
        return cls(
            {
                term: int(level) / _LEVELS
                for level, some in plain.items()
                for term in some.split(" ")
            }
        )


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What of the evidence depends on the query alone.

    Attributes:
        terms: Of the query; None where the corpus is in another language, so that words tell
            nothing.
        weight: Of these.
        typical: See `NAMES`.
        foreign: See `NAMES`.
    """

    terms: frozenset[str] | None
    weight: float
    typical: float
    foreign: float

    @classmethod
    def of(
        cls,
        own: frozenset[str] | None,
        vector: NDArray[np.float32],
        words: Words,
        centroid: NDArray[np.float32],
        probes: NDArray[np.float32],
    ) -> Question:
        """Return a query as the floor sees it.

        Args:
            own: The query's terms, None for those of another language.
            vector: It, embedded as a query.
            words: Of the corpus.
            centroid: Mean of the corpus' vectors.
            probes: Vectors of texts that have nothing to do with the corpus.
        """
        import numpy as np

        cosines = probes @ vector
        count = min(_NEAREST_PROBES, len(cosines))
        nearest = np.partition(cosines, len(cosines) - count)[len(cosines) - count :]
        return cls(
            own,
            words.weight(own or ()),
            float(centroid @ vector),
            float(nearest.mean()) if count else 0.0,
        )

    def evidence(
        self, similarity: float, review: frozenset[str], words: Words
    ) -> tuple[float, ...]:
        """Return the evidence that a review says it, in the order of `NAMES`."""
        wordless = self.terms is None or self.weight < 0.05
        found = 0.0 if wordless else words.weight((self.terms or frozenset()) & review)
        return (
            similarity,
            self.typical,
            self.foreign,
            0.5 if wordless else found / self.weight,
            0.0 if wordless else min(self.weight - found, _MOST_MISSING),
            float(wordless),
        )
