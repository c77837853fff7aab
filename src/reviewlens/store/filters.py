"""Filters: what the user may say, and the expression Milvus is given.

Here and in `conditions` alone a Milvus expression is put together. Every value is escaped by
`literal`, every field comes from `schema.FIELDS`, every column from the collection's own list.
"""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import index
from typing import SupportsIndex, TypedDict, Unpack

from reviewlens.errors import FilterError
from reviewlens.spelling import refuse_unknown
from reviewlens.store import schema
from reviewlens.store.conditions import (
    RATING_SLACK,
    Columns,
    Condition,
    expression_of,
    literal,
    one_of,
    parse_condition,
    texts_of,
)

_MOST_STARS = 1e6  # more than any scale
_DAY = 86_400_000
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_WEEK = re.compile(r"\d{4}-?W\d{2}")
_TIME = re.compile(
    r"[T ]\d{2}(?::?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?P<fraction>[.,]\d+)?)?)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which reviews are meant; all where nothing is given.

    Attributes:
        rating: Lowest and highest stars on the 1-5 scale, both inclusive, None for open.
        since: Earliest time, UTC milliseconds, inclusive.
        until: Latest time, UTC milliseconds, inclusive.
        products: Any of these, which is no review where there are none of these; None where it
            is not filtered by. Likewise `sources`, `languages`, `clusters`, `review_ids`.
        where: Conditions on any ingested column, all of which must hold.
    """

    rating: tuple[float | None, float | None] | None = None
    since: int | None = None
    until: int | None = None
    products: tuple[str, ...] | None = None
    sources: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    clusters: tuple[int, ...] | None = None
    review_ids: tuple[str, ...] | None = None
    where: tuple[Condition, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filters()

    def star_bounds(self) -> tuple[float, float]:
        """Return the fewest and the most stars as they are stored; absent ones are below both."""
        low, high = self.rating or (None, None)
        most = _MOST_STARS if high is None else min(max(high, schema.NO_RATING), _MOST_STARS)
        fewest = 0.0 if low is None else min(max(low, 0.0), _MOST_STARS)
        return round(fewest - RATING_SLACK, 6), round(most + RATING_SLACK, 6)

    def time_bounds(self) -> tuple[int, int]:
        """Return the earliest and the latest time as stored; an absent one is before both."""
        earliest, latest = schema.NO_TIME + 1, 2**63 - 1
        return (
            earliest if self.since is None else max(self.since, earliest),
            latest if self.until is None else min(self.until, latest),
        )


def any_of(name: str, values: Iterable[str]) -> str:
    """Return the expression that a field holds one of some texts."""
    return one_of(name, map(literal, values))


def compile_filters(filters: Filters, columns: Columns, *, base: str = "") -> str:
    """Return the Milvus expression of a filter.

    Args:
        filters: What the user asked for.
        columns: What the collection holds; a condition may name nothing else.
        base: An expression that must hold besides, such as `passage == 0`.

    Returns:
        An expression, empty when everything matches.

    Raises:
        FilterError: A condition names an unknown column, or compares what has no order.
    """
    parts = [base] if base else []
    if filters.rating is not None:
        fewest, most = filters.star_bounds()
        parts.append(f"rating >= {fewest:.6f}")
        if filters.rating[1] is not None:
            parts.append(f"rating <= {most:.6f}")
    earliest, latest = filters.time_bounds()
    if filters.since is not None or filters.until is not None:
        parts.append(f"time >= {earliest}")
    if filters.until is not None:
        parts.append(f"time <= {latest}")
    for name, values in (
        ("product", filters.products),
        ("source", filters.sources),
        ("language", filters.languages),
        ("review_id", filters.review_ids),
    ):
        if values is not None:
            parts.append(any_of(name, values))
    if filters.clusters is not None:
        parts.append(one_of("cluster", map(str, filters.clusters)))
    parts.extend(expression_of(condition, columns) for condition in filters.where)
    return " and ".join(f"({part})" if len(parts) > 1 else part for part in parts)


def parse_rating(text: str) -> tuple[float | None, float | None]:
    """Read `1..2`, `4..`, `..2` or `5` as lowest and highest stars.

    Raises:
        FilterError: It is not of that form, or the lowest is above the highest.
    """
    low_text, dots, high_text = text.partition("..")
    try:
        low = float(low_text) if low_text.strip() else None
        high = (float(high_text) if high_text.strip() else None) if dots else low
    except ValueError:
        low = high = None
    bounds = [bound for bound in (low, high) if bound is not None]
    if not bounds or not all(map(math.isfinite, bounds)):
        raise FilterError(f"the rating {text!r} cannot be read; wanted 1..2, 4.., ..2 or 5")
    if low is not None and high is not None and low > high:
        raise FilterError(f"the rating {text!r} is empty: {low:g} is above {high:g}")
    return low, high


def parse_time(text: str, *, end: bool = False) -> int:
    """Read a date or time as UTC milliseconds.

    Args:
        text: `2024`, `2024-03`, `2024-03-05` or an ISO time; without a zone it is UTC.
        end: Return the last millisecond that the text covers instead of the first, so that
            `--until 2024-03` includes the whole of March.

    Raises:
        FilterError: It is no such date.
    """
    written = text.strip()
    match = _DATE.fullmatch(written)
    try:
        if match is None:
            return _moment(written, end=end)
        _, month, day = (None if part is None else int(part) for part in match.groups())
        first = datetime(int(match[1]), 1 if month is None else month, 1 if day is None else day)
        if end and month is None:
            first = first.replace(month=12)
        if end and day is None:
            first = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        return _milliseconds(first) + (_DAY - 1 if end else 0)
    except ValueError as error:
        raise FilterError(
            f"the date {text!r} cannot be read; wanted 2024, 2024-03, 2024-03-05 "
            "or 2024-03-05T12:00"
        ) from error


def _moment(written: str, *, end: bool) -> int:
    """Read an ISO date or time; what is left out of it (minutes, seconds) is covered by it."""
    moment = datetime.fromisoformat(written)
    time = _TIME.search(written)
    if time is None:
        covered = _DAY if _WEEK.fullmatch(written) is None else 7 * _DAY
    elif time["fraction"]:
        covered = 1
    else:
        covered = 1_000 if time["second"] else 60_000 if time["minute"] else 3_600_000
    return _milliseconds(moment) + (covered - 1 if end else 0)


def _milliseconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


class FilterArguments(TypedDict, total=False):
    """Filters as plain arguments; the command's flags have the same names.

    None is "not given". An empty list selects nothing; but of `where`, all of no conditions hold.

    Attributes:
        rating: `1..2`, `4..`, `..2` or `5`, on the 1-5 scale, inclusive.
        since: Earliest date: `2024`, `2024-03`, `2024-03-05` or an ISO time; UTC without a zone.
        until: Latest date, inclusive: `2024-03` includes the whole of March.
        product: One or several; any of them. Likewise `source`, `language` and `cluster`.
        where: Conditions such as `city=Paris`, `version!=2.1`, `delay>=3`, `city=Paris,Rome`,
            or `Condition` objects, one or several; all must hold.
    """

    rating: str | float | None
    since: str | None
    until: str | None
    product: str | Sequence[str] | None
    source: str | Sequence[str] | None
    language: str | Sequence[str] | None
    cluster: int | Sequence[int] | None
    where: str | Condition | Sequence[str | Condition] | None


def build_filters(
    columns: Columns,
    *,
    review_ids: str | Sequence[str] | None = None,
    **arguments: Unpack[FilterArguments],
) -> Filters:
    """Return the filter that plain arguments describe.

    Args:
        columns: What the collection holds; a condition is read by its column names.
        review_ids: Any of these, no review where there are none of these; None for any review.
        **arguments: See `FilterArguments`.

    Raises:
        FilterError: One of them cannot be read.
        TypeError: There is no such filter, or it is given something of another kind.
    """
    refuse_unknown(arguments, FilterArguments.__annotations__, "there is no filter")
    rating, since, until = (arguments.get(name) for name in ("rating", "since", "until"))
    return Filters(
        rating=None if rating is None else parse_rating(str(rating)),
        since=None if since is None else parse_time(str(since)),
        until=None if until is None else parse_time(str(until), end=True),
        products=_texts("product", arguments.get("product")),
        sources=_texts("source", arguments.get("source")),
        languages=_texts("language", arguments.get("language")),
        clusters=_themes(arguments.get("cluster")),
        review_ids=_texts("review_ids", review_ids),
        where=_conditions(arguments.get("where"), columns),
    )


def _texts(name: str, given: object) -> tuple[str, ...] | None:
    return None if given is None else texts_of(given, name)


def _themes(given: object) -> tuple[int, ...] | None:
    if given is None:
        return None
    themes = []
    for theme in given if isinstance(given, Iterable) else (given,):
        if not isinstance(theme, SupportsIndex):
            raise TypeError(f"cluster takes the number of a theme or several, not {given!r}")
        themes.append(index(theme))
    if any(abs(theme) >= 2**63 for theme in themes):
        raise FilterError(f"there is no theme {max(themes, key=abs)}")
    return tuple(themes)


def _conditions(given: object, columns: Columns) -> tuple[Condition, ...]:
    several = (given,) if isinstance(given, str | Condition) else () if given is None else given
    if not isinstance(several, Iterable):
        raise TypeError(f"where takes conditions such as 'city=Paris', not {given!r}")
    conditions = []
    for one in several:
        if not isinstance(one, str | Condition):
            raise TypeError(f"where takes conditions such as 'city=Paris'; {one!r} is none")
        conditions.append(one if isinstance(one, Condition) else parse_condition(one, columns))
    return tuple(conditions)
