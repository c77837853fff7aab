"""Records that were spooled to disk: what a workbook or a document was converted to."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from reviewlens.errors import UnreadableFile
from reviewlens.reading.children import Conversion
from reviewlens.reading.files import Input, open_bytes, refuse_bomb
from reviewlens.reading.limits import TABLE, TableLimits
from reviewlens.reading.records import Record

DOCUMENT_HEADER = ("id", "title", "text", "document", "page")
EMPTY_CELL_BYTES = 4
"""What a cell without a value takes in a spool."""
_DETAILS = {
    "bad_json": "It is no JSON object.",
    "ragged_row": "It has more values than the header has names.",
    "undecodable": "It holds bytes or half characters that are no text.",
    "nul_byte": "It holds NUL bytes, which no text does.",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be taken.

    Attributes:
        reason: The word for it, as `Record` has them.
        raw: The row as it stands, or as JSON.
    """

    reason: str
    raw: str


class SpoolReader:
    """Reads what `write_records` has written: the header, then the records below it."""

    def __init__(self, source: Input, limits: TableLimits = TABLE) -> None:
        self._records = _records(source)
        self._limits = limits

    def expect(self, header: Sequence[str]) -> None:
        """Do nothing: all records are equally wide."""

    def read(self, count: int) -> list[Record]:
        """Read up to `count` records, fewer when they are large; none at the end."""
        records: list[Record] = []
        size = 0
        for record in islice(self._records, count):
            records.append(record)
            size += len(record.raw)
            if size >= self._limits.batch_characters:
                break
        return records


def write_records(
    conversion: Conversion,
    records: Iterable[tuple[int, Sequence[str]] | tuple[int, Sequence[str], str]],
) -> None:
    """Write records to a conversion's target: line and fields, the header first.

    One that cannot be taken has the reason behind them.

    Raises:
        UnreadableFile: They are more than a file of this size holds, or the disk is full.
    """
    packed = Path(conversion.path).stat().st_size
    written = 0
    watched = conversion.kind != "json" or conversion.form != "plain"  # nothing was packed
    try:
        with Path(conversion.target).open("w", encoding="ascii") as file:
            for record in islice(records, None if conversion.most is None else conversion.most + 1):
                written += file.write(json.dumps(record) + "\n")
                if watched:
                    refuse_bomb(conversion.name, packed, written)
    except OSError as error:
        raise UnreadableFile(
            f"{conversion.name} cannot be converted to a copy where temporary files are: "
            f"{error.strerror or error}; make room there, or name another folder in TMPDIR."
        ) from error


def _records(source: Input) -> Iterator[Record]:
    text = DOCUMENT_HEADER.index("text")
    with open_bytes(source) as stream:
        for written in stream:
            line, fields, *reasons = json.loads(written)
            raw = fields[text] if source.form == "document" else _raw(fields)
            if reasons:
                raw = fields[0]
                yield Record(line, fields, raw, reasons[0], _DETAILS[reasons[0]])
            else:
                yield Record(line, fields, raw)


def _raw(fields: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(fields)
    return line.getvalue()
