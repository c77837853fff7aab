"""The nearest neighbours of every review: the graph that all insights share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reviewlens.encoders.batching import physical_cores
from reviewlens.results import OnProgress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Neighbors = tuple[NDArray[np.int32], NDArray[np.float32]]

Search = Callable[["NDArray[np.float32]", int], "Neighbors"]
"""Vectors (n, dimension) and a limit to rows (n, limit), -1 for none left, and their cosines."""

_BLOCK_ROWS = 2_048
_EXACT_SECONDS = 120
_OPERATIONS_A_SECOND = 40e9  # of one core, at the least
_CHECKED_ROWS = 200
_PROBED_CELLS = 48


@dataclass(frozen=True, slots=True, eq=False)
class NeighborGraph:
    """The `k` nearest neighbours of each row, itself left out, nearest first.

    Attributes:
        rows: int32 of shape (n, k).
        similarities: float32 of shape (n, k): cosines, falling along a row.
        recall: Share of the true neighbours that were found, 0..1; measured on a sample of rows
            where the search was not exact, else 1.
    """

    rows: NDArray[np.int32]
    similarities: NDArray[np.float32]
    recall: float

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    @property
    def k(self) -> int:
        """Neighbours of a row."""
        return int(self.rows.shape[1])


def exact_rows(dimension: int) -> int:
    """Return for how many rows an exact graph takes this machine about two minutes."""
    operations = _EXACT_SECONDS * _OPERATIONS_A_SECOND * physical_cores()
    return int((operations / (2 * dimension)) ** 0.5)


def nearest(
    vectors: NDArray[np.float32],
    k: int = 50,
    *,
    search: Search | None = None,
    exact_up_to: int | None = None,
    on_progress: OnProgress | None = None,
) -> NeighborGraph:
    """Find the nearest neighbours of every row among all rows.

    Args:
        vectors: float32 of shape (n, dimension), unit length.
        k: Neighbours of a row; where there are no more than k others, all of them.
        search: What answers; None compares all with all up to so many rows, and goes through
            `inverted_lists` beyond.
        exact_up_to: How many these are; None for `exact_rows`.
        on_progress: Told of the stage `neighbours`.
    """
    import numpy as np

    k = min(k, len(vectors) - 1)
    if k < 1:
        empty = np.empty((len(vectors), 0))
        return NeighborGraph(empty.astype(np.int32), empty.astype(np.float32), 1.0)
    exact = exact_search(vectors)
    if search is None:
        most = exact_rows(vectors.shape[1]) if exact_up_to is None else exact_up_to
        search = exact if len(vectors) <= most else inverted_lists(vectors)
    rows = np.empty((len(vectors), k), dtype=np.int32)
    similarities = np.empty((len(vectors), k), dtype=np.float32)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        own = np.arange(start, min(start + _BLOCK_ROWS, len(vectors)))
        found = _others(*search(vectors[own], k + 1), own)
        short = own[(found[0] < 0).any(axis=1)]
        rows[own], similarities[own] = found
        if len(short):
            rows[short], similarities[short] = _others(*exact(vectors[short], k + 1), short)
        if on_progress is not None:
            on_progress("neighbours", int(own[-1]) + 1, len(vectors))
    recall = 1.0 if search is exact else _recall(exact, vectors, rows)
    return NeighborGraph(rows, similarities, recall)


def exact_search(vectors: NDArray[np.float32]) -> Search:
    """Return a search that compares with every row; what it finds is the same every time."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return _searching(index)


def inverted_lists(vectors: NDArray[np.float32]) -> Search:
    """Return a search that looks only at the rows in the 48 of about 4 √n cells nearest to it.

    The cells are those of a k-means with a fixed seed, so that it finds the same every time.
    """
    import faiss

    cells = max(1, int(4 * len(vectors) ** 0.5))
    quantizer = faiss.IndexFlatIP(vectors.shape[1])
    index = faiss.IndexIVFFlat(quantizer, vectors.shape[1], cells, faiss.METRIC_INNER_PRODUCT)
    index.cp.seed, index.cp.spherical = 1, True
    index.cp.min_points_per_centroid, index.cp.max_points_per_centroid = 1, 64
    index.train(vectors)
    index.add(vectors)
    index.nprobe = min(_PROBED_CELLS, cells)
    return _searching(index)


def _searching(index: Any) -> Search:  # noqa: ANN401 - faiss has no types
    def search(queries: NDArray[np.float32], limit: int) -> Neighbors:
        similarities, rows = index.search(queries, limit)
        return rows, similarities

    return search


def _others(
    rows: NDArray[np.integer], similarities: NDArray[np.float32], own: NDArray[np.intp]
) -> Neighbors:
    """Leave each row itself out; where copies of it have hidden it, the last one goes."""
    import numpy as np

    itself = rows == own[:, None]
    itself[~itself.any(axis=1), -1] = True
    shape = (len(rows), rows.shape[1] - 1)
    others = rows[~itself].reshape(shape).astype(np.int32)
    return others, similarities[~itself].reshape(shape)


def _recall(exact: Search, vectors: NDArray[np.float32], rows: NDArray[np.int32]) -> float:
    """Return the share of true neighbours among those found, for a sample of rows."""
    import numpy as np

    checked = min(_CHECKED_ROWS, len(rows))
    sample = np.random.default_rng(1).choice(len(rows), checked, replace=False)
    truth, _ = _others(*exact(vectors[sample], rows.shape[1] + 1), sample)
    pairs = zip(truth, rows[sample], strict=True)
    return sum(len(np.intersect1d(one, other)) for one, other in pairs) / truth.size
