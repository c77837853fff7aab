"""Filters that a question names: a time, stars, a product, a source.

A filter that is not meant hides reviews, and one that is missed costs little; so only what can
hardly be meant otherwise is read: `24 hours`, `a 5 star feel` and `iPhone 12` are none. Each filter
keeps the words that it was read from, for an answer to show it and a user to take it back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from reviewlens.asking.times_in_words import YEARS, times_in

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_COUNT = r"(?:[1-5]|one|two|three|four|five)"
_STARS = r"(?:stars?|sterne?n?|étoiles?|estrellas?|stelle|estrelas?|sterren)"
_OF_REVIEWS = r"(?:reviews?|ratings?|reviewers|customers|comments|ones)"
# What may stand behind stars that are a rating, and not a kind of hotel.
_ENDS = (
    r"(?=\s*(?:$|[?!.,;:)]|(?:or|and|about|for|because|say|complain|only|in|since|do|did|is|are|on)"
    r"\b))"
)
_STAR_FORMS = (
    rf"\b(?:with|of|mit|avec|con|com|met)\s+(?:only |just )?(?:(?P<edge>at least|at most|more "
    rf"than|less than|"
    rf"fewer than|under|over|up to)\s+)?(?P<low>{_COUNT})(?:(?:\s*(?:-|to|or|and)\s*)"
    rf"(?P<high>{_COUNT}))?"
    rf"[\s-]+{_STARS}(?P<open>\s+(?:or|and)\s+(?:less|fewer|lower|below|worse|more|higher|above|"
    rf"better|up))?{_ENDS}",
    rf"\b(?P<low>{_COUNT})(?:\s*(?:-|to|or|and)\s*(?P<high>{_COUNT}))?[\s-]+stars?[\s-]+"
    rf"(?={_OF_REVIEWS}\b)",
    rf"\b(?:giv(?:e|es|en|ing)|gave|got|gets?|have|has|had|rated?(?: it)?)\s+(?:it |them |us )?"
    rf"(?:only |just )?"
    rf"(?P<said>(?P<low>{_COUNT})(?:(?:\s*(?:-|to|or)\s*)(?P<high>{_COUNT}))?\s+{_STARS})"
    rf"(?P<open>\s+or\s+(?:less|fewer|more))?{_ENDS}",
)
_AT_LEAST, _AT_MOST = ("at least", "more", "higher", "above", "better", "up"), (
    "at most", "up to", "less", "fewer", "lower", "below", "worse")  # fmt: skip
_DROPPED_WITH = r"(?:of|for|at|in|from|on|by|to|für|von|bei|pour|de|di|para|voor|van)"
_LONGER_NAMES = (
    r"(?:\s*(?:\d|pro\b|plus\b|max\b|mini\b|ultra\b|lite\b|air\b|xl\b|[ivx]{2,}\b)|-\w|['’]?\w)"
)


@dataclass(frozen=True, slots=True)
class FilterInWords:
    """A filter that a question names.

    Attributes:
        name: Of the filter, as in `Selection.where`.
        value: What that takes: `2023-03`, `1..2`, the name of a product.
        words: The words that it was read from, as they stand in the question.
    """

    name: str
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class FilteredQuestion:
    """A question and the filters that it names.

    Attributes:
        question: Without the words of filters, where it reads on without them; `it` stands for a
            product of which something is asked.
        filters: In the order of the question; a span of time is two, `since` and `until`.
    """

    question: str
    filters: tuple[FilterInWords, ...] = field(default=())

    @property
    def values(self) -> dict[str, Any]:
        """What `Selection.where` takes."""
        return {one.name: one.value for one in self.filters}


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    filters: tuple[FilterInWords, ...]
    instead: str = ""


def read_filters(
    question: str,
    *,
    newest: date | None = None,
    products: Collection[str] = (),
    sources: Collection[str] = (),
    taken_back: Collection[str] = (),
) -> FilteredQuestion:
    """Return the filters that a question names, and the question without their words.

    Args:
        question: As it was asked.
        newest: The day of the newest review, from which `last year` and `in March` are told; where
            it is None these are not read.
        products: The names of products that there are. One is read where it stands as it is
            written, or, if it has several words, in any case; where two are named none is, for they
            are compared.
        sources: The same of sources.
        taken_back: Words of filters that are not meant, as an earlier answer had them.
    """
    found: list[_Found] = []
    for one in (
        *_times(question, newest),
        *_stars(question),
        *_named("product", question, products),
        *_named("source", question, sources),
    ):
        told = {known.name for each in found for known in each.filters}
        clash = any(one.start < each.end and each.start < one.end for each in found)
        if clash or any(known.name in told for known in one.filters):
            continue
        if one.filters[0].words not in taken_back:
            found.append(one)
    found.sort(key=lambda one: one.start)
    text = question
    for one in reversed(found):
        text = f"{text[: one.start]}{one.instead}{text[one.end :]}"
    text = re.sub(r"\s+([?!.,;:])", r"\1", " ".join(text.split())).strip(" ,;")
    filters = tuple(known for one in found for known in one.filters)
    return FilteredQuestion(text if filters else question, filters)


def _times(question: str, newest: date | None) -> Iterator[_Found]:
    for start, end, since, until in times_in(question, newest):
        words = question[start:end].strip()
        told = (("since", since), ("until", until))
        filters = tuple(FilterInWords(name, value, words) for name, value in told if value)
        yield _Found(start, end, filters)


def _stars(question: str) -> Iterator[_Found]:
    for form in _STAR_FORMS:
        for match in re.finditer(form, question, re.IGNORECASE):
            parts = match.groupdict()
            low = _number(match["low"])
            high = _number(match["high"]) if parts["high"] else low
            edge = f"{parts.get('edge') or ''} {parts.get('open') or ''}".lower()
            if low > high:
                continue
            value = f"{low}..{high}" if high != low else f"{low}"
            if re.search(r"more than|over", edge):
                value = f"{low + 1}.." if low < 5 else ""
            elif re.search(r"(?:less|fewer) than|under", edge):
                value = f"..{low - 1}" if low > 1 else ""
            elif any(word in edge for word in _AT_LEAST):
                value = f"{low}.."
            elif any(word in edge for word in _AT_MOST):
                value = f"..{high}"
            if value:
                # Who asks why people give two stars asks just that: the words stay.
                stays = match[0] if "said" in parts else ""
                words = (parts.get("said") or match[0]).strip(" -")
                told = (FilterInWords("rating", value, words),)
                yield _Found(match.start(), match.end(), told, stays)


def _number(word: str) -> int:
    return _NUMBERS.get(word.lower()) or int(word)


def _named(filter_name: str, question: str, names: Collection[str]) -> Iterator[_Found]:
    found: list[_Found] = []
    asked = question.casefold()
    there = {one.strip() for one in names if one.strip().casefold() in asked}
    for name in sorted(there, key=lambda one: (-len(one), one)):
        several = " " in name
        if len(name) < 3 or not (several or any(sign.isupper() or sign.isdigit() for sign in name)):
            continue
        if re.fullmatch(YEARS, name):
            continue
        pattern = (
            rf"(?P<before>(?i:\b{_DROPPED_WITH}\s+))?(?i:\b(?:the|my|this|our|their)\s+)?"
            rf"[\"“']?(?<![\w-])(?P<name>{re.escape(name)})(?!{_LONGER_NAMES})[\"”']?"
        )
        for match in re.finditer(pattern, question, re.IGNORECASE if several else 0):
            if any(match.start() < one.end and one.start < match.end() for one in found):
                continue
            told = (FilterInWords(filter_name, name, match["name"]),)
            instead = "" if match["before"] and match.start() > 0 else "it"
            found.append(_Found(match.start(), match.end(), told, instead))
    if len({one.filters for one in found}) == 1:
        yield found[0]
