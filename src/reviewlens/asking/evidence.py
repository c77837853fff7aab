"""Which reviews to answer from: near the question, unlike each other, within a budget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RELEVANCE = 0.7
"""What nearness to the question weighs against unlikeness to what is chosen already."""
COPY = 0.95
"""From which cosine on two sentences say the same in nearly the same words."""
SAME_MATTER = 0.35
"""How far from unrelated (0) to equal (1) two sentences are that speak of one matter.

Read off some questions to the sample reviews: at 0.25 praise and complaints about a box are one
group, at 0.45 a crushed parcel and a ripped packaging are two.
"""


def choose(
    relevance: NDArray[np.float32],
    vectors: NDArray[np.float32],
    tokens: Sequence[int],
    budget: int,
) -> list[int]:
    """Return which pieces to take, in the order of their maximal marginal relevance.

    Each next one is the nearest to the question that is least like those taken before. One that
    does not fit is left out, and a smaller one may; so is one that nearly copies another.

    Args:
        relevance: Cosine of each piece and the question, float32 of shape (pieces,).
        vectors: float32 of shape (pieces, dimension), unit length.
        tokens: Of each piece.
        budget: Tokens of all pieces at most.

    Source:
        Carbonell and Goldstein, "The use of MMR, diversity-based reranking for reordering
        documents and producing summaries", SIGIR 1998.
    """
    import numpy as np

    chosen: list[int] = []
    # Rounded: the sums of a product may differ in the last places from machine to machine.
    near = np.round(relevance.astype(np.float64), 5)
    nearest_chosen = np.zeros(len(near), dtype=np.float64)
    size = np.asarray(tokens)
    open_ = np.ones(len(near), dtype=bool)
    while (open_ := open_ & (size <= budget)).any():
        scores = RELEVANCE * near - (1 - RELEVANCE) * nearest_chosen
        best = int(np.argmax(np.where(open_, scores, -np.inf)))
        chosen.append(best)
        budget -= int(size[best])
        likeness = np.round((vectors @ vectors[best]).astype(np.float64), 5)
        np.maximum(nearest_chosen, likeness, out=nearest_chosen)
        open_ &= likeness < COPY
        open_[best] = False
    return chosen


def group(
    vectors: NDArray[np.float32], relevance: NDArray[np.float32], unrelated: float
) -> NDArray[np.intp]:
    """Return for each sentence the number of its group: those that speak of one matter.

    Groups are those of average linkage. The first is the strongest: that with the largest sum of
    the cosines to the question.

    Args:
        vectors: float32 of shape (sentences, dimension), unit length.
        relevance: Cosine of each sentence and the question.
        unrelated: Mean cosine of sentences that have nothing to do with each other; it differs
            much between encoders.
    """
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    count = len(vectors)
    if count < 2:
        return np.zeros(count, dtype=np.intp)
    cosines = np.round((vectors @ vectors.T).astype(np.float64), 5)
    distances: NDArray[np.float64] = np.clip(1 - (cosines + cosines.T) / 2, 0, 2)
    np.fill_diagonal(distances, 0)
    farthest = 1 - (unrelated + SAME_MATTER * (1 - unrelated))
    tree = linkage(squareform(distances, checks=False), method="average")
    labels = fcluster(tree, farthest, criterion="distance")
    names = np.unique(labels)
    strength = [round(float(relevance[labels == name].sum()), 5) for name in names]
    first = [int(np.flatnonzero(labels == name)[0]) for name in names]
    order = sorted(range(len(names)), key=lambda place: (-strength[place], first[place]))
    result = np.empty(count, dtype=np.intp)
    for number, place in enumerate(order):
        result[labels == names[place]] = number
    return result
