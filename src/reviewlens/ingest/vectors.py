"""Vectors of texts, where a text that comes again is not encoded again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from reviewlens.encoders import Encoder, ServedEncoder, embed_documents

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEPT_VECTORS = 20_000
"""How many are remembered: 31 MB with 384 dimensions."""
TEXTS_AT_ONCE = 512
"""How many are encoded between two signs of life: some 5 seconds of two cores. An ingest takes
about 5 % longer with parts of 128, as cores wait for each other at the end of each."""


class RecentVectors:
    """Encodes texts, and remembers the vectors of those that were used last.

    Args:
        encoder: Loads its weights only when there is something to encode.
        kept: How many vectors are remembered.
        at_once: How many texts are encoded between two signs of life.

    Attributes:
        encoded: How many texts went through the encoder.
    """

    def __init__(
        self, encoder: Encoder, *, kept: int = KEPT_VECTORS, at_once: int = TEXTS_AT_ONCE
    ) -> None:
        self.encoded = 0
        self._most = kept
        self._at_once = at_once
        self._encoder = encoder
        self._kept: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()

    def of(
        self,
        texts: Sequence[str],
        *,
        review_ids: Sequence[str] = (),
        on_part: Callable[[], None] = lambda: None,
    ) -> list[NDArray[np.float32]]:
        """Return the vectors of some texts, in their order.

        Args:
            texts: Any number.
            review_ids: Of the review that each is of, for messages.
            on_part: Called between parts of what is to be encoded, so that it can be stopped there.

        Raises:
            EncoderError: A text cannot be embedded.
        """
        keys = [blake2b(text.encode(), digest_size=16).digest() for text in texts]
        found = {key: self._kept[key] for key in keys if key in self._kept}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        found.update(self._encoded(missing, dict(zip(keys, review_ids, strict=False)), on_part))
        for key, vector in found.items():
            self._kept[key] = vector
            self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return [found[key] for key in keys]

    def _encoded(
        self,
        texts: Mapping[bytes, str],
        review_ids: Mapping[bytes, str],
        on_part: Callable[[], None],
    ) -> Iterator[tuple[bytes, NDArray[np.float32]]]:
        """Yield the vectors of texts, those of about equal length together."""
        keys = sorted(texts, key=lambda key: len(texts[key]))
        served = isinstance(self._encoder, ServedEncoder)  # it cuts requests of its own
        size = len(keys) if served else self._at_once
        for start in range(0, len(keys), max(1, size)):
            if start:
                on_part()
            part = keys[start : start + size]
            vectors = embed_documents(
                self._encoder,
                [texts[key] for key in part],
                ids=[review_ids[key] for key in part if key in review_ids],
            )
            self.encoded += len(part)
            # Copies: a view would keep the vectors of all texts that were encoded with it.
            yield from zip(part, (vector.copy() for vector in vectors), strict=True)
