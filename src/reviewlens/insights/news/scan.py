"""Where new reviews stand closer together than chance would have them: a scan over windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

SIZES = (6, 9, 13, 18, 25, 35, 50, 70)
"""Sizes of windows; each is about 1.4 times the one before."""

SPARSE = 0.25
"""A window is out of place where it holds at most this share of the known texts expected there."""

_STEPS = 4
_FORGOTTEN = 1e-4
_BLOCK_ROWS = 1_024
_UNREACHED = -1


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Around each text the texts that a random walk from it is most often at.

    Attributes:
        rows: int32 of shape (texts, width): the text itself, then others, nearest first; -1 where
            the walk reaches no more.
        sizes: Those of `SIZES` that leave half of all texts outside.
    """

    rows: NDArray[np.int32]
    sizes: tuple[int, ...]

    def rings(self, centres: NDArray[np.intp] | None = None) -> tuple[csr_matrix, ...]:
        """Return for each size the texts that the size before has not, as ones in a matrix.

        Args:
            centres: The texts whose windows are wanted, a row each; all without.
        """
        import numpy as np
        from scipy import sparse

        rows = self.rows if centres is None else self.rows[centres]
        result = []
        for start, end in pairwise((0, *self.sizes)):
            part = rows[:, start:end]
            there = part >= 0
            bounds = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
            ones = np.ones(int(bounds[-1]), dtype=np.uint8)
            shape = (len(rows), len(self.rows))
            result.append(sparse.csr_matrix((ones, part[there], bounds), shape=shape))
        return tuple(result)


def windows(weights: csr_matrix) -> Windows:
    """Order the surroundings of each text by a random walk of four steps.

    The walk goes along the edges of the graph of shared neighbours, and may stay. What it comes
    to on many ways is of the same subject more often than what merely has the higher cosine:
    of 30 texts around one, 66 % were of its labelled intent and not 58 %. The order knows nothing
    of which texts are new, so that whatever it is the null distribution holds.

    Args:
        weights: Symmetric, of shape (texts, texts).
    """
    import numpy as np
    from scipy import sparse

    count = weights.shape[0]
    sizes = tuple(size for size in SIZES if size <= count // 2)
    width = max(sizes, default=1)
    stay = np.asarray(weights.max(axis=1).todense(), dtype=np.float64).ravel()
    stay[stay == 0] = 1.0
    kernel = (weights.astype(np.float64) + sparse.diags(stay)).tocsr()
    degree = np.asarray(kernel.sum(axis=1)).ravel()
    step = (sparse.diags(1 / degree) @ kernel).tocsr()
    rows = np.full((count, width), _UNREACHED, dtype=np.int32)
    for start in range(0, count, _BLOCK_ROWS):
        walk = step[start : start + _BLOCK_ROWS]
        for _ in range(_STEPS - 1):
            walk = walk @ step
            walk.data[walk.data < _FORGOTTEN] = 0
            walk.eliminate_zeros()
        # By the degree, since otherwise those with many neighbours are near to everything.
        walk.data /= degree[walk.indices]
        walk.sort_indices()
        for place in range(walk.shape[0]):
            own = start + place
            part = slice(walk.indptr[place], walk.indptr[place + 1])
            others, mass = walk.indices[part], walk.data[part]
            mass = np.where(others == own, np.inf, np.round(mass, 12))
            found = others[np.argsort(-mass, kind="stable")[:width]]
            rows[own, : len(found)] = found
    return Windows(rows, sizes)


def surprise(count: int, new: int, size: int) -> NDArray[np.float32]:
    """Return how unlikely it is that a window of random texts holds so many new ones.

    The logarithm of 1 / p by the hypergeometric distribution, for 0 to `size` new ones; 0 for
    windows that are not out of place: more known ones than `SPARSE` of those expected.

    Args:
        count: Texts in all.
        new: How many of them are new.
        size: Of the window.
    """
    import numpy as np
    from scipy.stats import hypergeom

    held = np.arange(size + 1)
    result = -hypergeom.logsf(held - 1, count, new, size)
    return _out_of_place(result, held, size, np.array(new / count))


def surprise_within(
    themes: NDArray[np.intp], new: NDArray[np.bool_], rows: NDArray[np.int32], size: int
) -> NDArray[np.float32]:
    """Return the same where the texts of a theme are new as often as in that theme.

    A window over several themes is taken for one draw from a population whose share of new ones
    is the mean of theirs, and as large as makes the share drawn of it the mean of theirs. That
    ranks windows; p-values come from permutations.

    Args:
        themes: intp of shape (texts,), numbered from 0.
        new: bool of shape (texts,).
        rows: int32 of shape (some, width): as in `Windows`.
        size: Of the window.

    Returns:
        float32 of shape (some, size + 1).
    """
    import numpy as np

    totals = np.bincount(themes).astype(np.float64)
    shares = np.bincount(themes, new) / np.maximum(totals, 1)
    window = themes[rows[:, :size]]
    same = np.stack([(window == window[:, [one]]).sum(axis=1) for one in range(size)], axis=1)
    drawn = np.clip((same / totals[window]).mean(axis=1), 1e-9, 1.0)
    expected = shares[window].mean(axis=1)[:, None]
    population = np.maximum(size / drawn, size)[:, None]
    held = np.arange(size + 1)
    log_p = (
        _log_ways(population * expected, held)
        + _log_ways(population * (1 - expected), size - held)
        - _log_ways(population, np.array(size))
    )
    tail = np.logaddexp.accumulate(log_p[:, ::-1], axis=1)[:, ::-1]
    result = _out_of_place(-np.minimum(tail, 0), held, size, expected)
    result[(rows[:, :size] < 0).any(axis=1)] = 0
    return result


def _log_ways(total: NDArray[np.float64], taken: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the logarithm of the binomial coefficient of real numbers.

    Where more are taken than there are, it is that of all of them.
    """
    import numpy as np
    from scipy.special import gammaln

    inside = np.clip(taken, 0, total)
    ways: NDArray[np.float64] = (
        gammaln(total + 1) - gammaln(inside + 1) - gammaln(total - inside + 1)
    )
    return ways


def _out_of_place(
    values: NDArray[np.float64],
    held: NDArray[np.intp],
    size: int,
    expected: NDArray[np.float64],
) -> NDArray[np.float32]:
    import numpy as np

    there = np.isfinite(values) & (size - held <= SPARSE * size * (1 - expected))
    result = np.where(there & (held > size * expected), values, 0.0)
    return result.astype(np.float32)


def highest(
    rings: tuple[csr_matrix, ...],
    tables: Sequence[NDArray[np.float32]],
    new: NDArray[np.bool_],
) -> NDArray[np.float32]:
    """Return for each text the highest surprise of a window around it.

    Args:
        rings: See `Windows.rings`. What a window does not reach counts as known.
        tables: For each size that of `surprise`, or of `surprise_within` with a row a text.
        new: bool of shape (texts, draws): which texts are new, each time.

    Returns:
        float32 of shape (rows of the rings, draws).
    """
    import numpy as np

    dealt = np.ascontiguousarray(new, dtype=np.uint8)
    held = np.zeros((rings[0].shape[0], new.shape[1]), dtype=np.uint8)
    best = np.zeros(held.shape, dtype=np.float32)
    for ring, table in zip(rings, tables, strict=True):
        held += ring @ dealt
        alike = table.ndim == 1
        found = table[held] if alike else np.take_along_axis(table, held.astype(np.intp), axis=1)
        np.maximum(best, found, out=best)
    return best


def shuffled(
    new: NDArray[np.bool_], themes: NDArray[np.intp], draw: np.random.Generator
) -> NDArray[np.bool_]:
    """Deal out at random, within each theme, which of its texts are new."""
    import numpy as np

    result = np.empty_like(new)
    order = np.argsort(themes, kind="stable")
    result[np.lexsort((draw.random(len(new)), themes))] = new[order]
    return result
