"""The file of rejected rows: nothing that was read is lost."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from reviewlens.errors import InputError
from reviewlens.files.outputs import check_file, written_text
from reviewlens.files.trouble import cannot_write
from reviewlens.reading.model import Rejected
from reviewlens.results.tables import CsvTable

_ENDINGS = re.compile(r"(\.rejects)?(\.(csv|tsv|txt|xlsx))?(\.(gz|zip))?$", re.IGNORECASE)
_ENDING = ".rejects.csv"
_NAME_BYTES = 255
"""Most that a file system takes for a name."""
HEADER = ("file", "line", "record", "column", "reason", "detail", "raw")
_CALLED = "the rejected rows (--rejects FILE)"


class RejectsFile:
    """Writes rejected rows as CSV, cells defused; the file is made with the first of them.

    It is written as the rows come: an ingest that is killed leaves those that it had rejected.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reasons: Counter[str] = Counter()
        self._opened: tuple[TextIO, CsvTable] | None = None
        self._file = ExitStack()

    @property
    def written(self) -> int:
        """How many rows were written."""
        return self.reasons.total()

    def open(self) -> None:
        """Make the file, replacing one of an earlier run.

        Raises:
            InputError: It cannot be written.
        """
        stream = self._file.enter_context(written_text(self.path, at_once=True, called=_CALLED))
        self._opened = stream, CsvTable(stream, HEADER)

    def write(self, rejected: Sequence[Rejected]) -> None:
        """Add rows, which are then in the file.

        Raises:
            InputError: They cannot be written.
        """
        if not rejected:
            return
        if self._opened is None:
            self.open()
        assert self._opened is not None
        stream, table = self._opened
        table.write(
            (
                row.location.file,
                row.location.line,
                row.location.record,
                row.column,
                row.reason,
                row.detail,
                row.raw.rstrip("\r\n"),
            )
            for row in rejected
        )
        stream.flush()
        self.reasons.update(row.reason for row in rejected)

    def close(self) -> None:
        """Close the file.

        Raises:
            InputError: It could not be written to its end.
        """
        self._file.close()


def check_rejects(given: Path | None, inputs: Sequence[str]) -> None:
    """Refuse before the work where rejected rows could not be written.

    Args:
        given: What the user said; None for the default, which is needed only if there are any.
        inputs: The files read, as given.

    Raises:
        InputError: They could not, or it is one of the files read.
    """
    path = rejects_path(given, inputs)
    if given is not None:
        check_file(path, called=_CALLED)


def rejects_path(given: Path | None, inputs: Sequence[str]) -> Path:
    """Return where rejected rows go: as given, else `NAME.rejects.csv` in the current directory.

    Args:
        given: What the user said.
        inputs: The files read, as given; the first one names the default.

    Raises:
        InputError: It is one of the files read, or no file can be called so.
    """
    name = "stdin" if inputs[0] == "-" else _ENDINGS.sub("", Path(inputs[0]).name)
    path = given or Path(_short_enough(name) + _ENDING)
    try:
        over = any(
            file != "-" and path.exists() and Path(file).exists() and path.samefile(file)
            for file in inputs
        )
    except OSError as error:
        raise cannot_write(f"{_CALLED} cannot be written to {path}", error) from error
    if over:
        raise InputError(
            f"the rejected rows would be written to {path}, over the reviews that are read; "
            "give another file with --rejects"
        )
    return path


def _short_enough(name: str) -> str:
    """Return a name that can have the ending behind it: no more bytes than a file's may have."""
    while len(os.fsencode(name + _ENDING)) > _NAME_BYTES:
        name = name[:-1]
    return name
