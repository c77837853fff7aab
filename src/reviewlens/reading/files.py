"""Opening an input: a plain file, `.gz`, `.zip` with one member, `.xlsx`, or a stream."""

from __future__ import annotations

import errno
import gzip
import io
import re
import shutil
import stat
import sys
import zipfile
import zlib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import BinaryIO, Literal

from reviewlens.errors import InputError, UnreadableFile
from reviewlens.files.temporary import TemporaryFile
from reviewlens.reading.limits import BOMB_BYTES, BOMB_RATIO, MOST_DIRECTORY_BYTES

STDIN = "-"
Form = Literal["plain", "gzip", "zip", "sheet", "parquet", "pdf", "rows", "document"]
"""How bytes are packed; `rows` and `document` are records that were spooled of one."""

_FOREIGN = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"ARROW1", "an Arrow file; read it with pandas and save it as CSV"),
    (b"SQLite format 3\x00", "an SQLite database; export the table as CSV"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ\x00", "an xz archive; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive; unpack it first"),
    (b"version https://git-lfs", "a pointer of Git LFS, not the file itself; run git lfs pull"),
    (b"\x80\x04\x95", "a pickle of Python; save its table as CSV or Parquet"),
    (b"\x89HDF", "an HDF5 file; save its table as CSV or Parquet"),
    (b"PK\x03\x04", "a zip archive inside another; unpack the outer one first"),
    (b"\x1f\x8b", "a gzip file inside another; unpack the outer one first"),
)
_FOREIGN_TEXTS = (
    (r"(?:/|\.\./)*(?:\.git/)?annex/objects/", "a pointer of git-annex; run git annex get"),
    (r"(?i:<(?:!doctype html|html)\b)", "a web page without a table; fetch the file itself"),
    (r"<\?xml|<[A-Za-z][\w:.-]*(?:\s[^<>]*)?>\s*<", "XML; save its reviews as CSV or JSON"),
    (
        r"\)\]\}'|(?:(?:var|let|const)\s+)?[\w$.]+\s*[=(]\s*(?:\[\s*)?\{",
        "JavaScript around JSON; take away what stands before and behind its brackets",
    ),
    (r"\[?\s*\{'[^'\n]+'\s*:", "Python's notation and no JSON; write it with json.dumps"),
)
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also what a protected new one is in
_SHEETS_OF_ODS = {"content.xml", "mimetype"}


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that is called otherwise than on disk: one that was uploaded.

    Attributes:
        path: Where it is.
        name: As reports, ids and errors call it.
    """

    path: Path
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a workbook or a document since it was converted to records.

    Attributes:
        encoding: Its name (`xlsx`, `pdf`, or of a text).
        decided: How it was decided.
        notes: Sentences for the user.
        guessed: Whether the encoding might be another.
    """

    encoding: str
    decided: str
    notes: tuple[str, ...]
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """One input that was found and can be opened any number of times.

    Attributes:
        name: As given by the user (`-` for standard input).
        path: Where its bytes are; a spooled copy for a stream.
        form: How the bytes are packed.
        state: Size and time of change, to see that both passes read the same.
        about: Of what was converted; None for what is read as it is.
        copy: Our own copy, which is at `path` until it is closed; None for a file of the user's.
    """

    name: str
    path: Path
    form: Form
    state: tuple[int, int]
    about: About | None = None
    copy: TemporaryFile | None = None

    def close(self) -> None:
        """Remove our own copy, if there is one."""
        if self.copy is not None:
            self.copy.close()


def find_input(given: str | Path | NamedFile) -> Input:
    """Find an input and see how it is packed; a stream is first spooled to disk.

    Args:
        given: A path, `-` for standard input, or a file with a name of its own.

    Raises:
        UnreadableFile: It is missing, a directory, not permitted, empty, or an archive that
            does not hold exactly one readable member.
    """
    if isinstance(given, NamedFile):
        return _look_into(given.name, given.path)
    name = str(given)
    path = Path(given)
    try:
        if name != STDIN and stat.S_ISREG(path.stat().st_mode):
            return _look_into(name, path)
        if name != STDIN and path.is_dir():
            raise UnreadableFile(
                f"{name} is a directory; name the files in it, such as {path / '*.csv'}."
            )
        copy = _spool(None if name == STDIN else path)
        try:
            return _look_into(name, copy.path, copy)
        except BaseException:
            copy.close()
            raise
    except FileNotFoundError as error:
        raise UnreadableFile(_missing(path)) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise UnreadableFile(
                f"{name} cannot be copied to where temporary files are: {error.strerror}; make "
                "room there, or name another folder in TMPDIR."
            ) from error
        raise UnreadableFile(f"{name} cannot be read: {error.strerror or error}.") from error


def state_of(path: Path) -> tuple[int, int]:
    """Return a file's size and the time of its last change, as `Input.state` has them."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def open_bytes(source: Input) -> BinaryIO:
    """Open an input that is not a sheet; what is read is unpacked and watched for bombs.

    Raises:
        InputError: The file changed since it was found.
        UnreadableFile: It cannot be opened, or, while reading, it is damaged or a bomb.
    """
    try:
        if state_of(source.path) != source.state:
            raise InputError(
                f"{source.name} changed while it was being read; run the command again "
                f"when nothing writes to it any more."
            )
        if source.form == "gzip":
            return _watched(gzip.open(source.path), source, source.state[0])
        if source.form == "zip":
            with zipfile.ZipFile(source.path) as archive:  # stays open as long as its member
                member = _members(archive)[0]
                packed = min(member.compress_size, source.state[0])
                return _watched(archive.open(member), source, packed)
        return source.path.open("rb")
    except (OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
        raise UnreadableFile(_damage(source.name, error)) from error


def foreign_form(head: bytes) -> str:
    """Name the kind of file that begins with `head`, if it is one that holds no rows of text."""
    return next((kind for magic, kind in _FOREIGN if head.startswith(magic)), "")


def stranger(name: str, kind: str) -> UnreadableFile:
    """Return the error for a file of another kind."""
    return UnreadableFile(
        f"{name} is {kind}; a table (CSV, TSV, XLSX, ODS, JSON, Parquet), a PDF, Markdown or "
        "text was expected."
    )


def foreign_text(start: str) -> str:
    """Name the kind of text that begins so, if it is one that holds no table."""
    start = start.lstrip("\ufeff \t\r\n")
    return next((kind for begins, kind in _FOREIGN_TEXTS if re.match(begins, start)), "")


class _Watched(io.RawIOBase):
    """A stream being unpacked: translates its errors, and stops when it expands beyond reason."""

    def __init__(self, inner: BinaryIO, name: str, packed: int) -> None:
        self._inner, self._name, self._packed = inner, name, packed
        self._unpacked = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            piece = self._inner.read(len(buffer))
        except (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
            raise UnreadableFile(_damage(self._name, error)) from error
        buffer[: len(piece)] = piece
        self._unpacked += len(piece)
        refuse_bomb(self._name, self._packed, self._unpacked)
        return len(piece)

    def close(self) -> None:
        self._inner.close()
        super().close()


def refuse_bomb(name: str, packed: int, unpacked: int) -> None:
    """Stop at an archive that grows more than 200-fold beyond 100 MB.

    Raises:
        UnreadableFile: It does.
    """
    if unpacked > BOMB_BYTES and unpacked > BOMB_RATIO * packed:
        raise UnreadableFile(
            f"{name} unpacks to more than {unpacked // 1_000_000:,} MB from "
            f"{packed / 1_000_000:,.1f} MB, over {BOMB_RATIO} times its size, as a zip bomb does; "
            f"if it is a real export, unpack it yourself and give the plain file."
        )


def _watched(inner: object, source: Input, packed: int) -> BinaryIO:
    return io.BufferedReader(_Watched(inner, source.name, packed), 1 << 20)  # type: ignore[arg-type]


def _spool(path: Path | None) -> TemporaryFile:
    copy = TemporaryFile()
    try:
        with copy.path.open("wb") as target:
            if path is None:
                shutil.copyfileobj(sys.stdin.buffer, target, 1 << 20)
            else:
                with path.open("rb") as stream:
                    shutil.copyfileobj(stream, target, 1 << 20)
    except BaseException:
        copy.close()
        raise
    return copy


def _look_into(name: str, path: Path, copy: TemporaryFile | None = None) -> Input:
    state = state_of(path)
    with path.open("rb") as stream:
        head = stream.read(32)
    if not head:
        raise UnreadableFile(f"{name} is empty; a header line and at least one row were expected.")
    form: Form = "plain"
    if head.startswith(b"\x1f\x8b"):
        form = "gzip"
    elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        form = _zip_form(name, path)
    elif head.startswith(b"%PDF-"):
        form = "pdf"
    elif head.startswith(_OLD_WORKBOOK):
        form = "sheet"
    elif head.startswith(b"PAR1"):
        form = "parquet"
    elif kind := foreign_form(head):
        raise stranger(name, kind)
    return Input(name, path, form, state, copy=copy)


def _zip_form(name: str, path: Path) -> Literal["zip", "sheet"]:
    _refuse_crowded(name, path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if {"xl/workbook.xml", "xl/workbook.bin"} & names or names >= _SHEETS_OF_ODS:
                refuse_bomb(name, path.stat().st_size, sum(m.file_size for m in archive.filelist))
                return "sheet"
            members = _members(archive)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise UnreadableFile(_damage(name, error)) from error
    if len(members) != 1:
        shown = ", ".join(member.filename for member in members[:5])
        more = f" and {len(members) - 5} more" if len(members) > 5 else ""
        raise UnreadableFile(
            f"{name} holds {len(members)} files ({shown}{more}) where one was expected; "
            f"unpack it and name the file that holds the reviews."
            if members
            else f"{name} is an archive without a file in it."
        )
    if members[0].flag_bits & 1:
        raise UnreadableFile(
            f"{name} is protected by a password; unpack it yourself and give the plain file."
        )
    return "zip"


def _refuse_crowded(name: str, path: Path) -> None:
    """Stop at an archive whose list of members alone takes hundreds of megabytes in memory."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 70_000))
        tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    size = int.from_bytes(tail[end + 12 : end + 16], "little")
    if size == 0xFFFFFFFF:  # it stands in a longer record before this one
        end = tail.rfind(b"PK\x06\x06", 0, end)
        size = int.from_bytes(tail[end + 40 : end + 48], "little")
    if end >= 0 and size > MOST_DIRECTORY_BYTES:
        raise UnreadableFile(
            f"{name} has a list of members of {size / 1e6:,.0f} MB, where one member was expected; "
            f"unpack it and name the file that holds the reviews."
        )


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [
        member
        for member in archive.infolist()
        if not member.is_dir()
        and not member.filename.startswith("__MACOSX/")
        and not Path(member.filename).name.startswith(".")
    ]


def _missing(path: Path) -> str:
    folder = path.parent
    names = [p.name for p in folder.iterdir()] if folder.is_dir() else []
    close = get_close_matches(path.name, names, n=1)
    hint = f"did you mean {folder / close[0]}?" if close else "check the path."
    return f"There is no file {path}; {hint}"


def _damage(name: str, error: BaseException) -> str:
    if isinstance(error, EOFError):
        return f"{name} is cut short: the archive ends before its data does; fetch it again."
    return f"{name} cannot be unpacked or read ({error}); fetch it again or unpack it yourself."
