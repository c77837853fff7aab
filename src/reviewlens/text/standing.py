"""How the words of a statement stand: as they are, negated, wished for; and which are pairs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from zlib import crc32

from reviewlens.text.support import stemmer, support_of

PLAIN, NEGATED, TOPPED, WISHED, WISHED_NOT, EXCESS, NO_EXCESS, PAIRED = range(8)
"""How a word stands: `topped` is what never was, or could not be, more so; `paired` are two words,
one behind the other."""
STATES = 8

_TOKEN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|[!?]|[:;]-?[()D]|[.,;:()]")
_WORDS_KEPT = 50_000
_SCOPE = 7
"""How many words behind a negation it negates, unless a sign or a `but` comes before."""
_LISTED = {
    "ends": ". , ; : ( ) ! ? but because although though however",
    "tops": "never nothing nobody none hardly can could",
    "also negate": "less lack lacks lacked lacking zero fails failed refuses refused stops stopped "
    "quit quits",
    "degrees": "so such more less any as",
    "wishes": "would could should might wish wished hope hoped hoping want wanted expect expected "
    "expecting supposed if unless need needs needed claim claims claimed advertised promise "
    "promised tried thought until",
    "turning": "not no never none nothing nobody neither nor without hardly barely cannot zero "
    "less lack could can would should might must will may if unless wish wished only hope hoped "
    "hoping want wanted expect expected expecting supposed claim thought tried need needs too than "
    "better worse more best worst most any anything all such so as enough even just still yet "
    "again until then after before first once used old previous last other others another "
    "elsewhere instead had have has been my what who why how where was is but however although "
    "though despite except unfortunately avoid stopped wait back find found get gets one ever far "
    "from free do did does again always definitely please now ! ? :) :( ;)",
}
_ENDS, _TOPS, _ALSO_NEGATE, _DEGREES, _WISHES = (
    frozenset(_LISTED[name].split())
    for name in ("ends", "tops", "also negate", "degrees", "wishes")
)
_TURNING = tuple(dict.fromkeys(_LISTED["turning"].split()))
_NEGATE_TOGETHER = {("far", "from"), ("anything", "but"), ("free", "of"), ("free", "from")}
_NEGATE_NO_MORE = {("not", "only"), ("not", "just")}
_SPLIT = {"ca": "can", "wo": "will", "sha": "shall", "ai": "be"}
_TURNS = {word: place for place, word in enumerate(_TURNING)}
_HIGHER, _HIGHEST, _LENGTH = range(len(_TURNING), len(_TURNING) + 3)
FLAGS = len(_TURNING) + 3
_LONG = 40


def marks(text: str, language: str = "en") -> tuple[list[tuple[int, int]], list[float]]:
    """Return what the words of a text are told by.

    Args:
        text: A statement.
        language: ISO 639-1 code; empty where it is not known, which is taken for English.

    Returns:
        The number of each stem with how it stands, those of pairs behind them, and the flags.
    """
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    tokens = list(_tokens(plain, _negations(language or "en")))
    words = list(_stands(tokens, language or "en"))
    return words + list(_pairs(tokens, language or "en")), _flags(tokens)


def _flags(tokens: Sequence[str]) -> list[float]:
    """Return which words are there that turn others, and how many words there are."""
    flags = [0.0] * FLAGS
    for token in tokens:
        if token in _TURNS:
            flags[_TURNS[token]] = 1.0
        elif len(token) > 4:
            if token.endswith("er"):
                flags[_HIGHER] = 1.0
            elif token.endswith("est"):
                flags[_HIGHEST] = 1.0
    flags[_LENGTH] = min(len(tokens), _LONG) / _LONG
    return flags


def _tokens(plain: str, negations: frozenset[str]) -> Iterator[str]:
    """Yield words and signs; `couldn't` is `could` and `not`, however it is typed."""
    for token in _TOKEN.findall(plain):
        if token.endswith("n't"):
            base = token[:-3]
            if base:  # where tokens are parted, as in `does n't`, it came before
                yield _SPLIT.get(base, base)
            yield "not"
        elif len(token) > 3 and token.endswith("nt") and token in negations:
            yield _SPLIT.get(token[:-2], token[:-2])
            yield "not"
        elif token == "cannot":
            yield "can"
            yield "not"
        else:
            yield token


def _stands(tokens: Sequence[str], language: str) -> Iterator[tuple[int, int]]:
    """Yield the number of each stem, and how it stands."""
    negations = _negations(language)
    negated = topped = wished = excess = degree = 0
    before = ""
    for token in tokens:
        if (before, token) in _NEGATE_TOGETHER:
            negated, topped = _SCOPE, 0
        elif (before, token) in _NEGATE_NO_MORE:
            negated = topped = 0
        elif token in _ENDS:
            negated = topped = wished = excess = degree = 0
        elif token in negations or token in _ALSO_NEGATE:
            negated = _SCOPE
            topped = _SCOPE if token in _TOPS or before in _TOPS else 0
            yield _number(token, language), PLAIN
        elif token in _WISHES:
            wished = _SCOPE + _SCOPE
            yield _number(token, language), NEGATED if negated else PLAIN
        elif token == "too":
            excess = 3
        else:
            higher = degree > 0 or token == "worse" or (len(token) > 4 and token.endswith("er"))
            yield _number(token, language), _state(negated, topped * higher, wished, excess)
            degree = 3 if token in _DEGREES else degree - 1
        negated, wished, excess = max(negated - 1, 0), max(wished - 1, 0), max(excess - 1, 0)
        topped = max(topped - 1, 0)
        before = token


def _pairs(tokens: Sequence[str], language: str) -> Iterator[tuple[int, int]]:
    """Yield the number of each word with the one before it; signs belong to no pair."""
    for before, token in pairwise(tokens):
        if before[0].isalpha() and token[0].isalpha():
            numbers = (_number(before, language), _number(token, language))
            yield crc32(repr(numbers).encode()), PAIRED


def _state(negated: int, topped: int, wished: int, excess: int) -> int:
    if excess:
        return NO_EXCESS if negated else EXCESS
    if topped:
        return TOPPED
    if wished:
        return WISHED_NOT if negated else WISHED
    return NEGATED if negated else PLAIN


@lru_cache(_WORDS_KEPT)
def _number(word: str, language: str) -> int:
    return crc32(stemmer(language)(word).encode())


@cache
def _negations(language: str) -> frozenset[str]:
    return frozenset(support_of(language).negations.split())
