"""What is known of a served model before it is asked."""

from __future__ import annotations

from dataclasses import dataclass

from reviewlens.settings import ANY_LANGUAGE

OTHER_WINDOW = 384
"""Tokens (cl100k_base) of a text for a model that is not known: most read 512 of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """A model and the limits of its server.

    Attributes:
        dimension: Numbers in a vector; None when the server has to be asked.
        window: Tokens of a text, by cl100k_base.
        languages: Those that it reads, as `LanguageReader` has them.
        shortens: Whether it gives fewer dimensions when the request says so.
        price: US dollars for a million tokens; None when it is not known.
        batch_texts: Texts of a request at most.
        batch_tokens: Tokens of a request at most.
    """

    dimension: int | None = None
    window: int = OTHER_WINDOW
    languages: frozenset[str] = frozenset()
    shortens: bool = False
    price: float | None = None
    # What text-embeddings-inference takes unless it is told otherwise; other servers take more.
    batch_texts: int = 32
    batch_tokens: int = 300_000


def _of_openai(dimension: int, price: float, *, shortens: bool) -> ServedModel:
    # https://platform.openai.com/docs/api-reference/embeddings: a text has at most 8,192 tokens
    # (8,191 with ada-002), a request at most 2,048 texts and 300,000 tokens.
    return ServedModel(
        dimension=dimension,
        window=8_191,
        languages=frozenset({ANY_LANGUAGE}),
        shortens=shortens,
        price=price,
        batch_texts=2_048,
    )


PRICES_OF = "November 2026"
_KNOWN = {
    # Prices of the standard tier, looked up on 2026-11-22 in price lists of others.
    "text-embedding-3-small": _of_openai(1_536, 0.02, shortens=True),
    "text-embedding-3-large": _of_openai(3_072, 0.13, shortens=True),
    "text-embedding-ada-002": _of_openai(1_536, 0.10, shortens=False),
}


def served_model(name: str) -> ServedModel:
    """Return what is known of a model; of most it is careful defaults."""
    return _KNOWN.get(name, ServedModel())
