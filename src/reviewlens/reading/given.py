"""What can be given to an ingest: files, folders, patterns, data frames, rows."""

from __future__ import annotations

import glob
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, is_dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewlens.errors import InputError, UnreadableFile
from reviewlens.files.temporary import TemporaryFile
from reviewlens.reading.cells import are_bytes, checked, flat, left_out
from reviewlens.reading.columns import name_columns
from reviewlens.reading.files import STDIN, About, Input, NamedFile, find_input, state_of
from reviewlens.reading.spools import Refused

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = (
    ".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".xls", ".xlsb",
    ".xlsm", ".ods", ".pdf", ".md", ".markdown", ".gz", ".zip",
)  # fmt: skip
"""Of the files that are taken of a folder."""
_TEXTS = (".txt", ".md", ".markdown")
_ABOUT = ("readme", "license", "licence")
_PATTERN = "*?["


class Rows:
    """A data frame, or objects by name, in place of a file.

    Attributes:
        name: As reports and errors call them.
    """

    def __init__(self, rows: pd.DataFrame | Iterable[Any]) -> None:
        self.name = "DataFrame" if _is_frame(rows) else "rows"
        self._rows = rows

    def __str__(self) -> str:
        return self.name

    def spooled(self) -> Input:
        """Write them to a file for both passes, as a workbook's rows are.

        Raises:
            InputError: One of them has no names.
        """
        rows: Any = _frame_rows(self._rows) if _is_frame(self._rows) else self._rows
        cells = [flat(_mapping(row, place)) for place, row in enumerate(rows, start=1)]
        every = dict.fromkeys(name for row in cells for name in row)
        left = [name for name in every if are_bytes(name, (row.get(name, "") for row in cells))]
        objects = [
            checked({name: text for name, text in row.items() if name not in left}) for row in cells
        ]
        fit = [row for row in objects if not isinstance(row, Refused)]
        names = list(dict.fromkeys(name for row in fit for name in row))
        if objects and not fit:
            raise UnreadableFile(
                f"None of the {len(objects):,} {self.name} given is text that can be stored: each "
                "holds bytes that are no UTF-8, or NUL; decode them first."
            )
        if not names:
            raise UnreadableFile(f"The {self.name} given has no rows; at least one was expected.")
        copy = TemporaryFile()
        try:
            with copy.path.open("w", encoding="ascii") as file:
                file.write(json.dumps((1, names)) + "\n")
                for line, row in enumerate(objects, start=2):
                    record: tuple[Any, ...] = (
                        (line, [row.raw], row.reason)
                        if isinstance(row, Refused)
                        else (line, [row.get(name, "") for name in names])
                    )
                    file.write(json.dumps(record) + "\n")
            state = state_of(copy.path)
        except BaseException:
            copy.close()
            raise
        notes = (f"{self.name}: {left_out(left)}.",) if left else ()
        about = About("rows", "given as such", notes)
        return Input(self.name, copy.path, "rows", state, about=about, copy=copy)


Given = str | Path | NamedFile | Rows
"""One input, as `listed` returns it."""


def listed(given: Any) -> tuple[list[Given], list[str]]:  # noqa: ANN401 - see what it takes
    """Return each input of what was given, and what the user should know of the choice.

    Args:
        given: A file (`-` for standard input), a folder, of which the files with a known ending
            are taken, a pattern such as `2024-*.csv`, a data frame, objects by name (mappings, data
            classes, named tuples), or several of those.

    Raises:
        InputError: It is nothing of the kind, or holds nothing.
    """
    if isinstance(given, str | Path | NamedFile | Rows):
        inputs, notes = _expanded(given)
        return inputs, notes
    if _is_frame(given):
        return [Rows(given)], []
    if isinstance(given, Mapping) or not isinstance(given, Iterable):
        raise InputError(
            f"{type(given).__name__} cannot be ingested; wanted files, a data frame, or a list of "
            "objects by name."
        )
    some = iter(given)
    first = next(some, None)
    if _names_of(first) is not None:
        return [Rows(chain([first], some))], []
    inputs, notes = [], []
    for one in [] if first is None else chain([first], some):
        more, told = listed(one)
        inputs += more
        notes += told
    return inputs, notes


def opened(given: Given) -> Input:
    """Find an input; see `find_input`."""
    return given.spooled() if isinstance(given, Rows) else find_input(given)


def _expanded(given: str | Path | NamedFile | Rows) -> tuple[list[Given], list[str]]:
    if isinstance(given, NamedFile | Rows) or str(given) == STDIN:
        return [given], []
    path = Path(given)
    left: list[Path] = []
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if _is_taken(file))
        if not files:
            raise UnreadableFile(
                f"{given} is a folder without a file that can be read; wanted one that ends in "
                f"{', '.join(ENDINGS)}."
            )
        tables = [file for file in files if file.suffix.lower() not in _TEXTS]
        left = [file for file in files if tables and file not in tables]
        files = tables or files
    elif any(sign in str(given) for sign in _PATTERN) and not path.exists():
        names = glob.glob(str(given), recursive=True)  # noqa: PTH207 - from any folder on
        files = sorted(file for file in map(Path, names) if file.is_file())
        if not files:
            raise UnreadableFile(f"No file is called as {given} says.")
    else:
        return [given], []
    count = f"{len(files):,} file{'' if len(files) == 1 else 's'}"
    notes = [f"{count} of {given} are read: {_some(files)}."]
    if left:
        notes.append(f"Of {given} {_some(left)} is not read, as it has tables; name it to read it.")
    return [*files], notes


def _is_taken(file: Path) -> bool:
    hidden = file.name.startswith((".", "_", "~$")) or file.name.endswith(".rejects.csv")
    about = file.name.lower().startswith(_ABOUT)
    return file.is_file() and not (hidden or about) and file.suffix.lower() in ENDINGS


def _some(files: list[Path]) -> str:
    shown = ", ".join(file.name for file in files[:3])
    return shown if len(files) <= 3 else f"{shown}, …, {files[-1].name}"


def _is_frame(given: Any) -> bool:  # noqa: ANN401 - anything
    return hasattr(given, "itertuples") and hasattr(given, "columns")


def _frame_rows(frame: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - a data frame
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index(allow_duplicates=True)
    names = name_columns([str(name) for name in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        yield dict(zip(names, row, strict=True))


def _mapping(row: Any, place: int) -> Mapping[str, Any]:  # noqa: ANN401 - whatever was given
    if (names := _names_of(row)) is None:
        raise InputError(
            f"Row {place} is {row!r:.60}, without names; wanted an object such as "
            "{'text': …, 'rating': …}."
        )
    return names


def _names_of(row: Any) -> Mapping[str, Any] | None:  # noqa: ANN401 - whatever was given
    """Return a mapping, a data class or a named tuple as values by names; None for others."""
    if isinstance(row, Mapping):
        return row
    if is_dataclass(row) and not isinstance(row, type | NamedFile):
        return asdict(row)
    named: Mapping[str, Any] | None = row._asdict() if hasattr(row, "_asdict") else None
    return named
