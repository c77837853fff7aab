"""Rows for spreadsheets: flat columns, and cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import IO, Any, TextIO, TypeVar, Union, get_args, get_origin, get_type_hints

from reviewlens.errors import MissingExtra
from reviewlens.files.formulas import defused
from reviewlens.files.temporary import TemporaryFolder
from reviewlens.results.names import as_json, json_name

MOST_CHARACTERS = 32_767  # that XLSX holds in a cell
RENAMED = " (column)"
"""What stands behind the name of a user's column that is called as one of ours."""

_Result = TypeVar("_Result")


def cell(value: Any) -> Any:  # noqa: ANN401 - any value
    """Return a value for a cell: as it is where it is plain, else as JSON."""
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False)
    return value


def flat_rows(rows: Sequence[Any], kind: type | None = None) -> tuple[list[str], list[list[Any]]]:
    """Return the header and the cells of rows that are dataclasses or mappings.

    Records within a row are spread (see `flat_record`), ingested columns (`extra`) have the names
    they came with, lists and mappings are JSON.

    Args:
        rows: Of one class.
        kind: Their class, needed only where there may be none.
    """
    if rows and is_dataclass(rows[0]):
        kind = type(rows[0])
    records = [flat_record(row) for row in rows]
    extras: list[Mapping[str, Any]] = [record.pop("extra", None) or {} for record in records]
    names = list(columns_of(kind) if kind else dict.fromkeys(key for one in records for key in one))
    more = list(dict.fromkeys(name for extra in extras for name in extra))
    cells = [
        [cell(record.get(name)) for name in names] + [cell(extra.get(name)) for name in more]
        for record, extra in zip(records, extras, strict=True)
    ]
    return [*names, *(f"{name}{RENAMED}" if name in names else name for name in more)], cells


def flat_record(row: Any, prefix: str = "") -> dict[str, Any]:  # noqa: ANN401 - a record
    """Return a row whose records have a column for each of their figures.

    An estimate `share` becomes `share`, `share_low`, `share_high`; a quote `quote` becomes
    `quote_review_id`, `quote_text` and so on.
    """
    if isinstance(row, Mapping):
        return dict(row)
    flat: dict[str, Any] = {}
    for item in fields(row):
        value, name = getattr(row, item.name), _joined(prefix, json_name(item.name))
        flat |= flat_record(value, name) if is_dataclass(value) else {name: _plain(value)}
    return flat


def row_kind(kind: type) -> type | None:
    """Return the class of the rows of a class of results: of its first field that holds records."""
    if not is_dataclass(kind):
        return None
    for hint in get_type_hints(kind).values():
        arguments = get_args(hint)
        if get_origin(hint) in (tuple, list) and _record_in(arguments[0]) is not None:
            return _record_in(arguments[0])
    return None


def columns_of(kind: type, prefix: str = "") -> Iterator[str]:
    """Name the columns of a class, also of records that are absent in every row."""
    hints = get_type_hints(kind)
    for item in fields(kind):
        name = _joined(prefix, json_name(item.name))
        inner = _record_in(hints[item.name])
        if inner is not None:
            yield from columns_of(inner, name)
        elif name != "extra":
            yield name


def _record_in(hint: Any) -> type | None:  # noqa: ANN401 - any annotation
    options = get_args(hint) if get_origin(hint) in (UnionType, Union) else (hint,)
    return next((one for one in options if isinstance(one, type) and is_dataclass(one)), None)


def _joined(prefix: str, name: str) -> str:
    if not prefix:
        return name
    return prefix if name == "value" else f"{prefix}_{name}"


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value
    if is_dataclass(value) and not isinstance(value, type):
        return as_json(value)
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


class CsvTable:
    """Writes rows as CSV, cells defused."""

    def __init__(self, stream: TextIO, header: Sequence[str]) -> None:
        self._stream = stream
        self._writer = csv.writer(stream, lineterminator="\n")
        self.write([header])

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows, their cells in the order of the header."""
        self._writer.writerows([defused(value) for value in row] for row in rows)


class XlsxTable:
    """Writes rows as a sheet; cells are texts or numbers, never formulas or links.

    Rows are kept in a file of its own until `finish`; either that or `abandon` is to be called.

    Raises:
        MissingExtra: xlsxwriter is not installed.
        OSError: There is no room for the rows.
    """

    def __init__(self, target: IO[bytes], header: Sequence[str], name: str = "reviews") -> None:
        try:
            import xlsxwriter
        except ImportError as error:
            raise MissingExtra("xlsxwriter", "xlsx", "writing XLSX") from error
        self._folder = TemporaryFolder()  # where rows are until the file is written
        options = {"constant_memory": True, "tmpdir": str(self._folder.path)}
        self._target = _Target(target)
        self._book = xlsxwriter.Workbook(self._target, options)
        try:
            self._sheet = self._book.add_worksheet(name[:31])
        except OSError:
            self._folder.close()
            raise
        self._row = 0
        self._sheet.freeze_panes(1, 0)
        self.write([header])

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows, their cells in the order of the header."""
        for row in rows:
            for column, value in enumerate(row):
                if isinstance(value, bool):
                    self._sheet.write_boolean(self._row, column, value)
                elif isinstance(value, int | float):
                    if math.isfinite(value):
                        self._sheet.write_number(self._row, column, value)
                elif value:
                    text = value if isinstance(value, str) else json.dumps(value)
                    self._sheet.write_string(self._row, column, text[:MOST_CHARACTERS])
            self._row += 1

    def finish(self) -> None:
        """Write the file.

        Raises:
            OSError: There is no room for it.
        """
        from xlsxwriter.exceptions import FileCreateError

        try:
            self._book.close()
        except FileCreateError as error:
            raise error.args[0] from None
        finally:
            self._folder.close()

    def abandon(self) -> None:
        """Remove what was kept; nothing more is written."""
        self._target.over = True
        with suppress(OSError):
            self._sheet.row_data_fh.close()
        self._folder.close()


class _Target:
    """Where a workbook goes; takes anything once it is over, as a failed archive still writes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.over = False

    def write(self, data: bytes) -> int:
        return len(data) if self.over else self._do(lambda: self._stream.write(data))

    def tell(self) -> int:
        return 0 if self.over else self._stream.tell()

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0 if self.over else self._do(lambda: self._stream.seek(offset, whence))

    def flush(self) -> None:
        if not self.over:
            self._do(self._stream.flush)

    def _do(self, call: Callable[[], _Result]) -> _Result:
        try:
            return call()
        except Exception:
            self.over = True
            raise
