"""What every encoder offers, whatever runs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class TokenCount(NamedTuple):
    """How long a text is to a tokenizer; special tokens are not counted.

    Attributes:
        tokens: Tokens of the whole text, nothing cut off.
        unknown: How many of them the model does not know (`[UNK]` and the like).
    """

    tokens: int
    unknown: int


class Token(NamedTuple):
    """A piece of a text, as a tokenizer cuts it.

    Attributes:
        text: As the tokenizer writes it, such as `##ing` for the end of a word.
        start: Where it begins in the text, in characters from 0.
        end: The character after its last.
        unknown: Whether the model does not know it.
    """

    text: str
    start: int
    end: int
    unknown: bool


class Encoder(Protocol):
    """Turns texts into unit vectors, so that texts near in meaning get vectors with a high cosine.

    Attributes are known before any weights are loaded; the first `encode_*` call loads them.
    """

    @property
    def name(self) -> str:
        """What loads the same weights again; a hub model carries its commit: `org/model@commit`."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of all that shapes the vectors, and of nothing else."""

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""

    @property
    def window(self) -> int:
        """Tokens of a document that are embedded: special tokens and prompt are taken off."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of how the model is run, such as a fallback and its reason."""

    def count_tokens(self, texts: Sequence[str]) -> list[TokenCount]:
        """Counts the tokens of each text, as a document; order kept."""

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to be found.

        Returns:
            Shape (n, dimension), unit length, finite, order kept; (0, dimension) for no texts.
        """

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds texts to find by; the shape is that of `encode_documents`."""


@runtime_checkable
class ServedEncoder(Protocol):
    """An encoder whose texts go to a server: it may cost something, and it may not be there."""

    @property
    def price(self) -> float | None:
        """US dollars for a million tokens; None when it is not known."""

    @property
    def price_of(self) -> str:
        """When the price was looked up."""

    def check(self) -> str:
        """Asks whether the server takes key and model; returns what it said in a few words.

        Raises:
            EmbeddingServerError: It cannot be reached, or refuses.
        """


@runtime_checkable
class LanguageReader(Protocol):
    """An encoder that says which languages it reads."""

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes; empty where it is not known, `{"mul"}` for any language."""


def languages_of(encoder: Encoder) -> frozenset[str]:
    """Returns the languages that an encoder reads; none for one that does not say."""
    if not isinstance(encoder, LanguageReader):
        return frozenset()
    said = encoder.languages  # of the user's own encoder it may be one code
    return frozenset({said} if isinstance(said, str) else said)


@runtime_checkable
class Preloader(Protocol):
    """An encoder that can be made ready before the first query."""

    def preload(self) -> None:
        """Loads what a query needs, where that is at hand."""


@runtime_checkable
class TokenShower(Protocol):
    """An encoder that can show how it cuts a text."""

    def tokens_of(self, text: str) -> list[Token]:
        """Returns the tokens of a text, as a document, in order; as many as `count_tokens` says."""


@runtime_checkable
class WordAverager(Protocol):
    """An encoder that can also tell cheaply and roughly which texts are near each other."""

    def average_words(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """Embeds texts by the mean of their static word vectors, frequent words made small.

        Returns:
            Shape (n, width), unit length, zeros for a text without words, order kept; comparable
            with each other alone. None when it turns out that it cannot.
        """
