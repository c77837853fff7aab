"""The one check that every vector passes before it leaves an encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewlens.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


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
