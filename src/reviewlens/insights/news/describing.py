"""The words, quotes and dates of news."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reviewlens.copies import normalised
from reviewlens.insights.clusters.labels import label_groups
from reviewlens.insights.news.results import NearTheme
from reviewlens.results import Quote, iso_time
from reviewlens.silence import judging_words
from reviewlens.slices import Slice
from reviewlens.words import content_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_QUOTES = 3
_THEMES = 3
_OTHERS = 5_000


def quotes(reviews: Slice, rows: NDArray[np.intp]) -> tuple[Quote, ...]:
    """Return the three reviews nearest to the middle of these, no text twice."""
    import numpy as np

    vectors = reviews.vectors[rows].astype(np.float64)
    nearness = vectors @ vectors.mean(axis=0)
    # Rounded, so that sums in another order on another machine choose the same.
    order = rows[np.lexsort((rows, -np.round(nearness, 5)))]
    chosen: dict[str, int] = {}
    for row in order.tolist():
        chosen.setdefault(normalised(reviews.texts[row]), row)
        if len(chosen) == _QUOTES:
            break
    return tuple(reviews.quote(row) for row in chosen.values())


def named(
    reviews: Slice,
    groups: Sequence[NDArray[np.intp]],
    speaking: NDArray[np.bool_],
    labels: Mapping[int, str],
) -> list[str]:
    """Return what to call each group: the words that tell it from the saved themes.

    Args:
        reviews: All.
        groups: Rows of each group.
        speaking: bool of shape (reviews,): which say something; themes are made of these.
        labels: What the saved themes are called; no group is called the same.
    """
    import numpy as np

    if not groups:
        return []
    grouped = np.unique(np.concatenate(groups))
    others = np.setdiff1d(np.flatnonzero(speaking), grouped)
    # So many tell as well as all of them which words are common.
    others = others[:: max(1, len(others) // _OTHERS)]
    chosen = np.concatenate([*groups, others])
    number = np.unique(reviews.clusters[others], return_inverse=True)[1] + len(groups)
    of_row = [group for group, rows in enumerate(groups) for _ in rows] + number.tolist()
    documents = [
        content_words(f"{reviews.titles[row]}\n{reviews.texts[row]}", reviews.languages[row])
        for row in chosen
    ]
    weak = {group: _weak_words(reviews, rows) for group, rows in enumerate(groups)}
    taken, result = set(labels.values()), []
    for terms in label_groups(documents, of_row, weak=weak)[: len(groups)]:
        name = ", ".join(terms)
        if name in taken:
            name += " (new)"
        taken.add(name)
        result.append(name)
    return result


def _weak_words(reviews: Slice, rows: NDArray[np.intp]) -> frozenset[str]:
    """Return the words of the names of the products reviewed, and those that only judge."""
    names = {reviews.products[row] for row in rows}
    return judging_words().union(*(content_words(name, "") for name in names))


def nearest_themes(
    reviews: Slice, rows: NDArray[np.intp], labels: Mapping[int, str]
) -> tuple[NearTheme, ...]:
    """Return the saved themes that most of these reviews were assigned to, at most three."""
    counts = Counter(theme for theme in reviews.clusters[rows].tolist() if theme >= 0)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        NearTheme(theme, labels.get(theme, f"theme {theme}"), count)
        for theme, count in ranked[:_THEMES]
    )


def dated(reviews: Slice, rows: NDArray[np.intp], *, last: bool) -> str | None:
    """Return the earliest date among these reviews, or the latest; None without dates."""
    import numpy as np

    times = reviews.times[rows]
    times = times[~np.isnat(times)].astype(np.int64)
    return iso_time(int(times.max() if last else times.min())) if len(times) else None
