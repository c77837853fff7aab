from datetime import date
from typing import Any

import pytest

from reviewlens.asking.filters_in_words import read_filters
from reviewlens.store.filters import choose

NEWEST = date(2024, 5, 17)
PRODUCTS = ["Tea Kettle", "Tea Kettle Pro", "Pan", "kettle"]


def read(question: str, **options: Any) -> tuple[str, dict[str, Any]]:
    found = read_filters(question, newest=NEWEST, products=PRODUCTS, sources=["Airport"], **options)
    return found.question, found.values


@pytest.mark.parametrize(
    ("question", "left", "values"),
    [
        ("What is bad in 2023?", "What is bad?", {"since": "2023", "until": "2023"}),
        ("noise in March", "noise", {"since": "2024-03", "until": "2024-03"}),
        ("noise in June?", "noise?", {"since": "2023-06", "until": "2023-06"}),
        ("complaints since March 2022", "complaints", {"since": "2022-03"}),
        ("complaints after March 2022", "complaints", {"since": "2022-04"}),
        ("complaints after December 2022", "complaints", {"since": "2023-01"}),
        ("complaints before 2022", "complaints", {"until": "2021"}),
        ("noise from 2021 to 2023", "noise", {"since": "2021", "until": "2023"}),
        ("noise last year", "noise", {"since": "2023", "until": "2023"}),
        ("noise this month", "noise", {"since": "2024-05", "until": "2024-05"}),
        ("noise in the last 3 months", "noise", {"since": "2024-02-18"}),
        ("noise in the past year", "noise", {"since": "2023-05-18"}),
        ("What do 1-star reviews say?", "What do reviews say?", {"rating": "1"}),
        ("reviews with one star about tea", "reviews about tea", {"rating": "1"}),
        ("reviews with 4 stars or more", "reviews", {"rating": "4.."}),
        ("reviews with less than 3 stars", "reviews", {"rating": "..2"}),
        ("one to two star reviews", "reviews", {"rating": "1..2"}),
        ("Is the Tea Kettle good?", "Is it good?", {"product": "Tea Kettle"}),
        ("complaints of the tea kettle pro", "complaints", {"product": "Tea Kettle Pro"}),
        ("What do people praise at Airport?", "What do people praise?", {"source": "Airport"}),
    ],
)
def test_a_filter_is_read_and_its_words_are_left_out(
    question: str, left: str, values: dict[str, str]
) -> None:
    assert read(question) == (left, values)


@pytest.mark.parametrize(
    "question",
    [
        "Does the battery last 24 hours?",
        "Does it have a 5 star hotel feel?",
        "Is it a five star hotel?",
        "Is the Pan 12 any good?",
        "Is the Tea Kettle Max any good?",
        "Which 2023 models break?",
        "What do people say in 2023 models?",
        "Does it run on Windows 2000?",
        "Is the food better than in 2022?",
        "Has the food got better since 2022?",
        "What changed since March?",
        "Is it better than last year?",
        "What may people dislike?",
        "Since when do people complain?",
        "is the pan good with a kettle?",
        "Tea Kettle vs Tea Kettle Pro",
        "Did people march to the airport?",
        "Does it cost 2020 dollars?",
    ],
)
def test_what_may_be_meant_otherwise_is_no_filter(question: str) -> None:
    assert read(question) == (question, {})


def test_who_asks_why_two_stars_are_given_keeps_the_question() -> None:
    question = "Why do guests give only two stars?"
    assert read(question) == (question, {"rating": "2"})


def test_each_filter_has_the_words_that_it_was_read_from() -> None:
    asked = "What do one star reviews of the Tea Kettle in 2023 say?"
    found = read_filters(asked, newest=NEWEST, products=PRODUCTS)
    assert [(one.name, one.words) for one in found.filters] == [
        ("rating", "one star"),
        ("product", "Tea Kettle"),
        ("since", "in 2023"),
        ("until", "in 2023"),
    ]
    assert found.question == "What do reviews say?"
    assert choose(**found.values).get("product") == ("Tea Kettle",)


def test_a_filter_that_is_taken_back_is_part_of_the_question_again() -> None:
    asked = "noise in 2023 with one star"
    assert read(asked, taken_back=["in 2023"]) == ("noise in 2023", {"rating": "1"})
    assert read(asked, taken_back=["in 2023", "with one star"]) == (asked, {})


def test_without_a_newest_review_no_time_is_told_from_it() -> None:
    for question in ("noise last year", "noise in March", "noise in the last 3 months"):
        assert read_filters(question).filters == ()
