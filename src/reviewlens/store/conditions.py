r"""Conditions on columns, such as `city=Paris`, and the Milvus expression of one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from reviewlens.errors import FilterError, nearest
from reviewlens.store import schema

OPERATORS = ("!=", ">=", "<=", "=", ">", "<")
_EQUALITY = ("=", "!=")
RATING_SLACK = 1e-4
"""How far off a rating may be for having been a 32-bit float."""
_EXACT_INTEGERS = 2**53
_BEYOND_FLOATS = 1e39  # no 32-bit float is above it
_NOTHING = "passage < 0"

_TEXT_FIELDS = ("title", "product", "author", "source", "language", "review_id")
_WHOLE_NUMBERS = ("tokens", "tokens_embedded", "tokens_unknown", "cluster")
_OTHERWISE = {
    "time": "--since and --until",
    "rating": "--rating",
    "text": "a search, such as search --mode keyword",
}
"""Fields that no condition is on, and what finds reviews by them."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One `--where`: a column, an operator, and one or several values.

    Several values go with `=` (any of them) and `!=` (none of them).

    Raises:
        TypeError: A value is no text.
    """

    column: str
    operator: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        """Take one text for one value, not for its characters."""
        values = texts_of(self.values, f"the condition on {self.column!r}")
        object.__setattr__(self, "values", values)

    def __str__(self) -> str:
        """Return it as it is written."""
        return f"{self.column}{self.operator}{','.join(self.values)}"


@dataclass(frozen=True, slots=True)
class Columns:
    """The input's columns that a collection knows.

    Attributes:
        extra: Columns kept as extra fields.
        mapped: Columns that became a field of their own, by header.
        disputed: Of these the ones that became another field in one file than in the next, with
            all their fields.
    """

    extra: tuple[str, ...] = ()
    mapped: Mapping[str, str] = field(default_factory=dict)
    disputed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def names(self) -> list[str]:
        """Return every name that a condition may use, once."""
        return list(dict.fromkeys([*_TEXT_FIELDS, *self.mapped, *self.extra]))

    def joined(self, other: Columns) -> Columns:
        """Return what either knows; of a header that is mapped twice, `other` has it later."""
        mapped = {**self.mapped, **other.mapped}
        fields = {name: self._fields(name) | other._fields(name) for name in mapped}
        return Columns(
            tuple(dict.fromkeys([*self.extra, *other.extra])),
            mapped,
            {name: tuple(sorted(some)) for name, some in fields.items() if len(some) > 1},
        )

    def _fields(self, name: str) -> set[str]:
        return {*self.disputed.get(name, ()), *([self.mapped[name]] if name in self.mapped else [])}


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


def one_of(name: str, written: Iterable[str]) -> str:
    """Return the expression that a field holds one of some values; it has none of no values.

    Args:
        name: Of the field.
        written: Texts as `literal` writes them, or whole numbers.
    """
    listed = ", ".join(written)
    return f"{name} in [{listed}]" if listed else _NOTHING  # not all servers take an empty list


def texts_of(given: object, what: str) -> tuple[str, ...]:
    """Return one text, or several, as several.

    Args:
        given: A text, or an iterable of texts.
        what: What they are given for, for messages.

    Raises:
        TypeError: It is neither.
        FilterError: A text is none that could be stored.
    """
    several = (given,) if isinstance(given, str) else given
    if isinstance(several, Mapping) or hasattr(several, "columns"):  # whose names are no values
        kind = type(several).__name__
        raise TypeError(f"{what} takes a text or several, not a {kind}; give a column of it")
    if not isinstance(several, Iterable):
        raise TypeError(f"{what} takes a text or several, not {given!r}")
    values = tuple(several)
    for value in values:
        if not isinstance(value, str):
            raise TypeError(f"{what} takes a text or several; {value!r} is none")
    try:
        "".join(values).encode()
    except UnicodeEncodeError as error:
        raise FilterError(
            f"a value of {what} holds {error.object[error.start]!r}, half a character, which no "
            "review can have; wanted text that can be written as UTF-8"
        ) from error
    return values


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
    if operator not in _EQUALITY:
        return (text.strip(),)
    parts = re.split(r"(?<!\\),", text)
    return tuple(part.replace("\\,", ",") for part in parts)


def expression_of(condition: Condition, columns: Columns) -> str:
    """Return the Milvus expression of a condition.

    Raises:
        FilterError: It names an unknown column, or compares what has no order.
    """
    _check(condition)
    column = condition.column
    if fields := columns.disputed.get(column):
        raise FilterError(
            f"the column {column!r} is the {' in one file and the '.join(fields)} in another; "
            f"wanted one of {', '.join(fields)} in its place"
        )
    name = columns.mapped.get(column, column)
    if column in columns.extra:
        on_extra = _on_extra(condition)
        if name in _OTHERWISE or (name == column and column not in _TEXT_FIELDS):
            return on_extra
        # It is a field of its own in another file, or always one.
        has = holds_extra(column)
        return f"({has} and ({on_extra})) or (not {has} and ({_beside_extra(name, condition)}))"
    if name in _OTHERWISE:
        raise FilterError(f"the column {column!r} is filtered with {_OTHERWISE[name]}, not --where")
    if name in _TEXT_FIELDS:
        return _on_text_field(name, condition)
    if name == "rating_given":
        return _on_rating_given(condition)
    if name in _WHOLE_NUMBERS:
        return _on_whole_number(name, condition)
    known = columns.names()
    near = nearest(column, known)
    hint = f"; did you mean {near!r}?" if near else ""
    raise FilterError(f"there is no column {column!r} to filter on; found {', '.join(known)}{hint}")


def _check(condition: Condition) -> None:
    column, operator, values = condition.column, condition.operator, condition.values
    if operator not in OPERATORS or not values:
        raise FilterError(
            f"the condition on {column!r} uses {operator!r} with {len(values)} values; "
            f"wanted one of {' '.join(OPERATORS)} and a value"
        )
    if operator not in _EQUALITY and len(values) != 1:
        raise FilterError(f"{column}{operator} takes one number, found {len(values)} values")


def _key(name: str) -> str:
    return f"extra[{literal(name)}]"


def _exists(key: str) -> str:
    return f"(exists {key})"  # a server would take an `and` behind it for a part of it


def holds_extra(column: str) -> str:
    """Return the expression that a review has a column among its extra fields."""
    return _exists(_key(schema.text_key(column)))


def _on_extra(condition: Condition) -> str:
    text = _key(schema.text_key(condition.column))
    number = _key(schema.number_key(condition.column))
    if condition.operator not in _EQUALITY:
        return f"{number} {condition.operator} {_numbers(condition)[0]!r}"
    equal = []
    for value in condition.values:
        equal.append((text, literal(value)))
        as_number = schema.as_number(value)
        # Beyond this, whole numbers that differ are one as floats; their texts differ.
        if as_number is not None and abs(as_number) < _EXACT_INTEGERS:
            equal.append((number, repr(as_number)))
    if condition.operator == "=":
        return " or ".join(f"{key} == {value}" for key, value in equal)
    # On Milvus Lite a comparison with a key that a review lacks is neither true nor false, and so
    # is its negation: the key is asked for first. Who lacks the column has not the value either.
    has_one = " or ".join(f"({_exists(key)} and {key} == {value})" for key, value in equal)
    return f"not ({has_one})"


def _beside_extra(name: str, condition: Condition) -> str:
    """Return a condition on the field that a column became in other files.

    What cannot hold there is no error: a text has no order, and a number equals no text.
    """
    if name in _TEXT_FIELDS:
        return _on_text_field(name, condition) if condition.operator in _EQUALITY else _NOTHING
    values = tuple(value for value in condition.values if schema.as_number(value) is not None)
    if not values:
        return _NOTHING if condition.operator == "=" else f"not ({_NOTHING})"
    return _on_rating_given(replace(condition, values=values))


def _on_text_field(name: str, condition: Condition) -> str:
    if condition.operator not in _EQUALITY:
        raise FilterError(
            f"{condition.column!r} holds text, which has no order; "
            f"found {condition.operator!r}, wanted = or !="
        )
    either = one_of(name, map(literal, condition.values))
    return either if condition.operator == "=" else f"not ({either})"


def _on_rating_given(condition: Condition) -> str:
    """Return a condition on a field of 32-bit floats: what differs by less than these is equal."""
    parts = []
    for number in _numbers(condition):
        number = min(max(number, -_BEYOND_FLOATS), _BEYOND_FLOATS)
        slack = max(RATING_SLACK, abs(number) * 2**-22)
        low, high = f"{number - slack!r}", f"{number + slack!r}"
        equal = f"(rating_given >= {low} and rating_given <= {high})"
        bound = low if condition.operator in (">=", "<") else high
        ordered = f"rating_given {condition.operator} {bound}"
        parts.append(equal if condition.operator in _EQUALITY else ordered)
    either = f"rating_given > {schema.NO_NUMBER / 2!r} and ({' or '.join(parts)})"
    return f"not ({either})" if condition.operator == "!=" else either


def _on_whole_number(name: str, condition: Condition) -> str:
    """Return a condition on a field of whole numbers, which a server compares with such alone."""
    numbers, operator = _numbers(condition), condition.operator
    if operator in _EQUALITY:
        whole = [int(number) for number in numbers if number.is_integer() and abs(number) < 2**63]
        either = one_of(name, map(str, whole))
        return either if operator == "=" else f"not ({either})"
    number = min(max(numbers[0], -(2.0**62)), 2.0**62)
    return f"{name} {operator} {(math.floor if operator in ('>', '<=') else math.ceil)(number)}"


def _numbers(condition: Condition) -> list[float]:
    numbers = []
    for value in condition.values:
        number = schema.as_number(value)
        if number is None:
            start = f"{condition.column}{condition.operator}"
            raise FilterError(
                f"{start}{value} compares with {value!r}, which is no number; "
                f"wanted a number, such as {start}3"
            )
        numbers.append(number)
    return numbers
