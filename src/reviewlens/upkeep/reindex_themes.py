"""The saved sets of themes of one version, for another."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from reviewlens.encoders import Encoder, embed_documents
from reviewlens.ground.slices import Slice, read_slice
from reviewlens.store import ReviewStore, ThemeRow, ThemeSets
from reviewlens.themes import recentred, rows_of, set_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class Sets:
    """Carries the sets over: numbers, names and members as they are.

    Args:
        old: The version in service.
        new: The one that is built, with the same reviews.
        encoder: Of the new one, when it is another than the old one's; the centres of the themes
            are then computed anew from their members.
    """

    def __init__(self, old: ReviewStore, new: ReviewStore, encoder: Encoder | None) -> None:
        self._old = old
        self._new = new
        self._encoder = encoder
        self._theirs, self._ours = ThemeSets(old), ThemeSets(new)
        self._carried: dict[str, list[str]] | None = None

    def carry(self) -> int:
        """Write what has changed since it was last carried; return how many sets that were."""
        found = {name: self._theirs.read(name) for name in self._theirs.names()}
        marks = {name: [_mark(row) for row in rows] for name, rows in found.items()}
        known = self._carried
        changed = [name for name in found if known is None or known.get(name) != marks[name]]
        gone = [name for name in self._ours.names() if name not in found]
        if changed:
            slices = None
            if self._encoder is not None:
                slices = read_slice(self._old), read_slice(self._new)
            for name in changed:
                self._ours.write(name, self._rows(found[name], slices))
        for name in gone:
            self._ours.drop(name)
        self._carried = marks
        # The first time is no change: nothing was carried that could be out of date.
        return 0 if known is None else len(changed) + len(gone)

    def choose(self) -> None:
        """Say which set the reviews have, as it is with the old version."""
        now = self._old.rebound(self._old.version)
        written = now.theme_version == self._theirs.version(now.theme_set)
        self._new.choose_themes(now.theme_set)
        if now.theme_set and written:
            self._new.confirm_themes(self._ours.version(now.theme_set) or "")

    def _rows(
        self, rows: Sequence[ThemeRow], slices: tuple[Slice, Slice] | None
    ) -> Sequence[ThemeRow]:
        if slices is None or self._encoder is None:
            return rows
        found = set_of(rows, self._old.pin.dimension)
        return rows_of(recentred(found, *slices, partial(embed_documents, self._encoder)))


def _mark(row: ThemeRow) -> str:
    return repr((row.kind, row.key, row.data))
