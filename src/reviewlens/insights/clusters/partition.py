"""A graph cut into communities, at the resolution that is most stable."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.insights.clusters.leiden import greedy_leiden

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Labels = NDArray[np.int32]

GRID = tuple(round(0.25 * 2 ** (step * 7 / 12), 3) for step in range(13))
"""Resolutions that are tried, 0.25 to 32: from a handful of clusters to some hundreds."""

_SUBSAMPLE = 0.8
_LEAST_TEXTS_A_SUBCLUSTER_SPLIT = 20
_SEARCH_STEPS = 12


@dataclass(frozen=True, slots=True)
class Trial:
    """How a resolution fared.

    Attributes:
        resolution: Of the modularity; higher gives more and smaller clusters.
        clusters: How many communities there are, before small ones are joined to others.
        stability: Mean adjusted mutual information of the partition of all with those of random
            subsamples, on the texts that were drawn: 1 for the same every time, 0 for no more
            alike than by chance, or where there is but one cluster, or mostly single texts.
    """

    resolution: float
    clusters: int
    stability: float


@dataclass(frozen=True, slots=True, eq=False)
class Partition:
    """Texts by community.

    Attributes:
        labels: int32 of shape (texts,): communities, 0 the largest.
        confidence: float64 of shape (texts,): the share of the weight of a text's edges that
            leads into its own community, 0..1.
        stability: float64 of shape (communities,): the mean over subsamples of the largest
            Jaccard index of a community, as far as it was drawn, with one found there, 0..1.
        chosen: The resolution taken.
        trials: All that were looked at, by rising resolution.
    """

    labels: Labels
    confidence: NDArray[np.float64]
    stability: NDArray[np.float64]
    chosen: Trial
    trials: tuple[Trial, ...]


def partition(
    graph: csr_matrix,
    *,
    resolution: float | None = None,
    clusters: int | None = None,
    smallest: int = 5,
    centres: NDArray[np.float32],
    seed: int = 0,
) -> Partition:
    """Cut a graph into communities by the Leiden algorithm.

    Without `resolution` and `clusters` the resolution is the one whose partition is found again
    most nearly in random subsamples. What counts is the mean of a resolution and those beside it,
    so that a wide range in which little changes wins over a lucky draw. Unlike the number of
    clusters of k-means nothing has to be known.

    Args:
        graph: Symmetric weights.
        resolution: Taken as it is.
        clusters: The resolution is searched that gives about as many.
        smallest: Communities of fewer texts are joined to the one that they have most weight to.
        centres: Vectors of the nodes, for what has no edge to any community.
        seed: Of the subsamples.

    Source:
        Traag, Waltman and van Eck, "From Louvain to Leiden: guaranteeing well-connected
        communities", Scientific Reports, 2019; Lange, Roth, Braun and Buhmann, "Stability-based
        validation of clustering solutions", Neural Computation, 2004; Hennig, "Cluster-wise
        assessment of cluster stability", Computational Statistics & Data Analysis, 2007.
    """
    subsamples = _Subsamples(graph, seed)
    if resolution is None and clusters is not None:
        resolution = _resolution_for(graph, clusters, smallest, centres)
    grid = [resolution] if resolution is not None else subsamples.grid
    trials = [subsamples.trial(value) for value in grid]
    chosen = trials[_plateau([trial.stability for trial in trials])]
    labels = join_small(subsamples.whole(chosen.resolution), graph, smallest, centres)
    return Partition(
        labels=labels,
        confidence=_confidence(graph, labels),
        stability=subsamples.kept(labels, chosen.resolution),
        chosen=chosen,
        trials=tuple(trials),
    )


def subdivide(
    graph: csr_matrix, labels: Labels, *, smallest: int, centres: NDArray[np.float32]
) -> Labels:
    """Cut each community once more, as if it were alone, at resolution 1.

    All are cut in one go: the edges between them are left out, and each is scaled to the same
    weight, so that the resolution of the whole is their number.

    Returns:
        int32 of shape (texts,): numbered within each community, 0 the largest.
    """
    import numpy as np
    from scipy import sparse

    edges = graph.tocoo()
    inside = labels[edges.row] == labels[edges.col]
    one, other = edges.row[inside], edges.col[inside]
    sizes = np.bincount(labels)
    weight = np.bincount(labels[one], weights=edges.data[inside], minlength=len(sizes))
    scaled = edges.data[inside] / weight[labels[one]]
    blocks = sparse.csr_matrix((scaled, (one, other)), shape=graph.shape)
    cut = communities(blocks, float(np.count_nonzero(weight)) or 1.0, tolerance=1e-6)
    result = np.zeros(len(labels), dtype=np.int32)
    for label, size in enumerate(sizes):
        if size >= max(_LEAST_TEXTS_A_SUBCLUSTER_SPLIT, 2 * smallest):
            own = np.flatnonzero(labels == label)
            result[own] = join_small(cut[own], graph[own][:, own], smallest, centres[own])
    return result


def communities(graph: csr_matrix, resolution: float, *, tolerance: float = 1e-3) -> Labels:
    """Return the communities that the Leiden algorithm finds, 0 the largest.

    Args:
        graph: Symmetric weights.
        resolution: Higher gives more and smaller ones.
        tolerance: Least rise of the modularity for which it goes on.
    """
    import numpy as np

    if graph.nnz == 0:
        return np.arange(graph.shape[0], dtype=np.int32)
    return by_size(greedy_leiden(graph, resolution, tolerance))


def join_small(
    labels: Labels, graph: csr_matrix, smallest: int, centres: NDArray[np.float32]
) -> Labels:
    """Join communities of fewer than `smallest` texts, smallest first, to their nearest.

    The nearest is the one with most weight of edges between them; where there is no edge, the one
    whose centre is nearest. The last one stays, however small.
    """
    import numpy as np
    from scipy import sparse

    count = int(labels.max()) + 1
    sizes = np.bincount(labels)
    ones = np.ones(len(labels), dtype=np.float32)
    member = sparse.csr_matrix((ones, (labels, np.arange(len(labels)))), shape=(count, len(labels)))
    edges = (member @ graph @ member.T).tocoo()
    weights: list[dict[int, float]] = [{} for _ in range(count)]
    for one, other, weight in zip(
        *(part.tolist() for part in (*edges.coords, edges.data)), strict=True
    ):
        if one != other:
            weights[one][other] = weight
    sums = member @ centres
    goes_to = np.arange(count)
    too_small: list[int] = np.flatnonzero(sizes < smallest).tolist()
    for small in sorted(too_small, key=lambda one: (sizes[one], -one)):
        if not 0 < sizes[small] < smallest:
            continue
        if weights[small]:
            target = min(weights[small], key=lambda other: (-weights[small][other], other))
        else:
            others = np.flatnonzero((sizes > 0) & (np.arange(count) != small))
            if not len(others):
                break
            lengths = np.linalg.norm(sums[others], axis=1) + 1e-12
            target = int(others[np.argmax(sums[others] @ sums[small] / lengths)])
        goes_to[goes_to == small] = target
        sizes[target] += sizes[small]
        sizes[small] = 0
        sums[target] += sums[small]
        for other, weight in weights[small].items():
            del weights[other][small]
            if other != target:
                weights[target][other] = weights[target].get(other, 0.0) + weight
                weights[other][target] = weights[target][other]
        weights[small] = {}
    return by_size(goes_to[labels])


def by_size(labels: NDArray[np.integer]) -> Labels:
    """Number labels by falling size; of the same size the one that occurs first comes first."""
    import numpy as np

    _, first, inverse, counts = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((first, -counts))
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order))
    return rank[inverse]


class _Subsamples:
    """Random parts of a graph, and how much of the whole's partition is found in them again."""

    def __init__(self, graph: csr_matrix, seed: int) -> None:
        import numpy as np

        self._graph, count = graph, graph.shape[0]
        draw = np.random.default_rng(seed)
        size = max(1, math.ceil(_SUBSAMPLE * count))
        # The more texts, the longer a run takes, and the less single runs differ.
        runs = 6 if count <= 10_000 else 3 if count <= 30_000 else 2
        self.grid = GRID if count <= 10_000 else GRID[::2]
        self._rows = [np.sort(draw.choice(count, size, replace=False)) for _ in range(runs)]
        self._graphs = [graph[rows][:, rows] for rows in self._rows]
        self._found: dict[float, tuple[Labels, list[Labels]]] = {}

    def whole(self, resolution: float) -> Labels:
        """Return the partition of all."""
        return self._partitions(resolution)[0]

    def trial(self, resolution: float) -> Trial:
        """Return how much of the partition of all is found in the subsamples."""
        from sklearn.metrics import adjusted_mutual_info_score

        whole, parts = self._partitions(resolution)
        scores = []
        for rows, found in zip(self._rows, parts, strict=True):
            trivial = _is_trivial(whole[rows]) or _is_trivial(found)
            score = 0.0 if trivial else adjusted_mutual_info_score(whole[rows], found)
            scores.append(max(0.0, float(score)))
        stability = round(math.fsum(scores) / len(scores), 4)
        return Trial(resolution, int(whole.max()) + 1, stability)

    def kept(self, labels: Labels, resolution: float) -> NDArray[np.float64]:
        """Return for each label the mean, over subsamples, of its best Jaccard index there."""
        import numpy as np
        from scipy import sparse

        count = int(labels.max()) + 1
        total = np.zeros(count)
        for rows, found in zip(self._rows, self._partitions(resolution)[1], strict=True):
            shape = (count, int(found.max()) + 1)
            table = sparse.csr_matrix((np.ones(len(rows)), (labels[rows], found)), shape=shape)
            own, other = np.bincount(labels[rows], minlength=count), np.bincount(found)
            both = table.tocoo()
            union = own[both.row] + other[both.col] - both.data
            best = np.zeros(count)
            np.maximum.at(best, both.row, both.data / union)
            total += best
        return total / len(self._rows)

    def _partitions(self, resolution: float) -> tuple[Labels, list[Labels]]:
        if resolution not in self._found:
            parts = [communities(graph, resolution) for graph in self._graphs]
            self._found[resolution] = communities(self._graph, resolution), parts
        return self._found[resolution]


def _plateau(values: Sequence[float]) -> int:
    """Return the place of the largest mean of a value and those beside it, but not of a zero."""
    beside = [values[max(0, place - 1) : place + 2] for place in range(len(values))]
    means = [math.fsum(near) / len(near) for near in beside]
    return max(range(len(values)), key=lambda place: (values[place] > 0, means[place]))


def _is_trivial(labels: Labels) -> bool:
    """Tell whether a partition says nothing: one cluster, or mostly single texts and pairs."""
    import numpy as np

    sizes = np.bincount(labels)
    sizes = sizes[sizes > 0]
    return len(sizes) < 2 or int(sizes[sizes > 2].sum()) * 2 < len(labels)


def _resolution_for(
    graph: csr_matrix, clusters: int, smallest: int, centres: NDArray[np.float32]
) -> float:
    """Halve the range of resolutions until there are as many clusters, or nearly.

    Communities rise with the resolution; clusters fall again where most are too small to stay.
    """
    low, high = GRID[0] / 8, GRID[-1] * 8
    best, least = low, math.inf
    for _ in range(_SEARCH_STEPS):
        middle = math.sqrt(low * high)
        found = communities(graph, middle)
        off = abs(int(join_small(found, graph, smallest, centres).max()) + 1 - clusters)
        if off < least:
            best, least = middle, off
        if off == 0:
            break
        low, high = (middle, high) if found.max() + 1 < clusters else (low, middle)
    return best


def _confidence(graph: csr_matrix, labels: Labels) -> NDArray[np.float64]:
    import numpy as np

    edges = graph.tocoo()
    own = labels[edges.row] == labels[edges.col]
    inside = np.bincount(edges.row, weights=edges.data * own, minlength=len(labels))
    total = np.bincount(edges.row, weights=edges.data, minlength=len(labels))
    return np.divide(inside, total, out=np.zeros(len(labels)), where=total > 0)
