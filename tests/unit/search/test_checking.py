"""Counts checked by a person: which reviews are drawn, and what their judgements tell."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from reviewlens.errors import InputError
from reviewlens.search.checked_estimate import checked_estimate
from reviewlens.search.strata import draw, stratify

Probabilities = NDArray[np.float64]


def population(
    share: float, model: str, seed: int, *, reviews: int = 5_000, looked_at: int = 1_000
) -> tuple[Probabilities, NDArray[np.bool_]]:
    """Return probabilities as of a search that looked at some, and which reviews say it."""
    generator = np.random.default_rng(seed)
    says = np.arange(reviews) < round(reviews * share)
    count = int(says.sum())
    distance = math.sqrt(2) * ndtri(0.97 if model == "good" else 0.9)
    scores = generator.standard_normal(reviews) + distance * says
    values = expit(logit(share) + distance * scores - distance**2 / 2)
    if model == "top wrong":
        others = slice(count, count + count // 2)
        values[others] = np.maximum(values[others], np.quantile(values[:count], 0.9))
    values = np.minimum(values * {"high": 2.0, "low": 0.5}.get(model, 1.0), 0.98)
    tail = np.argsort(-values)[looked_at:]
    values[tail] = values[tail].mean()
    order = generator.permutation(reviews)
    return values[order], says[order]


def judged_by(
    values: Probabilities, says: NDArray[np.bool_], n: int, seed: int = 0
) -> dict[int, bool | None]:
    return {row: bool(says[row]) for row in draw(values, {}, n, seed).rows}


# -- which are drawn -----------------------------------------------------------------------------


def test_a_draw_is_the_same_by_its_seed_and_another_by_another() -> None:
    values, _ = population(0.02, "good", 1)
    assert draw(values, {}, 30, 7) == draw(values, {}, 30, 7)
    assert draw(values, {}, 30, 7).rows != draw(values, {}, 30, 8).rows


def test_twenty_checks_with_thirty_more_are_the_same_as_fifty() -> None:
    values, _ = population(0.02, "good", 1)
    first = draw(values, {}, 20, 3)
    more = draw(values, first.rows, 30, 3)
    assert not set(first.rows) & set(more.rows)
    assert {*first.rows, *more.rows} == set(draw(values, {}, 50, 3).rows)


def test_every_stratum_is_drawn_from_also_that_of_reviews_never_looked_at() -> None:
    values, _ = population(0.003, "good", 2)
    strata = stratify(values)
    found = draw(values, {}, 20)
    assert set(found.strata) == set(range(len(strata.sizes)))
    last = found.strata.count(len(strata.sizes) - 1)
    assert strata.sizes[-1] == 4_000
    assert last == 3  # 15 % of them
    assert [strata.of[row] for row in found.rows] == list(found.strata)
    for part, chance in zip(found.strata, found.chances, strict=True):
        assert chance == pytest.approx(found.strata.count(part) / strata.sizes[part], abs=1e-6)


def test_reviews_of_one_stratum_are_drawn_equally_often() -> None:
    values = np.repeat([0.5, 0.02], [10, 90])
    drawn = Counter(row for seed in range(600) for row in draw(values, {}, 10, seed).rows)
    top = [drawn[row] for row in range(10)]
    expected = sum(top) / 10
    assert sum((count - expected) ** 2 / expected for count in top) < 21.7  # chi-square, 99 %


def test_more_checks_than_reviews_are_all_of_them_and_then_none() -> None:
    values = np.array([0.9, 0.5, 0.1])
    assert sorted(draw(values, {}, 10).rows) == [0, 1, 2]
    assert draw(values, {0: True, 1: None, 2: False}, 5).rows == ()


def test_what_is_no_probability_is_refused() -> None:
    for wrong in ([0.5, 1.5], [0.5, math.nan], []):
        with pytest.raises(InputError):
            stratify(np.array(wrong))
    with pytest.raises(InputError, match="wanted at least 1"):
        draw(np.array([0.5]), {}, 0)


# -- what judgements tell ------------------------------------------------------------------------


def test_where_all_are_judged_the_number_is_known() -> None:
    values, says = population(0.1, "good", 4, reviews=60, looked_at=30)
    found = checked_estimate(values, {row: bool(says[row]) for row in range(60)})
    assert (found.reviews.value, found.reviews.low, found.reviews.high) == (6, 6, 6)
    assert (found.yes, found.no, found.unseen_most) == (6, 54, 0)


def test_unsure_ones_are_left_out_of_both_and_told() -> None:
    values = np.full(10, 0.5)
    found = checked_estimate(values, dict(enumerate([True] * 4 + [False] * 4 + [None] * 2)))
    assert (found.yes, found.no, found.unsure) == (4, 4, 2)
    assert (found.reviews.low, found.reviews.high) == (4, 4)


def test_checks_draw_the_number_to_what_they_found() -> None:
    values, says = population(0.1, "good", 5)
    rows = draw(values, {}, 60).rows
    without = checked_estimate(values, {}).reviews
    none = checked_estimate(values, dict.fromkeys(rows, False)).reviews
    every = checked_estimate(values, dict.fromkeys(rows, True)).reviews
    truly = checked_estimate(values, {row: bool(says[row]) for row in rows}).reviews
    assert none.high < without.value < every.low
    assert truly.low <= says.sum() <= truly.high
    assert truly.high - truly.low < (without.high - without.low) / 2


def test_a_review_drawn_by_other_probabilities_is_counted_and_tells_nothing_of_others() -> None:
    values, _ = population(0.02, "good", 6)
    last = len(stratify(values).sizes) - 1
    rows = [int(row) for row in np.flatnonzero(stratify(values).of == last)[:5]]
    judged: dict[int, bool | None] = dict.fromkeys(rows, True)
    usual = checked_estimate(values, judged)
    apart = checked_estimate(values, judged, drawn=dict.fromkeys(rows, 0))
    assert (usual.aside, apart.aside, apart.yes) == (0, 5, 5)
    without = checked_estimate(values, {}).reviews
    assert apart.reviews.value == pytest.approx(without.value + 5, abs=3)
    assert usual.reviews.high > 5 * apart.reviews.high


def test_least_probable_reviews_are_bounded_by_their_checks_alone() -> None:
    values = np.repeat([0.5, 0.0], [100, 1_000])
    judged: dict[int, bool | None] = dict.fromkeys(range(100, 120), False)
    found = checked_estimate(values, judged)
    assert (found.unseen, found.unseen_checked) == (1_000, 20)
    # Clopper and Pearson of none.
    assert found.unseen_most == math.ceil(980 * (1 - 0.05 ** (1 / 20)))


def test_an_estimate_is_the_same_twice() -> None:
    values, says = population(0.02, "middling", 8)
    judged = judged_by(values, says, 50)
    assert checked_estimate(values, judged) == checked_estimate(values, judged)


# -- by simulation, in short; benchmarks/checks.py has it in full ----------------------------------


@pytest.mark.parametrize(
    ("share", "model"),
    [
        (0.003, "good"),
        (0.02, "middling"),
        (0.02, "high"),
        (0.1, "high"),
        (0.1, "low"),
        (0.02, "top wrong"),
    ],
)
def test_intervals_hold_and_narrow_with_checks(share: float, model: str) -> None:
    held, widths = [], []
    for seed in range(30):
        values, says = population(share, model, seed)
        judged: dict[int, bool | None] = {}
        row = []
        for wanted in (20, 50, 100):
            drawn = draw(values, judged, wanted - len(judged), seed).rows
            judged |= {one: bool(says[one]) for one in drawn}
            found = checked_estimate(values, judged).reviews
            held.append(found.low <= says.sum() <= found.high)
            row.append(found.high - found.low)
        widths.append(row)
    assert np.mean(held) >= 0.93
    first, second, third = np.median(widths, axis=0)
    assert first > second > third
