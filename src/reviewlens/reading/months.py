"""Dates with the month's name in them, in the languages of the shops that reviews come from.

The names are those of CLDR, as Babel has them: `docs/months.py` writes them into `months.json`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_MOST = 120
LETTERS = re.compile(r"[^\W\d_]+")
_ORDINAL = r"(?:st|nd|rd|th|er|ère|re|e|º|ª|°|\.|-?(?:го|е|ого)|-(?:a|e)|:e)?"
_OF = r"(?:de[l]?|of|di|do|da|d['’])?"
_DAY_BEFORE = re.compile(rf"(?<!\d)(\d{{1,2}})\s?{_ORDINAL}[\s.,/-]*{_OF}[\s.,/-]*$")
_YEAR_BEFORE = re.compile(r"(?<!\d)(\d{4})\s*\.?[\s.,/-]*$")
_YEAR_AFTER = re.compile(rf"[.,]?[\s.,/-]*{_OF}\s*(?:(\d{{4}})|['’]?(\d\d))(?![\d:])")
_DAY_YEAR_AFTER = re.compile(
    r"[.,]?[\s./-]*(\d{1,2})(?:st|nd|rd|th|\.)?[\s.,/-]+(?:(?:of|del?)\s+)?(\d{4})(?!\d)"
)
_DAY_AFTER = re.compile(r"[.,]?[\s./-]*(\d{1,2})\.?(?![\d:])")
_LONG_YEAR_AFTER = re.compile(rf"[.,]?[\s.,/-]*{_OF}\s*(\d{{4}})(?!\d)")
_IDEOGRAPHIC = re.compile(
    r"(?<!\d)(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월](?:\s?(\d{1,2})\s?[日号號일])?"
)
_KOREAN = re.compile(r"(?<!\d)(\d{4})\.\s?(\d{1,2})\.\s?(\d{1,2})\.(?!\d)")
_CLOCK = re.compile(
    r"\D{0,24}?(?P<early>上午|凌晨|早上|午前|오전)?(?P<late>下午|晚上|中午|午後|오후)?\s*"
    r"(?<!\d)(?P<hour>\d{1,2})\s?[:.h時时点시]\s?(?P<minute>\d\d)\s?[分분]?"
    r"(?::?(?P<second>\d\d)\s?[秒초]?)?(?:[.,]\d+)?\s*(?P<half>[ap]\.?\s?m\.?(?![a-z]))?"
    r"\s*(?:uhr|h|ч|klo)?\.?\s*(?P<zone>.*)"
)


class Written(NamedTuple):
    """A date that was read, and its time of day; `zone` is what stands behind it."""

    year: int
    month: int
    day: int
    hour: int = 0
    minute: int = 0
    second: int = 0
    zone: str = ""

    def moment(self) -> datetime:
        """Return it without its zone; ValueError where there is no such day or time."""
        return datetime(self.year, self.month, self.day, self.hour, self.minute, self.second)


def read_written(value: str) -> Written | None:
    """Read a date that names its month, whole or without the day; None where there is none.

    Words may stand before it (`Reviewed in Germany on`, `vom`, `Posted:`), and behind it where no
    time of day does. A second number that belongs to no date makes it none. Without a day it is
    the first of the month.
    """
    if len(value) > _MOST or not any(character.isdigit() for character in value):
        return None
    text = folded(value)
    for pattern in (_IDEOGRAPHIC, _KOREAN):
        if match := pattern.search(text):
            year, month, day = int(match[1]), int(match[2]), int(match[3] or 1)
            return _whole(text[: match.start()], (year, month, day), text[match.end() :])
    names = month_names()
    for word in LETTERS.finditer(text):
        number = names.get(word[0]) or names.get(word[0].removeprefix("ב"))  # Hebrew "in"
        if number and (found := _around(text[: word.start()], number, text[word.end() :])):
            return found
    return None


def _around(before: str, month: int, behind: str) -> Written | None:
    """Read day and year before and behind the name of a month."""
    day = _DAY_BEFORE.search(before)
    if day and (year := _YEAR_AFTER.match(behind)):
        return _whole(
            before[: day.start()],
            (whole_year(year[1] or year[2]), month, int(day[1])),
            behind[year.end() :],
        )
    if match := _DAY_YEAR_AFTER.match(behind):
        return _whole(before, (int(match[2]), month, int(match[1])), behind[match.end() :])
    year = _YEAR_BEFORE.search(before)
    if year and (match := _DAY_AFTER.match(behind)):
        return _whole(
            before[: year.start()], (int(year[1]), month, int(match[1])), behind[match.end() :]
        )
    if match := _LONG_YEAR_AFTER.match(behind):
        return _whole(before, (int(match[1]), month, 1), behind[match.end() :])
    return None


def _whole(before: str, date: tuple[int, int, int], behind: str) -> Written | None:
    """Read the time of day behind a date; None where another number stands beside it."""
    if any(character.isdigit() for character in before) or not 1900 <= date[0] <= 2100:
        return None
    if not any(character.isdigit() for character in behind):
        return Written(*date)
    match = _CLOCK.fullmatch(behind)
    if match is None:
        return None
    hour = int(match["hour"])
    late = match["late"] or (match["half"] or "").startswith("p")
    if late or match["early"] or match["half"]:
        if not 0 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if late else 0)
    second = int(match["second"] or 0)
    return Written(*date, hour, int(match["minute"]), second, match["zone"].strip(" ()."))


def whole_year(written: str) -> int:
    """Return a year as it is meant: of two figures, one from 1969 to 2068."""
    year = int(written)
    if len(written) > 2:
        return year
    return year + (1900 if year >= 69 else 2000)


@cache
def month_names() -> Mapping[str, int]:
    """Return the numbers of months by their names, folded, without points; see docs/months.py."""
    text = files("reviewlens.reading").joinpath("months.json").read_text(encoding="utf-8")
    names: dict[str, int] = json.loads(text)
    return names


def folded(text: str) -> str:
    """Fold case; the Turkish letters i and ı are one."""
    return unicodedata.normalize("NFKC", text).casefold().replace("i̇", "i").replace("ı", "i")
