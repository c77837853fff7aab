"""Signs of what kind a question is: phrases, of which those that tell most come first."""

from __future__ import annotations

import tomllib
from pathlib import Path

from reviewlens.asking.frames import compiled

_SIGNS: tuple[tuple[str, str], ...] = tuple(
    (kind, pattern)
    for kind, pattern in tomllib.loads(
        Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    )["signs"]
)


def signs_of(words: str) -> list[str]:
    """Return the signs that a question bears, the most telling first.

    Args:
        words: Its plain words with one space between; see `frames.plain_words`.

    Returns:
        Names that begin with the kind that is told, such as `compare 3`.
    """
    return [
        f"{kind} {number}"
        for number, (kind, pattern) in enumerate(_SIGNS)
        if compiled(pattern).search(words)
    ]
