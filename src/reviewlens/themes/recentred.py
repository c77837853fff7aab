"""A set of themes among the vectors of another encoder: the same themes, other centres."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewlens.themes.assignment import fit_sharpness, keeps

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.ground.slices import Slice
    from reviewlens.themes.model import Theme, ThemeSet


def recentred(
    found: ThemeSet,
    before: Slice,
    after: Slice,
    encode: Callable[[Sequence[str]], NDArray[np.float32]],
) -> ThemeSet:
    """Return a set whose centres are the means of the same reviews' other vectors.

    Numbers, names, members and parts stay. A part is of the members that were nearest to its old
    centre; one without members goes. A theme that has lost all its members goes by the reviews
    that have it now, and without any by its own words.

    Args:
        found: The set, with its members.
        before: All reviews with the vectors that the set was made of.
        after: The same reviews with the others.
        encode: Embeds texts as documents, into vectors like those of `after`.
    """
    import numpy as np

    known = {**found.members, **found.adopted}
    row_after = {review_id: row for row, review_id in enumerate(after.ids)}
    theme_of = np.full(len(after), -1, dtype=np.int32)
    part_of = np.zeros(len(after), dtype=np.int32)
    kept = keeps(found, before)
    rows_of: dict[int, list[tuple[int, int]]] = {theme.number: [] for theme in found.themes}
    having: dict[int, list[tuple[int, int]]] = {theme.number: [] for theme in found.themes}
    for row, review_id in enumerate(before.ids):
        if review_id not in row_after:
            continue
        pair = (row, row_after[review_id])
        if kept[row]:
            rows_of[known[review_id].theme].append(pair)
        having.get(int(before.clusters[row]), []).append(pair)
    themes = []
    for theme in found.themes:
        pairs = np.array(rows_of[theme.number] or having[theme.number], dtype=np.intp)
        if not len(pairs) or not len(theme.centres):
            themes.append(_by_words(theme, encode, after.vectors.shape[1]))
            continue
        nearest = (before.vectors[pairs[:, 0]] @ theme.centres.T).argmax(axis=1)
        _, parts = np.unique(nearest, return_inverse=True)
        sums = np.zeros((int(parts.max()) + 1, after.vectors.shape[1]))
        np.add.at(sums, parts, after.vectors[pairs[:, 1]])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        themes.append(
            replace(theme, centres=(sums / np.maximum(lengths, 1e-12)).astype(np.float32))
        )
        if rows_of[theme.number]:
            theme_of[pairs[:, 1]] = theme.number
            part_of[pairs[:, 1]] = parts
    speaking = [theme for theme in themes if not theme.says_nothing]
    return replace(
        found,
        themes=tuple(themes),
        sharpness=fit_sharpness(after.vectors, theme_of, part_of, speaking),
    )


def _by_words(
    theme: Theme, encode: Callable[[Sequence[str]], NDArray[np.float32]], dimension: int
) -> Theme:
    import numpy as np

    if theme.says_nothing or not len(theme.centres):
        return replace(theme, centres=np.empty((0, dimension), dtype=np.float32))
    return replace(theme, centres=encode([", ".join(theme.terms) or theme.called]))
