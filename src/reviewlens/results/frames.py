"""Results as pandas tables, and back from their JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from itertools import chain
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from reviewlens.errors import InputError
from reviewlens.results.names import json_name
from reviewlens.results.tables import RENAMED, columns_of, flat_record, row_kind

if TYPE_CHECKING:
    import pandas as pd

_Result = TypeVar("_Result")

_DATES = ("time", "first", "last", "created")
"""Names of fields that hold dates in ISO 8601, alone or behind `_`."""


def frame_of(rows: Sequence[Any], result: type | None = None) -> pd.DataFrame:
    """Return rows as a tidy table; see `Tabular.to_frame`.

    Args:
        rows: Records of one class.
        result: The class of the result, which names the columns where there is no row.
    """
    import pandas as pd

    records = [flat_record(row) for row in rows]
    extras: list[Mapping[str, Any]] = [record.pop("extra", None) or {} for record in records]
    kind = type(rows[0]) if rows else row_kind(result) if result else None
    columns: dict[str, list[Any]] = {}
    for name in columns_of(kind) if is_dataclass(kind) else dict.fromkeys(chain(*records)):
        values = [record.get(name) for record in records]
        if mappings := [value for value in values if isinstance(value, Mapping)]:
            for key in dict.fromkeys(chain(*mappings)):  # a column for each of them
                columns[f"{name}_{key}"] = [_cell((value or {}).get(key)) for value in values]
        else:
            columns[name] = [_cell(value) for value in values]
    for name in dict.fromkeys(chain(*extras)):
        called = f"{name}{RENAMED}" if name in columns else name
        columns[called] = [_cell(extra.get(name)) for extra in extras]
    frame = pd.DataFrame(columns)
    for name, values in columns.items():
        dated = name.rpartition("_")[2] in _DATES
        if dated and all(isinstance(value, str | None) for value in values):
            dates = pd.to_datetime(frame[name], utc=True, format="ISO8601")
            frame[name] = dates.astype("datetime64[ns, UTC]")
    return frame


def _cell(value: Any) -> Any:  # noqa: ANN401 - any value
    if isinstance(value, tuple | list):
        return tuple(
            json.dumps(one, ensure_ascii=False) if isinstance(one, Mapping) else one
            for one in value
        )
    return json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else value


def read_result(kind: type[_Result], text: str | bytes | Mapping[str, Any]) -> _Result:
    """Return a result from its JSON; see `Tabular.from_json`."""
    try:
        given = text if isinstance(text, Mapping) else json.loads(text)
        found: _Result = _read(kind, given, kind.__name__)
    except (TypeError, ValueError, KeyError) as error:
        raise InputError(
            f"this is not the JSON of a {kind.__name__}: {error}; wanted what a command prints "
            "with -f json"
        ) from error
    return found


def _read(hint: Any, given: Any, where: str) -> Any:  # noqa: ANN401 - any annotation, any JSON
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _first_that_fits(inner, given, where)
    if origin is Literal:
        if given not in inner:
            raise ValueError(f"{where} is {given!r}, wanted one of {inner}")
        return given
    if is_dataclass(hint) and isinstance(hint, type):
        return hint(**dict(_fields(hint, given, where)))
    if origin in (tuple, Sequence, list):
        if not isinstance(given, list | tuple):
            raise TypeError(f"{where} is {given!r:.60}, wanted a list")
        kinds = inner if inner and inner[-1] is not Ellipsis and origin is tuple else None
        return tuple(
            _read(inner[0] if kinds is None else kinds[place], one, f"{where}[{place}]")
            for place, one in enumerate(given)
        )
    if origin is not None and issubclass(origin, Mapping):
        key = inner[0]
        return {
            (int(name) if key is int else name): _read(inner[1], one, f"{where}.{name}")
            for name, one in given.items()
        }
    if hint is float and isinstance(given, int) and not isinstance(given, bool):
        return float(given)
    if isinstance(hint, type) and hint not in (object, Any) and not isinstance(given, hint):
        raise TypeError(f"{where} is {given!r:.60}, wanted {hint.__name__}")
    return given


def _fields(kind: type, given: Any, where: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    if not isinstance(given, Mapping):
        raise TypeError(f"{where} is {given!r:.60}, wanted an object")
    hints = get_type_hints(kind)
    known = {json_name(item.name): item for item in fields(kind)}
    if unknown := given.keys() - known.keys():
        raise TypeError(f"{where} has no field {min(unknown)!r}")
    for name, item in known.items():
        if name in given:
            yield item.name, _read(hints[item.name], given[name], f"{where}.{name}")
        elif item.default is MISSING and item.default_factory is MISSING:
            if get_origin(hints[item.name]) is not tuple:
                raise KeyError(f"{where}.{name} is missing")
            yield item.name, ()  # rows that are written to a file of their own


def _first_that_fits(kinds: Sequence[Any], given: Any, where: str) -> Any:  # noqa: ANN401
    if given is None and NoneType in kinds:
        return None
    troubles = []
    for kind in kinds:
        if kind is not NoneType:
            try:
                return _read(kind, given, where)
            except (TypeError, ValueError, KeyError) as error:
                troubles.append(str(error))
    raise TypeError(troubles[0])
