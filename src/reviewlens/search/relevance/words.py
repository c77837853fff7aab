"""The words of a collection: how much each tells, and how well texts match those of a query."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from reviewlens.text.languages import is_stop_word

_K1, _B = 1.2, 0.75
USUAL_OF = 50
"""Texts, the best, whose mean length is the usual one, and whose best scores are the bound."""
_PREFIX = 5
_PLURAL = re.compile(r"(?<=[^\W\d_]{2}[^\W\d_siu])s$")
_LEAST_WEIGHT = 1 / 3
_COMMON_RARITY = _LEAST_WEIGHT / 2  # of those that weigh nothing, which are not told apart
_MOST_TERMS = 4_000
_LEVELS = 20
_EAST_ASIAN = "\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3"
_RUN = re.compile(rf"[{_EAST_ASIAN}]+|[^\W_{_EAST_ASIAN}]+")
_FIRST_EAST_ASIAN = re.compile(rf"[{_EAST_ASIAN}]")


@lru_cache(maxsize=8_192)
def terms(text: str) -> frozenset[str]:
    """Return the different terms of a text, see `listed_terms`."""
    return frozenset(listed_terms(text))


def listed_terms(text: str) -> list[str]:
    """Return what stands for the words of a text: their first five letters, in lower case.

    An s at the end of a short word is cut first, as in `dogs`; that of longer ones mostly falls
    away with the rest. Cutting words is a plain stemmer that needs no language. East Asian text has
    no spaces and is taken in pairs of characters. Stop words stay: that they are in most reviews
    shows in their weight.

    Source:
        McNamee and Mayfield, "Character n-gram tokenization for European language text retrieval",
        Information Retrieval 7, 2004.
    """
    found: list[str] = []
    for run in _RUN.findall(text.lower()):
        if not _FIRST_EAST_ASIAN.match(run):
            found.append(_PLURAL.sub("", run)[:_PREFIX])
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

    def telling(self, text: str) -> str:
        """Return a text without the stop words that weigh nothing; as it is if it has no others."""

        def kept(run: re.Match[str]) -> str:
            word = run.group()
            tells = any(self.weights.get(term, 1.0) for term in listed_terms(word))
            return word if tells or not is_stop_word(word.lower()) else " "

        left = _RUN.sub(kept, text)
        return left if _RUN.search(left) else text

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


def word_scores(query: str, texts: Sequence[str], words: Words) -> tuple[list[float], float]:
    """Return how well texts match the words of a query, and what no text can pass.

    Milvus Lite weighs words by the reviews that were written together: what was ingested last, and
    alone, scores otherwise than the same text before. So what it finds is scored anew.

    Args:
        query: What is asked.
        texts: That have words of it, as Milvus found them, best first.
        words: Weights of the collection's words.

    Source:
        Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
    """
    rarities = {term: words.rarity(term) for term in terms(query)}
    counts = [_counted(text) for text in texts]
    lengths = [max(1, count.total()) for count in counts]
    # Of as many as are always there, so that a score is the same however many are asked for.
    first = lengths[:USUAL_OF]
    usual = sum(first) / max(1, len(first))
    best = dict(rarities)  # once in a text of usual length
    scores = []
    for place, (count, length) in enumerate(zip(counts, lengths, strict=True)):
        norm = _K1 * (1 - _B + _B * length / usual)
        own = {
            term: rarity * count[term] * (_K1 + 1) / (count[term] + norm)
            for term, rarity in rarities.items()
        }
        if place < USUAL_OF:
            best = {term: max(score, own[term]) for term, score in best.items()}
        scores.append(sum(own.values()))
    return scores, sum(best.values())


@lru_cache(maxsize=4_096)
def _counted(text: str) -> Counter[str]:
    """Return how often a text has each term; the same ones are found again and again."""
    return Counter(listed_terms(text))
