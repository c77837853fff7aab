"""The spooled sections of a document as records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from reviewlens.reviews.files import Input, open_bytes
from reviewlens.reviews.records import Record

HEADER = ("id", "title", "text", "document", "page")


class DocumentReader:
    """Reads what `conversion.spooled` has written: the header, then a record a part."""

    def __init__(self, source: Input) -> None:
        self._records = _records(source)

    def expect(self, header: Sequence[str]) -> None:
        """Do nothing: all records have the columns of `HEADER`."""

    def read(self, count: int) -> list[Record]:
        """Read up to `count` records; none at the end."""
        return list(islice(self._records, count))


def write_records(
    file: TextIO, about: dict[str, Any], records: Sequence[tuple[int, Sequence[str]]]
) -> None:
    """Write what is known of a document, and its records: line and fields."""
    file.write(json.dumps(about) + "\n")
    for line, fields in records:
        file.write(json.dumps([line, list(fields)]) + "\n")


def about_document(path: Path) -> dict[str, Any]:
    """Return what is known of a spooled document."""
    with path.open(encoding="ascii") as file:
        found: dict[str, Any] = json.loads(file.readline())
    return found


def _records(source: Input) -> Iterator[Record]:
    yield Record(1, list(HEADER), ",".join(HEADER))
    with open_bytes(source) as stream:
        stream.readline()
        for written in stream:
            line, fields = json.loads(written)
            yield Record(line, fields, fields[HEADER.index("text")])
