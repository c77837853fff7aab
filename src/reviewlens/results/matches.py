"""Which reviews answer a query, and how surely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reviewlens.results.result import Tabular

NO_FLOOR = "There is no floor"
"""What the note begins with that tells so, and why."""

Strength = Literal["strong", "fair", "weak"]
"""How surely a review says what a query says; a weak one is no answer on its own."""


@dataclass(frozen=True, slots=True)
class FloorFigures:
    """How often a collection's floor errs, as measured when it was calibrated.

    Measured on domains and questions that the floor was not fitted to; each share is followed by
    its 95 % interval.

    Attributes:
        false_answers: Share of questions of other domains that found an answer, 0..1.
        probes: How many of these there were.
        missed: Share of the corpus' own sentences that found none.
        questions: How many of these there were.
        reviews: In the collection at the time.
    """

    false_answers: float
    false_answers_low: float
    false_answers_high: float
    probes: int
    missed: float
    missed_low: float
    missed_high: float
    questions: int
    reviews: int


@dataclass(frozen=True, slots=True)
class Match:
    """A review that a search found.

    Attributes:
        similarity: Cosine similarity of the query and the nearest passage, -1..1.
        rating: Stars on the 1-5 scale, None when absent.
        time: ISO time in UTC, None when absent.
        text: The review as given.
        sentence: The sentence that matched best; None unless asked for.
        passage: Number of the passage that was nearest, 0 for the first.
        score: What hybrid search ranks by, 0..1: similarity and keyword score, each as a part of
            the best one, weighted; None otherwise.
        keyword_score: BM25 of the query's words in the passage, 0 where it has none of them; None
            with dense search.
        strength: `strong`, `fair`, or `weak`: no answer on its own; None where the collection has
            no calibrated floor.
        words: Words of `sentence` that made the match; empty unless asked for.
        liking: How much the text likes what it is about, -1 (complains) to 1 (praises), as the
            corpus' stars teach; None where no side was preferred.
    """

    review_id: str
    similarity: float
    rating: float | None
    time: str | None
    product: str
    title: str
    text: str
    sentence: str | None
    author: str = ""
    source: str = ""
    language: str = ""
    cluster: int = -1
    passage: int = 0
    rating_given: float | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    score: float | None = None
    keyword_score: float | None = None
    liking: float | None = None
    strength: Strength | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Matches(Tabular):
    """The answer to one query, best first.

    Attributes:
        query: The text searched for, or the id of the review that others were compared with.
        answered: False when no review reaches the floor; `matches` is then empty.
        floor: Smallest similarity that counts as an answer: as the user gave it, else that at
            which a review with the words of the nearest one would be an answer; None for none.
        mode: How reviews were looked for: `dense` (by meaning), `keyword` (by words), `hybrid`.
        side: The one that was preferred, `positive` or `negative`; None for none.
        notes: What the user should know besides, such as a fallback of the encoder.
        nearest: Similarity of the nearest review, answer or not; None where there is no review.
        calibration: How often the calibrated floor errs; None where another one was used.
    """

    query: str
    answered: bool
    matches: tuple[Match, ...]
    floor: float | None
    notes: tuple[str, ...] = ()
    mode: str = "dense"
    side: str | None = None
    nearest: float | None = None
    calibration: FloorFigures | None = None

    def _rows(self) -> Sequence[Match]:
        return self.matches
