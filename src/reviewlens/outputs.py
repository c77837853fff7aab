"""Files that are written at the end of long work: whether they can be, told before it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reviewlens.errors import InputError


def check_file(file: str | Path, endings: Sequence[str]) -> None:
    """Refuse a file whose format is not told by its name, or that cannot be where it is named.

    Args:
        file: Which is to be written.
        endings: Those that tell a format, in small letters, such as `.png`; two or more.

    Raises:
        InputError: The ending is none of them, there is no such folder, or it is one.
    """
    path = Path(file)
    if path.suffix.lower() not in endings:
        raise InputError(
            f"the file {str(file)!r} does not tell its format; wanted an ending of "
            f"{', '.join(endings[:-1])} or {endings[-1]}"
        )
    if path.is_dir():
        raise InputError(f"{file} cannot be written: it is a directory; give another")
    if not path.absolute().parent.is_dir():
        raise InputError(f"there is no folder {str(path.parent)!r} to write {str(file)!r} to")
