"""Maximal marginal relevance and groups, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from reviewlens.asking.evidence import choose, group

# The question is (1, 0, 0), so the first numbers are the relevances.
NEAREST = (0.8, 0.6, 0.0)
LIKE_NEAREST = (0.75, 0.4, 0.527)  # 0.84 with the nearest
OTHERWISE = (0.6, -0.8, 0.0)  # 0 with the nearest
COPY_OF_NEAREST = (0.79, 0.613, 0.0)


def chosen(
    *vectors: tuple[float, ...], tokens: tuple[int, ...] = (), budget: int = 100
) -> list[int]:
    rows = np.array(vectors, dtype=np.float32).reshape(-1, 3)
    return choose(rows[:, 0], rows, tokens or (10,) * len(rows), budget)


def test_second_piece_is_the_less_relevant_one_that_says_something_else() -> None:
    # 0.7 * 0.75 - 0.3 * 0.84 = 0.27 against 0.7 * 0.6 - 0.3 * 0 = 0.42
    assert chosen(LIKE_NEAREST, NEAREST, OTHERWISE) == [1, 2, 0]


def test_piece_that_does_not_fit_makes_room_for_a_smaller_one() -> None:
    assert chosen(LIKE_NEAREST, NEAREST, OTHERWISE, tokens=(10, 10, 30), budget=25) == [1, 0]


@pytest.mark.parametrize(("budget", "count"), [(9, 0), (10, 1), (29, 2), (30, 3)])
def test_budget_is_kept(budget: int, count: int) -> None:
    assert len(chosen(LIKE_NEAREST, NEAREST, OTHERWISE, budget=budget)) == count


def test_near_copy_is_taken_once() -> None:
    assert chosen(NEAREST, COPY_OF_NEAREST, NEAREST, OTHERWISE) == [0, 3]


def test_nothing_is_chosen_of_nothing() -> None:
    assert chosen() == []
    assert group(np.empty((0, 3), dtype=np.float32), np.empty(0, np.float32), 0.0).tolist() == []


def grouped(*vectors: tuple[float, ...], unrelated: float = 0.0) -> list[int]:
    rows = np.array(vectors, dtype=np.float32)
    return group(rows, rows[:, 0], unrelated).tolist()


def test_sentences_of_one_matter_are_a_group_and_the_strongest_comes_first() -> None:
    # Sums of the first numbers: 0.6 against 0.8 + 0.75.
    assert grouped(OTHERWISE, NEAREST, LIKE_NEAREST) == [1, 0, 0]
    assert grouped(NEAREST) == [0]
    assert grouped(NEAREST, NEAREST) == [0, 0]


def test_what_is_near_depends_on_what_the_encoder_calls_unrelated() -> None:
    # 0.84 lies above 0 + 0.35 * 1, but below 0.8 + 0.35 * 0.2 = 0.87.
    assert grouped(NEAREST, LIKE_NEAREST, unrelated=0.8) == [0, 1]
