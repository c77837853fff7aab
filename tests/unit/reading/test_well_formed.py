"""Well-formed files, made by lot: every cell comes back as it was written."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from reviewlens.reading.model import Rejected, Review
from reviewlens.reading.names import ROLES
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import survey_reviews

DELIMITERS = (",", ",", ";", "\t", "|", "^", ":", "~")
ENDS = ("\n", "\r\n", "\r")
ENCODINGS = (
    "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252",
    "latin-1", "iso8859-15", "cp1251", "koi8-r", "mac-roman", "gb18030", "cp932", "ascii",
)  # fmt: skip
PIECES = (
    "", " ", "Good", "works", "5", "4,5", "9/10", "1e5", "-3.0", "2024-01-02", "03/04/2024", "None",
    '"', '""', "'", ",", ";", "\t", "|", ", ", "\n", "\r", "\r\n", " \n", "sep=;", "sep=,", "# no",
    "<b>fine</b>", "<br/>", "&amp;", "a < b > c", "=1+1", "\\", "\\n", "\\\"", "id,text,rating",
    '1,"b, c",4', '2;"b; c";4', '"x","y"', '3,""d"",5', "\x01\x02\x1a", "\x0b\x0c\x1c\x1d\x1e\x1f",
    "\x7f\x85\xa0", "\u2028\u2029\u200b", "é ß €", "Отлично", "很好，会再买", "とても良い", "👍🏽",
)  # fmt: skip
NAMES = (
    "text", "review", "Comment", "text, full", 'what "you" said', "text;reply", "id,text,rating",
    "was\nsagen Sie", "  Review  ", "'quoted'", "Text|Reply", "5", "2024-01-02", "評論",
)  # fmt: skip
OTHERS = ("id", "reply", "a,b", "", "n", "x;y", "note\nhere", 'the "other"', "sep", "reply", "|")


class Written(NamedTuple):
    """A file with what was written into it."""

    content: bytes
    options: ReadOptions
    header: list[str]
    rows: list[list[str]]
    text: int
    lines: list[int]


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def quoting(lot: random.Random, delimiter: str, *, alone: bool) -> Callable[[str], str]:
    """Return a way to write cells: quoted where they must be, or more often."""
    kind = lot.choice(("minimal", "minimal", "all", "words", "by lot"))

    def write(cell: str) -> str:
        must = bool(re.search(f'["\r\n{re.escape(delimiter)}]', cell))
        # An empty line is no row, and neither is one of blanks.
        must |= alone and not cell.strip()
        more = {"minimal": False, "all": True, "words": not cell.isdecimal()}
        return quoted(cell) if must or more.get(kind, lot.random() < 0.5) else cell

    return write


def written(seed: int) -> Written:
    lot = random.Random(seed)
    delimiter, end, encoding = lot.choice(DELIMITERS), lot.choice(ENDS), lot.choice(ENCODINGS)

    def known(text: str) -> str:
        return text.encode(encoding, "ignore").decode(encoding)

    def cell() -> str:
        if lot.random() < 0.01:
            return known(lot.choice(("word, word\n", "é", f"a{delimiter}b\r\n")) * 9_000)
        pieces = lot.choices((*PIECES, delimiter, f"{delimiter} ", f'{delimiter}"a"'), k=4)
        return known("".join(pieces[: lot.randrange(5)]))

    width = lot.choice((1, 1, 2, 2, 3, 5, 8))
    name = known(lot.choice(NAMES)) or "text"
    header = [known(other) for other in lot.choices(OTHERS, k=width)]
    text = lot.randrange(width)
    header[text] = name
    empty = lot.random() < 0.3  # nothing but the text, as where nobody has replied yet
    rows = [
        [cell() if column == text or not empty else "" for column in range(width)]
        for _ in range(lot.choice((1, 2, 3, 5, 9, 30)))
    ]
    write = quoting(lot, delimiter, alone=width == 1)
    parts = [delimiter.join(map(write, row)) + end for row in (header, *rows)]
    if lot.random() < 0.2 and parts[-1].strip():
        parts[-1] = parts[-1].removesuffix(end)
    starts = [1]
    for part in parts:
        starts.append(starts[-1] + len(re.findall(r"\r\n|\r|\n", part)))
    content = "".join(parts).encode(encoding)
    if encoding == "utf-16-le" and lot.random() < 0.5:
        content = "\ufeff".encode(encoding) + content
    columns = dict.fromkeys(ROLES, "")
    options = ReadOptions(
        encoding=encoding,
        delimiter="tab" if delimiter == "\t" else delimiter,
        columns={**columns, "text": name},
    )
    return Written(content, options, header, rows, text, starts[1:-1])


def check(seed: int, path: Path) -> None:
    file = written(seed)
    path.write_bytes(file.content)
    with survey_reviews([path], file.options) as survey:
        chunks = list(read_reviews(survey))
        header = survey.files[0].header
    fates: list[Review | Rejected] = [
        fate for chunk in chunks for fate in (*chunk.reviews, *chunk.rejected)
    ]
    fates.sort(key=lambda fate: fate.location.record)
    assert survey.rows == len(file.rows), seed
    assert [fate.location.record for fate in fates] == list(range(1, len(file.rows) + 1)), seed
    assert [fate.location.line for fate in fates] == file.lines, seed
    for fate, row in zip(fates, file.rows, strict=True):
        if isinstance(fate, Rejected):
            assert fate.reason == "too_large", (seed, fate)
            assert max(len(cell.encode()) for cell in row) > 15_000, seed
        else:
            cells = {name: fate.extra.get(name, fate.original) for name in header}
            assert list(cells.values()) == row, seed


def test_every_cell_comes_back(tmp_path: Path) -> None:
    for seed in range(150):
        check(seed, tmp_path / "in.csv")


@pytest.mark.slow
@pytest.mark.parametrize("start", range(1_000, 6_000, 500))
def test_every_cell_of_five_thousand_files_comes_back(start: int, tmp_path: Path) -> None:
    for seed in range(start, start + 500):
        check(seed, tmp_path / "in.csv")
