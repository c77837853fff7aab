"""An input as a table: a header, and records as wide as the header."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from reviewlens.errors import UnreadableFile
from reviewlens.reviews.columns import name_columns
from reviewlens.reviews.dialects import sniff_dialect
from reviewlens.reviews.documents.reader import DocumentReader, about_document
from reviewlens.reviews.encoding import (
    SAMPLE_BYTES,
    Encoding,
    check_encoding,
    decide_encoding,
)
from reviewlens.reviews.files import Input, open_bytes
from reviewlens.reviews.options import ReadOptions
from reviewlens.reviews.records import Dialect, Record, RecordReader, decoded_lines
from reviewlens.reviews.sheets import SheetReader

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
        sheets: For a workbook the sheet that is read and those that are not.
    """

    def __init__(
        self, name: str, reader: RecordReader | SheetReader | DocumentReader, *, indexed: bool
    ) -> None:
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
        self.sheets = (reader.name, *reader.others) if isinstance(reader, SheetReader) else ()
        self._reader = reader
        reader.expect([field.strip() for field in fields])

    def read(self, count: int) -> list[Record]:
        """Read up to `count` records, fewer when they are large; none at the end."""
        return self._reader.read(count)


def decide_form(source: Input, options: ReadOptions) -> Form:
    """Decide encoding and delimiter on the first bytes of an input.

    Raises:
        UnreadableFile: It is no text.
        InputError: The encoding or the delimiter given cannot be one.
    """
    if source.form == "sheet":
        return Form(Encoding("xlsx", "workbook"), Dialect(""))
    if source.form == "document":
        about = about_document(source.path)
        return Form(Encoding(about["encoding"], about["decided"]), Dialect(""))
    with open_bytes(source) as stream:
        sample = stream.read(SAMPLE_BYTES)
        complete = not stream.read(1)
    if options.encoding:
        encoding = check_encoding(options.encoding)
    else:
        encoding = decide_encoding(source.name, sample, complete=complete)
    start: list[str] = []
    size = 0
    with closing(_lines(source, encoding)) as lines:
        for line in lines:
            start.append(line)
            size += len(line)
            if size > _SNIFF_CHARACTERS:
                break
    return Form(encoding, sniff_dialect(start, options.delimiter))


@contextmanager
def open_table(source: Input, form: Form) -> Iterator[Table]:
    """Open an input for one pass.

    Raises:
        UnreadableFile: It has no header, or its header cannot be read.
    """
    if source.form == "sheet":
        yield Table(source.name, SheetReader(source), indexed=False)
        return
    if source.form == "document":
        yield Table(source.name, DocumentReader(source), indexed=False)
        return
    with closing(_lines(source, form.encoding)) as lines:
        reader = RecordReader(lines, form.dialect)
        yield Table(source.name, reader, indexed=form.dialect.indexed)


def _lines(source: Input, encoding: Encoding) -> Generator[str]:
    yield from decoded_lines(open_bytes(source), encoding.name, source.name)
