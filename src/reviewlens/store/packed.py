"""The statements of a passage in one field: where each stands, and its vector in a byte a number.

Milvus Lite and older servers have no vectors of bytes, and no lists of vectors. So they are text
to Milvus, and compared here, of the passages that a search has found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pybase64

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PACKED_BYTES = 65_535
"""The largest that can be stored: Milvus' largest VARCHAR."""
_LARGEST = 127
_OF_EACH = 4
"""Bytes of a statement besides its vector: where it begins and ends."""


@dataclass(frozen=True, slots=True, eq=False)
class PackedStatements:
    """The statements of a passage.

    Attributes:
        spans: int64 of shape (statements, 2): where each begins and ends in the passage's text, in
            characters.
        numbers: int8 of shape (statements, dimension): the direction of each vector.
    """

    spans: NDArray[np.int64]
    numbers: NDArray[np.int8]

    @property
    def vectors(self) -> NDArray[np.float32]:
        """float32 of shape (statements, dimension), as `directions` returns them."""
        return directions(self.numbers)


def directions(numbers: NDArray[np.int8]) -> NDArray[np.float32]:
    """Return vectors of bytes at unit length; what that loses moves a cosine by 0.003 at most.

    Args:
        numbers: Shape (statements, dimension).
    """
    import numpy as np

    vectors = numbers.astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    vectors *= (1 / np.maximum(lengths, 1))[:, None]
    return vectors


def pack(spans: Sequence[tuple[int, int]], vectors: NDArray[np.float32]) -> str:
    """Put the statements of a passage together as text.

    Statements whose vector is of zeros are left out: nothing of them was read. Where there are too
    many for the field, neighbours are put together, as few as need be.

    Args:
        spans: Where each begins and ends, in characters, in order.
        vectors: float32 of shape (statements, dimension), of unit length or zeros.
    """
    import numpy as np

    there = vectors.any(axis=1)
    if not there.any():
        return ""
    places = np.asarray(spans, dtype=np.int64).reshape(-1, 2)[there]
    vectors = vectors[there]
    most = (PACKED_BYTES // 4 * 3 - 2) // (_OF_EACH + vectors.shape[1])
    if len(places) > most:
        parts = np.array_split(np.arange(len(places)), most)
        places = np.array([(places[part[0], 0], places[part[-1], 1]) for part in parts])
        vectors = np.stack([vectors[part].mean(axis=0) for part in parts])
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    numbers = np.rint(vectors / largest * _LARGEST).astype(np.int8)
    content = (
        np.array(len(places), "<u2").tobytes() + places.astype("<u2").tobytes() + numbers.tobytes()
    )
    return pybase64.b64encode_as_string(content)


def unpack(packed: str) -> PackedStatements | None:
    """Return what `pack` put together; None of an empty text, or of one that it did not make."""
    import numpy as np

    try:
        content = pybase64.b64decode(packed)
        count = int(np.frombuffer(content, "<u2", 1)[0])
        spans = np.frombuffer(content, "<u2", 2 * count, 2).reshape(count, 2)
        numbers = np.frombuffer(content, np.int8, -1, 2 + _OF_EACH * count).reshape(count, -1)
    except ValueError:
        return None
    return PackedStatements(spans.astype(np.int64), numbers)


def least_cosine(one: str, other: str) -> float:
    """Return the least cosine of the statements of two packed texts.

    Returns:
        1 where both are empty, 0 where the statements are not the same ones.
    """
    first, second = unpack(one), unpack(other)
    if first is None or second is None:
        return 1.0 if one == other else 0.0
    if first.numbers.shape != second.numbers.shape or (first.spans != second.spans).any():
        return 0.0
    return float((first.vectors * second.vectors).sum(axis=1).min())
