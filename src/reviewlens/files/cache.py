"""The cache directory: this user's alone, and nothing believed that others could have written."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from reviewlens.errors import EncoderError

_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def user_cache() -> Path:
    """Return where what is computed once is kept: `REVIEWLENS_CACHE`, or the user's own."""
    from platformdirs import user_cache_path

    given = os.environ.get("REVIEWLENS_CACHE")
    return Path(given).expanduser() if given else user_cache_path("reviewlens")


def make_private(folder: Path) -> None:
    """Make a folder of the cache with those above it, all mode 0700, whatever the umask is.

    Raises:
        OSError: It cannot be made.
        EncoderError: It is there, and others could write it.
    """
    missing = [folder, *folder.parents]
    missing = missing[: next(place for place, path in enumerate(missing) if path.exists())]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
    refuse_shared(folder)


def refuse_shared(path: Path) -> None:
    """Refuse a file or folder of the cache that others could have written.

    Others are all but this user and root. A folder such as `/tmp`, in which each may only remove
    what is his, does for one that others cannot write.

    Raises:
        EncoderError: It is theirs, or they may write it, or a folder that it lies in; the outermost
            is named, so that one command mends all.
        OSError: It cannot be looked at.
    """
    if not hasattr(os, "geteuid"):  # not on this system
        return
    top = user_cache()
    for one in reversed((path, *(part for part in path.parents if part.is_relative_to(top)))):
        state = one.stat()
        what = ""
        if state.st_uid not in (0, os.geteuid()):
            what = f"belongs to another user (number {state.st_uid})"
        elif state.st_mode & _OTHERS and not (one.is_dir() and state.st_mode & stat.S_ISVTX):
            what = f"can be written by others (mode {stat.S_IMODE(state.st_mode):04o})"
        if what:
            raise EncoderError(
                f"{one} {what}, so that what is cached there is not to be trusted; make it yours "
                f"alone (chmod -R go-w {one}), or remove it where in doubt (it is made anew), or "
                "name another directory in REVIEWLENS_CACHE"
            )
