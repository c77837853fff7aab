"""What emerging themes are called, and which saved ones are near."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reviewlens.ground.describing import weak_words, words_said
from reviewlens.ground.slices import Slice
from reviewlens.insights.clusters.labels import label_groups
from reviewlens.insights.news.results import NearTheme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_THEMES = 3
_OTHERS = 5_000


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
    documents = [words_said(reviews, row) for row in chosen]
    weak = {group: weak_words(reviews, rows) for group, rows in enumerate(groups)}
    taken, result = set(labels.values()), []
    languages = [reviews.languages[row] for row in chosen]
    terms_of_groups = label_groups(documents, of_row, weak=weak, languages=languages)
    for terms in terms_of_groups[: len(groups)]:
        name = ", ".join(terms)
        if name in taken:
            name += " (new)"
        taken.add(name)
        result.append(name)
    return result


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
