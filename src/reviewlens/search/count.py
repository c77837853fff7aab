"""How many reviews say what a text says: the question behind most searches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from reviewlens.document import Document, Gap, Part, Table, Text, counted
from reviewlens.encoders import Embed, Encoder, embed_queries
from reviewlens.errors import InputError
from reviewlens.ground.estimates import Estimate, mean
from reviewlens.ground.phrases import interval
from reviewlens.results import Sided, Tabular, iso_month
from reviewlens.search.checked import checked_count
from reviewlens.search.checked_estimate import CheckedEstimate
from reviewlens.search.languages import none_read, require_read, unread_notes
from reviewlens.search.mentions import (
    Mention,
    Mentions,
    find_mentions,
    mentions_reaching,
)
from reviewlens.search.relevance import Relevance, Unmeasured, load_count_prior
from reviewlens.search.retrieval import search
from reviewlens.search.reviews import check_request
from reviewlens.search.sides import OPPOSES, Side, side_of
from reviewlens.settings import QUERY_FLOOR
from reviewlens.store import Filters, ReviewStore

_BAR = 24
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class CountGroup:
    """The reviews of a month, a product or a number of stars that say it.

    Attributes:
        by: `month`, `product` or `stars`.
        value: Such as `2026-03`; empty for reviews without.
        reviews: How many, estimated as their part of the whole estimate.
        literal: How many of them have all telling words in one statement.
    """

    by: str
    value: str
    reviews: float
    literal: int


@dataclass(frozen=True, slots=True, repr=False)
class MatchCount(Tabular, Sided):
    """How many reviews say what a text says.

    Attributes:
        query: The text.
        answered: False where no review says it, see `search`.
        literal: Reviews one statement of which has all telling words of the query, and does not
            say the opposite.
        estimate: Reviews that say it, with an interval that allows for the errors of finding them.
        for_: Those that praise what it speaks of; in JSON `for`. With a query that praises these
            are the ones that say it.
        against: Those that blame it.
        side: That the query itself takes, None where it takes none.
        of: Reviews looked at.
        share: The estimate as a share of these, 0..1.
        stars: Mean stars of those that probably say it, None where there are none.
        complete: Whether all were looked at that may say it; else `literal` is a lower bound, and
            what is beyond is estimated.
        groups: By month, in order, then by product and by stars, most first.
        checked: What a person's judgements of some reviews made of the estimate, None without any.
        notes: What the user should know besides.
    """

    query: str
    answered: bool
    literal: int
    estimate: Estimate
    for_: Estimate
    against: Estimate
    side: Side | None
    of: int
    share: Estimate
    stars: Estimate | None
    complete: bool
    groups: tuple[CountGroup, ...]
    checked: CheckedEstimate | None = None
    notes: tuple[str, ...] = ()

    def _rows(self) -> Sequence[CountGroup]:
        return self.groups

    def document(self, *, details: bool = False) -> Document:
        """Return how many say it, by month, product and stars; see `Tabular.document`."""
        return tuple(self._told())

    def _told(self) -> Iterator[Part]:
        yield Text(self.query, "strong")
        yield Text(f"{self.sentence} of {self.of:,}" if self.of else self.sentence)
        if self.literal:
            have = counted(self.literal, "review", "has", "have")
            yield Text(f"{have} all its words in one statement")
        if self.checked is not None:
            yield Text(_checks(self.checked))
        if self.answered:
            yield Text(
                f"praise: {in_words(self.for_)} · complaint: {in_words(self.against)}", "soft"
            )
        if self.stars is not None:
            yield Text(f"stars: {interval(self.stars, '.2f')}")
        for by in ("month", "product", "stars"):
            groups = [group for group in self.groups if group.by == by]
            if any(group.value for group in groups):
                yield from _listed(by, groups)

    @property
    def sentence(self) -> str:
        """How many say it, as a sentence without its end."""
        if not self.of:
            return "No review could be looked at"
        if not self.answered:
            most = round(self.estimate.high)
            return f"No review says this; should one have been missed, at most {most:,} do"
        return f"{in_words(self.estimate)} reviews say this"


def _checks(checked: CheckedEstimate) -> str:
    judged = checked.yes + checked.no + checked.unsure
    unsure = f", {checked.unsure:,} unsure" if checked.unsure else ""
    return (
        f"by {counted(judged, 'review')} judged: {checked.yes:,} say it, {checked.no:,} do "
        f"not{unsure}; of the {checked.unseen:,} least probable at most {checked.unseen_most:,} "
        f"do, by {checked.unseen_checked:,} of them alone"
    )


def in_words(estimate: Estimate) -> str:
    """Return a number of reviews in words: as a figure only where it can be relied on.

    A figure is told where its interval is no wider than itself, and reaches no further down than to
    half of it.
    """
    value, low, high = round(estimate.value), round(estimate.low), round(estimate.high)
    if low == high:
        return f"{value:,}"
    if high - low <= max(2, value) and 2 * low >= min(value, high - 2):
        return f"about {value:,} ({low:,} to {high:,})"
    if low == 0:
        return f"at most {high:,}"
    return f"at least {low:,} and at most {high:,}"


def _listed(by: str, groups: Sequence[CountGroup]) -> Iterator[Part]:
    """Return the latest months, or the products with the most reviews, with a bar for each."""
    shown = groups[-_SHOWN:] if by == "month" else groups[:_SHOWN]
    most = max(group.reviews for group in groups)
    rows = tuple(
        (
            group.value or "(none)",
            "█" * max(1, round(group.reviews / most * _BAR)),
            f"{group.literal:,}",
        )
        for group in shown
    )
    yield from (Gap(), Table((by, "", "with its words"), rows, drawn=1))
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
        min_similarity: Smallest cosine of a passage that counts instead, -1..1; there is then no
            interval.
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
    total = store.count(filters, base=store.readable_heads)
    if not total:
        none = Mentions((), None, complete=True)
        return count_of(query, none, 0, answered=False, notes=[none_read(store, filters)])
    embed = embed or partial(embed_queries, encoder)
    answer = search(
        store,
        encoder,
        [query],
        n=1,
        mode="dense" if min_similarity is not None else None,
        filters=filters,
        min_similarity=min_similarity,
        relevance=relevance,
        embed=embed,
    )[0]
    require_read(query, encoder, store, relevance, "counting")
    vector = embed([query])[0]
    notes = [*answer.notes, *unread_notes(store, filters, "not counted, as this goes by meaning")]
    said = answer.answered or answer.unsure
    near: int | None = None
    if min_similarity is not None:
        notes.append("How often the similarity given is right is not known: there is no interval.")
        mentions = mentions_reaching(store, encoder, query, vector, min_similarity, filters)
        near = len(mentions.reviews)
    elif isinstance(relevance, Relevance):
        mentions = find_mentions(store, encoder, query, vector, relevance, filters)
    else:
        notes.append(f"Counted from a cosine of {QUERY_FLOOR}, which is not calibrated here.")
        mentions = mentions_reaching(store, encoder, query, vector, QUERY_FLOOR, filters)
        near = len(mentions.reviews)
    if not mentions.complete:
        notes.append("More reviews may say it than were looked at: these are estimated.")
    checked, told = (
        (None, ()) if near is not None else checked_count(store, query, mentions, filters)
    )
    return count_of(
        query,
        mentions,
        total,
        answered=said or bool(checked and checked.yes),
        notes=(*notes, *told),
        certain=near,
        checked=checked,
    )


def count_of(
    query: str,
    mentions: Mentions,
    of: int,
    *,
    answered: bool,
    notes: Sequence[str] = (),
    certain: int | None = None,
    checked: CheckedEstimate | None = None,
) -> MatchCount:
    """Return how many reviews say it, by what was found of them.

    Args:
        query: What they say.
        mentions: The reviews that may.
        of: Reviews that were looked at.
        answered: Whether any says it.
        notes: What the user should know.
        certain: How many count, where that is not to be estimated.
        checked: What judgements make of it.
    """
    own = [one for one in mentions.reviews if not one.opposed]
    literal = sum(one.found.named for one in own)
    expected = mentions.beyond + sum(one.found.probability for one in own)
    estimate = _estimated(expected, literal, of)
    if certain is not None:
        estimate = Estimate(*(float(certain),) * 3)
    elif checked is not None:
        estimate = checked.reviews
    elif not answered:
        estimate = Estimate(0.0, 0.0, estimate.high)
    praise, blame = _sides(mentions, estimate, of)
    probable = [one for one in own if one.found.answers or certain is not None]
    stars = [one.found.hit.passage.rating for one in probable]
    known = [one for one in stars if one is not None]
    return MatchCount(
        query=query,
        answered=answered,
        literal=literal,
        estimate=estimate,
        for_=praise,
        against=blame,
        side=side_of(mentions.side),
        of=of,
        share=_scaled(estimate, 1 / max(1, of)),
        stars=mean(known, low=1, high=5) if answered and known else None,
        complete=mentions.complete,
        groups=tuple(_groups(own, estimate.value)) if answered else (),
        checked=checked,
        notes=tuple(notes),
    )


def _estimated(expected: float, literal: int, of: int) -> Estimate:
    return Estimate(*(round(one, 1) for one in load_count_prior().estimate(expected, literal, of)))


def _scaled(estimate: Estimate, factor: float) -> Estimate:
    figures = estimate.value, estimate.low, estimate.high
    return Estimate.rounded(*(one * factor for one in figures))


def _sides(mentions: Mentions, estimate: Estimate, of: int) -> tuple[Estimate, Estimate]:
    """Return how many praise what the query speaks of, and how many blame it.

    Of a query that takes a side, those that say it are one of the two.
    """
    every = sum(one.regardless for one in mentions.reviews) or 1.0
    whole = _estimated(every, sum(one.found.named for one in mentions.reviews), of)
    leans = {
        sign: sum(one.regardless for one in mentions.reviews if sign * one.found.lean >= OPPOSES)
        / every
        for sign in (1, -1)
    }
    praise, blame = (_scaled(whole, leans[sign]) for sign in (1, -1))
    if mentions.side is None:
        return praise, blame
    return (estimate, blame) if mentions.side > 0 else (praise, estimate)


def _groups(own: Sequence[Mention], value: float) -> Iterator[CountGroup]:
    """Yield the parts of an estimate, by the probabilities of the reviews in each."""
    if not own:
        return
    yield from _grouped(own, value, "month", _month)
    for by, of in (("product", _product), ("stars", _stars)):
        yield from sorted(
            _grouped(own, value, by, of), key=lambda group: (-group.reviews, group.value)
        )


def _month(one: Mention) -> str:
    return iso_month(one.found.hit.passage.time)


def _product(one: Mention) -> str:
    return one.found.hit.passage.product


def _stars(one: Mention) -> str:
    rating = one.found.hit.passage.rating
    return "" if rating is None else f"{rating:g}"


def _grouped(
    own: Sequence[Mention], value: float, by: str, of: Callable[[Mention], str]
) -> Iterator[CountGroup]:
    some: dict[str, list[Mention]] = defaultdict(list)
    for one in own:
        some[of(one)].append(one)
    whole = sum(one.found.probability for one in own) or 1.0
    for name, members in sorted(some.items()):
        part = sum(one.found.probability for one in members) / whole
        yield CountGroup(by, name, round(part * value, 1), sum(one.found.named for one in members))
