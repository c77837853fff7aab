"""What the values of a column say that it holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from statistics import median

from reviewlens.reading.dates import is_time
from reviewlens.reading.ratings import is_rating, parse_rating

LOOKED_AT = 300
"""Filled values of a column that are looked at."""
PLAINLY = 0.95
_SCALE_TOP = 10
_ENOUGH = 20
_TASTED = 5  # before the others are looked at, which takes long in wide tables
_TEXT_CHARACTERS = 12
_ROOMY_CHARACTERS = 6  # of scripts that need few
_LONGEST_DATE = 80  # Reviewed in the United Kingdom on 12 September 2024
_THUMB = re.compile("👍|👎|thumbs? ", re.IGNORECASE)
_DECIMALS = re.compile(r"[+-]?\d+[.,]\d{3,}")
_LETTERS = re.compile(r"[^\W\d_]")
_NO_TEXT = re.compile(r"\S+@\S+\.\S+|https?://\S+|www\.\S+", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_NAME = re.compile(r"[^\W\d_]{2,}(?:['’.-]?[^\W\d_]+)*")
_WIDE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def filled(values: Sequence[str]) -> list[str]:
    """Return the first values that are not empty, stripped."""
    found: list[str] = []
    for value in values:
        if value := value.strip():
            found.append(value)
            if len(found) == LOOKED_AT:
                break
    return found


def share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    """Return which share of some values passes a test; 0 of none."""
    return sum(map(test, values)) / max(1, len(values))


def is_on_scale(values: Sequence[str]) -> bool:
    """Tell whether filled values are plainly ratings: stars, or numbers up to ten."""
    ratings = [parse_rating(value) for value in values]
    stars = [
        rating
        for rating in ratings
        if rating is not None
        and (rating.out_of or (0 <= rating.number <= _SCALE_TOP and 4 * rating.number % 1 == 0))
    ]
    return bool(values) and len(stars) >= PLAINLY * len(values)


def repeat(values: Sequence[str]) -> bool:
    """Tell whether filled values come again and again, as names of products do."""
    return len(values) >= _ENOUGH and len(set(values)) <= 0.2 * len(values)


def is_measured(values: Sequence[str]) -> bool:
    """Tell whether filled values are numbers that were computed: many decimals, all different."""
    long = share(values, lambda value: _DECIMALS.fullmatch(value) is not None)
    return long > 0.5 and len(set(values)) > 0.5 * len(values)


def are_ratings(values: Sequence[str]) -> bool:
    """Tell whether filled values are ratings of several heights, whatever their column's name."""
    distinct = set(values)
    least = 2 if any(map(_THUMB.search, distinct)) else 3
    return (
        any(map(is_rating, values[:_TASTED]))
        and is_on_scale(values)
        and least <= len(distinct) <= 4 * _SCALE_TOP + 1
    )


def are_dates(values: Sequence[str]) -> bool:
    """Tell whether filled values are written dates, whatever their column is called."""
    if not any(map(is_time, values[:_TASTED])):
        return False
    written = [value for value in dict.fromkeys(values) if not _NUMBER.fullmatch(value)]
    return (
        len(values) > 0
        and len(written) >= PLAINLY * len(set(values))
        and share(written, is_time) >= PLAINLY
    )


def is_list(value: str) -> bool:
    """Tell whether a value is a list of objects in JSON, as those of a file of JSON are kept."""
    return value.startswith('[{"')


def are_texts(values: Sequence[str]) -> bool:
    """Tell whether filled values are what people write: long, and hardly one like another."""
    if not values or len(set(values)) <= 0.3 * len(values):
        return False
    if share(values, lambda value: is_list(value) or bool(_NO_TEXT.fullmatch(value))) > 0.5:
        return False
    least = _ROOMY_CHARACTERS if _WIDE.search("".join(values[:20])) else _TEXT_CHARACTERS
    length = median(len(_LETTERS.findall(value)) for value in values)
    spaced = share(values, lambda value: " " in value or bool(_WIDE.search(value)))
    return (
        length >= least
        and spaced > 0.5
        and share(values, is_rating) < 0.5
        and share(values, is_written_date) < 0.5
    )


def is_written_date(value: str) -> bool:
    """Tell whether a value is a date, and no text that could be long."""
    return len(value) <= _LONGEST_DATE and is_time(value)


def are_names(values: Sequence[str]) -> bool:
    """Tell whether filled values are names that people can read, not keys such as `B003XPF9BO`."""
    return share(values, lambda value: bool(_WIDE.search(value) or _readable(value))) > 0.5


def _readable(value: str) -> bool:
    words = value.split()
    named = [word for word in words if _NAME.fullmatch(word.strip("()[]:,.!?&\"'"))]
    return 2 * len(named) >= len(words) and not (len(words) == 1 and value.isupper())
