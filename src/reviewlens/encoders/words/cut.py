"""Texts into the words that word vectors and word counts are looked up by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from reviewlens.encoders.protocol import Token, TokenCount
from reviewlens.text.cjk import chinese, installed, tell_once

CUTTING = 1
"""Goes into fingerprints: another way to cut gives other vectors."""

_EAST_ASIAN = "\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff々"
# Marks that stand on or between the letters of a word: accents, vowels of Indic scripts and Thai.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e"
_LETTERS = rf"(?:[^\W_{_EAST_ASIAN}]|[{_MARKS}])+"
_APOSTROPHE = "['’ʼ]"
_RUN = re.compile(rf"[{_EAST_ASIAN}]+|{_LETTERS}(?:(?:{_APOSTROPHE}|[.-]){_LETTERS})*")
_FIRST_EAST_ASIAN = re.compile(rf"[{_EAST_ASIAN}]")
# Where the Penn Treebank, and with it GloVe's vocabulary, cuts an English word: do|n't, dog|'s.
_CLITIC = re.compile(rf"(.+?)(n{_APOSTROPHE}t|{_APOSTROPHE}(?:s|re|ve|ll|d|m))", re.IGNORECASE)
_PART = re.compile(_LETTERS)
_LONGEST_WORD = 20


class Cut(NamedTuple):
    """A word of a text.

    Attributes:
        start: Where it begins, in characters from 0.
        end: The character after its last.
        word: As it stands in the vocabulary; None where it does not.
    """

    start: int
    end: int
    word: str | None


def cut_words(text: str, vocabulary: Container[str]) -> Iterator[Cut]:
    """Yield the words of a text in order; signs and white space are left out.

    A word is looked up as it stands, then in lower case. One that is not there is cut where
    the vocabulary's makers may have cut it: `don't` into `do` and `n't`, `well-made` into `well`
    and `made`. Chinese and Japanese are cut by jieba, and words of theirs that are not there into
    characters; without the extra `cjk` all are, where the vocabulary has no words of theirs. A
    word of which no part is there counts as one unknown word, or one a character.

    Raises:
        MissingExtra: The vocabulary has such words, and the extra is not installed.
    """
    for run in _RUN.finditer(text):
        start, end = run.span()
        if not _FIRST_EAST_ASIAN.match(run[0]):
            yield from _spaced(text, start, end, vocabulary)
            continue
        for piece in _east_asian(run[0], vocabulary):
            end = start + len(piece)
            if word := find_word(piece, vocabulary):
                yield Cut(start, end, word)
            else:
                for place in range(start, end):
                    yield Cut(place, place + 1, find_word(text[place], vocabulary))
            start = end


def tokens_of(text: str, vocabulary: Container[str]) -> list[Token]:
    """Return the words of a text in order, those not in the vocabulary as they stand."""
    return [
        Token(cut.word or text[cut.start : cut.end], cut.start, cut.end, cut.word is None)
        for cut in cut_words(text, vocabulary)
    ]


def count_tokens(texts: Sequence[str], vocabulary: Container[str]) -> list[TokenCount]:
    """Count the words of each text, and those that the vocabulary lacks; order kept."""
    cuts = ([cut.word for cut in cut_words(text, vocabulary)] for text in texts)
    return [TokenCount(len(words), words.count(None)) for words in cuts]


def plain_words(text: str) -> list[str]:
    """Return the words of a text in order, in lower case, whatever a vocabulary has."""
    return [_plain(text[cut.start : cut.end]).lower() for cut in cut_words(text, _Everything())]


def find_word(word: str, vocabulary: Container[str]) -> str | None:
    """Return a word as it stands in the vocabulary: as it is, else in lower case, else None."""
    plain = _plain(word)
    for form in (word, plain, plain.lower()):
        if form in vocabulary:
            return form
    return None


def _plain(word: str) -> str:
    return unicodedata.normalize("NFC", re.sub(_APOSTROPHE, "'", word))


class _Everything:
    """A vocabulary of all words."""

    def __contains__(self, _word: object) -> bool:
        return True


def _spaced(text: str, start: int, end: int, vocabulary: Container[str]) -> Iterator[Cut]:
    run = text[start:end]
    if word := find_word(run, vocabulary):
        yield Cut(start, end, word)
        return
    if clitic := _CLITIC.fullmatch(run):
        middle = start + len(clitic[1])
        if ending := find_word(clitic[2], vocabulary):
            yield from _spaced(text, start, middle, vocabulary)
            yield Cut(middle, end, ending)
            return
    parts = list(_PART.finditer(run))
    found = [find_word(part[0], vocabulary) for part in parts]
    if len(parts) == 1 or not any(found):
        yield Cut(start, end, None)
        return
    for part, word in zip(parts, found, strict=True):
        yield Cut(start + part.start(), start + part.end(), word)


def _east_asian(run: str, vocabulary: Container[str]) -> list[str]:
    """Return the words of a run, or its characters where the vocabulary has none of its words.

    Without rjieba it is told which of both it is by all pieces that could be a word, so that the
    same text is cut alike whether it is installed or not, or refused.
    """
    if installed("rjieba"):
        words: list[str] = chinese().cut(run)
        return words
    pieces = (
        run[start:end]
        for start in range(len(run))
        for end in range(start + 2, min(start + _LONGEST_WORD, len(run)) + 1)
    )
    if isinstance(vocabulary, _Everything):
        tell_once("Chinese and Japanese are counted by their characters; to count words")
    elif any(find_word(piece, vocabulary) for piece in pieces):
        chinese()  # which says what is missing
    return list(run)
