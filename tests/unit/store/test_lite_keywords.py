"""What Milvus Lite finds by words from arrays is what it finds by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from lite_installed import as_installed

from reviewlens.store.lite_keywords import find_words_by_arrays, keyword_index
from reviewlens.store.lite_version import KNOWN

milvus_lite = pytest.importorskip("milvus_lite")

from milvus_lite.analyzer.sparse import bytes_to_sparse, sparse_to_bytes  # noqa: E402
from milvus_lite.engine import collection  # noqa: E402
from milvus_lite.index.sparse_inverted import SparseInvertedIndex  # noqa: E402

ROWS = 300


@pytest.fixture(scope="module")
def rows() -> list[bytes]:
    """Rows of up to twelve of forty words, the last numbers among them; every tenth has none."""
    draws = np.random.default_rng(5)
    numbers = [*range(39), 2**32 - 1]
    return [
        b""
        if row % 10 == 9
        else sparse_to_bytes(
            {
                numbers[word]: float(draws.integers(1, 5))
                for word in draws.choice(40, draws.integers(1, 13), replace=False)
            }
        )
        for row in range(ROWS)
    ]


def by_arrays(rows: list[bytes], **params: float) -> Any:
    index = keyword_index()(**params)
    index.build_packed(rows)
    return index


def by_itself(rows: list[bytes], **params: float) -> Any:
    index = SparseInvertedIndex(**params)
    index.build([bytes_to_sparse(row) for row in rows])
    return index


QUERIES = [{3: 1.0}, {2**32 - 1: 1.0, 0: 2.0, 38: 1.0}, {1000: 1.0}, {}, {7: 0.5, 1000: 1.0}]


@pytest.mark.parametrize("share", [None, 0.5, 0.01, 0.0])
@pytest.mark.parametrize("top_k", [1, 20, ROWS, 500])
@pytest.mark.parametrize("params", [{}, {"k1": 0.9, "b": 0.3}])
def test_the_same_are_found(
    rows: list[bytes], share: float | None, top_k: int, params: dict[str, float]
) -> None:
    mask = None if share is None else np.random.default_rng(3).random(ROWS) < share
    ids, distances = by_arrays(rows, **params).search(QUERIES, top_k, mask)
    own_ids, own_distances = by_itself(rows, **params).search(QUERIES, top_k, mask)
    assert ids.shape == distances.shape == (len(QUERIES), top_k)
    assert distances == pytest.approx(own_distances, rel=1e-5)
    for found, own, far in zip(ids, own_ids, distances, strict=True):
        assert (found < 0).tolist() == (own < 0).tolist()
        # The last of a full list may stand for others that are as near.
        distinct = [int((far == one).sum()) == 1 and place < top_k - 1 for place, one in
                    enumerate(far)]  # fmt: skip
        assert found[distinct].tolist() == own[distinct].tolist()


def test_of_equal_rows_the_first_stored_come_first() -> None:
    rows = [sparse_to_bytes({5: 1.0, 8: 1.0})] * 30 + [sparse_to_bytes({8: 1.0})]
    ids, _ = by_arrays(rows).search([{8: 1.0, 5: 1.0}], 10)
    assert ids[0].tolist() == list(range(10))


@pytest.mark.parametrize("rows", [[], [b""], [b"", b""]])
def test_of_rows_without_words_nothing_is_found(rows: list[bytes]) -> None:
    ids, distances = by_arrays(rows).search([{1: 1.0}], 3)
    assert ids.tolist() == [[-1] * 3]
    assert np.isinf(distances).all()


def test_only_versions_that_were_compared_are_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    own = as_installed(collection).Collection._search_sparse
    monkeypatch.setattr(collection.Collection, "_search_sparse", own)
    monkeypatch.setattr(milvus_lite, "__version__", "99.0")
    find_words_by_arrays()
    assert collection.Collection._search_sparse is own
    monkeypatch.setattr(milvus_lite, "__version__", KNOWN[0])
    find_words_by_arrays()
    quick = collection.Collection._search_sparse
    assert quick is not own
    find_words_by_arrays()
    assert collection.Collection._search_sparse is quick
