"""What the system refused, in words: the reason and the cure."""

from __future__ import annotations

import errno
import os
import re
from contextlib import suppress

from reviewlens.errors import InputError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_LITTLE_ROOM = 1_000_000


def cannot_write(what: str, error: OSError, *, kept: str = "", folder: str = "") -> InputError:
    """Return our error for one of the system, with the reason and the cure.

    Args:
        what: Cannot be done.
        error: Which the system gave.
        kept: What became of what was there before.
        folder: Where it is written to; empty where that is not known.
    """
    about = f"; {kept}" if kept else ""
    return InputError(f"{what}: {reason_of(error, folder)}{about}; {cure_of(error)}")


def reason_of(error: OSError, folder: str = "") -> str:
    """Return why the system refused; of a full disk the folder on it, as far as that can be told.

    Args:
        error: Which the system gave.
        folder: Where was written to; that of temporary files is looked at besides.
    """
    reason = error.strerror or str(error)
    if _number(error) in _FULL:
        full = next((one for one in (folder, _temporary()) if one and _is_full(one)), "")
        return f"{reason} (in {full})" if full else reason
    return reason


def cure_of(error: OSError) -> str:
    """Return what helps where a file cannot be written."""
    number = _number(error)
    if number in _FULL:
        return "make room there, or name a file on another disk (for temporary files: TMPDIR)"
    if number == errno.EFBIG:
        return "files may not be larger there (ulimit -f shows a limit): raise it, or write less"
    if number == errno.EIO:
        return "the disk may be failing: look into the system's log, and name a file elsewhere"
    return "give another"


def is_trouble_of_storage(error: BaseException | None) -> bool:
    """Tell whether an error is of a disk that is full, failing or closed to writing."""
    numbers = (*_FULL, errno.EFBIG, errno.EIO, errno.EROFS)
    return isinstance(error, OSError) and _number(error) in numbers


def _number(error: OSError) -> int | None:
    """Return the system's number of an error; numpy's of a file that was cut short has none."""
    if error.errno is None and re.search(r"\d+ requested and \d+ written", str(error)):
        return errno.ENOSPC
    return error.errno


def _temporary() -> str:
    """Return the folder of temporary files; empty where the system has none that can be used."""
    import tempfile  # which every command would wait for

    with suppress(OSError):
        return tempfile.gettempdir()
    return os.environ.get("TMPDIR", "")


def _is_full(folder: str) -> bool:
    import shutil

    with suppress(OSError):
        return shutil.disk_usage(folder).free < _LITTLE_ROOM
    return False
