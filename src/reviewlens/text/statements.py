"""What a text says: its sentences, and their clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import ceil

from reviewlens.text.passages import ends_shortened, split_sentences
from reviewlens.text.support import SUPPORT, support_of

FEWEST_WORDS = 3
"""What has fewer says too little by itself, and goes with what stands beside it."""
_FEWEST_BEFORE_A_TURN = 2
MOST_WORDS = 40
"""What has more is cut in any case: somebody wrote without stops."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_WITHOUT_SPACES = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9d]")
_CHARACTERS_A_WORD = 1.5
# Ends a clause in any language; where it stands in a row of others, as in `;)`, it ends none.
_STOP = re.compile(r"(?<![;:])[;；](?![);(D-])|(?<=\s)(?:[-–—]|--)(?=\s)|(?<=\w)(?:--+|—)(?=\w)")
# Ends a sentence where the next begins in a small letter, as many people write.
_SMALL = re.compile(r"(?<=[^\W\d_]{2}[.!?])[ \t]+(?=[^\W\d_])")
_COMMA = re.compile(r"[,，、]\s*")
_BRACKETS = re.compile(r"(?<=\s)\((?!(?:which|who|that)\b)[^()]+\)")
_SIDE = re.compile(r"\s(?:and|or|so|because|und|oder|weil|et|car|y|porque|e|perché|en|и)\s")
_CUTS = _COMMA, _SIDE, re.compile(r"\s"), re.compile("")
"""Where a part without stops is cut, in its middle, the first that is there."""
_MIDDLE = 0.25, 0.75


@dataclass(frozen=True, slots=True)
class Statement:
    """A part of a text that says something.

    Attributes:
        text: As it stands there, without white space around it.
        start: Where it begins, in characters.
        end: Where it ends.
    """

    text: str
    start: int
    end: int


def split_statements(text: str, language: str = "") -> list[Statement]:
    """Cut a text into what it says: sentences, and their clauses where they turn.

    A sentence also ends where the next begins in a small letter. It is cut at a semicolon, at a
    dash, at words such as `but` and `although`, around brackets that hold a clause, and where a
    clause with a subject and a verb of its own is joined to it (`support.py`); in Chinese at a
    comma, too. A part of fewer than three words goes with the one before it on its line, else with
    the one behind, but two are enough before a `but`; one of more than forty is cut at a comma, at
    an `and`, or in its middle.

    Args:
        text: As given.
        language: ISO 639-1 code; empty where it is not known, which is taken for English.

    Returns:
        The statements in order; together they are all of the text but white space and the signs
        at which it is cut.
    """
    statements: list[Statement] = []
    end = 0
    for line in text.splitlines(keepends=True):
        start, end = end, end + len(line)
        for sentence in _joined(text, list(sentence_spans(text, start, end))):
            for first, last in _clauses(text, *sentence, language):
                if first < last:
                    statements += (
                        _statement(text, *part) for part in _shortened(text, first, last)
                    )
    return statements


def count_words(text: str) -> int:
    """Return how many words a text has; 1.5 characters are one where no spaces part any."""
    without = len(_WITHOUT_SPACES.findall(text))
    spaced = _WITHOUT_SPACES.sub(" ", text) if without else text
    return len(_WORD.findall(spaced)) + ceil(without / _CHARACTERS_A_WORD)


def _statement(text: str, start: int, end: int) -> Statement:
    return Statement(text[start:end], start, end)


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of a part of a text begin and end."""
    for sentence in split_sentences(text[start:end]):
        start = text.index(sentence, start)  # the first that is there is it: only spaces are before
        yield start, start + len(sentence)
        start += len(sentence)


def _clauses(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Yield the clauses of a sentence; each cut leaves words enough on either side of it."""
    rules = _rules(language if language in SUPPORT else "en")
    begin = start
    for left, right, fewest in sorted({*_turns(text, start, end, rules)}):
        if left <= begin or count_words(text[begin:left]) < fewest:
            continue
        if count_words(text[right:end]) < FEWEST_WORDS:
            break
        asides = rules.asides
        if asides and (asides.fullmatch(text, begin, left) or asides.fullmatch(text, right, end)):
            continue
        yield _trimmed(text, begin, left)
        begin = right
    yield _trimmed(text, begin, end)


def _turns(text: str, start: int, end: int, rules: _Rules) -> Iterator[tuple[int, int, int]]:
    """Yield where a sentence may be cut: the end of a clause, the beginning of the next.

    The third is how many words the clause before has at least.
    """
    for stop in _STOP.finditer(text, start, end):
        yield stop.start(), stop.end(), FEWEST_WORDS
    for stop in _SMALL.finditer(text, start, end):
        if text[stop.end()].islower() and not ends_shortened(text[start : stop.start()]):
            yield stop.start(), stop.end(), FEWEST_WORDS
    if rules.turns is not None:
        for word in rules.turns.finditer(text, start, end):
            yield word.start(), word.start(), _FEWEST_BEFORE_A_TURN
    for left, right in _joints(text, start, end, rules):
        yield left, right, FEWEST_WORDS
    if rules.signs is not None:
        for sign in rules.signs.finditer(text, start, end):
            yield sign.end(), sign.end(), FEWEST_WORDS


def _joints(text: str, start: int, end: int, rules: _Rules) -> Iterator[tuple[int, int]]:
    """Yield where clauses with verbs of their own meet."""
    conceded = rules.concessions is not None and rules.concessions.match(text, start, end)
    comma = _COMMA.search(text, start, end)
    if conceded and comma:
        yield comma.start(), comma.end()
    if rules.verbs is None:
        return
    first = rules.verbs.search(text, start, end)
    if first is None:
        return
    if rules.subject is not None and conceded and not comma:
        main = rules.subject.search(text, first.end(), end)
        if main:
            yield main.start(), main.end()
    yield from _around_brackets(text, first.end(), end, rules.verbs)
    if rules.clauses is not None:
        for joint in rules.clauses.finditer(text, start, end):
            # `the staff and the food were` has one verb, behind both
            if joint[0][0] == "," or first.end() <= joint.start():
                yield joint.start(), joint.start() + 1


def _around_brackets(
    text: str, start: int, end: int, verbs: re.Pattern[str]
) -> Iterator[tuple[int, int]]:
    """Yield where brackets begin and end that hold a clause."""
    for bracket in _BRACKETS.finditer(text, start, end):
        if verbs.search(bracket[0]):
            yield bracket.start(), bracket.start()
            yield bracket.end(), bracket.end()


@dataclass(frozen=True, slots=True)
class _Rules:
    turns: re.Pattern[str] | None
    concessions: re.Pattern[str] | None
    clauses: re.Pattern[str] | None
    subject: re.Pattern[str] | None
    verbs: re.Pattern[str] | None
    signs: re.Pattern[str] | None
    asides: re.Pattern[str] | None


@cache
def _rules(language: str) -> _Rules:
    known = support_of(language)
    before, behind = ("(?<![\\w'’-])", "(?![\\w'’-])") if known.cutter == "spaces" else ("", "")

    def any_of(*patterns: str) -> str:
        return "|".join(one for listed in patterns for one in listed.split())

    turns = any_of(known.turns, known.concessions)
    concessions, persons = any_of(known.concessions), any_of(known.persons)
    clause = rf"(?:{any_of(known.subjects)})\s(?:[\w'’-]+\s){{1,4}}?(?:{any_of(known.verbs)})\b"
    if persons:
        clause = rf"(?:{persons})\s\w|{clause}"
    joint = rf"(?:,\s(?:(?:{known.also})\s)?|\s(?:{known.also})\s)(?={clause})"

    def rule(pattern: str, *, there: str) -> re.Pattern[str] | None:
        return re.compile(pattern, re.IGNORECASE) if there else None

    return _Rules(
        rule(f"{before}(?:{turns}){behind}", there=turns),
        rule(f"(?:{concessions}){behind}", there=concessions),
        rule(joint, there=known.also),
        rule(rf"\s(?={clause})", there=known.subjects),
        rule(rf"\b(?:{any_of(known.verbs)})\b", there=known.verbs),
        rule(known.turning_signs, there=known.turning_signs),
        rule(rf"\W*(?:{any_of(known.asides)})\W*", there=known.asides),
    )


def _joined(text: str, parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return parts of a line, those of few words with one that stands beside them."""
    joined: list[tuple[int, int]] = []
    for start, end in parts:
        few = count_words(text[start:end]) < FEWEST_WORDS
        if joined and (few or count_words(text[slice(*joined[-1])]) < FEWEST_WORDS):
            joined[-1] = joined[-1][0], end
        elif start < end:
            joined.append((start, end))
    return joined


def _shortened(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a part in pieces of at most `MOST_WORDS` words."""
    if count_words(text[start:end]) <= MOST_WORDS:
        yield start, end
        return
    least, most = (start + int(share * (end - start)) for share in _MIDDLE)
    middle = (start + end) / 2
    for rule in _CUTS:
        found = rule.finditer(text, least, most)
        if places := [one.end() if rule is _COMMA else one.start() for one in found]:
            cut = min(places, key=lambda place: abs(place - middle))
            yield from _shortened(text, *_trimmed(text, start, cut))
            yield from _shortened(text, *_trimmed(text, cut, end))
            return


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a part without white space around it, and without commas behind it."""
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",，、"):
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end
