"""JSON, JSON lines and Parquet as records: one object a row, nested fields by dotted names."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from reviewlens.errors import UnreadableFile
from reviewlens.reading.cells import Placed, checked, free_name, meant, unfit
from reviewlens.reading.children import Conversion
from reviewlens.reading.encoding import show_undecodable
from reviewlens.reading.files import open_bytes
from reviewlens.reading.limits import BOMB_BYTES, BOMB_RATIO, MOST_COLUMNS
from reviewlens.reading.nested import Pages, are_pages, listed, rows_of
from reviewlens.reading.parquet import parquet_rows
from reviewlens.reading.records import decoded_lines
from reviewlens.reading.spools import EMPTY_CELL_BYTES, Refused

_LOOKED_AT = 4_000_000
_TEXT_IN_A_LIST = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"\s*(?:,\s*"|\]\s*$)')
_FIRST = 20

_Told = Callable[[int, int], None]
_Rows = Callable[[list[str]], Iterator[Placed]]
"""Yields all rows at each call, and adds to the notes what the user should know."""


def looks_like_json(start: str) -> bool:
    """Tell whether a text begins as an object, or a list of objects, of lists or of texts does."""
    start = start.lstrip("\ufeff \t\r\n")
    if start.startswith("["):
        start = start[1:].lstrip()
        if start.rstrip() == "]" or _TEXT_IN_A_LIST.match(start):
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
    rows = _rows(conversion)
    columns: dict[str, int] = {}
    total = bad = 0
    for _, found in rows(notes):
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
    for number, (line, found) in enumerate(rows([]), start=1):
        on_progress(number, total)
        if isinstance(found, Refused):
            yield line, [found.raw], found.reason
        else:
            yield line, [found.get(name, "") for name in columns]


def _refuse_unfit(conversion: Conversion, rows: int, bad: int, columns: int) -> None:
    name = conversion.name
    if not rows or not (bad or columns):
        what = "rows" if conversion.kind == "parquet" else "reviews"
        why = (
            f" that can be taken: all {rows:,} hold what is no text, or more values than the "
            "header has names"
        )
        raise UnreadableFile(
            f"{name} holds no {what}{why if rows else ''}; at least one was expected."
        )
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


def _rows(conversion: Conversion) -> _Rows:
    if conversion.kind == "parquet":
        return partial(parquet_rows, conversion)
    return _json(conversion)


# -- JSON ------------------------------------------------------------------------------------------


def _json(conversion: Conversion) -> _Rows:
    """Return what yields the objects of a file, flat, each with its line or place."""
    with _text(conversion, "replace") as text:
        start = text.read(_LOOKED_AT).split("\n")  # not `splitlines`: U+2028 may stand in a text
    start = [line for line in start if line.strip()][:_FIRST]
    decoder = _Decoder()
    objects = [found for found in map(decoder.one, start) if isinstance(found, Mapping)]
    if len(start) > 1 and 2 * len(objects) > len(start):
        return partial(_json_lines, conversion, paged=are_pages(objects))
    return _json_whole(conversion)


def _json_lines(conversion: Conversion, notes: list[str], *, paged: bool) -> Iterator[Placed]:
    stream = open_bytes(conversion.source)
    decoder = _Decoder()
    pages = Pages("line")
    for number, line in enumerate(
        decoded_lines(stream, conversion.encoding, conversion.name), start=1
    ):
        if not line.strip():
            continue
        raw = show_undecodable(line.strip())
        if reason := unfit(line):
            yield number, Refused(reason, raw)
            continue
        try:
            values = decoder.several(line)
        except (ValueError, RecursionError):
            yield number, Refused("bad_json", raw)
            continue
        for value in values:
            rows = pages.reviews(value) if paged else [value]
            for row in rows:
                yield number, checked(row, raw if len(values) == len(rows) == 1 else "")
    notes += [f"{conversion.name}: {sentence}." for sentence in pages.told()]
    decoder.tell(conversion.name, notes)


def _json_whole(conversion: Conversion) -> _Rows:
    """Decode a file in one piece, once for all that is yielded of it.

    Raises:
        UnreadableFile: It is no JSON, or holds no reviews.
    """
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
    told, rows = rows_of(values[0] if len(values) == 1 else values)
    if not rows and told:
        raise UnreadableFile(f"{name} holds no reviews: {told[0]}.")

    def placed(notes: list[str]) -> Iterator[Placed]:
        notes += [f"{name}: {sentence}." for sentence in told]
        decoder.tell(name, notes)
        for place, row in enumerate(rows, start=2):
            yield place, checked(row)

    return placed


class _Decoder:
    """Decodes JSON with numbers as they are written; keeps fields of the same name."""

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
                f"{file}: {listed(names)} stands more than once in one object; the second is "
                f"read as {names[0] + '_2'!r}."
            )

    def _object(self, pairs: list[tuple[str, Any]]) -> Any:  # noqa: ANN401 - any JSON
        row = dict(pairs)
        if len(row) == len(pairs):
            return meant(row)
        row = {}
        for name, value in pairs:
            if name in row:
                self._doubled[name] = None
            row[free_name(name, row)] = value
        return row


def _text(conversion: Conversion, errors: str) -> io.TextIOWrapper:
    stream = open_bytes(conversion.source)
    encoding = "utf-8-sig" if conversion.encoding == "utf-8" else conversion.encoding
    return io.TextIOWrapper(stream, encoding=encoding, errors=errors)
