"""Search that minds which side the reviews take: praise or complaint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from reviewlens.search.fusion import DENSE_WEIGHT
from reviewlens.search.sentiment import Liking
from reviewlens.store import Hit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Side = Literal["positive", "negative"]
Polarity = Literal["positive", "negative", "auto"]
"""Praise, complaint, or the side that the query itself takes."""
POLARITIES: tuple[Polarity, ...] = get_args(Polarity)

WEIGHT = 1.5
"""What a review that wholly takes the side gains, in standard deviations of a cosine."""
TAKES_A_SIDE = 0.3
"""From which reading on, -1..1, `auto` takes a query for praise or complaint."""


@dataclass(frozen=True, slots=True)
class Preference:
    """Which side a search prefers.

    Attributes:
        polarity: As the user gave it.
        liking: What the corpus' stars teach.
    """

    polarity: Polarity
    liking: Liking

    def side(self, query: NDArray[np.float32]) -> Side | None:
        """Return the side to mind; with `auto` that of the query, None where it takes none.

        Args:
            query: Its vector, of shape (dimension,).
        """
        if self.polarity != "auto":
            return self.polarity
        read = float(self.liking.read(query[None, :])[0])
        if abs(read) < TAKES_A_SIDE:
            return None
        return "positive" if read > 0 else "negative"


def pool_size(n: int) -> int:
    """Return of how many nearest reviews the `n` best are chosen."""
    return max(50, 5 * n)


def by_side(hits: Sequence[Hit], liking: Liking, side: Side) -> list[tuple[Hit, float]]:
    """Return hits with how much each likes, -1..1, best first: near, and on the side asked for.

    What a review gains by its side is added to its similarity, also where that is a part of a
    fused score.

    Args:
        hits: With their vectors.
        liking: What the corpus' stars teach.
        side: The one asked for.
    """
    import numpy as np

    if not hits:
        return []
    vectors = np.stack([hit.passage.vector for hit in hits if hit.passage.vector is not None])
    read = liking.read(vectors)
    gain = WEIGHT * liking.spread * (read if side == "positive" else -read)
    scores = np.array([hit.similarity if hit.score is None else hit.score for hit in hits])
    if hits[0].score is not None:
        gain *= DENSE_WEIGHT / (1.0 + max(hit.similarity for hit in hits))
    order = np.argsort(-(scores + gain), kind="stable")
    return [(hits[row], round(float(read[row]), 4)) for row in order.tolist()]
