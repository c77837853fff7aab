"""Rows whose private details are counted, or have a token in their place before anything is made.

The token is a keyed hash of the detail: the same for the same detail under one salt, which a
collection keeps, so that counts hold; without the salt nothing can be tried against it.
"""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import blake2b
from typing import Literal

from reviewlens.document import shortened
from reviewlens.reading.details import NOTHING, TOKEN, Detail, Kind, Told
from reviewlens.reading.listed_people import lists_of_people, mask_people
from reviewlens.reading.markup import clean_markup, resolve_entities
from reviewlens.reading.names import Role
from reviewlens.reading.personal import is_code, names_things
from reviewlens.reading.placeholders import filled
from reviewlens.reading.private import (
    find_details,
    find_sure,
    form_of,
    value_of,
)
from reviewlens.reading.records import Record
from reviewlens.reading.suspects import sure_suspects, suspects

Masks = Literal["all", "author"]
"""What is masked: every private detail, or the author alone."""

LEFT_OUT = "(left out by --mask)"
"""The raw form of a row that cannot be parted into its columns, so that none could be masked."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_SALT_BYTES = 16
_TOKEN_BYTES = 6
_LEAST_DIGITS: Mapping[Kind, int] = {"phone": 6, "card": 12}
_OF_FORM = frozenset(("email", "link"))
"""What has the form of another detail in it, or is told by its form alone."""
Find = Callable[[str], list[Detail]]


@dataclass(frozen=True, slots=True)
class Mask:
    """Puts tokens in the place of private details.

    Attributes:
        salt: Of the collection, hexadecimal.
        what: `all` of them, or the `author` alone.
    """

    salt: str
    what: Masks = "all"

    @staticmethod
    def new(what: Masks) -> Mask:
        """Return a mask with a salt that nobody had."""
        return Mask(secrets.token_hex(_SALT_BYTES), what)

    def token(self, kind: Kind, value: str) -> str:
        """Return what stands for a detail, such as `<email-3f9a0c1b2d4e>`."""
        salted = blake2b(
            f"{kind}\0{value}".encode(), key=bytes.fromhex(self.salt), digest_size=_TOKEN_BYTES
        )
        return f"<{kind}-{salted.hexdigest()}>"

    def text(self, text: str, find: Find = find_details) -> tuple[str, list[Kind]]:
        """Return a text with its details masked, and the kinds of these.

        Where markup, or what nobody sees, parts a detail (`anna&#64;<b>example.com</b>`) the text
        is masked as it reads.
        """
        details = find(text)
        if "<" in text or "&" in text or _INVISIBLE.search(text):
            clean = _INVISIBLE.sub("", clean_markup(text))
            hidden = find(clean)
            if {one.value for one in hidden} - {one.value for one in details}:
                text, details = clean, hidden
        return self._put(text, details)

    def _put(self, text: str, details: Sequence[Detail]) -> tuple[str, list[Kind]]:
        parts, end = [], 0
        for detail in details:
            parts += [text[end : detail.start], self.token(detail.kind, detail.value)]
            end = detail.end
        return "".join([*parts, text[end:]]), [detail.kind for detail in details]

    def cell(self, kind: Kind, cell: str) -> str:
        """Return what stands for a cell that is a detail as a whole."""
        if TOKEN.fullmatch(cell.strip()):
            return cell
        if kind not in _OF_FORM and (detail := form_of(cell)):
            return self.token(detail.kind, detail.value)
        if kind == "person":
            return self.token(kind, " ".join(resolve_entities(cell).casefold().split()))
        return self.token(kind, value_of(kind, cell))


@dataclass(slots=True)
class _Column:
    """What the cells of a column hold: in which rows, how many of what, and their masked form."""

    rows: set[int] = field(default_factory=set)
    details: Counter[Kind] = field(default_factory=Counter)
    masked: dict[int, str] = field(default_factory=dict)


class PrivateRows:
    """Knows where the rows of one file hold private details, and masks them where it is to.

    Args:
        header: The columns' names.
        columns: Role to header.
        source_column: That of the source, empty for none.
        texts: The columns of a text that is in several.
        mask: What masks; None where details are counted alone.
        personal: What of a person the columns hold that are no role's, by name: see `column_kind`.
    """

    def __init__(
        self,
        header: Sequence[str],
        columns: Mapping[Role, str],
        source_column: str,
        texts: Sequence[str],
        mask: Mask | None,
        personal: Mapping[str, Kind],
    ) -> None:
        self._mask, self._header = mask, header
        roles = {name: role for role, name in columns.items()}
        self._whole: dict[int, Kind] = {}
        self._found: dict[int, Find] = {}
        self._nested = {
            place
            for place, name in enumerate(header)
            if name not in roles and name not in texts and name != source_column
        }
        self._author = header.index(columns["author"]) if "author" in columns else -1
        for place, name in enumerate(header):
            role = "text" if name in texts else roles.get(name)
            kind: Kind | None = "person" if role == "author" else None
            if role in (None, "id") and name != source_column:
                kind = personal.get(name)
            if kind is not None:
                self._whole[place] = kind
            plain = role is None and name != source_column and not names_things(name)
            if role in ("text", "title", "rating") or plain:  # people write into any
                self._found[place] = find_details
            elif kind is None:
                self._found[place] = find_sure

    def take(self, records: Sequence[Record]) -> tuple[Sequence[Record], Told]:
        """Return records, masked where they are to be, and what they held."""
        fit = [record.fields for record in records if not record.reason]
        changed: dict[int, dict[int, str]] = {}
        details: Counter[Kind] = Counter()
        rows: set[int] = set()
        for place, column in self._columns(fit):
            rows.update(column.rows)
            details.update(column.details)
            for number, masked in column.masked.items():
                changed.setdefault(number, {})[place] = masked
        told = Told(len(rows), dict(details)) if rows else NOTHING
        if self._mask is None:
            return records, told
        numbers = iter(range(len(fit)))
        return [
            _withheld(record) if record.reason else _changed(record, changed.get(next(numbers)))
            for record in records
        ], told

    def holds(self, row: Sequence[str]) -> bool:
        """Tell whether a row holds any details."""
        return any(column.rows for _, column in self._columns([row]))

    def _columns(self, rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, _Column]]:
        """Yield the columns of some rows that hold any details."""
        columns = list(zip(*rows, strict=True)) or [()] * len(self._header)
        for place in sorted({*self._whole, *self._found}):
            mask, cells, column = self._masking(place), columns[place], _Column()
            kind, find = self._whole.get(place), self._found.get(place)
            if kind is not None:
                column.rows.update(_holding(kind, cells))
                column.details.update(_kind_of(kind, cells[number]) for number in column.rows)
                if mask is not None:
                    column.masked = {n: mask.cell(kind, cells[n]) for n in column.rows}
            if find is not None:
                looked_at = suspects if find is find_details else sure_suspects
                lists = set(self._lists(place, cells))
                for number in {*looked_at(cells), *lists} - column.rows:
                    cell, names = cells[number], 0
                    if number in lists:
                        put = partial((mask or _ANY).cell, "person")
                        cell, names = mask_people(self._header[place], cell, put)
                    masked, kinds = (mask or _ANY).text(cell, find)
                    kinds += ["person"] * names
                    column.details.update(kinds)
                    column.rows.update([number] if kinds else ())
                    if kinds and mask is not None:
                        column.masked[number] = masked
            if column.rows:
                yield place, column

    def _lists(self, place: int, cells: Sequence[str]) -> list[int]:
        """Return the numbers of the cells of a column without a role that may list people."""
        if place in self._whole or place not in self._nested:
            return []
        return lists_of_people(cells)

    def _masking(self, place: int) -> Mask | None:
        """Return what masks a column; None where its details are counted alone."""
        if self._mask is None or (self._mask.what == "author" and place != self._author):
            return None
        return self._mask

    def masked(self, rows: Sequence[Sequence[str]]) -> list[list[str]]:
        """Return rows with their details masked."""
        made = [list(row) for row in rows]
        for place, column in self._columns(rows):
            for number, masked in column.masked.items():
                made[number][place] = masked
        return made

    def quoting(self, rows: Sequence[Sequence[str]]) -> Callable[[str], str]:
        """Return what masks a sentence that quotes cells of these rows, as notes do."""
        quoted: dict[str, str] = {}
        for place, column in self._columns(rows):
            for number, masked in column.masked.items():
                cell = rows[number][place]
                if cell not in self._header:
                    quoted |= {shortened(one): shortened(masked) for one in (cell, cell.strip())}

        def masked_sentence(sentence: str) -> str:
            for cell, masked in quoted.items():
                sentence = sentence.replace(cell, masked)
            return sentence

        return masked_sentence


_ANY = Mask("00")
"""Finds what nobody is to see masked."""


def _kind_of(kind: Kind, cell: str) -> Kind:
    """Return of which kind a detail is that is a cell of a column for such as a whole."""
    detail = None if kind in _OF_FORM else form_of(cell)
    return kind if detail is None else detail.kind


def _holding(kind: Kind, cells: Sequence[str]) -> list[int]:
    """Return the numbers of the cells of a column for such details that hold one, and no token."""
    held = [
        number
        for number, cell in enumerate(cells)
        if cell and filled(cell) and not ("<" in cell and TOKEN.fullmatch(cell.strip()))
    ]
    if kind in ("order", "identity"):
        return [number for number in held if is_code(cells[number])]
    if not (least := _LEAST_DIGITS.get(kind, 0)):
        return held
    return [number for number in held if sum(map(str.isdigit, cells[number])) >= least]


def _changed(record: Record, cells: Mapping[int, str] | None) -> Record:
    if not cells:
        return record
    fields = [cells.get(place, cell) for place, cell in enumerate(record.fields)]
    row = io.StringIO()
    csv.writer(row, lineterminator="").writerow(fields)
    return replace(record, fields=fields, raw=row.getvalue())


def _withheld(record: Record) -> Record:
    return replace(record, fields=[LEFT_OUT for _ in record.fields], raw=LEFT_OUT)
