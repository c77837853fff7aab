"""Shares, means and their difference, with the interval in which the true one lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z = 1.959963984540054
"""Standard deviations from the middle of a normal distribution to the ends of its 95 %."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure from a sample, with its 95 % interval.

    Attributes:
        value: Rounded to four places, as are the bounds.
        low: Lower bound.
        high: Upper bound.
    """

    value: float
    low: float
    high: float

    @classmethod
    def rounded(cls, value: float, low: float, high: float) -> Estimate:
        """Return a figure with its bounds, rounded; they may be numpy's."""
        return cls(*(round(float(figure), 4) for figure in (value, low, high)))


def share(count: int, total: int) -> Estimate:
    """Return a share, 0..1, with Wilson's interval, which holds for small counts as well."""
    if total == 0:
        raise ValueError("a share of nothing")
    p, n = count / total, total
    centre = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    margin = Z / (1 + Z**2 / n) * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return Estimate.rounded(p, max(0.0, centre - margin), min(1.0, centre + margin))


def mean(values: Sequence[float], *, low: float = -math.inf, high: float = math.inf) -> Estimate:
    """Return a mean with Student's interval, cut off where values cannot lie.

    Args:
        values: At least one; of a single one the interval is as wide as it can be.
        low: Smallest value there can be.
        high: Largest value there can be.
    """
    from scipy.stats import t

    n = len(values)
    centre = math.fsum(values) / n
    if n == 1:
        return Estimate.rounded(centre, low, high)
    spread = math.sqrt(math.fsum((value - centre) ** 2 for value in values) / (n - 1) / n)
    margin = float(t.ppf(0.975, n - 1)) * spread
    return Estimate.rounded(centre, max(low, centre - margin), min(high, centre + margin))


def mean_difference(
    values: Sequence[float],
    others: Sequence[float],
    *,
    low: float = -math.inf,
    high: float = math.inf,
) -> Estimate:
    """Return a mean less another of other reviews, with Welch's interval.

    Args:
        values: At least one; of a single one on either side the interval is as wide as it can be.
        others: Likewise.
        low: Smallest value that either can have.
        high: Largest value that either can have.

    Source:
        Welch, "The generalization of 'Student's' problem when several different population
        variances are involved", Biometrika 34, 1947.
    """
    from scipy.stats import t

    sizes = len(values), len(others)
    means = math.fsum(values) / sizes[0], math.fsum(others) / sizes[1]
    difference = means[0] - means[1]
    if min(sizes) == 1:
        return Estimate.rounded(difference, low - high, high - low)
    spreads = [
        math.fsum((value - mean) ** 2 for value in side) / (size - 1) / size
        for side, mean, size in zip((values, others), means, sizes, strict=True)
    ]
    if sum(spreads) == 0:
        return Estimate.rounded(difference, difference, difference)
    freedom = sum(spreads) ** 2 / sum(
        spread**2 / (size - 1) for spread, size in zip(spreads, sizes, strict=True)
    )
    margin = float(t.ppf(0.975, freedom)) * math.sqrt(sum(spreads))
    return Estimate.rounded(
        difference, max(low - high, difference - margin), min(high - low, difference + margin)
    )
