"""Sentence vectors of word vectors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from reviewlens.encoders.model import digest
from reviewlens.encoders.protocol import Token, TokenCount
from reviewlens.encoders.words.conversion import Converted
from reviewlens.encoders.words.cut import CUTTING, count_tokens, cut_words, tokens_of
from reviewlens.encoders.words.formats import PACKAGED
from reviewlens.encoders.words.similarities import SENTENCE, WEIGHT, word_weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WINDOW = 4_096
"""Words of a text that are embedded. A mean has no window; that of thousands of words tells little,
and a text beyond it is cut into passages."""
_NOTHING = 1e-6


class WordVectorsEncoder:
    """The weighted mean of a text's word vectors, without the direction that all texts share.

    Smooth inverse frequency: a word of probability p weighs a / (a + p), so that `the` says next
    to nothing; then the common direction is taken out. It differs from the paper in that both
    are fixed by the vocabulary, so that a text's vector never depends on other texts. A text of
    which no word is known gets the common direction itself, which is at right angles to the vectors
    of all other texts: it is found by no query but one of which no word is known either.

    Args:
        converted: The word vectors.

    Source: Arora, Liang and Ma, "A simple but tough-to-beat baseline for sentence embeddings",
        ICLR 2017.
    """

    def __init__(self, converted: Converted) -> None:
        self.name = converted.name
        self.notes: tuple[str, ...] = ()
        self.window = WINDOW
        # Of a file of word vectors it is not known.
        self.languages = frozenset({"en"} if converted.name == PACKAGED else ())
        self._converted = converted
        self._places = {word: place for place, word in enumerate(converted.words)}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of all that shapes the vectors; the form of the file does not."""
        return digest(
            {
                "scheme": 1,
                "kind": "word vectors",
                "content": self._converted.content,
                "weight": WEIGHT,
                "sentence": SENTENCE,
                "cutting": CUTTING,
                "window": WINDOW,
            }
        )

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return int(self._converted.vectors.shape[1])

    def count_tokens(self, texts: Sequence[str]) -> list[TokenCount]:
        """Counts the words of each text, and those without a vector; order kept."""
        return count_tokens(texts, self._places)

    def tokens_of(self, text: str) -> list[Token]:
        """Returns the words of a text in order, those without a vector as they stand in it."""
        return tokens_of(text, self._places)

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to be found; what passes the window is cut off.

        Returns:
            Shape (n, dimension), unit length, finite, order kept; (0, dimension) for no texts.
        """
        import numpy as np

        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._vector(text)
        return vectors

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to find by, as documents."""
        return self.encode_documents(texts)

    @cached_property
    def _weights(self) -> NDArray[np.float64]:
        return word_weights(len(self._converted.words))

    def _vector(self, text: str) -> NDArray[np.float64]:
        import numpy as np

        common = self._converted.common
        cuts = islice(cut_words(text, self._places), WINDOW)
        places = [self._places[cut.word] for cut in cuts if cut.word is not None]
        if not places:
            return common
        weights = self._weights[places]
        total = weights @ self._converted.vectors[places].astype(np.float64)
        rest = total - common * (common @ total)
        length = float(np.linalg.norm(rest))
        # What is left of words whose vectors are zero, or all along the common direction, is noise.
        if length <= _NOTHING * float(weights @ self._converted.lengths[places]):
            return common
        vector: NDArray[np.float64] = rest / length
        return vector
