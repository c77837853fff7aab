"""Framing: from physical lines to records, each with its line number and raw text."""

from __future__ import annotations

import csv
import io
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import BinaryIO, Protocol

from reviewlens.errors import UnreadableFile
from reviewlens.reading.encoding import KEEP, is_decoded, show_undecodable
from reviewlens.reading.limits import TABLE, TableLimits
from reviewlens.reading.model import TEXT_BYTES
from reviewlens.reading.quoted_rows import QuotedRows, is_row, reads_as_prose, split_cell

NO_DELIMITER = "\U0010ffff"  # no character, so that it stands in no text
_LOOKED_AT = 1_000

_limit_lock = threading.Lock()


class Rows(Protocol):
    """What reads rows of CSV: an iterator that knows its line."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the fields of a record are told apart.

    Attributes:
        delimiter: Empty when the file has one column only.
        inner: Not empty when a spreadsheet put rows into single cells. Another than `delimiter`:
            the first cell of every record, the header's too, is a row with this delimiter, and
            nothing stands beside it. The same: so are cells that are alone in their record.
        indexed: Whether the rows begin with a field for which the header has no name.
        named: Whether the file begins with a line `sep=;` that names the delimiter.
        quote: What a cell may be quoted by.
        escape: What a quote inside a cell has before it; empty where it is doubled.
        spaced: Whether blanks may stand before a cell's quote.
        above: Lines above the header, which are no records.
        quoted_rows: Whether a record of a single quoted cell is split where it can only be a row
            (or `inner` says so), wherever the fields inside fit the header, or never.
    """

    delimiter: str
    inner: str = ""
    indexed: bool = False
    named: bool = False
    quote: str = '"'
    escape: str = ""
    spaced: bool = False
    above: int = 0
    quoted_rows: QuotedRows = "auto"

    def reader(self, lines: Iterable[str], *, strict: bool = True) -> Rows:
        """Return the csv reader of lines of this dialect."""
        if self.escape:
            # Not as an escape of csv's, which would take it from before any character.
            before, quote = re.escape(self.escape), self.quote
            escaped = re.compile(rf"(?<!{before})((?:{before}{before})*){before}{re.escape(quote)}")
            lines = (escaped.sub(lambda found: found[1] + 2 * quote, line) for line in lines)
        return csv.reader(
            lines,
            delimiter=self.separator,
            quotechar=self.quote,
            skipinitialspace=self.spaced,
            strict=strict,
        )

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
        split: Whether the fields stood inside a single cell.
    """

    line: int
    fields: list[str]
    raw: str
    reason: str = ""
    detail: str = ""
    field: int = -1
    split: bool = False


@contextmanager
def wide_fields() -> Iterator[None]:
    """Lift the csv module's limit on the size of a field, which is one for the whole process."""
    with _limit_lock:
        before = csv.field_size_limit(TABLE.line_characters + TABLE.record_characters)
        try:
            yield
        finally:
            csv.field_size_limit(before)


def decoded_lines(
    stream: BinaryIO, encoding: str, name: str, limits: TableLimits = TABLE
) -> Iterator[str]:
    """Yield physical lines with their ends (LF, CRLF or a lone CR) as they stand.

    Raises:
        UnreadableFile: A line is longer than any review could be, or its encoding needs a byte
            order mark that is not there.
    """
    longest = limits.line_characters
    with io.TextIOWrapper(stream, encoding=encoding, errors=KEEP, newline="") as text:
        try:
            for line in iter(partial(text.readline, longest), ""):
                if len(line) >= longest:
                    raise UnreadableFile(
                        f"{name} has a line of more than {longest // 1_000_000} million "
                        f"characters; a file with one record a line was expected."
                    )
                yield line
        except UnicodeError as error:
            raise UnreadableFile(
                f"{name} cannot be read as {encoding}: {error}; give another --encoding, or none.",
                field="encoding",
            ) from error


class UnclosedQuotes(Exception):
    """So many quotes are not closed that reading on behind each would take hours."""


class _RecordTooLong(Exception):
    """The record in progress outgrew any cell; its quote was never closed."""


class _Feed:
    """The lines given to the csv reader; remembers those of the record in progress."""

    def __init__(self, lines: Iterator[str], limits: TableLimits) -> None:
        self._lines = lines
        self._limits = limits
        self._again: deque[str] = deque()
        self.line = 0  # lines taken so far
        self.pending: list[str] = []
        self._size = 0
        self.characters_again = self._lines_again = 0

    def begin(self) -> None:
        self.pending = []
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._size > self._limits.record_characters:
            raise _RecordTooLong
        return self.take()

    def take(self) -> str:
        """Take the next line, however long the record in progress is."""
        line = self._again.popleft() if self._again else next(self._lines)
        self.pending.append(line)
        self._size += len(line)
        self.line += 1
        return line

    def push_back(self, lines: Sequence[str]) -> None:
        self._again.extendleft(reversed(lines))
        self.line -= len(lines)
        self.characters_again += sum(map(len, lines))
        self._lines_again += len(lines)
        most = self._limits.lines_again + self._limits.lines_again_ratio * self.line
        if self._lines_again > most:
            raise UnclosedQuotes


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
    - `too_large`: it is longer than anything that is held; only its beginning is kept.

    A line of nothing but blanks is no record, unless tabs in it part as many fields as the header
    has. A record that is a single quoted cell may be a row once more; see `Dialect`.
    """

    def __init__(self, lines: Iterator[str], dialect: Dialect, limits: TableLimits = TABLE) -> None:
        self._feed = _Feed(lines, limits)
        self._limits = limits
        if dialect.named:
            next(self._feed)
        for _ in islice(self._feed, dialect.above):
            pass
        self._dialect = dialect
        self._quote = dialect.quote
        self._inner = dialect.inner if dialect.inner != dialect.delimiter else ""
        self._separator = dialect.separator
        self._rows = dialect.reader(self._feed)
        self._least = self._most = 0

    def expect(self, header: Sequence[str]) -> None:
        """Hold every further record to the header; empty names at its end may be missing."""
        self._most = self._least = len(header)
        while self._least > 1 and not header[self._least - 1]:
            self._least -= 1

    def read(self, count: int) -> list[Record]:
        """Read up to `count` records, fewer when they are large; none at the end.

        Raises:
            UnclosedQuotes: There are too many.
        """
        records: list[Record] = []
        size, again = 0, self._feed.characters_again
        with wide_fields():
            while len(records) < count and size < self._limits.batch_characters:
                record = self._next()
                if record is None:
                    break
                records.append(record)
                size += len(record.raw) + self._feed.characters_again - again
                again = self._feed.characters_again
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
                return self._overlong(start)
            if fields is None:
                return None
            raw = feed.pending[0] if len(feed.pending) == 1 else "".join(feed.pending)
            if raw.isspace() and not 1 < len(fields) == self._most:
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
            record.field = self._at_fault(record, lambda field: not is_decoded(field))
            record.reason = "undecodable"
            record.detail = "It holds bytes that the file's encoding does not know."
        elif "\0" in record.raw:
            record.field = self._at_fault(record, lambda field: "\0" in field)
            record.reason = "nul_byte"
            record.detail = "It holds NUL bytes, which no text does."
        else:
            self._split(record)
            if self._most and not record.reason and len(record.fields) != self._most:
                self._fit(record)
            if record.reason and len(self._feed.pending) > 1 and self._swallowed():
                return self._unframed(record.line, "")
        if record.reason:
            record.raw = show_undecodable(record.raw)
        return record

    def _at_fault(self, record: Record, is_wrong: Callable[[str], bool]) -> int:
        """Return the column at fault, -1 where the fields are not those of the header."""
        if self._inner or len(record.fields) > self._most:
            return -1
        return next((i for i, field in enumerate(record.fields) if is_wrong(field)), -1)

    def _split(self, record: Record) -> None:
        """Put the fields inside a single cell in its place, where it is a row."""
        fields = record.fields
        if self._inner:
            if any(fields[1:]):
                record.reason = "ragged_row"
                record.detail = "It has cells beside the one that holds the row."
            elif fields[0]:
                record.fields, record.split = split_cell(fields[0], self._inner), True
        elif len(fields) == 1 < self._least and record.raw.startswith(self._quote):
            inside = split_cell(fields[0], self._separator)
            if not self._least <= len(inside) <= self._most:
                return
            if self._is_row(fields[0], inside):
                record.fields, record.split = inside, True
            else:
                record.detail = (
                    f" It is one quoted cell; --quoted-rows split reads the {len(inside)} fields "
                    f"inside it."
                )

    def _is_row(self, cell: str, inside: Sequence[str]) -> bool:
        dialect = self._dialect
        if dialect.quoted_rows != "auto":
            return dialect.quoted_rows == "split"
        if is_row(cell, self._separator):
            return True
        return dialect.inner == self._separator and not reads_as_prose(inside)

    def _fit(self, record: Record) -> None:
        found = len(record.fields)
        if self._least <= found < self._most:
            record.fields += [""] * (self._most - found)
        elif found > self._most and not any(record.fields[self._most :]):
            del record.fields[self._most :]
        else:
            record.reason = "ragged_row"
            what = f"It has {found} fields where the header has {self._most}."
            record.detail = what + record.detail

    def _swallowed(self) -> bool:
        """Tell whether the lines after the first are good records of their own.

        Asked only of a ragged record over several lines: then a quote was opened on its first line
        and closed by accident further down. A record that is as wide as the header is never taken
        apart, whatever its cells hold.
        """
        rest = self._dialect.reader(iter(self._feed.pending[1:]))
        try:
            widths = {self._width(fields) for fields in rest if fields}
        except csv.Error:
            return False
        return self._most > 1 and widths == {self._most}

    def _width(self, fields: list[str]) -> int:
        """Count the fields of a line that may be a record; none where it reads as a text."""
        if self._inner:
            return 0 if any(fields[1:]) else len(split_cell(fields[0], self._inner))
        if len(fields) == 1 and is_row(fields[0], self._separator):
            return len(split_cell(fields[0], self._separator))
        return 0 if reads_as_prose(fields) else len(fields)

    def _overlong(self, start: int) -> Record:
        """Give up a record that is longer than anything that is held.

        Where its quote closes as a field's does, and the lines inside are no records, it is a cell
        beyond all bounds: reading resumes behind it. Else its quote was never closed.
        """
        pending = self._feed.pending
        if self._are_records(pending[1:]) or not self._closed():
            return self._unframed(start, "")
        raw = show_undecodable("".join(pending)[:TEXT_BYTES])
        detail = (
            f"A cell of it has more than {self._limits.record_characters:,} characters; at most "
            f"{TEXT_BYTES:,} bytes can be stored. Its first {len(raw):,} characters are kept here."
        )
        return Record(start, [raw], raw, "too_large", detail)

    def _are_records(self, lines: Sequence[str]) -> bool:
        """Tell whether most of the lines have as many fields as the header, if it has several."""
        reader = self._dialect.reader(iter(lines), strict=False)
        widths = [self._width(fields) for fields in islice(reader, _LOOKED_AT) if fields]
        return self._most > 1 and 2 * widths.count(self._most) >= len(widths)

    def _closed(self) -> bool:
        """Take the lines up to the end of the record; False where its quote does not close.

        As many characters are looked at as a record may have.
        """
        left, in_cell, is_open = self._limits.record_characters, True, True
        while left > 0:
            try:
                line = self._feed.take()
            except StopIteration:
                return False
            left -= len(line)
            if in_cell:
                _, quote, line = line.replace(2 * self._quote, "").partition(self._quote)
                if not quote:
                    continue
                if line[:1] not in ("", self._separator, "\r", "\n"):
                    return False
                in_cell = is_open = False
            is_open ^= line.count(self._quote) % 2 == 1
            if not is_open:
                return True
        return False
