"""Our own exports, read back: ids, texts, stars and columns as they were."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from reviewlens.reading.names import Role
from reviewlens.reading.ratings import Scale, parse_rating

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
_RENAMED = re.compile(rf"({'|'.join((*COLUMNS, 'embedding'))})_\d+")
_EMBEDDING = re.compile(r"embedding(_\d+)?")
_SAME = 1e-3


def is_export(header: Sequence[str]) -> bool:
    """Tell whether a table is an export of ours, by its first columns."""
    return tuple(header[: len(COLUMNS)]) == COLUMNS


def extra_columns(header: Sequence[str]) -> list[tuple[int, str]]:
    """Return the places of the columns that were the user's, each with the name that it had.

    One that is called as a column of ours is exported with a number behind its name.
    """
    found = []
    for place, name in enumerate(header[len(COLUMNS) :], start=len(COLUMNS)):
        if not _EMBEDDING.fullmatch(name):
            renamed = _RENAMED.fullmatch(name)
            found.append((place, renamed[1] if renamed else name))
    return found


def scale_of(pairs: Iterable[tuple[str, str]]) -> Scale | None:
    """Return the scale that leads from ratings as given to stars; None where they do not tell.

    Args:
        pairs: A rating as given, and its stars.
    """
    points = sorted({(_number(given), _number(stars)) for given, stars in pairs if given and stars})
    known = [(given, stars) for given, stars in points if given is not None and stars is not None]
    if not known or known[0][0] == known[-1][0]:
        return None
    (first, low_stars), (last, high_stars) = known[0], known[-1]
    if high_stars <= low_stars:
        return None
    width = 4.0 * (last - first) / (high_stars - low_stars)
    low = first - (low_stars - 1.0) / 4.0 * width
    return _rounded(low), _rounded(low + width)


def _number(text: str) -> float | None:
    rating = parse_rating(text)
    return None if rating is None else rating.number


def _rounded(end: float) -> float:
    return float(round(end)) if abs(end - round(end)) < _SAME else end
