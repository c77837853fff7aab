"""Word vectors in a form that is mapped instead of read, converted once and kept in the cache.

The folder lies beside the exported graphs and is named after the SHA-256 of the file it was made
from. That of a file that has not changed since (path, size, time) is not computed again, since
such files may have gigabytes.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reviewlens.encoders.graph_cache import DamagedGraph, cache_directory, find_graph, store_graph
from reviewlens.encoders.model import digest, file_sha256
from reviewlens.encoders.words.formats import Read, find_file, read_vectors
from reviewlens.encoders.words.similarities import common_direction
from reviewlens.errors import EncoderError
from reviewlens.files.cache import make_private, refuse_shared

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FORMAT = 1
_VECTORS, _LENGTHS, _WORDS, _COMMON = "vectors.npy", "lengths.npy", "words.json", "common.npy"

_logger = logging.getLogger(__name__)


class Converted(NamedTuple):
    """Word vectors, mapped.

    Attributes:
        name: What finds them again.
        content: SHA-256 (hex) of words and vectors, whatever file they came from.
        words: The most frequent first.
        vectors: Shape (words, dimension), float32.
        lengths: Euclidean length of each.
        common: The direction that is taken out of sentences, a unit vector.
    """

    name: str
    content: str
    words: list[str]
    vectors: NDArray[np.float32]
    lengths: NDArray[np.float32]
    common: NDArray[np.float64]


def open_vectors(name: str) -> Converted:
    """Map the word vectors of that name, converting them the first time.

    Raises:
        EncoderError: They cannot be found or read, or the cache cannot be written, or others
            could write it.
        MissingExtra: A package that reads them is not installed.
    """
    import numpy as np

    path = find_file(name)
    key = digest({"format": _FORMAT, "word vectors": _sha256(path)})
    found = _find(key)
    if found is None:
        _logger.info("Converting the word vectors %s, once.", name)
        store_graph(key, lambda folder: _write(folder, read_vectors(name, path)))
        found = _find(key)
    if found is None:
        raise EncoderError(
            f"The word vectors {name} were converted, and what was written is gone; name another "
            "cache directory in REVIEWLENS_CACHE."
        )
    folder, content = found
    return Converted(
        name if path.suffix == ".npy" else str(path),
        content,
        json.loads((folder / _WORDS).read_bytes()),
        np.load(folder / _VECTORS, mmap_mode="r"),
        np.load(folder / _LENGTHS, mmap_mode="r"),
        np.load(folder / _COMMON),
    )


def _find(key: str) -> tuple[Path, str] | None:
    try:
        found = find_graph(key, thorough=False)
        if found is None:
            return None
        folder, facts = found
        for name, size in facts["sizes"].items():
            if (folder / name).stat().st_size != size:
                raise DamagedGraph(f"{name} has another size than when it was written")
        return folder, str(facts["content"])
    except (DamagedGraph, KeyError) as error:
        _logger.warning("The converted word vectors are damaged (%s); making them anew.", error)
        return None


def _write(folder: Path, read: Read) -> Mapping[str, object]:
    import numpy as np

    vectors = np.ascontiguousarray(read.vectors, dtype=np.float32)
    np.save(folder / _VECTORS, vectors)
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    np.save(folder / _LENGTHS, lengths.astype(np.float32))
    np.save(folder / _COMMON, common_direction(vectors))
    (folder / _WORDS).write_text(json.dumps(read.words), encoding="utf-8")
    content = hashlib.sha256(file_sha256(folder / _WORDS).encode())
    content.update(file_sha256(folder / _VECTORS).encode())
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    return {"sizes": sizes, "content": content.hexdigest()}


def _sha256(path: Path) -> str:
    """SHA-256 (hex) of a file, remembered as long as its size and time stay."""
    state = path.stat()
    facts = {"path": str(path), "size": state.st_size, "changed": state.st_mtime_ns}
    note = cache_directory() / f"source-{digest({'path': str(path)})[:32]}.json"
    try:
        refuse_shared(note)
        known = json.loads(note.read_bytes())
        if known.get("file") == facts and isinstance(known.get("sha256"), str):
            return str(known["sha256"])
    except (OSError, ValueError, AttributeError):
        pass  # never seen, or half written by another release: computed anew
    sha256 = file_sha256(path)
    try:
        make_private(note.parent)
        handle, half = tempfile.mkstemp(prefix=".source-", dir=note.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"file": facts, "sha256": sha256}, file)
        Path(half).replace(note)
    except OSError:
        pass  # a cache that cannot be written is told of where vectors are converted
    return sha256
