"""Whether what was found is an answer, and how surely each review is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reviewlens.encoders import Encoder
from reviewlens.search.modes import Mode, codes_of
from reviewlens.search.relevance import CONSIDERED, Judgement, Relevance, Unmeasured
from reviewlens.search.sides import (
    SIGNS,
    Side,
    lean,
    opposes,
    read_query,
    read_statements,
    side_of,
    sign_of,
    takes_side,
)
from reviewlens.store import Hit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LINE = 0.1
"""Probability below which a review is not shown among those that answer, but as near."""
MOST_NEAR = 3
"""Reviews that are shown as near."""
LEAST_OF_WORDS = 0.25
"""Of what all words of a query would score: with less a review has its small words alone.

Chosen by hand: one word in four that are equally rare.
"""
_OF_A_SIDE = 3
"""Times as many reviews are looked at where one side is asked for: most may be of the other."""


@dataclass(frozen=True, slots=True)
class Found:
    """A review that was found.

    Attributes:
        hit: With the statement that says it.
        judgement: How surely; None where nothing is known of that.
        sentiment: Of the statement, -1 (blames) to 1 (praises); None where it was not read.
    """

    hit: Hit
    judgement: Judgement | None = None
    sentiment: float | None = None

    @property
    def probability(self) -> float:
        """That it says it, as far as is known."""
        return 0.0 if self.judgement is None else self.judgement.probability

    @property
    def answers(self) -> bool:
        """Whether it is an answer on its own."""
        return self.judgement is not None and self.judgement.answers

    @property
    def named(self) -> bool:
        """Whether one statement of it has all telling words of the query."""
        return self.judgement is not None and self.judgement.named

    @property
    def shown(self) -> bool:
        """Whether it stands among the matches where there is an answer."""
        return self.named or self.probability >= LINE

    @property
    def lean(self) -> float:
        """See `sides.lean`."""
        return lean(self.sentiment, self.hit.passage.rating)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What of the reviews found is shown.

    Attributes:
        found: That say it, in order; none where no review does.
        near: The nearest of the others, where there are fewer than asked for.
        opposite: That say the opposite.
        side: That was asked for, or that the query takes; None where it takes none.
        nearest: Similarity of the nearest review, None where there is none.
        notes: What the user should know.
    """

    found: tuple[Found, ...]
    near: tuple[Found, ...] = ()
    opposite: tuple[Found, ...] = ()
    side: Side | None = None
    nearest: float | None = None
    notes: tuple[str, ...] = ()


def considered(n: int, relevance: Relevance | Unmeasured | None, side: Side | None) -> int:
    """Return how many reviews have to be found so that `n` can be shown."""
    most = max(n, CONSIDERED) if isinstance(relevance, Relevance) else n
    return most if side is None else _OF_A_SIDE * most


def judge_hits(
    query: str,
    vector: NDArray[np.float32],
    hits: Sequence[Hit],
    n: int,
    *,
    relevance: Relevance | Unmeasured | None,
    encoder: Encoder,
    mode: Mode,
    min_similarity: float | None = None,
    side: Side | None = None,
) -> Verdict:
    """Return what of the reviews found for a query is shown.

    Where no review is an answer by itself none is shown; where one is, weak ones are as well. A
    review of which one statement has all telling words of the query is an answer. Where no review
    has any code of the query none is.

    Args:
        query: What was asked.
        vector: It, embedded.
        hits: In order, `considered` of them.
        n: Reviews at most.
        relevance: The collection's.
        encoder: The collection's.
        mode: How they were found; what was found by both ways is put in order by probability.
        min_similarity: What decides instead, if given.
        side: That the user asks for; None for that of the query, if it takes one.
    """
    found = [Found(hit) for hit in hits]
    if isinstance(relevance, Relevance):
        found = [Found(one.hit, one) for one in relevance.judge(query, vector, hits)]
    judged = isinstance(relevance, Relevance) and min_similarity is None
    wanted = SIGNS[side] if side else read_query(query, vector, encoder) if judged else None
    if wanted is not None:
        found = read_found(found, encoder)
    takes = takes_side(wanted)
    if takes_side(wanted):
        found = [on_side(one, wanted) for one in found]
    if mode == "hybrid" and isinstance(relevance, Relevance):
        found = _in_order(found, query)
    against = [is_opposed(one, wanted, asked_for=side is not None) for one in found]
    own = [one for one, opposed in zip(found, against, strict=True) if not opposed]
    other = [one for one, opposed in zip(found, against, strict=True) if opposed]
    notes: tuple[str, ...] = ()
    if judged:
        absent = _missing_codes(query, found)
        notes = tuple(f"No review found has {code} in it." for code in absent)
        shown, near = _chosen(own, n, denied=len(absent) == len(codes_of(query)) > 0)
        other = [one for one in other if one.shown]
    else:
        shown, near = _near_enough(own, min_similarity)[:n], []
        other = _near_enough(other, min_similarity)
        if isinstance(relevance, Unmeasured) and min_similarity is None and (shown or other):
            notes = (relevance.reason,)
    if wanted is None:  # what is shown is read alone
        shown, near = read_found(shown, encoder), read_found(near, encoder)
    return Verdict(
        tuple(shown),
        near=tuple(near),
        opposite=tuple(other[:n]),
        side=side_of(wanted) if takes or other else None,
        nearest=round(max(one.hit.similarity for one in found), 6) if found else None,
        notes=notes,
    )


def on_side(one: Found, side: float) -> Found:
    """Return a review with the probability that it says what a query with a side says."""
    if one.judgement is None:
        return one
    return replace(one, judgement=one.judgement.on_side(sign_of(side) * one.lean))


def _in_order(found: Sequence[Found], query: str) -> list[Found]:
    """Return what was found by probability, those first that have the codes of the query."""
    codes = [code.lower() for code in codes_of(query)]
    return sorted(
        found,
        key=lambda one: (-sum(code in _whole(one.hit) for code in codes), -one.probability),
    )


def is_opposed(one: Found, wanted: float | None, *, asked_for: bool = False) -> bool:
    """Tell whether a review takes the other side; a negation, where the query has the side.

    Args:
        one: With its sentiment.
        wanted: The side, as `sides.read_query` gives it; None for none.
        asked_for: Whether it is the user that asks for the side, and not the query.
    """
    return opposes(
        wanted,
        one.sentiment,
        stars=one.hit.passage.rating,
        contrary=None if asked_for or one.judgement is None else one.judgement.contrary,
    )


def _chosen(own: Sequence[Found], n: int, *, denied: bool) -> tuple[list[Found], list[Found]]:
    """Return what says it, and the nearest of the others.

    Args:
        own: In order.
        n: Reviews at most.
        denied: Whether nothing is an answer, however probable.
    """
    shown = [] if denied else [one for one in own if one.shown]
    answers = [one for one in shown if one.answers]
    rest = [one for one in own if not one.shown] if answers else own
    if not any(one.answers for one in shown[:n]):
        shown = answers  # of few shown, let it be those that say it
    shown = shown[:n]
    near = sorted(rest, key=lambda one: -one.probability)
    return shown, near[: min(MOST_NEAR, n - len(shown))]


def _near_enough(some: Sequence[Found], least: float | None) -> list[Found]:
    return [one for one in some if least is None or one.hit.similarity >= least]


def _missing_codes(query: str, found: Sequence[Found]) -> list[str]:
    """Return the codes of a query that no review found has."""
    texts = [_whole(one.hit) for one in found]
    return [code for code in codes_of(query) if not any(code.lower() in text for text in texts)]


def _whole(hit: Hit) -> str:
    stored = hit.passage
    return f"{stored.title}\n{stored.product}\n{stored.original or stored.text}".lower()


def read_found(some: Sequence[Found], encoder: Encoder) -> list[Found]:
    """Return reviews with the sentiment of their statements."""
    read = read_statements([one.hit for one in some], encoder)
    return [replace(one, sentiment=own) for one, own in zip(some, read, strict=True)]


def judge_words(hits: Sequence[Hit], n: int, reachable: float) -> Verdict:
    """Return what is shown of the reviews found for a query that the encoder does not read.

    Its vector says nothing: what counts is how much of its words a review has.

    Args:
        hits: By their words, best first.
        n: Reviews at most.
        reachable: The score of a review that had all words of the query; see `reachable_scores`.
    """
    least = LEAST_OF_WORDS * reachable
    kept = [hit for hit in hits if (hit.keyword_score or 0.0) >= least][:n]
    return Verdict(tuple(map(Found, kept)))
