"""A first look at a file: its columns, what stands in them, and what each would be taken for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewlens.reading.columns import choose_columns
from reviewlens.reading.documents.conversion import spooled
from reviewlens.reading.files import NamedFile, find_input
from reviewlens.reading.names import Role
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.tables import decide_form, open_table

LOOKED_AT = 200
"""Records whose values are looked at; where the ingest looks at more it may decide otherwise."""


@dataclass(frozen=True, slots=True)
class Look:
    """A file's first records.

    Attributes:
        encoding: Its name (`xlsx` for a workbook); `encoding_decided` tells by what.
        delimiter: Empty for a workbook, a document, and a file of one column.
        columns: Role to header, as their names and values tell.
        texts: The columns of a text that is in several; else empty.
        preset: The name of the export that it was recognised as; empty for none.
        values: Header to the values of the first records that can be taken.
    """

    file: str
    encoding: str
    encoding_decided: str
    delimiter: str
    columns: Mapping[Role, str]
    texts: tuple[str, ...]
    preset: str
    values: Mapping[str, Sequence[str]]


def look_at(path: str | Path | NamedFile, options: ReadOptions) -> Look:
    """Read the first records of a file and guess its columns, with or without one for the text.

    Args:
        path: A file as for `survey_reviews`.
        options: Encoding and delimiter, where they are known.

    Raises:
        UnreadableFile: It is missing, a directory, binary, damaged, a bomb or empty.
        InputError: The encoding or the delimiter cannot be one.
    """
    found = find_input(path)
    source = found
    try:
        seconds = options.conversion_limits.preview_seconds
        source = spooled(found, options, most=LOOKED_AT, seconds=seconds)
        form = decide_form(source, options)
        with open_table(source, form) as table:
            table.refuse_too_wide()
            header = tuple(table.header)
            rows = [record.fields for record in table.read(LOOKED_AT) if not record.reason]
        choice = choose_columns(source.name, header, rows, {}, text_needed=False)
    finally:
        for one in (found, source):
            one.close()
    return Look(
        file=source.name,
        encoding=form.encoding.name,
        encoding_decided=form.encoding.decided,
        delimiter=form.dialect.inner or form.dialect.delimiter,
        columns=choice.columns,
        texts=tuple(part.header for part in choice.texts),
        preset=choice.preset.name if choice.preset else "",
        values={name: [row[place] for row in rows] for place, name in enumerate(header)},
    )
