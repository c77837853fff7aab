"""Checksums of what Milvus Lite writes without any: schema, lists, rows, deletions and indexes.

A byte that changes on a disk would change a text, a vector or a graph in silence. With these,
Milvus Lite refuses the file when it reads it. Files that were written without them are read as
before; compaction writes them anew in time.

An index is written beside its place and then put there, so that one whose writing was interrupted
is not taken for whole.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

from reviewlens.store.lite_files import SEAL, seal_of
from reviewlens.store.lite_version import is_known

_MARK = b"reviewlens crc32"
_PIECE = 2**24


def protect() -> None:
    """Let Milvus Lite in this process write and verify them; a second call does nothing.

    Only with a version that is known: others are left as they are.
    """
    from milvus_lite.index import brute_force, factory
    from milvus_lite.schema import persistence
    from milvus_lite.storage import data_file, delta_file, manifest

    if not is_known() or isinstance(data_file.pq, _CheckedParquet):
        return
    data_file.pq = delta_file.pq = _CheckedParquet(data_file.pq)
    persistence.json = manifest.json = _SealedJson()
    kinds = [brute_force.BruteForceIndex]
    if factory._FAISS_AVAILABLE:
        from milvus_lite.index.faiss_hnsw import FaissHnswIndex

        kinds.append(FaissHnswIndex)
    for kind in kinds:
        kind.save = _sealing(kind.save)
    factory.load_index_from_spec = _checking(factory.load_index_from_spec)


class _SealedJson:
    """What Milvus Lite uses of json, with a checksum in the content."""

    JSONDecodeError = json.JSONDecodeError
    load = staticmethod(json.load)

    @staticmethod
    def dump(payload: Mapping[str, Any], stream: TextIO, **how: Any) -> None:  # noqa: ANN401
        json.dump({**payload, SEAL: seal_of(payload)}, stream, **how)


class _CheckedParquet:
    """What Milvus Lite uses of pyarrow's Parquet, with checksums of pages."""

    def __init__(self, parquet: Any) -> None:  # noqa: ANN401 - pyarrow has no types
        self._parquet = parquet

    def write_table(self, table: Any, path: str) -> None:  # noqa: ANN401
        self._parquet.write_table(table, path, write_page_checksum=True)

    def read_table(self, path: str) -> Any:  # noqa: ANN401
        return self._parquet.read_table(path, page_checksum_verification=True)


def _sealing(save: Callable[[Any, str], None]) -> Callable[[Any, str], None]:
    def sealed(index: Any, path: str) -> None:  # noqa: ANN401
        part = Path(f"{path}.part")
        save(index, str(part))
        checksum = _checksum(part, part.stat().st_size)
        with part.open("ab") as stream:
            stream.write(_MARK + checksum)
        part.replace(path)

    return sealed


def _checking(load: Callable[[Any, str, int], Any]) -> Callable[[Any, str, int], Any]:
    def checked(spec: Any, path: str, dimension: int) -> Any:  # noqa: ANN401
        size = Path(path).stat().st_size - len(_MARK) - 4
        if size > 0:
            with Path(path).open("rb") as stream:
                stream.seek(size)
                seal = stream.read()
            if seal.startswith(_MARK) and seal.removeprefix(_MARK) != _checksum(Path(path), size):
                raise ValueError(f"the checksum of {path} is not that of its content")
        return load(spec, path, dimension)

    return checked


def _checksum(path: Path, size: int) -> bytes:
    """Return the CRC-32 of the first bytes of a file."""
    checksum = 0
    with path.open("rb") as stream:
        while size and (piece := stream.read(min(size, _PIECE))):
            checksum = zlib.crc32(piece, checksum)
            size -= len(piece)
    return checksum.to_bytes(4, "big")
