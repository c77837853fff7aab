"""A document's sections as records, each cut into parts that can be searched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from reviewlens.errors import UnreadableFile
from reviewlens.reading.children import Conversion
from reviewlens.reading.documents.sections import (
    Section,
    markdown_sections,
    pdf_sections,
    text_sections,
)
from reviewlens.reading.files import STDIN
from reviewlens.reading.spools import DOCUMENT_HEADER

PART_CHARACTERS = 4_000
_HEADING_CHARACTERS = 80


def document_records(
    conversion: Conversion, on_progress: Callable[[int, int], None], notes: list[str]
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the header, then a record for each part of what a document says.

    Args:
        conversion: The document.
        on_progress: Told how far it is: pages of a PDF, else characters.
        notes: Added to: what the user should know.

    Raises:
        UnreadableFile: It cannot be read, holds no text, or is beyond a limit.
    """
    from semantic_text_splitter import TextSplitter

    name = conversion.name
    document = "stdin" if name == STDIN else Path(name).name
    splitter = TextSplitter(PART_CHARACTERS)
    taken: dict[str, int] = {}
    sections = said = 0
    paged = False
    yield 1, DOCUMENT_HEADER
    for section, done, total in _sections(conversion):
        on_progress(done, total)
        sections += 1
        paged = paged or section.page is not None
        if not section.text.strip():
            continue
        said += 1
        place = f"{document}{_place(section)}"
        taken[place] = times = taken.get(place, 0) + 1
        if times > 1:
            place = f"{place} ({times})"
        for part, text in enumerate(splitter.chunks(section.text), start=1):
            # The first part keeps the id that the section has while it is short.
            review_id = place if part == 1 else f"{place}, part {part}"
            page = "" if section.page is None else str(section.page)
            yield section.line, (review_id, section.heading or document, text, document, page)
    if not said:
        what = (
            "its pages are pictures, such as scans: run text recognition (OCR) over it first"
            if conversion.kind == "pdf"
            else "give a file that holds some"
        )
        raise UnreadableFile(f"{name} holds no text; {what}.")
    what = ("page" if paged else "section") + ("" if said == 1 else "s")
    lines = " (--names text: a review on each line)" if conversion.kind == "text" else ""
    notes.append(f"{name} is read as a document: {said:,} {what} with text{lines}.")
    if conversion.kind == "pdf" and (empty := sections - said):
        notes.append(f"{name}: {empty:,} pages hold no text; they may be pictures.")


def _sections(conversion: Conversion) -> Iterator[tuple[Section, int, int]]:
    """Yield each section with how far the document is read, and how long it is."""
    name, limits = conversion.name, conversion.limits
    if conversion.kind == "pdf":
        for section, pages in pdf_sections(Path(conversion.path), name, limits):
            yield section, section.line, pages
        return
    text = _text(conversion)
    read = markdown_sections if conversion.kind == "markdown" else text_sections
    done = 0
    for section in read(text, name, limits):
        done += len(section.text)
        yield section, done, len(text)


def _text(conversion: Conversion) -> str:
    try:
        text = Path(conversion.path).read_bytes().decode(conversion.encoding, errors="replace")
    except OSError as error:
        raise UnreadableFile(
            f"{conversion.name} cannot be read: {error.strerror or error}."
        ) from error
    if "\0" in text:
        raise UnreadableFile(f"{conversion.name} holds NUL bytes, which no text does.")
    return text


def _place(section: Section) -> str:
    if section.page is not None:
        return f" p. {section.page}"
    heading = section.heading[:_HEADING_CHARACTERS].strip()
    return f" § {heading}" if heading else ""
