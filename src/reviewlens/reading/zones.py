"""Time zones by the abbreviations that stand behind times."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, timedelta, timezone, tzinfo

_HOURS: Mapping[str, float] = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1,
    "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "TRT": 3, "SAST": 2, "CAT": 2, "EAT": 3, "WAT": 1,
    "IDT": 3, "GST": 4, "PKT": 5, "IST": 5.5, "NPT": 5.75, "ICT": 7, "WIB": 7, "WITA": 8, "WIT": 9,
    "HKT": 8, "SGT": 8, "MYT": 8, "PHT": 8, "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5,
    "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "HST": -10, "AKST": -9,
    "AKDT": -8, "PST": -8, "PDT": -7, "MST": -7, "MDT": -6, "CST": -6, "CDT": -5, "EST": -5,
    "EDT": -4, "AST": -4, "ADT": -3, "NST": -3.5, "NDT": -2.5, "BRT": -3, "ART": -3, "CLT": -4,
    "CLST": -3, "COT": -5, "PET": -5,
}  # fmt: skip
USUAL: Mapping[str, str] = {
    "IST": "India's", "BST": "British Summer Time", "CST": "Central Time of North America",
    "AST": "Atlantic Time", "GST": "the Gulf's",
}  # fmt: skip
"""Abbreviations that mean several zones, and which of them is meant most."""

_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-])(\d\d?)(?::?(\d\d))?(?:\s*\(.*)?")
_BEHIND = re.compile(
    r"\d\s?(?:[AaPp]\.?[Mm]\.?\s*)?[\s(](?!(?:[AaPp][Mm]|UHR)\b)([A-Z]{2,5})\)?(?:\s+\d{4})?\s*"
)


def zone_of(written: str) -> tzinfo:
    """Return the zone that stands behind a time, such as `CEST`, `+02:00` or `GMT+2`.

    None written is UTC.

    Raises:
        ValueError: It is not known.
    """
    name = written.strip(" ().").upper()
    if not name:
        return UTC
    if match := _OFFSET.fullmatch(name):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return timezone(-offset if match[1] == "-" else offset)
    if name not in _HOURS:
        raise ValueError(name)
    return timezone(timedelta(hours=_HOURS[name])) if _HOURS[name] else UTC


def named_zone(value: str) -> str:
    """Return the abbreviation of a zone in a time, whether it is known or not; empty for none."""
    if value[-1:].isdigit() and value[:4].isdigit():
        return ""  # nearly every one: an ISO date
    match = _BEHIND.search(value)
    return match[1] if match and match.end() == len(value) else ""


def is_known(name: str) -> bool:
    """Tell whether the zone of an abbreviation is known."""
    return name in _HOURS


def shown_offset(name: str) -> str:
    """Return a known zone's distance from UTC, such as `UTC+05:30`."""
    hours = _HOURS[name]
    minutes = round(abs(hours) * 60)
    return f"UTC{'-' if hours < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
