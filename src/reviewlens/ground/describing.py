"""What is told of some reviews together: their stars, dates and words, and who speaks for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from reviewlens.ground.copies import normalised
from reviewlens.ground.estimates import Estimate, mean
from reviewlens.ground.slices import Slice
from reviewlens.results import Quote, iso_time
from reviewlens.text.contentless import judging_words
from reviewlens.text.words import content_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_QUOTES = 3


def given_stars(reviews: Slice, rows: NDArray[np.intp] | Sequence[int]) -> list[float]:
    """Return the stars of those of these reviews that have some."""
    import numpy as np

    stars = reviews.stars[np.asarray(rows, dtype=np.intp)]
    found: list[float] = stars[~np.isnan(stars)].tolist()
    return found


def mean_stars(reviews: Slice, rows: NDArray[np.intp] | Sequence[int]) -> Estimate | None:
    """Return the mean stars of these reviews, None without stars."""
    given = given_stars(reviews, rows)
    return mean(given, low=1.0, high=5.0) if given else None


def first_and_last(reviews: Slice, rows: NDArray[np.intp]) -> tuple[str | None, str | None]:
    """Return the earliest and the latest date among these reviews; None without dates."""
    import numpy as np

    times = reviews.times[rows]
    times = times[~np.isnat(times)].astype(np.int64)
    return (iso_time(int(times.min())), iso_time(int(times.max()))) if len(times) else (None, None)


def words_said(reviews: Slice, row: int) -> list[str]:
    """Return the content words of a review's title and text, in order."""
    title = reviews.boilerplate.without(reviews.titles[row])
    return content_words(f"{title}\n{reviews.said(row)}", reviews.languages[row])


def weak_words(reviews: Slice, rows: Iterable[int]) -> frozenset[str]:
    """Return the words of the names of the products reviewed, and those that only judge."""
    names = {reviews.products[row] for row in rows}
    return judging_words().union(*(content_words(name, "") for name in names))


def by_nearness(
    reviews: Slice, rows: NDArray[np.intp], centre: NDArray[np.float64] | None = None
) -> NDArray[np.intp]:
    """Return rows by falling nearness, those as near as each other in their order.

    Args:
        reviews: All.
        rows: Some of them.
        centre: float64 of shape (dimension,), what they are to be near to; their middle without.
    """
    import numpy as np

    if not len(rows):
        return rows
    vectors = reviews.vectors[rows].astype(np.float64)
    # Rounded, so that sums in another order on another machine choose the same.
    nearness = np.round(vectors @ (vectors.mean(axis=0) if centre is None else centre), 5)
    return rows[np.lexsort((rows, -nearness))]


def quotes(
    reviews: Slice,
    rows: NDArray[np.intp],
    most: int = _QUOTES,
    centre: NDArray[np.float64] | None = None,
) -> tuple[Quote, ...]:
    """Return the reviews that speak for these: the nearest to their middle, no text twice.

    Args:
        reviews: All.
        rows: Some of them.
        most: How many speak.
        centre: See `by_nearness`.
    """
    chosen: dict[str, int] = {}
    for row in by_nearness(reviews, rows, centre).tolist():
        chosen.setdefault(normalised(reviews.texts[row]), row)
        if len(chosen) == most:
            break
    return tuple(reviews.quote(row) for row in chosen.values())
