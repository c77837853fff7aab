"""What `answer` answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from reviewlens.asking.kinds import Kind
from reviewlens.document import Document, Entry, Gap, Part, Text, counted
from reviewlens.ground.estimates import Estimate
from reviewlens.ground.phrases import mean_stars
from reviewlens.results import Sided, Tabular

AnswerMethod = Literal["extractive", "model"]
VALUES = "fact", "which", "compare", "when"
"""Kinds whose claims are no quotes, but values, products, things compared or months."""


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
class Claim(Sided):
    """One thing that the reviews say, or one of those that are compared.

    Attributes:
        text: Words of the first review cited, a sentence of the language model, a value that
            reviews name, or what is compared.
        for_: How many of `reviews` praise; in JSON `for`.
        against: How many blame.
        reviews: How many of the reviews that were looked at say it.
        share: What part these are of those that speak of what is asked about, 0..1.
        of_all: What part of all reviews that were looked at, 0..1.
        stars: Their mean, 1..5, None without stars.
        review_ids: Of the evidence for it; each stands in `Answer.evidence`.
    """

    text: str
    for_: int
    against: int
    reviews: int
    share: float
    of_all: float
    stars: Estimate | None
    review_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedFilter:
    """A filter that the question named.

    Attributes:
        name: As `Selection.where` takes it.
        value: What it was read as.
        words: Of the question, that it was read from.
    """

    name: str
    value: str
    words: str


@dataclass(frozen=True, slots=True, repr=False)
class Answer(Tabular, Sided):
    """The answer to a question, from reviews alone.

    Attributes:
        question: As asked.
        kind: What kind of question it is; see `kinds.Kind`.
        matter: What it asks about; empty for all.
        filters: That the question named, by which reviews were left out.
        answered: False when no review says it; there is no claim then.
        text: The answer as it is read, with the ids of its reviews in square brackets.
        summary: What the reviews say taken together, in sentences; empty where nothing is to be
            told of them together.
        claims: What they say one by one, that of most reviews first; a model's in its own order.
        for_: How many of those found praise what is asked about; in JSON `for`.
        against: How many blame it.
        found: Reviews that speak of it.
        of: Reviews that were looked at: all, or those drawn at random where all is asked about.
        evidence: What it was made from, in the order in which it was chosen.
        method: `extractive`, from the reviews' own sentences; `model`, by a language model.
        model: The language model's name, None without one.
        floor: Smallest similarity that counts, as the user gave it; None where the probability
            decides.
        tokens: Of the evidence: the encoder's own; with a language model those of cl100k_base.
        notes: What the user should know besides.
        judged: Whether those found speak of it; else they are the nearest, whatever they say.
    """

    question: str
    kind: Kind
    matter: str
    filters: tuple[AskedFilter, ...]
    answered: bool
    text: str
    summary: str
    claims: tuple[Claim, ...]
    for_: int
    against: int
    found: int
    of: int
    evidence: tuple[Evidence, ...]
    method: AnswerMethod
    model: str | None
    floor: float | None
    tokens: int
    notes: tuple[str, ...] = ()
    judged: bool = True

    def _rows(self) -> Sequence[Claim]:
        return self.claims

    def document(self, *, details: bool = False) -> Document:
        """Return what the reviews say, with the ids of those that do; see `Tabular.document`."""
        return tuple(self._told())

    def _told(self) -> Iterator[Part]:
        if not self.claims:
            yield Text(self.text)
            return
        if self.summary:
            yield from (Text(self.summary), Gap())
        quoted = self.method == "extractive" and self.kind not in VALUES
        for number, one in enumerate(self.claims, start=1):
            yield Entry(
                f"“{one.text}”" if quoted else one.text,
                number=number,
                tone="",
                figures=_facts(one),
            )
        by = "quotes" if self.method == "extractive" else str(self.model)
        does = "speak of it" if self.judged else "are the nearest"
        looked_at = self.found if self.matter else self.of
        subject = f"{counted(looked_at, 'review')} {does if self.matter else 'looked at'}"
        size = f", {self.tokens:,} tokens" if self.tokens else ""
        yield from (Gap(), Text(f"{subject}; by {by}, from {len(self.evidence)} of them{size}."))


_CITATIONS_SHOWN = 6


def _facts(claim: Claim) -> str:
    cited = " ".join(f"[{one}]" for one in claim.review_ids[:_CITATIONS_SHOWN])
    more = len(claim.review_ids) - _CITATIONS_SHOWN
    cited += f" and {more} more" if more > 0 else ""
    stars = None if claim.stars is None else mean_stars(claim.stars)
    sides = f"{claim.for_:,} for, {claim.against:,} against" if claim.for_ and claim.against else ""
    share = f"{counted(claim.reviews, 'review')} ({claim.share:.0%})"
    return " · ".join(filter(None, (share, sides, stars, cited)))
