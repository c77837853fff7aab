from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlens.reading.ratings import (
    Rating,
    guess_scale,
    is_nps,
    outside,
    parse_rating,
    to_stars,
)

VALUES = Path(__file__).parents[3] / "docs" / "values.md"


def written_forms() -> list[tuple[str, float, float]]:
    """Return the forms in the document: as written, the number, and out of how many (0: none)."""
    table = VALUES.read_text(encoding="utf-8").partition("## Ratings")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
    return [
        (form.strip("`"), float(number), float(top or 0))
        for forms, number, top in (row for row in rows if len(row) == 3 and row[0][:1] == "`")
        for form in forms.split(", ")
    ]


@pytest.mark.parametrize(("form", "number", "top"), written_forms())
def test_form_in_the_document_is_read(form: str, number: float, top: float) -> None:
    assert parse_rating(form) == Rating(number, top)


def test_the_document_lists_thirty_forms() -> None:
    assert len(written_forms()) >= 30


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
        ([0, 3, 5], (1, 5)),
        ([0, 3.7, 5], (1, 5)),
        ([0, 0.5, 3, 5], (0, 5)),
        ([1, 7, 10], (1, 10)),
        ([0, 7, 8, 9, 10], (0, 10)),
        ([0] * 6 + [7, 8, 9, 10], (1, 10)),
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


def test_verdicts_are_on_their_own_scale_and_among_stars_its_ends() -> None:
    assert guess_scale({Rating(1, 1): 9}) == (0, 1)
    assert [to_stars(Rating(number, 1), (1, 5)) for number in (0, 1)] == [1, 5]


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("NPS", True), ("nps_score", True), ("Net Promoter Score", True),
        ("npsScore", True), ("NPSscore", True),
        ("How likely are you to recommend us to a friend?", True),
        ("likelihood_to_recommend", True), ("recommended", False), ("score", False),
        ("snps", False),
    ],
)  # fmt: skip
def test_name_of_a_column_tells_promoter_scores(column: str, told: bool) -> None:  # noqa: FBT001
    assert is_nps(column) == told


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


STARS = {Rating(1): 200, Rating(3): 100, Rating(4): 200, Rating(5): 500}


@pytest.mark.parametrize(
    "odd", ["9/10", "24/7", "12/2023", "5/7", "80%", "★★★", "4 of 5", "55", "0", "-1"]
)
def test_odd_rating_among_many_does_not_move_the_scale(odd: str) -> None:
    rating = parse_rating(odd)
    counts = STARS if rating is None else {**STARS, rating: STARS.get(rating, 0) + 1}
    assert guess_scale(counts) == (1, 5)


def test_odd_zero_among_ones_does_not_move_the_scale() -> None:
    assert guess_scale({Rating(1): 1_000}) == (1, 5)
    assert guess_scale({Rating(1): 1_000, Rating(0): 1}) == (1, 5)


@pytest.mark.parametrize(
    ("counts", "scale"),
    [
        ({Rating(4, 10): 400, Rating(3): 600}, (1, 5)),
        ({Rating(4, 10): 600, Rating(3): 400}, (1, 10)),
        ({Rating(4, 5): 300, Rating(8): 700}, (1, 10)),
        ({Rating(4, 5): 30, Rating(8, 10): 31, Rating(80, 100): 30}, (1, 10)),
        ({Rating(3, 4): 10, Rating(5): 1}, (1, 4)),
    ],
)
def test_scale_is_what_most_ratings_support(
    counts: dict[Rating, int], scale: tuple[float, float]
) -> None:
    assert guess_scale(counts) == scale


@pytest.mark.parametrize("value", ["24/7", "12/2023", "6/5", "10 of 9", "0/0", "1/5000"])
def test_more_than_the_highest_is_no_rating(value: str) -> None:
    assert parse_rating(value) is None


@pytest.mark.parametrize(
    ("rating", "scale", "stars"),
    [
        (Rating(9, 10), (1, 5), 4.5),
        (Rating(1, 10), (1, 5), 1),
        (Rating(0, 100), (1, 5), 1),
        (Rating(80, 100), (1, 5), 4),
        (Rating(16, 20), (0, 5), pytest.approx(4.2)),
        (Rating(4, 5), (1, 10), pytest.approx(1 + 4 * 7 / 9)),
        (Rating(3, 4), (1, 5), 3.75),
        (Rating(5, 6), (1, 10), pytest.approx(1 + 4 * (50 / 6 - 1) / 9)),
        (Rating(5, 7), (1, 5), None),
        (Rating(5, 7), (1, 7), pytest.approx(1 + 4 * 4 / 6)),
    ],
)
def test_rating_that_names_another_top_is_read_by_it_where_it_is_usual(
    rating: Rating, scale: tuple[float, float], stars: float | None
) -> None:
    assert to_stars(rating, scale) == stars
