"""The catalogue: what reviews are chosen and ordered by, one row a review, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reviewlens.errors import InputError
from reviewlens.store import Filters, ReviewStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Order = Literal["time", "-time", "rating", "-rating", "id"]
ORDERS: tuple[Order, ...] = ("time", "-time", "rating", "-rating", "id")
"""By date, stars or id; with `-` the latest or highest first. Those without one stand last."""

Choice = Literal["rating", "time", "product", "source", "language", "cluster"]
CHOICES: tuple[Choice, ...] = ("rating", "time", "product", "source", "language", "cluster")
"""The filters that the catalogue itself can apply."""

_FIELDS = ("rating", "time", "product", "source", "language", "cluster")


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """A column of texts: the different ones, and which of them each review has.

    Attributes:
        values: Each once, in the order of their first review.
        codes: int64 of shape (reviews,), places in `values`.
    """

    values: tuple[str, ...]
    codes: NDArray[np.int64]

    def among(self, wanted: Sequence[str]) -> NDArray[np.bool_]:
        """Return which reviews have one of some values."""
        import numpy as np

        few = frozenset(wanted)
        found: NDArray[np.bool_] = np.array([value in few for value in self.values], dtype=bool)
        return found[self.codes]


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """All reviews of a collection, ordered by id, without their texts.

    Attributes:
        ids: Review ids.
        rows: The place of each id.
        stars: float64 of shape (reviews,), NaN where there are none.
        times: int64 of shape (reviews,), UTC milliseconds; meaningless where not `dated`.
        dated: bool of shape (reviews,).
        clusters: int64 of shape (reviews,), -1 for none.
    """

    ids: tuple[str, ...]
    rows: dict[str, int]
    stars: NDArray[np.float64]
    times: NDArray[np.int64]
    dated: NDArray[np.bool_]
    clusters: NDArray[np.int64]
    products: Names
    sources: Names
    languages: Names

    def choices(self, filters: Filters) -> dict[Choice, NDArray[np.bool_]]:
        """Return for each filter of `CHOICES` that is set which reviews it leaves.

        They leave what Milvus leaves by `store.compile_filters`.
        """
        import numpy as np

        found: dict[Choice, NDArray[np.bool_]] = {}
        if filters.rating is not None:
            fewest, most = filters.star_bounds()
            stored = self.stars.astype(np.float32).astype(np.float64)  # as Milvus has them
            found["rating"] = (stored >= fewest) & (stored <= most)
        if filters.since is not None or filters.until is not None:
            earliest, latest = filters.time_bounds()
            found["time"] = self.dated & (self.times >= earliest) & (self.times <= latest)
        if filters.products is not None:
            found["product"] = self.products.among(filters.products)
        if filters.sources is not None:
            found["source"] = self.sources.among(filters.sources)
        if filters.languages is not None:
            found["language"] = self.languages.among(filters.languages)
        if filters.clusters is not None:
            found["cluster"] = np.isin(self.clusters, np.array(filters.clusters, dtype=np.int64))
        return found

    def named(self, review_ids: Iterable[str]) -> NDArray[np.bool_]:
        """Return which reviews have one of some ids; others are passed over."""
        import numpy as np

        found = np.zeros(len(self.ids), dtype=bool)
        found[[self.rows[name] for name in review_ids if name in self.rows]] = True
        return found

    def ordered(self, kept: NDArray[np.bool_], order: Order) -> NDArray[np.intp]:
        """Return the places of the reviews that are kept, in an order; ties are ordered by id."""
        import numpy as np

        places = np.flatnonzero(kept)
        if order == "id":
            return places
        by_time = order.endswith("time")
        values = (self.times if by_time else self.stars)[places]
        absent = ~self.dated[places] if by_time else np.isnan(values)
        values = np.where(absent, 0, -values if order.startswith("-") else values)
        ranks: NDArray[np.intp] = np.lexsort((places, values, absent))
        return places[ranks]


def read_catalogue(store: ReviewStore) -> Catalogue:
    """Read what reviews are chosen and ordered by; one request."""
    import numpy as np

    read = sorted(
        (stored for page in store.rows(_FIELDS) for stored in page),
        key=lambda stored: stored.review_id,
    )
    ids = tuple(stored.review_id for stored in read)
    stars = [np.nan if stored.rating is None else stored.rating for stored in read]
    return Catalogue(
        ids=ids,
        rows={name: row for row, name in enumerate(ids)},
        stars=np.array(stars, dtype=np.float64),
        times=np.array([stored.time or 0 for stored in read], dtype=np.int64),
        dated=np.array([stored.time is not None for stored in read], dtype=bool),
        clusters=np.array([stored.cluster for stored in read], dtype=np.int64),
        products=_names(stored.product for stored in read),
        sources=_names(stored.source for stored in read),
        languages=_names(stored.language for stored in read),
    )


def _names(values: Iterable[str]) -> Names:
    import numpy as np

    places: dict[str, int] = {}
    codes = [places.setdefault(value, len(places)) for value in values]
    return Names(tuple(places), np.array(codes, dtype=np.int64))


def matching(
    store: ReviewStore, catalogue: Catalogue, filters: Filters
) -> tuple[NDArray[np.bool_], dict[Choice, NDArray[np.bool_]]]:
    """Return which reviews the filters leave that are no choices, and which each choice leaves.

    Args:
        store: Asked for what conditions leave, which the catalogue does not hold.
        catalogue: Of the same store.
        filters: Which reviews.
    """
    import numpy as np

    base = np.ones(len(catalogue.ids), dtype=bool)
    if filters.review_ids is not None:
        base &= catalogue.named(filters.review_ids)
    if filters.where:
        keys = store.passage_ids(Filters(where=filters.where), base="passage == 0")
        base &= catalogue.named(key.rpartition("#")[0] for key in keys)
    return base, catalogue.choices(filters)


def check_order(order: str) -> None:
    """Refuse an order that is none."""
    if order not in ORDERS:
        raise InputError(f"there is no order {order!r}; wanted one of {', '.join(ORDERS)}")
