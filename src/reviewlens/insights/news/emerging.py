"""Groups of new texts where known ones are missing, tested by dealing out anew which are new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.insights.news.scan import (
    SPARSE,
    Windows,
    highest,
    shuffled,
    surprise,
    surprise_within,
    windows,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

PERMUTATIONS = 199

_NEAR = 13
_LINKED = 18
_SMALLEST = 5
_MAIN_THEMES = 0.8
_AT_ONCE = 25
_EXTENSIONS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """New texts that stand together.

    Attributes:
        members: intp, rising: the new texts.
        known: intp, rising: known texts that stand among them.
        p: Of the largest surprise in it, against the largest anywhere in a permutation.
        p_within: Of the largest surprise in it given how new its themes are, against the largest
            in these themes.
    """

    members: NDArray[np.intp]
    known: NDArray[np.intp]
    p: float
    p_within: float


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """What a search for emerging groups found.

    Attributes:
        groups: Those that stand both tests, largest first.
        possible: Whether a window of new texts alone would have been enough.
    """

    groups: tuple[Group, ...]
    possible: bool


def emerging_groups(
    weights: csr_matrix,
    new: NDArray[np.bool_],
    themes: NDArray[np.integer],
    *,
    rate: float,
    seed: int = 0,
    permutations: int = PERMUTATIONS,
) -> Search:
    """Find groups of new texts in places where there were hardly any known ones.

    A scan: in windows of 6 to 70 texts around every text the new ones are counted. A window is out
    of place where it holds at most a quarter of the known texts that chance would put there, and
    its surprise is how unlikely so many new ones are. What the largest surprise anywhere is when
    nothing is new is learnt by dealing out at random which texts are new, so that windows that
    overlap, and their number, need no correction. From the windows whose surprise is higher than
    all but half of `rate` of these maxima the group is made up: half, so that the observed rate
    stays below the one asked for.

    That a saved theme merely grows is no reason: then its new reviews stand among its known ones.
    So a group must pass again, at `rate`, where new ones are dealt out within each theme, as many
    as it has.

    Args:
        weights: The graph of shared neighbours of the texts; see `shared_neighbors`.
        new: bool of shape (texts,).
        themes: The saved theme of each text.
        rate: How often any group may be found where there is none, 0..1.
        seed: Of the permutations.
        permutations: How many; p is at least 1 / (1 + permutations).

    Source:
        Kulldorff, "A spatial scan statistic", Communications in Statistics, 1997, for the scan and
        its null distribution; Schilling, "Multivariate two-sample tests based on nearest
        neighbors", Journal of the American Statistical Association, 1986, for neighbours as place.
    """
    import numpy as np

    around = windows(weights)
    if not around.sizes or not new.any() or new.all():
        return Search((), possible=False)
    tables = [surprise(len(new), int(new.sum()), size) for size in around.sizes]
    draw = np.random.default_rng(seed)
    rings = around.rings()
    maxima = np.concatenate(
        [
            highest(rings, tables, _dealt(new, count, draw)).max(axis=0)
            for count in _batches(permutations)
        ]
    )
    allowed = int(rate / 2 * (permutations + 1) + 1e-9) - 1
    bar = np.sort(maxima)[::-1][allowed] if allowed >= 0 else np.inf
    best = highest(rings, tables, new[:, None])[:, 0]
    hot = np.flatnonzero(best > bar)
    possible = max(float(table.max()) for table in tables) > bar
    if not len(hot):
        return Search((), possible)
    groups = grown(hot, around, new, _reaches(hot, best, around, new, tables))
    _, strata = np.unique(themes, return_inverse=True)
    tested = [
        Group(
            members,
            _among(members, around, ~new),
            (1 + int((maxima >= best[members].max()).sum())) / (permutations + 1),
            p_within,
        )
        for members, p_within in zip(
            groups, _within(groups, around, new, strata, draw, permutations), strict=True
        )
    ]
    kept = [group for group in tested if group.p <= rate / 2 and group.p_within <= rate]
    kept.sort(key=lambda group: (-len(group.members), int(group.members[0])))
    return Search(tuple(kept), possible)


def _reaches(
    hot: NDArray[np.intp],
    best: NDArray[np.float32],
    around: Windows,
    new: NDArray[np.bool_],
    tables: list[NDArray[np.float32]],
) -> list[int]:
    """Return for each of these texts the size of the window with the highest surprise."""
    import numpy as np

    held = np.cumsum(np.append(new, False)[around.rows[hot]], axis=1)
    return [
        next(
            size
            for size, table in zip(around.sizes, tables, strict=True)
            if table[held[place, size - 1]] == best[one]
        )
        for place, one in enumerate(hot)
    ]


def grown(
    hot: NDArray[np.intp], around: Windows, new: NDArray[np.bool_], reaches: list[int]
) -> list[NDArray[np.intp]]:
    """Return the new texts of these windows as groups of linked ones, each with those around it.

    A window reaches beyond its group. So a text belongs only where the nearest ones around it are
    new as well, and so does one outside the windows where most of the nearest belong.
    """
    import numpy as np
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    near = around.rows[:, :_NEAR]
    reached = (near >= 0).sum(axis=1)
    known = (~np.append(new, True)[near]).sum(axis=1)
    clean = new & (known <= SPARSE * reached * (1 - new.mean()))
    member = np.zeros(len(new), dtype=bool)
    for one, reach in zip(hot, reaches, strict=True):
        inside = around.rows[one, :reach]
        member[inside[inside >= 0]] = True
    member &= clean
    for _ in range(_EXTENSIONS):
        member |= clean & (2 * np.append(member, False)[near].sum(axis=1) > reached)
    rows = np.flatnonzero(member)
    place = np.full(len(new) + 1, -1)
    place[rows] = np.arange(len(rows))
    other = place[around.rows[rows, :_LINKED]]
    one, column = np.nonzero(other >= 0)
    edges = (np.ones(len(one)), (one, other[one, column]))
    links = sparse.csr_matrix(edges, shape=(len(rows), len(rows)))
    count, label = connected_components(links, directed=False)
    groups = [rows[label == number] for number in range(count)]
    return [group for group in groups if len(group) >= _SMALLEST]


def _among(
    members: NDArray[np.intp], around: Windows, others: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Return those of the others around whom most of the nearest are members."""
    import numpy as np

    near = around.rows[:, :_NEAR]
    member = np.zeros(len(others) + 1, dtype=bool)
    member[members] = True
    return np.flatnonzero(others & (2 * member[near].sum(axis=1) > (near >= 0).sum(axis=1)))


def _within(
    groups: list[NDArray[np.intp]],
    around: Windows,
    new: NDArray[np.bool_],
    themes: NDArray[np.intp],
    draw: np.random.Generator,
    permutations: int,
) -> list[float]:
    """Return each group's p-value given how new its themes are, over windows in these.

    Its themes are those that most of its texts were assigned to, so many that four fifths are.
    """
    import numpy as np

    tests = []
    for members in groups:
        held = np.bincount(themes[members])
        ranked = np.argsort(-held, kind="stable")
        enough = int((np.cumsum(held[ranked]) < _MAIN_THEMES * len(members)).sum()) + 1
        rows = np.flatnonzero(np.isin(themes, ranked[:enough]))
        rings = around.rings(rows)
        tables = [surprise_within(themes, new, around.rows[rows], size) for size in around.sizes]
        top = highest(rings, tables, new[:, None])[np.isin(rows, members)].max()
        tests.append((rings, tables, top))
    beaten = np.zeros(len(groups), dtype=int)
    for count in _batches(permutations) if groups else ():
        dealt = np.stack([shuffled(new, themes, draw) for _ in range(count)], axis=1)
        for number, (rings, tables, top) in enumerate(tests):
            beaten[number] += (highest(rings, tables, dealt).max(axis=0) >= top).sum()
    return [(1 + int(count)) / (permutations + 1) for count in beaten]


def _dealt(new: NDArray[np.bool_], count: int, draw: np.random.Generator) -> NDArray[np.bool_]:
    """Deal out at random which texts are new, so many times; shape (texts, count)."""
    import numpy as np

    return np.stack([draw.permutation(new) for _ in range(count)], axis=1)


def _batches(permutations: int) -> list[int]:
    """Return how many permutations are made at once, one batch after another."""
    full, rest = divmod(permutations, _AT_ONCE)
    return [_AT_ONCE] * full + [rest] * (rest > 0)
