"""Leiden communities that are the same every time: scikit-network's, with a step replaced.

scikit-network's own refinement draws from C's `rand()`, which no `random_state` reaches: twice in
one process gives two partitions. The step that is replaced, `_optimize_refine`, and the one that is
called for it, `_optimize`, are private to its class, in the version of `KNOWN`. A version that
refines in another way would leave the replacement unused, and clusters to chance, in silence; so
one without these two is refused, and `tests/unit/insights/test_leiden.py` fails where a version
uses them otherwise.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from reviewlens.errors import ReviewLensError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

KNOWN = ("0.33.5",)
"""Before one is added: run that test with it."""


def greedy_leiden(graph: csr_matrix, resolution: float, tolerance: float) -> NDArray[np.int32]:
    """Return the community of each node, numbered in no order.

    Args:
        graph: Symmetric weights.
        resolution: Higher gives more and smaller communities.
        tolerance: Least rise of the modularity for which it goes on.

    Raises:
        ReviewLensError: This scikit-network has not the steps that make it the same every time.
    """
    leiden = _greedy()(
        resolution,
        tol_optimization=tolerance,
        tol_aggregation=tolerance,
        sort_clusters=False,
        return_probs=False,
        return_aggregate=False,
    )
    labels: NDArray[np.int32] = leiden.fit(graph).labels_
    return labels


@cache
def _greedy() -> type[Any]:
    from scipy import sparse
    from sknetwork.clustering import Leiden

    if not (hasattr(Leiden, "_optimize_refine") and hasattr(Leiden, "_optimize")):
        raise ReviewLensError(
            f"scikit-network {version('scikit-network')} refines communities in a way that is not "
            "known here, so that clusters would differ from run to run; wanted "
            f"{' or '.join(KNOWN)}: pip install scikit-network=={KNOWN[-1]}"
        )

    class GreedyLeiden(Leiden):  # type: ignore[misc] # it has no types
        """Leiden whose refinement takes the best move and not a random one.

        It cuts each community by the same local moves that made it, along its own edges: the limit
        of Leiden's randomness towards none.
        """

        def _optimize_refine(
            self,
            labels: NDArray[np.int32],
            labels_refined: NDArray[np.int32],
            adjacency: csr_matrix,
            *weights: NDArray[np.float64],
        ) -> NDArray[np.int32]:
            edges = adjacency.tocoo()
            own = labels[edges.row] == labels[edges.col]
            pairs = (edges.row[own], edges.col[own])
            inside = sparse.csr_matrix((edges.data[own], pairs), shape=adjacency.shape)
            refined: NDArray[np.int32] = self._optimize(labels_refined, inside, *weights)[0]
            return refined

    return GreedyLeiden
