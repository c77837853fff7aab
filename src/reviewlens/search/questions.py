"""What is asked of the stored reviews one by one: which say this, which are there, how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from reviewlens.errors import InputError
from reviewlens.questions import Face, Ge, Le
from reviewlens.results import Facets, Reviews
from reviewlens.search import count as counting
from reviewlens.search import retrieval
from reviewlens.search.catalogue import Order, catalogue_of, left_by
from reviewlens.search.checked import (
    Population,
    ReviewsToCheck,
    keep_judgements,
    population_of,
    reviews_to_check,
)
from reviewlens.search.count import MatchCount
from reviewlens.search.facets import count_facets
from reviewlens.search.keeper import RelevanceKeeper
from reviewlens.search.languages import require_read, unread_notes
from reviewlens.search.matches import Matches
from reviewlens.search.mentions import find_mentions
from reviewlens.search.modes import Mode
from reviewlens.search.pages import list_reviews
from reviewlens.search.relevance import Relevance, Unmeasured
from reviewlens.search.reviews import check_request
from reviewlens.search.sides import POLARITIES, Polarity, Side
from reviewlens.search.similar import similar as nearest_to
from reviewlens.session import Lease
from reviewlens.store import ThemeSets


def search(
    lease: Lease,
    query: Annotated[str, Face(flag="TEXT", query="q")],
    n: Annotated[int, Ge(1), Face(flag="-n")] = 10,
    *,
    mode: Mode | None = None,
    polarity: Polarity | None = None,
    min_similarity: Annotated[float | None, Ge(-1), Le(1), Face(metavar="X")] = None,
    explain: bool = False,
) -> Matches:
    """Return the reviews nearest in meaning to a text, best first.

    Args:
        query: What to look for, in plain words.
        n: Reviews at most.
        mode: `dense` by meaning, `keyword` by words (BM25), `hybrid` by both; without it
            `hybrid` where Milvus has keyword search, else `dense`. Where it has none, `hybrid`
            answers as `dense` does, and `notes` says so.
        polarity: Prefer reviews that praise (`positive`) or complain (`negative`), by what they
            say and by their stars; those of the other side stand apart as `opposite`. `auto`, as
            without it: the side that the query takes, if it takes one.
        min_similarity: Smallest cosine similarity that counts as an answer, -1..1; without it
            the probability that it says it, see docs/relevance.md.
        explain: Mark the words of each statement that made the match; in a collection without
            statements find the sentence first.

    Raises:
        CollectionMissing: Nothing has been ingested.
        InputError: The query is empty, or a filter cannot be read.
        UnknownTokens: The encoder does not know most of the query's tokens.
        UnreadLanguages: It does not read the query's language, and a side is preferred.
        Unsupported: The mode is `keyword`, and Milvus has no keyword search.
    """
    return search_many(
        lease,
        [query],
        n,
        mode=mode,
        polarity=polarity,
        min_similarity=min_similarity,
        explain=explain,
    )[0]


def search_many(
    lease: Lease,
    queries: Sequence[str],
    n: Annotated[int, Ge(1), Face(flag="-n")] = 10,
    *,
    mode: Mode | None = None,
    polarity: Polarity | None = None,
    min_similarity: Annotated[float | None, Ge(-1), Le(1), Face(metavar="X")] = None,
    explain: bool = False,
) -> list[Matches]:
    """Answer many queries at once, in order; the arguments are those of `search`."""
    lease.session.preload()
    store = lease.store
    encoder = lease.encoder
    answers = retrieval.search(
        store,
        encoder,
        queries,
        relevance=_relevance(lease, needed=min_similarity is None),
        embed=lease.embed,
        n=n,
        mode=mode,
        filters=lease.filters,
        min_similarity=min_similarity,
        explain=explain,
        side=_side(polarity),
    )
    return [replace(answer, notes=(*answer.notes, *_unread(lease, answer))) for answer in answers]


def _relevance(lease: Lease, *, needed: bool) -> Relevance | Unmeasured | None:
    """Return what judges the answers; None where it is not known and not needed."""
    keeper = lease.session.kept(RelevanceKeeper)
    return keeper.of(lease.store, lease.encoder, needed=needed)


def _unread(lease: Lease, answer: Matches) -> tuple[str, ...]:
    """Return how many reviews a search by meaning could not find; none by words alone."""
    mode = answer.mode
    if mode == "keyword" or (answer.nearest is None and not answer.answered and _none_read(lease)):
        return ()
    what = "left out" if mode == "dense" else "found by their words alone"
    more = ", and found by words: --mode keyword" if mode == "dense" else ""
    return lease.once(
        ("not read", mode), lambda: unread_notes(lease.store, lease.filters, what + more)
    )


def _none_read(lease: Lease) -> bool:
    """Tell whether there is no review that a search by meaning can find, as the answer tells."""
    store = lease.store
    return lease.once(
        "none read", lambda: not store.count(lease.filters, base=store.readable_heads)
    )


def prepare(lease: Lease, queries: Sequence[str]) -> None:
    """Embed texts that will be searched for, so that a search for them finds it done.

    Their vectors are remembered until some thousand other texts have been searched for.

    Raises:
        CollectionMissing: Nothing has been ingested.
    """
    lease.session.preload()
    lease.embed(queries)


def _side(polarity: Polarity | None) -> Side | None:
    """Return the side that is asked for; None for that of each query."""
    if polarity is not None and polarity not in POLARITIES:
        raise InputError(
            f"there is no polarity {polarity!r}; wanted one of {', '.join(POLARITIES)}"
        )
    return None if polarity == "auto" else polarity


def similar(
    lease: Lease,
    review_id: Annotated[str, Face(flag="REVIEW_ID")],
    n: Annotated[int, Ge(1), Face(flag="-n")] = 10,
    *,
    min_similarity: Annotated[float | None, Ge(-1), Le(1), Face(metavar="X")] = None,
) -> Matches:
    """Return the reviews nearest to a stored one, itself left out.

    Args:
        review_id: As `search` and `export` show it.
        n: Reviews at most.
        min_similarity: Smallest cosine similarity that counts, -1..1.

    Raises:
        NotFound: There is no such review.
    """
    store = lease.store
    for note in unread_notes(store, lease.filters, "left out"):
        lease.note(note)
    return nearest_to(
        store,
        review_id,
        n=n,
        filters=lease.filters,
        min_similarity=min_similarity,
    )


def count_matches(
    lease: Lease,
    query: Annotated[str, Face(flag="TEXT", query="q")],
    *,
    min_similarity: Annotated[float | None, Ge(-1), Le(1), Face(metavar="X")] = None,
) -> MatchCount:
    """Count the reviews that say what a text says: all of them, not the nearest few.

    A review counts from a cosine on that is calibrated for the collection and set for the
    query. The estimate beside the count allows for reviews missed and for others counted, as
    measured at calibration. What no review says counts 0.

    Args:
        query: What to count, in plain words.
        min_similarity: Smallest cosine that counts, -1..1, instead; there is then no estimate.

    Raises:
        CollectionMissing: Nothing has been ingested.
        InputError: The query is empty, or a number or a filter cannot be used.
        UnknownTokens: The encoder does not know most of the query's tokens.
    """
    lease.session.preload()
    store = lease.store
    encoder = lease.encoder
    return counting.count_matches(
        store,
        encoder,
        query,
        filters=lease.filters,
        min_similarity=min_similarity,
        relevance=_relevance(lease, needed=min_similarity is None),
        embed=lease.embed,
    )


def to_check(lease: Lease, query: str, n: int = 20) -> ReviewsToCheck:
    """Return the reviews to read so that a count is known better.

    They are drawn by how surely each says it, those passed over among them; see `judge`.

    Args:
        query: What is counted.
        n: How many, at least 1.

    Raises:
        CollectionMissing: Nothing has been ingested.
        InputError: The query is empty, fewer than one is wanted, or the collection has too few
            texts for it to be told how surely one says it.
        UnreadLanguages: The encoder does not read the query's language.
    """
    return reviews_to_check(lease.store, query, _population(lease, query), n)


def judge(
    lease: Lease,
    query: str,
    judged: Mapping[str, bool | None],
    shown: ReviewsToCheck,
    *,
    who: str = "",
) -> None:
    """Keep what a person says of reviews; `count_matches` goes by it from then on.

    Args:
        query: What was counted.
        judged: By id whether a review says it, None where the person is unsure.
        shown: Of what `to_check` returned, these reviews among it.
        who: Says so; it is kept as given.

    Raises:
        InputError: A review was not shown.
    """
    if strange := judged.keys() - {one.review_id for one in shown.reviews}:
        raise InputError(
            f"the review {min(strange)!r} was not among those to be checked; wanted some of them"
        )
    keep_judgements(lease.store, query, judged, shown.reviews, who)


def _population(lease: Lease, query: str) -> Population:
    check_request([query], 1)
    lease.session.preload()
    relevance = _relevance(lease, needed=True)
    if not isinstance(relevance, Relevance):
        reason = relevance.reason if relevance is not None else ""
        raise InputError(f"a count cannot be checked here: {reason}")
    require_read(query, lease.encoder, lease.store, relevance, "counting")
    [vector] = lease.embed([query])
    mentions = find_mentions(lease.store, lease.encoder, query, vector, relevance, lease.filters)
    return population_of(lease.store, mentions, lease.filters)


def size(lease: Lease) -> int:
    """Return how many reviews there are."""
    return lease.store.count(lease.filters)


def facets(
    lease: Lease,
) -> Facets:
    """Count what the filters can be set to.

    The counts under each filter are of the reviews that all the other filters leave, so that
    they tell what another choice would find.

    Raises:
        CollectionMissing: Nothing has been ingested.
        FilterError: A filter cannot be read.
    """
    store = lease.store
    themes = ThemeSets(store).shown(store.theme_set)
    return count_facets(
        store,
        catalogue_of(lease),
        lease.filters,
        labels={number: called for number, (called, _) in themes.items()},
        hidden=frozenset(number for number, (_, hidden) in themes.items() if hidden),
    )


def reviews(
    lease: Lease,
    *,
    n: Annotated[int | None, Ge(0), Face(flag="-n")] = None,
    offset: Annotated[int, Ge(0)] = 0,
    order: Order = "-time",
) -> Reviews:
    """List reviews as they are stored, all of them or page by page.

    Args:
        n: Reviews at most; without it all.
        offset: How many are left out before the first.
        order: `time`, `-time` (latest first), `rating`, `-rating` (best first) or `id`; those
            without date or stars stand last.

    Raises:
        CollectionMissing: Nothing has been ingested.
        InputError: A number, the order or a filter cannot be used.
    """
    store = lease.store
    return list_reviews(
        store,
        catalogue_of(lease),
        lease.filters,
        n=n,
        offset=offset,
        order=order,
    )


def matching_ids(
    lease: Lease,
) -> tuple[str, ...]:
    """Return the ids of the reviews that filters leave, in order.

    Raises:
        CollectionMissing: Nothing has been ingested.
        FilterError: A filter cannot be read.
    """
    import numpy as np

    catalogue = catalogue_of(lease)
    kept = left_by(lease.store, catalogue, lease.filters)
    return tuple(catalogue.ids[place] for place in np.flatnonzero(kept).tolist())
