"""An input as a table: a header, and records as wide as the header."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice

from reviewlens.errors import InputError, UnreadableFile
from reviewlens.reading.columns import find_column, find_text_column, name_columns
from reviewlens.reading.dialects import sniff_dialect
from reviewlens.reading.encoding import (
    SAMPLE_BYTES,
    Encoding,
    check_encoding,
    decide_encoding,
)
from reviewlens.reading.files import Input, open_bytes
from reviewlens.reading.limits import BATCH_CELLS, MOST_COLUMNS
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.records import (
    Dialect,
    Record,
    RecordReader,
    UnclosedQuotes,
    decoded_lines,
)
from reviewlens.reading.spools import SpoolReader
from reviewlens.reading.template import compile_template

_SNIFF_CHARACTERS = 262_144


@dataclass(frozen=True, slots=True)
class Form:
    """How the bytes of an input become records, decided once for both passes."""

    encoding: Encoding
    dialect: Dialect


class Table:
    """A header and the records below it.

    Attributes:
        header: The columns' names, each of its own.
    """

    def __init__(self, name: str, reader: RecordReader | SpoolReader, *, indexed: bool) -> None:
        first = reader.read(1)
        if not first:
            raise UnreadableFile(
                f"{name} is empty; a header line and at least one row were expected."
            )
        if first[0].reason:
            raise UnreadableFile(
                f"The header of {name} cannot be read: {first[0].detail} "
                f"Save the file again, or name its encoding with --encoding."
            )
        fields = ["", *first[0].fields] if indexed else first[0].fields
        self.header = name_columns(fields)
        self._name = name
        self._reader = reader
        reader.expect([field.strip() for field in fields])

    def refuse_too_wide(self) -> None:
        """Stop where there are more columns than are read.

        Raises:
            UnreadableFile: There are.
        """
        if len(self.header) > MOST_COLUMNS:
            raise UnreadableFile(
                f"{self._name} has {len(self.header):,} columns; at most {MOST_COLUMNS:,} are "
                "read, as many as a spreadsheet has: leave out those that say nothing of a "
                "review, or give --delimiter if something else parts the fields.",
                field="delimiter",
            )

    def read(self, count: int) -> list[Record]:
        """Read up to `count` records, fewer when they are large or wide; none at the end.

        Raises:
            UnreadableFile: Too many quotes are not closed.
        """
        try:
            return self._reader.read(min(count, max(1, BATCH_CELLS // len(self.header))))
        except UnclosedQuotes as error:
            raise UnreadableFile(
                f"{self._name} has too many quotes that are opened and not closed, so that what is "
                "one record cannot be told: quote a cell that holds a quote, and write that one "
                'twice, as in "5"" screen"; or give --delimiter if it is another.',
                field="delimiter",
            ) from error


def decide_form(source: Input, options: ReadOptions) -> Form:
    """Decide encoding and delimiter on the first bytes of an input.

    Raises:
        UnreadableFile: It is no text.
        InputError: The encoding or the delimiter given cannot be one.
    """
    if source.about is not None:
        return Form(Encoding(source.about.encoding, source.about.decided), Dialect(""))
    encoding = encoding_of(source, options)
    start: list[str] = []
    size = 0
    with closing(_lines(source, encoding)) as lines:
        for line in lines:
            start.append(line)
            size += len(line)
            if size > _SNIFF_CHARACTERS:
                break
    dialect = sniff_dialect(
        start,
        options.delimiter,
        quoted_rows=options.quoted_rows,
        has_text=lambda fields: _has_text(fields, options),
    )
    return Form(encoding, dialect)


def _has_text(fields: Sequence[str], options: ReadOptions) -> bool:
    """Tell whether a header has the text, by the names given, else by one that is usual.

    Without the delimiter a usual name is no evidence: `review,text` reads as `Review Text`.
    """
    header = name_columns(fields)
    if options.text_template:
        try:
            compile_template(options.text_template, "", header, {})
        except InputError:
            return False
        return True
    if text := options.columns.get("text"):
        names = [text] if isinstance(text, str) else text
        return all(find_column(header, name) is not None for name in names)
    return bool(options.delimiter) and find_text_column(header) is not None


def encoding_of(source: Input, options: ReadOptions) -> Encoding:
    """Decide the encoding alone; raises what `decide_form` does."""
    if options.encoding:
        return check_encoding(options.encoding)
    with open_bytes(source) as stream:
        sample = stream.read(SAMPLE_BYTES)
        complete = not stream.read(1)
    return decide_encoding(source.name, sample, complete=complete)


@contextmanager
def open_table(source: Input, form: Form) -> Iterator[Table]:
    """Open an input for one pass.

    Raises:
        UnreadableFile: It has no header, or its header cannot be read.
    """
    if source.about is not None:
        yield Table(source.name, SpoolReader(source), indexed=False)
        return
    with closing(_lines(source, form.encoding)) as lines:
        reader = RecordReader(lines, form.dialect)
        yield Table(source.name, reader, indexed=form.dialect.indexed)


def _lines(source: Input, encoding: Encoding) -> Generator[str]:
    lines = decoded_lines(open_bytes(source), encoding.name, source.name)
    # A codec such as utf-16-le leaves the mark, which would hide a quote behind it.
    yield from (line.removeprefix("\ufeff") for line in islice(lines, 1))
    yield from lines
