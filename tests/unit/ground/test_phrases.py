"""Figures, stars and dates in words."""

from __future__ import annotations

import pytest

from reviewlens.ground.estimates import Estimate
from reviewlens.ground.phrases import dates, interval, mean_stars, share, stars

FOUND = Estimate(0.3636, 0.2, 0.6)


def test_interval_stands_behind_its_figure() -> None:
    assert interval(FOUND) == "36.4% (20.0% to 60.0%)"
    assert interval(FOUND, "+.2f") == "+0.36 (+0.20 to +0.60)"
    assert (share(FOUND), share(FOUND, details=True)) == ("36.4%", interval(FOUND))


def test_mean_stars_have_their_interval_where_it_is_asked_for() -> None:
    found = Estimate(4.5, 3.9, 5.0)
    assert mean_stars(found) == "4.5 stars"
    assert mean_stars(found, details=True) == "4.5 stars (3.9 to 5.0)"
    assert mean_stars(None) == "no stars"


@pytest.mark.parametrize(
    ("given", "drawn"),
    [
        (None, "no stars"), (1, "★☆☆☆☆"), (2.5, "★★★☆☆ 2.5"), (4.4, "★★★★☆ 4.4"),
        (4.98, "★★★★★"), (5, "★★★★★"),
    ],
)  # fmt: skip
def test_stars_of_a_review_are_drawn(given: float | None, drawn: str) -> None:
    assert stars(given) == drawn


def test_dates_are_days() -> None:
    assert dates("2024-01-05T10:00:00Z", "2024-03-01T00:00:00Z") == "2024-01-05 to 2024-03-01"
    assert dates(None, None) == ""
