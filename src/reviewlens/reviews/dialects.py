"""Which delimiter a file uses, and whether a spreadsheet quoted its rows whole."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from reviewlens.errors import InputError
from reviewlens.reviews.records import Dialect, unwrap, wide_fields

DELIMITERS = (",", "\t", ";", "|")
_NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_ROWS = 300
_NAMES_ITSELF = re.compile(r'"?sep=(.)"?[;,]*\s*', re.IGNORECASE)


def sniff_dialect(lines: Sequence[str], given: str | None) -> Dialect:
    """Decide the delimiter on the first lines of a file.

    Of `,`, tab, `;` and `|` the one is taken that splits the header and gives the largest share
    of the rows as many fields as the header; then the one with more fields. None of them in
    the header: the file has one column. A first line `sep=;`, which Excel writes, decides.

    Args:
        lines: The first physical lines with their ends, complete ones.
        given: The user's delimiter, or None to decide it.

    Raises:
        InputError: What was given is not one character.
    """
    if given is not None:
        delimiter = _NAMED.get(given.lower(), given)
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise InputError(
                f"{given!r} cannot be a delimiter; give one character, such as --delimiter ';', "
                f"or tab.",
                field="delimiter",
            )
    if lines and (match := _NAMES_ITSELF.fullmatch(lines[0])):
        return replace(sniff_dialect(lines[1:], given or match[1]), named=True)
    if given is None:
        delimiter = _best(lines)
    dialect = _unwrapping(lines, delimiter)
    rows = [] if dialect.inner else _parse(lines, dialect.separator)
    longer = [row for row in rows[1:] if len(row) == len(rows[0]) + 1]
    indexed = len(longer) > 0.9 * len(rows[1:]) and any(row[-1] for row in longer)
    return replace(dialect, indexed=indexed)


def _best(lines: Sequence[str]) -> str:
    best, delimiter = (0.0, 1), ""
    for candidate in DELIMITERS:
        rows = _parse(lines, candidate)
        width = len(rows[0]) if rows else 0
        if width > 1:
            score = (sum(len(row) == width for row in rows) / len(rows), width)
            if score > best:
                best, delimiter = score, candidate
    return delimiter


def _unwrapping(lines: Sequence[str], delimiter: str) -> Dialect:
    """See whether rows were quoted whole, as a spreadsheet of another delimiter does.

    Either the header and nearly every row are one cell, with a tail of empty ones or quoted
    whole; or the header is split already and some rows are one quoted cell that holds the
    rest.
    """
    dialect = Dialect(delimiter)
    rows = _parse(lines, dialect.separator)
    if not rows:
        return dialect
    single = [row for row in rows if not any(row[1:])]
    quoted = any(line.startswith('"') for line in lines)
    if len(single) >= 0.9 * len(rows) and not any(rows[0][1:]) and (quoted or len(rows[0]) > 1):
        for inner in DELIMITERS:
            widths = [len(unwrap(row, inner)) for row in single]
            if widths[0] > 1 and inner != delimiter and _fitting(widths) >= 0.9:
                return Dialect(delimiter, inner)
    elif len(rows[0]) > 1:
        whole = sum(len(unwrap(row, delimiter)) == len(rows[0]) for row in single if row[0])
        if whole >= 2 and whole >= 0.01 * len(rows):
            return Dialect(delimiter, delimiter)
    return dialect


def _fitting(widths: Sequence[int]) -> float:
    return sum(width == widths[0] for width in widths) / len(widths)


def _parse(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Parse leniently, up to the first row that cannot be; blank lines are no rows."""
    rows: list[list[str]] = []
    with wide_fields():
        try:
            reader = csv.reader(iter(lines), delimiter=delimiter)
            rows.extend(islice((row for row in reader if any(row)), _ROWS))
        except csv.Error:
            pass
    return rows
