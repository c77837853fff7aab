"""What the first pass counts of a file's records, of which its decisions are made."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from itertools import compress

from reviewlens.reading.columns import Choice
from reviewlens.reading.dates import OrderEvidence
from reviewlens.reading.empties import TextCounts
from reviewlens.reading.identity import is_rounded, join_id
from reviewlens.reading.placeholders import filled
from reviewlens.reading.presets import id_of
from reviewlens.reading.records import Record
from reviewlens.reading.tables import Table

ODD_IDS = 0.01
"""The share of ids that may be odd without being taken for the kind."""


class Counting:
    """Counts what the decisions need, over all records of one file."""

    def __init__(self, table: Table, choice: Choice, source_column: str, *, export: bool) -> None:
        def place(name: str | None) -> int:
            return table.header.index(name) if name else -1

        columns = choice.columns
        self._width = len(table.header)
        self.texts = TextCounts(table.header, choice)
        self._id_in = choice.preset.id_in if choice.preset else ""
        self._time, self._rating = place(columns.get("time")), place(columns.get("rating"))
        self._id, self._source = place(columns.get("id")), place(source_column)
        self._stars = place("rating") if export else -1
        self._texts = self.texts.places
        self._title = place(columns.get("title"))
        self._owner = [place(columns[role]) for role in ("product", "author") if role in columns]
        self.order = OrderEvidence()
        self.written: Counter[tuple[str, str]] = Counter()
        self.ids = array("q")
        self.contents = array("q")
        self.owners = array("q")
        self.pairs: dict[str, set[tuple[str, str]]] = {}
        self.rounded = ""
        self.rounded_ids = 0
        self.rows = self.split = 0
        self.first_split: Record | None = None
        self.reasons: Counter[str] = Counter()
        self.placeholders: Counter[str] = Counter()

    def add(self, records: Sequence[Record], source: str) -> None:
        """Count some records; `source` holds where no column names it."""
        self._default = source
        self.rows += len(records)
        fit = [record for record in records if not record.reason]
        rows = [record.fields for record in fit]
        cells = list(zip(*rows, strict=True)) or [()] * self._width
        self.reasons.update(record.reason for record in records if record.reason)
        self.texts.add(rows)
        split = [record for record in fit if record.split]
        self.split += len(split)
        self.first_split = self.first_split or next(iter(split), None)
        sources = [source] * len(rows)
        if self._source >= 0:
            sources = [filled(cell) or source for cell in cells[self._source]]
        said = self._said(rows, cells)
        if self._time >= 0:
            self.order.add(cells[self._time])
        if self._rating >= 0:
            ratings = zip(sources, cells[self._rating], strict=True)
            self.written.update(compress(ratings, said))
        if self._id >= 0:
            given = [id_of(filled(cell), self._id_in) for cell in cells[self._id]]
            rounded = list(filter(is_rounded, given))
            self.rounded = self.rounded or next(iter(rounded), "")
            self.rounded_ids += len(rounded)
            self.ids.extend(map(hash, compress(map(join_id, sources, given), given)))
            self.contents.extend(hash(record.raw.strip()) for record in compress(fit, given))
            owners = zip(
                sources, *(map(str.strip, cells[place]) for place in self._owner), strict=True
            )
            self.owners.extend(map(hash, compress(owners, given)))
        if self._stars >= 0:
            for name, row in zip(sources, rows, strict=True):
                pairs = self.pairs.setdefault(name, set())
                pairs.add((row[self._rating], row[self._stars]))

    def contested(self) -> set[int]:
        """Return the ids (hashes) of which rows of other content stand in the file."""
        return self._with_other(self.contents)

    def shared(self) -> set[int]:
        """Return the ids (hashes) of which rows of another product or author stand in the file."""
        return self._with_other(self.owners)

    def _with_other(self, values: array[int]) -> set[int]:
        import numpy as np

        ids = np.frombuffer(self.ids, dtype=np.int64)
        order = np.lexsort((np.frombuffer(values, dtype=np.int64), ids))
        ids, found = ids[order], np.frombuffer(values, dtype=np.int64)[order]
        other = (ids[1:] == ids[:-1]) & (found[1:] != found[:-1])
        return set(ids[1:][other].tolist())

    def identity(self, fields: Sequence[str]) -> tuple[int, str]:
        """Return the id (hash) of a row, and its time as written."""
        source = filled(fields[self._source]) if self._source >= 0 else ""
        given = id_of(filled(fields[self._id]), self._id_in)
        return hash(join_id(source or self._default, given)), fields[self._time]

    def _said(self, rows: Sequence[Sequence[str]], cells: Sequence[Sequence[str]]) -> list[bool]:
        """Tell which rows have a text or a title; count the texts that stand for none."""
        if not self._texts:
            return [True] * len(rows)
        texts = (map(filled, cells[text]) for text in self._texts)
        said = list(map(any, zip(*texts, strict=True)))
        for place, row in enumerate(rows):
            if not said[place]:
                written = [row[text].strip() for text in self._texts]
                self.placeholders.update(value for value in written if value)
                said[place] = self._title >= 0 and filled(row[self._title]) != ""
        return said

    def are_rounded(self) -> bool:
        """Tell whether a spreadsheet has rounded more ids than a few odd ones."""
        return self.rounded_ids > ODD_IDS * len(self.ids)
