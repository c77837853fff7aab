"""Whether one share differs from another: interval, exact test, correction for many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewlens.ground.estimates import Z

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Figures = NDArray[np.float64]


def difference(
    count: Counts, total: Counts, count_before: Counts, total_before: Counts
) -> tuple[Figures, Figures, Figures]:
    """Return share minus share before, with the bounds of its 95 % interval; NaN of no reviews.

    Newcombe's hybrid score interval, which is made of the Wilson intervals of the two shares: it
    holds for small counts and for shares near 0, where the usual one (Wald) does not.

    Args:
        count: Of any shape, as are the others.
        total: Of these, 0 where there are none.
        count_before: What it is compared with.
        total_before: Of these.

    Source:
        Newcombe, "Interval estimation for the difference between independent proportions:
        comparison of eleven methods", Statistics in Medicine 17, 1998, method 10.
    """
    import numpy as np

    share, low, high = _wilson(count, total)
    before, low_before, high_before = _wilson(count_before, total_before)
    found = share - before
    down = np.sqrt((share - low) ** 2 + (high_before - before) ** 2)
    up = np.sqrt((high - share) ** 2 + (before - low_before) ** 2)
    return found, found - down, found + up


def _wilson(count: Counts, total: Counts) -> tuple[Figures, Figures, Figures]:
    """Return shares and the bounds of their intervals, as `estimates.share`, for all at once."""
    import numpy as np

    n = np.where(total > 0, total, np.nan)
    p = count / n
    centre = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    margin = Z / (1 + Z**2 / n) * np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return p, np.maximum(0.0, centre - margin), np.minimum(1.0, centre + margin)


def exact_p(count: Counts, total: Counts, count_before: Counts, total_before: Counts) -> Figures:
    """Return p that two shares are the same, two-sided; NaN where there are no reviews.

    Fisher's exact test, twice the smaller tail. The test of a normal deviate (chi-square) is too
    sure of itself where a period has few reviews: one of three against none of fifty would be
    p = 0.00004, and is 0.11 here. Unlike `scipy.stats.fisher_exact`, which sums all tables that
    are no likelier, it takes each side at half the level, as the interval does.

    Args:
        count: Of any shape, as are the others.
        total: Of these.
        count_before: What it is compared with.
        total_before: Of these.

    Source:
        Fay, "Confidence intervals that match Fisher's exact or Blaker's exact tests",
        Biostatistics 11, 2010 (the "central" test).
    """
    import numpy as np
    from scipy.stats import hypergeom

    arguments = (total + total_before, count + count_before, total)
    tail = np.minimum(hypergeom.cdf(count, *arguments), hypergeom.sf(count - 1, *arguments))
    p: Figures = np.where((total > 0) & (total_before > 0), np.minimum(1.0, 2 * tail), np.nan)
    return p


def adjusted(p: Figures) -> Figures:
    """Return p corrected for how many there are: below x, at most a share x of them is chance.

    Benjamini and Hochberg's procedure, which controls the false discovery rate.

    Args:
        p: Of any shape; NaN stays NaN and is not counted.

    Source:
        Benjamini and Hochberg, "Controlling the false discovery rate: a practical and powerful
        approach to multiple testing", Journal of the Royal Statistical Society B 57, 1995.
    """
    import numpy as np
    from scipy.stats import false_discovery_control

    known = ~np.isnan(p)
    result = np.full(p.shape, np.nan)
    if known.any():
        result[known] = false_discovery_control(p[known])
    return result


def four_figures(p: float) -> float:
    """Return p to four figures: rounded to places, a small one would be 0, which no p is."""
    return float(f"{p:.4g}")
