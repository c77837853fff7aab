"""Which reviews answer a query, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reviewlens.document import Document, Entry, Part, Table, Text
from reviewlens.ground.phrases import stars
from reviewlens.reading.markup import clean_markup
from reviewlens.results import Tabular

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
            with dense search. With hybrid search it goes by the weights of the collection's words
            where there is a floor, else, and with keyword search, by those of Milvus.
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

    def entry(self, rank: int) -> Entry:
        """Return it as an entry of a list: facts, title, and the sentence that says it.

        Args:
            rank: From 1.
        """
        facts = (
            f"{self.similarity:.2f}",
            self.strength,
            "" if self.keyword_score is None else f"words {self.keyword_score:.1f}",
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

    def document(self, *, details: bool = False) -> Document:
        """Return the reviews, or that none says it and how to see the nearest all the same."""
        refusal = () if self.answered else tuple(self._refusal())
        return (*refusal, *(match.entry(rank) for rank, match in enumerate(self.matches, start=1)))

    def _refusal(self) -> Iterator[Part]:
        if self.nearest is None:
            yield Text("No review found.")
        elif self.calibration is None:
            yield Text(f"No review found with a similarity of {self.floor:g} or more.")
        else:
            yield Text("No review says this.")
            yield Text(
                f"The nearest has a similarity of {self.nearest:.2f}; --min-similarity -1 shows it "
                "and all others."
            )


def side_by_side(answers: Mapping[str, Matches], n: int) -> Document:
    """Return a column for each collection; a review that all of them found is marked with =.

    Args:
        answers: By the name of the collection.
        n: How many each was asked for.
    """
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
        head = f"{mark}{match.similarity:.2f}{given} · {match.review_id}"
        return "\n".join(
            " ".join(line.split())
            for line in (head, match.title, match.sentence or match.text)
            if line
        )
    return ""
