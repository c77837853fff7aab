"""Which reviews say the same, letter for letter, and the neighbours among those that do not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from reviewlens.ground.neighbors import NeighborGraph, exact_rows, exact_search, nearest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.ground.neighbors import NeighborGraph

_BLOCK_ROWS = 2_048


def normalised(text: str) -> str:
    """Return a text without what a copy may differ in: case, width, white space, punctuation.

    Emoji stay, so that a thumb up and a thumb down are two texts; signs do where nothing else is.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_signs().sub(" ", folded).split()) or "".join(folded.split())


@cache
def _signs() -> re.Pattern[str]:
    """Return what matches a run of signs, by Unicode's categories.

    To `re` itself the vowels of Hindi and Thai are no part of a word.
    """
    signs = []
    for character in map(chr, range(0x10000)):
        kind = unicodedata.category(character)
        if kind[0] in "PZ" or kind in ("Cc", "Cf", "Sc", "Sk", "Sm"):
            signs.append(re.escape(character))
    which = "".join(signs)
    return re.compile(f"[{which}\ufe0f]+")  # the last makes a sign an emoji


@dataclass(frozen=True, slots=True, eq=False)
class Distinct:
    """The distinct texts of some reviews.

    Attributes:
        first: intp of shape (distinct,), rising: the first review of each text.
        of_row: intp of shape (reviews,): which distinct text each review has.
        texts: Normalised.
    """

    first: NDArray[np.intp]
    of_row: NDArray[np.intp]
    texts: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of distinct texts."""
        return len(self.texts)


def distinct(texts: Sequence[str]) -> Distinct:
    """Tell the distinct texts, in the order in which they first come."""
    import numpy as np

    number: dict[str, int] = {}
    first: list[int] = []
    of_row = np.empty(len(texts), dtype=np.intp)
    for row, text in enumerate(texts):
        key = normalised(text)
        if key not in number:
            number[key] = len(number)
            first.append(row)
        of_row[row] = number[key]
    return Distinct(np.array(first, dtype=np.intp), of_row, tuple(number))


def distinct_graph(
    found: Distinct, vectors: NDArray[np.float32], graph: NeighborGraph
) -> NeighborGraph:
    """Return the graph among distinct texts, each with the vector of its first review.

    Copies are each other's nearest neighbours, so that a text of many copies seems to stand in a
    dense place. Rows whose neighbours hold no copy keep them; the others are searched anew.

    Args:
        found: The distinct texts of the reviews.
        vectors: float32 of shape (reviews, dimension), unit length.
        graph: Of all reviews.
    """
    import numpy as np

    count, k = len(found), min(graph.k, len(found) - 1)
    if count == len(graph):
        return graph
    own = np.arange(count)
    vectors = vectors[found.first]
    if k < 1 or count > exact_rows(vectors.shape[1]):
        return nearest(vectors, graph.k)
    rows = found.of_row[graph.rows[found.first]]
    ordered = np.sort(rows, axis=1)
    twice = (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
    stale = np.flatnonzero(twice | (rows == own[:, None]).any(axis=1) | (k < graph.k))
    rows = rows[:, :k]
    similarities = graph.similarities[found.first][:, :k].copy()
    search = exact_search(vectors)
    for start in range(0, len(stale), _BLOCK_ROWS):
        asked = stale[start : start + _BLOCK_ROWS]
        near, cosines = search(vectors[asked], k + 1)
        itself = near == asked[:, None]
        itself[~itself.any(axis=1), -1] = True
        rows[asked] = near[~itself].reshape(len(asked), k)
        similarities[asked] = cosines[~itself].reshape(len(asked), k)
    return NeighborGraph(rows.astype(np.int32), similarities, graph.recall)
