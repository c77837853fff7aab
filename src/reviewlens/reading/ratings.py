"""Ratings: from what people write to numbers, and from their scale to 1-5 stars."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

_NUMBER = r"([+-]?\d+(?:[.,]\d+)?)"
_PLAIN = re.compile(_NUMBER)
_MOST = 60
"""No written rating is longer."""
# English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Turkish, Swedish.
_STAR = (
    r"(?:stars?|sternen?|étoiles?|etoiles?|estrellas?|estrelas?|stell[ae]|sterren|ster|"
    r"gwiazd(?:k[aięi]|ek|y|a)?|зв[её]зд[аы]?|yıldız|stjärn(?:or|a)|bubbles?|[★⭐🌟]|"
    r"[颗顆]?星级?|つ星|個?の?星|별)"
)
_POINT = r"(?:points?|pts?|punkte?n?|puntos?|pontos?|punti|点|分|점)"
_OF = r"(?:/|out of|of|von|sur|de|su|van|z|из|av|üzerinden|em)"
_LABEL = (
    r"(?:[^\W\d_][^\d:：]{0,30}[:：]\s*|(?:rated|scored|rating|bewertet mit|noté|note de|"
    r"valutat[oa]|puntuado|avaliado(?: como)?|score)\s+)?"
)
_OUT_OF = re.compile(
    rf"{_LABEL}{_NUMBER}\s*{_STAR}?\s*{_OF}\s*(\d+)(?:\s*(?:{_STAR}|\w+)(?:\s*\w+)?)?",
    re.IGNORECASE,
)
_TOP_FIRST = re.compile(
    rf"(?:별\s*)?(\d+)\s*(?:つ星のうち|[개점]?\s*(?:만점에|중)|点満点中|分制|{_STAR} üzerinden)"
    rf"\s*{_NUMBER}\s*[개점点分]?",
    re.IGNORECASE,
)
_OF_AT_MOST = re.compile(rf"{_NUMBER}\s*[颗顆]星\s*[,，]\s*最多\s*(\d+)\s*[颗顆]星")
_STARS = re.compile(rf"{_LABEL}{_NUMBER}[\s-]*{_STAR}(?:\s+(?:rating|review))?", re.IGNORECASE)
_STAR_FIRST = re.compile(rf"[★⭐🌟별]\s*{_NUMBER}\s*개?")
_SAID = (
    r"(?:(?:rated|scored|rating|score|bewertung|note|nota|voto|puntuación|评分|評価|평점)"
    r"\s*[:：]?\s*)?"
)
_POINTS = re.compile(rf"{_SAID}{_NUMBER}\s*{_POINT}?\.?", re.IGNORECASE)
_PERCENT = re.compile(rf"{_SAID}{_NUMBER}\s*%", re.IGNORECASE)
_GLYPHS = re.compile(r"([★⭐🌟●]\s*)*(½)?([☆✩○]\s*)*")
_BUBBLES = re.compile(r"(?:ui_)?(?:bubble_rating )?bubble_([0-5])([05])")
_FULLWIDTH = {ord("０") + digit: str(digit) for digit in range(10)} | {
    ord("％"): "%", ord("．"): ".", ord("，"): ",", ord("／"): "/", 0xFE0F: None, 0x20E3: None,
}  # fmt: skip
# English, German, French, Spanish, Italian, Portuguese, Dutch; then Chinese and Japanese.
_COUNTED = (
    "one eins ein un une uno una um uma een",
    "two zwei deux dos due dois duas twee",
    "three drei trois tres tre três drie",
    "four vier quatre cuatro quattro quatro",
    "five fünf cinq cinco cinque vijf",
    "six sechs seis sei zes",
    "seven sieben sept siete sette sete zeven",
    "eight acht huit ocho otto oito",
    "nine neun neuf nueve nove negen",
    "ten zehn dix diez dieci dez tien",
)
_WORDS = {word: str(n) for n, words in enumerate(_COUNTED, start=1) for word in words.split()}
_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})\b", re.IGNORECASE)
_HAN = re.compile(r"[一二三四五](?=[颗顆]?星|つ星)")
_VERDICTS = {
    verdict: number
    for number, verdicts in (
        (1.0, ("recommended", "recommends", "true", "thumbs up", "thumb up", "👍")),
        (
            0.0,
            (
                "not recommended", "doesn't recommend", "does not recommend", "false",
                "thumbs down", "thumb down", "👎",
            ),
        ),
    )
    for verdict in verdicts
}  # fmt: skip
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")
TOPS = (1.0, 5.0, 10.0, 100.0)
NAMED_TOPS = (1.0, 4.0, 5.0, 6.0, 10.0, 20.0, 100.0)
_HIGHEST_TOP = 1_000.0
Scale = tuple[float, float]
OUTLIERS = 0.01
"""The share of ratings that has no say in the scale."""
NPS: Scale = (0.0, 10.0)
_ZEROS_OF_TEN = 0.2
_NPS_NAME = re.compile(
    r"\bnps(?: ?score| ?rating)?\b|net ?promoter|"
    r"(?:likely|likelihood|willing(?:ness)?)\b.*\brecommend|wahrscheinlich.*empfehl|weiterempfehlungswahrscheinlichkeit|"
    r"probab\w* .*recom|recommend.*\b(?:0|1)\s*(?:-|–|to)\s*10\b",
    re.IGNORECASE,
)


class Rating(NamedTuple):
    """A rating as given: the number, and the highest possible one when it says so, else 0."""

    number: float
    out_of: float = 0.0


def parse_rating(value: str) -> Rating | None:
    """Read a rating as people and shops write it; None when it is none.

    `5`, `4,5`, `4/5`, `4 out of 5`, `5 stars`, `5★`, `80%`, `★★★★☆`, `FIVE`, their like in other
    languages (docs/values.md lists them), and verdicts such as `Recommended`, `TRUE` and 👎, which
    are 1 or 0 out of 1. Nothing is rated above the highest, or out of more than 1,000: `24/7` and
    `12/2023` are none.
    """
    value = value.strip()
    if match := _PLAIN.fullmatch(value):
        return Rating(_number(match[1]))
    if not value or len(value) > _MOST:
        return None
    value = value.translate(_FULLWIDTH).strip()
    if (verdict := _VERDICTS.get(_SKIN.sub("", value).casefold())) is not None:
        return Rating(verdict, 1.0)
    if _GLYPHS.fullmatch(value):
        full = sum(value.count(glyph) for glyph in "★⭐🌟●")
        return Rating(full + 0.5 * value.count("½"), 5.0)
    if match := _BUBBLES.fullmatch(value):
        return Rating(float(f"{match[1]}.{match[2]}"), 5.0)
    value = re.sub(r"(\d)\s?½", r"\1.5", value)
    value = _WORD.sub(lambda match: _WORDS[match[0].lower()], value)
    return _in_figures(_HAN.sub(lambda match: str("一二三四五".index(match[0]) + 1), value))


def _in_figures(value: str) -> Rating | None:
    """Read a rating whose numbers are figures, in words or with signs around them."""
    if match := _TOP_FIRST.fullmatch(value):
        return _out_of(match[2], match[1])
    for pattern in (_OF_AT_MOST, _OUT_OF):
        if match := pattern.fullmatch(value):
            return _out_of(match[1], match[2])
    for pattern in (_STARS, _STAR_FIRST):
        if match := pattern.fullmatch(value):
            return Rating(_number(match[1]), 5.0)
    if match := _PERCENT.fullmatch(value):
        return Rating(_number(match[1]), 100.0)
    if match := _POINTS.fullmatch(value):
        return Rating(_number(match[1]))
    return None


def _out_of(number: str, top: str) -> Rating | None:
    rating = Rating(_number(number), float(top))
    return rating if 0 < rating.out_of <= _HIGHEST_TOP and rating.number <= rating.out_of else None


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
        if rating.out_of not in NAMED_TOPS:
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
    into percent. The bottom is 1 for a top of 5 or 10, else 0; it is 0 there too where zeros are
    ratings, as `_reaches_zero` tells. Verdicts (`TRUE`) are on 0-1, but ones that are only numbers
    are 1-5. A scale of 1-7 cannot be told from one of 1-10: it must be given.

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
    numbers = _numbers(counts, (0.0, top))
    below = _share(numbers, 0.0, 0.999) > OUTLIERS
    if top == 1.0:
        return (0.0, 1.0) if below or tops[1.0] else (1.0, 5.0)
    return (0.0 if top > 10.0 or (below and _reaches_zero(counts, top)) else 1.0, top)


def is_nps(column: str) -> bool:
    """Tell whether a column's name says that it holds net promoter scores, which are 0 to 10."""
    words = re.sub(r"[\W_]+|(?<=[a-z])(?=[A-Z])", " ", column)
    return _NPS_NAME.search(words) is not None


def _reaches_zero(counts: Mapping[Rating, int], top: float) -> bool:
    """Tell whether the zeros, on a scale up to 5 or 10, are ratings or stand for none.

    They are ratings where others lie between them and 1, or where they name their scale (`0/5`).
    Whole numbers to 5 are stars, which begin at 1; of ten points a few may well be 0, and where
    they are more than a fifth they are those who gave none.
    """
    numbers = _numbers(counts, (0.0, top))
    if _share(numbers, 0.001, 0.999) > OUTLIERS or counts.get(Rating(0.0, top), 0):
        return True
    return top == 10.0 and numbers[0.0] <= _ZEROS_OF_TEN * sum(numbers.values())


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
