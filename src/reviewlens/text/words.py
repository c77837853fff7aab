"""The words of a text that say something, in the languages that reviews come in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from runpy import run_path

from reviewlens.reading.details import without_tokens
from reviewlens.text.cjk import WITHOUT_SPACES, chinese, has_words, japanese, tell_once
from reviewlens.text.function_words import FUNCTION_WORDS
from reviewlens.text.support import stemmer, support_of

# What stands between signs and white space; East Asian scripts are runs of their own.
_EAST_ASIAN = "\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff々"
# Marks that stand on or between the letters of a word: vowels of Indic scripts and Thai, accents.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e"
_LETTERS = rf"(?:[^\W_{_EAST_ASIAN}]|[{_MARKS}])+"
_RUN = re.compile(rf"[{_EAST_ASIAN}]+|{_LETTERS}(?:['-]{_LETTERS})*")
_FIRST_EAST_ASIAN = re.compile(rf"[{_EAST_ASIAN}]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'"})
_ENGLISH_ENDING = re.compile(r"(?:n't|'(?:s|re|ve|ll|d|m|em))$")
_UNCUT = (
    "Chinese and Japanese phrases in reviews of other languages are taken as one word each; to "
    "cut them"
)
_SAME_STEM = 4
_LONGEST_ENDING = 3
_ELIDING = frozenset({"fr", "it", "ca"})  # l'emballage, dell'orecchio

# scikit-learn's list counts them as stop words, but in a review they say something.
_NOT_STOP_WORDS = """
amount bill bottom computer cry describe detail empty fill fire front full interest mill move
serious side sincere system thick thin top
"""
# Contractions as they are typed in haste, and words that carry no subject of their own.
_MORE_ENGLISH = """
ain aint also ca cant couldn couldnt did didn didnt does doesn doesnt doing don dont em gets getting
gonna got hadn hadnt hasn hasnt haven havent having id im isn isnt ive just let lets like ll ok okay
oh quite re really said say says shouldn shouldnt theyre thing things think thought ve very wasn
wasnt went weren werent wo won wont wouldn wouldnt yeah yes youre
"""
# Adjectives, idioms, fixed phrases, nouns and verbs, as jieba marks them.
_CHINESE_KINDS = ("a", "i", "l", "n", "v")
_MORE_CHINESE = """
是 有 到 来 去 要 会 能 说 吃 喝 送 点 买 卖 等 做 让 给 看 想 用 拿 打 叫 没 得 开 写 问 下 上
发 收 放 带 没有 可以
"""
# IPADIC: nouns, verbs and adjectives, but not those that only help another word.
_JAPANESE_WORDS = ("名詞", "動詞", "形容詞")
_JAPANESE_HELPERS = ("非自立", "接尾", "代名詞", "数", "副詞可能")
_MORE_JAPANESE = "する なる ある いる れる られる てる できる くる いく 行く 来る 思う 言う 見る"


def content_words(text: str, language: str) -> list[str]:
    """Return the words of a text in order, in lower case, without those that say nothing alone.

    Left out are stop words, numbers, single letters, signs, emoji and tokens of masked details.
    Chinese and Japanese are cut into words, whatever the language is said to be; Japanese words are
    in their base form.

    Without the extra `cjk` a Chinese or Japanese phrase in a text of another language, such as the
    name of a product, stays one word, and a note is logged once.

    Args:
        text: Without markup.
        language: ISO 639-1 code; empty where it is not known, which is taken for English.

    Raises:
        MissingExtra: The language is Chinese or Japanese, and the extra is not installed.
    """
    plain = unicodedata.normalize("NFKC", without_tokens(text)).translate(_APOSTROPHES).lower()
    unsaid = stop_words(language or "en")
    found: list[str] = []
    for run in _RUN.findall(plain):
        if not _FIRST_EAST_ASIAN.match(run):
            found += _spaced(run, language, unsaid)
            continue
        script = language
        if language not in WITHOUT_SPACES:
            script = "ja" if _KANA.search(plain) else "zh"
            if not has_words(script):
                tell_once(_UNCUT)
                found.append(run)
                continue
        found += _japanese(run) if script == "ja" else _chinese(run)
    return found


def terms_of(words: Sequence[str]) -> Iterator[str]:
    """Yield words, and the pairs of two that follow each other, as often as they occur."""
    yield from words
    for one, other in pairwise(words):
        if one != other:
            yield f"{one} {other}"


def distinct_terms(
    ranked: Sequence[str], most: int | None = None, language: str = ""
) -> Iterator[str]:
    """Yield terms in order, none that shares a word with one before it.

    `carton` and `cartons` count as the same: they have one stem, or, in a language without stems
    (`support.py`), one is the other with a short ending.

    Args:
        ranked: Words, and pairs of words with a space between.
        most: How many at most; None for all.
        language: ISO 639-1 code, that of most texts; empty where it is not known, which is taken
            for English.
    """
    if support_of(language).stemmer:
        stem = stemmer(language)

        def same(one: str, other: str) -> bool:
            return stem(one) == stem(other)
    else:
        same = _alike
    used: list[str] = []
    found = 0
    for term in ranked:
        if found == most:
            return
        words = term.split(" ")
        if any(same(word, other) for word in words for other in used):
            continue
        yield term
        used += words
        found += 1


def _alike(one: str, other: str) -> bool:
    """Tell whether two words are the same but for an ending."""
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    stem = short[:-1] if short.endswith(("e", "y")) else short
    return (
        len(stem) >= _SAME_STEM
        and len(long) - len(stem) <= _LONGEST_ENDING
        and long.startswith(stem)
    )


def _spaced(run: str, language: str, unsaid: frozenset[str]) -> Iterator[str]:
    """Yield a word of a script with spaces, unless it says nothing alone."""
    if run in unsaid:
        return
    if language in _ELIDING:
        word = run.rpartition("'")[2]
    elif language in ("en", ""):
        word = _ENGLISH_ENDING.sub("", run)
        if word != run and run.endswith("n't"):
            return
    else:
        word = run
    letters = sum(not letter.isdecimal() for letter in word)
    if len(word) > 1 and letters and word not in unsaid:
        yield word


def _chinese(run: str) -> Iterator[str]:
    unsaid = stop_words("zh")
    for word, kind in chinese().tag(run):
        content = kind[:1] in _CHINESE_KINDS or (kind[:1] in "jzx" and len(word) > 1)
        if content and word not in unsaid:
            yield word


def _japanese(run: str) -> Iterator[str]:
    unsaid = stop_words("ja")
    for token in japanese()(run):
        kind, detail = token.part_of_speech.split(",")[:2]
        word = token.surface if token.base_form == "*" else token.base_form
        if (
            kind in _JAPANESE_WORDS
            and detail not in _JAPANESE_HELPERS
            and word not in unsaid
            and not (len(word) == 1 and _KANA.match(word))
        ):
            yield word


@cache
def stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language, none where no list of them is at hand.

    English ones are scikit-learn's: the other lists are short where its English one has 1,300
    words, `buy`, `case` and `large` among them.
    """
    if language == "en":
        return _scikit_learns().difference(_NOT_STOP_WORDS.split()).union(_MORE_ENGLISH.split())
    more = {"ja": _MORE_JAPANESE, "zh": _MORE_CHINESE}.get(language, "").split()
    return listed_stop_words(language).union(more)


def _scikit_learns() -> frozenset[str]:
    """Return the English stop words of scikit-learn, and import no more of it than their file.

    All of it takes a second, which is a third of a search that begins a process.
    """
    package = find_spec("sklearn")
    if package is not None and package.origin is not None:
        file = Path(package.origin).with_name("feature_extraction") / "_stop_words.py"
        if file.is_file():
            return frozenset(run_path(str(file))["ENGLISH_STOP_WORDS"])
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS)


@cache
def listed_stop_words(language: str) -> frozenset[str]:
    """Return the stop words of the package `stop-words` and of `FUNCTION_WORDS`, if any."""
    from stop_words import StopWordError, get_stop_words

    own = FUNCTION_WORDS.get(language, "").split()
    try:
        words = get_stop_words("nb" if language == "no" else language)
    except StopWordError:
        words = []
    return frozenset(own).union(word.translate(_APOSTROPHES).lower() for word in words)
