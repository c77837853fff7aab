"""Fences around the words of strangers, so that a language model takes them for data."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping

_HARMLESS = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")", "【": "(", "】": ")"})


class Fence:
    """Encloses texts so that none can end its piece, begin another, or bring a citation.

    Its name has a random part, new with every request, and the brackets of what it encloses are
    replaced.

    Args:
        nonce: The random part; a new one without.

    Attributes:
        nonce: The random part.
        name: Of the tags.
    """

    def __init__(self, nonce: str | None = None) -> None:
        self.nonce = nonce or secrets.token_hex(8)
        self.name = f"review-{self.nonce}"

    def around(self, text: str, attributes: Mapping[str, str]) -> str:
        """Return a text in its fence, with what is known of it; empty attributes are left out."""
        known = " ".join(
            f'{name}="{_attribute(value)}"' for name, value in attributes.items() if value
        )
        return f"<{self.name} {known}>\n{harmless(text)}\n</{self.name}>"


def harmless(text: str) -> str:
    """Return a text whose brackets mean nothing, without characters that cannot be seen."""
    shown = "".join(
        sign if sign == "\n" or unicodedata.category(sign)[0] != "C" else " " for sign in text
    )
    return shown.translate(_HARMLESS)


def _attribute(value: str) -> str:
    return " ".join(harmless(value).replace('"', "'").split())[:100]
