"""Every vector of Milvus Lite compared, in a third of the time.

Without an index Milvus Lite copies the vectors of a file for each search, divides the copy by their
lengths, and only then compares. Here they are compared where they lie, and their lengths are kept.
What is answered is the same, but that the figures of a query do not depend on those that are asked
together with it, and that of equally near vectors those that were stored first come first.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from reviewlens.store.lite_version import is_known

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Found = tuple[NDArray[np.int64], NDArray[np.float32]]

_COMPARED_ANEW = 1_000
"""Of a query that is to find more, figures may differ in their seventh digit by those beside it."""
_FEW_QUERIES = 32
_ONE_THREAD = 200_000
"""Multiplications below which OpenBLAS, which numpy has, starts no thread (2**18)."""
_kept: dict[int, NDArray[np.float32]] = {}
"""The lengths of the vectors of an array, by its identity, as long as it is there."""


def compare_in_place() -> None:
    """Let Milvus Lite in this process compare so; a second call does nothing."""
    if not is_known():
        return
    from milvus_lite.index.brute_force import BruteForceIndex

    if not hasattr(BruteForceIndex.search, "in_place"):
        BruteForceIndex.search = _in_place(BruteForceIndex.search)


def _in_place(original: Callable[..., Found]) -> Callable[..., Found]:
    import numpy as np

    def search(
        index: Any,  # noqa: ANN401 - Milvus Lite has no types
        queries: NDArray[np.float32],
        top_k: int,
        valid_mask: NDArray[np.bool_] | None = None,
        params: Any = None,  # noqa: ANN401
    ) -> Found:
        vectors: NDArray[np.float32] = index._vectors
        few = valid_mask is not None and 4 * int(valid_mask.sum()) < len(vectors)
        if index.metric != "COSINE" or not len(vectors) or top_k <= 0 or few:
            return original(index, queries, top_k, valid_mask, params)
        queries = np.atleast_2d(np.asarray(queries, dtype=np.float32))
        queries = queries / _lengths(queries)[:, None]
        distances = _products(queries, vectors)
        distances /= _kept_lengths(vectors)
        np.maximum(np.subtract(1, distances, out=distances), 0, out=distances)
        valid = len(vectors)
        if valid_mask is not None:
            distances[:, ~valid_mask] = np.inf
            valid = int(valid_mask.sum())
        ids = np.full((len(queries), top_k), -1, dtype=np.int64)
        nearest = np.full((len(queries), top_k), np.inf, dtype=np.float32)
        count = min(top_k, valid)
        for row, query in enumerate(queries):
            chosen = np.sort(np.argpartition(distances[row], count - 1)[:count])
            found = distances[row, chosen]
            if count <= _COMPARED_ANEW:
                found = _distances(vectors[chosen], query)
            order = np.argsort(found, kind="stable")
            ids[row, :count], nearest[row, :count] = chosen[order], found[order]
        return ids, nearest

    search.in_place = True  # type: ignore[attr-defined]
    return search


def _products(queries: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the product of each query with each vector, of a few queries in one thread.

    Threads of the linear algebra would wait for those of the encoder that serves other users.
    """
    import numpy as np

    if len(queries) > _FEW_QUERIES:
        return queries @ vectors.T
    step = max(1, _ONE_THREAD // max(1, queries.size))
    products = np.empty((len(queries), len(vectors)), dtype=np.float32)
    for start in range(0, len(vectors), step):
        part = slice(start, start + step)
        np.matmul(queries, vectors[part].T, out=products[:, part])
    return products


def _distances(vectors: NDArray[np.float32], query: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cosine distances to a query of unit length, the same whatever it is asked with."""
    import numpy as np

    vectors = vectors.astype(np.float64)
    cosines = (vectors * query).sum(axis=1) / np.linalg.norm(vectors, axis=1).clip(1e-30)
    distances: NDArray[np.float32] = np.maximum(1 - cosines, 0).astype(np.float32)
    return distances


def _kept_lengths(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    key = id(vectors)
    if key not in _kept:
        _kept[key] = _lengths(vectors)
        weakref.finalize(vectors, _kept.pop, key, None)
    return _kept[key]


def _lengths(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the length of each vector; 1 for one of nothing but zeros, as Milvus Lite takes it."""
    import numpy as np

    lengths: NDArray[np.float32] = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    return np.where(lengths == 0, np.float32(1), lengths)
