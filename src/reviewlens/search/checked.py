"""A count that a person checks: which reviews to read, and what their judgements make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.results import Tabular, iso_time
from reviewlens.search.checked_estimate import CheckedEstimate, checked_estimate
from reviewlens.search.judgements import Judgement, Said, judge, judgements_of
from reviewlens.search.matches import MAY_SAY_IT
from reviewlens.search.mentions import Mentions
from reviewlens.search.relevance import load_count_prior
from reviewlens.search.strata import draw
from reviewlens.store import Filters, ReviewStore, StoredPassage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LEAST = 1e-4
"""Probability that any review has at least of those that were passed over."""
_FIELDS = "title", "original", "rating", "time", "product"


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """The reviews that a count is of.

    Attributes:
        ids: Of the reviews, in order.
        probabilities: float64 of shape (reviews,): that each says it; of those that were not
            judged by their statements the mean that is to be expected of them.
        statements: What those that may say it say of it, by id.
    """

    ids: tuple[str, ...]
    probabilities: NDArray[np.float64]
    statements: Mapping[str, str]

    def rows(self) -> dict[str, int]:
        """Return the place of each review."""
        return {name: row for row, name in enumerate(self.ids)}


@dataclass(frozen=True, slots=True)
class ToCheck:
    """A review to be read.

    Attributes:
        statement: What it says of the query; empty where it was drawn from those passed over.
        text: The review as given.
        probability: That it says it, 0..1.
        stratum: Under which it was drawn; to be given back with the judgement.
    """

    review_id: str
    statement: str
    title: str
    text: str
    product: str
    stars: float | None
    time: str | None
    probability: float
    stratum: int


@dataclass(frozen=True, slots=True, repr=False)
class ReviewsToCheck(Tabular):
    """Reviews to be read, so that a count is known better.

    Attributes:
        query: What they may say.
        reviews: In the order to read them.
        judged: How many were judged before.
    """

    query: str
    reviews: tuple[ToCheck, ...]
    judged: int

    def _rows(self) -> Sequence[ToCheck]:
        return self.reviews


def population_of(store: ReviewStore, mentions: Mentions, filters: Filters | None) -> Population:
    """Return all reviews that are counted, each with the probability that it says it."""
    import numpy as np

    keys = store.passage_ids(filters or Filters(), base=store.readable_heads)
    ids = sorted(key.rpartition("#")[0] for key in keys)
    known = {one.found.hit.passage.review_id: one.found for one in mentions.reviews}
    others = max(1, len(ids) - len(known))
    rest = min(MAY_SAY_IT, max(_LEAST, (mentions.beyond + mentions.faint) / others))
    return Population(
        tuple(ids),
        np.array([known[one].probability if one in known else rest for one in ids]),
        {
            name: found.hit.passage.text[slice(*found.hit.span)]
            for name, found in known.items()
            if found.hit.span is not None
        },
    )


def reviews_to_check(
    store: ReviewStore, query: str, population: Population, n: int
) -> ReviewsToCheck:
    """Return the reviews to read next; those judged before are none of them."""
    rows = population.rows()
    judged = [one.review_id for one in judgements_of(store, query).judgements]
    drawn = draw(population.probabilities, [rows[name] for name in judged if name in rows], n)
    names = [population.ids[row] for row in drawn.rows]
    heads = store.heads(names, _FIELDS)
    return ReviewsToCheck(
        query,
        tuple(
            _to_check(population, row, heads[population.ids[row]], stratum)
            for row, stratum in zip(drawn.rows, drawn.strata, strict=True)
            if population.ids[row] in heads
        ),
        len(judged),
    )


def _to_check(population: Population, row: int, head: StoredPassage, stratum: int) -> ToCheck:
    return ToCheck(
        review_id=head.review_id,
        statement=population.statements.get(head.review_id, ""),
        title=head.title,
        text=head.original,
        product=head.product,
        stars=head.rating,
        time=iso_time(head.time),
        probability=round(float(population.probabilities[row]), 4),
        stratum=stratum,
    )


def checked_count(
    store: ReviewStore, query: str, mentions: Mentions, filters: Filters | None
) -> tuple[CheckedEstimate | None, tuple[str, ...]]:
    """Return what judgements that were kept make of a count, None without any, and notes."""
    kept = judgements_of(store, query)
    if not kept.judgements:
        return None, kept.notes
    population = population_of(store, mentions, filters)
    rows = population.rows()
    own = [one for one in kept.judgements if one.review_id in rows]
    if not own:
        return None, kept.notes
    found = checked_estimate(
        population.probabilities,
        {rows[one.review_id]: one.says for one in own},
        drawn={rows[one.review_id]: one.stratum for one in own},
        log_error=load_count_prior().spread,
    )
    return found, kept.notes


def keep_judgements(
    store: ReviewStore,
    query: str,
    judged: Mapping[str, bool | None],
    shown: Sequence[ToCheck],
    who: str,
) -> tuple[Judgement, ...]:
    """Keep what a person said of reviews that were shown to be checked."""
    by_id = {one.review_id: one for one in shown}
    return judge(
        store,
        query,
        [
            Said(name, says, by_id[name].probability, by_id[name].stratum)
            for name, says in judged.items()
        ],
        who=who,
    )
