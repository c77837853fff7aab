"""The first sheet of a workbook as records."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice

from reviewlens.errors import UnreadableFile
from reviewlens.reviews.files import Input
from reviewlens.reviews.records import Record

_EXACT = 10**15


class SheetReader:
    """Reads the first visible sheet that is not empty; its rows are the records.

    A workbook is compressed XML and is held in memory as a whole, a million rows at most. A row
    of empty cells is no record. Numbers come as a spreadsheet shows them, dates in ISO form; an
    integer of more than 15 digits, which a spreadsheet has rounded, as `5.70306E+17`.

    Raises:
        UnreadableFile: It is no workbook, is protected, or has no rows.
    """

    def __init__(self, source: Input) -> None:
        from python_calamine import CalamineError, CalamineWorkbook, PasswordError

        try:
            workbook = CalamineWorkbook.from_path(source.path)
            filled = []
            for meta in workbook.sheets_metadata:
                if "Visible" in str(meta.visible) and "WorkSheet" in str(meta.typ):
                    sheet = workbook.get_sheet_by_name(meta.name)
                    filled += [sheet] if sheet.height else []
        except PasswordError as error:
            raise UnreadableFile(
                f"{source.name} is protected by a password; save it without one."
            ) from error
        except (CalamineError, OSError) as error:
            raise UnreadableFile(
                f"{source.name} cannot be read as a workbook ({error}); save it as CSV."
            ) from error
        if not filled:
            raise UnreadableFile(f"{source.name} is empty: none of its sheets has a row.")
        self.name = filled[0].name
        self.others = tuple(sheet.name for sheet in filled[1:])
        self._rows = _records(filled[0].iter_rows())

    def expect(self, header: Sequence[str]) -> None:
        """Do nothing: all rows of a sheet are equally wide, so every cell has its column."""

    def read(self, count: int) -> list[Record]:
        """Read up to `count` records; none at the end."""
        return list(islice(self._rows, count))


def _records(rows: Iterator[Sequence[object]]) -> Iterator[Record]:
    for line, cells in enumerate(rows, start=1):
        fields = [_shown(cell) for cell in cells]
        if any(fields):
            yield Record(line, fields, _raw(fields))


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        if abs(cell) >= _EXACT:
            return f"{cell:.5E}"
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return str(cell)


def _raw(fields: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(fields)
    return line.getvalue()
