"""The first sheet of a workbook as records."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reviewlens.errors import UnreadableFile
from reviewlens.reading.children import Conversion
from reviewlens.reading.workbooks import DamagedWorkbook, Extent, Workbook

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_EXACT = 10**15


def sheet_records(
    conversion: Conversion, on_progress: Callable[[int, int], None], notes: list[str]
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the first visible sheet that is not empty, each with its number.

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
        with closing(Workbook(Path(conversion.path), on_progress, conversion.memory)) as parts:
            if parts.shared_memory > conversion.memory:
                raise conversion.too_much_memory(
                    f"it has {max(parts.declared, len(parts.shared)):,} texts or more, of "
                    f"{parts.characters:,} characters together"
                )
            workbook = CalamineWorkbook.from_path(conversion.path)
            sheet, others = _first_filled(conversion, parts, workbook)
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
        notes.append(f"{conversion.name}: the sheet {sheet.name} is read, not {unread}.")
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        on_progress(line, sheet.total_height + 1)
        fields = [_shown(cell) for cell in cells]
        if any(fields):
            yield line, fields


def _first_filled(
    conversion: Conversion, parts: Workbook, workbook: CalamineWorkbook
) -> tuple[CalamineSheet | None, list[str]]:
    """Read the first visible sheet that holds something; name those after it that do."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    shown = (SheetVisibleEnum.Visible, SheetTypeEnum.WorkSheet)
    sheet: CalamineSheet | None = None
    others: list[str] = []
    for meta, part in zip(workbook.sheets_metadata, parts.sheets(), strict=False):
        if (meta.visible, meta.typ) != shown:
            continue
        if sheet is not None:
            others += [meta.name] if parts.is_filled(part) else []
            continue
        extent = parts.extent(part)
        if parts.shared_memory + extent.memory > conversion.memory:
            raise conversion.too_much_memory(f"its sheet {meta.name!r} {extent}{_stray(extent)}")
        if extent.cells:
            read = workbook.get_sheet_by_name(meta.name)
            sheet = read if read.height else None
    return sheet, others


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
    return str(cell)
