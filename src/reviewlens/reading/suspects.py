"""Which of many cells could hold a private detail: a look at bytes, as nearly all hold none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Figures and days, which most cells of other columns are, and no more than that.
_FIGURE = re.compile(
    r"-?(?:0|[1-9]\d{0,12})(?:[.,]\d+)?"
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ,][\d:.,TZ+ -]*)?"
)
# Seldom in a text, and what is searched for quickly.
_SELDOM = re.compile(
    r"[@＠]|%40|&#0*64;|&#x40;|&commat;|\b(?:at|arroba|ät)\s?[\])}]|\s(?:punkt|punto|ponto)\s|=",
    re.IGNORECASE,
)
_SIGNS, _WIDE_AT = b"@%&=]}", "＠"
_LEAST = 6
"""Characters of the shortest detail, `a@b.io`."""
_SHORTEST = 14
# Digits of a card or an IBAN, whose letters stand in front but for those of a bank; or an `@`.
_LONG = re.compile(r"(?:\d[^\w\n]{0,3}){10}|[A-Za-z]{2}\d\d\s?[A-Za-z]{4}\s?\d{4}|%40|#0*64;|#x40;")
# Five digits with signs between them, of which some have several bytes, or with markup.
_DIGITS = re.compile(rb"\d(?:(?:[^\w\n]|&nbsp;?|&#x?\w{2,4};|</?[a-z]{1,6} ?/?>){0,6}\d){4}")
_DIGITS_NEAR = 5
_BEFORE_0, _AFTER_9 = ord("0") - 1, ord("9") + 1
_DOT = int.from_bytes(b" dot", "little")
_WINDOW = 16
"""Within so many bytes of the first stands the fifth digit of some part of a number."""
_BETWEEN = "\n" * _WINDOW


def suspects(cells: Sequence[str]) -> list[int]:
    """Return the numbers of the cells that `find_details` is to look at.

    These hold five digits close together, an `@`, `dot` or `at)` as addresses are spelt, or `=`, as
    links do.
    """
    import numpy as np

    if max(map(len, cells), default=0) < _LEAST:
        return []
    joined = _BETWEEN.join(cells)
    encoded = joined.encode()
    data = np.frombuffer(encoded, dtype=np.uint8)
    near = _near(data)
    near = near[[_DIGITS.match(encoded, place) is not None for place in near.tolist()]]
    closing = np.flatnonzero(data == ord(")"))
    spelt = closing[data[np.maximum(closing, 2) - 1] | 32 == ord("t")]
    rows: set[int] = set()
    if len(near):
        rows = _rows(cells, joined, near)
        rows = {row for row in rows if _FIGURE.fullmatch(cells[row]) is None}
    spelt = np.concatenate([spelt, _dots(data)])
    if len(spelt):
        rows.update(_rows(cells, joined, spelt))
    signs = np.flatnonzero(np.isin(data, np.frombuffer(_SIGNS, dtype=np.uint8)))
    if len(signs):
        found = _rows(cells, joined, signs)
        rows.update(row for row in found if _SELDOM.search(cells[row]))
    if _WIDE_AT in joined:
        rows.update(row for row, cell in enumerate(cells) if _WIDE_AT in cell)
    return sorted(rows)


def _rows(cells: Sequence[str], joined: str, places: NDArray[np.intp]) -> set[int]:
    """Return the cells in which places of their joined bytes lie."""
    import numpy as np

    ascii_alone = joined.isascii()
    sizes = map(len, cells) if ascii_alone else (len(cell.encode()) for cell in cells)
    ends = np.cumsum(np.fromiter(sizes, dtype=np.int64, count=len(cells)) + len(_BETWEEN))
    return set(np.searchsorted(ends, places, side="right").tolist())


def sure_suspects(cells: Sequence[str]) -> list[int]:
    """Return the numbers of the cells that `find_sure` is to look at: long ones, or with an `@`."""
    if max(map(len, cells), default=0) < _SHORTEST and "@" not in "\n".join(cells):
        return []
    return [
        row
        for row, cell in enumerate(cells)
        if "@" in cell or (len(cell) >= _SHORTEST and _LONG.search(cell))
    ]


def _near(data: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Return where digits begin of which four more stand near."""
    import numpy as np

    digits = np.flatnonzero((data > _BEFORE_0) & (data < _AFTER_9))
    if len(digits) < _DIGITS_NEAR:
        return digits[:0]
    begins = np.ones(len(digits), dtype=np.bool_)
    np.not_equal(np.diff(digits), 1, out=begins[1:])
    first, last = digits[: 1 - _DIGITS_NEAR], digits[_DIGITS_NEAR - 1 :]
    return first[begins[: 1 - _DIGITS_NEAR] & (last - first <= _WINDOW)]


def _dots(data: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Return about where ` dot` stands, in small letters or large ones."""
    import numpy as np

    small = data | np.uint8(32)
    found = []
    for start in range(4):  # four bytes are compared at once
        words = small[start : start + (len(small) - start) // 4 * 4].view("<u4")
        found.append(4 * np.flatnonzero(words == _DOT) + start + 1)
    return np.concatenate(found)
