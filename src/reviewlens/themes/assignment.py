"""Which saved theme does a review belong to?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from reviewlens.text.cjk import EXTRA, has_words, tell_once
from reviewlens.text.contentless import says_nothing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.ground.slices import Slice
    from reviewlens.themes.model import Theme, ThemeSet

_NOT_JUDGED = (
    "Chinese or Japanese reviews that say nothing went to the theme nearest to them, as it takes "
    f"the extra `{EXTRA}` to tell which these are; before `reviewlens clusters --refit`"
)

_BLOCK_ROWS = 4_096
_SHARPNESS = (5.0, 7.0, 10.0, 14.0, 20.0, 28.0, 40.0, 56.0, 80.0)
_FITTED_ROWS = 5_000


def digest(title: str, text: str) -> str:
    """Return what tells whether a review still says the same."""
    return blake2b(f"{title}\0{text}".encode(), digest_size=6).hexdigest()


def assign(
    found: ThemeSet,
    vectors: NDArray[np.float32],
    said: Sequence[tuple[str, str, str]],
    *,
    unread: Collection[str] = (),
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Give each review the theme whose nearest centre is nearest to it.

    A review that says nothing goes to the theme of such, where there is one: that is told by a
    rule and not by a centre. Without the extra `cjk` the rule cannot tell it of a Chinese or
    Japanese review, which then goes to the nearest theme, as an ingest must not stop at one; a
    note is logged once.

    Args:
        found: The themes.
        vectors: float32 of shape (n, dimension), unit length.
        said: Title, text and language of each.
        unread: Languages that the encoder does not read: their reviews have no theme.

    Returns:
        int32 of shape (n,), the numbers of the themes, and float64 of shape (n,), how sure they
        are: a softmax of the cosines to all themes, 0..1.
    """
    import numpy as np

    silent = next((theme.number for theme in found.themes if theme.says_nothing), None)
    themes = [theme for theme in found.themes if not theme.says_nothing and len(theme.centres)]
    numbers = np.full(len(vectors), -1, dtype=np.int32)
    confidence = np.zeros(len(vectors))
    if themes:
        own = np.array([theme.number for theme in themes], dtype=np.int32)
        for start in range(0, len(vectors), _BLOCK_ROWS):
            block = slice(start, start + _BLOCK_ROWS)
            cosines = nearest_centres(vectors[block], themes)
            numbers[block] = own[cosines.argmax(axis=1)]
            confidence[block] = _softmax(found.sharpness * cosines).max(axis=1)
    if silent is not None:
        for row, (title, text, language) in enumerate(said):
            if not has_words(language):
                tell_once(_NOT_JUDGED)
            elif says_nothing(text, title, language):
                numbers[row], confidence[row] = silent, 1.0
    for row, (_, _, language) in enumerate(said):
        if language in unread:
            numbers[row], confidence[row] = -1, 0.0
    return numbers, confidence.round(4)


def themes_of(
    found: ThemeSet | None, reviews: Slice, *, unread: Collection[str] = ()
) -> dict[str, tuple[int, float]]:
    """Return the theme of each review and how sure it is, by id: -1 of all where there is no set.

    A review that the set was made from, or that was adopted, keeps its theme unless it says
    something else by now; any other is assigned.
    """
    import numpy as np

    if found is None:
        return dict.fromkeys(reviews.ids, (-1, 0.0))
    known = {**found.members, **found.adopted}
    result = {
        review_id: (known[review_id].theme, known[review_id].confidence)
        for review_id, kept in zip(reviews.ids, keeps(found, reviews), strict=True)
        if kept
    }
    if rest := [row for row, review_id in enumerate(reviews.ids) if review_id not in result]:
        others = reviews.take(np.array(rest, dtype=np.intp))
        assigned = assign(found, others.vectors, said_by(others), unread=unread)
        for review_id, number, sure in zip(others.ids, *assigned, strict=True):
            result[review_id] = (int(number), float(sure))
    return result


def keeps(found: ThemeSet, reviews: Slice) -> list[bool]:
    """Tell of each review whether the set was made from it, as it is now, or adopted it."""
    known = {**found.members, **found.adopted}
    numbers = {theme.number for theme in found.themes}
    result = []
    for review_id, title, text in zip(reviews.ids, reviews.titles, reviews.texts, strict=True):
        member = known.get(review_id)
        result.append(
            member is not None and member.theme in numbers and member.digest == digest(title, text)
        )
    return result


def nearest_centres(vectors: NDArray[np.float32], themes: Sequence[Theme]) -> NDArray[np.float64]:
    """Return for each vector and theme the cosine to the nearest of the theme's centres."""
    import numpy as np

    starts = np.cumsum([0, *(len(theme.centres) for theme in themes[:-1])])
    cosines = vectors @ np.concatenate([theme.centres for theme in themes]).T
    found: NDArray[np.float64] = np.maximum.reduceat(cosines, starts, axis=1).astype(np.float64)
    return found


def fit_sharpness(
    vectors: NDArray[np.float32],
    theme_of: NDArray[np.int32],
    part_of: NDArray[np.int32],
    themes: Sequence[Theme],
) -> float:
    """Return the sharpness with which the known themes of some reviews are likeliest.

    Each review is left out of the centre that it is a part of: a later one is in none.

    Args:
        vectors: float32 of shape (n, dimension), unit length, that the centres were made of.
        theme_of: int32 of shape (n,): the number of each one's theme.
        part_of: int32 of shape (n,): which of its theme's centres each belongs to.
        themes: Those that a centre tells.

    Source:
        Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", 2017
        (temperature scaling).
    """
    import numpy as np

    place = {theme.number: at for at, theme in enumerate(themes)}
    rows = np.flatnonzero(np.isin(theme_of, list(place)))
    if not len(rows) or len(themes) < 2:
        return _SHARPNESS[-1]
    starts = np.cumsum([0, *(len(theme.centres) for theme in themes[:-1])])
    true = np.array([place[number] for number in theme_of[rows].tolist()])
    column = starts[true] + part_of[rows]
    count = int(starts[-1]) + len(themes[-1].centres)
    sums = np.zeros((count, vectors.shape[1]))
    np.add.at(sums, column, vectors[rows])

    step = -(-len(rows) // _FITTED_ROWS)
    rows, true, column = rows[::step], true[::step], column[::step]
    cosines = vectors[rows] @ np.concatenate([theme.centres for theme in themes]).T
    others = sums[column] - vectors[rows]
    lengths = np.linalg.norm(others, axis=1)
    own = np.einsum("ij,ij->i", vectors[rows], others) / np.maximum(lengths, 1e-9)
    cosines[np.arange(len(rows)), column] = np.where(lengths > 1e-6, own, -1.0)
    nearest = np.maximum.reduceat(cosines, starts, axis=1).astype(np.float64)

    def likelihood(sharpness: float) -> float:
        chances = _softmax(sharpness * nearest)[np.arange(len(rows)), true]
        return float(np.log(chances + 1e-12).sum())

    return max(_SHARPNESS, key=likelihood)


def said_by(reviews: Slice) -> list[tuple[str, str, str]]:
    """Return title, text and language of each review."""
    return list(zip(reviews.titles, reviews.texts, reviews.languages, strict=True))


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    found: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return found
