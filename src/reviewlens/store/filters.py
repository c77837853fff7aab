"""Filters: what the user may say, and the expression Milvus is given.

Here and in `conditions` alone a Milvus expression is put together. Every value is escaped by
`literal`, every field comes from `schema.FIELDS`, every column from the collection's own list.
"""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from numbers import Real
from operator import index
from typing import TYPE_CHECKING, Any, SupportsIndex

from reviewlens.errors import FilterError, refuse_unknown
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

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_EARLIEST, _LATEST = schema.NO_TIME + 1, 2**63 - 1
_MOST_STARS = 1e6  # more than any scale
_DAY = 86_400_000
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_WEEK = re.compile(r"\d{4}-?W\d{2}")
_TIME = re.compile(
    r"[T ]\d{2}(?::?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?P<fraction>[.,]\d+)?)?)?"
)


Stars = str | float | tuple[float | None, float | None]
"""`1..2`, `4..`, `..2` or `5`, a number, or the lowest and the highest, None for open."""

Day = str | date
"""`2024`, `2024-03`, `2024-03-05` or an ISO time, or a date or time (of pandas as well)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One filter, declared once: what may be said, and what it leaves, in Milvus and in memory.

    Attributes:
        name: Of the argument of `Selection.where`, of the parameter of an address, and, behind
            `--`, of the option.
        field: Of a review, by its name in Milvus.
        title: What a page calls it.
        help: What it takes, in one sentence.
        metavar: What stands for its value in the help of a command.
        form: How a page asks for it: by `stars`, a `date`, or `values` of those that there are,
            which may be codes of `languages`.
        many: Whether it takes several values, any of which is meant.
        number: Whether a value is a whole number.
        shown: Whether commands, addresses and pages have it, and not Python alone.
    """

    name: str
    field: str
    title: str = ""
    help: str = ""
    metavar: str = "NAME"
    form: str = "values"
    many: bool = False
    number: bool = False
    shown: bool = True

    def read(self, given: Any) -> Any:  # noqa: ANN401 - whatever the user gave
        """Return a value as it is kept: hashable, and the same for what means the same.

        Raises:
            FilterError: It cannot be read.
            TypeError: It is of another kind.
        """
        raise NotImplementedError

    def expressions(self, value: Any, filters: Filters) -> Iterator[str]:  # noqa: ANN401
        """Yield the Milvus expressions that must hold."""
        raise NotImplementedError

    def keeps(self, value: Any, column: Any) -> NDArray[np.bool_]:  # noqa: ANN401
        """Return which reviews it leaves, of their column as Milvus has it stored."""
        raise NotImplementedError

    def both(self, one: Any, other: Any) -> Any:  # noqa: ANN401
        """Return the value that leaves what two leave."""
        raise NotImplementedError


class StarRange(Filter):
    """Stars from the fewest to the most, both inclusive, None for open."""

    __slots__ = ()

    def read(self, given: Stars) -> tuple[float | None, float | None]:
        """Read stars; see `read_rating`."""
        return read_rating(given)

    def expressions(self, value: Any, filters: Filters) -> Iterator[str]:  # noqa: ANN401
        """Yield the bounds; the lower one also leaves out the reviews without stars."""
        fewest, most = star_bounds(value)
        yield f"rating >= {fewest:.6f}"
        if value[1] is not None:
            yield f"rating <= {most:.6f}"

    def keeps(self, value: Any, column: NDArray[np.float64]) -> NDArray[np.bool_]:  # noqa: ANN401
        """Return which of the stored stars lie between."""
        fewest, most = star_bounds(value)
        return (column >= fewest) & (column <= most)

    def both(self, one: Any, other: Any) -> Any:  # noqa: ANN401
        """Return the range that both have in common."""
        lowest = [low for low, _ in (one, other) if low is not None]
        highest = [high for _, high in (one, other) if high is not None]
        return max(lowest, default=None), min(highest, default=None)


class From(Filter):
    """From a time on, UTC milliseconds, inclusive."""

    __slots__ = ()

    def read(self, given: Day) -> int:
        """Read the first moment of a day or a time."""
        return read_day(given)

    def expressions(self, value: int, filters: Filters) -> Iterator[str]:
        """Yield the bound, which leaves out the reviews without a date."""
        yield f"time >= {max(value, _EARLIEST)}"

    def keeps(self, value: int, column: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of the stored times are as late."""
        return column >= max(value, _EARLIEST)

    def both(self, one: int, other: int) -> int:
        """Return the later one."""
        return max(one, other)


class UpTo(Filter):
    """Up to and including a time, UTC milliseconds."""

    __slots__ = ()

    def read(self, given: Day) -> int:
        """Read the last moment of a day or a time."""
        return read_day(given, end=True)

    def expressions(self, value: int, filters: Filters) -> Iterator[str]:
        """Yield the bound, and one below which there are but the reviews without a date."""
        if not any(isinstance(FILTERS[name], From) for name, _ in filters.values):
            yield f"time >= {_EARLIEST}"
        yield f"time <= {min(value, _LATEST)}"

    def keeps(self, value: int, column: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of the stored times are as early."""
        return (column >= _EARLIEST) & (column <= min(value, _LATEST))

    def both(self, one: int, other: int) -> int:
        """Return the earlier one."""
        return min(one, other)


class AnyOf(Filter):
    """Any of some texts, or of some whole numbers; no review where there are none of these."""

    __slots__ = ()

    def read(self, given: Any) -> tuple[str | int, ...]:  # noqa: ANN401
        """Read one value or several."""
        return _numbers(self.name, given) if self.number else texts_of(given, self.name)

    def expressions(self, value: Any, filters: Filters) -> Iterator[str]:  # noqa: ANN401
        """Yield that the field holds one of them."""
        yield one_of(self.field, map(str if self.number else literal, value))

    def keeps(self, value: Any, column: Any) -> NDArray[np.bool_]:  # noqa: ANN401
        """Return which have one of them: numbers, or a column of `Names`."""
        import numpy as np

        if self.number:
            kept: NDArray[np.bool_] = np.isin(column, np.array(value, dtype=np.int64))
        else:
            kept = column.among(value)
        return kept

    def both(self, one: Any, other: Any) -> Any:  # noqa: ANN401
        """Return what is among both."""
        return tuple(value for value in one if value in other)


FILTERS: Mapping[str, Filter] = {
    declared.name: declared
    for declared in (
        StarRange(
            name="rating",
            field="rating",
            title="Stars",
            help="Stars from A to B, such as `1..2` or `4..`, on the 1-5 scale.",
            metavar="A..B",
            form="stars",
        ),
        From(
            name="since",
            field="time",
            title="From",
            help="From this date on: `2024`, `2024-03`, `2024-03-05`.",
            metavar="DATE",
            form="date",
        ),
        UpTo(
            name="until",
            field="time",
            title="To",
            help="Up to and including this date.",
            metavar="DATE",
            form="date",
        ),
        AnyOf(
            name="product",
            field="product",
            title="Product",
            help="This product; may be repeated.",
            many=True,
        ),
        AnyOf(
            name="source",
            field="source",
            title="Source",
            help="This source; may be repeated.",
            many=True,
        ),
        AnyOf(
            name="language",
            field="language",
            title="Language",
            help="This language, such as en; may be repeated.",
            metavar="CODE",
            form="languages",
            many=True,
        ),
        AnyOf(
            name="cluster",
            field="cluster",
            title="Theme",
            help="This saved theme; may be repeated.",
            metavar="ID",
            many=True,
            number=True,
        ),
        AnyOf(name="ids", field="review_id", many=True, shown=False),
    )
}
"""All filters by name. `Selection.where` has an argument of each, and a test holds it to them."""

WHERE = (
    "A condition on any ingested column: city=Paris, version!=2.1, delay>=3, city=Paris,Rome. All "
    "given must hold."
)
"""What `--where` takes, which is no filter of one field."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which reviews are meant; all where nothing is given.

    Attributes:
        values: What each filter was given, by name, in the order of `FILTERS`.
        where: Conditions on any ingested column, all of which must hold: as they were given, a
            text being read by the column names of the collection that is asked.
        words: The same as they were given, for headings.
    """

    values: tuple[tuple[str, Any], ...] = ()
    where: tuple[str | Condition, ...] = ()
    words: tuple[str, ...] = field(default=(), compare=False)

    def get(self, name: str) -> Any:  # noqa: ANN401 - as the filter reads it
        """Return what a filter was given; None where it was not."""
        return dict(self.values).get(name)

    def __str__(self) -> str:
        """Return them in words."""
        return " and ".join(self.words) or "all"

    def __and__(self, other: Filters) -> Filters:
        """Return the filters that leave what both leave."""
        one, two = dict(self.values), dict(other.values)
        both = {**one, **two}
        for name in one.keys() & two.keys():
            both[name] = FILTERS[name].both(one[name], two[name])
        return Filters(
            tuple((name, both[name]) for name in FILTERS if name in both),
            tuple(dict.fromkeys((*self.where, *other.where))),
            tuple(dict.fromkeys((*self.words, *other.words))),
        )

    def __bool__(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filters()


def star_bounds(rating: tuple[float | None, float | None]) -> tuple[float, float]:
    """Return the fewest and the most stars as they are stored; absent ones are below both."""
    low, high = rating
    most = _MOST_STARS if high is None else min(max(high, schema.NO_RATING), _MOST_STARS)
    fewest = 0.0 if low is None else min(max(low, 0.0), _MOST_STARS)
    return round(fewest - RATING_SLACK, 6), round(most + RATING_SLACK, 6)


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
    for name, value in filters.values:
        parts.extend(FILTERS[name].expressions(value, filters))
    parts.extend(
        expression_of(parse_condition(one, columns) if isinstance(one, str) else one, columns)
        for one in filters.where
    )
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
    if "..." in text or not bounds or not all(map(math.isfinite, bounds)):
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


def choose(*conditions: str | Condition, **given: Any) -> Filters:  # noqa: ANN401
    """Return the filters that plain arguments describe.

    Args:
        *conditions: See `Selection.where`.
        **given: By the names of `FILTERS`, see `Selection.where`; None is "not given".

    Raises:
        FilterError: One of them cannot be read, or `until` is before `since`.
        TypeError: There is no such filter, or one is of another kind.
    """
    refuse_unknown(given, FILTERS, "there is no filter")
    given = {name: given[name] for name in FILTERS if given.get(name) is not None}
    # What can be gone through once is read, and said in words.
    given = {n: tuple(one) if isinstance(one, Iterator) else one for n, one in given.items()}
    where = _conditions(conditions)
    read = {name: FILTERS[name].read(value) for name, value in given.items()}
    if "since" in read and "until" in read and read["since"] > read["until"]:
        raise FilterError(
            f"no review can be from {given['since']} on and up to {given['until']}, which is "
            "earlier; wanted since before until"
        )
    return Filters(
        tuple(read.items()),
        where,
        (*(_said(name, value) for name, value in given.items()), *map(str, where)),
    )


def _said(name: str, value: object) -> str:
    if name == "rating" and isinstance(value, tuple | list):
        return f"rating={'..'.join('' if one is None else f'{one:g}' for one in value)}"
    several = (value,) if isinstance(value, str) or not isinstance(value, Iterable) else value
    words = [str(one) for one in several]
    return f"{name}={','.join(words) if words else '[]'}"


def read_rating(given: Stars) -> tuple[float | None, float | None]:
    """Return the lowest and the highest stars that are meant, None for open.

    Raises:
        FilterError: They cannot be read, or the lowest is above the highest.
        TypeError: It is something else.
    """
    if isinstance(given, tuple | list):
        if len(given) != 2 or not all(one is None or isinstance(one, Real) for one in given):
            raise TypeError(f"rating takes the lowest and the highest stars, not {given!r}")
        low, high = given
        return parse_rating(f"{'' if low is None else low}..{'' if high is None else high}")
    if isinstance(given, bool) or not isinstance(given, str | Real):
        raise TypeError(f"rating takes 1..2, 4.., a number or two, not {given!r}")
    return parse_rating(str(given))


def read_day(given: Day, *, end: bool = False) -> int:
    """Return the UTC milliseconds that a day or a time begins with, or ends with.

    Raises:
        FilterError: It cannot be read.
        TypeError: It is something else.
    """
    if isinstance(given, str):
        return parse_time(given, end=end)
    if not isinstance(given, date):
        if isinstance(given, int):  # a year
            return parse_time(str(given), end=end)
        raise TypeError(f"a date is a text such as 2024-03 or a date, not {given!r}")
    if given != given:  # that of pandas which is none
        raise FilterError("the date is none (NaT); wanted a date")
    if isinstance(given, datetime):
        return _milliseconds(given)
    return parse_time(given.isoformat(), end=end)


def _numbers(name: str, given: object) -> tuple[int, ...]:
    numbers = []
    for one in given if isinstance(given, Iterable) else (given,):
        if isinstance(one, bool) or not isinstance(one, SupportsIndex):
            raise TypeError(f"{name} takes the number of a theme or several, not {one!r}")
        numbers.append(index(one))
    if any(abs(number) >= 2**63 for number in numbers):
        raise FilterError(f"there is no theme {max(numbers, key=abs)}")
    return tuple(numbers)


def _conditions(given: Iterable[object]) -> tuple[str | Condition, ...]:
    conditions = []
    for one in given:
        if not isinstance(one, str | Condition):
            raise TypeError(
                f"a condition is a text such as 'city=Paris' or a Condition; {one!r} is none"
            )
        if isinstance(one, str):
            texts_of((one,), "a condition")
        conditions.append(one)
    return tuple(conditions)
