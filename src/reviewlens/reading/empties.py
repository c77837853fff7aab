"""Rows without a text: how many only rate, and which other column has what the text has not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from reviewlens.document import agreed, counted
from reviewlens.reading.columns import Choice
from reviewlens.reading.names import normalise
from reviewlens.reading.ratings import is_rating

_MOSTLY = 0.5
_MANY = 0.1
_TEXT_CHARACTERS = 12


class TextCounts:
    """Counts the rows of one file whose text is empty."""

    def __init__(self, header: Sequence[str], choice: Choice) -> None:
        columns = choice.columns
        self._header = header
        named = [part.header for part in choice.texts] or [columns.get("text", "")]
        self.places = [header.index(name) for name in named if name]
        self._title = header.index(columns["title"]) if "title" in columns else -1
        self._rating = header.index(columns["rating"]) if "rating" in columns else -1
        unused = set(map(normalise, choice.preset.unused)) if choice.preset else set()
        taken = {*columns.values(), *named}
        self._others = [
            place
            for place, name in enumerate(header)
            if name not in taken and normalise(name) not in unused
        ]
        self._known = choice.preset is not None
        self._rows = self._empty = self._only_rated = 0
        self._held: Counter[int] = Counter()

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        """Count some rows."""
        if not self.places:
            return
        self._rows += len(rows)
        texts = (map(str.strip, (row[place] for row in rows)) for place in self.places)
        for row, written in zip(rows, zip(*texts, strict=True), strict=True):
            if any(written):
                continue
            self._empty += 1
            untitled = self._title < 0 or not row[self._title].strip()
            self._only_rated += untitled and self._rating >= 0 and is_rating(row[self._rating])
            for place in self._others:
                value = row[place].strip()
                if len(value) >= _TEXT_CHARACTERS and " " in value:
                    self._held[place] += 1

    def notes(self, file: str) -> list[str]:
        """Say what is missing, and where it may be."""
        if not self._empty:
            return []
        place, held = max(self._held.items(), key=lambda item: item[1], default=(-1, 0))
        if self._empty >= _MOSTLY * self._rows and held >= _MOSTLY * self._empty:
            names = " and ".join(repr(self._header[text]) for text in self.places)
            other = self._header[place]
            have = agreed(self._empty, "has", "have")
            return [
                f"{file}: {counted(self._empty, 'row')} {have} no text in {names}; "
                f"{held:,} {agreed(held, 'has', 'have')} one in "
                f"{other!r}: --text-column {other!r}."
            ]
        if self._only_rated and (self._known or self._only_rated >= _MANY * self._rows):
            rated = self._only_rated
            return [
                f"{file}: {rated:,} of {counted(self._rows, 'row')} "
                f"{agreed(rated, 'has', 'have')} a rating and no text; "
                f"{agreed(rated, 'it says nothing, and is', 'they say nothing, and are')} skipped."
            ]
        return []
