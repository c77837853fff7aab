"""How much of one file is read: what bounds the memory and the time that it can cost.

What a file takes on disk tells little: a workbook of 2 KB can ask for 500 GB. Each limit is checked
before what it bounds is paid for, and its error says the limit, what was found, and the cure.
"""

from __future__ import annotations

from dataclasses import dataclass

BOMB_BYTES = 100_000_000
BOMB_RATIO = 200
"""What is packed may unpack to the first, or to so many times its size."""
MOST_DIRECTORY_BYTES = 10_000_000
"""The list of an archive's members, which is read before one can be told from the other."""
TEMPLATE_CHARACTERS = 10_000
TEMPLATE_TIMES = 10
"""The longest text template, and how often it may name one column: each row pays for it."""
MOST_COLUMNS = 16_384
"""Of a table: as many as a spreadsheet has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLimits:
    """What a table may cost.

    Attributes:
        line_characters: The longest line; a value that can be stored has 65,535 bytes.
        record_characters: The longest record.
        lines_again: Lines read once more behind quotes that are not closed: so many,
        lines_again_ratio: and so many for each line.
        batch_characters: What the records read at once may have together.
        batch_cells: The same in cells: each costs memory, an empty one too.
    """

    line_characters: int = 32_000_000
    record_characters: int = 32_000_000
    lines_again: int = 10_000_000
    lines_again_ratio: int = 16
    batch_characters: int = 16_000_000
    batch_cells: int = 250_000


TABLE = TableLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionLimits:
    """What a workbook or a document may cost, which a process of its own converts to records.

    Attributes:
        pdf_bytes: Size of a PDF.
        text_bytes: Size of Markdown or plain text.
        pages: Of a PDF.
        pieces: Sections of Markdown, or pages of a plain text.
        part_characters: Markdown that is parsed at once: a heading of two characters takes some
            hundred bytes.
        characters: Text of a PDF.
        page_bytes: Unpacked drawing commands of a page; a page of a book has some thousand.
        least_memory: Bytes that a file may take in memory however small it is.
        memory_a_byte: What each byte on disk adds to that, for a workbook or a PDF, which are
            packed.
        memory_a_text_byte: The same for a text.
        most_memory: Bytes that no file may take more of.
        preview_seconds: How long a first look may take.
    """

    pdf_bytes: int = 200_000_000
    text_bytes: int = 100_000_000
    pages: int = 10_000
    pieces: int = 20_000
    part_characters: int = 50_000
    characters: int = 50_000_000
    page_bytes: int = 10_000_000
    least_memory: int = 256 * 1024**2
    memory_a_byte: int = 100
    memory_a_text_byte: int = 8
    most_memory: int = 2 * 1024**3
    preview_seconds: float = 60.0

    def memory(self, size: int, *, packed: bool) -> int:
        """Return the bytes that a file of a size may take in memory."""
        a_byte = self.memory_a_byte if packed else self.memory_a_text_byte
        return min(self.most_memory, self.least_memory + a_byte * size)


CONVERSION = ConversionLimits()
