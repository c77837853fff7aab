"""Whether what was found is an answer, and how surely each review is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.encoders import Encoder
from reviewlens.errors import UnknownTokens
from reviewlens.search.modes import Mode, codes_of
from reviewlens.search.relevance import CONSIDERED, Judgement, Relevance, Unmeasured
from reviewlens.search.sides import TAKES_A_SIDE, opposes, read_query, read_statements
from reviewlens.store import Filters, Hit, ReviewStore

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
MOST_UNKNOWN = 0.5
"""Share of a query's tokens that the encoder may not know."""
_UNREADABLE = 0.1  # share of the reviews' tokens; an ingest takes more only when it is forced to
_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Found:
    """A review that is shown.

    Attributes:
        hit: With the statement that says it.
        judgement: How surely; None where nothing is known of that.
        sentiment: Of the statement, -1 (blames) to 1 (praises); None where it was not read.
    """

    hit: Hit
    judgement: Judgement | None = None
    sentiment: float | None = None

    @property
    def answers(self) -> bool:
        """Whether it is an answer on its own, as far as is known."""
        return self.judgement is None or self.judgement.answers


@dataclass(frozen=True, slots=True)
class Verdict:
    """What of the reviews found is shown.

    Attributes:
        found: That say it, in order; none where no review does.
        near: The nearest of the others, where there are fewer than asked for.
        opposite: That say the opposite.
        side: That the query takes, -1 (blames) to 1 (praises); None where it takes none.
        nearest: Similarity of the nearest review, None where there is none.
        notes: What the user should know.
    """

    found: tuple[Found, ...]
    near: tuple[Found, ...] = ()
    opposite: tuple[Found, ...] = ()
    side: float | None = None
    nearest: float | None = None
    notes: tuple[str, ...] = ()


def considered(n: int, relevance: Relevance | Unmeasured | None) -> int:
    """Return how many reviews have to be found so that `n` can be shown."""
    return max(n, CONSIDERED) if isinstance(relevance, Relevance) else n


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
    side: float | None = None,
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
        side: That the user prefers, -1 or 1; None for that of the query, if it takes one.
    """
    nearest = round(max(hit.similarity for hit in hits), 6) if hits else None
    if not isinstance(relevance, Relevance):
        kept = [hit for hit in hits if _near_enough(hit, min_similarity)][:n]
        notes = () if relevance is None or min_similarity is not None else (relevance.reason,)
        return Verdict(tuple(map(Found, kept)), nearest=nearest, notes=notes)
    judged = relevance.judge(query, vector, hits)
    nearest = round(max(one.hit.similarity for one in judged), 6) if judged else None
    if mode == "hybrid":
        judged = _by_probability(query, judged)
    if min_similarity is not None:
        enough = [one for one in judged if _near_enough(one.hit, min_similarity)][:n]
        return Verdict(_read(enough, encoder), nearest=nearest)
    wanted = read_query(query, vector, encoder) if side is None else side
    # Where no side is taken, what is shown is read alone.
    found = [Found(one.hit, one) for one in judged] if wanted is None else _read(judged, encoder)
    own: list[Found] = []
    other: list[Found] = []
    for one, judgement in zip(found, judged, strict=True):
        against = opposes(
            wanted,
            one.sentiment,
            stars=one.hit.passage.rating,
            contrary=judgement.contrary if side is None else None,
        )
        (other if against else own).append(one)
    absent = _missing_codes(query, judged)
    above = [] if len(absent) == len(codes_of(query)) > 0 else [one for one in own if _shown(one)]
    answers = [one for one in above if one.answers]
    shown = above[:n] if answers else []
    if answers and not any(one.answers for one in shown):
        shown = answers[:n]  # of few shown, let it be those that say it
    near = own if not answers else [one for one in own if not _shown(one)]
    near = sorted(near, key=lambda one: -_probability(one))[: min(MOST_NEAR, n - len(shown))]
    if wanted is None:
        shown, near = (
            [*_read([one.judgement for one in some if one.judgement is not None], encoder)]
            for some in (shown, near)
        )
    opposite = tuple(one for one in other if _shown(one))[:n]
    takes = opposite or (wanted is not None and abs(wanted) >= TAKES_A_SIDE)
    return Verdict(
        tuple(shown),
        near=tuple(near),
        opposite=opposite,
        side=wanted if takes else None,
        nearest=nearest,
        notes=tuple(f"No review found has {code} in it." for code in absent),
    )


def _near_enough(hit: Hit, least: float | None) -> bool:
    return least is None or hit.similarity >= least


def _shown(one: Found) -> bool:
    return one.judgement is None or one.judgement.named or one.judgement.probability >= LINE


def _probability(one: Found) -> float:
    return 0.0 if one.judgement is None else one.judgement.probability


def _by_probability(query: str, judged: Sequence[Judgement]) -> list[Judgement]:
    """Return judgements by probability, those first that have the codes of the query."""
    codes = [code.lower() for code in codes_of(query)]
    return sorted(
        judged,
        key=lambda one: (-sum(code in _whole(one.hit) for code in codes), -one.probability),
    )


def _missing_codes(query: str, judged: Sequence[Judgement]) -> list[str]:
    """Return the codes of a query that no review found has."""
    texts = [_whole(one.hit) for one in judged]
    return [code for code in codes_of(query) if not any(code.lower() in text for text in texts)]


def _whole(hit: Hit) -> str:
    stored = hit.passage
    return f"{stored.title}\n{stored.product}\n{stored.original or stored.text}".lower()


def _read(judged: Sequence[Judgement], encoder: Encoder) -> tuple[Found, ...]:
    """Return judgements with the sentiment of their statements."""
    sentiments = read_statements(judged, encoder)
    return tuple(
        Found(one.hit, one, sentiment) for one, sentiment in zip(judged, sentiments, strict=True)
    )


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


def check_readable(
    queries: Sequence[str], modes: Sequence[Mode], encoder: Encoder, store: ReviewStore
) -> list[tuple[str, ...]]:
    """Refuse a query that the encoder cannot read: its vector would be nonsense.

    Returns:
        For each query a note where it cannot be read, nor can the reviews, which were taken all
        the same (`--force`).

    Raises:
        UnknownTokens: Most of its tokens are unknown.
    """
    notes: list[tuple[str, ...]] = []
    unreadable: bool | None = None
    for query, mode, count in zip(queries, modes, encoder.count_tokens(queries), strict=True):
        notes.append(())
        if mode != "keyword" and count.unknown > MOST_UNKNOWN * count.tokens:
            if unreadable is None:
                unreadable = _unreadable(store)
            if unreadable:
                notes[-1] = (
                    f"{encoder.name} does not know most tokens of {query!r}, nor of the reviews: "
                    "what is found has little to do with it.",
                )
                continue
            raise UnknownTokens(
                f"{encoder.name} does not know {count.unknown} of the {count.tokens} tokens of "
                f"{query!r} (at most half is wanted), so that it would find nonsense: ask in a "
                "language that it knows, by words with --mode keyword, or rebuild the collection "
                "with a multilingual model: reindex --encoder multilingual"
            )
    return notes


def _unreadable(store: ReviewStore) -> bool:
    """Tell whether the encoder does not know many of the reviews' own tokens."""
    keys = store.passage_ids(Filters(), base="passage == 0")
    rows = store.get(keys[:: max(1, len(keys) // _LOOKED_AT)], ("tokens", "tokens_unknown"))
    tokens = sum(row.tokens for row in rows.values())
    return sum(row.tokens_unknown for row in rows.values()) > _UNREADABLE * tokens
