"""An input as a table: a header, and records as wide as the header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from reviewlens.errors import InputError, UnreadableFile
from reviewlens.reading.columns import find_column, find_text_column, name_columns, unnamed
from reviewlens.reading.dialects import (
    DELIMITERS,
    first_rows,
    names_delimiter,
    sniff_dialect,
)
from reviewlens.reading.encoding import (
    SAMPLE_BYTES,
    Encoding,
    check_encoding,
    decide_encoding,
)
from reviewlens.reading.files import Input, open_bytes
from reviewlens.reading.headers import (
    HEADER_AGAIN,
    LABEL_ROW,
    LOOKED_AT,
    NO_REVIEWS,
    label_rows,
    rows_above,
)
from reviewlens.reading.limits import MOST_COLUMNS, TABLE, TableLimits
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
    """How the bytes of an input become records, decided once for both passes.

    Attributes:
        encoding: Of its text.
        dialect: How its fields are told apart.
        above: Rows above the header, of a spooled table; those of a text are the dialect's.
        above_told: The first of them, for the user.
        names: Of the columns, where there is no header; none of them: by their places.
        limits: What its records may cost.
    """

    encoding: Encoding
    dialect: Dialect
    above: int = 0
    above_told: str = ""
    names: tuple[str, ...] | None = None
    limits: TableLimits = TABLE


class Table:
    """A header and the records below it.

    Rows that say what the columns are, and the header where it comes once more, have a reason (see
    `headers`).

    Attributes:
        header: The columns' names, each of its own.
        line: The first line, or row, as it stands.
    """

    def __init__(self, name: str, reader: RecordReader | SpoolReader, form: Form) -> None:
        reader.read(form.above)
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
        fields = ["", *first[0].fields] if form.dialect.indexed else first[0].fields
        if form.names is not None:
            fields = _named(name, form.names, len(fields))
        self.header = name_columns(fields)
        self.line = _stripped(fields)
        self._name = name
        self._reader = reader
        self._most = max(1, form.limits.batch_cells // len(self.header))
        reader.expect(self.line)
        self._ahead = first if form.names is not None else self._labelled()

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
        if self._ahead:
            records, self._ahead = self._ahead[:count], self._ahead[count:]
            return records
        return self._read(count)

    def _labelled(self) -> list[Record]:
        """Read the first records, and give those that are labels the reason."""
        records = self._read(LOOKED_AT)
        if len(self.line) > 1:
            fit = [record.fields for record in records if not record.reason]
            labels = label_rows(fit) if len(fit) == len(records) else 0
            for record in records[:labels]:
                _give_reason(record, LABEL_ROW)
        return records

    def _read(self, count: int) -> list[Record]:
        try:
            records = self._reader.read(min(count, self._most))
        except UnclosedQuotes as error:
            raise UnreadableFile(
                f"{self._name} has too many quotes that are opened and not closed, so that what is "
                "one record cannot be told: quote a cell that holds a quote, and write that one "
                'twice, as in "5"" screen"; or give --delimiter if it is another.',
                field="delimiter",
            ) from error
        first = self.line[0]
        for record in records if len(self.line) > 1 else ():
            if record.fields[0].strip() == first and _stripped(record.fields) == self.line:
                _give_reason(record, HEADER_AGAIN)
        return records


def _stripped(fields: Sequence[str]) -> list[str]:
    return [field.strip() for field in fields]


def _give_reason(record: Record, reason: str) -> None:
    record.reason, record.detail = reason, NO_REVIEWS[reason]


def _named(file: str, names: Sequence[str], width: int) -> list[str]:
    """Return the names of columns that have no header.

    Raises:
        InputError: They are more or fewer than there are columns.
    """
    if names and len(names) != width:
        raise InputError(
            f"{file} has {width} columns, and {len(names)} names were given: {', '.join(names)}; "
            "give one for each.",
            field="names",
        )
    return list(names) or unnamed(width)


def decide_form(source: Input, options: ReadOptions) -> Form:
    """Decide encoding and delimiter on the first bytes of an input.

    Raises:
        UnreadableFile: It is no text.
        InputError: The encoding or the delimiter given cannot be one.
    """
    names = None if options.names is None else tuple(options.names)
    if source.about is not None:
        about = source.about
        encoding = Encoding(about.encoding, about.decided, about.guessed)
        above, told = (0, "") if source.form == "document" else _above_rows(source, options)
        return Form(encoding, Dialect(""), above, told, names, options.table_limits)
    encoding = encoding_of(source, options)
    start: list[str] = []
    size = 0
    with closing(_lines(source, encoding, options.table_limits)) as lines:
        for line in lines:
            start.append(line)
            size += len(line)
            if size > _SNIFF_CHARACTERS:
                break
    named = bool(start) and names_delimiter(start[0])
    above = _above_lines(start[named:], options)
    dialect = sniff_dialect(
        start[:named] + start[named + above :],
        options.delimiter,
        quote=options.quote,
        escape=options.escape,
        quoted_rows=options.quoted_rows,
        has_text=lambda fields: _has_text(fields, options),
    )
    if names is not None and len(names) == 1 and not options.delimiter:
        dialect = replace(dialect, delimiter="", inner="", indexed=False)
    told = next((line.strip() for line in start[named : named + above] if line.strip()), "")
    dialect = replace(dialect, above=above)
    return Form(encoding, dialect, 0, told, names, options.table_limits)


def _above_lines(lines: Sequence[str], options: ReadOptions) -> int:
    """Return how many lines stand above the header, by the delimiter that most rows agree on."""
    if options.skip_rows is not None or options.names is not None:
        return options.skip_rows or 0
    best, above = (0.0, 0), 0
    for delimiter in [options.delimiter] if options.delimiter else DELIMITERS:
        rows, starts = first_rows(lines, delimiter)
        widths = Counter(map(len, rows))
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if width > 1 and (count / len(rows), width) > best:
            best = count / len(rows), width
            above = starts[
                rows_above(rows, partial(_is_header, options), named=_names_text(options))
            ]
    return above


def _above_rows(source: Input, options: ReadOptions) -> tuple[int, str]:
    """Return how many rows of a sheet stand above the header, and what the first says."""
    if options.names is not None and options.skip_rows is None:
        return 0, ""
    rows = [record.fields for record in SpoolReader(source).read(LOOKED_AT)]
    above = options.skip_rows
    if above is None:
        above = rows_above(rows, partial(_is_header, options), named=_names_text(options))
    return above, next((cell for row in rows[:above] for cell in row if cell.strip()), "")


def _names_text(options: ReadOptions) -> bool:
    return bool(options.columns.get("text") or options.text_template)


def _is_header(options: ReadOptions, row: Sequence[str]) -> bool:
    """Tell whether a row has the text: the column that is named, else one by a usual name."""
    if _names_text(options):
        return _has_text(row, options)
    return len(row) > 1 and find_text_column(name_columns(row)) is not None


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
        yield Table(source.name, SpoolReader(source, form.limits), form)
        return
    with closing(_lines(source, form.encoding, form.limits)) as lines:
        reader = RecordReader(lines, form.dialect, form.limits)
        yield Table(source.name, reader, form)


def _lines(source: Input, encoding: Encoding, limits: TableLimits) -> Generator[str]:
    lines = decoded_lines(open_bytes(source), encoding.name, source.name, limits)
    # A codec such as utf-16-le leaves the mark, which would hide a quote behind it.
    yield from (line.removeprefix("\ufeff") for line in islice(lines, 1))
    yield from lines
