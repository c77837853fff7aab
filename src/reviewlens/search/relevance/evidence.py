"""What speaks for and against a review's saying what a query says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.reading.markup import clean_markup
from reviewlens.reading.template import embedded_parts
from reviewlens.search.relevance.words import Words, terms, word_scores
from reviewlens.store import Hit, unpack
from reviewlens.text.statements import split_statements

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAMES = (
    "similarity", "whole", "words", "shared", "missing",
    "best", "best_said", "typical", "foreign", "weight",
)  # fmt: skip
"""What the evidence is, in the order of its columns.

Of a review: `similarity` of its nearest statement and of the passage as a `whole`, both in spreads
of unrelated texts above these. `words`: its score by words as a part of what can be reached.
`shared`: share of the weight of the telling words that stand in it; `missing`: the weight of those
that do not.

Of the query: `best` similarity of what was found, `best_said`: largest share of the telling words
that stand in one statement there; `typical`: its similarity to the collection's mean statement,
`foreign`: to the nearest unrelated texts; `weight` of its telling words.
"""

BY_MEANING = "similarity", "whole", "best", "typical", "foreign"
"""What of it there is without words."""
_NEAREST_PROBES = 5
_BEST_OF = 10
"""Reviews whose mean similarity is the `best`."""
_MOST_WEIGHT = 4.0
_LEAST_WEIGHT = 0.05
_LEAST_SPREAD = 1e-3
_FOR_WORDS = 0.1
"""What all telling words in it add to a statement's cosine when the one that says it is chosen."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How near texts are to an encoder that have nothing to do with each other.

    Attributes:
        mean: Of their cosines.
        spread: Standard deviation of these.
    """

    mean: float
    spread: float

    @classmethod
    def measured(cls, cosines: NDArray[np.float32]) -> Scale:
        """Return that of some cosines, at least one."""
        return cls(float(cosines.mean()), max(_LEAST_SPREAD, float(cosines.std())))

    def of(self, cosine: float) -> float:
        """Return a cosine in spreads above the mean."""
        return (cosine - self.mean) / self.spread


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A query as relevance sees it.

    Attributes:
        text: As given.
        vector: It, embedded, of shape (dimension,).
        telling: Terms of its telling words; none where the collection is in another language.
        typical: Cosine to the collection's mean statement.
        foreign: Mean cosine to the nearest probes.
        shift: What has been taken off the vector, of shape (dimension,), so that all that is
            weighed is less than a cosine by as much; None for nothing.
    """

    text: str
    vector: NDArray[np.float32]
    telling: frozenset[str]
    typical: float
    foreign: float
    shift: NDArray[np.float32] | None = None

    @classmethod
    def of(
        cls,
        text: str,
        vector: NDArray[np.float32],
        telling: frozenset[str],
        centroid: NDArray[np.float32],
        probes: NDArray[np.float32],
        shift: NDArray[np.float32] | None = None,
        nearest: int = _NEAREST_PROBES,
    ) -> Question:
        """Return a query as relevance sees it.

        Args:
            text: As given.
            vector: It, embedded.
            telling: See `Question`.
            centroid: The collection's mean statement.
            probes: Vectors of unrelated texts.
            shift: What is taken off the query's vector first.
            nearest: Probes that `foreign` is the mean of.
        """
        import numpy as np

        vector = vector if shift is None else vector - shift
        cosines = probes @ vector
        count = min(nearest, len(cosines))
        foreign = np.partition(cosines, len(cosines) - count)[len(cosines) - count :].mean()
        return cls(text, vector, telling, float(centroid @ vector), float(foreign), shift)


@dataclass(frozen=True, slots=True)
class Said:
    """The statement of a passage that says most of what a query says.

    Attributes:
        similarity: Of the nearest statement, of the passage where none are kept: its cosine, less
            what was taken off the query's vector.
        cosine: The same with that.
        whole: Cosine of the passage.
        span: Where the statement stands in the passage's text; None where none are kept.
        said: Largest share of the weight of the telling words that stand in one statement, 0..1.
        shared: Share of it that stands in the review.
    """

    similarity: float
    cosine: float
    whole: float
    span: tuple[int, int] | None
    said: float
    shared: float


def look_at(question: Question, hit: Hit, words: Words) -> Said:
    """Return what a passage says of a query.

    Args:
        question: The query.
        hit: With its text, title and statements.
        words: Weights of the collection's words.
    """
    import numpy as np

    stored = hit.passage
    text = f"{clean_markup(stored.title)}\n{clean_markup(stored.original or stored.text)}"
    shared = _share(_terms_in(question, text), question.telling, words)
    packed = unpack(stored.statements) if stored.statements else None
    if packed is None:
        each = [one.text for one in split_statements(text, stored.language)]
        said = max((_share(_terms_in(question, one), question.telling, words) for one in each),
                   default=0.0)  # fmt: skip
        return Said(hit.similarity, hit.similarity, hit.similarity, None, said, shared)
    spans = packed.spans.tolist()
    vectors = packed.vectors
    cosines = vectors @ question.vector
    if len(spans) == 1:  # which is the passage, kept in full
        cosines[:] = hit.similarity - _taken_off(question, vectors[0])
    mean = np.sqrt(packed.spans[:, 1] - packed.spans[:, 0]) @ vectors
    whole = float(mean @ question.vector) / max(float(np.linalg.norm(mean)), 1e-9)
    shares = np.array(
        [
            _share(_terms_in(question, stored.text[first:last]), question.telling, words)
            for first, last in spans
        ]
    )
    named = shares == 1  # what has all of them is what says it, if any does
    best = int(np.where(named | ~named.any(), cosines + _FOR_WORDS * shares, -2).argmax())
    first, last = spans[best]
    near = int(cosines.argmax())
    similarity, said = float(cosines[near]), float(shares.max())
    cosine = similarity + _taken_off(question, vectors[near])
    if not named.any() and (unembedded := _unembedded(question, stored.text, spans)):
        (first, last), said = unembedded, 1.0
    return Said(similarity, cosine, whole, (first, last), said, shared)


def _unembedded(
    question: Question, text: str, spans: Sequence[Sequence[int]]
) -> tuple[int, int] | None:
    """Return where all telling words of a query stand together in what has no vector.

    That is what many reviews have in common, which is left out of what they mean.
    """
    for begin, end in embedded_parts(text) if question.telling else ():
        for first, last in [*((a, b) for a, b in spans if begin <= a < end), (end, end)]:
            if begin < first and _terms_in(question, text[begin:first]) == question.telling:
                part = text[begin:first]
                return begin + len(part) - len(part.lstrip()), begin + len(part.rstrip())
            begin = last
    return None


def _taken_off(question: Question, vector: NDArray[np.float32]) -> float:
    return 0.0 if question.shift is None else float(vector @ question.shift)


def _terms_in(question: Question, text: str) -> frozenset[str]:
    """Return which of a query's telling terms stand in a text."""
    low = text.lower()
    if not any(term in low for term in question.telling):
        return frozenset()
    return question.telling & terms(text)


def _share(some: frozenset[str], telling: frozenset[str], words: Words) -> float:
    if not some or len(some) == len(telling):
        return float(bool(some))
    weight = words.weight(telling)
    return words.weight(some) / weight if weight >= _LEAST_WEIGHT else 0.0


def evidence(
    question: Question,
    hits: Sequence[Hit],
    said: Sequence[Said],
    words: Words,
    scale: Scale,
) -> NDArray[np.float64]:
    """Return the evidence that each of some reviews says what a query says.

    Args:
        question: The query.
        hits: One a review.
        said: What each says of it.
        words: Weights of the collection's words.
        scale: The encoder's.

    Returns:
        Shape (hits, evidence), in the order of `NAMES`.
    """
    import numpy as np

    found = np.zeros((len(hits), len(NAMES)))
    if not hits:
        return found
    scores, reachable = word_scores(question.text, [hit.passage.text for hit in hits], words)
    weight = words.weight(question.telling)
    nearest = np.sort([one.similarity for one in said])[-_BEST_OF:].mean()
    asked = (
        scale.of(float(nearest)),
        max(one.said for one in said),
        scale.of(question.typical),
        scale.of(question.foreign),
        min(weight, _MOST_WEIGHT),
    )
    for row, (one, score) in enumerate(zip(said, scores, strict=True)):
        found[row] = (
            scale.of(one.similarity),
            scale.of(one.whole),
            score / reachable if reachable else 0.0,
            one.shared,
            min(weight * (1 - one.shared), _MOST_WEIGHT),
            *asked,
        )
    return found
