"""What `answer` answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reviewlens.document import Document, Entry, Gap, Text, counted
from reviewlens.ground.estimates import Estimate
from reviewlens.ground.phrases import mean_stars
from reviewlens.results import Tabular

AnswerMethod = Literal["extractive", "model"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a review that were chosen to answer from.

    Attributes:
        review_id: What a citation names.
        text: Its words, as given but for HTML.
        stars: 1 to 5, None where there are none.
        time: ISO 8601 in UTC, None where there is none.
        similarity: Of the question and the sentence that answers best, -1..1.
        copies: How many of the reviews found have this very text, itself included.
    """

    review_id: str
    text: str
    product: str
    stars: float | None
    time: str | None
    similarity: float
    copies: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that the reviews say.

    Attributes:
        text: Words of the first review cited, or a sentence of the language model.
        citations: Ids of the evidence for it; each stands in `Answer.evidence`.
        reviews: How many of the reviews found say the like: those whose sentence is in a group
            with one that is cited.
        share: What part of the reviews found these are, 0..1.
        stars: Their mean, 1..5, None without stars.
    """

    text: str
    citations: tuple[str, ...]
    reviews: int
    share: float
    stars: Estimate | None


@dataclass(frozen=True, slots=True, repr=False)
class Answer(Tabular):
    """The answer to a question, from reviews alone.

    Attributes:
        question: As asked.
        answered: False when no review says it; there is no statement then.
        text: The answer as it is read, with the ids of its reviews in square brackets.
        statements: What it says, that of most reviews first; a model's in its own order.
        evidence: What it was made from, in the order in which it was chosen.
        method: `extractive`, from the reviews' own sentences; `model`, by a language model.
        model: The language model's name, None without one.
        found: Reviews that speak of it.
        floor: Smallest similarity that counts, as the user gave it; None where the probability
            decides.
        tokens: Of the evidence: the encoder's own; with a language model those of cl100k_base.
        notes: What the user should know besides.
        judged: Whether those found speak of it; else they are the nearest, whatever they say.
    """

    question: str
    answered: bool
    text: str
    statements: tuple[Statement, ...]
    evidence: tuple[Evidence, ...]
    method: AnswerMethod
    model: str | None
    found: int
    floor: float | None
    tokens: int
    notes: tuple[str, ...] = ()
    judged: bool = True

    def _rows(self) -> Sequence[Statement]:
        return self.statements

    def document(self, *, details: bool = False) -> Document:
        """Return what the reviews say, with the ids of those that do; see `Tabular.document`."""
        if not self.statements:
            return (Text(self.text),)
        quoted = self.method == "extractive"
        entries = (
            Entry(
                f"“{one.text}”" if quoted else one.text,
                number=number,
                tone="",
                figures=f"{one.reviews:,} of {self.found:,} reviews {_facts(one)}",
            )
            for number, one in enumerate(self.statements, start=1)
        )
        by = "quotes" if self.model is None or quoted else self.model
        does = (
            ("speaks of it", "speak of it")
            if self.judged
            else ("is the nearest", "are the nearest")
        )
        return (
            *entries,
            Gap(),
            Text(
                f"{counted(self.found, 'review', *does)}; by {by}, from {len(self.evidence)} of "
                f"them, {counted(self.tokens, 'token')}."
            ),
        )


_CITATIONS_SHOWN = 6


def _facts(statement: Statement) -> str:
    cited = " ".join(f"[{one}]" for one in statement.citations[:_CITATIONS_SHOWN])
    more = len(statement.citations) - _CITATIONS_SHOWN
    cited += f" and {more} more" if more > 0 else ""
    stars = None if statement.stars is None else mean_stars(statement.stars)
    return " · ".join(filter(None, (f"({statement.share:.0%})", stars, cited)))
