"""What the encoders of a sentence-transformers model have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.encoders.model import Model, Precision
    from reviewlens.encoders.model_folder import ModelFolder
    from reviewlens.encoders.protocol import Token, TokenCount


class ModelEncoder(ABC):
    """An `Encoder` of a model; how the texts go through it is for the subclasses.

    Args:
        model: The model to run.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._notes: list[str] = []

    @property
    def name(self) -> str:
        """What loads the same weights again."""
        return self._model.name

    @property
    def folder(self) -> ModelFolder:
        """What the model's files say."""
        return self._model.folder

    @property
    def precision(self) -> Precision:
        """Whether its weights are rounded."""
        return self._model.precision

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of all that shapes the vectors."""
        return self._model.fingerprint

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self._model.dimension

    @property
    def window(self) -> int:
        """Tokens of a document that are embedded: special tokens and prompt are taken off."""
        return self._model.window

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages it reads, by its model card; empty without one."""
        return self._model.languages

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of how the model is run; empty as long as nothing ran."""
        return tuple(self._notes)

    def count_tokens(self, texts: Sequence[str]) -> list[TokenCount]:
        """Counts the tokens of each text, as a document; loads neither torch nor weights."""
        return self._model.count_tokens(texts)

    def tokens_of(self, text: str) -> list[Token]:
        """Returns the tokens of a text, as a document, in order; loads no weights."""
        return self._model.tokens_of(text)

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to be found; what passes the window is cut off.

        Returns:
            Shape (n, dimension), unit length, finite, order kept; (0, dimension) for no texts.

        Raises:
            EncoderError: The model cannot be run, or gave a vector that cannot be used.
        """
        return self.encode(texts, self._model.folder.document_prompt)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to find by; what passes the window is cut off.

        Returns:
            Shape (n, dimension), unit length, finite, order kept; (0, dimension) for no texts.

        Raises:
            EncoderError: The model cannot be run, or gave a vector that cannot be used.
        """
        return self.encode(texts, self._model.folder.query_prompt)

    @abstractmethod
    def encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        """Embeds texts with that prompt before each; else as `encode_documents`."""
