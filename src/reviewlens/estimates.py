"""Shares and means with the interval in which the true one lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_Z = 1.959963984540054  # of 95 %


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


def share(count: int, total: int) -> Estimate:
    """Return a share, 0..1, with Wilson's interval, which holds for small counts as well."""
    if total == 0:
        raise ValueError("a share of nothing")
    p, n = count / total, total
    centre = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    margin = _Z / (1 + _Z**2 / n) * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    return _estimate(p, max(0.0, centre - margin), min(1.0, centre + margin))


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
        return _estimate(centre, low, high)
    spread = math.sqrt(math.fsum((value - centre) ** 2 for value in values) / (n - 1) / n)
    margin = float(t.ppf(0.975, n - 1)) * spread
    return _estimate(centre, max(low, centre - margin), min(high, centre + margin))


def _estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(round(value, 4), round(low, 4), round(high, 4))
