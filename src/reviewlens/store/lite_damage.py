"""Damaged collections of Milvus Lite: refused before it opens them, with what is lost and the cure.

Milvus Lite goes on with what it finds. Where the list of a collection's files cannot be read it
takes the one before, and removes every file that this does not name; a file that is named and not
there it does without, and reviews are missing, or deleted ones are back. It tells none of this.
Here a collection is looked at first, and one that is damaged is refused before anything in it is
touched.

What is read is small: the schema, the list, and the end of each file of data. A byte that changed
inside of a file of data or of an index is found by its checksum when Milvus Lite reads it; see
`lite_checksums`. The layout stands in `lite_files`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reviewlens.document import agreed, counted
from reviewlens.errors import StoreError
from reviewlens.store.lite_files import (
    AGAIN,
    MANIFEST,
    SEAL,
    folder_of,
    json_of,
    reason_of,
    sealed_json,
)

FORMAT = 2
PREVIOUS = "manifest.json.prev"


@dataclass(frozen=True, slots=True)
class _List:
    """The files that a manifest names, relative to the collection's folder."""

    data: frozenset[str]
    deletions: frozenset[str]
    last_write: int


def check_collection(directory: str, collection: str) -> None:
    """Refuse a collection that Milvus Lite would open without a part of it.

    Raises:
        StoreError: It is damaged; it says what is lost, and the cure.
    """
    folder = folder_of(directory, collection)
    _check_schema(folder)
    files = _listed(folder)
    names = sorted(files.data | files.deletions)
    last = max((last_write(folder, name) for name in names), default=0)
    if last > files.last_write:
        raise StoreError(
            f"{folder / MANIFEST} is damaged: it gives {files.last_write} as the last write, and "
            f"the data go to {last}; what is written from now on would be taken for older "
            f"than what it replaces: put the file back from a backup, or set current_seq in it to "
            f"{last}"
        )


def _check_schema(folder: Path) -> None:
    path = folder / "schema.json"
    try:
        schema = sealed_json(path)
        fields, properties = schema["fields"], schema.get("properties", {})
        if schema["collection_name"] != folder.name:
            raise ValueError(f"it is of a collection {schema['collection_name']!r}")
        if not (isinstance(fields, list) and isinstance(properties, dict)):
            raise ValueError("no list of fields")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{path} cannot be read ({reason_of(error)}), which says what the collection is made "
            f"of; the data beside it are whole: put the file back from a backup, {AGAIN}"
        ) from error


def _listed(folder: Path) -> _List:
    """Return what the manifest names; of a collection that nothing was written into, nothing.

    Raises:
        StoreError: It cannot be read, or is not there.
    """
    path = folder / MANIFEST
    there = _List(frozenset(_there(folder, "data")), frozenset(_there(folder, "delta")), 0)
    try:
        if path.exists():
            return _parsed(sealed_json(path))
        if not (folder / PREVIOUS).exists() and not there.data and not there.deletions:
            return there  # its making was interrupted
        reason = "it is missing"
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = f"it cannot be read: {reason_of(error)}"
    raise StoreError(
        f"{path} is damaged ({reason}), which names the files of data; {_cure(folder, there)}"
    )


def _cure(folder: Path, there: _List) -> str:
    """Return what Milvus Lite would do without a manifest, and what to do."""
    try:
        older = _parsed(sealed_json(folder / PREVIOUS))
        without = f"go on from the older {PREVIOUS}"
    except (OSError, ValueError, KeyError, TypeError):
        older, without = _List(frozenset(), frozenset(), 0), "go on without one"
    lost = _summed(folder, there.data - older.data, there.deletions - older.deletions)
    return (
        f"Milvus Lite would {without}"
        + (f", and remove {lost}" if lost else "")
        + ". Nothing was touched, and the data are there: put it back from a backup, or have it "
        f"made again from them: python -m reviewlens.store.lite_repair {folder}"
    )


def _summed(folder: Path, data: frozenset[str], deletions: frozenset[str]) -> str:
    parts = []
    if data:
        rows = sum(_rows(folder / name) for name in data)
        parts.append(f"{counted(len(data), 'file')} of data with {counted(rows, 'passage')}")
    if deletions:
        parts.append(
            f"{counted(len(deletions), 'list')} of deletions (reviews that were deleted or "
            "replaced come back)"
        )
    return " and ".join(parts)


def _parsed(manifest: Any) -> _List:  # noqa: ANN401 - any JSON
    """Return what a manifest names.

    Raises:
        ValueError, KeyError, TypeError: It is none; every key is wanted, since Milvus Lite takes a
            list of files that it does not find under its name for an empty one.
    """
    if manifest["manifest_format_version"] != FORMAT:
        raise ValueError(f"its format is {manifest['manifest_format_version']}, wanted {FORMAT}")
    if not isinstance(manifest["index_specs"], dict):
        raise ValueError("no list of indexes")
    data: set[str] = set()
    deletions: set[str] = set()
    for partition, files in manifest["partitions"].items():
        base = f"partitions/{partition}"
        data.update(f"{base}/{_file(name)}" for name in files["data_files"])
        deletions.update(f"{base}/{_file(name)}" for name in files["delta_files"])
    return _List(frozenset(data), frozenset(deletions), int(manifest["current_seq"]))


def _file(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError(f"{name!r} is no file's name")
    return name.replace("\\", "/")


def _there(folder: Path, kind: str) -> Iterator[str]:
    for path in folder.glob(f"partitions/*/{kind}/*.parquet"):
        yield path.relative_to(folder).as_posix()


def listed_by_folder(folder: Path) -> list[str]:
    """Return the files of rows and deletions that are there, relative to the folder."""
    return sorted([*_there(folder, "data"), *_there(folder, "delta")])


def last_write(folder: Path, name: str) -> int:
    """Return the number of the last write in a file.

    Raises:
        StoreError: It is missing, or broken off.
    """
    path = folder / name
    try:
        metadata = _footer(path)
        column = metadata.schema.names.index("_seq")
        groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
        return max((int(group.column(column).statistics.max) for group in groups), default=0)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        reason = "is missing" if not path.exists() else f"cannot be read ({reason_of(error)})"
    lost = (
        f"up to {_written(path):,} passages are lost"
        if path.parent.name == "data"
        else "a list of deletions, without which reviews that were deleted or replaced come back"
    )
    raise StoreError(f"{path} {reason}: {lost}. Nothing was touched: {_without(folder)}")


def _without(folder: Path) -> str:
    return (
        f"put the file back from a backup, or go on without it: take its name, and the line of "
        f"{SEAL!r}, out of {folder / MANIFEST}, and ingest the files again"
    )


def _written(path: Path) -> int:
    """Return how many rows a file has at most, going by the writes in its name."""
    numbers = [int(number) for number in re.findall(r"\d+", path.stem)]
    return numbers[-1] - numbers[0] + 1 if len(numbers) == 2 else 0


def _rows(path: Path) -> int:
    try:
        return int(_footer(path).num_rows)
    except (OSError, ValueError):
        return 0


def _footer(path: Path) -> Any:  # noqa: ANN401 - pyarrow has no types
    import pyarrow.parquet as parquet

    with _spoilt_as_value_error():
        return parquet.read_metadata(path)


@contextmanager
def _spoilt_as_value_error() -> Iterator[None]:
    """Raise ValueError for whatever pyarrow and faiss raise of a file that is damaged."""
    from pyarrow import ArrowException

    try:
        yield
    except (ArrowException, MemoryError, OverflowError, RuntimeError) as error:
        raise ValueError(str(error) or type(error).__name__) from error


# -- what Milvus Lite found itself ---------------------------------------------------------------


def unreadable(directory: str, collection: str, reason: str) -> StoreError:
    """Return what to say of a collection that Milvus Lite cannot open."""
    from milvus_lite.storage.data_file import read_data_file

    folder = folder_of(directory, collection)
    for name in listed_by_folder(folder):
        try:
            with _spoilt_as_value_error():
                read_data_file(str(folder / name))
        except (OSError, ValueError) as error:
            return StoreError(
                f"{folder / name} is damaged ({reason_of(error)}), with "
                f"{counted(_rows(folder / name), 'row')} in it. Nothing was touched: "
                f"{_without(folder)}"
            )
    return StoreError(
        f"Milvus Lite cannot open the collection in {folder} ({reason}): put the folder back from "
        f"a backup, {AGAIN}"
    )


def unloadable(directory: str, collection: str, reason: str) -> StoreError:
    """Return what to say of a collection that Milvus Lite can open, and not search."""
    folder = folder_of(directory, collection)
    damaged = [
        path for path in sorted(folder.glob("partitions/*/indexes/*.idx")) if _spoilt(folder, path)
    ]
    if not damaged:
        return unreadable(directory, collection, reason)
    return StoreError(
        f"{agreed(len(damaged), 'the index', 'the indexes')} "
        f"{', '.join(map(str, damaged))} cannot be read; the data are whole, and an index is made "
        f"from them again where it is missing: remove {agreed(len(damaged), 'it', 'them')} and "
        f"run the command again (rm {' '.join(map(str, damaged))})"
    )


def _spoilt(folder: Path, path: Path) -> bool:
    """Return whether an index cannot be read, or is not that of its rows."""
    from milvus_lite.index import factory
    from milvus_lite.index.files import parse_index_sidecar_name
    from milvus_lite.index.spec import IndexSpec

    name = parse_index_sidecar_name(path.name)
    data = path.parent.parent / "data" / f"{name.source_stem}.parquet"
    spec = json_of(folder / MANIFEST)["index_specs"][name.field_name]
    field = next(
        field
        for field in json_of(folder / "schema.json")["fields"]
        if field["name"] == name.field_name
    )
    try:
        with _spoilt_as_value_error():
            index = factory.load_index_from_spec(IndexSpec.from_dict(spec), str(path), field["dim"])
    except (OSError, ValueError):
        return True
    return bool(index.num_vectors != _rows(data))
