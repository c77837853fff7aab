"""Tables that programs call `.xls` and write as a page (HTML) or as XML of 2003, as records."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from xml.parsers.expat import ExpatError, ParserCreate

from reviewlens.errors import UnreadableFile
from reviewlens.reading.children import Conversion
from reviewlens.reading.files import open_bytes

_PROLOGUE = r"\s*(?:<\?xml[^>]*>\s*)?(?:<\?mso-application[^>]*>\s*)?(?:<!--.*?-->\s*)?"
_PAGE = re.compile(_PROLOGUE + "<(?:!doctype html|html|table)", re.IGNORECASE | re.DOTALL)
_WORKBOOK = re.compile(_PROLOGUE + r"<(?:\w+:)?Workbook\b", re.IGNORECASE | re.DOTALL)
_MOST_ACROSS = 16_384
_NONE_OF_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBERED = re.compile(r"&#(?:(\d{1,9})|x([0-9A-Fa-f]{1,8}));")


def looks_like_page(start: str) -> bool:
    """Tell whether a text begins as a page with a table, or as a workbook in XML."""
    start = start.removeprefix("\ufeff")
    if _WORKBOOK.match(start):
        return True
    return bool(_PAGE.match(start)) and "<table" in start.lower()


def page_records(
    conversion: Conversion, on_progress: Callable[[int, int], None], notes: list[str]
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows of the largest table of a page, or of the first sheet with rows.

    Args:
        conversion: The page.
        on_progress: Told how far it is, in rows.
        notes: Added to: what the user should know.

    Raises:
        UnreadableFile: It has no table with rows.
    """
    with open_bytes(conversion.source) as stream:
        data = stream.read()
    text = data.decode(conversion.encoding, errors="replace").removeprefix("\ufeff")
    if _WORKBOOK.match(text):
        tables = _sheets(conversion.name, text)
    else:
        parser = _Tables()
        parser.feed(text)
        parser.close()
        tables = parser.tables
    rows = max(tables, key=lambda table: sum(map(len, table)), default=[])
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(row)]
    width = max((_width(row) for _, row in filled), default=0)
    if not filled:
        raise UnreadableFile(f"{conversion.name} holds no table with rows; save it as CSV.")
    if (others := sum(any(map(any, table)) for table in tables) - 1) > 0:
        notes.append(
            f"{conversion.name}: the largest of its {others + 1} tables is read, of "
            f"{len(filled):,} rows."
        )
    for number, row in filled:
        on_progress(number, len(rows))
        yield number, [*row[:width], *[""] * (width - len(row))]


def _width(row: Sequence[str]) -> int:
    """Return how many cells a row has up to the last that is filled."""
    return next((place for place in range(len(row), 0, -1) if row[place - 1]), 0)


def _count(attributes: Mapping[str, str | None], name: str, least: int) -> int:
    """Return how many rows or columns an attribute says, or which."""
    written = (attributes.get(name) or "").strip()
    counts = written.isascii() and written.isdecimal() and len(written) < 9
    return max(least, min(int(written), _MOST_ACROSS)) if counts else least


class _Tables(HTMLParser):
    """The rows of every table of a page; one inside another is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[_Table] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open.append(_Table())
            self.tables.append(self._open[-1].rows)
        elif tag in ("script", "style"):
            self._silent += 1
        elif self._open and tag == "tr":
            self._open[-1].begin_row()
        elif self._open and tag in ("td", "th"):
            spans = dict(attributes)
            self._open[-1].begin_cell(_count(spans, "colspan", 1), _count(spans, "rowspan", 1))
        elif tag in ("br", "p", "div"):
            self._say("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = max(0, self._silent - 1)
        elif self._open and tag == "tr":
            self._open[-1].end_row()
        elif self._open and tag in ("td", "th", "table"):
            self._open[-1].end_cell()
            if tag == "table":
                self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._say(data)

    def _say(self, data: str) -> None:
        if self._open and self._open[-1].cell is not None:
            self._open[-1].cell.append(data)


class _Table:
    """A table that is being heard.

    Attributes:
        rows: Its rows so far; a cell over several rows stands in each of them.
        cell: What was said of the cell that is open; None between cells.
    """

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.cell: list[str] | None = None
        self._across = self._down = 1
        self._spans: dict[int, tuple[int, str]] = {}

    def begin_row(self) -> None:
        self.end_row()
        self.rows.append([])

    def begin_cell(self, across: int, down: int) -> None:
        self.end_cell()
        if not self.rows:
            self.rows.append([])
        self.cell = []
        self._across, self._down = across, down

    def skip_to(self, place: int) -> None:
        """Leave cells empty up to a place, from 1, but for those that reach down from above."""
        self.end_row()
        while self.rows and len(self.rows[-1]) < place - 1:
            self.rows[-1].append("")
            self._fill()

    def end_cell(self) -> None:
        if self.cell is not None:
            self._fill()
            row = self.rows[-1]
            text = "".join(self.cell).strip()
            for place, said in enumerate([text, *[""] * (self._across - 1)], start=len(row)):
                if self._down > 1:
                    self._spans[place] = self._down - 1, said
                row.append(said)
        self.cell = None

    def end_row(self) -> None:
        self.end_cell()
        if self.rows:
            self._fill()

    def _fill(self) -> None:
        """Put in the cells that reach down from above at the place where the row is."""
        row = self.rows[-1]
        while (place := len(row)) in self._spans:
            left, text = self._spans.pop(place)
            if left > 1:
                self._spans[place] = left - 1, text
            row.append(text)


def _sheets(name: str, text: str) -> list[list[list[str]]]:
    """Return the rows of each sheet of a workbook in the XML of Excel 2002 and 2003."""
    read = _Workbook()
    parser = ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = read.start, read.end
    parser.CharacterDataHandler = read.characters
    parser.EntityDeclHandler = _no_entities
    try:
        parser.Parse(_allowed(re.sub(r"^\s*<\?xml[^>]*>", "", text)), True)
    except (ExpatError, ValueError) as error:
        raise UnreadableFile(
            f"{name} cannot be read as a workbook in XML ({error}); save it as CSV."
        ) from error
    return read.sheets


class _Workbook:
    """What is heard of a workbook in XML: the rows of each of its sheets."""

    def __init__(self) -> None:
        self.sheets: list[list[list[str]]] = []
        self._table = _Table()
        self._heard = self._in_comment = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "Worksheet":
                self._table = _Table()
                self.sheets.append(self._table.rows)
            case "Row":
                self._table.begin_row()
            case "Cell":
                said = {_local(name): value for name, value in attributes.items()}
                self._table.skip_to(_count(said, "Index", 0))
                self._table.begin_cell(
                    _count(said, "MergeAcross", 0) + 1, _count(said, "MergeDown", 0) + 1
                )
            case "Comment":
                self._in_comment = True
            case "Data":
                self._heard = not self._in_comment

    def end(self, tag: str) -> None:
        match _local(tag):
            case "Row":
                self._table.end_row()
            case "Comment":
                self._in_comment = False
            case "Data":
                self._heard = False

    def characters(self, data: str) -> None:
        if self._heard and self._table.cell is not None:
            self._table.cell.append(data)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _allowed(text: str) -> str:
    """Return XML with U+FFFD for characters that none may hold, written out or by their number."""

    def numbered(match: re.Match[str]) -> str:
        number = int(match[1], 10) if match[1] else int(match[2], 16)
        is_none = number > sys.maxunicode or _NONE_OF_XML.fullmatch(chr(number))
        return "\ufffd" if is_none else match[0]

    return _NUMBERED.sub(numbered, _NONE_OF_XML.sub("\ufffd", text))


def _no_entities(*declared: object) -> None:
    raise ValueError("it declares entities, which a workbook has no use for")
