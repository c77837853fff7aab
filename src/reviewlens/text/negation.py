"""How often a text says no."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from reviewlens.text.support import support_of

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_NO_MORE = re.compile(r"\b(?:ne\s+|n')\w+\s+plus\b")


def negations(text: str, language: str) -> int:
    """Return how many words of a text negate, or how many signs where words are not told.

    Args:
        text: As given.
        language: ISO 639-1 code; one that is empty, or whose negations are not known
            (`support.py`), is read as English.
    """
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    known = support_of(language if support_of(language).negates else "en")
    if known.signs:
        return len(re.findall(known.signs, plain))
    words = _words(known.negations)
    count = sum(word in words or str(word).endswith("n't") for word in _WORD.findall(plain))
    return count + (len(_NO_MORE.findall(plain)) if language == "fr" else 0)


@cache
def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())
