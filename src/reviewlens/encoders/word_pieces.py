"""Into how many pieces an encoder's tokenizer cuts a word: few for those of its own languages."""

from __future__ import annotations

from collections.abc import Callable, Collection

from reviewlens.encoders.protocol import Encoder, TokenShower
from reviewlens.errors import EncoderError
from reviewlens.settings import ANY_LANGUAGE

_WITHIN = "##"
_NO_WORD = "qzxqzxqzx"


def word_pieces(encoder: Encoder, read: Collection[str]) -> Callable[[str], int] | None:
    """Return what tells into how many pieces a word is cut.

    Args:
        encoder: Any.
        read: The languages that it reads.

    Returns:
        None where that tells nothing of the word's language: the tokenizer is no WordPiece, which
        marks what is within a word, or is made for any language.
    """
    if not read or ANY_LANGUAGE in read or not isinstance(encoder, TokenShower):
        return None
    try:
        cut = encoder.tokens_of(_NO_WORD)
    except EncoderError:  # shorter vectors of an encoder that does not show it
        return None
    if not any(token.text.startswith(_WITHIN) for token in cut):
        return None
    return lambda word: len(encoder.tokens_of(word))
