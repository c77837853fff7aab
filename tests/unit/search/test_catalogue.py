"""What reviews are chosen and ordered by, and what the filters can be set to: by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from fakes import chosen
from reviewlens.errors import InputError
from reviewlens.results import Facet, Facets, ThemeFacet
from reviewlens.search import count_facets, list_reviews, read_catalogue
from reviewlens.search.facets import MOST_VALUES
from reviewlens.store import Columns, Condition, Filters
from reviewlens.store.filters import parse_time
from reviewlens.store.schema import StoredPassage

LABELS = {0: "battery", 1: "parcel", 2: "hidden one"}
STORED = [
    StoredPassage("e", 0, product="壶", language="zh", rating=4.5, cluster=0),
    StoredPassage("a", 0, product="Kettle", rating=5.0, time=parse_time("2024-01-31"), cluster=0),
    StoredPassage("b", 0, product="Kettle", rating=1.0, time=parse_time("2024-02-01"), cluster=1),
    StoredPassage("c", 0, product="Lamp", rating=5.0, time=parse_time("2024-02-29"), cluster=0),
    StoredPassage("d", 0, source="app", rating=None, time=parse_time("2023-12-31"), cluster=2),
]


class Stored:
    """Stands in for a store: holds rows, and knows which of them a condition leaves."""

    name = "reviews"
    columns = Columns(extra=("city",))

    def __init__(self, rows: Sequence[StoredPassage], paris: Sequence[str] = ()) -> None:
        self._rows, self._paris = rows, paris

    def rows(self, fields: Sequence[str]) -> Iterator[list[StoredPassage]]:
        yield list(self._rows[:2])
        yield list(self._rows[2:])

    def passage_ids(self, filters: Filters, *, base: str) -> list[str]:
        assert (filters, base) == (
            Filters(where=(Condition("city", "=", ("Paris",)),)),
            "passage == 0",
        )
        return [f"{name}#0" for name in self._paris]

    def heads(self, ids: Sequence[str], fields: Sequence[str]) -> dict[str, StoredPassage]:
        return {row.review_id: row for row in self._rows if row.review_id in ids}


def counted(rows: Sequence[StoredPassage] = STORED, **filters: Any) -> Facets:
    store: Any = Stored(rows, paris=("b", "c"))
    return count_facets(
        store,
        read_catalogue(store),
        chosen(**filters),
        labels=LABELS,
        hidden=frozenset({2}),
    )


def pairs(facets: Sequence[Facet | ThemeFacet]) -> list[tuple[str | int, int]]:
    return [(facet.value, facet.count) for facet in facets]


def test_without_filters_everything_is_counted() -> None:
    found = counted()
    assert (found.reviews, found.total, found.distinct_products) == (5, 5, 3)
    assert pairs(found.stars) == [("5", 2), ("4.5", 1), ("1", 1), ("", 1)]
    assert pairs(found.products) == [("Kettle", 2), ("Lamp", 1), ("壶", 1), ("", 1)]
    assert pairs(found.sources) == [("app", 1), ("", 4)]
    assert pairs(found.languages) == [("zh", 1), ("", 4)]
    assert pairs(found.months) == [("2023-12", 1), ("2024-01", 1), ("2024-02", 2), ("", 1)]
    assert (found.first, found.last) == ("2023-12-31T00:00:00Z", "2024-02-29T00:00:00Z")
    assert found.themes == (
        ThemeFacet(0, "battery", 3),
        ThemeFacet(1, "parcel", 1),
        ThemeFacet(-1, "", 0),
    )
    assert found.columns == ("city",)


def test_a_filter_does_not_narrow_its_own_counts() -> None:
    found = counted(product=("Kettle",))
    assert found.reviews == 2
    assert pairs(found.products) == pairs(counted().products)
    assert pairs(found.stars) == [("5", 1), ("1", 1)]
    assert pairs(found.themes) == [(0, 1), (1, 1), (-1, 0)]


def test_two_filters_narrow_each_other_and_both_narrow_the_rest() -> None:
    found = counted(product=("Kettle",), rating=5)
    assert found.reviews == 1
    assert pairs(found.products) == [("Kettle", 1), ("Lamp", 1)]
    assert pairs(found.stars) == [("5", 1), ("1", 1)]
    assert pairs(found.months) == [("2024-01", 1)]


def test_dates_widen_as_well() -> None:
    found = counted(since="2024-02", until="2024-02")
    assert found.reviews == 2
    assert pairs(found.months) == pairs(counted().months)
    assert (found.first, found.last) == ("2023-12-31T00:00:00Z", "2024-02-29T00:00:00Z")
    assert pairs(found.products) == [("Kettle", 1), ("Lamp", 1)]


def test_conditions_and_ids_narrow_everything() -> None:
    city = (Condition("city", "=", ("Paris",)),)
    assert pairs(counted(where=city).stars) == [("5", 1), ("1", 1)]
    found = counted(where=city, review_ids=("c", "e", "nobody"))
    assert (found.reviews, pairs(found.products)) == (1, [("Lamp", 1)])


def test_what_is_filtered_by_is_listed_though_nothing_has_it() -> None:
    found = counted(product=("Radio",), cluster=2)
    assert ("Radio", 0) in pairs(found.products)
    assert ThemeFacet(2, "hidden one", 0) in found.themes


def test_only_the_largest_values_are_listed() -> None:
    more = [StoredPassage(f"m{n}", 0, product=f"item {n:03}") for n in range(MOST_VALUES)]
    found = counted([*STORED, *more], product=("壶",))
    first = [("Kettle", 2), ("Lamp", 1), *((f"item {n:03}", 1) for n in range(MOST_VALUES - 2))]
    assert pairs(found.products) == [*first, ("壶", 1), ("", 1)]
    assert found.distinct_products == MOST_VALUES + 3


def test_an_empty_collection_has_no_values() -> None:
    found = counted(())
    assert (found.total, found.stars, found.months, found.first) == (0, (), (), None)


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        ("id", "abcde"),
        ("time", "dabce"),
        ("-time", "cbade"),
        ("rating", "beacd"),
        ("-rating", "acebd"),
    ],
)
def test_reviews_are_ordered_those_without_last(order: Any, wanted: str) -> None:
    store: Any = Stored(STORED)
    found = list_reviews(store, read_catalogue(store), Filters(), n=10, order=order)
    assert "".join(one.review_id for one in found.reviews) == wanted
    assert found.total == 5


def test_pages_follow_each_other() -> None:
    store: Any = Stored(STORED)
    catalogue = read_catalogue(store)
    pages = [
        list_reviews(store, catalogue, Filters(), n=2, offset=offset, order="id")
        for offset in (0, 2, 4, 6)
    ]
    assert [[one.review_id for one in page.reviews] for page in pages] == [
        ["a", "b"],
        ["c", "d"],
        ["e"],
        [],
    ]
    assert {page.total for page in pages} == {5}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": -1}, "-1 reviews cannot be listed"),
        ({"n": 1, "offset": -1}, "cannot begin at -1"),
        ({"n": 1, "order": "stars"}, "no order 'stars'"),
    ],
)
def test_what_cannot_be_listed_is_refused(arguments: dict[str, Any], message: str) -> None:
    store: Any = SimpleNamespace()
    with pytest.raises(InputError, match=message):
        list_reviews(store, store, Filters(), **arguments)
