"""Which reviews answer a query, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from reviewlens.document import Document, Entry, Gap, Part, Table, Text
from reviewlens.ground.phrases import stars
from reviewlens.reading.markup import clean_markup
from reviewlens.results import Tabular

_FEW = 3
"""Reviews that are no matches of which a page shows no more."""

MAY_SAY_IT = 0.25
"""Probability from which on it is not said that no review says it."""

NO_RELEVANCE = "Whether a review says it cannot be told"
"""What the note begins with that tells so, and why."""

Strength = Literal["strong", "fair", "weak"]
"""How surely a review says what a query says; a weak one is no answer on its own."""


@dataclass(frozen=True, slots=True)
class Match:
    """A review that a search found.

    Attributes:
        similarity: Cosine similarity of the query and the nearest passage, -1..1.
        rating: Stars on the 1-5 scale, None when absent.
        time: ISO time in UTC, None when absent.
        text: The review as given.
        sentence: The same as `statement`.
        passage: Number of the passage that was nearest, 0 for the first.
        score: What hybrid search ranks by, 0..1: similarity and keyword score, each as a part of
            the best one, weighted; None otherwise.
        keyword_score: BM25 of the query's words in the passage, 0 where it has none of them; None
            with dense search. With hybrid search it goes by the weights of the collection's words
            where these are known, else, and with keyword search, by those of Milvus.
        statement: What the review says of the query; None in a collection without statements,
            unless asked for.
        probability: That the review says what the query says, 0..1; None where that is not known.
        strength: The same in a word: `strong`, `fair`, or `weak`: no answer on its own.
        sentiment: Of the statement, -1 (blames) to 1 (praises); None where it was not read.
        words: Words of `sentence` that made the match; empty unless asked for.
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
    strength: Strength | None = None
    words: tuple[str, ...] = ()
    statement: str | None = None
    probability: float | None = None
    sentiment: float | None = None

    def entry(self, rank: int | None = None, *, details: bool = False) -> Entry:
        """Return it as an entry of a list: facts, title, and the statement that says it.

        Args:
            rank: From 1; None for one that is no answer, of which no strength is told.
            details: With the figures that it was found by.
        """
        facts = (
            "" if rank is None else self.strength or f"{self.similarity:.2f}",
            *(self._figures() if details else ()),
            stars(self.rating),
            (self.time or "undated")[:10],
            self.product,
            self.review_id,
        )
        title = [Text(clean_markup(self.title), "strong", lines=2)] if self.title else []
        text = clean_markup(self.text)
        said = Text(self.sentence or text, lines=4, marked=self.words)
        if title and said.text == title[0].text:  # the title says it; the review says more
            said = Text(text, lines=4, marked=self.words)
        return Entry(" · ".join(filter(None, facts)), (*title, said), rank)

    def _figures(self) -> Iterator[str]:
        if self.probability is not None:
            yield f"probability {self.probability:.2f}"
        yield f"similarity {self.similarity:.2f}"
        if self.keyword_score is not None:
            yield f"words {self.keyword_score:.1f}"
        if self.sentiment is not None:
            yield f"sentiment {self.sentiment:+.2f}"


@dataclass(frozen=True, slots=True, repr=False)
class Matches(Tabular):
    """The answer to one query, best first.

    Attributes:
        query: The text searched for, or the id of the review that others were compared with.
        answered: False when no review says it; `matches` is then empty.
        floor: Smallest similarity that counts as an answer, as the user gave it; None where the
            probability decides.
        mode: How reviews were looked for: `dense` (by meaning), `keyword` (by words), `hybrid`.
        side: `positive` or `negative`: the one that was asked for, else that the query takes; None
            for none.
        notes: What the user should know besides, such as a fallback of the encoder.
        nearest: Similarity of the nearest review, answer or not; None where there is no review.
        near: The nearest of those that do not say it, where there are fewer matches than asked for.
        opposite: Those that are about the same and take the other side.
    """

    details_help: ClassVar[str] = "Show the figures that each review was found by as well."

    query: str
    answered: bool
    matches: tuple[Match, ...]
    floor: float | None
    notes: tuple[str, ...] = ()
    mode: str = "dense"
    side: str | None = None
    nearest: float | None = None
    near: tuple[Match, ...] = ()
    opposite: tuple[Match, ...] = ()

    def _rows(self) -> Sequence[Match]:
        return self.matches

    @property
    def unsure(self) -> bool:
        """Whether one of those that are near may say it after all."""
        return any((match.probability or 0.0) >= MAY_SAY_IT for match in self.near)

    def document(self, *, details: bool = False) -> Document:
        """Return the reviews, or that none says it; then the nearest and the opposite."""
        return tuple(self._told(details=details))

    def _told(self, *, details: bool) -> Iterator[Part]:
        if not self.answered:
            yield Text(self._refusal())
        for rank, match in enumerate(self.matches, start=1):
            yield match.entry(rank, details=details)
        nearby = "Near, and may say it:" if self.unsure else "Near, but does not say it:"
        for heading, some in (("The opposite:", self.opposite), (nearby, self.near)):
            if some:
                yield from (Gap(), Text(heading, "strong"))
                yield from (match.entry(details=details) for match in some[:_FEW])
            if len(some) > _FEW:
                yield Text("… and more: -f json", "soft")

    def _refusal(self) -> str:
        if self.nearest is None:
            return "No review found."
        if self.floor is not None:
            return f"No review found with a similarity of {self.floor:g} or more."
        if self.opposite:
            return "No review found says this; some say the opposite."
        return "No review surely says this." if self.unsure else "No review says this."


def side_by_side(answers: Mapping[str, Matches], n: int) -> Document:
    """Return a column for each collection; a review that all of them found is marked with =.

    Where none found any, a line for each says so.

    Args:
        answers: By the name of the collection.
        n: How many each was asked for.
    """
    if not any(map(len, answers.values())):
        return tuple(Text(f"{name}: {answer._refusal()}") for name, answer in answers.items())
    common = set.intersection(
        *({match.review_id for match in answer} for answer in answers.values())
    )
    rows = tuple(
        (str(rank + 1), *(_cell(answer[rank : rank + 1], common) for answer in answers.values()))
        for rank in range(max(map(len, answers.values())))
    )
    share = f"{len(common)} of the first {n}" if n > 1 else f"{len(common)} of 1"
    return (
        Table(("", *answers), rows, texts=1 + len(answers), lines=4),
        Text(f"= found by all: {share}"),
    )


def _cell(matches: Sequence[Match], common: set[str]) -> str:
    """Return a match as lines of a cell; nothing where there is none of its rank."""
    for match in matches:
        mark = "= " if match.review_id in common else ""
        given = "" if match.rating is None else f" · {match.rating:.2g}★"
        head = f"{mark}{match.strength or f'{match.similarity:.2f}'}{given} · {match.review_id}"
        return "\n".join(
            " ".join(line.split())
            for line in (head, match.title, match.sentence or match.text)
            if line
        )
    return ""
