"""Filters written as one text."""

from __future__ import annotations

from typing import Any

import pytest

from fakes import chosen
from reviewlens.errors import FilterError
from reviewlens.store import Columns, Condition, parse_expression

COLUMNS = Columns(
    extra=("version", "delivery days", "city"),
    mapped={"Stars": "rating", "date": "time", "item": "product", "shop": "source"},
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rating=1..2", {"rating": "1..2"}),
        ("rating>=4", {"rating": "4.."}),
        ("rating <= 2", {"rating": "..2"}),
        ("Stars=5", {"rating": "5"}),
        ("since=2026-07 and until=2026-08-05", {"since": "2026-07", "until": "2026-08-05"}),
        ("product=Kettle,Lamp", {"product": ("Kettle", "Lamp")}),
        ("product=Kettle; product=Lamp", {"product": ("Kettle", "Lamp")}),
        ("item=Kettle AND language=de", {"product": ("Kettle",), "language": ("de",)}),
        ("cluster=3,-1;cluster=4", {"cluster": (3, -1, 4)}),
        ("product=Salt and Pepper", {"product": ("Salt and Pepper",)}),
        (
            "product=Salt and Pepper and rating=1",
            {"product": ("Salt and Pepper",), "rating": "1"},
        ),
        (r"product=a\;b;rating=1", {"product": ("a;b",), "rating": "1"}),
        ("version!=2.1", {"where": [Condition("version", "!=", ("2.1",))]}),
        (
            "city=Paris,Rome and delivery days>=3",
            {
                "where": [
                    Condition("city", "=", ("Paris", "Rome")),
                    Condition("delivery days", ">=", ("3",)),
                ]
            },
        ),
        ("product!=Kettle", {"where": [Condition("product", "!=", ("Kettle",))]}),
        ("cluster!=3", {"where": [Condition("cluster", "!=", ("3",))]}),
        ("shop=web", {"source": ("web",)}),
    ],
)
def test_expression_becomes_the_filters_it_says(text: str, expected: dict[str, Any]) -> None:
    assert parse_expression(text, COLUMNS) == chosen(**expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a filter is empty; wanted such as rating=1..2"),
        ("rating=1;;since=2026", "a filter is empty in 'rating=1;;since=2026'"),
        ("kettle", "the condition 'kettle' has no operator"),
        ("rating=1 and rating=2", "rating stands twice"),
        ("rating!=2", "rating!=2 cannot be read; rating takes =, >= or <="),
        ("since>=2026", "since>=2026 cannot be read; since takes =, such as since=2026-07"),
        ("date=2026-07", "the date 'date' is told by since= and until="),
        ("cluster=bluetooth", "the theme 'bluetooth' is no number"),
    ],
)
def test_expression_that_cannot_be_read_is_one_sentence(text: str, message: str) -> None:
    with pytest.raises(FilterError) as refused:
        parse_expression(text, COLUMNS)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
