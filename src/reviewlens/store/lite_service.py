"""Milvus Lite's service inside this process: started, locked, released, and what it logs.

pymilvus starts it by itself where it is given a path, and keeps its lock until the process ends.
Here it is released with the last connection to it. All of it is Milvus Lite's own affair: the
manager of its services, the file `LOCK`, the names of its loggers, and that of jieba, which it cuts
Chinese with. With a version that `lite_version` does not know it is used all the same, as pymilvus
would; there is no other way to open a directory.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from reviewlens.errors import StoreLocked, Unsupported
from reviewlens.store import lite_files
from reviewlens.store.lite_checksums import protect
from reviewlens.store.lite_errors import lite_error
from reviewlens.store.lite_keywords import find_words_by_arrays
from reviewlens.store.lite_rows import quicken
from reviewlens.store.lite_vectors import compare_in_place
from reviewlens.store.lite_version import is_known
from reviewlens.store.lite_words import keep_no_dictionary

LOCK = "LOCK"
"""The file in a directory that whoever has it open holds a lock on (flock, exclusive)."""
LOGGER = "milvus_lite"
LOG_OF_WRITES = "milvus_lite.storage.wal"
"""The logger that warns of a log of writes that breaks off."""

_LOCKED = (
    "{} is open in another process, and Milvus Lite serves one process at a time: end that "
    "process (`reviewlens serve`, a notebook, another command), or use a Milvus server"
)
_open_directories: Counter[str] = Counter()
_opening = threading.Lock()
_SILENT = logging.NullHandler()


def serve(path: str) -> str:
    """Return the local address that serves a directory, starting the service if need be.

    Raises:
        StoreLocked: Another process has it open.
        StoreError: It cannot be opened.
        Unsupported: There is no Milvus Lite on this system.
    """
    refuse_locked(path)
    try:
        from milvus_lite import server_manager
        from milvus_lite.exceptions import DataDirLockedError
    except ImportError as error:
        raise Unsupported(
            "Milvus Lite is not available on this system: run a Milvus server "
            "(docker compose up -d) and give --uri http://localhost:19530"
        ) from error
    quicken()
    compare_in_place()
    find_words_by_arrays()
    protect()
    keep_no_dictionary()
    if is_known():
        lite_files.check_directory(path)
    logging.getLogger(LOGGER).addHandler(_SILENT)
    # It tells on stderr how long its dictionary took to load.
    logging.getLogger("jieba").addFilter(_is_warning)
    logger = logging.getLogger(server_manager.__name__)
    caught = _Caught()
    with _opening:
        logger.addHandler(caught)
        try:
            address: str | None = server_manager.server_manager_instance.start_and_get_uri(path)
        finally:
            logger.removeHandler(caught)
        if address is not None:
            _open_directories[path] += 1
            return address
    if isinstance(caught.error, DataDirLockedError):
        raise StoreLocked(_LOCKED.format(path))
    raise lite_error(path, f"it cannot be opened ({caught.error})") from caught.error


def release(path: str, on_last: Callable[[str], None]) -> None:
    """Give back what `serve` gave; with the last of them the service ends.

    Args:
        path: As it was served.
        on_last: Called with it before the service ends.
    """
    from milvus_lite.server_manager import server_manager_instance

    with _opening:
        _open_directories[path] -= 1
        if _open_directories[path] <= 0:
            del _open_directories[path]
            on_last(path)
            server_manager_instance.release_server(path)


def refuse_locked(path: str) -> None:
    """Refuse a directory that another process has open, before a second is spent on imports.

    Raises:
        StoreLocked: Its lock is held.
        StoreError: The file cannot be read.
    """
    try:
        import fcntl
    except ImportError:  # not on this system: Milvus Lite itself will tell, a little later
        return
    lock = Path(path) / LOCK
    if path in _open_directories:
        return
    try:
        if not lock.exists():
            return
        with lock.open("rb") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise StoreLocked(_LOCKED.format(path)) from error
    except OSError as error:
        raise lite_error(path, f"its LOCK cannot be read ({error.strerror})") from error


@contextmanager
def notes_on_writes() -> Iterator[list[str]]:
    """Gather what Milvus Lite says in the block of a log of writes that breaks off."""
    logger = logging.getLogger(LOG_OF_WRITES)
    notes = _Notes()
    logger.addHandler(notes)
    try:
        yield notes.said
    finally:
        logger.removeHandler(notes)


class _Caught(logging.Handler):
    """Keeps the exception that Milvus Lite logs in place of raising it."""

    error: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.error = record.exc_info[1]


class _Notes(logging.Handler):
    """Keeps what is said as a warning."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def _is_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING
