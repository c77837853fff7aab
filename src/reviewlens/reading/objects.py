"""JSON, JSON lines and Parquet as records: one object a row, nested fields by dotted names."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from reviewlens.errors import UnreadableFile
from reviewlens.reading.children import Conversion
from reviewlens.reading.files import Input, open_bytes
from reviewlens.reading.limits import MOST_COLUMNS
from reviewlens.reading.records import decoded_lines

BAD_JSON = "bad_json"
"""The reason of a line that is no JSON object."""
_DEEPEST = 4
_LOOKED_AT = 4_000_000
_FIRST = 20
_PARQUET_ROWS = 1_000
_NOTHING = ("NoneType", "NaTType", "NAType")

_Object = Mapping[str, Any]
_Told = Callable[[int, int], None]


def looks_like_json(start: str) -> bool:
    """Tell whether a text begins as an object or a list of objects does."""
    start = start.lstrip("\ufeff \t\r\n")
    if start.startswith("["):
        start = start[1:].lstrip()
    return start.startswith("{") and start[1:].lstrip().startswith(('"', "}"))


def object_records(
    conversion: Conversion, on_progress: _Told, notes: list[str]
) -> Iterator[tuple[int, Sequence[str]] | tuple[int, Sequence[str], str]]:
    """Yield the header, then a record for each object; a line that is none with the reason.

    The columns are all fields that any object has, in the order in which they first come; those
    of an object inside by dotted names, `author.name`. A list inside is kept as JSON.

    Args:
        conversion: JSON (an object or an array in one piece, or one a line), or Parquet.
        on_progress: Told how far it is, in objects.
        notes: Added to: what the user should know.

    Raises:
        UnreadableFile: It is no JSON, or holds no objects, or more columns than are read.
    """
    rows = _parquet if conversion.kind == "parquet" else _json
    columns: dict[str, int] = {}
    total = bad = 0
    for _, found in rows(conversion, notes):
        total += 1
        bad += isinstance(found, str)
        if isinstance(found, Mapping):
            for name in found:
                columns.setdefault(name, len(columns))
        if len(columns) > MOST_COLUMNS:
            raise UnreadableFile(
                f"{conversion.name} has more than {MOST_COLUMNS:,} different fields; at most so "
                "many columns are read: leave out those that say nothing of a review."
            )
        on_progress(total, 0)
    if not columns or bad > total / 2:
        raise UnreadableFile(
            f"{conversion.name} is no JSON with one review an object: {bad:,} of {total:,} lines "
            "cannot be read as an object; wanted a list of objects, or one object a line."
        )
    yield 1, list(columns)
    for number, (line, found) in enumerate(rows(conversion, []), start=1):
        on_progress(number, total)
        if isinstance(found, str):
            yield line, [found], BAD_JSON
        else:
            yield line, [found.get(name, "") for name in columns]


# -- JSON ------------------------------------------------------------------------------------------


def _json(conversion: Conversion, notes: list[str]) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Yield the objects of a file, flat, each with its line or place; a text for what is none."""
    with _text(conversion) as text:
        start = [line for line in text.read(_LOOKED_AT).splitlines() if line.strip()][:_FIRST]
    found = [isinstance(_decoded(line), Mapping) for line in start]
    first = _decoded(start[0]) if len(start) == 1 and found[0] else {}
    alone = bool(_inside(first) or _turned(first))
    if start and 2 * sum(found) > len(found) and not alone:
        yield from _json_lines(conversion)
    else:
        yield from _json_whole(conversion, notes)


def _json_lines(conversion: Conversion) -> Iterator[tuple[int, dict[str, str] | str]]:
    stream = open_bytes(_input(conversion))
    lines = decoded_lines(stream, conversion.encoding, conversion.name)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            found = _decoded(line)
            yield number, flat(found) if isinstance(found, Mapping) else line.strip()


def _json_whole(
    conversion: Conversion, notes: list[str]
) -> Iterator[tuple[int, dict[str, str] | str]]:
    try:
        with _text(conversion) as text:
            found = json.load(text, **_EXACT)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            f"{conversion.name} begins as JSON and is none: {error}; wanted a list of objects, or "
            "one object a line."
        ) from error
    path, rows = _rows_of(found)
    if path:
        notes.append(f"{conversion.name}: the reviews are read from {path!r} inside of it.")
    for place, row in enumerate(rows, start=2):
        yield place, flat(row) if isinstance(row, Mapping) else json.dumps(row)


def _rows_of(found: Any) -> tuple[str, Sequence[Any]]:  # noqa: ANN401 - any JSON
    """Return the objects, and the dotted name of what holds them where it is not all."""
    if isinstance(found, list):
        return "", found
    if not isinstance(found, Mapping):
        return "", []
    if turned := _turned(found):
        return "", turned
    inside = _inside(found)
    if not inside:
        return "", [found]
    return max(inside, key=lambda item: len(item[1]))


def _inside(found: _Object, before: str = "", depth: int = 1) -> list[tuple[str, Sequence[Any]]]:
    """Return the lists of objects in an object, each with its dotted name."""
    lists: list[tuple[str, Sequence[Any]]] = []
    for name, value in found.items():
        path = f"{before}{name}"
        if isinstance(value, list):
            if len(value) > 1 and sum(isinstance(one, Mapping) for one in value) > len(value) / 2:
                lists.append((path, value))
        elif isinstance(value, Mapping) and depth < _DEEPEST:
            lists += _inside(value, f"{path}.", depth + 1)
    return lists


def _turned(found: _Object) -> list[dict[str, Any]]:
    """Return the rows of a table that is written column by column, as pandas does by default."""
    columns = list(found.values())
    if len(columns) < 2 or not all(isinstance(column, Mapping) for column in columns):
        return []
    keys = list(columns[0])
    plain = not any(isinstance(value, Mapping | list) for value in columns[0].values())
    if len(keys) < 2 or not plain or any(list(column) != keys for column in columns):
        return []
    return [{name: column[key] for name, column in found.items()} for key in keys]


def _decoded(line: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(line.lstrip("\ufeff"), **_EXACT)
    except (ValueError, RecursionError):
        return None


_EXACT: dict[str, Any] = {  # numbers stay as they are written
    "parse_int": str, "parse_float": str, "parse_constant": lambda _: None
}  # fmt: skip


def _input(conversion: Conversion) -> Input:
    path = Path(conversion.path)
    state = path.stat()
    return Input(conversion.name, path, conversion.form, (state.st_size, state.st_mtime_ns))


def _text(conversion: Conversion) -> io.TextIOWrapper:
    stream = open_bytes(_input(conversion))
    encoding = "utf-8-sig" if conversion.encoding == "utf-8" else conversion.encoding
    return io.TextIOWrapper(stream, encoding=encoding, errors="replace")


# -- Parquet ---------------------------------------------------------------------------------------


def _parquet(
    conversion: Conversion, notes: list[str]
) -> Iterator[tuple[int, dict[str, str] | str]]:
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    del notes
    line = 1
    try:
        with ParquetFile(conversion.path) as file:
            for batch in file.iter_batches(_PARQUET_ROWS, use_threads=False):
                for row in batch.to_pylist():
                    line += 1
                    yield line, flat(row)
    except (ArrowException, OSError) as error:
        raise UnreadableFile(
            f"{conversion.name} cannot be read as Parquet ({error}); fetch or write it again."
        ) from error


# -- objects ---------------------------------------------------------------------------------------


def flat(row: _Object, before: str = "", depth: int = 1) -> dict[str, str]:
    """Return an object as cells, those of an object inside by dotted names."""
    cells: dict[str, str] = {}
    for name, value in row.items():
        key = f"{before}{name}"
        if isinstance(value, Mapping) and value and depth < _DEEPEST:
            cells |= flat(value, f"{key}.", depth + 1)
        else:
            cells[key] = _cell(value)
    return cells


def _cell(value: Any) -> str:  # noqa: ANN401 - any value
    if isinstance(value, str):
        return value
    if type(value).__name__ in _NOTHING:
        return ""
    if hasattr(value, "tolist"):  # of numpy: a number, or a list of them
        value = value.tolist()
    if isinstance(value, Sequence | Mapping) and not value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, list | tuple | Mapping):
        return json.dumps(value, ensure_ascii=False, default=str)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value)
