"""A graph whose edges are as heavy as the neighbours that two texts share are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewlens.ground.neighbors import NeighborGraph, exact_search

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

NEIGHBORS = 15

_PAIRS_AT_ONCE = 100_000


def shared_neighbors(
    graph: NeighborGraph,
    node_of: NDArray[np.intp],
    vectors: NDArray[np.float32],
    k: int = NEIGHBORS,
) -> csr_matrix:
    """Weigh each edge to a nearest neighbour by how many neighbours its two ends share.

    The weight is the Jaccard index of the two sets of neighbours, either end counted to its own:
    unlike a cosine it does not depend on how dense the surroundings are. Copies of a text are
    one node: as rows they would fill each other's lists of neighbours, and be islands.

    Args:
        graph: The neighbours of every row, nearest first.
        node_of: For each row its node, numbered from 0 in order of first row; -1 to leave it out.
        vectors: float32 of shape (rows, dimension), unit length, for nodes whose list of
            neighbours holds fewer than k other nodes.
        k: Neighbours that count.

    Returns:
        A symmetric matrix of shape (nodes, nodes).

    Source:
        Jarvis and Patrick, "Clustering Using a Similarity Measure Based on Shared Near
        Neighbors", IEEE Transactions on Computers, 1973.
    """
    import numpy as np
    from scipy import sparse

    rows = np.flatnonzero(node_of >= 0)
    nodes, first = np.unique(node_of[rows], return_index=True)
    heads, count = rows[first], len(nodes)
    k = min(k, count - 1)
    if k < 1:
        return sparse.csr_matrix((count, count), dtype=np.float32)
    neighbors, kept = _first_distinct(node_of[graph.rows[heads]], nodes, k)
    pairs = [_pairs(neighbors, kept, nodes)]
    short = np.flatnonzero(kept.sum(axis=1) < k)
    if len(short):
        keep = ~np.isin(pairs[0][0], short)
        found, _ = exact_search(vectors[heads])(vectors[heads[short]], k + 1)
        pairs = [(pairs[0][0][keep], pairs[0][1][keep])]
        pairs.append(_pairs(*_first_distinct(found, short, k), short))
    one = np.concatenate([pair[0] for pair in pairs])
    other = np.concatenate([pair[1] for pair in pairs])
    ones = np.ones(len(one), dtype=np.float32)
    edges = sparse.csr_matrix((ones, (one, other)), shape=(count, count))
    weights = _jaccard(edges + sparse.identity(count, dtype=np.float32, format="csr"), one, other)
    directed = sparse.csr_matrix((weights, (one, other)), shape=(count, count))
    return directed.maximum(directed.T).tocsr()


def _first_distinct(
    found: NDArray[np.integer], own: NDArray[np.intp], k: int
) -> tuple[NDArray[np.integer], NDArray[np.bool_]]:
    """Mark the first k nodes of each list, without its owner, those left out, and repeats."""
    import numpy as np

    order = np.argsort(found, axis=1, kind="stable")
    ranked = np.take_along_axis(found, order, axis=1)
    repeats = np.zeros(found.shape, dtype=bool)
    np.put_along_axis(repeats, order[:, 1:], ranked[:, 1:] == ranked[:, :-1], axis=1)
    kept = (found >= 0) & (found != own[:, None]) & ~repeats
    return found, kept & (np.cumsum(kept, axis=1) <= k)


def _pairs(
    found: NDArray[np.integer], kept: NDArray[np.bool_], own: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.integer]]:
    import numpy as np

    return np.repeat(own, kept.sum(axis=1)), found[kept]


def _jaccard(
    sets: csr_matrix, one: NDArray[np.intp], other: NDArray[np.integer]
) -> NDArray[np.float32]:
    import numpy as np

    sizes = np.diff(sets.indptr)
    common = np.empty(len(one), dtype=np.float32)
    for start in range(0, len(one), _PAIRS_AT_ONCE):
        part = slice(start, start + _PAIRS_AT_ONCE)
        shared = sets[one[part]].multiply(sets[other[part]])
        common[part] = np.asarray(shared.sum(axis=1)).ravel()
    union: NDArray[np.float32] = sizes[one] + sizes[other] - common
    return common / union
