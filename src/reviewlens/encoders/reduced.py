"""Shorter vectors: the first numbers of each.

The first numbers of a vector, scaled to unit length again, serve well with models trained for it.

Source: Kusupati et al., "Matryoshka Representation Learning", NeurIPS 2022.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reviewlens.encoders.accelerators import AcceleratedEncoder
from reviewlens.encoders.model import digest
from reviewlens.encoders.onnx_runtime import OnnxEncoder
from reviewlens.encoders.protocol import (
    Encoder,
    Token,
    TokenCount,
    TokenShower,
    WordAverager,
    languages_of,
)
from reviewlens.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLE = 2_000
"""Whole vectors of documents that are kept, to measure what was lost: 3 MB of 384 numbers."""
_SUFFIX = re.compile(r"(?P<name>.+)\+(?P<dimensions>\d+)d", re.DOTALL)


def split_dimensions(name: str) -> tuple[str, int | None]:
    """Return an encoder's name without `+128d` at its end, and that number; None without one."""
    found = _SUFFIX.fullmatch(name)
    if found is None or Path(name).expanduser().exists():
        return name, None
    return found["name"], int(found["dimensions"])


class ReducedEncoder:
    """The first numbers of another encoder's vectors, scaled to unit length: an encoder of its own.

    Args:
        whole: The encoder.
        dimensions: How many numbers of each vector are kept.

    Raises:
        EncoderError: There are not that many.
    """

    def __init__(self, whole: Encoder, dimensions: int) -> None:
        if not 1 <= dimensions <= whole.dimension:
            raise EncoderError(
                f"{whole.name} has {whole.dimension} dimensions; {dimensions} of them cannot be "
                f"kept: give --dimensions from 1 to {whole.dimension}."
            )
        self.whole = whole
        self.dimension = dimensions
        self._seen: dict[str, NDArray[np.float32]] = {}

    @property
    def name(self) -> str:
        """What loads the same weights again."""
        return f"{self.whole.name}+{self.dimension}d"

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of all that shapes the vectors."""
        return digest(
            {"scheme": 1, "whole": self.whole.fingerprint, "first": self.dimension},
        )

    @property
    def window(self) -> int:
        """Tokens of a document that are embedded."""
        return self.whole.window

    @property
    def languages(self) -> frozenset[str]:
        """Those that the whole encoder reads."""
        return languages_of(self.whole)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of how the model is run."""
        return self.whole.notes

    def preload(self) -> None:
        """Prepares the model for queries, where it can be."""
        if isinstance(self.whole, OnnxEncoder | AcceleratedEncoder):
            self.whole.preload()

    def count_tokens(self, texts: Sequence[str]) -> list[TokenCount]:
        """Counts the tokens of each text, as a document; order kept."""
        return self.whole.count_tokens(texts)

    def tokens_of(self, text: str) -> list[Token]:
        """Returns the tokens of a text, as the whole encoder cuts it."""
        if not isinstance(self.whole, TokenShower):
            raise EncoderError(f"{self.whole.name} does not show how it cuts a text.")
        return self.whole.tokens_of(text)

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to be found.

        Returns:
            Shape (n, dimension), unit length, finite, order kept; (0, dimension) for no texts.

        Raises:
            EncoderError: The model cannot be run, or nothing is left of a vector.
        """
        vectors = self.whole.encode_documents(texts)
        for text, vector in zip(texts, vectors, strict=True):
            if len(self._seen) == SAMPLE:
                break
            self._seen.setdefault(text, vector.copy())
        return self.shortened(vectors)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to find by; the shape is that of `encode_documents`."""
        return self.shortened(self.whole.encode_queries(texts))

    def average_words(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """Embeds texts by their words alone, as the whole encoder does; None where it cannot."""
        return self.whole.average_words(texts) if isinstance(self.whole, WordAverager) else None

    def shortened(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return whole vectors as this encoder would give them."""
        return truncated(vectors, self.dimension)

    def sample(self) -> NDArray[np.float32]:
        """Return the whole vectors of the first documents embedded, each text once.

        Returns:
            Shape (at most `SAMPLE`, dimension of the whole).
        """
        import numpy as np

        return np.array(list(self._seen.values()), dtype=np.float32).reshape(
            len(self._seen), self.whole.dimension
        )


def truncated(vectors: NDArray[np.float32], dimensions: int) -> NDArray[np.float32]:
    """Return the first numbers of each vector, scaled to unit length.

    Args:
        vectors: Shape (n, dimension).
        dimensions: At most that dimension.

    Raises:
        EncoderError: The first numbers of a vector are all zero.
    """
    import numpy as np

    first = vectors[:, :dimensions].astype(np.float64)
    lengths = np.linalg.norm(first, axis=1)
    if (lengths == 0).any():
        raise EncoderError(
            f"The first {dimensions} numbers of a vector are all zero, so that nothing would be "
            "left of a text; keep more, or all: this encoder's vectors cannot be cut off."
        )
    unit: NDArray[np.float32] = (first / lengths[:, None]).astype(np.float32)
    return unit
