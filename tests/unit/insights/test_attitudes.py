from __future__ import annotations

import pytest

from reviewlens.errors import TooFewReviews
from reviewlens.insights.classification.attitudes import by_attitudes, overall, read_attitudes
from slices_of import slice_of

LABELS = {"positive": "good", "negative": "bad"}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["positive", "negative"], {"positive": "positive", "negative": "negative"}),
        (["Complaint", "Praise"], {"negative": "Complaint", "positive": "Praise"}),
        (["pos", "neg", "neutral"], {"positive": "pos", "negative": "neg", "neutral": "neutral"}),
        (["positive", "neutral"], None),
        (["positive", "good", "negative"], None),
        (["positive", "negative", "delivery"], None),
    ],
)
def test_names_of_attitudes_are_known(names: list[str], expected: dict[str, str] | None) -> None:
    assert read_attitudes({name: name for name in names}) == expected


def test_one_with_a_description_is_what_that_says() -> None:
    assert read_attitudes({"good": "arrived early", "bad": "bad"}) is None


def test_what_is_said_adds_up() -> None:
    assert overall([0.6]) == pytest.approx(0.6)
    assert overall([0.6, 0.6, 0.6]) > 0.8
    assert overall([0.9, -0.9]) == pytest.approx(0)
    assert overall([0.9, 0.1, 0.1]) > 0 > overall([-0.9, 0.1, 0.1])
    assert 0.95 < overall([1.0]) < 1


def test_each_review_has_the_attitude_that_it_shows() -> None:
    reviews = slice_of(["a", "b", "c", "d"])
    one, other, _unread, mixed = reviews.ids
    said = {one: [0.9], other: [-0.9, 0.1], mixed: [0.95, -0.6]}
    found = by_attitudes(reviews, LABELS, said)
    assert [row.label for row in found.rows] == ["good", "bad", None, "good"]
    assert found.rows[2].confidence == 0
    assert found.method == "sentiment"
    assert found.notes[1].endswith("of which nothing can be read: 1")
    both = by_attitudes(reviews, LABELS, said, several=True)
    assert [row.labels for row in both.rows] == [("good",), ("bad",), (), ("good", "bad")]


def test_what_leans_neither_way_is_neutral_where_there_is_such_a_label() -> None:
    reviews = slice_of(["a", "b"])
    said = {reviews.ids[0]: [0.3], reviews.ids[1]: [0.8]}
    labels = {**LABELS, "neutral": "so-so"}
    assert [row.label for row in by_attitudes(reviews, labels, said).rows] == ["so-so", "good"]
    assert [row.label for row in by_attitudes(reviews, LABELS, said).rows] == ["good", "good"]


def test_there_must_be_a_review() -> None:
    with pytest.raises(TooFewReviews):
        by_attitudes(slice_of([]), LABELS, {})
