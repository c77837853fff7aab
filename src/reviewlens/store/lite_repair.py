"""Makes the list of a Milvus Lite collection's files again from the files that are there.

To be run by hand, as the message on a damaged list says, while no process has the directory open::

    python -m reviewlens.store.lite_repair reviews.db/collections/reviews_v1

Files of data are written once and never changed, and removed only when the list no longer names
them. So what is there is what the list named, or, where a process was killed, files with rows that
are in others or in the log of writes as well, which Milvus Lite takes once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reviewlens.errors import ReviewLensError, StoreError
from reviewlens.store.lite_damage import FORMAT, PREVIOUS, last_write, listed_by_folder
from reviewlens.store.lite_files import MANIFEST, SEAL, json_of, seal_of
from reviewlens.store.lite_service import refuse_locked

_KINDS = {"data": "data_files", "delta": "delta_files"}


def mend(folder: Path) -> str:
    """Make the list of a collection's files again; what was in its place is kept beside it.

    Args:
        folder: Of the collection.

    Returns:
        What was made, in words.

    Raises:
        StoreError: It is no folder of a collection, its schema or a file of data is damaged too,
            or a process has the directory open.
    """
    folder = folder.resolve()
    if not (folder / "schema.json").is_file() or folder.parent.name != "collections":
        raise StoreError(
            f"{folder} is no folder of a Milvus Lite collection; wanted one such as "
            "reviews.db/collections/reviews_v1"
        )
    refuse_locked(str(folder.parents[1]))
    files = listed_by_folder(folder)
    partitions: dict[str, dict[str, list[str]]] = {}
    for name in files:
        _, partition, kind, file = name.split("/")
        named = partitions.setdefault(partition, {key: [] for key in _KINDS.values()})
        named[_KINDS[kind]].append(f"{kind}/{file}")
    payload = {
        "manifest_format_version": FORMAT,
        "version": 1,
        "current_seq": max((last_write(folder, name) for name in files), default=0),
        "schema_version": 1,
        "active_wal_number": None,
        "partitions": partitions,
        "index_specs": _indexes(folder),
    }
    path, part = folder / MANIFEST, folder / f"{MANIFEST}.part"
    part.write_text(json.dumps({**payload, SEAL: seal_of(payload)}, indent=2), encoding="utf-8")
    if path.exists():
        path.replace(folder / f"{MANIFEST}.damaged")
    part.replace(path)
    return f"{path} names {len(files)} files again; run the command again that was refused"


def _indexes(folder: Path) -> dict[str, Mapping[str, Any]]:
    """Return the indexes of the list before; where that is damaged too, those we make."""
    try:
        found = json_of(folder / PREVIOUS)["index_specs"]
        if found and isinstance(found, dict):
            return found
    except (OSError, ValueError, KeyError, TypeError):
        pass
    kinds = {field["name"]: field["dtype"] for field in json_of(folder / "schema.json")["fields"]}
    indexes = {"vector": ("FLAT", "COSINE")}
    if "keywords" in kinds:
        indexes["keywords"] = ("SPARSE_INVERTED_INDEX", "BM25")
    return {
        name: {
            "field_name": name,
            "index_type": kind,
            "metric_type": metric,
            "build_params": {},
            "search_params": {},
        }
        for name, (kind, metric) in indexes.items()
    }


def main(arguments: Sequence[str]) -> int:
    """Mend the folder that is given; return the exit status."""
    try:
        if len(arguments) != 1:
            raise StoreError("wanted one folder, such as reviews.db/collections/reviews_v1")
        sys.stdout.write(f"{mend(Path(arguments[0]))}\n")
    except ReviewLensError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
