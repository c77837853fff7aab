from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlens.reviews.ratings import Rating, guess_scale, outside, parse_rating, to_stars


@pytest.mark.parametrize(
    ("value", "number", "out_of"),
    [
        ("5", 5, 0), ("5.0", 5, 0), ("4,5", 4.5, 0), (" 3 ", 3, 0), ("-1", -1, 0),
        ("4 out of 5", 4, 5), ("4/5", 4, 5), ("8/10", 8, 10), ("5.0 out of 5 stars", 5, 5),
        ("5 stars", 5, 5), ("1 star", 1, 5), ("4.0 star rating", 4, 5), ("Rated 3 of 5", 3, 5),
        ("★★★★☆", 4, 5), ("⭐⭐⭐", 3, 5), ("★★★½", 3.5, 5), ("80%", 80, 100),
    ],
)  # fmt: skip
def test_rating_is_read(value: str, number: float, out_of: float) -> None:
    assert parse_rating(value) == Rating(number, out_of)


@pytest.mark.parametrize("value", ["", " ", "nan", "None", "N/A", "-", "good", "1e5", "4/0", "½x"])
def test_what_is_no_rating_is_none(value: str) -> None:
    assert parse_rating(value) is None


@pytest.mark.parametrize(
    ("numbers", "scale"),
    [
        ([1, 2, 3, 4, 5], (1, 5)),
        ([1, 1, 1], (1, 5)),
        ([0, 1, 1], (0, 1)),
        ([0.2, 0.9], (0, 1)),
        ([0, 3, 5], (0, 5)),
        ([1, 7, 10], (1, 10)),
        ([0, 7, 10], (0, 10)),
        ([1, 4, 7], (1, 10)),
        ([20, 55, 100], (0, 100)),
        ([5] * 199 + [55], (1, 5)),
        ([5] * 199 + [0], (1, 5)),
        ([1, -1] * 5, None),
        ([200, 900], None),
        ([], None),
    ],
)
def test_scale_is_guessed(numbers: list[float], scale: tuple[float, float] | None) -> None:
    assert guess_scale(Counter(Rating(number) for number in numbers)) == scale


def test_scale_that_ratings_name_themselves_wins() -> None:
    assert guess_scale({Rating(4, 10): 3, Rating(2, 10): 1}) == (1, 10)


@given(st.floats(1, 10), st.floats(1, 10))
def test_stars_keep_the_order_and_the_ends(one: float, other: float) -> None:
    scale = (1.0, 10.0)
    a, b = to_stars(Rating(one), scale), to_stars(Rating(other), scale)
    assert a is not None
    assert b is not None
    assert (a <= b) == (one <= other) or abs(one - other) < 1e-9
    assert (to_stars(Rating(1), scale), to_stars(Rating(10), scale)) == (1.0, 5.0)


def test_rating_outside_its_scale_has_no_stars() -> None:
    assert to_stars(Rating(6), (1, 5)) is None
    assert outside({Rating(6): 2, Rating(5): 3}, (1, 5)) == 2


def test_rating_out_of_another_top_is_brought_to_the_scale() -> None:
    assert to_stars(Rating(5, 10), (0, 5)) == pytest.approx(3.0)
