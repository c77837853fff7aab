from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from reviewlens.search.sentiment import (
    _FOLDS,
    _PENALTIES,
    FEWEST,
    Liking,
    _read_folds,
    learn_liking,
    read_out_of_fold,
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


def learnt(vectors: NDArray[np.float32], stars: NDArray[np.float64]) -> Liking:
    found = learn_liking(vectors, stars, np.arange(len(stars)))
    assert found is not None
    return found


def test_the_planted_direction_is_found() -> None:
    vectors, stars = planted()
    found = learnt(vectors, stars)
    assert found.direction[0] / np.linalg.norm(found.direction) > 0.95
    assert found.usable
    assert found.told.low < found.told.value < found.told.high
    assert found.reviews == np.sum(stars != 3)


def test_praise_is_read_above_complaint_and_within_bounds() -> None:
    vectors, stars = planted()
    read = learnt(vectors, stars).read(vectors)
    assert read.min() >= -1
    assert read.max() <= 1
    assert read[stars >= 4].mean() > 0.3 > -0.3 > read[stars <= 2].mean()


def test_stars_by_chance_are_not_usable() -> None:
    vectors, _ = planted()
    stars = np.random.default_rng(3).choice([1.0, 5.0], size=len(vectors))
    assert not learnt(vectors, stars).usable


def test_a_constant_stands_for_a_lean_of_all_texts() -> None:
    vectors, stars = planted()
    shifted = vectors + np.float32(0.3)
    shifted /= np.linalg.norm(shifted, axis=1, keepdims=True)
    read = learnt(shifted, stars).read(shifted)
    assert abs(read[stars == 3].mean()) < 0.2


@pytest.mark.parametrize("few", [0, FEWEST - 1])
def test_few_complaints_teach_nothing(few: int) -> None:
    vectors, _ = planted()
    stars = np.full(len(vectors), 5.0)
    stars[:few] = 1.0
    assert learn_liking(vectors, stars, np.arange(len(stars))) is None


def test_copies_count_once() -> None:
    vectors, _ = planted()
    stars = np.full(len(vectors), 5.0)
    stars[:100] = 1.0
    of_row = np.arange(len(vectors))
    of_row[:100] = 0
    assert learn_liking(vectors, stars, of_row) is None


def test_copies_do_not_vouch_for_each_other() -> None:
    # Stars by chance, each text ten times: seen in training, a copy would give its text away.
    vectors, _ = planted(60, dimension=64, strength=0.0)
    stars = np.repeat(np.random.default_rng(4).choice([1.0, 5.0], size=60), 10)
    found = learn_liking(np.repeat(vectors, 10, axis=0), stars, np.repeat(np.arange(60), 10))
    assert found is not None
    assert found.told.value < 0.7


def test_three_stars_and_none_teach_nothing() -> None:
    vectors, stars = planted()
    some = stars.copy()
    some[stars == 3] = np.nan
    one, other = learnt(vectors, stars), learnt(vectors, some)
    np.testing.assert_array_equal(one.direction, other.direction)


def test_what_is_kept_as_json_reads_the_same() -> None:
    vectors, stars = planted()
    found = learnt(vectors, stars)
    again = Liking.from_json(json.loads(json.dumps(found.to_json())))
    np.testing.assert_allclose(again.read(vectors), found.read(vectors), atol=1e-6)
    assert again.told == found.told
    assert again.reviews == found.reviews


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


def test_the_direction_is_that_of_scikit_learn() -> None:
    from sklearn.linear_model import Ridge

    vectors, stars = planted()
    found = learnt(vectors, stars)
    chosen = stars != 3
    side = np.where(stars[chosen] >= 4, 1.0, -1.0)
    every = np.arange(int(chosen.sum()))
    penalty = read_out_of_fold(vectors[chosen], side, every, every, every, seed=0).penalty
    weight = np.where(side > 0, 0.5 / np.mean(side > 0), 0.5 / np.mean(side < 0))
    model = Ridge(penalty).fit(vectors[chosen].astype(float), side, sample_weight=weight)
    np.testing.assert_allclose(found.direction, model.coef_, atol=1e-6)
    assert found.constant == pytest.approx(model.intercept_, abs=1e-6)
