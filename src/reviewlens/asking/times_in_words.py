"""Times that a question names, such as `in March 2023` and `last year`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

YEARS = r"(?:19[89]\d|20[0-4]\d)"
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTH = rf"(?:{'|'.join(_MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
_NAMED = (
    rf"(?:(?P<month>{_MONTH})\.?(?:\s+(?:of\s+)?(?P<of>{YEARS}))?|(?P<year>{YEARS})(?:-"
    rf"(?P<number>0?[1-9]|1[0-2]))?)"
)
# Behind a time no noun may stand: `in 2023 models`, `since March Madness`.
_ENDS = (
    r"(?![\w-])(?=\s*(?:$|[?!.,;:)]|(?:on|onwards?|and|or|what|how|which|who|why|when|where|do|"
    r"does|did|is|"
    r"are|was|were|has|have|had|about|with|for|by|the|people|guests|customers|users|reviews|"
    r"complain\w*|"
    r"mention\w*|on|in|at|of|from|to|than|compared|say|said|that|but|only|as|if|came|got|became)"
    r"\b))"
)
_OF_ONE = r"(?:in|during|throughout|within|im jahr|im|en|nel|em|in der?)"
_FROM = r"(?:since|from|starting|seit|ab|depuis|desde|dal|sinds|vanaf)"
_COUNTED = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "twelve": 12}
_COUNT = rf"(?:\d{{1,2}}|{'|'.join(_COUNTED)}|few|couple of)"
_UNITS = r"(?:days?|weeks?|months?|years?)"

# Where what is asked is a change, a time is where it began, and not all that is meant.
_OF_CHANGE = re.compile(
    r"^\s*(?:has|have|did|is|are|was|were|does|do)\b.*\b(?:better|worse|improved?|changed?|got|"
    r"gotten|become|"
    r"became|still|\w+er)\b|\bwhat(?:'s| is| has| have)? (?:changed|different|new)\b|\b"
    r"(?:changed?|differ\w*|"
    r"develop\w*|evolv\w*)\b|\bseit wann\b|\bsince when\b",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"(?:\bthan|\bcompare[sd]?(?: to| with)?|\bversus|\bvs\.?|\bas|\bagainst|\bunlike|\bover|"
    r"\bfrom|\bto|"
    r"\bnot)\s*$",
    re.IGNORECASE,
)


def times_in(question: str, newest: date | None) -> Iterator[tuple[int, int, str, str]]:
    """Yield where a time stands in a question, and its first and last day or month; at most one.

    Args:
        question: As it was asked.
        newest: The day of the newest review; None where it is not known.

    Yields:
        Start and end in the question, `since` and `until`, one of which may be empty.
    """
    changed = _OF_CHANGE.search(question) is not None
    for form, read in _FORMS:
        for match in re.finditer(form, question, re.IGNORECASE):
            before = question[: match.start()]
            if _COMPARED.search(before) or (changed and read not in (_of_one, _between)):
                continue
            if changed and read is _of_one and len(re.findall(YEARS, question)) > 1:
                continue
            span = read(match, newest)
            if span is not None:
                yield (match.start(), match.end(), *span)
                return


def _month_of(match: re.Match[str], newest: date | None) -> tuple[int, int | None] | None:
    """Return year and month; a month alone is the last one of that name."""
    if match["year"]:
        return int(match["year"]), int(match["number"]) if match["number"] else None
    month = next(at for at, name in enumerate(_MONTHS, 1) if name[:3] == match["month"][:3].lower())
    if match["of"]:
        return int(match["of"]), month
    if newest is None:
        return None
    return newest.year - (month > newest.month), month


def _shown(year: int, month: int | None) -> str:
    return f"{year}" if month is None else f"{year}-{month:02}"


def _moved(year: int, month: int, by: int) -> tuple[int, int]:
    moved = year * 12 + month - 1 + by
    return moved // 12, moved % 12 + 1


def _of_one(match: re.Match[str], newest: date | None) -> tuple[str, str] | None:
    told = _month_of(match, newest)
    return None if told is None else (_shown(*told), _shown(*told))


def _from(match: re.Match[str], newest: date | None) -> tuple[str, str] | None:
    told = _month_of(match, newest)
    return None if told is None else (_shown(*told), "")


def _up_to(match: re.Match[str], newest: date | None) -> tuple[str, str] | None:
    told = _month_of(match, newest)
    return None if told is None else ("", _shown(*told))


def _after(match: re.Match[str], newest: date | None) -> tuple[str, str] | None:
    told = _month_of(match, newest)
    if told is None:
        return None
    year, month = told
    return (f"{year + 1}" if month is None else _shown(*_moved(year, month, 1))), ""


def _before(match: re.Match[str], newest: date | None) -> tuple[str, str] | None:
    told = _month_of(match, newest)
    if told is None:
        return None
    year, month = told
    return "", (f"{year - 1}" if month is None else _shown(*_moved(year, month, -1)))


def _between(match: re.Match[str], newest: date | None) -> tuple[str, str] | None:
    first, last = match["first"], match["final"]
    return (first, last) if first <= last else None


def _calendar(match: re.Match[str], newest: date | None) -> tuple[str, str] | None:
    if newest is None:
        return None
    back = match["which"].lower() != "this"
    if match["unit"].lower() == "year":
        year = f"{newest.year - back}"
        return year, year
    month = _shown(*_moved(newest.year, newest.month, -int(back)))
    return month, month


def _latest(match: re.Match[str], newest: date | None) -> tuple[str, str] | None:
    if newest is None:
        return None
    word = (match["count"] or "one").lower()
    unit = match["unit"].lower().rstrip("s")
    if word in ("few", "couple of"):
        count = 3 if word == "few" else 2
    else:
        count = _COUNTED.get(word) or (1 if word == "one" else int(word))
    if unit in ("day", "week"):
        first = newest - timedelta(days=count * (7 if unit == "week" else 1) - 1)
        return first.isoformat(), ""
    year, month = _moved(newest.year, newest.month, -count * (12 if unit == "year" else 1))
    # The day after the same day then: a month has no more than its own days.
    last = (date(*_moved(year, month, 1), 1) - timedelta(days=1)).day
    return (date(year, month, min(newest.day, last)) + timedelta(days=1)).isoformat(), ""


_FORMS = (
    (
        rf"\b(?:between|from)\s+(?P<first>{YEARS})\s+(?:and|to|until)\s+(?P<final>{YEARS}){_ENDS}",
        _between,
    ),
    (
        rf"\b{_FROM}\s+(?:the (?:start|beginning) of\s+)?{_NAMED}(?:\s+(?:on|onwards?))?{_ENDS}",
        _from,
    ),
    (rf"\bafter\s+{_NAMED}{_ENDS}", _after),
    (rf"\bbefore\s+{_NAMED}{_ENDS}", _before),
    (rf"\b(?:until|up to|till)\s+(?:the end of\s+)?{_NAMED}{_ENDS}", _up_to),
    (rf"\b{_OF_ONE}\s+{_NAMED}{_ENDS}", _of_one),
    (
        r"\b(?:in|over|during|within)\s+the\s+(?:last|past)\s+"
        rf"(?:(?P<count>{_COUNT})\s+)?(?P<unit>{_UNITS}){_ENDS}",
        _latest,
    ),
    (rf"\b(?:in\s+)?(?P<which>last|this)\s+(?P<unit>year|month){_ENDS}", _calendar),
)
