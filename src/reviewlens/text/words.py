"""The words of a text that say something, in the languages that reviews come in."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable, Container, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

from reviewlens.errors import MissingExtra
from reviewlens.reading.details import without_tokens

_log = logging.getLogger(__name__)

# What stands between signs and white space; East Asian scripts are runs of their own.
_EAST_ASIAN = "\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff々"
_RUN = re.compile(rf"[{_EAST_ASIAN}]+|[^\W_{_EAST_ASIAN}]+(?:['-][^\W_{_EAST_ASIAN}]+)*")
_FIRST_EAST_ASIAN = re.compile(rf"[{_EAST_ASIAN}]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'"})
_ENGLISH_ENDING = re.compile(r"(?:n't|'(?:s|re|ve|ll|d|m|em))$")
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

    Without the extra `japanese` a Japanese phrase in a text of another language, such as the name
    of a product, stays one word, and a note is logged once.

    Args:
        text: Without markup.
        language: ISO 639-1 code; empty where it is not known, which is taken for English.

    Raises:
        MissingExtra: The language is Japanese, and the extra is not installed.
    """
    plain = unicodedata.normalize("NFKC", without_tokens(text)).translate(_APOSTROPHES).lower()
    stop_words = _stop_words(language or "en")
    found: list[str] = []
    for run in _RUN.findall(plain):
        if not _FIRST_EAST_ASIAN.match(run):
            found += _spaced(run, language, stop_words)
        elif language == "ja" or (language != "zh" and _KANA.search(plain)):
            found += _japanese(run, language)
        else:
            found += _chinese(run)
    return found


def has_words(language: str) -> bool:
    """Tell whether the words of a text in that language can be told with what is installed."""
    return language != "ja" or _has_japanese()


def words_note(languages: Container[str]) -> Iterator[str]:
    """Yield what to say of reviews whose words cannot be told here; nothing where all can.

    Args:
        languages: ISO 639-1 codes of the reviews.
    """
    if "ja" in languages and not has_words("ja"):
        yield (
            "Some reviews are Japanese: they are stored and found, but clusters, compare, "
            "anomalies and report, which tell their words, will ask for the extra `japanese`: "
            "pip install 'reviewlens[japanese]'"
        )


def terms_of(words: Sequence[str]) -> Iterator[str]:
    """Yield words, and the pairs of two that follow each other, as often as they occur."""
    yield from words
    for one, other in pairwise(words):
        if one != other:
            yield f"{one} {other}"


def distinct_terms(ranked: Sequence[str], most: int | None = None) -> Iterator[str]:
    """Yield terms in order, none that shares a word with one before it.

    `carton` and `cartons` count as the same; of shorter words than four letters the endings are
    not looked at.

    Args:
        ranked: Words, and pairs of words with a space between.
        most: How many at most; None for all.
    """
    used: list[str] = []
    found = 0
    for term in ranked:
        if found == most:
            return
        words = term.split(" ")
        if any(_alike(word, other) for word in words for other in used):
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


def _spaced(run: str, language: str, stop_words: frozenset[str]) -> Iterator[str]:
    """Yield a word of a script with spaces, unless it says nothing alone."""
    if run in stop_words:
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
    if len(word) > 1 and letters and word not in stop_words:
        yield word


def _chinese(run: str) -> Iterator[str]:
    stop_words = _stop_words("zh")
    for word, kind in _chinese_tagger()(run):
        content = kind[:1] in _CHINESE_KINDS or (kind[:1] in "jzx" and len(word) > 1)
        if content and word not in stop_words:
            yield word


def _japanese(run: str, language: str) -> Iterator[str]:
    if language != "ja" and not _has_japanese():
        _tell_uncut()
        yield run
        return
    stop_words = _stop_words("ja")
    for token in _japanese_tagger()(run):
        kind, detail = token.part_of_speech.split(",")[:2]
        word = token.surface if token.base_form == "*" else token.base_form
        if (
            kind in _JAPANESE_WORDS
            and detail not in _JAPANESE_HELPERS
            and word not in stop_words
            and not (len(word) == 1 and _KANA.match(word))
        ):
            yield word


@cache
def _stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language, none where no list of them is at hand.

    English ones are scikit-learn's: the other lists are short where its English one has 1,300
    words, `buy`, `case` and `large` among them.
    """
    if language == "en":
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

        return (
            frozenset(ENGLISH_STOP_WORDS)
            .difference(_NOT_STOP_WORDS.split())
            .union(_MORE_ENGLISH.split())
        )
    more = {"ja": _MORE_JAPANESE, "zh": _MORE_CHINESE}.get(language, "").split()
    return listed_stop_words(language).union(more)


@cache
def listed_stop_words(language: str) -> frozenset[str]:
    """Return what the package `stop-words` lists for a language, in lower case; none if nothing."""
    from stop_words import StopWordError, get_stop_words

    try:
        words = get_stop_words("nb" if language == "no" else language)
    except StopWordError:
        return frozenset()
    return frozenset(word.translate(_APOSTROPHES).lower() for word in words)


@cache
def _chinese_tagger() -> Callable[[str], list[tuple[str, str]]]:
    import rjieba

    tag: Callable[[str], list[tuple[str, str]]] = rjieba.Jieba().tag
    return tag


@cache
def _has_japanese() -> bool:
    return find_spec("janome") is not None


@cache
def _tell_uncut() -> None:
    _log.warning(
        "Japanese phrases in reviews of other languages are taken as one word each; to cut them: "
        "pip install 'reviewlens[japanese]'"
    )


@cache
def _japanese_tagger() -> Callable[[str], Any]:
    if not _has_japanese():
        raise MissingExtra("janome", "japanese", "Telling the words of Japanese reviews")
    from janome.tokenizer import Tokenizer

    tokenize: Callable[[str], Any] = Tokenizer().tokenize
    return tokenize
