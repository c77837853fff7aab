"""Where in a JSON file its reviews are: rows, pages of rows, rows by a key, tables by columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reviewlens.reading.cells import DEEPEST, Object, cell, free_name
from reviewlens.reading.columns import find_text_column, name_columns
from reviewlens.reading.model import TEXT_BYTES
from reviewlens.reading.names import normalise
from reviewlens.reading.spools import Refused

_ROWS_LOOKED_AT = 100
_SHOWN = 3
_ENVELOPE_TEXTS = ("message", "description", "note")
"""Usual names of a text that an answer of a service, or a product, has beside its reviews."""
_LISTS = ("reviews", "comments", "feedback", "data", "items", "results", "rows", "records")
_PAGED = frozenset(_LISTS) - {"comments"}
"""Those that no message has of its own: its comments are answers to it."""


def rows_of(found: Any) -> tuple[list[str], Sequence[Any]]:  # noqa: ANN401 - any JSON
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
    if not is_page(found) or (strength(found) and not any(_best(rows) for _, rows in lists)):
        return [], [found]
    if lists:
        told, rows = rows_inside(found)
        more, rows = _unwrapped(rows)
        return told + more, rows
    for name, value in found.items():
        if value in ([], {}) and normalise(name) in _LISTS:
            return [f"{name!r} in it is empty"], []
    return [], [found]


def _unwrapped(rows: Sequence[Any]) -> tuple[list[str], Sequence[Any]]:
    """Return the reviews inside of objects that each hold a list of them."""
    objects = [row for row in rows if isinstance(row, Mapping)]
    if not are_pages(objects):
        return [], rows
    opened = Pages("object")
    reviews = [review for row in rows for review in opened.reviews(row)]
    return opened.told(), reviews


class Pages:
    """Opens objects that each hold several reviews, and keeps what is to be told of it.

    Args:
        called: What one is called, such as `line`.
    """

    def __init__(self, called: str) -> None:
        self._called = called
        self._said = ""
        self._empty = 0

    def reviews(self, row: Any) -> Sequence[Any]:  # noqa: ANN401 - any JSON
        """Return the reviews in a page; what is none, as it is."""
        if not isinstance(row, Mapping) or not is_page(row):
            return [row]
        said, rows = rows_inside(row)
        self._said = self._said or "; ".join(said)
        self._empty += not rows
        return rows

    def told(self) -> list[str]:
        """Return what is to be told."""
        if not self._said:
            return []
        none = f"; {self._empty:,} of them hold none" if self._empty else ""
        return [f"each {self._called} holds several reviews{none}; {self._said}"]


def are_pages(objects: Sequence[Object]) -> bool:
    """Tell whether most objects are no reviews, and some hold lists of objects that have a text."""
    objects = objects[:_ROWS_LOOKED_AT]
    pages = [row for row in objects if is_page(row)]
    if 2 * len(pages) <= len(objects):
        return False
    return any(_best(rows) for row in pages for _, rows in _inside(row))


def is_page(row: Object) -> bool:
    """Tell whether an object has no text, or one such as an answer has beside its reviews."""
    own = strength(row)
    return not own or (
        own == 1
        and any(
            normalise(name) in _PAGED and isinstance(value, list | Mapping)
            for name, value in row.items()
        )
    )


def rows_inside(found: Object) -> tuple[list[str], list[Any]]:
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
    told = [f"the reviews are read from {listed(paths)} inside of it"]
    if left := [f"{path!r} ({len(rows):,})" for path, rows in lists if path not in paths]:
        told.append(f"{', '.join(left[:_SHOWN])} {'is' if len(left) == 1 else 'are'} not read")
    return told, [row for _, rows in taken for row in rows]


def _inside(found: Object, before: str = "", depth: int = 1) -> list[tuple[str, Sequence[Any]]]:
    """Return the lists of objects in an object, each with its dotted name."""
    lists: list[tuple[str, Sequence[Any]]] = []
    for name, value in found.items():
        path = f"{before}{name}"
        if isinstance(value, list):
            if sum(isinstance(one, Mapping) for one in value) > len(value) / 2:
                lists.append((path, value))
        elif isinstance(value, Mapping) and depth < DEEPEST:
            rows = _by_key(value)
            lists += [(path, rows)] if rows else _inside(value, f"{path}.", depth + 1)
    return lists


def _best(rows: Sequence[Any]) -> int:
    """Return how plainly the first objects of a list have a text; see `strength`."""
    some = (row for row in rows[:_ROWS_LOOKED_AT] if isinstance(row, Mapping))
    return max(map(strength, some), default=0)


def strength(row: Object) -> int:
    """Return 2 where an object has a text by a usual name, 1 by one that others have, else 0."""
    usual = [name for name in _text_names(row) if find_text_column([name]) is not None]
    return 0 if not usual else 1 if all(normalise(name) in _ENVELOPE_TEXTS for name in usual) else 2


def _text_names(row: Object, before: str = "", depth: int = 1) -> Iterator[str]:
    for name, value in row.items():
        if isinstance(value, str):
            yield f"{before}{name}"
        elif isinstance(value, Mapping) and depth < DEEPEST:
            yield from _text_names(value, f"{before}{name}.", depth + 1)


def _fields(rows: Sequence[Any]) -> set[str]:
    return set(next((row for row in rows if isinstance(row, Mapping)), {}))


def _of_pandas(found: Object) -> Sequence[Any]:
    """Return the rows of what pandas writes with `orient="split"` or `orient="table"`."""
    rows, columns, schema = found.get("data"), found.get("columns"), found.get("schema")
    if not isinstance(rows, list):
        return []
    if isinstance(schema, Mapping) and "fields" in schema:
        return rows
    if not isinstance(columns, list) or not all(isinstance(row, list) for row in rows):
        return []
    return _named_rows(columns, rows)


def _named_rows(
    header: Sequence[Any], rows: Sequence[Sequence[Any]]
) -> list[dict[str, Any] | Refused]:
    """Return lists as objects; one with more values than there are names as no row.

    Values may be missing at its end: spreadsheets' services leave out empty ones.
    """
    names = name_columns([cell(name) for name in header])
    return [
        Refused("ragged_row", json.dumps(row, ensure_ascii=False)[:TEXT_BYTES])
        if any(map(cell, row[len(names) :]))
        else dict(zip(names, row, strict=False))
        for row in rows
    ]


def _by_key(found: Object) -> list[dict[str, Any]]:
    """Return the objects that stand by a key each, as Firebase and pandas by index write them."""
    rows = [row for row in found.values() if isinstance(row, Mapping)]
    if not rows or len(rows) < len(found) or (len(rows) == 1 and strength(found)):
        return []
    texts = [row for row in rows if find_text_column(_plain(row)) is not None]
    if 2 * len(texts) <= len(rows):
        return []
    first = texts[0].keys()
    alike = sum(2 * len(first & row.keys()) >= min(len(first), len(row)) for row in rows)
    if 2 * alike <= len(rows):
        return []
    return [{free_name("key", row): key, **row} for key, row in found.items()]


def _plain(row: Object) -> list[str]:
    return [name for name, value in row.items() if isinstance(value, str)]


def _turned(found: Object) -> list[dict[str, Any]]:
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


def listed(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    shown = ", ".join(map(repr, names[:_SHOWN]))
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN:,} more"
