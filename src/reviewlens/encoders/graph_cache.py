"""Exported graphs on disk, one folder a fingerprint, none used that is not just as it was made.

Beside the graph lies a manifest with the SHA-256 of each file.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from reviewlens.encoders.model import file_sha256
from reviewlens.errors import EncoderError
from reviewlens.files.cache import make_private, refuse_shared, user_cache
from reviewlens.files.trouble import is_trouble_of_storage, reason_of

GRAPH = "model.onnx"
WORDS = "words.npy"
"""Static word vectors, float16 of shape (vocabulary, width); a model may have none."""
_MANIFEST = "manifest.json"
_FORMAT = 2


Found = tuple[Path, Mapping[str, Any]]
"""The folder of a graph, and the facts in its manifest."""


class DamagedGraph(Exception):
    """What lies in the cache is not what was put there."""


def cache_directory() -> Path:
    """Return where exported graphs are kept."""
    return user_cache() / "encoders"


def find_graph(fingerprint: str, *, thorough: bool = True) -> Found | None:
    """Return the folder of an exported graph and what its manifest tells, None when there is none.

    Args:
        fingerprint: Of the encoder.
        thorough: Read all files and compare their SHA-256; else they are only looked for, which is
            for files too large to be read at each start.

    Raises:
        DamagedGraph: A file is missing, or is not the one that the manifest names.
        EncoderError: Others than this user could have written one.
    """
    folder = cache_directory() / fingerprint
    if not folder.is_dir():
        return None
    try:
        refuse_shared(folder / _MANIFEST)
        manifest = json.loads((folder / _MANIFEST).read_bytes())
        files, facts = dict(manifest["files"]), dict(manifest["facts"])
        current = manifest["format"] == _FORMAT and manifest["fingerprint"] == fingerprint
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DamagedGraph(f"its manifest cannot be read ({type(error).__name__})") from error
    if not current:
        raise DamagedGraph("its manifest is that of another model or release")
    for name, digest in files.items():
        path = folder / name
        if not path.is_file():
            raise DamagedGraph(f"{name} is missing")
        refuse_shared(path)
        if thorough and file_sha256(path) != digest:
            raise DamagedGraph(f"{name} is not the file that was exported")
    return folder, facts


def store_graph(fingerprint: str, make: Callable[[Path], Mapping[str, Any]]) -> None:
    """Put a graph in place of whatever is there; another process sees all of it or nothing.

    Args:
        fingerprint: Of the encoder.
        make: Writes the files into the folder given and returns facts for the manifest.

    Raises:
        EncoderError: The cache directory cannot be written, or others could write it.
    """
    root = cache_directory()
    try:
        make_private(root)
        building = Path(tempfile.mkdtemp(prefix=f".{fingerprint[:12]}-", dir=root))
    except OSError as error:
        raise EncoderError(
            f"the cache directory {root} cannot be written ({error.strerror}); name another in "
            "REVIEWLENS_CACHE"
        ) from error
    try:
        facts = make(building)
        manifest = {
            "format": _FORMAT,
            "fingerprint": fingerprint,
            "facts": dict(facts),
            "files": {path.name: file_sha256(path) for path in sorted(building.iterdir())},
        }
        (building / _MANIFEST).write_text(json.dumps(manifest, indent=2), encoding="utf-8")
        for path in building.iterdir():
            path.chmod(0o600)
        _put_in_place(building, root / fingerprint)
    except OSError as error:
        if not is_trouble_of_storage(error):
            raise
        raise EncoderError(
            f"the cache directory {root} cannot be written ({reason_of(error, str(root))}); make "
            "room there, or name another in REVIEWLENS_CACHE"
        ) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _put_in_place(building: Path, folder: Path) -> None:
    """Rename the folder; a filled one cannot be overwritten, so an old one steps aside first."""
    if folder.exists():
        old = Path(tempfile.mkdtemp(prefix=".old-", dir=folder.parent))
        try:
            folder.rename(old / "graph")
        finally:
            shutil.rmtree(old, ignore_errors=True)
    try:
        building.rename(folder)
    except OSError:
        # Another process has just put the same graph there.
        if not folder.is_dir():
            raise
