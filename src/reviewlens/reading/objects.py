"""JSON, JSON lines and Parquet as records: one object a row, nested fields by dotted names."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewlens.errors import UnreadableFile
from reviewlens.reading.children import Conversion
from reviewlens.reading.columns import find_text_column, name_columns
from reviewlens.reading.encoding import is_decoded, show_undecodable
from reviewlens.reading.files import Input, open_bytes
from reviewlens.reading.limits import BOMB_BYTES, BOMB_RATIO, MOST_COLUMNS
from reviewlens.reading.model import TEXT_BYTES
from reviewlens.reading.names import normalise
from reviewlens.reading.records import decoded_lines
from reviewlens.reading.spools import EMPTY_CELL_BYTES, Refused

if TYPE_CHECKING:
    from pyarrow import Array

_DEEPEST = 4
_LOOKED_AT = 4_000_000
_FIRST = 20
_ROWS_LOOKED_AT = 100
_SHOWN = 3
_PARQUET_ROWS = 1_000
_NOTHING = ("NoneType", "NaTType", "NAType")
_ENVELOPE_TEXTS = ("message", "description", "note")
"""Usual names of a text that an answer of a service, or a product, has beside its reviews."""
_LISTS = ("reviews", "comments", "feedback", "data", "items", "results", "rows", "records")
_UNFIT = object()

_Object = Mapping[str, Any]
_Found = tuple[int, dict[str, str] | Refused]
_Told = Callable[[int, int], None]


def looks_like_json(start: str) -> bool:
    """Tell whether a text begins as an object, a list of objects, or a list of lists does."""
    start = start.lstrip("\ufeff \t\r\n")
    if start.startswith("["):
        start = start[1:].lstrip()
        if start.rstrip() == "]":
            return True
        if start.startswith("["):
            return start[1:].lstrip().startswith('"')
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
        if isinstance(found, Refused):
            bad += found.reason == "bad_json"
        else:
            for name in found:
                columns.setdefault(name, len(columns))
        if len(columns) > MOST_COLUMNS:
            raise UnreadableFile(
                f"{conversion.name} has more than {MOST_COLUMNS:,} different fields; at most so "
                "many columns are read: leave out those that say nothing of a review."
            )
        on_progress(total, 0)
    _refuse_unfit(conversion, total, bad, len(columns))
    yield 1, list(columns)
    for number, (line, found) in enumerate(rows(conversion, []), start=1):
        on_progress(number, total)
        if isinstance(found, Refused):
            yield line, [found.raw], found.reason
        else:
            yield line, [found.get(name, "") for name in columns]


def _refuse_unfit(conversion: Conversion, rows: int, bad: int, columns: int) -> None:
    name = conversion.name
    if not rows or not (bad or columns):
        what = "rows" if conversion.kind == "parquet" else "reviews"
        raise UnreadableFile(f"{name} holds no {what}; at least one was expected.")
    if not columns or bad > rows / 2:
        raise UnreadableFile(
            f"{name} is no JSON with one review an object: {bad:,} of {rows:,} lines "
            "cannot be read as an object; wanted a list of objects, or one object a line."
        )
    if conversion.kind == "json" and conversion.form == "plain":
        size = Path(conversion.path).stat().st_size
        most = max(BOMB_BYTES, BOMB_RATIO * size) // EMPTY_CELL_BYTES
        if columns * rows > most:
            raise UnreadableFile(
                f"{name} has too many different fields for its rows: {columns:,} fields in "
                f"{rows:,} rows are {columns * rows:,} cells, most of them empty; at most "
                f"{most:,} are read of a file of this size: leave out the fields that say nothing "
                "of a review, or put those with names such as ids into a list."
            )


# -- JSON ------------------------------------------------------------------------------------------


def _json(conversion: Conversion, notes: list[str]) -> Iterator[_Found]:
    """Yield the objects of a file, flat, each with its line or place; or why it is none."""
    with _text(conversion, "replace") as text:
        start = text.read(_LOOKED_AT).split("\n")  # not `splitlines`: U+2028 may stand in a text
    start = [line for line in start if line.strip()][:_FIRST]
    decoder = _Decoder()
    objects = [found for found in map(decoder.one, start) if isinstance(found, Mapping)]
    if len(start) > 1 and 2 * len(objects) > len(start):
        yield from _json_lines(conversion, notes, paged=_are_pages(objects))
    else:
        yield from _json_whole(conversion, notes)


def _json_lines(conversion: Conversion, notes: list[str], *, paged: bool) -> Iterator[_Found]:
    stream = open_bytes(_input(conversion))
    decoder = _Decoder()
    told: list[str] = []
    for number, line in enumerate(
        decoded_lines(stream, conversion.encoding, conversion.name), start=1
    ):
        if not line.strip():
            continue
        raw = show_undecodable(line.strip())
        if reason := _unfit(line):
            yield number, Refused(reason, raw)
            continue
        try:
            values = decoder.several(line)
        except (ValueError, RecursionError):
            yield number, Refused("bad_json", raw)
            continue
        for value in values:
            rows = [value]
            if paged and isinstance(value, Mapping) and not _strength(value):
                told, rows = _rows_inside(value)
            for row in rows:
                yield number, checked(row, raw if len(values) == len(rows) == 1 else "")
    if told:
        notes.append(f"{conversion.name}: each line holds several reviews; {told[0]}.")
    decoder.tell(conversion.name, notes)


def _json_whole(conversion: Conversion, notes: list[str]) -> Iterator[_Found]:
    name = conversion.name
    decoder = _Decoder()
    try:
        with _text(conversion, "strict") as text:
            values = decoder.several(text.read())
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{name} holds bytes that {conversion.encoding} does not know ({error.reason}); name "
            "the encoding that it is in with --encoding, such as --encoding cp1252."
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            f"{name} begins as JSON and is none: {error}; wanted a list of objects, or "
            "one object a line."
        ) from error
    told, rows = _rows_of(values[0] if len(values) == 1 else values)
    if not rows and told:
        raise UnreadableFile(f"{name} holds no reviews: {told[0]}.")
    notes += [f"{name}: {sentence}." for sentence in told]
    decoder.tell(name, notes)
    for place, row in enumerate(rows, start=2):
        yield place, checked(row)


def checked(row: Any, raw: str = "") -> dict[str, str] | Refused:  # noqa: ANN401 - any JSON
    """Return an object as cells; or why it is none, or cannot be stored.

    Args:
        row: The object.
        raw: As it stands in its file; made of the object where empty.
    """
    if not isinstance(row, Mapping):
        return Refused("bad_json", raw or json.dumps(row, default=str)[:TEXT_BYTES])
    cells = flat(row)
    reason = _unfit("".join([*cells, *cells.values()]))
    if not reason:
        return cells
    return Refused(reason, raw or json.dumps(cells)[:TEXT_BYTES])


def _unfit(text: str) -> str:
    """Return the reason why a text cannot be stored; empty where it can."""
    if not is_decoded(text):
        return "undecodable"
    return "nul_byte" if "\0" in text else ""


class _Decoder:
    """Decodes JSON with numbers as they are written, and keeps fields of the same name."""

    def __init__(self) -> None:
        self._doubled: dict[str, None] = {}
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_int=str,
            parse_float=str,
            parse_constant=lambda _: None,
        )

    def one(self, text: str) -> Any:  # noqa: ANN401 - any JSON
        """Return what stands in a text; None where it is no JSON."""
        try:
            return self._decoder.decode(text.strip("\ufeff \t\r\n"))
        except (ValueError, RecursionError):
            return None

    def several(self, text: str) -> list[Any]:
        """Return what stands in a text one after the other, as `jq` writes it.

        Raises:
            ValueError: It is no JSON.
        """
        text = text.strip("\ufeff \t\r\n")
        values, place = [], 0
        while place < len(text):
            value, place = self._decoder.raw_decode(text, place)
            values.append(value)
            while place < len(text) and text[place] in " \t\r\n":
                place += 1
        return values

    def tell(self, file: str, notes: list[str]) -> None:
        """Add which fields stood twice in one object."""
        if names := list(self._doubled):
            notes.append(
                f"{file}: {_listed(names)} stands more than once in one object; the second is "
                f"read as {names[0] + '_2'!r}."
            )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        row = dict(pairs)
        if len(row) == len(pairs):
            return row
        row = {}
        for name, value in pairs:
            if name in row:
                self._doubled[name] = None
            row[_free(name, row)] = value
        return row


def _free(name: str, row: _Object) -> str:
    """Return a name that no other field of an object has."""
    if name not in row:
        return name
    number = 2
    while f"{name}_{number}" in row:
        number += 1
    return f"{name}_{number}"


def _input(conversion: Conversion) -> Input:
    path = Path(conversion.path)
    state = path.stat()
    return Input(conversion.name, path, conversion.form, (state.st_size, state.st_mtime_ns))


def _text(conversion: Conversion, errors: str) -> io.TextIOWrapper:
    stream = open_bytes(_input(conversion))
    encoding = "utf-8-sig" if conversion.encoding == "utf-8" else conversion.encoding
    return io.TextIOWrapper(stream, encoding=encoding, errors=errors)


# -- where the reviews are -------------------------------------------------------------------------


def _rows_of(found: Any) -> tuple[list[str], Sequence[Any]]:  # noqa: ANN401 - any JSON
    """Return what is to be told, and the objects that are the reviews."""
    if isinstance(found, list):
        if found and all(isinstance(row, list) for row in found):
            return [], _named_rows(found[0], found[1:])
        return _unwrapped(found)
    if not isinstance(found, Mapping):
        return [], []
    if rows := _of_pandas(found) or _turned(found) or _by_key(found):
        return [], rows
    lists = _inside(found)
    own = _strength(found)
    if own == 2 or (own and not any(_best(rows) for _, rows in lists)):
        return [], [found]
    if lists:
        told, rows = _rows_inside(found)
        more, rows = _unwrapped(rows)
        return told + more, rows
    for name, value in found.items():
        if value in ([], {}) and normalise(name) in _LISTS:
            return [f"{name!r} in it is empty"], []
    return [], [found]


def _unwrapped(rows: Sequence[Any]) -> tuple[list[str], Sequence[Any]]:
    """Return the reviews inside of objects that each hold a list of them."""
    objects = [row for row in rows if isinstance(row, Mapping)]
    if not _are_pages(objects):
        return [], rows
    told: list[str] = []
    reviews: list[Any] = []
    for row in rows:
        if isinstance(row, Mapping) and not _strength(row):
            said, inside = _rows_inside(row)
            told = told or said
            reviews += inside
        else:
            reviews.append(row)
    return [f"each of its objects holds several reviews; {told[0]}"], reviews


def _are_pages(objects: Sequence[_Object]) -> bool:
    """Tell whether most objects have no text, and some hold lists of objects that have one."""
    objects = objects[:_ROWS_LOOKED_AT]
    bare = [row for row in objects if not _strength(row)]
    if 2 * len(bare) <= len(objects):
        return False
    return any(_best(rows) for row in bare for _, rows in _inside(row))


def _rows_inside(found: _Object) -> tuple[list[str], list[Any]]:
    """Return the reviews in the lists of an object, and which were taken.

    Those whose objects have a text by a usual name come first, then a list that is called as
    reviews are, then the longest. Lists of the same name or the same fields belong together.
    """
    lists = _inside(found)
    if not lists:
        return [], []
    best, first = max(
        lists,
        key=lambda item: (
            _best(item[1]), normalise(item[0].rpartition(".")[2]) in _LISTS[:3], len(item[1])
        ),
    )  # fmt: skip
    taken = [
        (path, rows)
        for path, rows in lists
        if path.rpartition(".")[2] == best.rpartition(".")[2] or _fields(rows) == _fields(first)
    ]
    paths = [path for path, _ in taken]
    told = [f"the reviews are read from {_listed(paths)} inside of it"]
    if left := [f"{path!r} ({len(rows):,})" for path, rows in lists if path not in paths]:
        told.append(f"{', '.join(left[:_SHOWN])} {'is' if len(left) == 1 else 'are'} not read")
    return told, [row for _, rows in taken for row in rows]


def _inside(found: _Object, before: str = "", depth: int = 1) -> list[tuple[str, Sequence[Any]]]:
    """Return the lists of objects in an object, each with its dotted name."""
    lists: list[tuple[str, Sequence[Any]]] = []
    for name, value in found.items():
        path = f"{before}{name}"
        if isinstance(value, list):
            if sum(isinstance(one, Mapping) for one in value) > len(value) / 2:
                lists.append((path, value))
        elif isinstance(value, Mapping) and depth < _DEEPEST:
            rows = _by_key(value)
            lists += [(path, rows)] if rows else _inside(value, f"{path}.", depth + 1)
    return lists


def _best(rows: Sequence[Any]) -> int:
    """Return how plainly the first objects of a list have a text; see `_strength`."""
    some = (row for row in rows[:_ROWS_LOOKED_AT] if isinstance(row, Mapping))
    return max(map(_strength, some), default=0)


def _strength(row: _Object) -> int:
    """Return 2 where an object has a text by a usual name, 1 by one that others have, else 0."""
    usual = [name for name in _text_names(row) if find_text_column([name]) is not None]
    return 0 if not usual else 1 if all(normalise(name) in _ENVELOPE_TEXTS for name in usual) else 2


def _text_names(row: _Object, before: str = "", depth: int = 1) -> Iterator[str]:
    for name, value in row.items():
        if isinstance(value, str):
            yield f"{before}{name}"
        elif isinstance(value, Mapping) and depth < _DEEPEST:
            yield from _text_names(value, f"{before}{name}.", depth + 1)


def _fields(rows: Sequence[Any]) -> set[str]:
    return set(next((row for row in rows if isinstance(row, Mapping)), {}))


def _of_pandas(found: _Object) -> Sequence[Any]:
    """Return the rows of what pandas writes with `orient="split"` or `orient="table"`."""
    rows, columns, schema = found.get("data"), found.get("columns"), found.get("schema")
    if not isinstance(rows, list):
        return []
    if isinstance(schema, Mapping) and "fields" in schema:
        return rows
    if not isinstance(columns, list) or not all(isinstance(row, list) for row in rows):
        return []
    return _named_rows(columns, rows)


def _named_rows(header: Sequence[Any], rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Return lists as objects; what is beyond the header has a name by its place."""
    width = max(map(len, rows), default=0)
    fields = [*map(_cell, header), *[""] * (width - len(header))]
    names = name_columns(fields)
    return [dict(zip(names, row, strict=False)) for row in rows]


def _by_key(found: _Object) -> list[dict[str, Any]]:
    """Return the objects that stand by a key each, as Firebase and pandas by index write them."""
    rows = [row for row in found.values() if isinstance(row, Mapping)]
    if not rows or len(rows) < len(found) or (len(rows) == 1 and _strength(found)):
        return []
    texts = [row for row in rows if find_text_column(_plain(row)) is not None]
    if 2 * len(texts) <= len(rows):
        return []
    first = texts[0].keys()
    alike = sum(2 * len(first & row.keys()) >= min(len(first), len(row)) for row in rows)
    if 2 * alike <= len(rows):
        return []
    return [{_free("key", row): key, **row} for key, row in found.items()]


def _plain(row: _Object) -> list[str]:
    return [name for name, value in row.items() if isinstance(value, str)]


def _turned(found: _Object) -> list[dict[str, Any]]:
    """Return the rows of a table that is written column by column, as pandas does by default."""
    columns = list(found.values())
    if not columns or not all(isinstance(column, Mapping) for column in columns):
        return []
    keys = list(columns[0])
    plain = not any(isinstance(value, Mapping | list) for value in columns[0].values())
    if not plain or any(list(column) != keys for column in columns):
        return []
    by_row, by_column = (find_text_column(names) is not None for names in (keys, list(found)))
    several = len(columns) > 1 and len(keys) > 1
    if by_row or not (several or by_column):
        return []
    return [{name: column[key] for name, column in found.items()} for key in keys]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(map(repr, names[:_SHOWN]))
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN:,} more"


# -- Parquet ---------------------------------------------------------------------------------------


def _parquet(conversion: Conversion, notes: list[str]) -> Iterator[_Found]:
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    del notes
    line = 1
    try:
        with ParquetFile(conversion.path) as file:
            names = name_columns(file.schema_arrow.names)
            for batch in file.iter_batches(_PARQUET_ROWS, use_threads=False):
                # By place, not by name: two columns may be called the same.
                columns = [_values(column) for column in batch.columns]
                for row in zip(*columns, strict=True):
                    line += 1
                    cells = dict(zip(names, row, strict=True))
                    if any(value is _UNFIT for value in row):
                        raw = json.dumps({k: v for k, v in cells.items() if v is not _UNFIT},
                                         default=str)  # fmt: skip
                        yield line, Refused("undecodable", raw[:TEXT_BYTES])
                    else:
                        yield line, checked(cells)
    except (ArrowException, OSError) as error:
        raise UnreadableFile(
            f"{conversion.name} cannot be read as Parquet ({error}); fetch or write it again."
        ) from error


def _values(column: Array) -> list[Any]:
    """Return the values of a column; those that Python has no type for as texts.

    Beyond what a `datetime` holds are nanoseconds, and years before 1 or after 9999.
    """
    import pyarrow as pa
    from pyarrow import types

    kind = column.type
    try:
        if types.is_timestamp(kind) and kind.unit == "ns":
            column = column.cast(pa.timestamp("us", kind.tz), safe=False)
        if types.is_time64(kind) and kind.unit == "ns":
            column = column.cast(pa.time64("us"), safe=False)
        if types.is_duration(kind):
            column = column.cast(pa.int64())
        return list(column.to_pylist())
    except (ValueError, OverflowError, pa.ArrowException):
        pass
    if types.is_temporal(kind):
        try:
            return list(column.cast(pa.string()).to_pylist())
        except pa.ArrowException:  # not even Arrow can write it
            return list(column.cast(pa.int64()).to_pylist())
    return [_value(scalar) for scalar in column]


def _value(scalar: Any) -> Any:  # noqa: ANN401 - of Arrow
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        return _UNFIT


# -- objects ---------------------------------------------------------------------------------------


def flat(row: _Object, before: str = "", depth: int = 1) -> dict[str, str]:
    """Return an object as cells, those of an object inside by dotted names."""
    cells: dict[str, str] = {}
    for name, value in row.items():
        key = f"{before}{name}"
        if isinstance(value, Mapping) and value and depth < _DEEPEST:
            for inner, cell in flat(value, f"{key}.", depth + 1).items():
                cells[_free(inner, cells)] = cell
        else:
            cells[_free(key, cells)] = _cell(value)
    return cells


def _cell(value: Any) -> str:  # noqa: ANN401 - any value
    if isinstance(value, str):
        return value
    if type(value).__name__ in _NOTHING:
        return ""
    if isinstance(value, bytes | bytearray | memoryview):  # what is no UTF-8 is seen by `checked`
        return bytes(value).decode("utf-8", "surrogateescape")
    if hasattr(value, "tolist"):  # of numpy: a number, or a list of them
        value = value.tolist()
    if isinstance(value, Sequence | Mapping) and not value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, list | tuple | Mapping):
        return json.dumps(value, ensure_ascii=False, default=_cell)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value)
