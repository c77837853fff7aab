"""From which side a question asks."""

from __future__ import annotations

from reviewlens.asking.frames import compiled
from reviewlens.search.sides import Side

_OF_KIND: dict[str, Side] = {"complaints": "negative", "praise": "positive"}
_NONE_OF_KIND = frozenset(
    ["wishes", "judgement", "change", "compare", "fact", "saying", "off_topic"]
)
"""Kinds that ask for either side, whatever words they are asked with."""
_GOOD_STARS = r"\b(?:four|five|4|5)[ -]stars?\b|\b(?:high|good|best) (?:ratings?|marks?|scores?)\b"
_BAD_STARS = (
    r"\b(?:one|two|1|2|few|low|no)[ -]stars?\b|\b(?:low|bad|poor|worst|negative|lowest) "
    r"(?:ratings?|"
    r"marks?|scores?|reviews?)\b|\b(?:rated|rating) .*\b(?:low|badly|poor|poorly)\b"
)
_NEGATIVE = (
    rf"{_BAD_STARS}|\bnot .*\b(?:come|return|like|happy|satisfied|enjoy|buy|order|recommend|love)"
    rf"\b|"
    r"\bnever\b|\bworst\b|\bavoid\b|\bworse\b|\bbadly\b|\b(?:{COMPLAIN}|{BAD})\b"
)
_POSITIVE = rf"{_GOOD_STARS}|\b(?:{{PRAISE}}|like|recommend|recommended|best|nicest|cleanest)\b"
_LEFT = r"\b(?:{LEAVE}|sent back|send back|put .* off|give up|drop out|move away|sell)\b"


def side_asked(kind: str, words: str) -> Side | None:
    """Return the side that a question asks for; None where it asks for either.

    Args:
        kind: Of `kinds.Kind`.
        words: Its plain words with one space between; see `frames.plain_words`.
    """
    if kind in _OF_KIND:
        return _OF_KIND[kind]
    if kind in _NONE_OF_KIND:
        return None
    if compiled(_NEGATIVE).search(words):
        return "negative"
    if compiled(_POSITIVE).search(words):
        return "positive"
    return "negative" if kind == "why" and compiled(_LEFT).search(words) else None
