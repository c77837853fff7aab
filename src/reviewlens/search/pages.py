"""Reviews listed: by their ids, or those that filters leave, in an order, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewlens.errors import InputError
from reviewlens.results import Reviews, StoredReview, iso_time
from reviewlens.search.catalogue import Catalogue, Order, check_order, left_by
from reviewlens.search.reviews import SHOWN

if TYPE_CHECKING:
    from reviewlens.store import Filters, ReviewStore, StoredPassage


def list_reviews(
    store: ReviewStore,
    catalogue: Catalogue,
    filters: Filters,
    *,
    n: int | None,
    offset: int = 0,
    order: Order = "-time",
) -> Reviews:
    """Return some of the reviews that match, and how many do.

    Args:
        store: Where the reviews are.
        catalogue: Of the same store.
        filters: Which reviews.
        n: Reviews at most; None for all.
        offset: How many are left out before the first, 0 or more.
        order: One of `ORDERS`.

    Raises:
        InputError: A number or the order cannot be used.
    """
    if n is not None and n < 0:
        raise InputError(f"{n} reviews cannot be listed; wanted 0 or more")
    if offset < 0:
        raise InputError(f"the list cannot begin at {offset}; wanted 0 or more")
    check_order(order)
    places = catalogue.ordered(left_by(store, catalogue, filters), order)
    end = None if n is None else offset + n
    wanted = [catalogue.ids[place] for place in places[offset:end].tolist()]
    # One that was deleted since the catalogue was read is left out.
    heads = store.heads(wanted, SHOWN)
    listed = tuple(review_of(heads[name]) for name in wanted if name in heads)
    return Reviews(listed, len(places))


def review_of(stored: StoredPassage) -> StoredReview:
    """Return what is told of a stored review."""
    return StoredReview(
        review_id=stored.review_id,
        rating=stored.rating,
        time=iso_time(stored.time),
        product=stored.product,
        title=stored.title,
        text=stored.original,
        author=stored.author,
        source=stored.source,
        language=stored.language,
        cluster=stored.cluster,
        rating_given=stored.rating_given,
        extra=stored.extra,
    )
