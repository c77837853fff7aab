"""Vectors of texts, where a text that comes again is not encoded again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from reviewlens.encoders import Encoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEPT_VECTORS = 20_000
"""How many are remembered: 31 MB with 384 dimensions."""


class RecentVectors:
    """Encodes texts, and remembers the vectors of those that were used last.

    Args:
        encoder: Loads its weights only when there is something to encode.

    Attributes:
        encoded: How many texts went through the encoder.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.encoded = 0
        self._encoder = encoder
        self._kept: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()

    def of(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """Return the vectors of some texts, in their order."""
        keys = [blake2b(text.encode(), digest_size=16).digest() for text in texts]
        found = {key: self._kept[key] for key in keys if key in self._kept}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if missing:
            # Copies: a view would keep the vectors of all texts that were encoded with it.
            vectors = self._encoder.encode_documents(list(missing.values()))
            found.update((key, vector.copy()) for key, vector in zip(missing, vectors, strict=True))
            self.encoded += len(missing)
        for key, vector in found.items():
            self._kept[key] = vector
            self._kept.move_to_end(key)
        while len(self._kept) > KEPT_VECTORS:
            self._kept.popitem(last=False)
        return [found[key] for key in keys]
