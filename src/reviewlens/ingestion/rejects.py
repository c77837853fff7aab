"""The file of rejected rows: nothing that was read is lost."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from reviewlens.errors import InputError
from reviewlens.reviews import Rejected

_ENDINGS = re.compile(r"(\.rejects)?(\.(csv|tsv|txt|xlsx))?(\.(gz|zip))?$", re.IGNORECASE)
HEADER = ("file", "line", "record", "column", "reason", "detail", "raw")


class RejectsFile:
    """Writes rejected rows as CSV; the file is made with the first of them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reasons: Counter[str] = Counter()
        self._stream: TextIO | None = None

    @property
    def written(self) -> int:
        """How many rows were written."""
        return self.reasons.total()

    def open(self) -> None:
        """Make the file, replacing one of an earlier run.

        Raises:
            InputError: It cannot be written.
        """
        try:
            self._stream = self.path.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise InputError(
                f"the rejected rows cannot be written to {self.path}: {error.strerror}; "
                "give another file with --rejects"
            ) from error
        csv.writer(self._stream).writerow(HEADER)

    def write(self, rejected: Sequence[Rejected]) -> None:
        """Add rows."""
        if not rejected:
            return
        if self._stream is None:
            self.open()
        assert self._stream is not None
        csv.writer(self._stream).writerows(
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
        self.reasons.update(row.reason for row in rejected)

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()


def rejects_path(given: Path | None, inputs: Sequence[str]) -> Path:
    """Return where rejected rows go: as given, else `NAME.rejects.csv` in the current directory.

    Args:
        given: What the user said.
        inputs: The files read, as given; the first one names the default.

    Raises:
        InputError: It is one of the files read.
    """
    name = "stdin" if inputs[0] == "-" else _ENDINGS.sub("", Path(inputs[0]).name)
    path = given or Path(f"{name}.rejects.csv")
    for file in inputs:
        if file != "-" and path.exists() and Path(file).exists() and path.samefile(file):
            raise InputError(
                f"the rejected rows would be written to {path}, over the reviews that are read; "
                "give another file with --rejects"
            )
    return path
