from __future__ import annotations

import numpy as np
import pytest

from reviewlens.ground.estimates import Estimate
from reviewlens.search.fusion import DENSE_WEIGHT
from reviewlens.search.polarity import TAKES_A_SIDE, WEIGHT, Preference, by_side
from reviewlens.search.sentiment import Liking
from reviewlens.store import Hit, StoredPassage

# The first number tells liking; a tenth is the spread, so that a full side gains 0.15.
LIKING = Liking(np.array([1.0, 0.0]), 0.0, Estimate(0.9, 0.85, 0.95), 0.1, 100)


def hit(name: str, similarity: float, liking: float, score: float | None = None) -> Hit:
    vector = np.array([liking, (1 - liking**2) ** 0.5], dtype=np.float32)
    return Hit(similarity, StoredPassage(name, 0, vector=vector), score=score)


HITS = [hit("complaint", 0.60, -1.0), hit("praise", 0.50, 1.0), hit("far praise", 0.20, 1.0)]


def order(hits: list[Hit], side: str) -> list[str]:
    return [one.passage.review_id for one, _ in by_side(hits, LIKING, side)]  # type: ignore[arg-type]


def test_a_review_on_the_side_passes_one_that_is_a_little_nearer() -> None:
    assert order(HITS, "positive") == ["praise", "complaint", "far praise"]
    assert order(HITS, "negative") == ["complaint", "praise", "far praise"]


def test_what_is_far_does_not_come_first_by_its_side() -> None:
    # 0.60 - 0.15 stays above 0.20 + 0.15.
    assert order([HITS[0], HITS[2]], "positive") == ["complaint", "far praise"]
    assert WEIGHT * LIKING.spread == pytest.approx(0.15)


def test_readings_go_with_their_reviews() -> None:
    found = by_side(HITS, LIKING, "positive")
    assert [(one.passage.review_id, read) for one, read in found] == [
        ("praise", 1.0),
        ("complaint", -1.0),
        ("far praise", 1.0),
    ]


def test_a_fused_score_gains_what_the_similarity_in_it_would() -> None:
    gained = DENSE_WEIGHT * 0.15 / 1.6  # the best similarity is 0.60
    near = [hit("one", 0.60, -1.0, score=0.9), hit("other", 0.50, 1.0, score=0.9 - 2.1 * gained)]
    assert order(near, "positive") == ["one", "other"]
    near[1] = hit("other", 0.50, 1.0, score=0.9 - 1.9 * gained)
    assert order(near, "positive") == ["other", "one"]


def test_equals_stay_in_their_order() -> None:
    assert order([hit(name, 0.5, 0.0) for name in "bac"], "positive") == ["b", "a", "c"]
    assert by_side([], LIKING, "positive") == []


@pytest.mark.parametrize(
    ("reading", "side"),
    [
        (0.9, "positive"),
        (-0.9, "negative"),
        (TAKES_A_SIDE - 0.01, None),
        (0.01 - TAKES_A_SIDE, None),
    ],
)
def test_auto_takes_the_side_of_the_query_if_it_takes_one(reading: float, side: str | None) -> None:
    query = np.array([reading, (1 - reading**2) ** 0.5], dtype=np.float32)
    assert Preference("auto", LIKING).side(query) == side
    assert Preference("negative", LIKING).side(query) == "negative"
