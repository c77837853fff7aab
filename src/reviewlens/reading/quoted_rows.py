"""Rows that a spreadsheet put into a single cell: the fields that are inside."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

QuotedRows = Literal["auto", "split", "keep"]


def split_cell(cell: str, delimiter: str) -> list[str]:
    """Parse a cell as a row of its own; the cell alone where it is none.

    Runs inside `records.wide_fields`, as a cell may be of any size.
    """
    lines = io.StringIO(cell, newline="")
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return [cell]
    return rows[0] if len(rows) == 1 else [cell]


def is_row(cell: str, delimiter: str) -> bool:
    """Tell whether a cell can only be a row: fields of it are quoted, and none has a bare quote.

    Of `2,"b, c",4` nothing but the quoting of a whole row makes a cell. `Good, works well` may be
    a text, which its writer quoted for its comma; so may `She said "hi", then left`.
    """
    return '"' in cell and _well_formed(delimiter).fullmatch(cell) is not None


def reads_as_prose(fields: Sequence[str]) -> bool:
    """Tell whether a blank follows the delimiters, as it follows commas in a text."""
    return any(field[:1].isspace() for field in fields[1:])


@cache
def _well_formed(delimiter: str) -> re.Pattern[str]:
    sign = re.escape(delimiter)
    field = rf'(?:"[^"]*+(?:""[^"]*+)*+"|[^"{sign}\r\n]*+)'
    return re.compile(rf"{field}(?:{sign}{field})*+")
