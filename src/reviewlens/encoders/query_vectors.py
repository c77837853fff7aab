"""Vectors of texts to search by, where a text that comes again is not embedded again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from reviewlens.encoders.embedding import embed_queries
from reviewlens.encoders.protocol import Encoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Embed: TypeAlias = "Callable[[Sequence[str]], NDArray[np.float32]]"
"""Returns the vectors of texts to search by, as `embed_queries` does."""

KEPT_QUERIES = 1_024
"""How many are remembered: 1.6 MB with 384 dimensions."""


class QueryVectors:
    """Embeds texts to search by, and remembers those that were used last.

    Who looks at what a text finds, how often it is said and with which words, under one filter and
    another, asks with one text many times. It may be used from several threads.

    Args:
        kept: How many are remembered.
    """

    def __init__(self, *, kept: int = KEPT_QUERIES) -> None:
        self._most = kept
        self._guard = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], NDArray[np.float32]] = OrderedDict()

    def of(self, encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts as an encoder makes them; shape and errors are the encoder's.

        Args:
            encoder: Asked for the texts that are not remembered.
            texts: Any number.
        """
        import numpy as np

        keys = [(encoder.fingerprint, text) for text in texts]
        with self._guard:
            found = {key: self._kept[key] for key in keys if key in self._kept}
        missing = list(dict.fromkeys(key for key in keys if key not in found))
        if missing:
            vectors = embed_queries(encoder, [text for _, text in missing])
            # Copies: a view would keep the vectors of all texts that were embedded with it.
            found.update(zip(missing, (vector.copy() for vector in vectors), strict=True))
        with self._guard:
            for key in keys:
                self._kept[key] = found[key]
                self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        if not keys:
            return np.empty((0, encoder.dimension), dtype=np.float32)
        return np.stack([found[key] for key in keys])
