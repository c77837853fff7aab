"""Which statements are put together."""

from __future__ import annotations

import numpy as np

from reviewlens.asking.claims import group

NEAREST = (0.8, 0.6, 0.0)
LIKE_NEAREST = (0.75, 0.4, 0.527)  # 0.84 with the nearest
OTHERWISE = (0.6, -0.8, 0.0)  # 0 with the nearest
COPY_OF_NEAREST = (0.79, 0.613, 0.0)


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


def test_nothing_is_grouped_of_nothing() -> None:
    assert group(np.empty((0, 3), dtype=np.float32), np.empty(0, np.float32), 0.0).tolist() == []
