"""Where in a JSON file its reviews are: rows, pages of rows, rows by a key, tables by columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reviewlens.document import agreed
from reviewlens.reading.cells import DEEPEST, Object, cell, free_name
from reviewlens.reading.columns import find_text_column, name_columns
from reviewlens.reading.evidence import are_names
from reviewlens.reading.model import TEXT_BYTES
from reviewlens.reading.names import normalise, tells, usual_ranks
from reviewlens.reading.spools import Refused

_ROWS_LOOKED_AT = 100
_SHOWN = 3
_ENVELOPE_TEXTS = ("message", "description", "note")
"""Usual names of a text that an answer of a service, or a product, has beside its reviews."""
_NAMES = ("name", "title")
"""What an object that has reviews may call itself."""
_KEY = "key"
_LISTS = ("reviews", "comments", "feedback", "data", "items", "results", "rows", "records")
_PAGED = frozenset(_LISTS) - {"comments"}
"""Those that no message has of its own: its comments are answers to it."""


def rows_of(found: Any) -> tuple[list[str], Sequence[Any]]:  # noqa: ANN401 - any JSON
    """Return what is to be told, and the objects that are the reviews."""
    if isinstance(found, list):
        if found and all(isinstance(row, list) for row in found):
            return [], _named_rows(found[0], found[1:])
        if all(isinstance(row, str) for row in found):
            return [], [{"text": row} for row in found]
        return _unwrapped(found)
    if not isinstance(found, Mapping):
        return [], []
    if rows := _of_pandas(found) or _turned(found) or _by_key(found):
        return [], rows
    lists = _inside(found)
    if not is_page(found) or (strength(found) and not any(_best(one.rows) for one in lists)):
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
        none = (
            f"; {self._empty:,} of them {agreed(self._empty, 'holds', 'hold')} none"
            if self._empty
            else ""
        )
        return [f"each {self._called} holds several reviews{none}; {self._said}"]


def are_pages(objects: Sequence[Object]) -> bool:
    """Tell whether most objects are no reviews, and some hold lists of objects that have a text."""
    objects = objects[:_ROWS_LOOKED_AT]
    pages = [row for row in objects if is_page(row)]
    if 2 * len(pages) <= len(objects):
        return False
    return any(_best(one.rows) for row in pages for one in _inside(row))


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
    best = max(
        lists,
        key=lambda one: (
            _best(one.rows), normalise(one.name) in _LISTS[:3], len(one.rows)
        ),
    )  # fmt: skip
    taken = [
        one for one in lists if one.name == best.name or _fields(one.rows) == _fields(best.rows)
    ]
    paths = [one.path for one in taken]
    told = [f"the reviews are read from {listed(paths)} inside of it"]
    if product := best.product():
        told[0] += f", their product from {product[0]!r} beside them (--product-column '')"
    keyed = len({one.name for one in taken}) > 1
    if keyed:
        told[0] += f", each with the name of its list as {_KEY!r}"
    left = [f"{one.path!r} ({len(one.rows):,})" for one in lists if one.path not in paths]
    if left:
        told.append(f"{', '.join(left[:_SHOWN])} {agreed(len(left), 'is', 'are')} not read")
    return told, [row for one in taken for row in one.whole_rows(keyed=keyed)]


@dataclass(frozen=True, slots=True)
class _List:
    """A list of objects in an object.

    Attributes:
        path: Its dotted name.
        rows: What stands in it.
        owners: The objects that it is in, the outermost first.
    """

    path: str
    rows: Sequence[Any]
    owners: tuple[Object, ...]

    @property
    def name(self) -> str:
        """The last part of its dotted name."""
        return self.path.rpartition(".")[2]

    def product(self) -> tuple[str, str] | None:
        """Return what the nearest object around it calls what is reviewed, and the field's name.

        None where there is nothing of the kind, or the rows themselves say it.
        """
        if any(_names_product(name) for name in _fields(self.rows)):
            return None
        for owner in reversed(self.owners):
            named = [name for name in owner if _names_product(name)]
            named += [name for name in owner if normalise(name) in _NAMES]
            said = [(n, owner[n]) for n in named if isinstance(owner[n], str) and owner[n].strip()]
            if said:  # a name that people can read rather than a key
                return next((one for one in said if are_names([one[1]])), said[0])
        return None

    def whole_rows(self, *, keyed: bool) -> Iterator[Any]:
        """Yield the rows with what stands around them: the product, and the name of the list."""
        product = self.product()
        around = {"product": product[1]} if product else {}
        around |= {_KEY: self.name} if keyed else {}
        for row in self.rows:
            if not around or not isinstance(row, Mapping):
                yield row
            else:
                yield dict(row) | {free_name(name, row): value for name, value in around.items()}


def _names_product(name: str) -> bool:
    return normalise(name) in usual_ranks("product") or tells("product", name)


def _inside(found: Object, before: str = "", owners: tuple[Object, ...] = ()) -> list[_List]:
    """Return the lists of objects in an object."""
    lists: list[_List] = []
    owners = (*owners, found)
    for name, value in found.items():
        path = f"{before}{name}"
        if isinstance(value, list):
            if sum(isinstance(one, Mapping) for one in value) > len(value) / 2:
                lists.append(_List(path, value, owners))
        elif isinstance(value, Mapping) and len(owners) < DEEPEST:
            rows = _by_key(value)
            lists += [_List(path, rows, owners)] if rows else _inside(value, f"{path}.", owners)
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
    return [{free_name(_KEY, row): key, **row} for key, row in found.items()]


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
