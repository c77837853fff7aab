"""Files that were uploaded: where they are kept, for how long, and under what name."""

from __future__ import annotations

import re
import secrets
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reviewlens.errors import InputError, NotFound
from reviewlens.files.temporary import TemporaryFolder, remove_left_behind
from reviewlens.reading.given import ENDINGS as TAKEN

PACKED = (".gz", ".zip")
ENDINGS = tuple(ending for ending in TAKEN if ending not in PACKED)

_MOST_NAME_CHARACTERS = 120


@dataclass(slots=True, eq=False)
class StoredUpload:
    """An uploaded file as the server keeps it; `users` counts the jobs that read it now."""

    upload: str
    name: str
    path: Path
    size: int
    at: float
    users: int = 0
    removed: bool = False


class Uploads:
    """Keeps uploaded files in a directory of its own, which nobody else may enter.

    A file's name on disk is the server's, but for its ending; the sender's is only ever shown.

    Args:
        most: Files kept at once; the oldest that nobody reads makes room.
        most_bytes: What they may take together.
        seconds: How long a file is kept.
    """

    def __init__(
        self, *, most: int = 20, most_bytes: int = 4 * 1024**3, seconds: float = 12 * 3600
    ) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._all: dict[str, StoredUpload] = {}
        self._guard = threading.RLock()
        self._folder: TemporaryFolder | None = None
        remove_left_behind()

    def place(self, name: str) -> Path:
        """Return a path for a file to be written, with a name of ours and the ending of `name`.

        Raises:
            InputError: Files with this ending are not taken.
        """
        return self.scratch(ending_of(name))

    def keep(self, path: Path, name: str) -> StoredUpload:
        """Remember a file that was written to a `place`, under the sender's name."""
        upload = StoredUpload(
            secrets.token_urlsafe(16), shown_name(name), path, path.stat().st_size, time.monotonic()
        )
        with self._guard:
            self._all[upload.upload] = upload
            self._make_room(upload)
        return upload

    def find(self, upload: str) -> StoredUpload | None:
        """Return an upload by its id; None if it is not known, or no longer."""
        with self._guard:
            self._make_room()
            return self._all.get(upload)

    def remove(self, upload: StoredUpload) -> None:
        """Remove a file, once nobody reads it any more."""
        with self._guard:
            self._all.pop(upload.upload, None)
            upload.removed = True
            if not upload.users:
                upload.path.unlink(missing_ok=True)

    @contextmanager
    def used(self, upload: StoredUpload) -> Iterator[Path]:
        """Keep a file on disk while it is read.

        Raises:
            NotFound: It was removed meanwhile.
        """
        with self._guard:
            if upload.removed and not upload.users:
                raise NotFound(f"{upload.name} was removed; upload it again")
            upload.users += 1
        try:
            yield upload.path
        finally:
            with self._guard:
                upload.users -= 1
                if upload.removed and not upload.users:
                    upload.path.unlink(missing_ok=True)

    def scratch(self, ending: str) -> Path:
        """Return a path for a file of the server's own, such as rejected rows."""
        with self._guard:
            if self._folder is None:
                self._folder = TemporaryFolder()
            return self._folder.path / f"{secrets.token_hex(16)}{ending}"

    def close(self) -> None:
        """Remove everything."""
        with self._guard:
            self._all.clear()
            folder, self._folder = self._folder, None
            if folder is not None:
                folder.close()

    def _make_room(self, newest: StoredUpload | None = None) -> None:
        late = time.monotonic() - self._seconds
        unread = [one for one in self._all.values() if not one.users and one is not newest]
        size = sum(one.size for one in self._all.values())
        for one in sorted(unread, key=lambda one: one.at):
            full = len(self._all) > self._most or size > self._most_bytes
            if full or one.at < late:
                size -= one.size
                self.remove(one)


def ending_of(name: str) -> str:
    """Return the ending that tells how a file is read: `.csv`, `.csv.gz`.

    Raises:
        InputError: Files with this ending are not taken.
    """
    parts = [f".{part}" for part in name.lower().rsplit("/")[-1].split(".")[1:]]
    inner = parts[-2] if len(parts) > 1 and parts[-2] in ENDINGS else ""
    if parts and parts[-1] in PACKED:
        return inner + parts[-1]
    if parts and parts[-1] in ENDINGS:
        return parts[-1]
    raise InputError(
        f"{shown_name(name) or 'the file'} has an ending that is not taken; wanted one of "
        f"{', '.join(ENDINGS)}, alone or packed as {' or '.join(PACKED)}"
    )


def shown_name(name: str) -> str:
    """Return a sender's file name without folders, control and invisible characters, cut."""
    base = re.split(r"[/\\]", name)[-1]
    plain = "".join(one for one in base if unicodedata.category(one)[0] != "C").strip()
    if len(plain) > _MOST_NAME_CHARACTERS:
        plain = plain[: _MOST_NAME_CHARACTERS - 20] + "…" + plain[-19:]
    return plain
