"""Shares and means with their intervals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, t, ttest_ind

from reviewlens.ground.estimates import Estimate, mean, mean_difference, share


def test_share_by_hand() -> None:
    assert share(0, 10) == Estimate(0.0, 0.0, 0.2775)
    assert share(10, 10) == Estimate(1.0, 0.7225, 1.0)
    assert share(1, 4).value == 0.25


@pytest.mark.parametrize(("count", "total"), [(0, 3), (3, 9), (17, 310), (999, 1000)])
def test_share_agrees_with_scipy(count: int, total: int) -> None:
    found = binomtest(count, total).proportion_ci(method="wilson")
    estimate = share(count, total)
    assert (estimate.low, estimate.high) == pytest.approx((found.low, found.high), abs=1e-4)


def test_share_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        share(0, 0)


def test_mean_agrees_with_scipy() -> None:
    values = [1.0, 2, 2, 5, 4, 4.5]
    low, high = t.interval(0.95, 5, np.mean(values), np.std(values, ddof=1) / 6**0.5)
    assert mean(values) == Estimate(
        3.0833, pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4)
    )


def test_mean_stays_where_values_can_lie() -> None:
    assert mean([5.0, 1.0], low=1, high=5) == Estimate(3.0, 1, 5)
    assert mean([4.0], low=1, high=5) == Estimate(4.0, 1, 5)
    assert mean([4.0, 4.0], low=1, high=5) == Estimate(4.0, 4.0, 4.0)


def test_mean_difference_agrees_with_scipy() -> None:
    values, others = [1.0, 2, 2, 5, 4, 4.5], [3.0, 5, 5, 5]
    expected = ttest_ind(values, others, equal_var=False).confidence_interval(0.95)
    found = mean_difference(values, others)
    assert found.value == pytest.approx(np.mean(values) - np.mean(others), abs=1e-4)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-4)


def test_mean_difference_stays_where_it_can_lie() -> None:
    assert mean_difference([5.0], [1.0, 2.0], low=1, high=5) == Estimate(3.5, -4, 4)
    assert mean_difference([5.0, 5.0], [1.0, 1.0], low=1, high=5) == Estimate(4.0, 4.0, 4.0)
    assert mean_difference([5.0, 4.0], [1.0, 2.0], low=1, high=5).high == 4


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    random = np.random.default_rng(3)
    draws = random.binomial(60, 0.15, size=400)
    held = np.mean([share(int(k), 60).low <= 0.15 <= share(int(k), 60).high for k in draws])
    assert 0.92 < held < 0.98


def test_rounded_figures_are_plain_numbers() -> None:
    found = Estimate.rounded(np.float64(0.123456), np.float32(0.5), 1)
    assert found == Estimate(0.1235, 0.5, 1.0)
    assert {type(figure) for figure in (found.value, found.low, found.high)} == {float}
