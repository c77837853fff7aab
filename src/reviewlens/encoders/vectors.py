"""The one check that every vector passes before it leaves an encoder, and how two compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewlens.errors import EncoderError, InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


def unit_vectors(raw: NDArray[np.floating], *, dimension: int) -> NDArray[np.float32]:
    """Scales rows to unit length.

    Args:
        raw: Shape (n, dimension), as a model gave them.
        dimension: The number of columns that the model promised.

    Returns:
        Shape (n, dimension), float32, each row of length 1; order kept.

    Raises:
        EncoderError: The shape is another, or a row is not finite or is zero.
    """
    import numpy as np

    if raw.ndim != 2 or raw.shape[1] != dimension:
        raise EncoderError(
            f"The model gave vectors of shape {raw.shape}, but its folder says {dimension} numbers "
            "a text; its files do not belong together: fetch the model again."
        )
    vectors = raw.astype(np.float64)
    lengths = np.linalg.norm(vectors, axis=1)
    unusable = ~np.isfinite(lengths) | (lengths == 0)
    if unusable.any():
        first = int(unusable.argmax())
        raise EncoderError(
            f"The model gave a vector of length {lengths[first]} for text {first + 1} of "
            f"{len(vectors)}; a finite one above zero was wanted: its weights may be damaged, "
            "fetch the model again or choose another."
        )
    unit: NDArray[np.float32] = (vectors / lengths[:, None]).astype(np.float32)
    return unit


def cosine(u: ArrayLike, v: ArrayLike) -> float:
    """Returns the cosine of the angle between two vectors, -1 to 1.

    Args:
        u: Numbers, at least one of them not 0.
        v: As many of them.

    Raises:
        InputError: The lengths differ, or a vector is zero or not finite.
    """
    import numpy as np

    one, other = np.asarray(u, dtype=np.float64), np.asarray(v, dtype=np.float64)
    if one.ndim != 1 or one.shape != other.shape:
        raise InputError(
            f"the vectors have the shapes {one.shape} and {other.shape}; wanted two of as many "
            "numbers"
        )
    lengths = [float(np.linalg.norm(vector)) for vector in (one, other)]
    if not np.isfinite(lengths).all() or not all(lengths):
        raise InputError(
            "an angle is between vectors of a length above zero; one of these is zero, or is not "
            "finite"
        )
    return float(np.clip(one / lengths[0] @ (other / lengths[1]), -1, 1))


def angle(u: ArrayLike, v: ArrayLike) -> float:
    """Returns the angle between two vectors in degrees, 0 to 180; the arguments are `cosine`'s."""
    from math import acos, degrees

    return degrees(acos(cosine(u, v)))
