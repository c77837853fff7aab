"""Parquet, a row an object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from reviewlens.errors import UnreadableFile
from reviewlens.reading.cells import Placed, are_bytes, cell, checked, left_out
from reviewlens.reading.children import Conversion
from reviewlens.reading.columns import name_columns
from reviewlens.reading.model import TEXT_BYTES
from reviewlens.reading.spools import Refused

if TYPE_CHECKING:
    from pyarrow import Array, RecordBatch
    from pyarrow.parquet import ColumnSchema, ParquetFile

_ROWS = 1_000
_SAMPLED = 20
_OF_BYTES = ("BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY")
_UNFIT = object()


def parquet_rows(conversion: Conversion, notes: list[str]) -> Iterator[Placed]:
    """Yield the rows, each with its place; or why it cannot be stored.

    Fields of bytes that are no text, such as pictures, are not read.

    Args:
        conversion: The file.
        notes: Added to: what is left out.

    Raises:
        UnreadableFile: It is no Parquet, or damaged.
    """
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    line = 1
    try:
        with ParquetFile(conversion.path) as file:
            leaves = [file.schema.column(place) for place in range(len(file.schema))]
            left = [leaf.path for leaf in leaves if _holds_bytes(file, leaf)]
            if left:
                notes.append(f"{conversion.name}: {left_out(left)}.")
            wanted = [leaf.path for leaf in leaves if leaf.path not in left]
            for batch in file.iter_batches(_ROWS, columns=wanted, use_threads=False):
                names = name_columns(batch.schema.names)
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


def _holds_bytes(file: ParquetFile, leaf: ColumnSchema) -> bool:
    if leaf.physical_type not in _OF_BYTES or leaf.logical_type.type != "NONE":
        return False
    batches = file.iter_batches(_SAMPLED, columns=[leaf.path], use_threads=False)
    return are_bytes(leaf.path, (cell(one) for batch in batches for one in _bytes(batch)))


def _bytes(batch: RecordBatch) -> Iterator[bytes]:
    """Yield the bytes in the one field of a batch, however deep it stands."""
    values: list[Any] = batch.to_pylist()
    while values:
        value = values.pop()
        if isinstance(value, bytes):
            yield value
        elif isinstance(value, dict | list):
            values += value.values() if isinstance(value, dict) else value


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
