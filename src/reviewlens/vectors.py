"""What a vector must be to be stored and compared: finite, and of unit length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNIT_SLACK = 1e-2
"""How far a length may be from 1: vectors scaled in 16 bits (bfloat16 has but 8 digits, and
is off by 0.005) are off by less."""


def unusable(vectors: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Tell which vectors are not finite, or not of unit length.

    Args:
        vectors: Shape (n, dimension).

    Returns:
        Shape (n,).
    """
    import numpy as np

    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
        usable: NDArray[np.bool_] = np.abs(lengths - 1) <= UNIT_SLACK
    return ~usable


def described(vector: NDArray[np.floating]) -> str:
    """Return what is wrong with a vector that is `unusable`, in words that follow "a vector"."""
    import numpy as np

    if not np.isfinite(vector).all():
        return "with numbers that are not finite"
    return f"of length {float(np.linalg.norm(vector.astype(np.float64))):.4g}"


def pooled(
    vectors: Sequence[NDArray[np.float32]], weights: NDArray[np.float64] | None = None
) -> NDArray[np.float32]:
    """Return the mean of unit vectors at unit length, the first where they are opposite.

    Args:
        vectors: One or more of shape (dimension,).
        weights: Of each, above 0; the same for all without.
    """
    import numpy as np

    mean = np.average(np.stack(vectors), axis=0, weights=weights).astype(np.float32)
    length = np.linalg.norm(mean)
    if length == 0:
        return vectors[0]
    unit: NDArray[np.float32] = np.divide(mean, length, dtype=np.float32)
    return unit
