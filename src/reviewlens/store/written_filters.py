"""Filters written as one text: `rating=1..2 and product=Kettle`."""

from __future__ import annotations

import re
from typing import Any

from reviewlens.errors import FilterError
from reviewlens.store.conditions import OPERATORS, Columns, Condition, parse_condition
from reviewlens.store.filters import FILTERS, Filters, choose

_SEPARATOR = re.compile(r"\s*(?<!\\);\s*|\s+and\s+", re.IGNORECASE)
_SHORT_CONDITION = re.compile(r"[\w.#-]+\s*(?:!=|>=|<=|=|>|<)")
_SHOWN = [one for one in FILTERS.values() if one.shown]
_ONCE = tuple(one.name for one in _SHOWN if not one.many)
_SEVERAL = tuple(one.name for one in _SHOWN if one.many and not one.number)
_NUMBERS = tuple(one.name for one in _SHOWN if one.number)
_NAMES = ", ".join((*_ONCE, *_SEVERAL, *_NUMBERS))


def parse_expression(text: str, columns: Columns) -> Filters:
    r"""Read filters that are joined by ` and ` or `;`, all of which must hold.

    Each is one of the filters by its name (`rating=1..2`, `rating>=4`, `since=2026-07`,
    `until=2026-07-15`, `product=Kettle,Lamp`, `source=…`, `language=de`, `cluster=3`), or a
    condition on any ingested column, as in `--where` (`version!=2.1`). Where both are of one name,
    the filter is meant.

    ` and ` joins only where a condition follows, so that it may stand in a value
    (`product=Salt and Pepper`). A semicolon inside a value is written `\;`, a comma `\,`.

    Args:
        text: Such as `rating=1..2 and since=2026`.
        columns: What the collection holds; names with spaces or signs are read by it.

    Raises:
        FilterError: It is empty, or one of its conditions cannot be read.
    """
    found: dict[str, Any] = {}
    where: list[Condition] = []
    for part in _parts(text, columns):
        condition = parse_condition(part, columns)
        name = _name(condition.column, columns)
        if name in _ONCE:
            if name in found:
                raise FilterError(f"{name} stands twice in {text!r}; wanted it once")
            found[name] = _single(name, condition)
        elif name == "time":
            raise FilterError(
                f"the date {condition.column!r} is told by since= and until=, such as since=2026-07"
            )
        elif name in _SEVERAL and condition.operator == "=":
            found[name] = (*found.get(name, ()), *condition.values)
        elif name in _NUMBERS and condition.operator == "=":
            found[name] = (*found.get(name, ()), *map(_theme, condition.values))
        else:
            where.append(condition)
    return choose(*where, **found)


def _parts(text: str, columns: Columns) -> list[str]:
    start = 0
    parts = []
    for match in _SEPARATOR.finditer(text):
        if ";" in match[0] or _starts_condition(text[match.end() :], columns):
            parts.append(text[start : match.start()])
            start = match.end()
    parts.append(text[start:])
    parts = [part.strip().replace("\\;", ";") for part in parts]
    if not all(parts):
        where = f" in {text!r}" if text.strip() else ""
        raise FilterError(
            f"a filter is empty{where}; wanted such as rating=1..2, or several joined by ' and ': "
            f"{_NAMES}, or any ingested column"
        )
    return parts


def _starts_condition(text: str, columns: Columns) -> bool:
    if _SHORT_CONDITION.match(text):
        return True
    rests = (text[len(name) :].lstrip() for name in columns.names() if text.startswith(name))
    return any(rest.startswith(OPERATORS) for rest in rests)


def _name(column: str, columns: Columns) -> str:
    """Return the filter that a column stands for, else the column."""
    plain = column in columns.extra or column in columns.disputed
    if plain or column in (*_ONCE, *_SEVERAL, *_NUMBERS):
        return column
    return columns.mapped.get(column, column)


def _single(name: str, condition: Condition) -> str:
    value = ",".join(condition.values)
    if condition.operator == "=":
        return value
    if name == "rating" and condition.operator in (">=", "<="):
        return f"{value}.." if condition.operator == ">=" else f"..{value}"
    wanted = (
        "=, >= or <=, such as rating=1..2" if name == "rating" else f"=, such as {name}=2026-07"
    )
    raise FilterError(f"{name}{condition.operator}{value} cannot be read; {name} takes {wanted}")


def _theme(value: str) -> int:
    try:
        return int(value)
    except ValueError as error:
        raise FilterError(f"the theme {value!r} is no number; wanted such as cluster=3") from error
