"""How many reviews say what a text says: the question behind most searches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.document import Document, Gap, Part, Table, Text, counted
from reviewlens.encoders import Embed, Encoder, embed_queries
from reviewlens.errors import InputError
from reviewlens.ground.estimates import Estimate, mean
from reviewlens.ground.phrases import interval
from reviewlens.results import Tabular, iso_time
from reviewlens.search.languages import require_read, unread_notes
from reviewlens.search.relevance import Relevance, Unmeasured, prevalence
from reviewlens.search.retrieval import search
from reviewlens.search.reviews import check_request, one_per_review, with_heads
from reviewlens.settings import QUERY_FLOOR
from reviewlens.store import Filters, Hit, ReviewStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_PASSAGES = 16_384
"""That one request can give; beyond it a count is a lower bound."""
_FIRST = 1_000
_BAR = 24
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class CountGroup:
    """The reviews of a month or of a product that say it.

    Attributes:
        by: `month` or `product`.
        value: Such as `2026-03`; empty for reviews without a date, or without a product.
        reviews: How many are counted.
        stars: Mean of their stars, None where there are none.
    """

    by: str
    value: str
    reviews: int
    stars: float | None


@dataclass(frozen=True, slots=True, repr=False)
class MatchCount(Tabular):
    """How many reviews say what a text says.

    Attributes:
        query: The text.
        answered: False where no review says it, see `search`; nothing is then counted.
        reviews: Counted: their nearest passage reaches `min_similarity`.
        of: Reviews looked at.
        share: Estimated share of those that say it, 0..1, errors of counting allowed for; None
            where these are not known.
        estimated: The same as a number of reviews.
        stars: Mean stars of those counted, None where there are none.
        min_similarity: Smallest cosine that counts: as given, else calibrated for this query.
        found_share: Of reviews asked with a sentence of their own, the share that was counted.
        false_share: Of all reviews, the share that was counted for questions of other domains.
        complete: False where there are more than one request can give: `reviews` is then a lower
            bound.
        groups: By month, in order, then by product, most first.
        notes: What the user should know besides.
    """

    query: str
    answered: bool
    reviews: int
    of: int
    share: Estimate | None
    estimated: Estimate | None
    stars: Estimate | None
    min_similarity: float
    found_share: float | None
    false_share: float | None
    complete: bool
    groups: tuple[CountGroup, ...]
    notes: tuple[str, ...] = ()

    def _rows(self) -> Sequence[CountGroup]:
        return self.groups

    def document(self, *, details: bool = False) -> Document:
        """Return how many say it, by month and by product; see `Tabular.document`."""
        return tuple(self._told())

    def _told(self) -> Iterator[Part]:
        yield Text(self.query, "strong")
        if not self.answered:
            yield Text(f"No review says this, of {self.of:,}.")
        else:
            least = "" if self.complete else "at least "
            yield Text(
                f"{least}{self.reviews:,} of {counted(self.of, 'review')} counted, from a cosine "
                f"of {self.min_similarity:.2f} on"
            )
        if self.share is not None and self.estimated is not None:
            number = self.estimated
            yield Text(
                f"estimated: {interval(self.share)}, {number.value:,.0f} reviews "
                f"({number.low:,.0f} to {number.high:,.0f})"
            )
        if self.stars is not None:
            yield Text(f"stars: {interval(self.stars, '.2f')}")
        for by in ("month", "product"):
            groups = [group for group in self.groups if group.by == by]
            if any(group.value for group in groups):
                yield from _listed(by, groups)


def _listed(by: str, groups: Sequence[CountGroup]) -> Iterator[Part]:
    """Return the latest months, or the products with the most reviews, with a bar for each."""
    shown = groups[-_SHOWN:] if by == "month" else groups[:_SHOWN]
    most = max(group.reviews for group in groups)
    rows = tuple(
        (
            group.value or "(none)",
            f"{group.reviews:,}",
            "" if group.stars is None else f"{group.stars:.2f}",
            "█" * max(1, round(group.reviews / most * _BAR)),
        )
        for group in shown
    )
    yield from (Gap(), Table((by, "reviews", "stars", ""), rows, drawn=3))
    if len(groups) > len(shown):
        which = "earlier months" if by == "month" else "products"
        yield Text(f"… and {len(groups) - len(shown)} more {which}: -f json")


def count_matches(
    store: ReviewStore,
    encoder: Encoder,
    query: str,
    *,
    filters: Filters | None = None,
    min_similarity: float | None = None,
    relevance: Relevance | Unmeasured | None = None,
    embed: Embed | None = None,
) -> MatchCount:
    """Count the reviews that say what a text says.

    Args:
        store: Where the reviews are.
        encoder: The collection's encoder.
        query: The text.
        filters: Which reviews are looked at.
        min_similarity: Smallest cosine that counts, -1..1; None for the calibrated one.
        relevance: The collection's.
        embed: Embeds the query; None for the encoder itself.

    Raises:
        InputError: The query is empty, or the similarity out of range.
        UnknownTokens: The encoder does not know most tokens of the query.
        UnreadLanguages: It does not read the language of the query.
    """
    check_request([query], 1)
    if min_similarity is not None and not -1 <= min_similarity <= 1:
        raise InputError(f"the smallest similarity is {min_similarity:g}; wanted -1 to 1")
    answer = search(
        store,
        encoder,
        [query],
        n=1,
        mode="dense",
        filters=filters,
        min_similarity=min_similarity,
        relevance=relevance,
        embed=embed,
    )[0]
    require_read(query, encoder, store, relevance, "counting")
    vector = (embed([query]) if embed is not None else embed_queries(encoder, [query]))[0]
    level = relevance.measured.count if isinstance(relevance, Relevance) else None
    notes = list(answer.notes)
    if min_similarity is not None:
        least, level = min_similarity, None
        notes.append("How often the similarity given is right is not known: there is no interval.")
    elif level is not None and isinstance(relevance, Relevance):
        least = round(min(1.0, level.cosine(relevance.question(query, vector))), 4)
    else:
        least = QUERY_FLOOR
        notes.append(f"Counted from a cosine of {QUERY_FLOOR}, which is not calibrated here.")
    notes += unread_notes(store, filters, "not counted, as this goes by meaning")
    total = store.count(filters, base=store.readable_heads)
    said = answer.answered or answer.unsure
    hits, complete = _reaching(store, vector, least, filters) if said else ([], True)
    if not complete:
        notes.append(
            f"More than {MOST_PASSAGES:,} passages say it, of which no more can be asked for: it "
            "is said more often; count parts by filters."
        )
    found = prevalence(len(hits), total, level) if level and total and complete else None
    stars = [hit.passage.rating for hit in hits if hit.passage.rating is not None]
    return MatchCount(
        query=query,
        answered=said,
        reviews=len(hits),
        of=total,
        share=None if found is None else found.share,
        estimated=None if found is None else found.reviews,
        stars=mean(stars, low=1, high=5) if stars else None,
        min_similarity=least,
        found_share=None if level is None else round(level.found / level.questions, 4),
        false_share=None if level is None else round(level.false_share, 4),
        complete=complete,
        groups=(
            *_groups(hits, "month", lambda hit: (iso_time(hit.passage.time) or "")[:7]),
            *sorted(
                _groups(hits, "product", lambda hit: hit.passage.product),
                key=lambda group: (-group.reviews, group.value),
            ),
        ),
        notes=tuple(notes),
    )


def _reaching(
    store: ReviewStore, vector: NDArray[np.float32], least: float, filters: Filters | None
) -> tuple[list[Hit], bool]:
    """Return the nearest passage of each review that is near enough, and whether these are all."""
    limit = _FIRST
    while True:
        limit = min(limit, MOST_PASSAGES)
        found = store.search(vector[None, :], limit, filters, fields=("rating", "time", "product"))[
            0
        ]
        enough = len(found) < limit or found[-1].similarity < least
        if enough or limit == MOST_PASSAGES:
            near = [hit for hit in one_per_review(found) if hit.similarity >= least]
            return with_heads([near], store)[0], enough
        limit *= 4


def _groups(hits: Sequence[Hit], by: str, value: Callable[[Hit], str]) -> list[CountGroup]:
    own: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        own[value(hit)].append(hit)
    groups = []
    for name, some in sorted(own.items()):
        stars = [hit.passage.rating for hit in some if hit.passage.rating is not None]
        groups.append(
            CountGroup(by, name, len(some), round(sum(stars) / len(stars), 2) if stars else None)
        )
    return groups
