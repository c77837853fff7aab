"""What is told of some reviews together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reviewlens.ground.describing import (
    by_nearness,
    first_and_last,
    given_stars,
    mean_stars,
    quotes,
    weak_words,
    words_said,
)
from reviewlens.ground.estimates import Estimate, mean
from reviewlens.text.boilerplate import Boilerplate
from slices_of import slice_of

# Angles of 0, 10, 20, 90 and 10 degrees: the middle of the first three is the second.
ANGLES = np.radians([0, 10, 20, 90, 10])
VECTORS = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
TEXTS = ["late", "Came late!", "so late", "good", "came LATE"]
REVIEWS = slice_of(
    TEXTS,
    VECTORS,
    stars=[1, 2, None, 5, 1],
    dates=["2024-03-01", None, "2024-01-05", "2024-02-01", None],
    products=["Halo Lamp", "", "Halo Lamp", "Kettle", ""],
)
FIRST = np.arange(3)


def test_stars_are_those_that_are_given() -> None:
    assert given_stars(REVIEWS, [0, 2, 3]) == [1.0, 5.0]
    assert mean_stars(REVIEWS, range(4)) == mean([1, 2, 5], low=1, high=5)
    assert mean_stars(REVIEWS, [3]) == Estimate(5.0, 1.0, 5.0)
    assert mean_stars(REVIEWS, [2]) is None
    assert mean_stars(REVIEWS, []) is None


def test_dates_are_the_first_and_the_last() -> None:
    assert first_and_last(REVIEWS, FIRST) == ("2024-01-05T00:00:00Z", "2024-03-01T00:00:00Z")
    assert first_and_last(REVIEWS, np.array([1, 4])) == (None, None)


def test_nearest_to_the_middle_come_first() -> None:
    assert by_nearness(REVIEWS, FIRST).tolist() == [1, 0, 2]  # the others are as near
    assert by_nearness(REVIEWS, FIRST, np.array([0.0, 1.0])).tolist() == [2, 1, 0]
    assert by_nearness(REVIEWS, FIRST[:0]).tolist() == []


def test_no_text_is_quoted_twice() -> None:
    found = quotes(REVIEWS, np.arange(5))
    assert [quote.text for quote in found] == ["so late", "Came late!", "late"]
    assert [quote.text for quote in quotes(REVIEWS, np.arange(5), 1)] == ["so late"]
    assert quotes(REVIEWS, FIRST[:0]) == ()


def test_words_are_those_of_title_and_text() -> None:
    titled = replace(REVIEWS, titles=("Broken lamp", *REVIEWS.titles[1:]))
    assert words_said(titled, 0) == ["broken", "lamp", "late"]
    weak = weak_words(REVIEWS, FIRST)
    assert {"halo", "lamp", "good"} <= weak
    assert "kettle" not in weak


def test_words_that_a_template_wrote_are_not_said() -> None:
    reviews = slice_of(
        ["Liked: quiet motor\nDisliked: heavy lid", "the pros: quiet motor"],
        fixed=[("Liked:", "Disliked:"), ("Pros:",)],
    )
    assert words_said(reviews, 0) == ["quiet", "motor", "heavy", "lid"]
    assert words_said(reviews, 1) == ["pros", "quiet", "motor"]


def test_words_that_many_reviews_have_in_common_are_not_said() -> None:
    reviews = slice_of(
        ["It came late. Sent from my phone.", "I sent a phone back."],
        titles=["Harbour Shop customer review", "Harbour"],
    )
    left_out = Boilerplate(("Sent from my phone", "Harbour Shop customer review"))
    reviews = replace(reviews, boilerplate=left_out).take(np.arange(2))
    assert words_said(reviews, 0) == ["came", "late"]
    assert words_said(reviews, 1) == ["harbour", "sent", "phone"]
