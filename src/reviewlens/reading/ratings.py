"""Ratings: from what people write to numbers, and from their scale to 1-5 stars."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

_NUMBER = r"([+-]?\d+(?:[.,]\d+)?)"
_PLAIN = re.compile(_NUMBER)
_OUT_OF = re.compile(
    rf"(?:rated\s+)?{_NUMBER}\s*(?:/|out of|of|von|sur|de)\s*(\d+)(?:\s*\w+)?", re.IGNORECASE
)
_STARS = re.compile(
    rf"(?:rated\s+)?{_NUMBER}[\s-]*(?:stars?|sterne?|étoiles?|estrellas?)(?:\s+rating)?",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"{_NUMBER}\s*%")
_GLYPHS = re.compile(r"([★⭐🌟]\ufe0f?\s*)*(½)?([☆✩]\s*)*")
TOPS = (1.0, 5.0, 10.0, 100.0)
_NAMED_TOPS = (4.0, 5.0, 6.0, 10.0, 20.0, 100.0)
_HIGHEST_TOP = 1_000.0
OUTLIERS = 0.01
"""The share of ratings that has no say in the scale."""

Scale = tuple[float, float]


class Rating(NamedTuple):
    """A rating as given: the number, and the highest possible one when it says so, else 0."""

    number: float
    out_of: float = 0.0


def parse_rating(value: str) -> Rating | None:
    """Read `5`, `4,5`, `4/5`, `4 out of 5`, `5 stars`, `80%` or `★★★★☆`; None when it is none.

    Nothing is rated above the highest, or out of more than 1,000: `24/7` and `12/2023` are none.
    """
    value = value.strip()
    if match := _PLAIN.fullmatch(value):
        return Rating(_number(match[1]))
    if not value:
        return None
    if match := _OUT_OF.fullmatch(value):
        number, top = _number(match[1]), float(match[2])
        return Rating(number, top) if top and number <= top <= _HIGHEST_TOP else None
    if match := _STARS.fullmatch(value):
        return Rating(_number(match[1]), 5.0)
    if match := _PERCENT.fullmatch(value):
        return Rating(_number(match[1]), 100.0)
    if _GLYPHS.fullmatch(value):
        full = sum(value.count(glyph) for glyph in "★⭐🌟")
        return Rating(full + 0.5 * value.count("½"), 5.0)
    return None


def is_rating(value: str) -> bool:
    """Tell whether a value can be read as a rating."""
    return parse_rating(value) is not None


def to_stars(rating: Rating, scale: Scale) -> float | None:
    """Map a rating to 1-5 stars, linearly; None when it lies outside its scale.

    One that names another highest rating is first brought to this scale by it (`9/10` is 4.5 of 5,
    and what is below the lowest counts as the lowest), if that is one that people rate by: of 4
    (critics), 5, 6 (dice), 10, 20 or 100.
    """
    low, high = scale
    number = rating.number
    if names_other(rating, scale):
        if rating.out_of not in _NAMED_TOPS:
            return None
        number = max(number * high / rating.out_of, low)
    if not low <= number <= high:
        return None
    return 1.0 + 4.0 * (number - low) / (high - low)


def names_other(rating: Rating, scale: Scale) -> bool:
    """Tell whether a rating names another highest one than its scale has."""
    return rating.out_of not in (0.0, scale[1])


def guess_scale(counts: Mapping[Rating, int]) -> Scale | None:
    """Guess the scale that the ratings of one source are on.

    The top is the one that most of the ratings name (`8/10`), else the smallest of 1, 5, 10 and
    100 that holds 99 % of those that name none; so one odd rating among many does not turn stars
    into percent. The bottom is 1 for a top of 5 or 10 unless more than 1 % of the ratings are
    below it, else 0. Nothing but ones is 1-5. A scale of 1-7 cannot be told from one of 1-10: it
    must be given.

    Args:
        counts: How often each rating occurs.

    Returns:
        The lowest and the highest rating possible; None when no scale fits.
    """
    if not counts:
        return None
    tops: Counter[float] = Counter()
    for rating, count in counts.items():
        tops[rating.out_of] += count
    total, plain = tops.total(), tops.pop(0.0, 0)
    top, named = max(tops.items(), key=lambda item: (item[1], item[0]), default=(0.0, 0))
    if plain and 2 * named <= total:
        numbers = _numbers(counts, (0.0,))
        fitting = [top for top in TOPS if _share(numbers, 0.0, top) >= 1.0 - OUTLIERS]
        if not fitting:
            return None
        top = fitting[0]
    below = _share(_numbers(counts, (0.0, top)), 0.0, 0.999) > OUTLIERS
    if top == 1.0:
        return (0.0, 1.0) if below else (1.0, 5.0)
    return (0.0 if top > 10.0 or below else 1.0, top)


def outside(counts: Mapping[Rating, int], scale: Scale) -> int:
    """Count the ratings that have no place on the scale."""
    return sum(n for rating, n in counts.items() if to_stars(rating, scale) is None)


def _numbers(counts: Mapping[Rating, int], tops: Collection[float]) -> Counter[float]:
    """Count the numbers of the ratings that name one of the tops, or none (0)."""
    numbers: Counter[float] = Counter()
    for rating, count in counts.items():
        if rating.out_of in tops:
            numbers[rating.number] += count
    return numbers


def _share(numbers: Mapping[float, int], low: float, high: float) -> float:
    return sum(n for number, n in numbers.items() if low <= number <= high) / sum(numbers.values())


def _number(written: str) -> float:
    return float(written.replace(",", "."))
