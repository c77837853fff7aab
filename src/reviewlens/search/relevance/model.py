"""The floor of a collection: what it holds, how it judges a review, how it is kept."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reviewlens.reading.markup import clean_markup
from reviewlens.search.matches import NO_FLOOR, FloorFigures, Strength
from reviewlens.search.relevance.evidence import Question, Words, terms
from reviewlens.search.relevance.sample import Sample, said
from reviewlens.search.relevance.share import CountLevel
from reviewlens.store import Hit
from reviewlens.text.languages import detect_languages
from reviewlens.text.statements import split_statements
from reviewlens.text.words import content_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.search.relevance.probes import Probes

VERSION = 1
"""Of the stored form; another one is calibrated anew."""

FEWEST_TEXTS = 50
"""Different texts that a collection must have."""

Nearest = Callable[["NDArray[np.float32]", int], Sequence[Sequence[Hit]]]
"""Vectors (n, dimension) and a number to the nearest passages of so many reviews for each."""


@dataclass(frozen=True, slots=True)
class NoFloor:
    """That a collection has none, and why.

    Attributes:
        fingerprint: Of the encoder.
        reviews: In the collection when it was looked at.
        reason: For people.
    """

    fingerprint: str
    reviews: int
    reason: str

    @classmethod
    def of_few(cls, fingerprint: str, sample: Sample) -> NoFloor:
        """Return that there are too few different texts."""
        return cls(
            fingerprint,
            sample.reviews,
            f"{NO_FLOOR}: {sample.distinct} different texts are too few to calibrate one "
            f"(wanted {FEWEST_TEXTS}), so that the nearest reviews are shown, however far.",
        )

    def stored(self) -> str:
        """Return it as JSON."""
        return json.dumps({"version": VERSION, **asdict(self)})


@dataclass(frozen=True, slots=True, eq=False)
class Floor:
    """Tells which reviews say what a query says, for one collection and its encoder.

    Attributes:
        fingerprint: Of the encoder.
        reviews: In the collection when it was calibrated.
        languages: That the reviews are in, ISO 639-1; empty where they are not known.
        related: Domains of the probes that the collection may well answer; these are left out.
        weights: Of the evidence, in the order of `evidence.NAMES`.
        intercept: Added to it.
        levels: Smallest score that is an answer, by language of the query; empty for those of the
            collection.
        strong: Smallest score that is a strong one.
        figures: How often it errs.
        centroid: float32 of shape (dimension,): the mean of some reviews' vectors.
        words: Weights of the collection's words.
        count: For counting, None where it could not be calibrated.
    """

    fingerprint: str
    reviews: int
    languages: tuple[str, ...]
    related: tuple[str, ...]
    weights: tuple[float, ...]
    intercept: float
    levels: dict[str, float]
    strong: float
    figures: FloorFigures
    centroid: NDArray[np.float32]
    words: Words
    count: CountLevel | None

    def unrelated(self, probes: Probes) -> NDArray[np.float32]:
        """Return the vectors of the probes that the collection has nothing to do with."""
        if not self.related:
            return probes.vectors
        kept = [domain not in self.related for domain in probes.domains]
        return probes.vectors[kept]

    def stored(self) -> str:
        """Return it as JSON, with the centroid at half precision."""
        import numpy as np

        plain: dict[str, Any] = {
            "version": VERSION,
            "fingerprint": self.fingerprint,
            "reviews": self.reviews,
            "languages": self.languages,
            "related": self.related,
            "weights": self.weights,
            "intercept": self.intercept,
            "levels": self.levels,
            "strong": self.strong,
            "figures": asdict(self.figures),
            "centroid": base64.b64encode(self.centroid.astype(np.float16).tobytes()).decode(),
            "words": self.words.plain(),
            "count": None if self.count is None else asdict(self.count),
        }
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True, eq=False)
class Floored:
    """A floor with what it needs of the encoder.

    Attributes:
        floor: The collection's.
        unrelated: Vectors of the probes that the collection has nothing to do with.
    """

    floor: Floor
    unrelated: NDArray[np.float32]

    def judge(self, query: str, vector: NDArray[np.float32]) -> Judge:
        """Return what judges the reviews found for a query."""
        floor = self.floor
        own, language = spoken(query, floor.languages, floor.words)
        question = Question.of(own, vector, floor.words, floor.centroid, self.unrelated)
        level = floor.levels.get(language, floor.levels[""]) if own is None else floor.levels[""]
        return Judge(floor, question, level, telling_terms(query, floor.languages, floor.words))


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """The floor for one query.

    Attributes:
        floor: The collection's.
        question: The query as the floor sees it.
        level: Smallest score that is an answer.
        telling: Terms of the query, as `telling_terms` returns them.
    """

    floor: Floor
    question: Question
    level: float
    telling: frozenset[str]

    def score(self, hit: Hit) -> float:
        """Return how much speaks for a review's saying what the query says."""
        evidence = self.question.evidence(hit.similarity, terms_of(hit), self.floor.words)
        return (
            sum(a * b for a, b in zip(self.floor.weights, evidence, strict=True))
            + self.floor.intercept
        )

    def strength(self, score: float) -> Strength:
        """Return a score in a word; a weak one is no answer."""
        if score < self.level:
            return "weak"
        return "strong" if score >= max(self.floor.strong, self.level) else "fair"

    def says(self, hit: Hit) -> bool:
        """Tell whether all telling words of the query stand in one statement of the review."""
        if not self.telling or not self.telling <= terms_of(hit):
            return False
        stored = hit.passage
        return any(
            self.telling <= terms(one.text)
            for text in (clean_markup(stored.title), clean_markup(stored.original or stored.text))
            for one in split_statements(text, stored.language)
        )

    def cosine(self, hit: Hit, score: float) -> float:
        """Return the cosine from which on a review with the words of a hit is an answer.

        Args:
            hit: Whose words.
            score: Its own.
        """
        weight = self.floor.weights[0]
        if weight == 0:
            return 1.0
        return min(1.0, max(-1.0, hit.similarity + (self.level - score) / weight))


def spoken(query: str, languages: Sequence[str], words: Words) -> tuple[frozenset[str] | None, str]:
    """Return a query's terms, None for those of a language that the corpus lacks, and which.

    Short queries are often taken for another language than they are in. One of which the corpus
    knows half of the words is not.
    """
    own = terms(query)
    if not languages or words.known(own):
        return own, ""
    language = detect_languages([query])[0]
    return (None, language) if language and language not in languages else (own, "")


def telling_terms(query: str, languages: Sequence[str], words: Words) -> frozenset[str]:
    """Return the terms of a query's content words; those that many reviews have where all are so.

    Args:
        query: What is asked.
        languages: That the reviews are in.
        words: Weights of the collection's words.
    """
    language = languages[0] if len(languages) == 1 else detect_languages([query])[0]
    content = terms(" ".join(content_words(query, language)))
    return frozenset(term for term in content if words.weights.get(term, 1.0) > 0) or content


def terms_of(hit: Hit) -> frozenset[str]:
    """Return the terms of the review that a passage is of."""
    stored = hit.passage
    return _said_terms(stored.title, stored.original or stored.text)


@lru_cache(maxsize=4_096)
def _said_terms(title: str, text: str) -> frozenset[str]:
    """Return the terms of a review; the same ones are found again and again."""
    return terms(said(clean_markup(title), text))


def read_floor(stored: str, fingerprint: str) -> Floor | NoFloor | None:
    """Return what `stored` gave; None where it is of another version or encoder, or is spoilt."""
    try:
        plain = json.loads(stored) if stored else {}
        if plain.get("version") != VERSION or plain.get("fingerprint") != fingerprint:
            return None
        return _decoded(plain, fingerprint)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # something else has changed it


def _decoded(plain: Mapping[str, Any], fingerprint: str) -> Floor | NoFloor:
    import numpy as np

    if "reason" in plain:
        return NoFloor(fingerprint, plain["reviews"], plain["reason"])
    return Floor(
        fingerprint=fingerprint,
        reviews=plain["reviews"],
        languages=tuple(plain["languages"]),
        related=tuple(plain["related"]),
        weights=tuple(plain["weights"]),
        intercept=plain["intercept"],
        levels=plain["levels"],
        strong=plain["strong"],
        figures=FloorFigures(**plain["figures"]),
        centroid=np.frombuffer(base64.b64decode(plain["centroid"]), dtype=np.float16).astype(
            np.float32
        ),
        words=Words.read(plain["words"]),
        count=None if plain["count"] is None else CountLevel(**plain["count"]),
    )
