"""How far a workbook's sheets reach, found before any of them is read.

A reader of workbooks lays a sheet out as a rectangle from its first cell that holds something to
its last: one stray cell in the last row and column of a sheet makes 17 thousand million. The XML is
therefore looked through once, piece by piece, keeping nothing but figures.
"""

from __future__ import annotations

import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers.expat import ExpatError, ParserCreate

# Bytes that the reader takes, by its source (calamine 0.32): a cell of the list that it reads, a
# cell of the rectangle, which it makes twice, and a text beside its characters.
_CELL_BYTES = 40
_PLACE_BYTES = 2 * 32
_TEXT_BYTES = 40
_PIECE = 1 << 18
# Only elements and their attributes are looked at. Entities are left alone as text, so that none
# grows, and so is what is no ASCII, so that none is malformed.
_PLAIN = bytes(
    byte if (0x20 <= byte < 0x7F and byte not in b"&%") or byte in b"\t\n\r" else 0x5F
    for byte in range(256)
)
_Start = Callable[[str, dict[str, str]], object]


class DamagedWorkbook(Exception):
    """The parts of a workbook cannot be found, or are no XML."""


@dataclass(slots=True)
class Extent:
    """What a sheet holds.

    Attributes:
        top: First row with a cell that holds something, from 1; so `left` for columns.
        bottom: Last such row; so `right` for columns. Below `top` where there is none.
        cells: Such cells.
        texts: Characters in them, those of shared texts once for each cell.
        whole: Whether all of the sheet was looked through.
    """

    top: int = 1 << 40
    left: int = 1 << 40
    bottom: int = 0
    right: int = 0
    cells: int = 0
    texts: int = 0
    whole: bool = False

    @property
    def places(self) -> int:
        """Cells of the rectangle that holds all."""
        return max(0, self.bottom - self.top + 1) * max(0, self.right - self.left + 1)

    @property
    def memory(self) -> int:
        """Bytes that reading it takes, roughly."""
        return (
            self.cells * (_CELL_BYTES + _TEXT_BYTES) + self.places * _PLACE_BYTES + 2 * self.texts
        )

    def __str__(self) -> str:
        first = f"{_letters(self.left)}{self.top}"
        last = f"{_letters(self.right)}{self.bottom}"
        return (
            f"reaches from {first} to {last}{'' if self.whole else ' and further'}, "
            f"{self.places:,} cells, of which {self.cells:,} hold something, "
            f"{self.texts:,} characters together"
        )


class Workbook:
    """The parts of a workbook; a context manager that closes its file.

    Attributes:
        shared: Characters of each shared text.
        characters: Those of all shared texts.
        declared: Shared texts that the file says it has.

    Raises:
        DamagedWorkbook: A part is missing or cannot be read.
    """

    def __init__(self, path: Path, on_progress: Callable[[int, int], None], most: int) -> None:
        self._archive = zipfile.ZipFile(path)
        self._on_progress = on_progress
        self._most = most
        self._members: dict[str, list[zipfile.ZipInfo]] = {}
        for member in self._archive.infolist():
            name = member.filename.replace("\\", "/").lower()
            self._members.setdefault(name, []).append(member)
        self.shared = array("I")
        self.characters = self.declared = 0
        self._folder = self._main_folder()
        self._read_shared()

    def close(self) -> None:
        """Close the file."""
        self._archive.close()

    @property
    def shared_memory(self) -> int:
        """Bytes that the shared texts take, roughly."""
        return self.characters + _TEXT_BYTES * max(len(self.shared), self.declared)

    def sheets(self) -> list[str]:
        """Return the part of each sheet, in the workbook's order."""
        targets: dict[str, str] = {}

        def relationship(name: str, attributes: dict[str, str]) -> None:
            if _local(name) == "Relationship":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

        wanted: list[str] = []

        def sheet(name: str, attributes: dict[str, str]) -> None:
            if _local(name) == "sheet":
                wanted.extend(v for key, v in attributes.items() if _local(key) == "id")

        self._scan(f"{self._folder}_rels/workbook.xml.rels", relationship)
        self._scan(f"{self._folder}workbook.xml", sheet)
        parts = [targets.get(one, "") for one in wanted]
        return [part[1:] if part.startswith("/") else f"{self._folder}{part}" for part in parts]

    def extent(self, part: str) -> Extent:
        """Look through a sheet; stop as soon as it would take more memory than there is for it."""
        reader = _Cells(self.shared)
        for last in self._pieces(part, reader.start, reader.text):
            reader.extent.whole = last
            if self.shared_memory + reader.extent.memory > self._most:
                break
        return reader.extent

    def is_filled(self, part: str) -> bool:
        """Tell whether a sheet has a cell that holds something."""
        reader = _Cells(self.shared)
        return any(reader.extent.cells for _ in self._pieces(part, reader.start, None))

    def _main_folder(self) -> str:
        """Return the folder of the main part, with a slash at its end: nearly always `xl/`."""
        targets = ["xl/workbook.xml"]

        def relationship(name: str, attributes: dict[str, str]) -> None:
            if attributes.get("Type", "").endswith("/officeDocument"):
                targets.append(attributes.get("Target", ""))

        self._scan("_rels/.rels", relationship)
        folder, _, _ = targets[-1].removeprefix("/").rpartition("/")
        return f"{folder}/"

    def _read_shared(self) -> None:
        shared = self.shared
        part = f"{self._folder}sharedStrings.xml"
        if part.lower() not in self._members:
            return

        def start(name: str, attributes: dict[str, str]) -> None:
            match _local(name):
                case "si":
                    shared.append(0)
                case "sst":
                    said = attributes.get("uniqueCount", "")
                    self.declared = int(said) if said.isdigit() and len(said) < 19 else 0

        def text(characters: str) -> None:
            if shared:
                shared[-1] += len(characters)
                self.characters += len(characters)

        for _ in self._pieces(part, start, text):
            if self.shared_memory > self._most:
                return

    def _scan(self, part: str, start: _Start) -> None:
        for _ in self._pieces(part, start, None):
            pass

    def _pieces(
        self, part: str, start: _Start, text: Callable[[str], object] | None
    ) -> Iterator[bool]:
        """Feed a part to a parser; stop after each piece, and tell whether it was the last."""
        members = self._members.get(part.lower(), [])
        if len(members) != 1:  # of two the reader might take the other
            what = "stands in it twice" if members else "is missing"
            raise DamagedWorkbook(f"its part {part!r} {what}")
        member = members[0]
        parser = ParserCreate("iso-8859-1")
        parser.buffer_text = True
        parser.StartElementHandler = start
        if text is not None:
            parser.CharacterDataHandler = text
        try:
            with self._archive.open(member) as stream:
                piece = stream.read(_PIECE).removeprefix(b"\xef\xbb\xbf")
                while piece:
                    parser.Parse(piece.translate(_PLAIN), False)
                    self._on_progress(stream.tell(), member.file_size)
                    yield stream.tell() >= member.file_size
                    piece = stream.read(_PIECE)
                parser.Parse(b"", True)
        except ExpatError as error:
            raise DamagedWorkbook(f"its part {part!r} is no XML: {error}") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as e:
            raise DamagedWorkbook(f"its part {part!r} cannot be unpacked: {e}") from e


class _Cells:
    """Measures the cells of a sheet as its elements come."""

    def __init__(self, shared: array[int]) -> None:
        self._shared = shared
        self._row = self._row_of_cell = self._column = 0
        self._type = ""
        self._in_value = False
        self.extent = Extent()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        match _local(name):
            case "c":
                self._in_value = False
                self._type = attributes.get("t", "")
                self._place(attributes.get("r"))
            case "v" | "is":
                self._in_value = True
                extent, row, column = self.extent, self._row_of_cell, self._column
                extent.cells += 1
                extent.top, extent.bottom = min(extent.top, row), max(extent.bottom, row)
                extent.left, extent.right = min(extent.left, column), max(extent.right, column)
            case "row":
                self._in_value = False
                said = attributes.get("r", "")
                self._row = int(said) if said.isdigit() and len(said) < 12 else self._row + 1
                self._column = 0

    def text(self, characters: str) -> None:
        """Take what stands in an element."""
        if not self._in_value:
            return
        if self._type != "s":
            self.extent.texts += len(characters)
        elif characters.isdigit() and len(characters) < 12 and int(characters) < len(self._shared):
            self.extent.texts += self._shared[int(characters)]

    def _place(self, reference: str | None) -> None:
        """Take where a cell says that it stands; else it stands beside the one before."""
        self._row_of_cell = self._row
        if reference is None:
            self._column += 1
            return
        letters = reference.rstrip("0123456789")
        row = reference[len(letters) :]
        if letters.isalpha() and len(letters) < 8:
            column = 0
            for letter in letters.upper():
                column = 26 * column + ord(letter) - 64
            self._column = column
        if row and len(row) < 12:
            self._row_of_cell = int(row)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, last = divmod(column - 1, 26)
        letters = chr(65 + last) + letters
    return letters
