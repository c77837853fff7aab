"""What is followed over time: themes, the values of a column, or phrases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.errors import InputError, TooFewReviews
from reviewlens.ground.groups import values_of
from reviewlens.settings import QUERY_FLOOR
from reviewlens.store import confidence_column

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.ground.slices import Slice

COLUMNS = ("product", "source", "language", "author", "stars")
"""What reviews may be grouped by, besides the input's other columns."""

_BETWEEN_LABELS = "; "


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Which reviews are of which groups; one review may be of several, or of none.

    Attributes:
        by: `theme`, `query`, or a column.
        names: What the groups are called.
        rows: intp of shape (memberships,): rows of reviews, none twice in a group.
        numbers: int32 of shape (memberships,): the group of each.
        ordered: They stay in this order; otherwise the largest comes first.
        complete: They all stay, however small they are.
        min_similarity: With phrases, the smallest cosine that counts.
        notes: What the user should know of how they were found.
    """

    by: str
    names: tuple[str, ...]
    rows: NDArray[np.intp]
    numbers: NDArray[np.int32]
    ordered: bool = False
    complete: bool = False
    min_similarity: float | None = None
    notes: tuple[str, ...] = ()


def by_theme(reviews: Slice, labels: Mapping[int, str], *, saved: bool = True) -> Groups:
    """Group reviews by their theme.

    Args:
        reviews: With the theme of each in `clusters`, -1 for none.
        labels: What the themes are called; `theme N` where it is not told.
        saved: Whether the themes outlive this run; it is told where they do not.

    Raises:
        TooFewReviews: No review has a theme.
    """
    import numpy as np

    rows = np.flatnonzero(reviews.clusters >= 0)
    if not len(rows):
        raise TooFewReviews(
            f"{len(reviews)} reviews are too few for themes; wanted at least 20 that say "
            "something: widen the filters, ingest more, or follow a column (--by) or a phrase "
            "(--query)"
        )
    found, numbers = np.unique(reviews.clusters[rows], return_inverse=True)
    names = [labels.get(theme) or f"theme {theme}" for theme in found.tolist()]
    count = Counter(names)
    distinct = [
        name if count[name] == 1 else f"{name} (theme {theme})"
        for name, theme in zip(names, found.tolist(), strict=True)
    ]
    notes = () if saved else (
        "no themes are saved: these were found now, and change with what is added",
    )  # fmt: skip
    return Groups("theme", tuple(distinct), rows, numbers.astype(np.int32), notes=notes)


def by_column(reviews: Slice, column: str) -> Groups:
    """Group reviews by the value of a column.

    A column of labels that `classify` wrote may hold several, joined by `; `: the review is then
    of each of these groups.

    Args:
        reviews: Which.
        column: One of `COLUMNS`, or a column that was ingested or written since.

    Raises:
        InputError: There is no such column.
    """
    import numpy as np

    if column in ("rating", "rating_given") and not any(column in own for own in reviews.extra):
        column = "stars"
    values = _values(reviews, column)
    names = sorted({value for own in values for value in own})
    place = {name: number for number, name in enumerate(names)}
    pairs = [(row, place[value]) for row, own in enumerate(values) for value in own]
    return Groups(
        column,
        tuple(names),
        np.array([row for row, _ in pairs], dtype=np.intp),
        np.array([number for _, number in pairs], dtype=np.int32),
        ordered=column == "stars",
    )


def _values(reviews: Slice, column: str) -> list[tuple[str, ...]]:
    """Return the values of each review, none twice; none for an empty one."""
    sure = confidence_column(column)
    return [
        ()
        if value is None
        else tuple(dict.fromkeys(label for label in value.split(_BETWEEN_LABELS) if label))
        if sure in extra
        else (value,)
        for value, extra in zip(values_of(reviews, column, COLUMNS), reviews.extra, strict=True)
    ]


def by_phrase(
    phrases: Sequence[str],
    similarities: NDArray[np.float32],
    *,
    min_similarity: float = QUERY_FLOOR,
) -> Groups:
    """Group reviews by phrases: a review is of a phrase's group if it is near enough in meaning.

    Args:
        phrases: None twice.
        similarities: float32 of shape (reviews, phrases): the cosine of each review, or of its
            nearest passage, to each phrase, which was embedded as a query.
        min_similarity: Smallest cosine that counts, -1..1. No one has measured for these reviews
            how often it is right; a higher one finds fewer and surer ones.

    Raises:
        InputError: A phrase is given twice, or the smallest similarity is out of range.
    """
    import numpy as np

    if not -1 <= min_similarity <= 1:
        raise InputError(f"the smallest similarity is {min_similarity:g}; wanted -1 to 1")
    if len(set(phrases)) < len(phrases):
        raise InputError("a phrase is given twice; wanted each once")
    reached = similarities >= np.float32(min_similarity)
    rows, numbers = np.nonzero(reached)
    notes = [
        f"a review counts where its cosine to the phrase is {min_similarity:g} or more; nothing "
        "tells how often that is right: read some (search), and set --min-similarity"
    ]
    for number, phrase in enumerate(phrases):
        if len(reached) and not reached[:, number].any():
            best = float(similarities[:, number].max())
            notes.append(f"no review reaches that for {phrase!r}; the nearest has {best:.2f}")
    return Groups(
        "query",
        tuple(phrases),
        rows.astype(np.intp),
        numbers.astype(np.int32),
        ordered=True,
        complete=True,
        min_similarity=min_similarity,
        notes=tuple(notes),
    )
