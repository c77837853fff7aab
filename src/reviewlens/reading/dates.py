"""Times: from the ways people write them to UTC milliseconds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

from reviewlens.errors import AmbiguousDates

DateOrder = Literal["dmy", "mdy", "ymd"]

_ERRORS = 0.01
_TELLING = 0.05  # three dates in five tell their order where days are as frequent as months
_END = int(datetime(2101, 1, 1, tzinfo=UTC).timestamp())
_DIGITS = re.compile(r"(\d{8,19})(?:\.\d*)?")
_CLOCK = (
    r"(?:[,T\s]\s*(?:at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp])?(?:\.?[Mm]\.?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?"
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?" + _CLOCK
)
_NUMERIC = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[-/. ])\s?(?P<middle>\d{1,2})(?:(?P=mark)|,\s?|\s)\s?"
    r"(?P<last>\d{4}|\d\d)" + _CLOCK
)
_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTHS = {
    form: number for number, name in enumerate(_MONTH_NAMES, start=1) for form in (name, name[:3])
} | {"sept": 9}
_MONTH = rf"(?P<name>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_NAMED = tuple(
    re.compile(_WEEKDAY + pattern + _CLOCK, re.IGNORECASE)
    for pattern in (
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[-/.\s]*{_MONTH}[-/.,\s]*"
        r"(?P<year>\d{4}|'?\d\d)",
        rf"{_MONTH}[-/.\s]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:[-/.,\s]+)(?P<year>\d{{4}})",
        rf"(?P<year>\d{{4}})[-/.\s]+{_MONTH}[-/.\s]+(?P<day>\d{{1,2}})",
    )
)
_HAS_MONTH = re.compile(rf"\b{_MONTH}(?![a-z])", re.IGNORECASE)
_ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5,
    "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip


def parse_time(value: str, order: DateOrder | None = None) -> int | None:
    """Read a time as UTC milliseconds; None when it is none, or lies outside 1970-2100.

    Understood are seconds, milliseconds, micro- and nanoseconds since 1970 (nine digits and
    more, so from 1973 on), `20210304`, ISO 8601 with and without a zone, `2021.03.04`,
    numbers in the order given, and English month names. Without a zone it is UTC; two-digit
    years are 1969-2068.

    Args:
        value: What stands in the cell.
        order: How to read a date of three numbers whose first is no year; None: day first.
    """
    value = value.strip()
    if not value:
        return None
    if match := _DIGITS.fullmatch(value):
        return _from_digits(match[1], value)
    try:
        return _milliseconds(_parse(value, order))
    except (ValueError, OverflowError):
        return None


def is_time(value: str) -> bool:
    """Tell whether a value can be read as a time, in one order or another."""
    return any(parse_time(value, order) is not None for order in ("dmy", "mdy", "ymd"))


class OrderEvidence:
    """What the numeric dates of a file tell about the order of day and month.

    A date with a number above 12 tells it. Where one in a hundred of these, or fewer, contradicts
    the others, it is an error and has no say.
    """

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._counts: Counter[str] = Counter()

    def add(self, values: Iterable[str]) -> None:
        """Take the evidence of some values; those that are no numeric dates say nothing."""
        for value in values:
            if not _NUMERIC.fullmatch(value.strip()):
                continue
            day_first, month_first = parse_time(value, "dmy"), parse_time(value, "mdy")
            if day_first is None and month_first is None:
                continue
            if month_first is None:
                told = "dmy"
            elif day_first is None:
                told = "mdy"
            else:
                told = "either" if day_first != month_first else "same"
            self._first.setdefault(told, value.strip())
            self._counts[told] += 1

    def settle(self, file: str, column: str) -> DateOrder | None:
        """Decide the order, or None when there is no numeric date.

        Raises:
            AmbiguousDates: Both orders occur, or nothing tells which one it is.
        """
        first, counts = self._first, self._counts
        telling = counts["dmy"] + counts["mdy"]
        if min(counts["dmy"], counts["mdy"]) > _ERRORS * telling:
            raise AmbiguousDates(
                f"Column {column!r} of {file} holds dates with the day first "
                f"({first['dmy']!r}) and with the month first "
                f"({first['mdy']!r}); give the order that holds with "
                f"--date-order dmy or mdy, and the others stay undated.",
                field="date_order",
            )
        if counts["either"] and not telling:
            readings = [
                datetime.fromtimestamp((parse_time(first["either"], order) or 0) / 1000, UTC)
                for order in ("dmy", "mdy")
            ]
            shown = [f"{moment.day} {moment:%B %Y}" for moment in readings]
            raise AmbiguousDates(
                f"The dates in column {column!r} of {file} can be read two ways: "
                f"{first['either']!r} is {shown[0]} with --date-order dmy and {shown[1]} "
                f"with --date-order mdy, and no date in the file settles it; give one of them.",
                field="date_order",
            )
        if not counts:
            return None
        return "mdy" if counts["mdy"] > counts["dmy"] else "dmy"

    def doubts(self) -> list[str]:
        """Return what the user should know of the order that was settled."""
        (order, telling), (other, against) = sorted(
            ((name, self._counts[name]) for name in ("dmy", "mdy")), key=lambda item: -item[1]
        )
        if against:
            return [
                f"of {telling + against:,} dates that tell their order {against:,} contradict the "
                f"others, such as {self._first[other]!r}; they are read as {order}, and "
                f"these stay undated (--date-order {other})."
            ]
        if 0 < telling < _TELLING * self._counts["either"]:
            return [
                f"the dates are read as {order} for {telling:,} of "
                f"{telling + self._counts['either']:,}, such as {self._first[order]!r}; the others "
                f"can be read either way (--date-order {other})."
            ]
        return []


def _milliseconds(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    seconds = (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).timestamp()
    return round(seconds * 1000) if 0 <= seconds < _END else None


def _from_digits(digits: str, value: str) -> int | None:
    if len(digits) == 8:
        try:
            return _milliseconds(datetime.strptime(digits, "%Y%m%d"))
        except ValueError:
            return None
    number = int(digits)
    for size, per_second in ((10, 1), (13, 1_000), (16, 1_000_000), (19, 1_000_000_000)):
        if len(digits) <= size:
            if number >= _END * per_second or (len(digits) == size - 2 and size > 10):
                return None
            if per_second == 1 and "." in value:
                return int(float(value) * 1000)
            return number * 1000 // per_second
    return None


def _parse(value: str, order: DateOrder | None) -> datetime | None:
    if value[:4].isdigit():
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
        if match := _YEAR_FIRST.fullmatch(value):
            day = int(match["day"] or 1)
            return _moment(match, int(match["year"]), int(match["month"]), day)
    if match := _NUMERIC.fullmatch(value):
        return _numeric(match, order)
    for pattern in _NAMED:
        if match := pattern.fullmatch(value):
            year, month = _year(match["year"].lstrip("'")), _MONTHS[match["name"].lower()]
            return _moment(match, year, month, int(match["day"]))
    if _HAS_MONTH.search(value):
        return _written_out(value)
    return None


def _numeric(match: re.Match[str], order: DateOrder | None) -> datetime | None:
    first, middle, last = match["first"], match["middle"], match["last"]
    if order == "ymd":
        return _moment(match, _year(first), int(middle), int(last)) if len(last) == 2 else None
    year = _year(last)
    if order == "mdy":
        return _moment(match, year, int(first), int(middle))
    return _moment(match, year, int(middle), int(first))


def _moment(match: re.Match[str], year: int, month: int, day: int) -> datetime:
    hour, half = int(match["hour"] or 0), (match["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half == "p" else 0)
    minute, second = int(match["minute"] or 0), int(match["second"] or 0)
    return datetime(year, month, day, hour, minute, second, tzinfo=_zone(match["zone"]))


def _zone(written: str | None) -> timezone:
    if not written or written[0] not in "+-":
        return UTC
    offset = timedelta(hours=int(written[1:3]), minutes=int(written[-2:]))
    return timezone(-offset if written[0] == "-" else offset)


def _year(written: str) -> int:
    year = int(written)
    if len(written) > 2:
        return year
    return year + (1900 if year >= 69 else 2000)


def _written_out(value: str) -> datetime | None:
    """Leave other spellings with a month's name to dateutil, if they name a whole date."""
    from dateutil import parser

    text = value.rpartition(" on ")[2]
    zones = {name: hours * 3600 for name, hours in _ZONES.items()}
    readings = []
    for default in (datetime(2000, 1, 1), datetime(2001, 2, 2)):
        try:
            readings.append(parser.parse(text, default=default, tzinfos=zones))
        except (ValueError, OverflowError, TypeError):
            return None
    return readings[0] if readings[0] == readings[1] else None
