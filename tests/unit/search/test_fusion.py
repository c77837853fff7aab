from __future__ import annotations

import pytest

from reviewlens.search.fusion import LEAST_POOL, fuse, pool_size


def test_fused_scores_are_those_computed_by_hand() -> None:
    # similarity: (0.6 + 1) / (0.6 + 1) = 1, (0.2 + 1) / 1.6 = 0.75; words: 2 / 8, 4 / 8
    scores = fuse([0.6, 0.2], [2.0, 4.0], reachable=8.0, weight=0.7)
    assert scores == pytest.approx([0.7 + 0.3 * 0.25, 0.7 * 0.75 + 0.3 * 0.5])


def test_a_candidate_without_the_words_has_its_similarity_alone() -> None:
    assert fuse([0.5, 0.5], [0.0, 3.0], weight=0.6) == pytest.approx([0.6, 1.0])


def test_few_of_the_words_that_can_be_reached_count_little() -> None:
    near, named = fuse([0.6, 0.3], [0.0, 1.0], reachable=20.0)
    assert near > named
    near, named = fuse([0.6, 0.3], [0.0, 1.0])
    assert near < named


@pytest.mark.parametrize(
    ("weight", "best"),
    [(1.0, 0), (0.0, 1)],
)
def test_the_weight_leaves_one_of_the_two_out(weight: float, best: int) -> None:
    scores = fuse([0.9, 0.1], [1.0, 5.0], weight=weight)
    assert scores.index(max(scores)) == best


def test_scores_stay_between_0_and_1_at_the_edges() -> None:
    assert fuse([], []) == []
    assert fuse([-1.0], [0.0]) == [0.0]
    assert fuse([1.0], [0.0], weight=1.0) == [1.0]
    # what can be reached is a bound by all segments; a score above it is one all the same
    assert fuse([0.0], [4.0], reachable=3.0, weight=0.0) == [1.0]


def test_the_pool_grows_with_what_is_asked_for() -> None:
    assert pool_size(1) == LEAST_POOL
    assert pool_size(200) == 400
