"""What is told of shares that differ; the tests of trends and news hold it to other figures."""

from __future__ import annotations

import numpy as np
import pytest

from reviewlens.ground.differences import four_figures


@pytest.mark.parametrize(
    ("p", "told"), [(1.23456e-12, 1.235e-12), (0.123456, 0.1235), (1.0, 1.0), (0.005, 0.005)]
)
def test_small_probability_is_never_rounded_to_none(p: float, told: float) -> None:
    found = four_figures(np.float64(p))
    assert found == told
    assert type(found) is float
