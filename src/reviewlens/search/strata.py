"""Which reviews a person is shown next, so that a count is known as well as may be.

Reviews are parted by the probability that they say it, and drawn at random within each part. Of
each part every review has the same chance, so what is found holds for the part, whatever the
probability is worth; the parts and the numbers drawn of each follow from the probabilities alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_STRATA = 6
"""Besides the one of reviews that were never looked at."""
LOG_ERROR = 0.55
"""Standard deviation of the logarithm of how far probabilities are off, before any check: they are
twice too high or too low for about one matter in five."""
_LOG_SPREAD = 0.5
"""How far a stratum by itself may be off, likewise, where it is decided how many checks it gets."""
_LEAST_OF_LAST = 0.15
"""Share of the checks that the least probable stratum gets in any case: it holds most reviews, and
what the probabilities have missed is there."""
_TAIL = 0.3
"""Share of the reviews with one and the same lowest probability that were never looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """Reviews parted by probability.

    Attributes:
        of: The stratum of each review, int64 of shape (reviews,); 0 has the highest probabilities.
        sizes: Reviews in each, int64 of shape (strata,).
        expected: The mean probability in each, float64 of shape (strata,).
    """

    of: NDArray[np.int64]
    sizes: NDArray[np.int64]
    expected: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Draw:
    """What is to be shown next.

    Attributes:
        rows: Places in the probabilities, in the order to show them; fewer than asked for where
            all else has been judged.
        strata: The stratum of each.
        chances: The chance, 0..1, that each had of being among those drawn of its stratum so far.
    """

    rows: tuple[int, ...]
    strata: tuple[int, ...]
    chances: tuple[float, ...]


def checked_probabilities(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities as float64, none of them quite 0 or 1.

    Raises:
        InputError: One lies outside 0..1, or is no number.
    """
    import numpy as np

    values = np.asarray(probabilities, dtype=np.float64)
    if values.ndim != 1 or not len(values):
        raise InputError(f"probabilities of shape {values.shape}; wanted one for each review")
    if not ((values >= 0) & (values <= 1)).all():
        raise InputError("a probability lies outside 0 to 1")
    # Nothing is certain: of those that were never looked at, half a review in all may say it.
    least = min(0.5 / len(values), 0.01)
    return np.clip(values, least, 1 - least)


def stratify(probabilities: NDArray[np.float64]) -> Strata:
    """Part reviews by probability, so that each part is as uncertain as the others.

    The parts have about equal sums of the standard deviation of a yes or no, √(p(1 - p)); reviews
    of one probability, as those that were never looked at, stay together.

    Args:
        probabilities: That a review says it, 0..1, of shape (reviews,).

    Source:
        Dalenius and Hodges, "Minimum variance stratification", JASA 54, 1959: equal sums of a
        spread are near the parts of least variance.
    """
    import numpy as np

    values = checked_probabilities(probabilities)
    levels, place = np.unique(-values, return_inverse=True)
    reviews = np.bincount(place)
    spread = np.sqrt(-levels * (1 + levels)) * reviews
    tail = len(levels) > 1 and reviews[-1] > _TAIL * len(values)
    looked_at = spread[:-1] if tail else spread
    middle = (np.cumsum(looked_at) - looked_at / 2) / looked_at.sum()
    part = np.minimum((middle * MOST_STRATA).astype(np.int64), MOST_STRATA - 1)
    if tail:
        part = np.append(part, MOST_STRATA)
    of = np.unique(part, return_inverse=True)[1][place]
    sizes = np.bincount(of)
    return Strata(of, sizes, np.bincount(of, weights=values) / sizes)


def draw(
    probabilities: NDArray[np.float64],
    judged: Collection[int] | Mapping[int, bool | None],
    n: int,
    seed: int = 0,
) -> Draw:
    """Choose the reviews to be judged next.

    Each stratum has an order of its own, at random by the seed, in which its reviews are taken: so
    many as have been judged of it are a random sample of it at any time, and 20 checks with 30 more
    are the same as 50. How many of which follows from the probabilities: the next check goes where
    it takes most from the variance of the number, given how far off probabilities may be.

    Args:
        probabilities: That a review says it, 0..1, of shape (reviews,).
        judged: Rows that have been judged, unsure ones too.
        n: How many more are wanted, at least 1.
        seed: The same gives the same reviews.

    Raises:
        InputError: A probability lies outside 0..1, or fewer than one is wanted.

    Source:
        Neyman, "On the two different aspects of the representative method", JRSS 97, 1934: the
        allocation, to which this comes down once a stratum is known better by its checks than by
        its probabilities.
    """
    import numpy as np

    if n < 1:
        raise InputError(f"{n} reviews to be checked; wanted at least 1")
    strata = stratify(probabilities)
    count = len(strata.sizes)
    order = np.random.default_rng(seed).permutation(len(strata.of))
    done = np.zeros(len(strata.of), dtype=bool)
    done[list(judged)] = True
    known = np.bincount(strata.of[done], minlength=count)
    waiting = [order[(strata.of[order] == part) & ~done[order]] for part in range(count)]
    taken = np.zeros(count, dtype=np.int64)
    chosen: list[tuple[int, int]] = []
    left = strata.sizes - known
    for _ in range(min(n, int(left.sum()))):
        gain = np.where(taken < left, _gain(strata, known + taken), -1.0)
        part = int(gain.argmax())
        chosen.append((int(waiting[part][taken[part]]), part))
        taken[part] += 1
    chances = (known + taken) / strata.sizes
    # Shown in their random order: what comes first must not tell how likely it is.
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    chosen.sort(key=lambda one: place[one[0]])
    return Draw(
        tuple(row for row, _ in chosen),
        tuple(part for _, part in chosen),
        tuple(round(float(chances[part]), 6) for _, part in chosen),
    )


def _gain(strata: Strata, checks: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what one more check of each stratum takes from the variance of the number.

    A stratum in which T reviews are expected, the share p, is off by a factor whose logarithm has
    the variance s² before any check. k checks tell k·p/(1 - p) of it, so that T²/(1/s² + k·p/(1 -
    p)) is left.
    """
    import numpy as np

    told = strata.expected / (1 - strata.expected)
    least = 1 / _LOG_SPREAD**2
    gain = (strata.sizes * strata.expected) ** 2 * (
        1 / (least + checks * told) - 1 / (least + (checks + 1) * told)
    )
    if checks[-1] < _LEAST_OF_LAST * checks.sum():
        gain[-1] = np.inf
    # None goes unseen, for the strata where nothing is expected are the ones that surprise.
    return np.where(checks == 0, np.inf, gain)
