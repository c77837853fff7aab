"""A question that begins with a verb, parted into what it is about and what it asks of that."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from reviewlens.asking.frames import ARTICLES, EDGES, PRONOUNS, bare, compiled

_PREDICATE = "|".join(
    tomllib.loads(Path(__file__).with_name("matters.toml").read_text(encoding="utf-8"))[
        "predicate"
    ].split()
)
_SURELY = r"(?:{GOOD}|{BAD}|{CHANGED}|{BETTER}|any|too|so|worth|still|as)"
"""What begins a predicate wherever it stands behind a subject."""
_CONNECTS = frozenset((
    "of", "in", "on", "at", "from", "with", "to", "by", "and", "under", "near", "inside",
))  # fmt: skip
_OPENING = (
    r"^(?:(?P<asked>(?:(?:at|from|for|in|on) )?(?:how|what|which|when|where)\b"
    r"(?: (?!(?:is|are|was|were|do|does|did|has|have|can)\b)[\w'-]+){0,3}) )?"
    r"(?P<verb>is|are|was|were|do|does|did|has|have|can|could|will|would|should)(?:n't)? "
    r"(?P<rest>.+)$"
)
_BEING = ("is", "are", "was", "were")
_DOING = ("do", "does", "did", "can", "could", "will")


def parted(text: str) -> tuple[str, str]:
    """Return the matter of a question and what is asked of it; all and nothing of any other.

    Args:
        text: A question that begins with a verb (`is the wifi fast`), or with a word that asks and
            one (`how fast is the wifi`).
    """
    opening = compiled(_OPENING).match(text)
    if opening is None:
        return text, ""
    asked, verb, rest = (opening["asked"] or "").lower(), opening["verb"].lower(), opening["rest"]
    found_by = compiled(r"^(?:{PLURALS}) (?:find|think|consider|feel)\s+(?:that\s+)?").match(rest)
    if found_by:
        rest = rest[found_by.end() :]
    elif compiled(r"^(?:there|{PLURALS})\b").match(rest):
        acted = compiled(r"^(?:tall )?(?:{PLURALS}) (.+)$").match(rest) if asked else None
        if acted is None:
            return text, ""
        return re.sub(r"^(?:pay|spend|get)(?: for| on| in| from)? ", "", acted[1]), asked
    if asked and (inside := compiled(r"^(?:in|on|inside|at) (.+)$").match(rest)):
        return inside[1], _measure(asked)
    if asked.startswith("how") and verb in _BEING:
        matter, *more = re.split(
            r"\s(?=(?:to|with|when|after|for|in|on|at|during)\s)", rest, maxsplit=1
        )
        return matter, " ".join((_measure(asked), *more)).strip()
    if asked in ("what", "which") and verb in _BEING:
        measured = r"^the (?:name|price|cost|size|length|diameter|weight|capacity|range) of "
        return compiled(measured).sub("", rest), ""
    return _by_predicate(rest.split(), asked, does=verb in _DOING)


def _measure(asked: str) -> str:
    """Return what is asked for without the word that asks: `long` of `how long`."""
    return asked.removeprefix("how").strip()


def _by_predicate(words: Sequence[str], asked: str, *, does: bool) -> tuple[str, str]:
    at = _predicate_at(words, does=does)
    matter, predicate = " ".join(words[:at]), " ".join(words[at:])
    if bare(matter) == "":
        had = compiled(
            r"^(?:have|come with|support|include|offer|accept|serve|need|contain|provide|use) (.+)$"
        ).match(predicate)
        if had:
            return had[1], ""
        task = compiled(r"^takes? (?:to|for)\s+(.+)$").match(predicate)
        if task:
            return task[1], _measure(asked)
    return matter, " ".join(filter(None, (_measure(asked), predicate))).strip(EDGES)


def _predicate_at(words: Sequence[str], *, does: bool) -> int:
    """Return where the predicate begins behind a subject of one word or more."""
    plain = [word.strip(EDGES).lower() for word in words]
    if _is_pronoun(plain):
        return 1
    begins, surely, article = compiled(_PREDICATE), compiled(_SURELY), compiled(ARTICLES)
    content = 0
    connected = False
    for at, word in enumerate(plain):
        behind = plain[at + 1 :]
        if word in _CONNECTS and content:
            if content >= 2 and not connected and not any(map(surely.fullmatch, behind)):
                return at - 1
            connected = True
            content = 1
        elif content > connected and begins.fullmatch(word):
            return at
        elif article.fullmatch(word):
            if content and not connected:
                return at
        else:
            content += 1
            if does and content == 2 and not connected and not any(map(begins.fullmatch, behind)):
                return at
    return len(words) - 1 if content > 1 + connected else len(words)


def _is_pronoun(words: Sequence[str]) -> bool:
    """Whether a subject is a word that stands for another, and not `this phone`."""
    return words[0] in PRONOUNS and (
        len(words) == 1 or words[0] not in ("this", "these", "that", "one")
    )
