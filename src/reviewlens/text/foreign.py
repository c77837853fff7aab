"""Whether a text of few words, such as a query, is in none of some languages.

A detector of languages cannot tell two words; what else is known of them can: that reviews have
them, that they are among the words that reviews of another language most speak of
(`review_words.py`), that they are written with marks, into how many pieces an encoder's tokenizer
cuts them. All that is put together by weights that were learnt from one to five words in a row of
English reviews, held against the words of other files, and of reviews in 16 other languages
(`benchmarks/foreign.py`).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from reviewlens.text.function_words import FUNCTION_WORDS
from reviewlens.text.languages import NAMES, guesses
from reviewlens.text.review_words import is_english_like, languages_of_word, plain, unmarked
from reviewlens.text.scripts import NOT_IN_LATIN, languages_of_script
from reviewlens.text.words import listed_stop_words, stop_words

Pieces = Callable[[str], int]
"""Tells into how many pieces a word is cut."""
Known = Callable[[Sequence[str]], Collection[str]]
"""Tells which of some words, in lower case, the reviews have."""

_WORD = re.compile(r"[^\W_]{2,}")
_NEAR = (
    frozenset({"da", "no", "sv"}),
    frozenset({"id", "ms"}),
    frozenset({"hr", "sl"}),
    frozenset({"cs", "sk"}),
)
"""Languages of which a few words do not tell which it is."""
_MOST_UNKNOWN = 3
_LEAST_CHANCE = 0.01
_SPOKEN_WEIGHT = 8
"""In logarithms, of a text all of whose words are usual in reviews of a language."""
_CERTAIN = 0.8
"""Share of a language, or of two, of what words and model speak for, from which on it is named."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each piece of evidence weighs, in logarithms of odds.

    Attributes:
        base: Of nothing at all.
        usual: Of the logarithm of the chance that the text is in one of the languages.
        spoken: Of the share of letters in words of another language's reviews.
        marks: Of unknown words with letters that English does not have.
        pieces: Of each piece but the first of the unknown words, a word of the text.
        unknown: Of each unknown word, up to three.
        single: Of a word alone.
    """

    base: float
    usual: float
    spoken: float
    marks: float
    pieces: float
    unknown: float
    single: float


WITH_PIECES = Weights(-7.62, -1.52, 7.63, 4.2, 1.0, 1.03, -0.9)
WITHOUT_PIECES = Weights(-7.89, -1.6, 7.99, 4.2, 0.0, 1.52, 0.0)
"""Learnt by `benchmarks/foreign.py --learn`, which lowers the base until 0.6 % of English words in
a row count as foreign where another file stands for the reviews. Two are lower than it finds: what
marks weigh, which names have as well, and a word alone, of which most false alarms are."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a text; see `Weights`."""

    usual: float
    spoken: float
    marks: float
    pieces: float
    unknown: float
    single: float

    def odds(self, weights: Weights) -> float:
        """Return the logarithm of the odds that the text is in none of the languages."""
        return (
            weights.base
            + weights.usual * self.usual
            + weights.spoken * self.spoken
            + weights.marks * self.marks
            + weights.pieces * self.pieces
            + weights.unknown * self.unknown
            + weights.single * self.single
        )


def foreign_languages(
    text: str, usual: Collection[str], known: Known, pieces: Pieces | None = None
) -> tuple[str, ...] | None:
    """Return the language of a text that looks like none of some languages.

    Args:
        text: Of few words; of a long one `detect_languages` tells more.
        usual: ISO 639-1 codes of the languages.
        known: Is asked of those texts alone that look foreign without it.
        pieces: By a tokenizer made for these languages, such as WordPiece; None for none.

    Returns:
        One ISO 639-1 code or two, the likelier first; none where it cannot be told which. None
        itself where nothing speaks for another language, the text is not in Latin letters, or none
        of the languages is.
    """
    own = frozenset(usual)
    words = words_of(text)
    if not words or own <= NOT_IN_LATIN or languages_of_script(text):
        return None
    weights = WITHOUT_PIECES if pieces is None else WITH_PIECES
    chances = guesses(text)
    if evidence(words, own, (), chances, pieces).odds(weights) < 0:
        return None
    have = known(words)
    if evidence(words, own, have, chances, pieces).odds(weights) < 0:
        return None
    return _likeliest([word for word in words if word not in have], own, chances)


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, without letters and such as have digits in them."""
    words = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    return [word for word in words if not any(map(str.isdigit, word))]


def evidence(
    words: Sequence[str],
    usual: frozenset[str],
    known: Collection[str],
    chances: Mapping[str, float],
    pieces: Pieces | None,
) -> Evidence:
    """Return what speaks for another language.

    Args:
        words: As `words_of` returns them; at least one.
        usual: As for `foreign_language`.
        known: Those that the reviews have.
        chances: The chance of each language, 0..1, by the detector.
        pieces: As there.
    """
    own = _related(usual)
    unknown = [word for word in words if word not in known and not _spoken_in(word, own)]
    single = len(words) == 1
    letters = sum(map(len, words))
    by_language = _spoken(unknown, own, single=single)
    return Evidence(
        usual=math.log(sum(chances.get(code, 0.0) for code in usual) + _LEAST_CHANCE),
        spoken=max(by_language.values(), default=0) / letters,
        marks=float(any(not plain(word).isascii() for word in unknown)),
        pieces=sum(pieces(word) - 1 for word in unknown) / len(words) if pieces else 0.0,
        unknown=float(min(len(unknown), _MOST_UNKNOWN)),
        single=float(single),
    )


def _related(usual: frozenset[str]) -> frozenset[str]:
    """Return languages with those that are hardly told from them."""
    return usual.union(*(near for near in _NEAR if near & usual))


def _spoken(words: Sequence[str], own: frozenset[str], *, single: bool) -> dict[str, int]:
    """Return how many letters of some words are in words of each other language."""
    found: dict[str, int] = {}
    for word in words:
        for code in _languages_of(word, single=single) - own:
            found[code] = found.get(code, 0) + len(word)
    return found


def _languages_of(word: str, *, single: bool) -> frozenset[str]:
    """Return the languages that a word is known of; of a word alone stop words tell nothing."""
    found = set(languages_of_word(word))
    if word in _typed_hindi():
        found.add("hi")
    if not single:
        found |= _small_words().get(unmarked(word), frozenset())
    return frozenset(found)


def _spoken_in(word: str, own: frozenset[str]) -> bool:
    """Tell whether a word is a usual one of the languages themselves."""
    if "en" in own and (word in stop_words("en") or is_english_like(word)):
        return True
    return any(word in listed_stop_words(code) for code in own) or not own.isdisjoint(
        languages_of_word(word)
    )


def _likeliest(
    words: Sequence[str], usual: frozenset[str], chances: Mapping[str, float]
) -> tuple[str, ...]:
    """Return the language or the two that words and detector speak for; none where they do not."""
    own = _related(usual)
    letters = max(1, sum(map(len, words)))
    spoken = _spoken(words, own, single=len(words) == 1)
    scores = {
        code: (chances.get(code, 0.0) + _LEAST_CHANCE)
        * math.exp(_SPOKEN_WEIGHT * spoken.get(code, 0) / letters)
        for code in {*chances, *spoken}
        if code in NAMES and code not in own and (code in spoken or code not in NOT_IN_LATIN)
    }
    ranked = sorted(scores, key=lambda code: (-scores[code], code))
    wanted = _CERTAIN * sum(scores.values())
    for count in (1, 2):
        near = _related(frozenset(ranked[:1])) if count == 1 else frozenset(ranked[:2])
        if ranked and sum(scores[code] for code in ranked if code in near) >= wanted:
            return tuple(ranked[:count])
    return ()


@cache
def _typed_hindi() -> frozenset[str]:
    return frozenset(FUNCTION_WORDS["hi-Latn"].split())


@cache
def _small_words() -> dict[str, frozenset[str]]:
    """Return the languages in Latin letters of which a word without marks is a stop word."""
    found: dict[str, set[str]] = {}
    for code in NAMES.keys() - NOT_IN_LATIN:
        if code != "en":
            for word in listed_stop_words(code):
                found.setdefault(unmarked(word), set()).add(code)
    return {word: frozenset(codes) for word, codes in found.items()}
