"""Results as files for a spreadsheet."""

from __future__ import annotations

import re
from io import BytesIO, StringIO
from typing import Any

from pydantic_core import to_json
from starlette.responses import Response

from reviewlens.results import Sided, Tabular, as_json
from reviewlens.results.tables import CsvTable, XlsxTable, flat_rows, row_kind

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/jsonl; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def json_of(result: Any) -> bytes:  # noqa: ANN401 - a result, or rows of one
    """Return a result as JSON; what is no number is null."""
    named = as_json(result) if isinstance(result, Sided) else result
    return to_json(named, inf_nan_mode="null")


def tabulated(result: Any, format: str, name: str) -> Response:  # noqa: ANN401 - any result
    """Return a result as JSON, or a file with its rows.

    CSV starts with a byte order mark, so that a spreadsheet reads it as UTF-8, and no cell is run
    as a formula. It takes time for many rows: call it in a thread.

    Args:
        result: Any with `json`; else of rows (`Tabular`), or a list of them.
        format: `csv`, `xlsx`, or `json`.
        name: Of the file, without ending.

    Raises:
        MissingExtra: xlsxwriter is not installed.
    """
    if format == "json":
        return Response(json_of(result), media_type="application/json")
    rows = result._rows() if isinstance(result, Tabular) else result
    if not isinstance(rows, list | tuple):
        rows = [rows]
    header, cells = flat_rows(rows, row_kind(type(result)))
    content = _as_csv(header, cells) if format == "csv" else _as_xlsx(header, cells, name)
    return Response(
        content,
        media_type=MEDIA_TYPES[format],
        headers={"Content-Disposition": attachment(f"{name}.{format}")},
    )


def attachment(name: str) -> str:
    """Return the header that saves a response as a file; the name is made harmless."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[-100:].lstrip("-.")
    return f'attachment; filename="{safe or "reviewlens"}"'


def _as_csv(header: list[str], cells: list[list[Any]]) -> bytes:
    stream = StringIO(newline="")
    CsvTable(stream, header).write(cells)
    return stream.getvalue().encode("utf-8-sig")


def _as_xlsx(header: list[str], cells: list[list[Any]], name: str) -> bytes:
    stream = BytesIO()
    table = XlsxTable(stream, header, name)
    try:
        table.write(cells)
        table.finish()
    except BaseException:
        table.abandon()
        raise
    return stream.getvalue()
