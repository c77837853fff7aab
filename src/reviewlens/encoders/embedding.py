"""Where vectors come from encoders: whatever runs one, what it gives is checked here, and once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from reviewlens.encoders.protocol import Encoder
from reviewlens.errors import EncoderError
from reviewlens.vectors import described, unusable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

_SHOWN_CHARACTERS = 60
_ROUNDING = 1e-3
"""How far a length may be from 1 that is left so; the 16 bits of a half round by less."""


def embed_documents(
    encoder: Encoder, texts: Sequence[str], *, ids: Sequence[str] = ()
) -> NDArray[np.float32]:
    """Embed texts to be found.

    Args:
        encoder: Whatever it is; it is not asked for no texts.
        texts: Any number.
        ids: Of the review that each text is of, for the message about one that cannot be embedded.

    Returns:
        float32 of shape (n, dimension), unit length, finite, order kept.

    Raises:
        EncoderError: The encoder gave something else, or raised this itself.
    """
    return _embedded(encoder, encoder.encode_documents, texts, ids)


def embed_queries(encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
    """Embed texts to find by; shape and errors are those of `embed_documents`."""
    return _embedded(encoder, encoder.encode_queries, texts, ())


def _embedded(
    encoder: Encoder,
    encode: Callable[[Sequence[str]], ArrayLike],
    texts: Sequence[str],
    ids: Sequence[str],
) -> NDArray[np.float32]:
    import numpy as np

    wanted = (len(texts), encoder.dimension)
    if not len(texts):
        return np.empty(wanted, dtype=np.float32)
    vectors = _numbers(encoder, encode(texts))
    if vectors.shape != wanted:
        raise EncoderError(
            f"the encoder {encoder.name} gave an array of shape {vectors.shape} for {len(texts):,} "
            f"texts; wanted {wanted}: a row a text, of as many numbers as its `dimension` says"
        )
    wrong = unusable(vectors)
    if wrong.any():
        row = int(wrong.argmax())
        text = " ".join(texts[row].split())
        shown = text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
        of = f"of the review {ids[row]!r}" if ids else f"{row + 1:,} of {len(texts):,}"
        raise EncoderError(
            f"the encoder {encoder.name} gave a vector {described(vectors[row])} for the text "
            f"{shown!r} ({of}); wanted finite numbers and length 1: have it divide each vector by "
            "its length, or choose another encoder; nothing of these texts was used"
        )
    return _scaled(vectors)


def _scaled(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors with those at length 1 that are further from it than what is left so."""
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, np.where(np.abs(lengths - 1) > _ROUNDING, lengths, np.float32(1)))


def _numbers(encoder: Encoder, raw: ArrayLike) -> NDArray[np.float32]:
    """Return what an encoder gave as 32-bit numbers."""
    import numpy as np

    try:
        given = np.asarray(raw)
    except (TypeError, ValueError, RuntimeError) as error:  # the last is torch's
        raise EncoderError(
            f"the encoder {encoder.name} gave what is no array ({error}); wanted rows of as many "
            "numbers"
        ) from error
    if given.dtype.kind not in "fiu":
        raise EncoderError(
            f"the encoder {encoder.name} gave an array of {given.dtype}; wanted numbers of 32 bits"
        )
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(given, dtype=np.float32)
