"""What a filter means stands twice, for Milvus and in memory: both leave the same reviews.

A third meaning, which is plain and slow, is written here and held against both.
"""

from __future__ import annotations

import operator
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes import chosen
from reviewlens.search import Catalogue, count_facets, matching, read_catalogue
from reviewlens.store import (
    Columns,
    Condition,
    Filters,
    Pin,
    ReviewStore,
    StoredPassage,
)
from reviewlens.store.filters import parse_time
from reviewlens.store.schema import as_number

TEXTS = (
    "", "Lamp", "lamp", "LAMP", " Lamp", "Lamp ", "La", 'a "b"', "it's", "back\\slash", '\\"', "\\",
    "new\nline", "\r\n", "tab\t", "%", "_", "a,b", "é", "e\u0301", "壶", "🎧", "\u2028", "\u00a0",
    '") or ("" == "', "true", "null", "x" * 1_000,
)  # fmt: skip
NUMBERS = (
    "42", "042", "42.0", "4.2e1", " 42", "1_000", "-1", "-0", "0", "0.0", "1e3", "1000", "3.7",
    "nan", "inf", "1e400", "9007199254740992", "9007199254740993", "-9007199254740993", "1e300",
    "٤٢",
)  # fmt: skip
ABSENT = None
EXTRA = ("size", "#size", 'odd "name" \\ = <', "a/b~c.d", "größe", "and", "0", "author")
COLUMNS = Columns(
    (*EXTRA, "Shop", "Points"),
    {"Produkt": "product", "Punkte": "rating_given", "Shop": "source", "Points": "rating_given"},
)
RATINGS = (ABSENT, 1.0, 1.4444444, 2.3333333, 3.7, 4.5, 5.0)
GIVEN = (ABSENT, 0.0, -1.0, -2e30, 1.0, 3.7, 7.5, 42.0, 1234567.8, 3e38)
TIMES = (ABSENT, 0, 1, 86_399_999, 86_400_000, parse_time("2024-02-29"), parse_time("2100-12-31"))
THEMES = (-1, 0, 3, 41)
WHEN = (
    "0001", "1969", "1969-12-31", "1970", "1970-01-01", "1970-01-01T00:00:00.001", "1970-01-02",
    "2024-02", "2024-02-29", "2024-03", "2100", "9999",
)  # fmt: skip


def reviews() -> list[StoredPassage]:
    """Some dozens of reviews: each value stands in some field of one at least."""
    values = (*TEXTS, *NUMBERS)
    rows = []
    for place in range(len(values)):
        shifted = [values[(place + step) % len(values)] for step in range(0, 40, 5)]
        rows.append(
            StoredPassage(
                review_id=f"r{place:02d}" if place % 3 else f'{place} "{values[place][:9]}"',
                passage=0,
                product=shifted[0],
                source=shifted[1],
                title=shifted[2],
                author=shifted[3],
                language=("", "en", "de", "zh-Hant")[place % 4],
                rating=RATINGS[place % len(RATINGS)],
                rating_given=GIVEN[place % len(GIVEN)],
                time=TIMES[place % len(TIMES)],
                cluster=THEMES[place % len(THEMES)],
                tokens=place,
                extra={
                    name: value
                    for name, value in zip(
                        (*EXTRA, "Shop", "Points"), [*shifted[4:], *shifted], strict=False
                    )
                    if (place + len(name)) % 3
                },
                vector=np.eye(4, dtype=np.float32)[place % 4],
            )
        )
    return rows


REVIEWS = reviews()


@pytest.fixture(
    scope="module",
    params=["lite", pytest.param("container", marks=[pytest.mark.container, pytest.mark.slow])],
)
def stored(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ReviewStore, Catalogue]]:
    lite = request.param == "lite"
    uri = str(tmp_path_factory.mktemp("meaning") / "reviews.db")
    uri = uri if lite else request.getfixturevalue("milvus_container")
    with ReviewStore.open(uri, f"test_{uuid.uuid4().hex[:12]}", create=True) as store:
        store.create(Pin("fake", "f" * 64, 4))
        store.remember(COLUMNS, {})
        store.upsert(REVIEWS)
        yield store, read_catalogue(store)
        store.drop()


# -- the plain meaning ---------------------------------------------------------------------------

ORDERED: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def leaves(review: StoredPassage, filters: Filters) -> bool:
    if filters.get("rating") is not None:
        low, high = (end if end is not None else wide for end, wide in
                     zip(filters.get("rating"), (-np.inf, np.inf), strict=True))  # fmt: skip
        if review.rating is None or not low - 1e-4 <= review.rating <= high + 1e-4:
            return False
    if filters.get("since") is not None and (
        review.time is None or review.time < filters.get("since")
    ):
        return False
    if filters.get("until") is not None and (
        review.time is None or review.time > filters.get("until")
    ):
        return False
    for value, wanted in (
        (review.product, filters.get("product")),
        (review.source, filters.get("source")),
        (review.language, filters.get("language")),
        (review.cluster, filters.get("cluster")),
        (review.review_id, filters.get("ids")),
    ):
        if wanted is not None and value not in wanted:
            return False
    return all(holds(review, condition) for condition in filters.where)


def holds(review: StoredPassage, condition: Condition) -> bool:
    has = review.extra.get(condition.column)
    if extra := has is not None:
        number = as_number(str(has))
    else:
        field = COLUMNS.mapped.get(condition.column, condition.column)
        has = getattr(review, field, None)
        number = None if isinstance(has, str) else has  # a text field has no order
    if condition.operator in ORDERED:
        wanted = as_number(condition.values[0])
        return number is not None and wanted is not None and (
            ORDERED[condition.operator](number, wanted)
        )  # fmt: skip
    one = any(value == has or is_one(number, value, extra=extra) for value in condition.values)
    return one == (condition.operator == "=")


def is_one(number: float | None, value: str, *, extra: bool) -> bool:
    wanted = as_number(value)
    if number is None or wanted is None:
        return False
    if extra:  # beyond that, floats that are equal stand for numbers that differ
        return number == wanted and abs(wanted) < 2**53
    # The rating as given is a 32-bit float.
    return abs(number - wanted) <= (
        max(1e-4, 1e-6 * abs(wanted)) if isinstance(number, float) else 0
    )


# -- all filters ---------------------------------------------------------------------------------

_texts = st.lists(st.sampled_from((*TEXTS, *NUMBERS)), max_size=3)
_numbers = st.sampled_from([number for number in NUMBERS if as_number(number) is not None])
_anything = st.lists(st.sampled_from((*TEXTS, *NUMBERS)), min_size=1, max_size=3).map(tuple)
_equal = st.sampled_from(("=", "!="))
_order = st.sampled_from(tuple(ORDERED))
_some_numbers = st.lists(_numbers, min_size=1, max_size=3).map(tuple)
_by_text = (*EXTRA, "Shop", "Points", "Produkt", "title", "source", "language")
_by_number = ("tokens", "cluster", "rating_given", "Punkte")
_conditions = st.one_of(
    st.builds(Condition, st.sampled_from(_by_text), _equal, _anything),
    st.builds(Condition, st.sampled_from(_by_number), _equal, _some_numbers),
    st.builds(
        Condition,
        st.sampled_from((*EXTRA, "Shop", "Points", *_by_number)),
        _order,
        _numbers.map(lambda value: (value,)),
    ),
)
_stars = st.sampled_from((-1e300, -5, -1, -0.5, 0, 0.9, 1, 1.44, 2, 3.69, 3.7, 5, 5.2, 99, 1e300))
_between = st.lists(_stars, min_size=2, max_size=2).map(sorted)
_ratings = st.one_of(
    _between.map(lambda ends: f"{ends[0]}..{ends[1]}"),
    _stars.map(lambda low: f"{low}.."),
    _stars.map(lambda high: f"..{high}"),
    _stars.map(str),
)
_arguments = st.fixed_dictionaries(
    {},
    optional={
        "rating": _ratings,
        "since": st.sampled_from(WHEN),
        "until": st.sampled_from(WHEN),
        "product": _texts,
        "source": _texts,
        "language": st.lists(st.sampled_from(("", "en", "EN", "de", "zh-Hant", "fr")), max_size=3),
        "cluster": st.lists(st.sampled_from((*THEMES, 7, 2**63 - 1, 1 - 2**63)), max_size=3),
        "review_ids": st.lists(
            st.sampled_from([*(row.review_id for row in REVIEWS), "", "nobody", "r0%"]), max_size=9
        ),
        "where": st.lists(_conditions, max_size=2),
    },
)
_apart = (_arguments.map(lambda given: dict([given.popitem()]) if given else given), _arguments)


def compare(stored: tuple[ReviewStore, Catalogue], arguments: dict[str, Any]) -> None:
    store, catalogue = stored
    # Put together of two, as selections of selections are: their dates may have none in common,
    # which is refused where both are given at once.
    rest = {name: value for name, value in arguments.items() if name != "until"}
    filters = chosen(**rest) & chosen(until=arguments.get("until"))
    by_milvus = [key.removesuffix("#0") for key in store.passage_ids(filters)]
    kept, choices = matching(store, catalogue, filters)
    for left in choices.values():
        kept = kept & left
    in_memory = [catalogue.ids[place] for place in np.flatnonzero(kept)]
    assert by_milvus == sorted(row.review_id for row in REVIEWS if leaves(row, filters))
    assert in_memory == by_milvus
    assert count_facets(store, catalogue, filters, labels={}).reviews == len(by_milvus)


_unhurried = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_unhurried
@given(arguments=st.one_of(*_apart))
def test_milvus_and_memory_leave_the_same_reviews(
    stored: tuple[ReviewStore, Catalogue], arguments: dict[str, Any]
) -> None:
    compare(stored, arguments)


@pytest.mark.slow
@pytest.mark.parametrize("stored", ["lite"], indirect=True)
@settings(_unhurried, max_examples=3_000)
@given(arguments=st.one_of(*_apart))
def test_milvus_and_memory_leave_the_same_reviews_of_thousands_of_filters(
    stored: tuple[ReviewStore, Catalogue], arguments: dict[str, Any]
) -> None:
    compare(stored, arguments)


@pytest.mark.parametrize(
    "rating",
    ["-5..2", "-1..0", "..0", "-1", "-1e300..", "3.7001", "3.6999", "..3.6999", "3.7001.."],
)
def test_no_rating_reaches_down_to_the_unrated(
    stored: tuple[ReviewStore, Catalogue], rating: str
) -> None:
    store, catalogue = stored
    if "6999" in rating and not store.milvus.lite:
        pytest.skip("a server rounds the bound itself to 32 bits, and so meets what lies on it")
    filters = chosen(rating=rating)
    keys = store.passage_ids(filters)
    assert all(catalogue.stars[catalogue.rows[key.removesuffix("#0")]] >= 1 for key in keys)
    assert count_facets(store, catalogue, filters, labels={}).reviews == len(keys)


@pytest.mark.parametrize("column", [*EXTRA, "Shop", "Points", "Produkt", "title", "source"])
def test_unequal_leaves_what_equal_does_not(
    stored: tuple[ReviewStore, Catalogue], column: str
) -> None:
    store, _ = stored
    for value in ("42", "Lamp", "nobody has it"):
        counts = [
            store.count(Filters(where=(Condition(column, sign, (value,)),))) for sign in ("=", "!=")
        ]
        assert sum(counts) == len(REVIEWS), (column, value, counts)
