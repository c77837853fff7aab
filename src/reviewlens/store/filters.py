"""Filters: what the user may say, and the expression Milvus is given.

The only place where a Milvus expression is put together. Every value is escaped by
`literal`, every field comes from `schema.FIELDS`, every column from the collection's own list.
"""

from __future__ import annotations

import calendar
import difflib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypedDict, Unpack

from reviewlens.errors import FilterError
from reviewlens.store import schema

OPERATORS = ("!=", ">=", "<=", "=", ">", "<")
RATING_SLACK = 1e-4
"""How far off a rating may be for having been a 32-bit float."""
_EXACT_INTEGERS = 2**53
_DAY = 86_400_000
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_TIME = re.compile(
    r"[T ]\d{2}(?::?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?P<fraction>[.,]\d+)?)?)?"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One `--where`: a column, an operator, and one or several values.

    Several values go with `=` (any of them) and `!=` (none of them).
    """

    column: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """The input's columns that a collection knows.

    Attributes:
        extra: Columns kept as extra fields.
        mapped: Columns that became a field of their own, by header.
    """

    extra: tuple[str, ...] = ()
    mapped: Mapping[str, str] = field(default_factory=dict)

    def names(self) -> list[str]:
        """Return every name that a condition may use."""
        return [*_FIELDS_OF_CONDITIONS, *self.mapped, *self.extra]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which reviews are meant; an empty filter means all.

    Attributes:
        rating: Lowest and highest stars on the 1-5 scale, both inclusive, None for open.
        since: Earliest time, UTC milliseconds, inclusive.
        until: Latest time, UTC milliseconds, inclusive.
        products: Any of these; likewise `sources`, `languages`, `clusters`, `review_ids`.
        where: Conditions on any ingested column, all of which must hold.
    """

    rating: tuple[float | None, float | None] | None = None
    since: int | None = None
    until: int | None = None
    products: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    clusters: tuple[int, ...] = ()
    review_ids: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filters()


_FIELDS_OF_CONDITIONS = ("title", "product", "author", "source", "language", "review_id")
_NUMBER_FIELDS = ("tokens", "tokens_embedded", "tokens_unknown", "cluster", "rating_given")


def literal(text: str) -> str:
    r"""Return a string literal that Milvus Lite and every server read as this very text.

    Only `\`, `"`, LF, CR and TAB are escaped: other JSON escapes fail in Milvus Lite's parser.
    """
    escaped = (
        text.replace("\\", "\\\\")
        .replace('"', '\\"')
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t")
    )
    return f'"{escaped}"'


def any_of(name: str, values: Iterable[str]) -> str:
    """Return the expression that a field holds one of some texts."""
    return f"{name} in [{', '.join(literal(value) for value in values)}]"


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
        low, high = filters.rating
        parts.append(f"rating >= {(0.0 if low is None else low) - RATING_SLACK:.6f}")
        if high is not None:
            parts.append(f"rating <= {high + RATING_SLACK:.6f}")
    if filters.since is not None or filters.until is not None:
        parts.append(f"time >= {schema.NO_TIME + 1 if filters.since is None else filters.since}")
    if filters.until is not None:
        parts.append(f"time <= {filters.until}")
    for name, values in (
        ("product", filters.products),
        ("source", filters.sources),
        ("language", filters.languages),
        ("review_id", filters.review_ids),
    ):
        if values:
            parts.append(any_of(name, values))
    if filters.clusters:
        parts.append(f"cluster in [{', '.join(str(int(c)) for c in filters.clusters)}]")
    parts.extend(_condition(condition, columns) for condition in filters.where)
    return " and ".join(f"({part})" if len(parts) > 1 else part for part in parts)


def _condition(condition: Condition, columns: Columns) -> str:
    if condition.operator not in OPERATORS or not condition.values:
        raise FilterError(
            f"the condition on {condition.column!r} uses {condition.operator!r} with "
            f"{len(condition.values)} values; wanted one of {' '.join(OPERATORS)} and a value"
        )
    name = columns.mapped.get(condition.column, condition.column)
    if name in ("time", "rating") and condition.column not in columns.extra:
        cure = "--since and --until" if name == "time" else "--rating"
        raise FilterError(f"the column {condition.column!r} is filtered with {cure}, not --where")
    if condition.column in columns.extra:
        return _on_extra(condition)
    if name in _FIELDS_OF_CONDITIONS:
        return _on_text_field(name, condition)
    if name in _NUMBER_FIELDS:
        return _on_number_field(name, condition)
    known = columns.names()
    near = difflib.get_close_matches(condition.column, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise FilterError(
        f"there is no column {condition.column!r} to filter on; found {', '.join(known)}{hint}"
    )


def _on_extra(condition: Condition) -> str:
    text = f"extra[{literal(schema.text_key(condition.column))}]"
    number = f"extra[{literal(schema.number_key(condition.column))}]"
    if condition.operator in ("=", "!="):
        equal = []
        for value in condition.values:
            equal.append(f"{text} == {literal(value)}")
            as_number = schema.as_number(value)
            # Beyond this, whole numbers that differ are one as floats; their texts differ.
            if as_number is not None and abs(as_number) < _EXACT_INTEGERS:
                equal.append(f"{number} == {as_number!r}")
        either = " or ".join(equal)
        if condition.operator == "=":
            return either
        # A review whose file lacks the column does not have the value either.
        return f"(not ({either})) or (not (exists {text}))"
    return f"{number} {condition.operator} {_one_number(condition)!r}"


def _on_text_field(name: str, condition: Condition) -> str:
    if condition.operator not in ("=", "!="):
        raise FilterError(
            f"{condition.column!r} holds text, which has no order; "
            f"found {condition.operator!r}, wanted = or !="
        )
    found = any_of(name, condition.values)
    return found if condition.operator == "=" else f"not ({found})"


def _on_number_field(name: str, condition: Condition) -> str:
    if condition.operator in ("=", "!="):
        numbers = [_number(condition, value) for value in condition.values]
        slack = RATING_SLACK if name == "rating_given" else 0.25
        either = " or ".join(
            f"({name} >= {number - slack!r} and {name} <= {number + slack!r})" for number in numbers
        )
        return either if condition.operator == "=" else f"not ({either})"
    present = f"{name} > {schema.NO_NUMBER / 2!r} and " if name == "rating_given" else ""
    return f"{present}{name} {condition.operator} {_one_number(condition)!r}"


def _one_number(condition: Condition) -> float:
    if len(condition.values) != 1:
        raise FilterError(
            f"{condition.column}{condition.operator} takes one number, "
            f"found {len(condition.values)} values"
        )
    return _number(condition, condition.values[0])


def _number(condition: Condition, value: str) -> float:
    number = schema.as_number(value)
    if number is None:
        raise FilterError(
            f"{condition.column}{condition.operator}{value} compares with {value!r}, "
            f"which is no number; wanted a number, such as "
            f"{condition.column}{condition.operator}3"
        )
    return number


def parse_condition(text: str, columns: Columns) -> Condition:
    r"""Read a `--where` such as `city=Paris`, `version!=2.1`, `delay>=3` or `city=Paris,Rome`.

    The longest known column name that starts the text is taken, so that a name may hold
    spaces and operators. A comma inside a value is written `\,`.

    Raises:
        FilterError: There is no operator, or no value.
    """
    stripped = text.lstrip()
    starts = [name for name in columns.names() if stripped.startswith(name)]
    for name in sorted(starts, key=len, reverse=True):
        rest = stripped[len(name) :].lstrip()
        operator = next((op for op in OPERATORS if rest.startswith(op)), None)
        if operator:
            value = rest[len(operator) :]
            # `city = Paris` is written with spaces for the eye; in `city= Paris` one is meant.
            spaced = stripped[len(name) : len(name) + 1].isspace()
            return Condition(name, operator, _values(value.strip() if spaced else value, operator))
    match = re.match(r"(?s)\s*(.+?)\s*(!=|>=|<=|=|>|<)(.*)", text)
    if match is None:
        raise FilterError(
            f"the condition {text!r} has no operator; wanted COLUMN=VALUE, or one of "
            f"{' '.join(OPERATORS)} in place of ="
        )
    return Condition(match[1], match[2], _values(match[3], match[2]))


def _values(text: str, operator: str) -> tuple[str, ...]:
    if operator not in ("=", "!="):
        return (text.strip(),)
    parts = re.split(r"(?<!\\),", text)
    return tuple(part.replace("\\,", ",") for part in parts)


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
        covered = _DAY
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

    Attributes:
        rating: `1..2`, `4..`, `..2` or `5`, on the 1-5 scale, inclusive.
        since: Earliest date: `2024`, `2024-03`, `2024-03-05` or an ISO time; UTC without a zone.
        until: Latest date, inclusive: `2024-03` includes the whole of March.
        product: One or several; any of them. Likewise `source`, `language` and `cluster`.
        where: Conditions such as `city=Paris`, `version!=2.1`, `delay>=3`, `city=Paris,Rome`,
            or `Condition` objects; all must hold.
    """

    rating: str | float | None
    since: str | None
    until: str | None
    product: str | Sequence[str]
    source: str | Sequence[str]
    language: str | Sequence[str]
    cluster: int | Sequence[int]
    where: str | Sequence[str | Condition]


def build_filters(
    columns: Columns,
    *,
    review_ids: str | Sequence[str] = (),
    **arguments: Unpack[FilterArguments],
) -> Filters:
    """Return the filter that plain arguments describe.

    Args:
        columns: What the collection holds; a condition is read by its column names.
        review_ids: Any of these.
        **arguments: See `FilterArguments`.

    Raises:
        FilterError: One of them cannot be read.
    """
    rating, since, until = (arguments.get(name) for name in ("rating", "since", "until"))
    cluster = arguments.get("cluster", ())
    where = arguments.get("where", ())
    themes = (cluster,) if isinstance(cluster, int) else tuple(cluster)
    if any(abs(theme) >= 2**63 for theme in themes):
        raise FilterError(f"there is no theme {max(themes, key=abs)}")
    return Filters(
        rating=None if rating is None else parse_rating(str(rating)),
        since=None if since is None else parse_time(str(since)),
        until=None if until is None else parse_time(str(until), end=True),
        products=_several(arguments.get("product", ())),
        sources=_several(arguments.get("source", ())),
        languages=_several(arguments.get("language", ())),
        clusters=themes,
        review_ids=_several(review_ids),
        where=tuple(
            item if isinstance(item, Condition) else parse_condition(item, columns)
            for item in ([where] if isinstance(where, str) else where)
        ),
    )


def _several(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
