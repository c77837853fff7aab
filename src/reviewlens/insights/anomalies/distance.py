"""How far each text lies from the others, by its nearest neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.ground.neighbors import NeighborGraph

    Figures = NDArray[np.float64]

# A clump of k texts of another kind hides from fewer than k neighbours, so the distance takes all
# that the graph has. Ten is the least for which the authors of LOF found it steady.
_LOCAL = 10
_LOCAL_WEIGHT = 0.25
_TEXTS_A_BAND = 50
_MOST_BANDS = 20
_OUTLYING = 3.5


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """Each of shape (texts,).

    Attributes:
        distance: Mean cosine distance to the neighbours.
        lof: Local outlier factor.
        percentile: 0..1 of both together, each less what is usual for the length.
        outlying: Whether they pass 3.5 of their usual spread.
    """

    distance: Figures
    lof: Figures
    percentile: Figures
    outlying: NDArray[np.bool_]


def distances(graph: NeighborGraph, lengths: Sequence[int]) -> Distances:
    """Tell how far texts lie from the others.

    Two figures complete each other: the mean distance to as many neighbours as there are sees a
    clump of texts of another kind, the local outlier factor sees a lone text beside a dense
    group. A short text is far from everything since it says little, which does not make it odd,
    so of each figure the median of texts of about that length is taken off. What remains is put
    on one scale by its median absolute deviation.

    Args:
        graph: Among distinct texts.
        lengths: Of these texts, in characters.

    Source:
        Ramaswamy, Rastogi and Shim, "Efficient algorithms for mining outliers from large data
        sets", 2000; Breunig et al., "LOF: identifying density-based local outliers", 2000. The
        limit of 3.5 on the modified z-score: Iglewicz and Hoaglin, 1993.
    """
    import numpy as np

    far = 1 - graph.similarities.astype(np.float64)
    distance = far.mean(axis=1)
    lof = local_outlier_factor(graph, min(_LOCAL, graph.k))
    size = np.log1p(np.asarray(lengths, dtype=np.float64))
    together = _spread(_beyond_usual(distance, size))
    together += _LOCAL_WEIGHT * _spread(_beyond_usual(np.log(lof), size))
    return Distances(distance, lof, percentiles(together), _spread(together) > _OUTLYING)


def local_outlier_factor(graph: NeighborGraph, k: int) -> Figures:
    """Return how much thinner it is around each row than around its neighbours.

    As scikit-learn's `LocalOutlierFactor` on cosine distances, from a graph that is there.

    Args:
        graph: Of distinct texts.
        k: Its neighbours to look at.
    """
    import numpy as np

    rows = graph.rows[:, :k]
    far = np.maximum(1 - graph.similarities[:, :k].astype(np.float64), 0)
    reach = np.maximum(far, far[rows, -1])
    density = 1 / (reach.mean(axis=1) + 1e-10)
    factor: Figures = density[rows].mean(axis=1) / density
    return factor


def percentiles(values: Figures) -> Figures:
    """Return the share of values below each, those equal to it by half, to within 0..1."""
    from scipy.stats import rankdata

    ranks: Figures = (rankdata(values.round(9)) - 0.5) / len(values)
    return ranks


def _beyond_usual(values: Figures, size: Figures) -> Figures:
    """Take off the median of texts of about the same size, between bands of equal count."""
    import numpy as np

    bands = int(np.clip(len(values) // _TEXTS_A_BAND, 1, _MOST_BANDS))
    parts = np.array_split(np.argsort(size, kind="stable"), bands)
    centres = [float(np.median(size[part])) for part in parts]
    usual = [float(np.median(values[part])) for part in parts]
    return values - np.interp(size, centres, usual)


def _spread(values: Figures) -> Figures:
    """Return how many of the usual spreads each value is above the median."""
    import numpy as np

    off = values - np.median(values)
    spread = 1.4826 * float(np.median(np.abs(off)))
    result: Figures = off / (spread if spread > 1e-9 else 1.0)
    return result
