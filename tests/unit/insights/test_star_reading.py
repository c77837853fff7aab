from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from reviewlens.insights.anomalies.star_reading import (
    _FOLDS,
    _PENALTIES,
    FEWEST,
    Readings,
    _read_folds,
    enough,
    read_out_of_fold,
    sides,
)


def planted(
    count: int = 400, *, dimension: int = 16, strength: float = 0.5, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Unit vectors whose first number leans to the side that the stars are on."""
    random = np.random.default_rng(seed)
    stars = random.choice([1.0, 2.0, 3.0, 4.0, 5.0], size=count)
    vectors = random.standard_normal((count, dimension))
    vectors[:, 0] += strength * dimension**0.5 * (stars - 3) / 2
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), stars


def read(
    vectors: NDArray[np.float32],
    stars: NDArray[np.float64],
    of_row: NDArray[np.intp] | None = None,
) -> Readings:
    chosen = np.flatnonzero(stars != 3)
    every = np.arange(len(stars))
    own = every if of_row is None else of_row
    return read_out_of_fold(vectors, sides(stars[chosen]), chosen, every, own, seed=0)


def test_the_side_is_read_in_texts_that_taught_nothing() -> None:
    vectors, stars = planted()
    found = read(vectors, stars)
    assert found.told > 0.9
    assert found.values[stars >= 4].mean() > 0.3 > -0.3 > found.values[stars <= 2].mean()


def test_stars_by_chance_are_not_told() -> None:
    vectors, _ = planted()
    stars = np.random.default_rng(3).choice([1.0, 5.0], size=len(vectors))
    assert read(vectors, stars).told < 0.65


def test_a_constant_stands_for_a_lean_of_all_texts() -> None:
    vectors, stars = planted()
    shifted = vectors + np.float32(0.3)
    shifted /= np.linalg.norm(shifted, axis=1, keepdims=True)
    assert abs(read(shifted, stars).values[stars == 3].mean()) < 0.2


@pytest.mark.parametrize("few", [0, FEWEST - 1])
def test_few_complaints_teach_nothing(few: int) -> None:
    side = np.ones(400)
    side[:few] = -1.0
    assert not enough(side, np.arange(400))
    side[: few + FEWEST] = -1.0
    assert enough(side, np.arange(400))


def test_copies_count_once() -> None:
    side = np.ones(400)
    side[:100] = -1.0
    of_row = np.arange(400)
    of_row[:100] = 0
    assert not enough(side, of_row)


def test_copies_do_not_vouch_for_each_other() -> None:
    # Stars by chance, each text ten times: seen in training, a copy would give its text away.
    vectors, _ = planted(60, dimension=64, strength=0.0)
    stars = np.repeat(np.random.default_rng(4).choice([1.0, 5.0], size=60), 10)
    found = read(np.repeat(vectors, 10, axis=0), stars, np.repeat(np.arange(60), 10))
    assert found.told < 0.7


def test_folds_are_read_as_by_a_ridge_regression_of_scikit_learn() -> None:
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import PredefinedSplit, cross_val_predict

    vectors, _ = planted(300, dimension=8)
    random = np.random.default_rng(8)
    side = np.where(vectors[:, 0] + 0.1 * random.standard_normal(300) > 0, 1.0, -1.0)
    folds = random.integers(0, _FOLDS, 300)
    every = np.arange(300)
    ours = _read_folds(vectors, side, every, every, folds)
    weight = np.where(side > 0, 0.5 / np.mean(side > 0), 0.5 / np.mean(side < 0))
    for place, penalty in enumerate(_PENALTIES):
        theirs = cross_val_predict(
            Ridge(penalty), vectors.astype(float), side, cv=PredefinedSplit(folds),
            params={"sample_weight": weight},
        )  # fmt: skip
        np.testing.assert_allclose(ours[place], theirs, atol=1e-6)
