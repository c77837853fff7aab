"""The files of Milvus Lite: which collections are there, what they are called, how they go.

What is read and removed here is done before Milvus Lite opens a collection, or in its place: it
would open every one to list them. Whether a collection is damaged is told by `lite_damage`.

The layout is that of the versions in `lite_version`; the files of others are not looked at::

    aliases.json, database_properties.json
    collections/NAME/schema.json
    collections/NAME/manifest.json         the list of files; manifest.json.prev the one before
    collections/NAME/wal/*.arrow           what was written last, until it is flushed
    collections/NAME/partitions/_default/data/*.parquet     rows
    collections/NAME/partitions/_default/delta/*.parquet    deletions
    collections/NAME/partitions/_default/indexes/*.idx      made from the rows
"""

from __future__ import annotations

import json
import re
import shutil
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from reviewlens.document import counted
from reviewlens.errors import StoreError

SEAL = "crc32"
"""The key of a checksum in schema.json and manifest.json; Milvus Lite passes over it."""

MANIFEST = "manifest.json"
AGAIN = (
    "or move the folder away and ingest the files again (what `themes`, `classify` and `label` "
    "wrote is then lost)"
)
"""The cure where there is no backup, to end a message with."""

_VERSION = re.compile(r"_v\d+$")
_DROPPING = ".dropping"


def collection_names(directory: str) -> list[str]:
    """Return the names of all collections; none is opened for it, as Milvus Lite would."""
    return sorted(path.parent.name for path in _collections(directory).glob("*/schema.json"))


def resolved_name(directory: str, name: str) -> str:
    """Return the collection that an alias stands for, the name itself where it is none."""
    target = _aliases(directory).get(name, name)
    return target if isinstance(target, str) else name


def seal_of(payload: Mapping[str, Any]) -> int:
    """Return the checksum of the content of a JSON file but for the checksum."""
    content = {key: value for key, value in payload.items() if key != SEAL}
    return zlib.crc32(json.dumps(content, sort_keys=True).encode())


def folder_of(directory: str, collection: str) -> Path:
    """Return the folder of a collection."""
    return _collections(directory) / collection


def is_there(directory: str, collection: str) -> bool:
    """Return whether there is a collection of that name."""
    return (folder_of(directory, collection) / "schema.json").exists()


# -- the directory -----------------------------------------------------------------------------


def check_directory(directory: str) -> None:
    """Refuse a directory whose own files are damaged.

    Raises:
        StoreError: They are; it says how to mend them.
    """
    path = Path(directory) / "aliases.json"
    try:
        _aliases(directory)
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{path} cannot be read ({reason_of(error)}), which says what each collection is "
            f"called; the data are whole: put it back from a backup, or write into it "
            f"{aliases_wanted(directory)}"
        ) from error
    path = Path(directory) / "database_properties.json"
    try:
        if path.exists() and not isinstance(json_of(path), dict):
            raise ValueError("no JSON object")
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{path} cannot be read ({reason_of(error)}); the data are whole, and reviewlens keeps "
            "nothing in that file: remove it"
        ) from error


def aliases_wanted(directory: str) -> str:
    """Return what is to stand in aliases.json: what does, and what the folders' names tell."""
    there = collection_names(directory)
    try:
        names = {name: to for name, to in _aliases(directory).items() if to in there}
    except (OSError, ValueError):
        names = {}
    for collection in sorted(there, key=_number):
        if _VERSION.search(collection) and collection not in names.values():
            names.setdefault(_VERSION.sub("", collection), collection)
    return json.dumps(dict(sorted(names.items())))


def _number(collection: str) -> int:
    version = _VERSION.search(collection)
    return int(version[0][2:]) if version else 0


def _aliases(directory: str) -> dict[str, Any]:
    path = Path(directory).expanduser() / "aliases.json"
    found = json_of(path) if path.exists() else {}
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found


def _collections(directory: str) -> Path:
    return Path(directory).expanduser() / "collections"


# -- making and dropping -----------------------------------------------------------------------


def clear_the_way(directory: str, collection: str) -> None:
    """Remove the empty folder that a process left which was killed while it made a collection.

    Raises:
        StoreError: The folder is not empty; nothing is removed.
    """
    refuse_headless(directory, collection)
    folder = folder_of(directory, collection)
    if folder.exists():
        shutil.rmtree(folder)


def refuse_headless(directory: str, collection: str) -> None:
    """Refuse a folder that holds data and has no schema: it is no collection to Milvus Lite.

    Raises:
        StoreError: There is one of that name.
    """
    folder = folder_of(directory, collection)
    if not folder.is_dir() or (folder / "schema.json").exists():
        return
    files = [path for path in folder.rglob("*") if not path.is_dir()]
    files = [path for path in files if path.name != "schema.json.tmp"]
    if files:
        raise StoreError(
            f"{folder / 'schema.json'} is missing, and without it Milvus Lite takes the folder for "
            f"no collection; {counted(len(files), 'file')} of data are there, and nothing was "
            f"removed: put schema.json back from a backup, {AGAIN}"
        )


def begin_drop(directory: str, collection: str) -> None:
    """Note that a collection is being removed, so that it is removed whole if this is killed."""
    _mark(directory, collection).touch()


def end_drop(directory: str, collection: str) -> None:
    """Note that a collection is gone."""
    _mark(directory, collection).unlink(missing_ok=True)


def finish_drops(directory: str) -> None:
    """Remove what is left of the collections whose removal was interrupted."""
    for mark in _collections(directory).glob(f"*{_DROPPING}"):
        with suppress(OSError):  # the next process tries again
            folder = folder_of(directory, mark.name.removesuffix(_DROPPING))
            if folder.exists():
                shutil.rmtree(folder)
            mark.unlink(missing_ok=True)


def _mark(directory: str, collection: str) -> Path:
    return _collections(directory) / f"{collection}{_DROPPING}"


# -- what is in a file --------------------------------------------------------------------------


def json_of(path: Path) -> Any:  # noqa: ANN401 - any JSON
    """Return what is in a file of JSON."""
    return json.loads(path.read_text(encoding="utf-8"))


def sealed_json(path: Path) -> Any:  # noqa: ANN401
    """Return what is in a file of JSON with a checksum; one written before these has none.

    Raises:
        ValueError: The checksum is not that of the content.
    """
    found = json_of(path)
    if SEAL in found and found[SEAL] != seal_of(found):
        raise ValueError("its checksum is not that of its content")
    return found


def reason_of(error: BaseException) -> str:
    """Return in words why a file cannot be used."""
    if isinstance(error, json.JSONDecodeError):
        return f"it is no JSON from line {error.lineno} on"
    if isinstance(error, UnicodeDecodeError):
        return "it is no text"
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]!r}"
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(text).split())[:200]
