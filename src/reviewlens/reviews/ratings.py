"""Ratings: from what people write to numbers, and from their scale to 1-5 stars."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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
_TOPS = (1.0, 5.0, 10.0, 100.0)
_OUTLIERS = 0.01

Scale = tuple[float, float]


class Rating(NamedTuple):
    """A rating as given: the number, and the highest possible one when it says so, else 0."""

    number: float
    out_of: float = 0.0


def parse_rating(value: str) -> Rating | None:
    """Read `5`, `4,5`, `4/5`, `4 out of 5`, `5 stars`, `80%` or `★★★★☆`; None when it is none."""
    value = value.strip()
    if match := _PLAIN.fullmatch(value):
        return Rating(_number(match[1]))
    if not value:
        return None
    if match := _OUT_OF.fullmatch(value):
        top = float(match[2])
        return Rating(_number(match[1]), top) if top else None
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
    """Map a rating to 1-5 stars, linearly; None when it lies outside its scale."""
    low, high = scale
    number = rating.number
    if rating.out_of and rating.out_of != high:
        number *= high / rating.out_of
    if not low <= number <= high:
        return None
    return 1.0 + 4.0 * (number - low) / (high - low)


def guess_scale(counts: Mapping[Rating, int]) -> Scale | None:
    """Guess the scale that the ratings of one source are on.

    The top is the highest that the ratings themselves name (`8/10`), else the smallest of 1, 5,
    10 and 100 that holds 99 % of them; so one typing error does not turn stars into percent.
    The bottom is 1 for a top of 5 or 10 unless more than 1 % of the ratings are below it, else
    0. Nothing but ones is 1-5. A scale of 1-7 cannot be told from one of 1-10: it must be given.

    Args:
        counts: How often each rating occurs.

    Returns:
        The lowest and the highest rating possible; None when no scale fits.
    """
    total = sum(counts.values())
    if not total:
        return None

    def share(low: float, high: float) -> float:
        return sum(n for r, n in counts.items() if low <= r.number <= high) / total

    top = max(rating.out_of for rating in counts)
    if not top:
        fitting = [top for top in _TOPS if share(0.0, top) >= 1.0 - _OUTLIERS]
        if not fitting:
            return None
        top = fitting[0]
    if top == 1.0:
        return (0.0, 1.0) if share(0.0, 0.999) > 0.0 else (1.0, 5.0)
    below = share(0.0, 0.999)
    return (0.0 if top > 10.0 or below > _OUTLIERS else 1.0, top)


def outside(counts: Mapping[Rating, int], scale: Scale | None) -> int:
    """Count the ratings that have no place on the scale."""
    kept: Iterable[int] = (
        n for rating, n in counts.items() if scale is None or to_stars(rating, scale) is None
    )
    return sum(kept)


def _number(written: str) -> float:
    return float(written.replace(",", "."))
