"""What relevance knows of a collection, how it judges a review, how it is kept."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from reviewlens.search.matches import NO_RELEVANCE, Strength
from reviewlens.search.relevance.across import across
from reviewlens.search.relevance.evidence import Question, Said, Scale, evidence, look_at
from reviewlens.search.relevance.prior import load_prior, load_side_prior
from reviewlens.search.relevance.sample import Sample
from reviewlens.search.relevance.words import Words, terms
from reviewlens.store import Hit
from reviewlens.text.languages import detect_languages
from reviewlens.text.negation import negations
from reviewlens.text.words import content_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.search.relevance.probes import Probes

VERSION = 2
"""Of the stored form; another one is measured anew."""

FEWEST_TEXTS = 50
"""Different texts that a collection must have."""
CONSIDERED = 50
"""Reviews judged for a query at least, of which the best are shown."""

STRONG = 0.75
"""Probability from which on an answer is strong."""
ANSWER = 0.5
"""Probability from which on a review is an answer on its own."""
NAMED_ANSWER = 0.25
"""The same of one that has all telling words in one statement."""
_FEW_WORDS = 15
"""Words of a statement in which it can be told what a negation negates."""
_SCOPE = 4
"""Words behind a negation that it negates."""


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """That a collection has no relevance, and why.

    Attributes:
        fingerprint: Of the encoder.
        reviews: In the collection when it was looked at.
        reason: For people.
    """

    fingerprint: str
    reviews: int
    reason: str

    @classmethod
    def of_few(cls, fingerprint: str, sample: Sample) -> Unmeasured:
        """Return that there are too few different texts."""
        return cls(
            fingerprint,
            sample.reviews,
            f"{NO_RELEVANCE}: {sample.distinct} different texts are too few (wanted "
            f"{FEWEST_TEXTS}), so that the nearest reviews are shown, however far.",
        )

    def stored(self) -> str:
        """Return it as JSON."""
        return json.dumps({"version": VERSION, **asdict(self)})


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What relevance knows of a collection.

    Attributes:
        fingerprint: Of the encoder.
        reviews: In the collection when it was measured.
        languages: That the reviews are in, ISO 639-1; empty where they are not known.
        centroid: float32 of shape (dimension,): the mean of some statements' vectors.
        words: Weights of the collection's words.
    """

    fingerprint: str
    reviews: int
    languages: tuple[str, ...]
    centroid: NDArray[np.float32]
    words: Words

    def stored(self) -> str:
        """Return it as JSON, with the centroid at half precision."""
        import numpy as np

        plain: dict[str, Any] = {
            "version": VERSION,
            "fingerprint": self.fingerprint,
            "reviews": self.reviews,
            "languages": self.languages,
            "centroid": base64.b64encode(self.centroid.astype(np.float16).tobytes()).decode(),
            "words": self.words.plain(),
        }
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Judgement:
    """How surely a review says what a query says.

    Attributes:
        hit: The review, with the statement that says it.
        probability: That it does, 0..1.
        named: Whether one statement of it has all telling words of the query.
        contrary: Whether that statement negates them; None where the query negates something, or
            no short statement has them all.
    """

    hit: Hit
    probability: float
    named: bool
    contrary: bool | None = None

    def on_side(self, lean: float) -> Judgement:
        """Return it for a query that takes a side.

        Args:
            lean: Of the review to that side, about -1..1.
        """
        return replace(
            self, probability=round(load_side_prior().probability(self.probability, lean), 4)
        )

    @property
    def strength(self) -> Strength:
        """The probability in a word."""
        if self.probability >= STRONG:
            return "strong"
        least = NAMED_ANSWER if self.named else ANSWER
        return "fair" if self.probability >= least else "weak"

    @property
    def answers(self) -> bool:
        """Whether it is an answer on its own: not weak, or with all telling words."""
        return self.named or self.strength != "weak"


@dataclass(frozen=True, slots=True, eq=False)
class Relevance:
    """Judges the answers of a collection.

    Attributes:
        measured: What is known of the collection.
        probes: Texts that have nothing to do with reviews.
    """

    measured: Measured
    probes: Probes

    @property
    def words(self) -> Words:
        """Weights of the collection's words."""
        return self.measured.words

    @property
    def languages(self) -> tuple[str, ...]:
        """That the reviews are in."""
        return self.measured.languages

    def question(self, query: str, vector: NDArray[np.float32]) -> Question:
        """Return a query as relevance sees it.

        Args:
            query: As given.
            vector: It, embedded, of shape (dimension,), unit length.
        """
        telling = telling_terms(query, self.languages, self.words)
        return Question.of(query, vector, telling, self.measured.centroid, self.probes.vectors)

    def evidence(
        self, question: Question, hits: Sequence[Hit], scale: Scale | None = None
    ) -> tuple[list[Said], NDArray[np.float64]]:
        """Return what each of some reviews says of a query, and the evidence of it.

        Args:
            question: The query.
            hits: One a review, with text, title and statements.
            scale: How near unrelated texts are; None for that of the probes.
        """
        said = [look_at(question, hit, self.words) for hit in hits]
        return said, evidence(question, hits, said, self.words, scale or self.probes.scale)

    def judge(
        self, query: str, vector: NDArray[np.float32], hits: Sequence[Hit]
    ) -> list[Judgement]:
        """Return for each of the reviews found how surely it says what a query says.

        Args:
            query: As given.
            vector: It, embedded, of shape (dimension,), unit length.
            hits: One a review, with text, title and statements.
        """
        question, scale = self._judged(query, vector, hits)
        said, rows = self.evidence(question, hits, scale)
        chances = load_prior(words=bool(question.telling)).probabilities(rows)
        return [
            Judgement(
                replace(hit, similarity=one.cosine, span=one.span),
                round(probability, 4),
                one.said == 1,
                _contrary(question, hit, one),
            )
            for hit, one, probability in zip(hits, said, chances.tolist(), strict=True)
        ]

    def _judged(
        self, query: str, vector: NDArray[np.float32], hits: Sequence[Hit]
    ) -> tuple[Question, Scale]:
        """Return a query as reviews are held against it, and how near unrelated texts are."""
        spoken = missing_language(query, self.languages, self.words)
        # Of a passage without statements nothing can be taken off: its vector is not at hand.
        if spoken and all(hit.passage.statements for hit in hits):
            other = across(self.probes, spoken, self.languages)
            if other is not None:
                return other.question(query, vector, self.measured.centroid), other.scale
        return self.question(query, vector), self.probes.scale


def _contrary(question: Question, hit: Hit, said: Said) -> bool | None:
    """Tell whether a statement negates the telling words of a query that negates nothing itself."""
    language = hit.passage.language
    if said.said < 1 or said.span is None or negations(question.text, language):
        return None
    words = hit.passage.text[slice(*said.span)].split()
    if len(words) > _FEW_WORDS:
        return None
    telling = [at for at, word in enumerate(words) if question.telling & terms(word)] or [0]
    before = words[max(0, telling[0] - _SCOPE) : telling[-1]]
    return negations(" ".join(before), language) % 2 == 1


def telling_terms(query: str, languages: Sequence[str], words: Words) -> frozenset[str]:
    """Return the terms of a query's content words; those that many reviews have where all are so.

    Of a query of stop words alone ("never again") all words tell.

    Args:
        query: What is asked.
        languages: That the reviews are in.
        words: Weights of the collection's words.

    Returns:
        Nothing where the query is in a language that the collection lacks.
    """
    if missing_language(query, languages, words):
        return frozenset()
    language = languages[0] if len(languages) == 1 else detect_languages([query])[0]
    content = terms(" ".join(content_words(query, language))) or terms(query)
    return frozenset(term for term in content if words.weights.get(term, 1.0) > 0) or content


def missing_language(query: str, languages: Sequence[str], words: Words) -> str:
    """Return the language of a query in which there is no review; empty where there are some.

    Short queries are often taken for another language than they are in: one of which the collection
    knows half of the words is not.

    Args:
        query: What is asked.
        languages: That the reviews are in.
        words: Weights of the collection's words.
    """
    if not languages or words.known(terms(query)):
        return ""
    spoken = detect_languages([query])[0]
    return spoken if spoken not in languages else ""


def read_measured(stored: str, fingerprint: str) -> Measured | Unmeasured | None:
    """Return what `stored` gave; None where it is of another version or encoder, or is spoilt."""
    try:
        plain = json.loads(stored) if stored else {}
        if plain.get("version") != VERSION or plain.get("fingerprint") != fingerprint:
            return None
        return _decoded(plain, fingerprint)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # something else has changed it


def _decoded(plain: Mapping[str, Any], fingerprint: str) -> Measured | Unmeasured:
    import numpy as np

    if "reason" in plain:
        return Unmeasured(fingerprint, plain["reviews"], plain["reason"])
    return Measured(
        fingerprint=fingerprint,
        reviews=plain["reviews"],
        languages=tuple(plain["languages"]),
        centroid=np.frombuffer(base64.b64decode(plain["centroid"]), dtype=np.float16).astype(
            np.float32
        ),
        words=Words.read(plain["words"]),
    )
