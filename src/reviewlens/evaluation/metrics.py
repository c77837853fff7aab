"""Measures of a ranking, and their intervals. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from reviewlens.ground.estimates import Estimate

_DRAWS = 2_000
_DRAWS_AT_ONCE = 100


def recall(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return the share of the relevant ones that are among the first k, 0..1.

    Args:
        ranking: Ids, best first, none twice.
        relevant: Ids of those that answer the query, at least one.
        k: How many count.
    """
    return len(set(ranking[:k]) & set(relevant)) / len(set(relevant))


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return one over the rank of the first relevant one, 0 where it is none of the first k."""
    wanted = set(relevant)
    ranks = (rank for rank, one in enumerate(ranking[:k], start=1) if one in wanted)
    return 1.0 / next(ranks, math.inf)


def ndcg(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Return the normalised discounted cumulative gain of the first k, 0..1.

    Every relevant one counts the same; the gain of rank r is 1 / log2(r + 1), and the sum is
    divided by that of the best ranking.

    Source:
        Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM
        Transactions on Information Systems 20, 2002.
    """
    wanted = set(relevant)
    gain = sum(_discount(rank) for rank, one in enumerate(ranking[:k], start=1) if one in wanted)
    return gain / sum(_discount(rank) for rank in range(1, min(k, len(wanted)) + 1))


def _discount(rank: int) -> float:
    return 1.0 / math.log2(rank + 1)


def bootstrapped_mean(values: Sequence[float], *, seed: int) -> Estimate:
    """Return a mean with the 95 % interval of 2,000 draws of as many values (percentiles).

    Args:
        values: One for each query, at least one.
        seed: Of the draws.

    Source:
        Efron and Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13.
    """
    import numpy as np

    given = np.asarray(values, dtype=np.float64)
    random = np.random.default_rng(seed)
    means = [
        given[random.integers(len(given), size=(_DRAWS_AT_ONCE, len(given)))].mean(axis=1)
        for _ in range(_DRAWS // _DRAWS_AT_ONCE)
    ]
    low, high = np.percentile(np.concatenate(means), [2.5, 97.5])
    return Estimate(round(float(given.mean()), 4), round(float(low), 4), round(float(high), 4))


def paired_difference(values: Sequence[float], others: Sequence[float], *, seed: int) -> Estimate:
    """Return the mean of values less others of the same queries, with its bootstrap interval."""
    pairs = zip(values, others, strict=True)
    return bootstrapped_mean([value - other for value, other in pairs], seed=seed)
