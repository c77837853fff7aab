"""Files that are written: whether they can be, told before long work, and how they come about."""

from __future__ import annotations

import errno
import io
import os
import secrets
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TextIO

from reviewlens.errors import InputError, MissingExtra
from reviewlens.files.trouble import cannot_write

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EXPORT_FORMATS = ("csv", "jsonl", "parquet", "xlsx")
"""Formats that reviews are exported in; a file tells its own by its ending."""

_BUFFER_BYTES = 1 << 16
_MOST_LINKS = 40


def check_file(file: str | Path, endings: Sequence[str] = (), *, called: str = "") -> None:
    """Refuse a file whose format is not told by its name, or that cannot be written.

    Nothing is made or changed by it: what `written` would tell when the work is done is told
    before.

    Args:
        file: Which is to be written.
        endings: Those that tell a format, in small letters, such as `.png`; none where any will
            do.
        called: What it holds, in the words of errors: `the axes`.

    Raises:
        InputError: The ending is none of them, there is no such folder, it is one, or it is
            protected.
    """
    path = os.fspath(file)
    if endings and Path(path).suffix.lower() not in endings:
        wanted = " or ".join(filter(None, (", ".join(endings[:-1]), endings[-1])))
        raise InputError(
            f"the file {path!r} does not tell its format; wanted an ending of {wanted}"
        )
    with _told(path, called):
        _Place.of(path)


def check_package(package: str, extra: str, purpose: str) -> None:
    """Refuse where a package that writes is not installed; it is not imported yet.

    Raises:
        MissingExtra: It is not.
    """
    if sys.modules.get(package) is None and find_spec(package) is None:
        raise MissingExtra(package, extra, purpose)


@contextmanager
def written(file: str | Path, *, at_once: bool = False, called: str = "") -> Iterator[IO[bytes]]:
    """Open a file to be written, which has its name only when it is whole.

    What had the name before is replaced then, and keeps its permissions; where anything fails it
    is as it was. A link stays one: the file that it leads to is replaced. What is no plain file (a
    pipe, a device, `/dev/stdout`) is written into.

    Args:
        file: Its name.
        at_once: Write into a plain file too, so that it has what came where a process is killed.
        called: What it holds, in the words of errors: `the axes`.

    Raises:
        InputError: It cannot be written, or not to its end.
        BrokenPipeError: Who read the pipe has gone.
    """
    path = os.fspath(file)
    with _told(path, called):
        place = _Place.of(path)
        raw = _File(place.opened(path, at_once=at_once), (path, called, place))
    stream = io.BufferedWriter(raw, _BUFFER_BYTES)
    try:
        yield stream
        stream.flush()
        with _told(path, called, place):
            raw.close()
            place.settle()
    except BaseException:
        with suppress(OSError):
            raw.close()  # what the buffer still has is not tried again
        place.abandon()
        raise


@contextmanager
def written_text(
    file: str | Path, *, encoding: str = "utf-8", at_once: bool = False, called: str = ""
) -> Iterator[TextIO]:
    """Open a file to be written as text, line ends as they are given; see `written`.

    Raises:
        InputError: It cannot be written, or not to its end.
        BrokenPipeError: Who read the pipe has gone.
    """
    with written(file, at_once=at_once, called=called) as stream:
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        yield text
        text.flush()
        text.detach()


def write_figure(figure: Figure, file: str | Path) -> None:
    """Write a picture, by the file's ending, the same bytes for the same picture; see `written`.

    Raises:
        InputError: It cannot be written, or not to its end.
    """
    ending = Path(file).suffix.lower().lstrip(".")
    metadata = {"Date": None} if ending == "svg" else {"Software": None}
    with written(file) as stream:
        figure.savefig(stream, format=ending, metadata=metadata)


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """Give what is written to standard output, to its end.

    Raises:
        InputError: It could not be.
        BrokenPipeError: Who read it has gone.
    """
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise cannot_write("standard output cannot be written", error) from error


class _Place:
    """Where the bytes of a name go: into a new file beside it at first, or right into what it is.

    Attributes:
        kept: What becomes of what was there, where writing fails.
    """

    def __init__(self, goal: Path | None, status: os.stat_result | None) -> None:
        self._goal = goal
        self._status = status
        self._part: Path | None = None
        self.kept = "the file that was there is unchanged" if goal and status else ""

    @classmethod
    def of(cls, path: str) -> _Place:
        """Look at what has a name; links are followed.

        Raises:
            OSError: It cannot be written.
        """
        if _descriptor(path) is not None:
            return cls(None, None)
        try:
            status = Path(path).stat()
        except FileNotFoundError:
            status = None
        except ValueError as error:
            raise OSError(errno.EINVAL, str(error)) from error
        if status is not None and not os.access(path, os.W_OK):
            raise OSError(errno.EACCES, "it is protected")
        if status is not None and stat.S_ISDIR(status.st_mode):
            raise OSError(errno.EISDIR, "it is a directory")
        if status is not None and not stat.S_ISREG(status.st_mode):
            return cls(None, status)
        goal = Path(os.path.realpath(path))
        if not goal.parent.is_dir():
            raise OSError(errno.ENOENT, f"there is no folder {goal.parent}")
        if not os.access(goal.parent, os.W_OK | os.X_OK):
            raise OSError(errno.EACCES, f"the folder {goal.parent} is protected")
        return cls(goal, status)

    @property
    def folder(self) -> str:
        """Where the bytes go, as far as it is known."""
        return "" if self._goal is None else str(self._goal.parent)

    def opened(self, path: str, *, at_once: bool) -> int:
        """Open it for writing and return the number.

        Raises:
            OSError: It cannot be.
        """
        number = _descriptor(path)
        if number is not None:
            return os.dup(number)
        flags = os.O_WRONLY | getattr(os, "O_BINARY", 0)
        if self._goal is None:
            return os.open(path, flags)
        if at_once:
            self.kept = ""
            return os.open(self._goal, flags | os.O_CREAT | os.O_TRUNC, 0o666)
        part = self._goal.with_name(f".{self._goal.name[:40]}-{secrets.token_hex(4)}.part")
        mode = 0o666 if self._status is None else stat.S_IMODE(self._status.st_mode)
        descriptor = os.open(part, flags | os.O_CREAT | os.O_EXCL, mode)
        self._part = part
        if self._status is not None:
            with suppress(OSError, AttributeError):  # only root may give a file away
                os.chown(part, self._status.st_uid, self._status.st_gid)
            with suppress(OSError):
                part.chmod(mode)
        return descriptor

    def settle(self) -> None:
        """Give a new file, which is whole, its name."""
        if self._part is not None and self._goal is not None:
            self._part.replace(self._goal)

    def abandon(self) -> None:
        """Remove what was written of a new file."""
        if self._part is not None:
            with suppress(OSError):
                self._part.unlink()


class _File(io.FileIO):
    """A file whose refusals are errors of ours, through whatever package writes to it.

    What is written in place goes on only, as in a pipe: places in `/dev/null` are all 0.
    """

    def __init__(self, descriptor: int, about: tuple[str, str, _Place]) -> None:
        super().__init__(descriptor, "wb")
        self._about = about

    def write(self, data: Any, /) -> int:  # noqa: ANN401 - whatever FileIO takes
        with _told(*self._about):
            return super().write(data)

    def seekable(self) -> bool:
        return bool(self._about[2].folder)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        if not self.seekable():
            raise io.UnsupportedOperation("seek")
        return super().seek(offset, whence)

    def tell(self) -> int:
        if not self.seekable():
            raise io.UnsupportedOperation("tell")
        return super().tell()


@contextmanager
def _told(path: str, called: str, place: _Place | None = None) -> Iterator[None]:
    """Turn an error of the system inside the block into ours; a reader that went stays one."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        kept, folder = ("", "") if place is None else (place.kept, place.folder)
        what = f"{called} cannot be written to {path}" if called else f"{path} cannot be written"
        raise cannot_write(what, error, kept=kept, folder=folder) from error


def _descriptor(path: str) -> int | None:
    """Return the open file's number that a name such as `/dev/stdout` or `/dev/fd/63` is for.

    It must be written to as it is open: opened anew, or replaced, what the shell has it lead to
    would be cut off or left behind.
    """
    ours = {os.path.realpath(folder) for folder in ("/dev/fd", "/proc/self/fd")}
    name = Path(path)
    for _ in range(_MOST_LINKS):
        number = name.name
        if number.isascii() and number.isdigit() and os.path.realpath(name.parent) in ours:
            return int(number)
        if not name.is_symlink():
            return None
        name = name.parent / name.readlink()
    return None
