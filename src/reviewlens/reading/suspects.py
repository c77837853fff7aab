"""Which of many cells could hold a private detail: a look at bytes, as nearly all hold none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from reviewlens.reading.called import has_noun
from reviewlens.reading.orders import CODE_WORDS, find_orders, may_be_order
from reviewlens.reading.private import ATS, DOTS, KEY, narrow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Figures and days, which most cells of other columns are, and no more than that.
_FIGURE = re.compile(
    r"-?(?:0|[1-9]\d{0,12})(?:[.,]\d+)?"
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ,][\d:.,TZ+ -]*)?"
)
_LEAST = 6
"""Characters of the shortest detail, `a@b.io`."""
_SHORTEST = 14
# Digits of a card or an IBAN, whose letters stand in front but for those of a bank; or an `@`.
_LONG = re.compile(r"(?:\d[^\w\n]{0,3}){10}|[A-Za-z]{2}\d\d\s?[A-Za-z]{4}\s?\d{4}|%40|#0*64;|#x40;")
# Five digits with signs between them, of which some have several bytes, or with markup.
_BETWEEN_DIGITS = rb"(?:[^\w\n]|&nbsp;?|&#x?\w{2,4};|</?[a-z]{1,6} ?/?>){0,6}"
_DIGITS = re.compile(rb"\d(?:%b\d){4}" % _BETWEEN_DIGITS)
_MORE = re.compile(rb"(?:%b\d){2}" % _BETWEEN_DIGITS)
_WIDE = re.compile(rb"\xef\xbc[\x90-\x99]|\xd9[\xa0-\xa9]|\xdb[\xb0-\xb9]|\xe0\xa5[\xa6-\xaf]")
_LOOSE = re.compile(rb"\d(?:[A-Za-z/_.\s-]{0,6}\d){4}")
_SHORT, _SIGNED = re.compile(rb"(?:#\s?|[A-Z][-/]?)\d{4}(?!\d)"), re.compile(rb"#\s?\d{4}")
_DIGITS_NEAR = 5
_BEFORE_0, _AFTER_9 = ord("0") - 1, ord("9") + 1
_SELDOM = b"@%&=)]}" + "＠".encode()[:1]
"""Bytes that addresses and keys have in them, in whatever way they are written."""
_AT_ENDS = [
    list(word.encode()[-2:])
    for word in ("at", "arroba", "ät", "chiocciola", "arobase", "małpa", "apenstaartje")
]
_SAID = [
    int.from_bytes(word, "little")
    for word in (b" dot", b" pun", b" pon", b" poi", b" kro", b"ail.", b"hoo.", b"ook.")
]
_WINDOW = 16
"""Within so many bytes of the first stands the fifth digit of some part of a number."""
_BETWEEN = "\n" * _WINDOW
_LOCATOR, _CODE = 6, 24
"""Letters of the code of a booking, and about the most bytes of any behind one of its places."""
_FOUR = 4
_BEFORE, _BEHIND = 64, 12
"""Within so many bytes of it stands all that makes a sign one of an address or a key."""


def suspects(cells: Sequence[str]) -> list[int]:
    """Return the numbers of the cells that `find_details` is to look at.

    These hold five digits close together, an `@`, `dot` or `at)` as addresses are spelt, or the
    name of a key and `=`, as links do; or a code of letters and digits beside a word of an order.
    """
    import numpy as np

    if max(map(len, cells), default=0) < _LEAST:
        return []
    joined = _BETWEEN.join((*cells, ""))
    encoded = joined.encode()
    if not joined.isascii() and _WIDE.search(encoded):
        return suspects([narrow(cell) for cell in cells])
    data = np.frombuffer(encoded, dtype=np.uint8)
    sizes = map(len, cells) if joined.isascii() else (len(cell.encode()) for cell in cells)
    ends = np.cumsum(np.fromiter(sizes, dtype=np.int64, count=len(cells)) + len(_BETWEEN))

    def rows_of(places: NDArray[np.intp]) -> Sequence[int]:
        rows: list[int] = np.unique(np.searchsorted(ends, places, side="right")).tolist()
        return rows

    near = _near(data)
    near = near[[_may_be_number(encoded, place) for place in near.tolist()]]
    found = {row for row in rows_of(near) if _FIGURE.fullmatch(cells[row]) is None}
    small = data | np.uint8(32)
    for sign, places in _spelt(data, small):
        held = [
            sign.search(_around(encoded, place, _BEHIND)) is not None for place in places.tolist()
        ]
        found.update(rows_of(places[held]))
    return sorted(found.union(rows_of(_located(data, encoded))))


def _may_be_number(encoded: bytes, place: int) -> bool:
    """Tell whether digits are many enough for any number; five are for that of an order."""
    digits = _DIGITS.match(encoded, place)
    if digits is None and _LOOSE.match(encoded, place) is None:
        return False
    return (
        (digits and _MORE.match(encoded, digits.end())) is not None
        or may_be_order(_around(encoded, place, 0))
        or has_noun(encoded[place : place + _CODE].decode(errors="ignore"))
    )


def _around(encoded: bytes, place: int, behind: int) -> str:
    return encoded[max(0, place - _BEFORE) : place + behind].decode(errors="ignore")


def sure_suspects(cells: Sequence[str]) -> list[int]:
    """Return the numbers of the cells that `find_sure` is to look at: long ones, or with an `@`."""
    if max(map(len, cells), default=0) < _SHORTEST and "@" not in "\n".join(cells):
        return []
    return [
        row
        for row, cell in enumerate(cells)
        if "@" in cell or (len(cell) >= _SHORTEST and _LONG.search(cell))
    ]


def _located(data: NDArray[np.uint8], encoded: bytes) -> NDArray[np.intp]:
    """Return where codes of capital letters and digits stand, or of six letters, of an order."""
    import numpy as np

    upper = (data >= ord("A")) & (data <= ord("Z"))
    digits = np.flatnonzero((data > _BEFORE_0) & (data < _AFTER_9))
    behind = digits[upper[digits - 1]] - 1  # before the first byte stands the last, a line's end
    mixed = np.concatenate((digits[upper[digits + 1]], behind))
    parting = data[digits - 1]
    parted = digits[((parting == ord("-")) | (parting == ord("/"))) & upper[digits - 2]] - 2
    edges = np.flatnonzero(upper[1:] != upper[:-1]) + 1
    six = edges[:-1][(np.diff(edges) == _LOCATOR) & upper[edges[:-1]]]
    places = []
    for place in (*mixed.tolist(), *six.tolist()):
        around = _around(encoded, place, _CODE)
        small = around.lower()
        called = any(word in small for word in CODE_WORDS) or has_noun(around)
        if called and next(find_orders(around), None) is not None:
            places.append(place)
    hashed = [match.start() for match in _SIGNED.finditer(encoded)] if b"#" in encoded else []
    for place in (*behind.tolist(), *parted.tolist(), *hashed):
        is_short = _SHORT.match(encoded, place) is not None
        if is_short and next(find_orders(_around(encoded, place, _CODE)), None) is not None:
            places.append(place)
    for place in _fours(data, digits):
        around = _around(encoded, place, _CODE)
        if has_noun(around) and next(find_orders(around), None) is not None:
            places.append(place)
    return np.array(places, dtype=np.intp)


def _fours(data: NDArray[np.uint8], digits: NDArray[np.intp]) -> list[int]:
    """Return where four digits stand that are no year."""
    import numpy as np

    if not len(digits):
        return []
    edges = np.flatnonzero(np.diff(digits) != 1) + 1
    begins = digits[np.concatenate(([0], edges))]
    sizes = np.diff(np.concatenate(([0], edges, [len(digits)])))
    fours = begins[sizes == _FOUR]
    years = ((data[fours] == ord("1")) & (data[fours + 1] == ord("9"))) | (
        (data[fours] == ord("2")) & (data[fours + 1] == ord("0"))
    )
    found: list[int] = fours[~years].tolist()
    return found


def _places(small: NDArray[np.uint8], words: Sequence[int]) -> Iterator[NDArray[np.intp]]:
    """Yield where any of some words of four bytes stand."""
    import numpy as np

    for start in range(4):  # four bytes are compared at once
        there = small[start : start + (len(small) - start) // 4 * 4].view("<u4")
        for word in words:
            yield 4 * np.flatnonzero(there == word) + start


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


def _spelt(
    data: NDArray[np.uint8], small: NDArray[np.uint8]
) -> Iterator[tuple[re.Pattern[str], NDArray[np.intp]]]:
    """Yield what addresses and keys have in them, and about where it could stand."""
    import numpy as np

    seldom = np.zeros(256, dtype=np.bool_)
    seldom[list(_SELDOM)] = True
    places = np.flatnonzero(seldom[data])
    signs, behind = data[places], data[places + 1]
    written = (signs == ord("@")) | (signs == _SELDOM[-1])
    written |= (signs == ord("%")) & (behind == ord("4"))
    written |= (signs == ord("&")) & ((behind == ord("#")) | (behind | 32 == ord("c")))
    yield ATS, places[written]
    yield KEY, places[signs == ord("=")]
    closing = places[(signs == ord(")")) | (signs == ord("]")) | (signs == ord("}"))]
    for back in (1, 2):  # `(at)`, `(at )`, `(arroba)`
        ends = small[np.maximum(closing, back + 1)[:, None] - (back + 1, back)]
        yield ATS, closing[(ends[:, None] == _AT_ENDS).all(axis=2).any(axis=1)]
    yield from ((DOTS, places + 1) for places in _places(small, _SAID))
