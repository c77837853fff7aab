"""An object of JSON, of Parquet or of Python as the cells of a row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from reviewlens.reading.columns import find_text_column
from reviewlens.reading.encoding import is_decoded
from reviewlens.reading.model import TEXT_BYTES
from reviewlens.reading.spools import Refused

Object = Mapping[str, Any]
"""Of JSON, or a row by its columns."""

Placed = tuple[int, dict[str, str] | Refused]
"""The line or the place of a row, and its cells, or why it is none."""

_SAMPLED = 20
DEEPEST = 4
"""How many objects inside of one another become dotted names."""
_EXTENDED = {
    "$oid", "$date", "$numberInt", "$numberLong", "$numberDouble", "$numberDecimal", "$uuid",
    "$symbol",
}  # fmt: skip
"""Names by which MongoDB says the type of a value; `$date` may hold a `$numberLong`."""
_NOTHING = ("NoneType", "NaTType", "NAType")


def checked(row: Any, raw: str = "") -> dict[str, str] | Refused:  # noqa: ANN401 - any JSON
    """Return an object as cells; or why it is none, or cannot be stored.

    Args:
        row: The object, or what was refused already.
        raw: As it stands in its file; made of the object where empty.
    """
    if isinstance(row, Refused):
        return row
    if not isinstance(row, Mapping):
        return Refused("bad_json", raw or json.dumps(row, default=str)[:TEXT_BYTES])
    cells = flat(row)
    reason = unfit("".join([*cells, *cells.values()]))
    if not reason:
        return cells
    return Refused(reason, raw or json.dumps(cells)[:TEXT_BYTES])


def unfit(text: str) -> str:
    """Return the reason why a text cannot be stored; empty where it can."""
    if not is_decoded(text):
        return "undecodable"
    return "nul_byte" if "\0" in text else ""


def meant(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the value that an object of MongoDB's extended JSON stands for; any other as it is."""
    while isinstance(value, Mapping) and len(value) == 1 and _EXTENDED & value.keys():
        [value] = value.values()
    return value


def flat(row: Object, before: str = "", depth: int = 1) -> dict[str, str]:
    """Return an object as cells, those of an object inside by dotted names."""
    cells: dict[str, str] = {}
    for name, value in row.items():
        key = f"{before}{name}"
        value = meant(value)
        if isinstance(value, Mapping) and value and depth < DEEPEST:
            for inner, text in flat(value, f"{key}.", depth + 1).items():
                cells[free_name(inner, cells)] = text
        else:
            cells[free_name(key, cells)] = cell(value)
    return cells


def cell(value: Any) -> str:  # noqa: ANN401 - any value
    """Return a value as the text of a cell; what stands for nothing as an empty one."""
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
        return json.dumps(value, ensure_ascii=False, default=cell)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value)


def are_bytes(name: str, cells: Iterable[str]) -> bool:
    """Tell whether a field holds bytes that are no text, as most of its first cells do.

    One that is called as texts are never does: each of its rows is judged.
    """
    some = list(islice(filter(None, cells), _SAMPLED))
    return find_text_column([name]) is None and 2 * sum(bool(unfit(c)) for c in some) > len(some)


def left_out(names: Sequence[str]) -> str:
    """Return what is told of fields that `are_bytes`."""
    which = ", ".join(map(repr, names))
    return f"{which}: bytes that are no text, such as pictures, are left out"


def free_name(name: str, row: Object) -> str:
    """Return a name that no other field of an object has."""
    if name not in row:
        return name
    number = 2
    while f"{name}_{number}" in row:
        number += 1
    return f"{name}_{number}"
