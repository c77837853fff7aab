"""The frame of a question: its words without those of what is asked about.

`What do people complain about when it comes to the wifi?` and `What do people complain about when
it comes to boarding?` are one frame. Words that are of no frame are masked; words that frames use
one for another stand for their class, so that `gripes` and `complaints` are the same.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

OPEN = "*"
"""What stands for a run of words that are of no frame."""
_FIRST, _LAST = "^", "$"

_TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
CLASSES: dict[str, str] = {
    name: "|".join(words.split()) for name, words in _TABLES["classes"].items()
}
"""Patterns of the words of each class."""
_WORDS = frozenset(_TABLES["other"]["words"].split())
EDGES = ' \t\n?!.,;:"“”„»«()-–—'
ARTICLES = "|".join(_TABLES["other"]["articles"].split())
PRONOUNS = frozenset(_TABLES["other"]["pronouns"].split())
PLURALS = "|".join(_TABLES["other"]["plurals"].split())
"""A pattern of those who ask, say and do, in the plural."""
_IN_PATTERNS = {**CLASSES, "ARTICLES": ARTICLES, "PLURALS": PLURALS}
_CONTRACTED = re.compile(
    r"\b(what|who|where|how|why|when|it|that|there|here|which|he|she)(?:'s|'re)\b"
)
_SLOPPY = re.compile(r"\b(what|who|where|how|why|when)s\b")
_NOT = re.compile(r"\b(\w+?)n'?t\b")
_NEGATED = {"do", "does", "did", "is", "are", "was", "were", "has", "have", "would", "could",
            "should", "had"}  # fmt: skip
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['-][^\W\d_]+)*|%|[+*/=×]")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'"})
_MOST_PAIRED = 3


def plain_words(question: str) -> list[str]:
    """Return the words of a question in lower case, contractions written out."""
    text = question.translate(_APOSTROPHES).lower()
    text = _SLOPPY.sub(r"\1 is", _CONTRACTED.sub(r"\1 is", text))
    text = _NOT.sub(lambda found: f"{found[1]} not" if found[1] in _NEGATED else found[0], text)
    return [word for word in _WORD.findall(text) if word != "'"]


@cache
def _classes() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{name}>{words})" for name, words in CLASSES.items()))


@cache
def class_of(word: str) -> str:
    """Return the class of a word in lower case; empty where it is of none."""
    found = _classes().fullmatch(word)
    return "" if found is None else str(found.lastgroup)


def is_of_frames(word: str) -> bool:
    """Tell whether a word in lower case belongs to frames, not to what is asked about."""
    return word in _WORDS or bool(class_of(word))


def frame_of(question: str) -> list[str]:
    """Return the words of the frame of a question.

    Returns:
        Words, classes in capital letters, and `OPEN` for each run of others; numbers are `0`.
    """
    frame: list[str] = []
    for word in plain_words(question):
        told = class_of(word)
        if not told:
            told = word if word in _WORDS else "0" if word[0].isdigit() else OPEN
        if told != OPEN or frame[-1:] != [OPEN]:
            frame.append(told)
    return frame


def features_of(question: str) -> set[str]:
    """Return what tells the kind of a question: runs of its frame, and words behind its start."""
    frame = frame_of(question)
    framed = [_FIRST, *frame, _LAST]
    found = {*frame, *(" ".join(pair) for pair in pairwise(framed))}
    found |= {" ".join(framed[at : at + 3]) for at in range(len(framed) - 2)}
    found |= set(_with_start(frame))
    if question.rstrip().endswith("?"):
        found.add("?")
    found.add(f"words {min(len(frame), 8)}")
    raw = plain_words(question)
    found |= {f"={word}" for word in raw if is_of_frames(word)}
    return found


def _with_start(frame: Sequence[str]) -> Iterator[str]:
    """Yield the first words with each class behind them, and classes with each other."""
    told = sorted({word for word in frame if word.isupper()})
    for size in (1, 2):
        start = " ".join(frame[:size])
        yield from (f"{start} … {word}" for word in frame[size:] if word != OPEN)
    if len(told) <= 2 * _MOST_PAIRED:
        yield from (f"{one} & {two}" for at, one in enumerate(told) for two in told[at + 1 :])


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern without regard to case, in which `{CLASS}` is any word of a class.

    So are `{ARTICLES}` and `{PLURALS}` of these.
    """
    for name, words in _IN_PATTERNS.items():
        pattern = pattern.replace(f"{{{name}}}", words)
    return re.compile(pattern, re.IGNORECASE)


def bare(text: str) -> str:
    """Return a matter without what stands around it: signs, articles; pronouns are none."""
    text = text.strip(EDGES)
    text = compiled(rf"^(?:(?:{ARTICLES}|of|in|with|for|at|on|from|to|their)\s+)+(?=\S)").sub(
        "", text
    )
    return "" if text.lower() in PRONOUNS or text.lower() in ARTICLES.split("|") else text
