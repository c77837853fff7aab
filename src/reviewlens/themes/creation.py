"""A set of themes made of clusters, and changed by the analyst."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewlens.errors import InputError, NotFound
from reviewlens.ground.describing import by_nearness, words_said
from reviewlens.insights.clusters import label_groups
from reviewlens.themes.assignment import digest, fit_sharpness
from reviewlens.themes.model import Member, Theme, ThemeSet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.ground.slices import Slice
    from reviewlens.insights.clusters import Clusters

_VOCABULARY = 50


def make_set(name: str, reviews: Slice, found: Clusters, *, created: int) -> ThemeSet:
    """Make themes of clusters; each keeps its number.

    Args:
        name: Of the set.
        reviews: What the clusters were found in, with their own vectors.
        found: The clusters, of whole reviews.
        created: UTC milliseconds.
    """
    import numpy as np

    place = {review_id: row for row, review_id in enumerate(reviews.ids)}
    rows = np.array([place[one.review_id] for one in found.assignments], dtype=np.intp)
    theme_of, part_of = np.empty((2, len(reviews)), dtype=np.int32)
    theme_of[rows] = [one.cluster for one in found.assignments]
    part_of[rows] = [one.subcluster for one in found.assignments]
    confidence = {one.review_id: one.confidence for one in found.assignments}
    themes = tuple(
        Theme(
            number=cluster.cluster,
            label=cluster.label,
            name="",
            terms=cluster.terms,
            vocabulary=_vocabulary(reviews, np.flatnonzero(theme_of == cluster.cluster)),
            says_nothing=cluster.says_nothing,
            hidden=False,
            origin="found",
            quotes=tuple(quote.review_id for quote in cluster.quotes),
            centres=_centres(
                reviews.vectors[theme_of == cluster.cluster], part_of[theme_of == cluster.cluster]
            ),
        )
        for cluster in found.clusters
    )
    speaking = [theme for theme in themes if not theme.says_nothing]
    return ThemeSet(
        name=name,
        created=created,
        resolution=found.resolution,
        stability=found.stability,
        sharpness=fit_sharpness(reviews.vectors, theme_of, part_of, speaking),
        next_number=len(themes),
        themes=themes,
        members={
            review_id: Member(number, confidence[review_id], digest(title, text))
            for review_id, number, title, text in zip(
                reviews.ids, theme_of.tolist(), reviews.titles, reviews.texts, strict=True
            )
        },
    )


# -- the analyst's word --------------------------------------------------------------------------


def required(found: ThemeSet, number: int) -> Theme:
    """Return a theme by number.

    Raises:
        NotFound: There is no such theme.
    """
    theme = found.theme(number)
    if theme is None:
        known = ", ".join(str(theme.number) for theme in found.themes)
        raise NotFound(f"there is no theme {number}; found {known}: see `themes list`")
    return theme


def merged(found: ThemeSet, into: int, others: Sequence[int]) -> ThemeSet:
    """Join themes to one of them, which keeps its number, name and label.

    Raises:
        NotFound: There is no such theme.
        InputError: One is joined to itself, or says nothing.
    """
    import numpy as np

    target = required(found, into)
    joined = [required(found, number) for number in others]
    if into in others or len(set(others)) < len(others):
        raise InputError("a theme cannot be merged with itself; name different ones")
    if silent := [theme.number for theme in (target, *joined) if theme.says_nothing]:
        raise InputError(
            f"theme {silent[0]} holds the reviews that say nothing, by a rule; wanted other themes"
        )
    vocabulary: Counter[str] = Counter()
    for theme in (target, *joined):
        vocabulary.update(theme.vocabulary)
    whole = replace(
        target,
        vocabulary=dict(_ranked(vocabulary)),
        quotes=(*target.quotes, *(one for theme in joined for one in theme.quotes)),
        centres=np.concatenate([theme.centres for theme in (target, *joined)]),
    )
    gone = set(others)
    return replace(
        found,
        themes=tuple(
            whole if theme.number == into else theme
            for theme in found.themes
            if theme.number not in gone
        ),
        members=_moved(found.members, dict.fromkeys(gone, into)),
        adopted=_moved(found.adopted, dict.fromkeys(gone, into)),
    )


def split(found: ThemeSet, number: int, reviews: Slice) -> ThemeSet:
    """Cut a theme into its finer parts; the largest keeps the number and the name.

    Args:
        found: The set.
        number: Of the theme.
        reviews: Those of the theme as they are now.

    Raises:
        NotFound: There is no such theme.
        InputError: It has one part.
    """
    import numpy as np

    theme = required(found, number)
    if theme.says_nothing or len(theme.centres) < 2:
        raise InputError(
            f"theme {number} ({theme.called}) has no finer parts; wanted one that `themes show` "
            "lists parts of"
        )
    part_of = (reviews.vectors @ theme.centres.T).argmax(axis=1)
    sizes = np.bincount(part_of, minlength=len(theme.centres))
    order = np.argsort(-sizes, kind="stable")
    numbers = [number, *range(found.next_number, found.next_number + len(order) - 1)]
    number_of = {int(part): new for part, new in zip(order, numbers, strict=True)}
    terms = group_terms(reviews, part_of, len(order))
    parts = tuple(
        replace(
            theme,
            number=number_of[part],
            label=", ".join(terms[part]),
            name=theme.name if number_of[part] == number else "",
            terms=terms[part],
            vocabulary=_vocabulary(reviews, np.flatnonzero(part_of == part)),
            origin=theme.origin if number_of[part] == number else f"split from {number}",
            quotes=_nearest(reviews, part_of == part),
            centres=theme.centres[part : part + 1],
        )
        for part in map(int, order)
    )
    moved = {
        review_id: number_of[int(part)]
        for review_id, part in zip(reviews.ids, part_of, strict=True)
    }

    def regrouped(members: Mapping[str, Member]) -> dict[str, Member]:
        return {
            key: one._replace(theme=moved.get(key, one.theme)) if one.theme == number else one
            for key, one in members.items()
        }

    themes = [theme for theme in found.themes if theme.number != number]
    return replace(
        found,
        next_number=found.next_number + len(order) - 1,
        themes=tuple(sorted((*themes, *parts), key=lambda theme: theme.number)),
        members=regrouped(found.members),
        adopted=regrouped(found.adopted),
    )


def adopt(found: ThemeSet, reviews: Slice, label: str, terms: tuple[str, ...]) -> ThemeSet:
    """Make a theme of reviews that no theme fitted.

    Args:
        found: The set.
        reviews: Those of the new theme.
        label: What it is called.
        terms: Words that tell it from the others.
    """
    import numpy as np

    every = np.ones(len(reviews), dtype=bool)
    theme = Theme(
        number=found.next_number,
        label=label,
        name="",
        terms=terms,
        vocabulary=_vocabulary(reviews, np.flatnonzero(every)),
        says_nothing=False,
        hidden=False,
        origin="adopted",
        quotes=_nearest(reviews, every),
        centres=_centres(reviews.vectors, np.zeros(len(reviews), dtype=np.int32)),
    )
    more = {
        review_id: Member(theme.number, 1.0, digest(title, text))
        for review_id, title, text in zip(reviews.ids, reviews.titles, reviews.texts, strict=True)
    }
    return replace(
        found,
        next_number=found.next_number + 1,
        themes=(*found.themes, theme),
        adopted={**found.adopted, **more},
    )


def group_terms(reviews: Slice, groups: NDArray[np.integer], count: int) -> list[tuple[str, ...]]:
    """Return the words that tell each of some groups of reviews from the others."""
    import numpy as np

    documents = [words_said(reviews, row) for row in range(len(reviews))]
    # A part that no review is in any more still has to be called something.
    present = np.unique(groups)
    place = {int(group): at for at, group in enumerate(present)}
    numbers = [place[int(group)] for group in groups]
    terms = label_groups(documents, numbers, languages=reviews.languages)
    return [terms[place[one]] if one in place else (f"part {one}",) for one in range(count)]


def _moved(members: Mapping[str, Member], into: Mapping[int, int]) -> dict[str, Member]:
    return {key: one._replace(theme=into.get(one.theme, one.theme)) for key, one in members.items()}


def _centres(vectors: NDArray[np.float32], parts: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return the mean of each part at unit length."""
    import numpy as np

    sums = np.zeros((int(parts.max()) + 1, vectors.shape[1]), dtype=np.float64)
    np.add.at(sums, parts, vectors)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    found: NDArray[np.float32] = (sums / np.maximum(lengths, 1e-12)).astype(np.float32)
    return found


def _nearest(reviews: Slice, rows: NDArray[np.bool_]) -> tuple[str, ...]:
    import numpy as np

    return tuple(reviews.ids[row] for row in by_nearness(reviews, np.flatnonzero(rows))[:3])


def _vocabulary(reviews: Slice, rows: NDArray[np.intp]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(set(words_said(reviews, row)))
    return dict(_ranked(counts))


def _ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_VOCABULARY]
