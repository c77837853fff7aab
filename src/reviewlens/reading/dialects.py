"""Which delimiter a file uses, and whether a spreadsheet quoted its rows whole."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from reviewlens.errors import InputError
from reviewlens.reading.quoted_rows import QuotedRows, is_row, reads_as_prose, split_cell
from reviewlens.reading.records import Dialect, wide_fields

DELIMITERS = (",", "\t", ";", "|", "\x01")
_NAMED = {
    "tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "\\x01": "\x01",
    "^a": "\x01", "ctrl-a": "\x01",
}  # fmt: skip
_BETTER = 0.05
"""The share of rows more that another way to quote must frame."""
_ROWS = 300
_NEARLY_ALL = 0.9
_NAMES_ITSELF = re.compile(r'"?sep=(.)"?[;,]*\s*', re.IGNORECASE)


class _Row(NamedTuple):
    """A row of the sample; `quoted` where it is a single quoted cell."""

    fields: list[str]
    quoted: bool


def sniff_dialect(
    lines: Sequence[str],
    given: str | None,
    *,
    quote: str | None = None,
    escape: str | None = None,
    quoted_rows: QuotedRows = "auto",
    has_text: Callable[[Sequence[str]], bool] = lambda header: False,
) -> Dialect:
    """Decide the delimiter on the first lines of a file, and whether its rows are split in cells.

    Of `,`, tab, `;` and `|` the one is taken that splits the header and gives the largest share
    of the rows as many fields as the header; then the one with more fields. None of them in
    the header: the file has one column. A first line `sep=;`, which Excel writes, decides.

    Args:
        lines: The first physical lines with their ends, complete ones.
        given: The user's delimiter, or None to decide it.
        quote: What cells are quoted by, or None to decide it.
        escape: What stands before a quote inside a cell, or None to decide it; empty where it is
            doubled.
        quoted_rows: The user's word on rows that are a single cell; see `Dialect`.
        has_text: Tells of a header whether the text is one of its columns. A table of one column
            that has it is read as it stands.

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
    for name, character in (("quote", quote), ("escape", escape)):
        if character and (len(character) != 1 or character in "\r\n"):
            raise InputError(
                f"{character!r} cannot be the {name}; give one character, such as --{name} "
                f"{chr(39) if name == 'quote' else chr(92)!r}.",
                field=name,
            )
    if lines and (match := _NAMES_ITSELF.fullmatch(lines[0])):
        rest = sniff_dialect(
            lines[1:],
            given or match[1],
            quote=quote,
            escape=escape,
            quoted_rows=quoted_rows,
            has_text=has_text,
        )
        return replace(rest, named=True)
    with wide_fields():
        if given is None:
            delimiter = _best(lines)
        dialect = _quoting(Dialect(delimiter, quoted_rows=quoted_rows), lines, quote, escape)
        rows = _parse(lines, dialect)
        if not rows:
            return dialect
        header = rows[0].fields
        if quoted_rows == "auto" and not any(header[1:]) and has_text(header):
            return dialect
        if quoted_rows != "keep":
            dialect = _splitting(dialect, rows)
    longer = [row.fields for row in rows[1:] if len(row.fields) == len(header) + 1]
    indexed = len(longer) > 0.9 * len(rows[1:]) and any(row[-1] for row in longer)
    indexed = indexed and _are_keys([row[0] for row in longer])
    return replace(dialect, indexed=indexed and not dialect.inner)


def names_delimiter(line: str) -> bool:
    """Tell whether a line is `sep=;`, which names the delimiter and is no row."""
    return _NAMES_ITSELF.fullmatch(line) is not None


def first_rows(lines: Sequence[str], delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Return the first rows of a text that is parted so, and the line that each begins on."""
    delimiter = _NAMED.get(delimiter.lower(), delimiter)
    rows: list[list[str]] = []
    starts: list[int] = []
    if len(delimiter) != 1 or delimiter in '"\r\n':
        return rows, starts
    with wide_fields():
        reader = csv.reader(iter(lines), delimiter=delimiter)
        start = 0
        try:
            for fields in reader:
                if any(fields):
                    rows.append(fields)
                    starts.append(start)
                start = reader.line_num
                if len(rows) == _ROWS:
                    break
        except csv.Error:
            pass
    return rows, starts


def _best(lines: Sequence[str]) -> str:
    best, delimiter = (0.0, 1), ""
    for candidate in DELIMITERS:
        rows = _parse(lines, Dialect(candidate))
        width = len(rows[0].fields) if rows else 0
        if width > 1:
            score = (sum(len(row.fields) == width for row in rows) / len(rows), width)
            if score > best:
                best, delimiter = score, candidate
    return delimiter


def _are_keys(cells: Sequence[str]) -> bool:
    """Tell whether the first cells of rows are an index: words without blanks, each another."""
    keys = {cell.strip() for cell in cells if not re.search(r"\s", cell.strip())}
    return len(keys) > _NEARLY_ALL * len(cells)


def _splitting(dialect: Dialect, rows: Sequence[_Row]) -> Dialect:
    """See whether rows were put into single cells, as a spreadsheet of another delimiter does.

    Either the header and nearly every row are one cell, with a tail of empty ones or quoted; or
    the header is split already and some rows are one quoted cell that holds the rest.
    """
    header = rows[0].fields
    if any(header[1:]):
        whole = _all_are_rows(rows, dialect.separator)
        return replace(dialect, inner=dialect.delimiter) if whole else dialect
    cells = [row.fields[0] for row in rows if not any(row.fields[1:])]
    known = len(header) > 1 or any(row.quoted for row in rows)
    if not known or len(cells) < _NEARLY_ALL * len(rows):
        return dialect
    fits = {}
    for inner in dict.fromkeys((*DELIMITERS, dialect.separator)):
        widths = [len(split_cell(cell, inner)) for cell in cells]
        if widths[0] > 1 and (inner != dialect.delimiter or len(header) == 1):
            fits[inner] = widths.count(widths[0]) / len(widths)
    inner = max(fits, key=fits.__getitem__, default="")
    if not inner or (fits[inner] < _NEARLY_ALL and dialect.quoted_rows == "auto"):
        return dialect
    delimiter = "" if inner == dialect.delimiter else dialect.delimiter
    return replace(dialect, delimiter=delimiter, inner=inner)


def _all_are_rows(rows: Sequence[_Row], delimiter: str) -> bool:
    """Tell whether the quoted cells that are alone in their rows are rows once more.

    They fit the header, and one of them at least can be nothing else, or hardly any row is
    another.
    """
    width = len(rows[0].fields)
    cells = [row.fields[0] for row in rows[1:] if row.quoted]
    certain = [is_row(cell, delimiter) for cell in cells]
    fitting = 0
    for cell, sure in zip(cells, certain, strict=True):
        fields = split_cell(cell, delimiter)
        fitting += len(fields) == width and (sure or not reads_as_prose(fields))
    if fitting < 2 or fitting < _NEARLY_ALL * len(cells):
        return False
    return any(certain) or fitting >= _NEARLY_ALL * (len(rows) - 1)


def _quoting(
    dialect: Dialect, lines: Sequence[str], quote: str | None, escape: str | None
) -> Dialect:
    """Decide how cells are quoted: as the standard has it, unless another way frames more rows.

    Others are: a backslash before a quote inside a cell, as MySQL writes it; blanks between a
    delimiter and a quote; single quotes.
    """
    separator, text = re.escape(dialect.separator), "".join(lines)
    ways = [(quote or '"', escape or "", False)]
    if quote is None and _in_single_quotes(lines, dialect.separator):
        ways.append(("'", escape or "", False))
    if escape is None and ("\\" + '"') in text:
        ways += [(each, "\\", False) for each, _, _ in tuple(ways)]
    if re.search(rf"(?:{separator}) +{ways[0][0]}", text):
        ways += [(each, before, True) for each, before, _ in tuple(ways)]
    if len(ways) == 1:
        return replace(dialect, quote=ways[0][0], escape=ways[0][1])
    tried = [replace(dialect, quote=q, escape=e, spaced=spaced) for q, e, spaced in ways]
    shares = [_framed(one, lines) for one in tried]
    best = max(range(len(tried)), key=lambda place: (shares[place], -place))
    return tried[best if shares[best] > shares[0] + _BETTER else 0]


def _in_single_quotes(lines: Sequence[str], separator: str) -> bool:
    """Tell whether most lines begin and end with a single quote, and part their cells by them."""
    filled = [line.strip() for line in lines[:_ROWS] if line.strip()]
    quoted = [line[:1] == line[-1:] == "'" and f"'{separator}'" in line for line in filled]
    return 2 * sum(quoted) > len(filled)


def _framed(dialect: Dialect, lines: Sequence[str]) -> float:
    """Return the share of lines in records that are as wide as the header, strictly read."""
    place = good = width = 0
    while place < len(lines):
        rows = dialect.reader(iter(lines[place:]))
        read = 0
        try:
            for fields in rows:
                width = width or len(fields)
                good += (rows.line_num - read) * (len(fields) == width)
                read = rows.line_num
            break
        except csv.Error:
            place += read + 1
    return good / max(1, len(lines))


def _parse(lines: Sequence[str], dialect: Dialect) -> list[_Row]:
    """Parse leniently, up to the first row that cannot be; blank lines are no rows."""
    rows: list[_Row] = []
    reader = dialect.reader(iter(lines), strict=False)
    start, quote = 0, dialect.quote
    try:
        for fields in reader:
            if any(fields):
                rows.append(_Row(fields, len(fields) == 1 and lines[start].startswith(quote)))
            start = reader.line_num
            if len(rows) == _ROWS:
                break
    except csv.Error:
        pass
    return rows
