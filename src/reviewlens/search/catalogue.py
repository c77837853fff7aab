"""The catalogue: what reviews are chosen and ordered by, one row a review, in memory."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from reviewlens.errors import InputError
from reviewlens.session import Lease
from reviewlens.store import FILTERS, Filters, ReviewStore
from reviewlens.store.schema import NO_RATING, NO_TIME

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Order = Literal["time", "-time", "rating", "-rating", "id"]
ORDERS: tuple[Order, ...] = ("time", "-time", "rating", "-rating", "id")
"""By date, stars or id; with `-` the latest or highest first. Those without one stand last."""

_BY_ID = "review_id"
_FIELDS = tuple(dict.fromkeys(one.field for one in FILTERS.values() if one.field != _BY_ID))
"""What reviews can be chosen by, besides their ids."""


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
        texts: The columns of texts that reviews can be chosen by, by their fields.
    """

    ids: tuple[str, ...]
    rows: dict[str, int]
    stars: NDArray[np.float64]
    times: NDArray[np.int64]
    dated: NDArray[np.bool_]
    clusters: NDArray[np.int64]
    texts: Mapping[str, Names]

    @property
    def products(self) -> Names:
        """The product of each review; likewise `sources` and `languages`."""
        return self.texts["product"]

    @property
    def sources(self) -> Names:
        """See `products`."""
        return self.texts["source"]

    @property
    def languages(self) -> Names:
        """See `products`."""
        return self.texts["language"]

    def choices(self, filters: Filters) -> dict[str, NDArray[np.bool_]]:
        """Return for each field that is filtered by, ids aside, which reviews are left.

        They are what Milvus leaves by `store.compile_filters`.
        """
        found: dict[str, NDArray[np.bool_]] = {}
        for name, value in filters.values:
            by = FILTERS[name]
            if by.field != _BY_ID:
                kept = by.keeps(value, self._stored(by.field))
                found[by.field] = found[by.field] & kept if by.field in found else kept
        return found

    def _stored(self, field: str) -> Any:  # noqa: ANN401 - numbers, or `Names`
        """Return a column as Milvus has it: an absent value is below all others."""
        import numpy as np

        if field == "rating":
            stars = self.stars.astype(np.float32).astype(np.float64)
            return np.where(np.isnan(stars), NO_RATING, stars)
        if field == "time":
            return np.where(self.dated, self.times, NO_TIME)
        return self.clusters if field == "cluster" else self.texts[field]

    def named(self, review_ids: Iterable[str]) -> NDArray[np.bool_]:
        """Return which reviews have one of some ids; others are passed over."""
        import numpy as np

        found = np.zeros(len(self.ids), dtype=bool)
        found[[self.rows[name] for name in review_ids if name in self.rows]] = True
        return found

    def limited(self, kept: NDArray[np.bool_]) -> Catalogue:
        """Return it with some of its reviews alone."""
        import numpy as np

        ids = tuple(self.ids[place] for place in np.flatnonzero(kept).tolist())
        return Catalogue(
            ids=ids,
            rows={name: row for row, name in enumerate(ids)},
            stars=self.stars[kept],
            times=self.times[kept],
            dated=self.dated[kept],
            clusters=self.clusters[kept],
            texts={name: Names(one.values, one.codes[kept]) for name, one in self.texts.items()},
        )

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
        texts={
            name: _names(getattr(stored, name) for stored in read)
            for name in _FIELDS
            if name not in ("rating", "time", "cluster")
        },
    )


def _names(values: Iterable[str]) -> Names:
    import numpy as np

    places: dict[str, int] = {}
    codes = [places.setdefault(value, len(places)) for value in values]
    return Names(tuple(places), np.array(codes, dtype=np.int64))


def matching(
    store: ReviewStore, catalogue: Catalogue, filters: Filters
) -> tuple[NDArray[np.bool_], dict[str, NDArray[np.bool_]]]:
    """Return which reviews the filters leave that are no choices, and which each choice leaves.

    Args:
        store: Asked for what conditions leave, which the catalogue does not hold.
        catalogue: Of the same store.
        filters: Which reviews.
    """
    import numpy as np

    base = np.ones(len(catalogue.ids), dtype=bool)
    ids = filters.get("ids")
    if ids is not None:
        base &= catalogue.named(ids)
    if filters.where:
        keys = store.passage_ids(Filters(where=filters.where), base="passage == 0")
        base &= catalogue.named(key.rpartition("#")[0] for key in keys)
    return base, catalogue.choices(filters)


def left_by(store: ReviewStore, catalogue: Catalogue, filters: Filters) -> NDArray[np.bool_]:
    """Return which reviews the filters leave; the arguments are those of `matching`."""
    kept, choices = matching(store, catalogue, filters)
    for left in choices.values():
        kept = kept & left
    return kept


def check_order(order: str) -> None:
    """Refuse an order that is none."""
    if order not in ORDERS:
        raise InputError(f"there is no order {order!r}; wanted one of {', '.join(ORDERS)}")


class CatalogueKeeper:
    """The catalogue of a collection, kept while nobody else can change what is stored."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._kept: tuple[Hashable, Catalogue] | None = None

    def of(self, store: ReviewStore) -> Catalogue:
        """Return the catalogue as it is now; threads wait for the one that reads it."""
        state = store.state
        if state is None:
            return read_catalogue(store)
        with self._guard:
            if self._kept is None or self._kept[0] != state:
                self._kept = (state, read_catalogue(store))
            return self._kept[1]


def catalogue_of(lease: Lease) -> Catalogue:
    """Return the catalogue of the collection that is asked."""
    return lease.session.kept(CatalogueKeeper).of(lease.store)
