"""What Milvus Lite answers when vectors are compared where they lie is what it does by itself."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest
from lite_installed import as_installed

from reviewlens.store import lite_vectors
from reviewlens.store.lite_vectors import compare_in_place
from reviewlens.store.lite_version import KNOWN

milvus_lite = pytest.importorskip("milvus_lite")

from milvus_lite.index import brute_force  # noqa: E402


@pytest.fixture
def vectors() -> Any:
    made = np.random.default_rng(7).normal(size=(500, 16)).astype(np.float32)
    made[100:140] = made[100]  # equal texts
    made[7] = 0
    made[8] *= 100
    return made


@pytest.mark.parametrize("share", [None, 1.0, 0.5, 0.1, 0.004, 0.0])
@pytest.mark.parametrize("top_k", [1, 10, 499, 500, 900])
def test_the_same_are_found(vectors: Any, share: float | None, top_k: int) -> None:
    compare_in_place()
    rng = np.random.default_rng(3)
    queries = rng.normal(size=(4, 16)).astype(np.float32)
    queries[3] = 0
    mask = None if share is None else rng.random(500) < share
    own = as_installed(brute_force).BruteForceIndex(vectors, "COSINE")
    quick = brute_force.BruteForceIndex(vectors, "COSINE")
    ids, distances = quick.search(queries, top_k, mask)
    own_ids, own_distances = own.search(queries, top_k, mask)
    assert ids.shape == distances.shape == (4, top_k)
    assert distances == pytest.approx(own_distances, abs=1e-6)
    for found, by_itself, far in zip(ids[:3], own_ids[:3], distances[:3], strict=True):
        assert (found < 0).tolist() == (by_itself < 0).tolist()
        distinct = [far[far == one].size == 1 for one in far]
        assert found[distinct].tolist() == by_itself[distinct].tolist()


def test_figures_do_not_depend_on_company_and_equal_vectors_come_as_stored(vectors: Any) -> None:
    compare_in_place()
    index = brute_force.BruteForceIndex(vectors, "COSINE")
    queries = np.random.default_rng(4).normal(size=(300, 16)).astype(np.float32)
    queries[5] = vectors[100]
    ids, distances = index.search(queries, 45)
    assert ids[5, :40].tolist() == list(range(100, 140))
    for number in (0, 5, 299):
        alone, far = index.search(queries[number], 45)
        assert alone[0].tolist() == ids[number].tolist()
        assert far[0].tolist() == distances[number].tolist()


@pytest.mark.parametrize("metric", ["IP", "L2"])
def test_other_metrics_are_left_alone(vectors: Any, metric: str) -> None:
    compare_in_place()
    query = vectors[3]
    own = as_installed(brute_force).BruteForceIndex(vectors, metric).search(query, 5)
    quick = brute_force.BruteForceIndex(vectors, metric).search(query, 5)
    assert [one.tolist() for one in own] == [one.tolist() for one in quick]


def test_lengths_of_vectors_that_are_gone_are_not_kept(vectors: Any) -> None:
    compare_in_place()
    before = len(lite_vectors._kept)
    brute_force.BruteForceIndex(vectors, "COSINE").search(vectors[:1], 5)
    assert len(lite_vectors._kept) == before + 1
    brute_force.BruteForceIndex(vectors.copy(), "COSINE").search(vectors[:1], 5)
    gc.collect()
    assert len(lite_vectors._kept) == before + 1


def test_only_versions_that_were_compared_are_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    own = as_installed(brute_force).BruteForceIndex.search
    monkeypatch.setattr(brute_force.BruteForceIndex, "search", own)
    monkeypatch.setattr(milvus_lite, "__version__", "99.0")
    compare_in_place()
    assert brute_force.BruteForceIndex.search is own
    monkeypatch.setattr(milvus_lite, "__version__", KNOWN[0])
    compare_in_place()
    quick = brute_force.BruteForceIndex.search
    assert quick is not own
    compare_in_place()
    assert brute_force.BruteForceIndex.search is quick
