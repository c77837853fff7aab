"""Statements in one field of a row."""

from __future__ import annotations

import numpy as np
import pytest

from reviewlens.store import pack, unpack
from reviewlens.store.packed import PACKED_BYTES


def units(count: int, dimension: int) -> np.ndarray:
    vectors = np.random.default_rng(7).standard_normal((count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize("dimension", [1, 16, 384, 1024])
def test_what_is_packed_comes_back_within_a_step(dimension: int) -> None:
    vectors = units(5, dimension)
    spans = [(0, 10), (11, 400), (400, 65_000), (65_000, 65_001), (65_001, 65_535)]
    found = unpack(pack(spans, vectors))
    assert found is not None
    assert found.spans.tolist() == [list(span) for span in spans]
    assert np.allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-5)
    queries = units(50, dimension)
    assert np.abs(found.vectors @ queries.T - vectors @ queries.T).max() < 0.006


def test_a_statement_of_which_nothing_was_read_is_left_out() -> None:
    vectors = units(3, 8)
    vectors[1] = 0
    found = unpack(pack([(0, 1), (2, 3), (4, 5)], vectors))
    assert found is not None
    assert found.spans.tolist() == [[0, 1], [4, 5]]
    assert pack([(0, 1)], np.zeros((1, 8), dtype=np.float32)) == ""


def test_more_than_a_field_holds_are_put_together() -> None:
    spans = [(10 * number, 10 * number + 9) for number in range(300)]
    packed = pack(spans, units(300, 384))
    assert len(packed) <= PACKED_BYTES
    found = unpack(packed)
    assert found is not None
    assert 100 < len(found.spans) < 300
    assert (found.spans[0, 0], found.spans[-1, 1]) == (0, 2999)
    assert (np.diff(found.spans[:, 0]) > 0).all()


@pytest.mark.parametrize("spoilt", ["", "no base 64 !", "AAAA", "BQAB"])
def test_what_was_not_packed_is_none(spoilt: str) -> None:
    assert unpack(spoilt) is None
