"""What a few words tell of questions in other languages than English."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words by which a language is told, and its questions.

    Attributes:
        usual: Words that it has often and English has not.
        kinds: A pattern of each kind, the more telling first.
        frame: A pattern of the words that stand around what is asked about.
    """

    usual: frozenset[str]
    kinds: tuple[tuple[str, str], ...]
    frame: str


LANGUAGES: Mapping[str, Words] = {
    code: Words(
        usual=frozenset(words["usual"].split()),
        kinds=tuple((kind, pattern) for kind, pattern in words["kinds"]),
        frame="|".join(words["frame"].split()),
    )
    for code, words in tomllib.loads(
        Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    ).items()
}
"""By ISO 639-1 code. Kinds that no pattern tells are `saying`."""

_ENGLISH = frozenset((
    "the", "what", "do", "does", "did", "is", "are", "was", "were", "how", "why", "when", "which",
    "who", "people", "and", "or", "of", "about", "with", "for", "to", "in", "has", "have", "most",
    "has", "it", "there", "any", "people's", "say", "think", "than", "since", "many", "much",
    "would", "should", "could", "can", "i", "me", "my", "we", "us", "you", "not", "at", "on",
    "from", "an", "be", "been",
))  # fmt: skip
_ARTICLES = frozenset((
    "der", "die", "das", "den", "dem", "le", "la", "les", "de", "het", "een", "el", "los", "las",
    "il", "lo", "gli", "i", "o", "a", "os", "as", "un", "una", "um", "uma",
))  # fmt: skip
_LONG = 2
"""Words from which on those before the last article are taken for a part of the frame."""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class ReadElsewhere:
    """What is told of a question in another language: its code, kind, and what it asks about."""

    language: str
    kind: str
    matter: str
    told: bool


def read_elsewhere(question: str) -> ReadElsewhere | None:
    """Return what a question in one of `LANGUAGES` asks; None where it is in none of them."""
    text = " ".join(question.replace("’", "'").split()).strip("¿?¡!. ")
    words = _WORD.findall(text.lower())
    english = sum(word in _ENGLISH for word in words)
    counts = {code: sum(word in LANGUAGES[code].usual for word in words) for code in LANGUAGES}
    best = max(counts, key=counts.__getitem__)
    if counts[best] < 2 or counts[best] <= english:
        return None
    own = LANGUAGES[best]
    lower = text.lower()
    kind = next((kind for kind, pattern in own.kinds if re.search(pattern, lower)), "")
    return ReadElsewhere(best, kind or "saying", _matter(text, own), bool(kind))


def _matter(text: str, words: Words) -> str:
    frame = re.compile(rf"(?:{words.frame})", re.IGNORECASE)
    kept = re.findall(r"[^\s'?!,;]+", text)
    first = next((at for at, word in enumerate(kept) if not frame.fullmatch(word)), len(kept))
    last = next(
        (at for at in range(len(kept), first, -1) if not frame.fullmatch(kept[at - 1])), first
    )
    behind = [at for at in range(first + 1, last) if kept[at - 1].lower() in _ARTICLES]
    if last - first > _LONG and behind:
        first = behind[-1]
    return " ".join(kept[first:last])
