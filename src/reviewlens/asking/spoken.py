"""What reviews say that an answer can be made of: statements, each with its side and its review."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewlens.ground.slices import drawn
from reviewlens.search.mentions import Mentions
from reviewlens.search.relevance import ANSWER
from reviewlens.search.reviews import with_heads
from reviewlens.search.sides import OPPOSES, lean, said_in
from reviewlens.search.statements import said_by
from reviewlens.store import Filters, Hit, ReviewStore
from reviewlens.text.contentless import judging_words, says_nothing
from reviewlens.text.statements import FEWEST_WORDS, MOST_WORDS, count_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_PASSAGES = 600
"""That are read for a question about all reviews, drawn at random."""
_FIELDS = "text", "title", "original", "statements", "language", "rating", "time", "product"
_WISH = re.compile(
    r"\b(?:wish(?:ed|es)?|if only|would (?:be|have been) (?:nice|good|great|better|helpful|useful)|"
    r"would (?:like|love|prefer|appreciate)|(?:needs?|could use|should (?:have|offer|add|be))\b|"
    r"please (?:add|bring|make|include|offer|fix|give)|hope (?:they|you|it|that)|"
    r"(?:is|was|are|were) missing|lacks?|it's a (?:pity|shame))\b",
    re.IGNORECASE,
)
_BETWEEN = frozenset(
    {"of", "the", "in", "at", "and", "on", "for", "to", "de", "la", "le", "du", "des", "del", "di",
     "da", "von", "van", "y", "e"}
)  # fmt: skip
_OWN_WORDS = 0.25
"""Sentiment that a statement has itself at least, whatever the stars of its review, to be taken for
one that praises or blames."""


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """A statement of a review.

    Attributes:
        hit: The review, with its text.
        text: The statement.
        vector: Its own, float32 of shape (dimension,), unit length.
        sentiment: From -1 (blames) to 1 (praises); None where that cannot be told.
        nearness: To what was asked, -1..1; 0 where all is asked about.
    """

    hit: Hit
    text: str
    vector: NDArray[np.float32]
    sentiment: float | None
    nearness: float = 0.0

    @property
    def lean(self) -> float:
        """To which side, by what it says and the review's stars; see `sides.lean`."""
        return lean(self.sentiment, self.hit.passage.rating)

    @property
    def review_id(self) -> str:
        """Of its review."""
        return self.hit.passage.review_id

    @property
    def praises(self) -> bool:
        """Whether it does."""
        return self.lean >= OPPOSES and (self.sentiment or 0.0) >= _OWN_WORDS

    @property
    def blames(self) -> bool:
        """Whether it does."""
        return self.lean <= -OPPOSES and (self.sentiment or 0.0) <= -_OWN_WORDS

    @property
    def wishes(self) -> bool:
        """Whether it asks for something."""
        return bool(_WISH.search(self.text))


def is_name(text: str) -> bool:
    """Tell whether a statement is but a name, such as the title that a site gives a review.

    All its words begin with a capital letter, but for the small ones between, and none judges.
    """
    words = re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*", text)
    large = [word for word in words if word[0].isupper() or word[0].isdigit()]
    small = [word for word in words if word not in large]
    named = len(large) > 1 and all(word in _BETWEEN for word in small)
    shouted = text.isupper()
    return named and not shouted and not judging_words() & {word.lower() for word in words}


def spoken_of(mentions: Mentions, encoder: str) -> list[Spoken]:
    """Return the statements that surely speak of something, the surest first.

    Of a review that speaks of it by its name alone, what it says most decidedly to its own side.

    Args:
        mentions: What may speak of it.
        encoder: The collection's, by name.
    """
    sure = [
        (one.found, said)
        for one in mentions.reviews
        if (one.found.answers or one.regardless >= ANSWER)
        and (said := said_by(one.found.hit)) is not None
    ]
    by_name = [one.hit for one, said in sure if is_name(said[0])]
    decided = _most_decided(by_name, encoder)
    found = []
    for one, said in sure:
        if is_name(said[0]):
            found += decided.get(one.hit.passage.review_id, [])
        else:
            found.append(Spoken(one.hit, *said, one.sentiment, one.hit.similarity))
    return found


def _most_decided(hits: Sequence[Hit], encoder: str) -> dict[str, list[Spoken]]:
    """Return the statement of each review that says most of the side that it takes as a whole."""
    chosen = {}
    for hit, every in zip(hits, _told(hits, encoder), strict=True):
        sign = 1 if sum(one.lean for one in every) > 0 else -1
        best = sorted(every, key=lambda one: -sign * (one.sentiment or 0.0))[:1]
        chosen[hit.passage.review_id] = [replace(one, nearness=hit.similarity) for one in best]
    return chosen


def spoken_in_all(store: ReviewStore, encoder: str, filters: Filters | None) -> list[Spoken]:
    """Return what some reviews say of anything; those of other languages are left out.

    Args:
        store: Where the reviews are.
        encoder: The collection's, by name.
        filters: Which reviews.
    """
    keys = store.passage_ids(filters or Filters(), base=store.readable_heads)
    pages = store.pages(drawn(keys, MOST_PASSAGES), _FIELDS)
    [hits] = with_heads([[Hit(0.0, one) for page in pages for one in page]], store)
    return [one for every in _told(hits, encoder) for one in every]


def _told(hits: Sequence[Hit], encoder: str) -> list[list[Spoken]]:
    """Return what each of some reviews says that is more than a name or a mere judgement."""
    return [
        [
            Spoken(replace(hit, span=one.span), one.text, one.vector, one.sentiment)
            for one in said
            if FEWEST_WORDS <= count_words(one.text) <= MOST_WORDS
            and not is_name(one.text)
            and not says_nothing(one.text, "", hit.passage.language)
        ]
        for hit, said in zip(hits, said_in([hit.passage for hit in hits], encoder), strict=True)
    ]


def reviews_of(some: Sequence[Spoken]) -> set[str]:
    """Return the ids of the reviews that say some statements."""
    return {one.review_id for one in some}
