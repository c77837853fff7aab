"""Temporary files and folders for reviews, which no end of a process leaves behind.

A file has no name, so that it is gone with its process, however that ends. A folder is removed at
the end; what a process that was killed has left of them is removed by the next one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Self
from weakref import finalize

_PREFIX = "reviewlens-"
_LOCKED = ".locked"
"""How the name of a folder ends that is locked as long as its process lives."""
_PROCESSES = Path("/proc")
"""Where Linux shows each process' open files."""


class TemporaryFile:
    """A file without a name; where the system cannot open such a file, one in a folder.

    It is removed at the latest when nobody refers to it any more, or at the end of the process.

    Attributes:
        path: What opens it, in this process and in those that it starts, until it is closed.
    """

    def __init__(self) -> None:
        self._folder: TemporaryFolder | None = None
        file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as this is
        self._close = finalize(self, file.close)
        self.path = _PROCESSES / str(os.getpid()) / "fd" / str(file.fileno())
        if not self.path.exists():
            self._close()
            self._folder = TemporaryFolder()
            self.path = self._folder.path / "file"

    def close(self) -> None:
        """Remove it."""
        self._close()
        if self._folder is not None:
            self._folder.close()


class TemporaryFolder:
    """A folder that only this user may enter, in the system's directory for temporary files.

    It is removed at the latest when nobody refers to it any more, or at the end of the process.

    Attributes:
        path: Where it is, until it is closed.
    """

    def __init__(self) -> None:
        remove_left_behind()
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))  # with mode 0700
        lock = _lock(self.path)
        if lock is not None:  # it is called so only now: nobody takes it for left behind
            self.path = self.path.rename(self.path.with_name(self.path.name + _LOCKED))
        self._remove = finalize(self, _remove, self.path, lock)

    def __enter__(self) -> Self:
        """Return the folder itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Remove it."""
        self.close()

    def close(self) -> None:
        """Remove it with all that is in it."""
        self._remove()


def remove_left_behind() -> None:
    """Remove the folders of this user's processes that live no more."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*{_LOCKED}"):
        with suppress(OSError):
            if path.lstat().st_uid == os.getuid() and (lock := _lock(path)) is not None:
                _remove(path, lock)


def _remove(folder: Path, lock: int | None) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if lock is not None:
        os.close(lock)


def _lock(folder: Path) -> int | None:
    """Return the descriptor of a folder, locked until it is closed; None where it cannot be."""
    try:
        import fcntl
    except ImportError:  # not on this system
        return None
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
