"""Times: from the ways people write them to UTC milliseconds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Literal

from reviewlens.document import agreed, counted
from reviewlens.errors import AmbiguousDates
from reviewlens.reading.months import read_written, whole_year
from reviewlens.reading.placeholders import filled
from reviewlens.reading.zones import USUAL, is_known, named_zone, shown_offset, zone_of

DateOrder = Literal["dmy", "mdy", "ymd"]

_ERRORS = 0.01
_TELLING = 0.05  # three dates in five tell their order where days are as frequent as months
_END = int(datetime(2101, 1, 1, tzinfo=UTC).timestamp())
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"(\d{8,19})(?:\.\d*)?")
_CLOCK = (
    r"(?:[,T\s]\s*(?:(?:at|um|à|às|alle|om|o|kl\.?|в|saat|-|–)\s+)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?:(?P<half>[AaPp])(?:\.?[Mm]\.?)?(?![A-Za-z]))?(?:\s*(?:Uhr|uhr|ч\.?)(?![A-Za-z]))?"
    r"(?:\s*(?P<abbreviation>\(?(?-i:[A-Z]{2,5})\)?))?)?"
    r"\s*(?P<zone>Z|(?:UTC|GMT)?\s?[+-]\d\d?(?::?\d\d)?)?"
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
_MONTH_YEAR = re.compile(r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})")
_WORDS_BEFORE = re.compile(r"[^\d+-]{1,60}[\s:：](?=\d{1,4}[-/.])")
_ISO_START = re.compile(r"\d{4}-\d\d")
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d+))?")
_DAY_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
_FIRST_SERIAL = 25_569  # 1970
# Names of columns in languages that write the day first.
_DAY_FIRST_WORDS = """
    datum fecha data дата tarih tarihi päivämäärä dato dátum
    bewertung rezension kommentar sterne titel kunde kundin produkt überschrift
    avis commentaire étoiles etoiles titre auteur produit
    reseña resena comentario estrellas calificación calificacion valoración valoracion puntuación
    puntuacion título titulo producto cliente usuario
    recensione titolo stelle voto prodotto autore testo
    avaliação avaliacao comentário estrelas produto
    beoordeling opmerking sterren
    отзыв отзывы оценка комментарий автор товар
    ocena komentarz opinia recenzja tytuł
    yorum puan başlık ürün
"""
_DAY_FIRST = frozenset(_DAY_FIRST_WORDS.split())
_ALSO_ENGLISH = frozenset({"data"})
"""Tells only as the name of the column of dates itself."""


def parse_time(value: str, order: DateOrder | None = None, *, serials: bool = False) -> int | None:
    """Read a time as UTC milliseconds; None when it is none, or lies outside 1970-2100.

    Understood are seconds, milliseconds, micro- and nanoseconds since 1970 (nine digits and
    more, so from 1973 on), `20210304`, ISO 8601 with and without a zone, `2021.03.04`,
    numbers in the order given, and names of months in the languages of `months.py`, words before
    them. A month without a day is its first. Without a zone it is UTC, and one that is not known
    makes it none; two-digit years are 1969-2068.

    Args:
        value: What stands in the cell.
        order: How to read a date of three numbers whose first is no year; None: day first.
        serials: Whether numbers such as 45292 are days of a spreadsheet's calendar.
    """
    value = value.strip()
    if not value:
        return None
    if serials and is_serial(value):
        days = timedelta(days=float(value.replace(",", ".")))
        return round((_DAY_ZERO + days).timestamp()) * 1000
    if match := _DIGITS.fullmatch(value):
        return _from_digits(match[1], value)
    try:
        return _milliseconds(_parse(value, order))
    except (ValueError, OverflowError):
        return None


def is_time(value: str) -> bool:
    """Tell whether a value can be read as a time, in one order or another."""
    if parse_time(value, "dmy") is not None:
        return True
    return _NUMERIC.fullmatch(_bare(value.strip())) is not None and any(
        parse_time(value, order) is not None for order in ("mdy", "ymd")
    )


def is_serial(value: str) -> bool:
    """Tell whether a value can be a day from 1970 to 2100 in a spreadsheet's calendar."""
    match = _SERIAL.fullmatch(value.strip())
    return match is not None and _FIRST_SERIAL <= int(match[1]) < _END // 86_400 + _FIRST_SERIAL


class OrderEvidence:
    """What the numeric dates of a file tell about the order of day and month.

    A date with a number above 12 tells it. Where one in a hundred of these, or fewer, contradicts
    the others, it is an error and has no say.

    Attributes:
        readable: Whether any value is a time.
        unread: A value that is none; empty where the first one is a time.
    """

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._dotted = self._filled = self._serial = 0
        self._guess = self._day = ""
        self._zones: Counter[str] = Counter()
        self._zoned: dict[str, str] = {}
        self.readable = False
        self.unread = ""

    def add(self, values: Iterable[str]) -> None:
        """Take the evidence of some values; each different one tells an order once."""
        for written, times in Counter(values).items():
            if self.readable and _ISO_START.match(written) and written[-2:-1].isdigit():
                self._filled += 1  # it depends on no order, and names no zone but Z
                continue
            value = filled(written)
            if not value:
                continue
            self._filled += 1
            if is_serial(value):
                self._serial += 1
                self._day = self._day or value
            self.readable = self.readable or is_time(value) or is_serial(value)
            self.unread = self.unread or ("" if self.readable else value)
            if zone := named_zone(value):
                self._zones[zone] += times
                self._zoned.setdefault(zone, value)
            match = _NUMERIC.fullmatch(_bare(value))
            if match is None:
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
            self._dotted += told == "either" and match["mark"] == "."
            self._first.setdefault(told, value)
            self._counts[told] += 1

    def settle(self, file: str, column: str, header: Sequence[str] = ()) -> DateOrder | None:
        """Decide the order, or None when there is no numeric date.

        Where no date settles it, dots between the numbers, and a header in a language that writes
        the day first, do.

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
            word = _day_first_word(column, header)
            if self._dotted == counts["either"]:
                self._guess = "as dots between the numbers say"
            elif word:
                self._guess = f"as the language of the header says ({word!r})"
            if self._guess:
                return "dmy"
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
        """Return what the user should know of how days and zones are read, whatever the order."""
        return [*self._serial_doubts(), *self._zone_doubts()]

    @property
    def serials(self) -> bool:
        """Whether most values are days of a spreadsheet's calendar."""
        return 2 * self._serial > self._filled

    def _serial_doubts(self) -> Iterator[str]:
        if self.serials:
            day = datetime.fromtimestamp((parse_time(self._day, serials=True) or 0) / 1000, UTC)
            yield (
                f"the dates are read as days of a spreadsheet's calendar: {self._day} is "
                f"{day.day} {day:%B %Y} (--time-column '' for none)."
            )

    def _zone_doubts(self) -> Iterator[str]:
        for zone, times in self._zones.items():
            example = self._zoned[zone]
            if not is_known(zone):
                yield (
                    f"{counted(times, 'date')} {agreed(times, 'names', 'name')} the time zone "
                    f"{zone}, "
                    f"which is not known, such as {example!r}; "
                    f"{agreed(times, 'it stays', 'they stay')} undated."
                )
            elif zone in USUAL:
                yield (
                    f"{counted(times, 'date')} {agreed(times, 'names', 'name')} the time zone "
                    f"{zone}, "
                    f"such as {example!r}; it is read "
                    f"as {USUAL[zone]}, {shown_offset(zone)}. Where another is meant, write its "
                    f"distance from UTC in its place."
                )

    def order_doubts(self) -> list[str]:
        """Return what the user should know of the order that was settled."""
        if self._guess:
            return [
                f"the dates are read with the day first, {self._guess}, such as "
                f"{self._first['either']!r} (--date-order mdy)."
            ]
        (order, telling), (other, against) = sorted(
            ((name, self._counts[name]) for name in ("dmy", "mdy")), key=lambda item: -item[1]
        )
        if against:
            return [
                f"of {telling + against:,} dates that tell their order {against:,} "
                f"{agreed(against, 'contradicts', 'contradict')} the "
                f"others, such as {self._first[other]!r}; they are read as {order}, and "
                f"{agreed(against, 'this stays', 'these stay')} undated (--date-order {other})."
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
            year, month = whole_year(match["year"].lstrip("'")), _MONTHS[match["name"].lower()]
            return _moment(match, year, month, int(match["day"]))
    return _in_other_words(value, order)


def _in_other_words(value: str, order: DateOrder | None) -> datetime | None:
    """Read a month without a day, words before a date, and months in any language."""
    if match := _MONTH_YEAR.fullmatch(value):
        return datetime(int(match["year"]), int(match["month"]), 1, tzinfo=UTC)
    if (bare := _bare(value)) != value:
        return _parse(bare, order)
    if written := read_written(value):
        return written.moment().replace(tzinfo=zone_of(written.zone))
    if _HAS_MONTH.search(value):
        return _written_out(value)
    return None


def _bare(value: str) -> str:
    """Return a date in figures without the words before it: `Posted: 05/03/2024`."""
    if value[:1].isdigit() or not (match := _WORDS_BEFORE.match(value)):
        return value
    return value[match.end() :]


def _day_first_word(column: str, header: Sequence[str]) -> str:
    """Return a column's name in a language that writes the day first; empty for none."""
    for name in (column, *header):
        words = set(_LETTERS.findall(name.casefold())) & _DAY_FIRST
        if words - _ALSO_ENGLISH or (words and name == column):
            return name
    return ""


def _numeric(match: re.Match[str], order: DateOrder | None) -> datetime | None:
    first, middle, last = match["first"], match["middle"], match["last"]
    if order == "ymd":
        return _moment(match, whole_year(first), int(middle), int(last)) if len(last) == 2 else None
    year = whole_year(last)
    if order == "mdy":
        return _moment(match, year, int(first), int(middle))
    return _moment(match, year, int(middle), int(first))


def _moment(match: re.Match[str], year: int, month: int, day: int) -> datetime:
    hour, half = int(match["hour"] or 0), (match["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half == "p" else 0)
    zone = (match["abbreviation"] or "") + (match["zone"] or "")
    minute, second = int(match["minute"] or 0), int(match["second"] or 0)
    return datetime(year, month, day, hour, minute, second, tzinfo=zone_of(zone))


def _written_out(value: str) -> datetime | None:
    """Leave other spellings with a month's name to dateutil, if they name a whole date."""
    from dateutil import parser

    text = value.rpartition(" on ")[2]
    readings = []
    for default in (datetime(2000, 1, 1), datetime(2001, 2, 2)):
        try:
            readings.append(parser.parse(text, default=default, tzinfos=_as_dateutil))
        except (ValueError, OverflowError, TypeError):
            return None
    return readings[0] if readings[0] == readings[1] else None


def _as_dateutil(name: str | None, offset: int | None) -> tzinfo | None:
    """Return a zone as dateutil asks for it, which would only warn of one that it does not know."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    return None if name is None else zone_of(name)
