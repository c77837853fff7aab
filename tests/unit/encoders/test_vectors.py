from __future__ import annotations

import numpy as np
import pytest

from reviewlens.encoders.vectors import unit_vectors
from reviewlens.errors import EncoderError


def test_rows_are_scaled_and_the_input_is_kept() -> None:
    raw = np.array([[3.0, 4.0], [0.0, -2.0]], dtype=np.float32)
    vectors = unit_vectors(raw, dimension=2)
    assert vectors.dtype == np.float32
    assert vectors.tolist() == [[pytest.approx(0.6), pytest.approx(0.8)], [0.0, -1.0]]
    assert raw[0, 0] == 3.0


@pytest.mark.parametrize("bad", [[0.0, 0.0], [np.nan, 1.0], [np.inf, 1.0]])
def test_an_unusable_vector_is_named_by_its_position(bad: list[float]) -> None:
    with pytest.raises(EncoderError, match="text 2 of 3"):
        unit_vectors(np.array([[1.0, 0.0], bad, bad]), dimension=2)


def test_another_dimension_is_refused() -> None:
    with pytest.raises(EncoderError, match=r"shape \(3, 4\), but its folder says 5"):
        unit_vectors(np.ones((3, 4)), dimension=5)
