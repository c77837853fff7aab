"""Framing: from physical lines to records, each with its line number and raw text."""

from __future__ import annotations

import csv
import io
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from reviewlens.errors import UnreadableFile
from reviewlens.reviews.encoding import KEEP, is_decoded, show_undecodable

NO_DELIMITER = "\x1f"
BATCH_CHARACTERS = 16_000_000
LINE_CHARACTERS = 256_000_000
RECORD_CHARACTERS = 64_000_000
LARGE_CHARACTERS = 65_535

_limit_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the fields of a record are told apart.

    Attributes:
        delimiter: Empty when the file has one column only.
        inner: Not empty when a spreadsheet quoted whole rows: a record whose only non-empty
            field is the first is parsed once more, with this delimiter.
        indexed: Whether the rows begin with a field for which the header has no name.
        named: Whether the file begins with a line `sep=;` that names the delimiter.
    """

    delimiter: str
    inner: str = ""
    indexed: bool = False
    named: bool = False

    @property
    def separator(self) -> str:
        """The character given to the csv reader."""
        return self.delimiter or NO_DELIMITER


@dataclass(slots=True)
class Record:
    r"""One record of the input.

    Attributes:
        line: Physical line on which it starts, from 1.
        fields: As many as the header has, unless there is a reason.
        raw: The record as it stands; undecodable bytes are written as `\xNN`.
        reason: Empty, or the word for why it cannot be taken.
        detail: The sentence that goes with the reason.
        field: Index of the field at fault, -1 for the record as a whole.
    """

    line: int
    fields: list[str]
    raw: str
    reason: str = ""
    detail: str = ""
    field: int = -1


@contextmanager
def wide_fields() -> Iterator[None]:
    """Lift the csv module's limit on the size of a field, which is one for the whole process."""
    with _limit_lock:
        before = csv.field_size_limit(LINE_CHARACTERS + RECORD_CHARACTERS)
        try:
            yield
        finally:
            csv.field_size_limit(before)


def decoded_lines(stream: BinaryIO, encoding: str, name: str) -> Iterator[str]:
    """Yield physical lines with their ends (LF, CRLF or a lone CR) as they stand.

    Raises:
        UnreadableFile: A line is longer than any review could be.
    """
    with io.TextIOWrapper(stream, encoding=encoding, errors=KEEP, newline="") as text:
        for line in iter(partial(text.readline, LINE_CHARACTERS), ""):
            if len(line) >= LINE_CHARACTERS:
                raise UnreadableFile(
                    f"{name} has a line of more than {LINE_CHARACTERS // 1_000_000} million "
                    f"characters; a file with one record a line was expected."
                )
            yield line


class _RecordTooLong(Exception):
    """The record in progress outgrew any cell; its quote was never closed."""


class _Feed:
    """The lines given to the csv reader; remembers those of the record in progress."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.line = 0  # lines taken so far
        self.pending: list[str] = []
        self._size = 0

    def begin(self) -> None:
        self.pending = []
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._size > RECORD_CHARACTERS:
            raise _RecordTooLong
        line = self._again.popleft() if self._again else next(self._lines)
        self.pending.append(line)
        self._size += len(line)
        self.line += 1
        return line

    def push_back(self, lines: Sequence[str]) -> None:
        self._again.extendleft(reversed(lines))
        self.line -= len(lines)


class RecordReader:
    """Frames the records of a text file with the standard csv reader.

    The reader is strict. A record that cannot be framed is yielded with a reason instead:

    - `unclosed_quote`: a quote opened in it swallows what follows. Only its first physical
      line is given up; reading resumes at the next, so nothing else is lost.
    - `bad_quotes`: a closing quote is followed by something other than a delimiter.
    - `ragged_row`: too few or too many fields. Only what is empty may be missing or surplus:
      columns without a name at the end of the header, empty fields at the end of a record.
    - `undecodable`: it holds bytes that the encoding does not know.
    - `nul_byte`: it holds NUL bytes.

    A line of nothing but blanks is no record.
    """

    def __init__(self, lines: Iterator[str], dialect: Dialect) -> None:
        self._feed = _Feed(lines)
        if dialect.named:
            next(self._feed)
        self._inner = dialect.inner
        self._separator = dialect.separator
        self._rows = csv.reader(self._feed, delimiter=self._separator, strict=True)
        self._least = self._most = 0

    def expect(self, header: Sequence[str]) -> None:
        """Hold every further record to the header; empty names at its end may be missing."""
        self._most = self._least = len(header)
        while self._least > 1 and not header[self._least - 1]:
            self._least -= 1

    def read(self, count: int) -> list[Record]:
        """Read up to `count` records, fewer when they are large; none at the end."""
        records: list[Record] = []
        size = 0
        with wide_fields():
            while len(records) < count and size < BATCH_CHARACTERS:
                record = self._next()
                if record is None:
                    break
                records.append(record)
                size += len(record.raw)
        return records

    def _next(self) -> Record | None:
        feed = self._feed
        while True:
            feed.begin()
            start = feed.line + 1
            try:
                fields = next(self._rows, None)
            except csv.Error as error:
                return self._unframed(start, str(error))
            except _RecordTooLong:
                return self._unframed(start, "")
            if fields is None:
                return None
            raw = feed.pending[0] if len(feed.pending) == 1 else "".join(feed.pending)
            if raw.isspace():
                continue
            return self._checked(Record(start, fields, raw))

    def _unframed(self, start: int, complaint: str) -> Record:
        line, *rest = self._feed.pending
        first = show_undecodable(line)
        if not rest and complaint and "end of data" not in complaint:
            detail = f"A quote stands where none can ({complaint})."
            return Record(start, [first], first, "bad_quotes", detail)
        self._feed.push_back(rest)
        detail = "A quote opened on this line is not closed where its field ends."
        return Record(start, [first], first, "unclosed_quote", detail)

    def _checked(self, record: Record) -> Record:
        if not is_decoded(record.raw):
            record.field = next(i for i, f in enumerate(record.fields) if not is_decoded(f))
            record.reason = "undecodable"
            record.detail = "It holds bytes that the file's encoding does not know."
        elif "\0" in record.raw:
            record.field = next((i for i, f in enumerate(record.fields) if "\0" in f), -1)
            record.reason = "nul_byte"
            record.detail = "It holds NUL bytes, which no text does."
        else:
            if self._inner:
                record.fields = unwrap(record.fields, self._inner)
            fields = record.fields
            if self._most and len(fields) != self._most:
                self._fit(record)
            if len(self._feed.pending) > 1 and self._swallowed(record):
                return self._unframed(record.line, "")
        if record.reason:
            record.raw = show_undecodable(record.raw)
        return record

    def _fit(self, record: Record) -> None:
        found = len(record.fields)
        if self._least <= found < self._most:
            record.fields += [""] * (self._most - found)
        elif found > self._most and not any(record.fields[self._most :]):
            del record.fields[self._most :]
        else:
            record.reason = "ragged_row"
            record.detail = f"It has {found} fields where the header has {self._most}."

    def _swallowed(self, record: Record) -> bool:
        """Tell whether the lines after the first are good records of their own.

        Asked only of a record over several lines that is ragged or too large to be a review:
        then a quote was opened on its first line and closed by accident further down.
        """
        if not self._most or not (record.reason or len(record.raw) > LARGE_CHARACTERS):
            return False
        rest = csv.reader(iter(self._feed.pending[1:]), delimiter=self._separator, strict=True)
        try:
            widths = {len(unwrap(f, self._inner) if self._inner else f) for f in rest if f}
        except csv.Error:
            return False
        return self._most > 1 and widths == {self._most}


def unwrap(fields: list[str], inner: str) -> list[str]:
    """Parse a row that a spreadsheet put into its first field; any other is returned as it is."""
    if not fields or any(fields[1:]):
        return fields
    try:
        rows = list(csv.reader(io.StringIO(fields[0], newline=""), delimiter=inner, strict=True))
    except csv.Error:
        return fields
    return rows[0] if len(rows) == 1 else fields
