"""Which inputs are documents, and their sections spooled to disk, read once for all passes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from reviewlens.errors import InputError, UnreadableFile
from reviewlens.reviews.columns import find_text_column
from reviewlens.reviews.documents.reader import write_records
from reviewlens.reviews.documents.sections import (
    MOST_BYTES,
    Section,
    markdown_sections,
    pdf_sections,
    text_sections,
)
from reviewlens.reviews.files import STDIN, Input, open_bytes
from reviewlens.reviews.options import ReadOptions
from reviewlens.reviews.tables import decide_form, open_table

PART_CHARACTERS = 4_000
_ENDINGS = {".md": "markdown", ".markdown": "markdown", ".txt": "text", ".pdf": "pdf"}
_HEADING_CHARACTERS = 80
_TABLE_ROWS = 0.9


def spooled(source: Input, options: ReadOptions) -> Input:
    """Return a document with its sections spooled to disk; any other input as it is.

    A PDF and Markdown are documents. So is a text file (.txt), unless it is a table: one whose
    first line names a column as the text of reviews is called.

    Raises:
        UnreadableFile: It cannot be read, holds no text, or is beyond the limits.
        MissingExtra: A PDF needs the package `pypdf`.
    """
    kind = _kind(source, options)
    if not kind:
        return source
    document = "stdin" if source.name == STDIN else Path(source.name).name
    encoding, decided = "pdf", "its first bytes"
    if kind == "pdf":
        sections = list(pdf_sections(source.path, source.name))
    else:
        form = decide_form(source, options)
        encoding, decided = form.encoding.name, form.encoding.decided
        text = _text(source, encoding)
        sections = list(markdown_sections(text) if kind == "markdown" else text_sections(text))
    said = [section for section in sections if section.text.strip()]
    if not said:
        what = (
            "its pages are pictures, such as scans: run text recognition (OCR) over it first"
            if kind == "pdf"
            else "give a file that holds some"
        )
        raise UnreadableFile(f"{source.name} holds no text; {what}.")
    handle, path = tempfile.mkstemp(prefix="reviewlens-", suffix=".spool")
    copy = Path(path)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            about = {
                "encoding": encoding,
                "decided": decided,
                "notes": _notes(source.name, kind, sections, said),
            }
            write_records(file, about, list(_records(document, said)))
        state = copy.stat()
    except BaseException:
        copy.unlink()
        raise
    if source.spooled:
        source.path.unlink()
    return replace(
        source,
        path=copy,
        form="document",
        state=(state.st_size, state.st_mtime_ns),
        spooled=True,
    )


def refuse_same_names(sources: Iterable[Input]) -> None:
    """Stop where two documents would be given the same ids.

    Raises:
        InputError: They are called the same.
    """
    seen: dict[str, str] = {}
    for source in sources:
        if source.form == "document":
            before = seen.setdefault(Path(source.name).name, source.name)
            if before != source.name:
                raise InputError(
                    f"{before} and {source.name} are documents of the same name, which is a part "
                    "of their ids; ingest each with a --source of its own."
                )


def _kind(source: Input, options: ReadOptions) -> str:
    if source.form == "pdf":
        return "pdf"
    kind = _ENDINGS.get(Path(source.name).suffix.lower(), "")
    if source.form != "plain" or kind == "pdf":
        return ""
    return "" if kind == "text" and _is_table(source, options) else kind


def _is_table(source: Input, options: ReadOptions) -> bool:
    if options.delimiter or options.columns.get("text"):
        return True
    form = decide_form(source, options)
    with open_table(source, form) as table:
        if find_text_column(table.header) is None:
            return False
        records = table.read(100)
        fitting = sum(not record.reason for record in records)
        if len(table.header) > 1:
            return fitting >= _TABLE_ROWS * len(records)
        # Below a heading such as `Comments` there mostly is an empty line.
        return not records or records[0].line == 2


def _text(source: Input, encoding: str) -> str:
    if source.path.stat().st_size > MOST_BYTES // 2:
        raise UnreadableFile(
            f"{source.name} is larger than {MOST_BYTES // 2_000_000} MB; split it."
        )
    with open_bytes(source) as stream:
        text = stream.read().decode(encoding, errors="replace")
    if "\0" in text:
        raise UnreadableFile(f"{source.name} holds NUL bytes, which no text does.")
    return text


def _records(document: str, sections: Sequence[Section]) -> Iterator[tuple[int, tuple[str, ...]]]:
    from semantic_text_splitter import TextSplitter

    splitter = TextSplitter(PART_CHARACTERS)
    taken: dict[str, int] = {}
    for section in sections:
        place = f"{document}{_place(section)}"
        taken[place] = times = taken.get(place, 0) + 1
        if times > 1:
            place = f"{place} ({times})"
        for part, text in enumerate(splitter.chunks(section.text), start=1):
            # The first part keeps the id that the section has while it is short.
            review_id = place if part == 1 else f"{place}, part {part}"
            page = "" if section.page is None else str(section.page)
            yield section.line, (review_id, section.heading or document, text, document, page)


def _place(section: Section) -> str:
    if section.page is not None:
        return f" p. {section.page}"
    heading = section.heading[:_HEADING_CHARACTERS].strip()
    return f" § {heading}" if heading else ""


def _notes(name: str, kind: str, sections: Sequence[Section], said: Sequence[Section]) -> list[str]:
    paged = any(section.page is not None for section in sections)
    what = "pages" if paged else "sections"
    notes = [f"{name} is read as a document: {len(said):,} {what} with text."]
    if kind == "pdf" and (empty := len(sections) - len(said)):
        notes.append(f"{name}: {empty:,} pages hold no text; they may be pictures.")
    return notes
