"""A sheet of a workbook as records."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from reviewlens.document import shortened
from reviewlens.errors import UnreadableFile
from reviewlens.reading.children import Conversion
from reviewlens.reading.columns import find_column, find_text_column, name_columns
from reviewlens.reading.workbooks import DamagedWorkbook, Extent, Workbook

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_EXACT = 10**15
_LOOKED_AT = 40
"""Rows of a sheet in which the header is looked for."""


def sheet_records(
    conversion: Conversion, on_progress: Callable[[int, int], None], notes: list[str]
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the first visible sheet that has the text, each with its number.

    A workbook is held in memory as a whole, a million rows at most. A row of empty cells is no
    record. Numbers come as a spreadsheet shows them, dates in ISO form; an integer of more than 15
    digits, which a spreadsheet has rounded, as `5.70306E+17`.

    Args:
        conversion: The workbook.
        on_progress: Told how far a part is.
        notes: Added to: what the user should know.

    Raises:
        UnreadableFile: It is no workbook, is protected, has no rows, or takes too much memory.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with _parts(conversion, on_progress) as parts:
            workbook = CalamineWorkbook.from_path(conversion.path)
            sheet, others = _chosen(conversion, parts, workbook)
    except PasswordError as error:
        raise UnreadableFile(
            f"{conversion.name} is protected by a password; save it without one."
        ) from error
    except (CalamineError, DamagedWorkbook, OSError, zipfile.BadZipFile) as error:
        raise _unreadable(conversion, error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of no module that could be imported
            raise
        raise _unreadable(conversion, error) from error
    if sheet is None:
        raise UnreadableFile(f"{conversion.name} is empty: none of its visible sheets has a row.")
    if others:
        unread = ", ".join(others)
        notes.append(
            f"{conversion.name}: the sheet {sheet.name} is read, not {unread} (--sheet NAME)."
        )
    merged = _Merged(sheet.merged_cell_ranges or ())
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        on_progress(line, sheet.total_height + 1)
        fields = [_shown(cell) for cell in cells]
        if any(fields):
            merged.fill(line - 1, fields)
            yield line, fields
    if merged.filled:
        notes.append(
            f"{conversion.name}: what stands in cells that are merged over several rows, such as "
            f"{shortened(merged.filled)}, counts for each of these rows."
        )


class _Merged:
    """Cells that are merged over several rows, and what stands in them as the rows come.

    Attributes:
        filled: What was first put into a row below; empty where nothing was.

    Args:
        ranges: First and last cell of each, as row and column from 0.
    """

    def __init__(self, ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        tall = [(first, last[0]) for first, last in ranges if last[0] > first[0]]
        self._coming = sorted(tall, reverse=True)
        self._open: dict[int, tuple[int, str]] = {}  # by column
        self.filled = ""

    def fill(self, row: int, fields: list[str]) -> None:
        """Put what is merged from above into a row that holds something of its own."""
        while self._coming and self._coming[-1][0][0] <= row:
            (top, column), last = self._coming.pop()
            if top == row and column < len(fields):
                self._open[column] = last, fields[column]
        for column, (last, value) in list(self._open.items()):
            if last < row:
                del self._open[column]
            elif not fields[column]:
                fields[column] = value
                self.filled = self.filled or value


@contextmanager
def _parts(
    conversion: Conversion, on_progress: Callable[[int, int], None]
) -> Iterator[Workbook | None]:
    """Open the parts of an .xlsx, to see how far its sheets reach; None for another workbook.

    Those are bounded by the memory of the process alone.
    """
    if not _is_open_xml(conversion.path):
        yield None
        return
    with closing(Workbook(Path(conversion.path), on_progress, conversion.memory)) as parts:
        if parts.shared_memory > conversion.memory:
            raise conversion.too_much_memory(
                f"it has {max(parts.declared, len(parts.shared)):,} texts or more, of "
                f"{parts.characters:,} characters together"
            )
        yield parts


def _is_open_xml(path: str) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return "xl/workbook.xml" in archive.namelist()


def _chosen(
    conversion: Conversion, parts: Workbook | None, workbook: CalamineWorkbook
) -> tuple[CalamineSheet | None, list[str]]:
    """Read the sheet that is wanted, else the first visible one that has the text, or is filled.

    Returns:
        It, and the names of the others that hold something.
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    visible = (SheetVisibleEnum.Visible, SheetTypeEnum.WorkSheet)
    names = parts.sheets() if parts is not None else [""] * len(workbook.sheets_metadata)
    listed = list(zip(workbook.sheets_metadata, names, strict=False))
    if conversion.sheet:
        listed = [listed[_place_of(conversion, [meta.name for meta, _ in listed])]]
    else:
        listed = [(meta, part) for meta, part in listed if (meta.visible, meta.typ) == visible]
    filled: list[str] = []
    taken = ""
    sheet: CalamineSheet | None = None
    for meta, part in listed:
        if taken or (filled and conversion.texts is None):
            filled += [meta.name] if parts is None or parts.is_filled(part) else []
            continue
        if parts is not None and not _fits(conversion, parts, meta.name, part, must=not filled):
            continue
        read = workbook.get_sheet_by_name(meta.name)
        if read.height:
            filled.append(meta.name)
            if has_text := _has_text(conversion, read):
                taken = meta.name
            if has_text or len(filled) == 1:
                sheet = read
    return sheet, [name for name in filled if sheet is not None and name != sheet.name]


def _has_text(conversion: Conversion, sheet: CalamineSheet) -> bool:
    """Tell whether one of the first rows names the text, beside another column if there is one."""
    for cells in islice(sheet.iter_rows(), _LOOKED_AT):
        names = name_columns([_shown(cell) for cell in cells])
        if sum(cell not in ("", None) for cell in cells) < min(2, sheet.width):
            continue
        if conversion.texts and all(find_column(names, name) for name in conversion.texts):
            return True
        if not conversion.texts and find_text_column(names) is not None:
            return True
    return False


def _place_of(conversion: Conversion, names: list[str]) -> int:
    """Return which sheet is wanted, by its name, else by its number from 1."""
    wanted = conversion.sheet
    if wanted in names:
        return names.index(wanted)
    if wanted.isdigit() and 1 <= int(wanted) <= len(names):
        return int(wanted) - 1
    raise UnreadableFile(
        f"{conversion.name} has no sheet {wanted!r}; it has {', '.join(names)}.", field="sheet"
    )


def _fits(conversion: Conversion, parts: Workbook, name: str, part: str, *, must: bool) -> bool:
    """Tell whether a sheet holds something; one of too much memory is left, or refused."""
    extent = parts.extent(part)
    if parts.shared_memory + extent.memory > conversion.memory:
        if not must:
            return False
        raise conversion.too_much_memory(f"its sheet {name!r} {extent}{_stray(extent)}")
    return bool(extent.cells)


def _stray(extent: Extent) -> str:
    few = extent.cells < extent.places / 10
    return " (delete what stands far from the table, to its last cell)" if few else ""


def _unreadable(conversion: Conversion, error: BaseException) -> UnreadableFile:
    return UnreadableFile(
        f"{conversion.name} cannot be read as a workbook ({error}); save it as CSV."
    )


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        if abs(cell) >= _EXACT:
            return f"{cell:.5E}"
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return _duration(cell)
    # Spreadsheets write these for what XML cannot hold; the reader leaves them as they are.
    return str(cell).replace("_xFFFE_", "\ufffe").replace("_xFFFF_", "\uffff")


def _duration(cell: timedelta) -> str:
    """Return hours, minutes and seconds, as a spreadsheet shows them: `26:03:04`, not days."""
    minutes, seconds = divmod(abs(cell), timedelta(minutes=1))
    hours, minutes = divmod(minutes, 60)
    parts = f"{hours}:{minutes:02}:{seconds.total_seconds():09.6f}".rstrip("0").rstrip(".")
    return f"-{parts}" if cell < timedelta() else parts
