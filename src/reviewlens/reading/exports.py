"""Our own exports, read back: ids, texts, stars and columns as they were."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, islice

from reviewlens.reading.names import Role
from reviewlens.reading.ratings import NAMED_TOPS, Rating, Scale, parse_rating, to_stars

COLUMNS = (
    "review_id",
    "text",
    "title",
    "rating",
    "time",
    "product",
    "author",
    "source",
    "language",
    "cluster",
    "cluster_confidence",
    "rating_given",
)
"""What every export holds; the input's other columns follow, then `embedding`."""
SOURCE = "source"
ROLES: Mapping[Role, str] = {
    "text": "text",
    "title": "title",
    "rating": "rating_given",
    "time": "time",
    "product": "product",
    "author": "author",
    "id": "review_id",
}
"""What plays which role in an export; `rating` are the stars, made of what was given."""
RENAMED = " (column)"
"""What the export puts behind the name of a column that is called as one of ours."""
_OURS = re.compile(rf"{'|'.join(COLUMNS)}|embedding(_\d+)?|.* \(column\)", re.DOTALL)
_EMBEDDING = re.compile(r"embedding(_\d+)?")
_SAME = 1e-4
_MOST_EXPLAINED = 0.9
_MOST_LINES = 500
_USUAL = (
    (1.0, 5.0), (0.0, 5.0), (1.0, 10.0), (0.0, 10.0), (0.0, 100.0), (1.0, 7.0), (0.0, 1.0),
)  # fmt: skip


def is_export(header: Sequence[str]) -> bool:
    """Tell whether a table is an export of ours, by its first columns."""
    return tuple(header[: len(COLUMNS)]) == COLUMNS


def exported_name(column: str) -> str:
    """Return the name under which a user's column is exported: its own, where it is not ours."""
    return column + RENAMED if _OURS.fullmatch(column) else column


def extra_columns(header: Sequence[str]) -> list[tuple[int, str]]:
    """Return the places of the columns that were the user's, each with the name that it had."""
    return [
        (place, name.removesuffix(RENAMED))
        for place, name in enumerate(header[len(COLUMNS) :], start=len(COLUMNS))
        if not _EMBEDDING.fullmatch(name)
    ]


def scale_of(pairs: Iterable[tuple[str, str]]) -> Scale | None:
    """Return the scale that leads from ratings as given to stars; None where they do not tell.

    It is that of the usual ones, or of the line through two pairs, which explains most pairs, and
    nine in ten at least: a few ratings may have named a highest one of their own.

    Args:
        pairs: A rating as given, and its stars.
    """
    read = {(_number(given), _number(stars)) for given, stars in pairs}
    points = sorted((g, s) for g, s in read if g is not None and s is not None)
    if len({given for given, _ in points}) < 2:
        return None
    tried = [*_USUAL, *(_line(*two) for two in islice(combinations(points, 2), _MOST_LINES))]
    explained = {
        scale: sum(_is_near(given, stars, scale) for given, stars in points)
        for scale in tried
        if scale is not None
    }
    best = max(explained, key=lambda scale: explained[scale])
    return best if explained[best] >= max(2, _MOST_EXPLAINED * len(points)) else None


def stars_of(given: float | None, stars: str, scale: Scale | None) -> float | None:
    """Return the stars of an exported review, as exact as they were before they were stored.

    Stored stars have 32 bits. Where the scale, or a highest rating that the rating may have named,
    leads to them, it is that figure; else they are taken as they stand.

    Args:
        given: The rating as given.
        stars: As exported.
        scale: Of the review's source.
    """
    written = _number(stars)
    if written is None or given is None or scale is None:
        return written
    for top in (0.0, *NAMED_TOPS):
        exact = to_stars(Rating(given, top), scale)
        if exact is not None and abs(exact - written) < _SAME:
            return exact
    return written


def _line(one: tuple[float, float], other: tuple[float, float]) -> Scale | None:
    (first, low_stars), (last, high_stars) = one, other
    if high_stars <= low_stars or last <= first:
        return None
    width = 4.0 * (last - first) / (high_stars - low_stars)
    low = first - (low_stars - 1.0) / 4.0 * width
    return _rounded(low), _rounded(low + width)


def _is_near(given: float, stars: float, scale: Scale) -> bool:
    told = to_stars(Rating(given), scale)
    return told is not None and abs(told - stars) < _SAME


def _number(text: str) -> float | None:
    rating = parse_rating(text)
    return None if rating is None else rating.number


def _rounded(end: float) -> float:
    return float(round(end)) if abs(end - round(end)) < _SAME else end
