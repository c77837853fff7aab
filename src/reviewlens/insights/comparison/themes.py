"""Which themes are more of one side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from reviewlens.ground.describing import quotes
from reviewlens.ground.differences import adjusted, difference, exact_p, four_figures
from reviewlens.ground.estimates import Estimate, share
from reviewlens.ground.slices import Slice
from reviewlens.insights.comparison.results import Difference
from reviewlens.results import Quote

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIGNIFICANT = 0.05


def compare_themes(a: Slice, b: Slice, labels: Mapping[int, str]) -> tuple[Difference, ...]:
    """Return every theme that either side has, by rising p.

    Args:
        a: One side, its themes in `clusters`.
        b: The other side.
        labels: What the themes are called.
    """
    import numpy as np

    clusters = np.unique(np.concatenate([a.clusters, b.clusters]))
    clusters = clusters[clusters >= 0]
    if not len(clusters):
        return ()
    rows_a, rows_b = ([np.flatnonzero(s.clusters == c) for c in clusters] for s in (a, b))
    counts_a, counts_b = (np.array([len(rows) for rows in side]) for side in (rows_a, rows_b))
    of = np.full(len(clusters), len(a)), np.full(len(clusters), len(b))
    found, low, high = difference(counts_a, of[0], counts_b, of[1])
    p = exact_p(counts_a, of[0], counts_b, of[1])
    p_adjusted = adjusted(p)
    result = []
    for place, cluster in enumerate(clusters.tolist()):
        quotes_a, quotes_b = _quotes(a, rows_a[place], b, rows_b[place])
        result.append(
            Difference(
                kind="theme",
                name=labels.get(cluster, f"theme {cluster}"),
                cluster=cluster,
                more=which(float(found[place])),
                reviews_a=len(rows_a[place]),
                reviews_b=len(rows_b[place]),
                share_a=share(len(rows_a[place]), len(a)),
                share_b=share(len(rows_b[place]), len(b)),
                difference=Estimate.rounded(found[place], low[place], high[place]),
                log_odds=None,
                z=None,
                p=four_figures(p[place]),
                p_adjusted=four_figures(p_adjusted[place]),
                significant=bool(p_adjusted[place] <= SIGNIFICANT),
                quotes_a=quotes_a,
                quotes_b=quotes_b,
            )
        )
    return tuple(sorted(result, key=lambda one: (one.p, -abs(one.difference.value), one.cluster)))


def which(value: float) -> str:
    """Return the side that a difference, first less second, is in favour of."""
    return "a" if value > 0 else "b" if value < 0 else ""


def _quotes(
    a: Slice, rows_a: NDArray[np.intp], b: Slice, rows_b: NDArray[np.intp]
) -> tuple[tuple[Quote, ...], tuple[Quote, ...]]:
    """Return reviews of each side that are nearest to the centre which the theme has on both."""
    import numpy as np

    vectors = np.concatenate([a.vectors[rows_a], b.vectors[rows_b]])
    centre = vectors.mean(axis=0, dtype=np.float64)
    return quotes(a, rows_a, centre=centre), quotes(b, rows_b, centre=centre)
