"""Which themes grow, shrink, vanish and emerge since a set of themes was saved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from reviewlens.errors import InputError, TooFewReviews
from reviewlens.ground.copies import normalised
from reviewlens.ground.describing import first_and_last, quotes
from reviewlens.ground.differences import adjusted, difference, exact_p, four_figures
from reviewlens.ground.estimates import Estimate, share
from reviewlens.ground.neighbors import NeighborGraph
from reviewlens.ground.slices import Slice
from reviewlens.insights.clusters.graph import shared_neighbors
from reviewlens.insights.news.emerging import Group, emerging_groups
from reviewlens.insights.news.names import named, nearest_themes
from reviewlens.insights.news.places import voted
from reviewlens.insights.news.results import Change, Emerging, News
from reviewlens.text.contentless import says_nothing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST_KNOWN = 20
FEWEST_NEW = 5

_LEAST_TO_VANISH = 5
_VANISHED = 0.1


def find_news(
    reviews: Slice,
    graph: NeighborGraph,
    *,
    known: NDArray[np.bool_],
    labels: Mapping[int, str],
    hidden: Collection[int] = (),
    rate: float = 0.05,
    seed: int = 0,
) -> News:
    """Compare the themes of new reviews with those of the reviews a set was made from.

    Emerging themes are groups of new reviews in places where there were hardly any known ones; see
    `emerging_groups`. The saved themes are compared by their shares, without the reviews of
    emerging themes, which fit none of them. A theme has news where Fisher's exact test, corrected
    for the number of themes, says so both for the themes as they are stored and for those that
    each review's known neighbours have: new reviews are assigned by another rule than the one that
    made the themes, and the rule alone must not make one grow.

    Unlike with topics over time of BERTopic, which draws curves, a theme without news is not
    named, and how often that goes wrong is bounded.

    Args:
        reviews: All that are stored now; `clusters` holds the saved theme of each, of new reviews
            the nearest one, -1 for none. Reviews that say nothing are left out by a rule.
        graph: Their nearest neighbours, 50 a review where copies are many.
        known: bool of shape (reviews,): which were there when the set was saved.
        labels: What each saved theme is called; one that is missing is called `theme N`.
        hidden: Themes that are not compared. What is assigned to them may still emerge.
        rate: False discovery rate of growing, shrinking and vanished themes, 0..1. Emerging themes
            are held to half of it, as the chance that any is reported where nothing is new. Higher
            finds smaller changes and more that are none.
        seed: Of the permutations.

    Raises:
        TooFewReviews: Fewer than 20 known reviews say something.
        InputError: `rate` is not between 0.01 and 0.5.
    """
    import numpy as np

    if not 0.01 <= rate <= 0.5:
        raise InputError(f"the rate of false alarms is {rate}; wanted 0.01 to 0.5, such as 0.05")
    node_of = _nodes(reviews)
    speaking = node_of >= 0
    was, came = speaking & known, speaking & ~known
    if was.sum() < FEWEST_KNOWN:
        raise TooFewReviews(
            f"{was.sum()} of the reviews that the themes were made from are here and say "
            f"something, too few to compare with; wanted at least {FEWEST_KNOWN}: widen the "
            "filters or save the themes anew"
        )
    notes: list[str] = []
    groups: list[tuple[Group, NDArray[np.intp], NDArray[np.intp]]] = []
    if not came.any():
        notes.append("No new reviews that say something have come since the themes were saved.")
    else:
        groups = _emerging(reviews, graph, node_of, known, rate, seed, notes)
    emerged = np.zeros(len(reviews), dtype=bool)
    for _, rows, _ in groups:
        emerged[rows] = True
    changes, compared = _changes(
        reviews, graph, was, came & ~emerged, labels, frozenset(hidden), rate
    )
    vanished = tuple(one for one in changes if _is_gone(one))
    return News(
        emerging=_described(reviews, groups, came, was, labels),
        growing=tuple(one for one in reversed(changes) if one.difference.value > 0),
        shrinking=tuple(one for one in changes if one.difference.value < 0 and not _is_gone(one)),
        vanished=vanished,
        reviews=int(came.sum()),
        reviews_before=int(was.sum()),
        silent=int((~speaking & ~known).sum()),
        silent_before=int((~speaking & known).sum()),
        themes=compared,
        rate=rate,
        notes=tuple(notes),
    )


def _nodes(reviews: Slice) -> NDArray[np.intp]:
    """Number the different texts that say something in order of first row, -1 for the others."""
    import numpy as np

    numbers: dict[tuple[str, str], int] = {}
    silent: dict[tuple[str, str, str], bool] = {}
    result = np.empty(len(reviews), dtype=np.intp)
    columns = zip(reviews.texts, reviews.titles, reviews.languages, strict=True)
    for row, (text, title, language) in enumerate(columns):
        key = (normalised(title), normalised(text))
        if (*key, language) not in silent:
            silent[*key, language] = says_nothing(text, title, language)
        said_nothing = silent[*key, language]
        result[row] = -1 if said_nothing else numbers.setdefault(key, len(numbers))
    return result


def _emerging(
    reviews: Slice,
    graph: NeighborGraph,
    node_of: NDArray[np.intp],
    known: NDArray[np.bool_],
    rate: float,
    seed: int,
    notes: list[str],
) -> list[tuple[Group, NDArray[np.intp], NDArray[np.intp]]]:
    """Return the emerging groups of texts, each with its rows and the known rows among them."""
    import numpy as np

    rows = np.flatnonzero(node_of >= 0)
    _, first = np.unique(node_of[rows], return_index=True)
    # A text that was known before does not become new by being copied.
    old = np.bincount(node_of[rows], known[rows]) > 0
    if (~old).sum() < FEWEST_NEW:
        notes.append(
            f"Different texts among the new reviews: {(~old).sum()}, too few for an emerging "
            f"theme; wanted at least {FEWEST_NEW}."
        )
        return []
    found = emerging_groups(
        shared_neighbors(graph, node_of, reviews.vectors),
        ~old,
        reviews.clusters[rows[first]],
        rate=rate,
        seed=seed,
    )
    if not found.possible:
        notes.append(
            f"Of {len(old)} different texts {(~old).sum()} are new: so few, or so large a part, "
            "that an emerging theme cannot be told from chance."
        )
    return [
        (
            group,
            np.flatnonzero(np.isin(node_of, group.members)),
            np.flatnonzero(np.isin(node_of, group.known) & known),
        )
        for group in found.groups
    ]


def _described(
    reviews: Slice,
    groups: list[tuple[Group, NDArray[np.intp], NDArray[np.intp]]],
    came: NDArray[np.bool_],
    was: NDArray[np.bool_],
    labels: Mapping[int, str],
) -> tuple[Emerging, ...]:
    all_now, all_before = int(came.sum()), int(was.sum())
    names = named(reviews, [rows for _, rows, _ in groups], was | came, labels)
    result = [
        Emerging(
            label=name,
            reviews=len(rows),
            reviews_before=len(before),
            texts=len(group.members),
            share=share(len(rows), all_now),
            share_before=share(len(before), all_before),
            difference=_difference(len(rows), all_now, len(before), all_before),
            p=four_figures(group.p),
            p_adjusted=four_figures(group.p),
            p_within=four_figures(group.p_within),
            nearest=nearest_themes(reviews, rows, labels),
            first=first,
            last=last,
            quotes=quotes(reviews, rows),
            review_ids=tuple(reviews.ids[row] for row in rows),
        )
        for name, (group, rows, before) in zip(names, groups, strict=True)
        for first, last in (first_and_last(reviews, rows),)
    ]
    return tuple(sorted(result, key=lambda one: (-one.reviews, one.review_ids)))


def _changes(
    reviews: Slice,
    graph: NeighborGraph,
    was: NDArray[np.bool_],
    came: NDArray[np.bool_],
    labels: Mapping[int, str],
    hidden: frozenset[int],
    rate: float,
) -> tuple[list[Change], int]:
    """Return the themes whose share has changed, largest fall first, and how many were compared."""
    import numpy as np

    if not came.any():
        return [], 0
    size = int(reviews.clusters.max()) + 1
    stored = _counts(reviews.clusters, came, was, size)
    alike = _counts(voted(reviews.clusters, graph, was), came, was, size)
    themes = [theme for theme in range(size) if stored[:, theme].any() and theme not in hidden]
    total, total_before = int(came.sum()), int(was.sum())
    totals = np.full(len(themes), total), np.full(len(themes), total_before)
    p = np.maximum(
        *(
            exact_p(counts[0, themes], totals[0], counts[1, themes], totals[1])
            for counts in (stored, alike)
        )
    )
    found = []
    for theme, own, corrected in zip(themes, p.tolist(), adjusted(p).tolist(), strict=True):
        now, before = stored[:, theme].tolist()
        rise = now * total_before - before * total
        alike_rise = int(alike[0, theme]) * total_before - int(alike[1, theme]) * total
        if corrected > rate or rise * alike_rise <= 0:
            continue
        quoted = np.flatnonzero((came if rise > 0 else was) & (reviews.clusters == theme))
        found.append(
            Change(
                cluster=theme,
                label=labels.get(theme, f"theme {theme}"),
                reviews=now,
                reviews_before=before,
                share=share(now, total),
                share_before=share(before, total_before),
                difference=_difference(now, total, before, total_before),
                p=four_figures(own),
                p_adjusted=four_figures(corrected),
                quotes=quotes(reviews, quoted),
            )
        )
    found.sort(key=lambda one: (one.difference.value, one.cluster))
    return found, len(themes)


def _counts(
    clusters: NDArray[np.int32], came: NDArray[np.bool_], was: NDArray[np.bool_], size: int
) -> NDArray[np.intp]:
    """Return for each theme its new and its known reviews; shape (2, size)."""
    import numpy as np

    there = clusters >= 0
    return np.stack([np.bincount(clusters[part & there], minlength=size) for part in (came, was)])


def _difference(count: int, total: int, count_before: int, total_before: int) -> Estimate:
    import numpy as np

    found = difference(*map(np.asarray, (count, total, count_before, total_before)))
    return Estimate.rounded(*map(float, found))


def _is_gone(change: Change) -> bool:
    return (
        change.reviews_before >= _LEAST_TO_VANISH
        and change.share.value < _VANISHED * change.share_before.value
    )
