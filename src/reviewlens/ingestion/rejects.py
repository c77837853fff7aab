"""The file of rejected rows: nothing that was read is lost."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from reviewlens.errors import InputError
from reviewlens.reviews import Rejected

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


def default_path(first_input: str) -> Path:
    """Return where rejected rows of an input go: `NAME.rejects.csv` in the current directory."""
    name = "stdin" if first_input == "-" else Path(first_input).name.split(".")[0]
    return Path(f"{name}.rejects.csv")
