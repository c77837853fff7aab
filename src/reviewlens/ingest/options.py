"""What the user may decide about an ingest."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from numbers import Integral, Real
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    TypedDict,
    Union,
    Unpack,
    get_args,
    get_origin,
    get_type_hints,
)

from reviewlens.errors import InputError, nearest
from reviewlens.questions import Face, Ge, Le
from reviewlens.reading.masks import Masks
from reviewlens.reading.options import MOST_SKIPPED_ROWS, ReadOptions
from reviewlens.reading.quoted_rows import QuotedRows
from reviewlens.settings import ANY_LANGUAGE
from reviewlens.text.languages import CODES, nearest_code, same_language
from reviewlens.text.passages import TokenLimits

_NAME = Face(metavar="NAME")


class IngestSettings(TypedDict, total=False):
    r"""An ingest's settings as plain arguments; the command's flags have the same names.

    Attributes:
        columns: Header for each of the roles text, title, rating, time, product, author, id
            where its name does not tell; an empty text for none, a list for a text that is in
            several columns.
        preset: The export whose columns are known (`ingest --presets` lists them), `none` to go by
            names and values alone; recognised by its columns without.
        source: Where the reviews come from; it becomes part of their ids.
        source_column: The column that holds the source, where there is more than one.
        encoding: Character encoding of the files, such as `cp1252`; decided from their first bytes
            without it.
        delimiter: Between the fields, such as ';' or '\t'; found out without it.
        date_order: Order of dates, `dmy`, `mdy` or `ymd`, where they do not tell.
        rating_scale: Lowest and highest rating, such as `1..10`; guessed for each source without
            it.
        text_template: What is embedded, such as '{Summary}: {Text}'; without a text column it is
            the text too, such as 'Age: {age}; Job: {job}'.
        quoted_rows: A row that is one quoted cell is split into the fields inside it where it can
            only be a row (`auto`), wherever they fit the header (`split`), or not (`keep`).
        sheet: Of a workbook, by name or number from 1; the first visible one that has the text,
            else that is filled.
        skip_rows: Lines, or rows of a sheet, above the header; found out without.
        names: Of the columns of files without a header; an empty list: `column 1`, `column 2`.
        quote: What cells are quoted by, such as "'"; found out without.
        escape: What stands before a quote inside a cell, such as a backslash; found out without.
        repeats: Identical rows without ids: `keep` them as reviews of their own, or `drop` them as
            duplicates.
        min_tokens: Reviews with fewer tokens are rejected.
        max_tokens: Reviews with more tokens are rejected.
        long: What is longer than the encoder's window: `split` it, or `truncate` it.
        tokenizer: Counts for the two limits in place of the encoder's, such as `cl100k_base`.
        latest: Take only the latest so many reviews by date.
        reads: Languages that the encoder reads, by codes such as `en`, where its model does not
            say; `mul` for any.
        keep_boilerplate: Embed what stands on many reviews too, such as a site's own title or a
            phone's signature, and let it name clusters.
        force: Go on although the encoder does not read more than 10 % of the reviews.
        replace: Go on although ids come back with another author, product or date.
        mask: Put a token in the place of each private detail (e-mail addresses; phone, card, order
            and ticket numbers; IBANs; names in columns), before anything is stored or embedded.
        mask_author: Put a token in the place of the author alone.
        rejects_file: Where rejected rows go; `NAME.rejects.csv` in the current directory without.
    """

    columns: Mapping[str, str | Sequence[str]]
    preset: Annotated[str | None, _NAME]
    source: Annotated[str, _NAME]
    source_column: Annotated[str | None, Face(metavar="HEADER")]
    encoding: str | None
    delimiter: str | None
    date_order: Literal["dmy", "mdy", "ymd"] | None
    rating_scale: Annotated[str | tuple[float, float] | None, Face(metavar="A..B")]
    text_template: Annotated[str | None, Face(metavar="TEXT")]
    quoted_rows: QuotedRows
    sheet: Annotated[str | int, _NAME]
    skip_rows: Annotated[int | None, Ge(0), Le(MOST_SKIPPED_ROWS), Face(metavar="N")]
    names: Sequence[str] | None
    quote: str | None
    escape: str | None
    repeats: Literal["keep", "drop"]
    min_tokens: int
    max_tokens: int
    long: Literal["split", "truncate"]
    tokenizer: Annotated[str | None, _NAME]
    latest: Annotated[int | None, Face(metavar="N")]
    reads: Annotated[Sequence[str] | None, Face(metavar="CODE")]
    keep_boilerplate: bool
    force: bool
    replace: bool
    mask: bool
    mask_author: bool
    rejects_file: Annotated[str | Path | None, Face(flag="--rejects", metavar="FILE")]


DEFAULTS = IngestSettings(
    quoted_rows="auto", repeats="keep", min_tokens=1, max_tokens=8_000, long="split"
)
"""Of the settings that have any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOptions:
    """The settings, read and grouped by who uses them; see `IngestSettings`."""

    read: ReadOptions = field(default_factory=ReadOptions)
    limits: TokenLimits = field(default_factory=TokenLimits)
    tokenizer: str | None = None
    latest: int | None = None
    reads: frozenset[str] = frozenset()
    keep_boilerplate: bool = False
    force: bool = False
    replace: bool = False
    masks: Masks | None = None
    rejects_file: Path | None = None


def ingest_options(**settings: Unpack[IngestSettings]) -> IngestOptions:
    """Return the options that plain arguments describe.

    Raises:
        InputError: One of them cannot be read, or is of another kind.
    """
    settings = {**DEFAULTS, **_checked(settings)}
    scale = settings.get("rating_scale")
    rejects = settings.get("rejects_file")
    return IngestOptions(
        read=ReadOptions(
            encoding=settings.get("encoding"),
            delimiter=settings.get("delimiter"),
            columns=dict(settings.get("columns", {})),
            preset=settings.get("preset"),
            date_order=settings.get("date_order"),
            rating_scale=parse_scale(scale) if isinstance(scale, str) else _scale(scale),
            source=settings.get("source", ""),
            source_column=settings.get("source_column"),
            text_template=settings.get("text_template"),
            quoted_rows=settings["quoted_rows"],
            repeats=settings["repeats"],
            sheet=str(settings.get("sheet") or ""),
            skip_rows=settings.get("skip_rows"),
            names=settings.get("names"),
            quote=settings.get("quote"),
            escape=settings.get("escape"),
        ),
        limits=TokenLimits(
            minimum=settings["min_tokens"],
            maximum=settings["max_tokens"],
            long=settings["long"],
        ),
        tokenizer=settings.get("tokenizer"),
        latest=settings.get("latest"),
        reads=_languages(settings.get("reads") or ()),
        keep_boilerplate=settings.get("keep_boilerplate", False),
        force=settings.get("force", False),
        replace=settings.get("replace", False),
        masks=_masks(settings),
        rejects_file=None if rejects is None else Path(rejects),
    )


def _masks(settings: IngestSettings) -> Masks | None:
    if settings.get("mask", False):
        return "all"
    return "author" if settings.get("mask_author", False) else None


def _languages(codes: Sequence[str]) -> frozenset[str]:
    """Return the languages that an encoder is said to read.

    Raises:
        InputError: A code is none that the language of a review is told by.
    """
    for code in codes:
        if code not in CODES and code != ANY_LANGUAGE:
            near = nearest_code(code)
            raise InputError(
                f"reads is {code!r:.40}, which is the code of no language; wanted those of ISO "
                f"639-1, such as en, or {ANY_LANGUAGE} for any"
                + ("" if near is None else f"; did you mean {near!r}?"),
                field="reads",
            )
    return frozenset(map(same_language, codes))


def parse_scale(text: str) -> tuple[float, float]:
    """Read `1..10` as the lowest and the highest rating.

    Raises:
        InputError: It is not of that form, or the lowest is not below the highest.
    """
    low, _, high = text.partition("..")
    try:
        return _finite(float(low), float(high))
    except (ValueError, OverflowError):
        raise InputError(
            f"the rating scale {text!r} cannot be read; wanted one such as 1..10",
            field="rating_scale",
        ) from None


def _scale(pair: Sequence[float] | None) -> tuple[float, float] | None:
    if pair is None:
        return None
    try:
        low, high = pair
        return _finite(float(low), float(high))
    except (ValueError, OverflowError):
        raise InputError(
            f"rating_scale is {pair!r:.80}; wanted two numbers, the lowest and the highest rating, "
            "such as (1, 10)",
            field="rating_scale",
        ) from None


def _finite(low: float, high: float) -> tuple[float, float]:
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError
    return low, high


def _checked(settings: IngestSettings) -> IngestSettings:
    """Return the settings that are given, each of the kind that its annotation says."""
    kinds = _kinds()
    checked: dict[str, Any] = {}
    for name, value in settings.items():
        if value is None:
            continue
        if not _fits(value, kinds[name]):
            raise InputError(
                f"{name} is {value!r:.80}; wanted {_words(kinds[name])}{_near(value, kinds[name])}",
                field=name,
            )
        checked[name] = _plain(value)
    for name, (low, high) in _RANGES.items():
        number = checked.get(name)
        if isinstance(number, int) and not low <= number <= high:
            wanted = f"from {low:,}" + (f" to {high:,}" if high < math.inf else "")
            raise InputError(f"{name} is {number}; wanted a whole number {wanted}", field=name)
    for name in ("source", "text_template"):
        try:
            checked.get(name, "").encode()
        except UnicodeEncodeError:
            raise InputError(
                f"{name} is {checked[name]!r:.80}, with half of a surrogate pair; wanted whole "
                "characters",
                field=name,
            ) from None
    return checked  # type: ignore[return-value]


_RANGES: Mapping[str, tuple[int, float]] = {
    "latest": (1, math.inf),
    "skip_rows": (0, MOST_SKIPPED_ROWS),
    "sheet": (1, math.inf),
}
_WORDS: Mapping[Any, str] = {
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    str: "a text",
    Path: "a path",
    tuple: "a pair of numbers",
    Sequence: "a list of texts",
    Mapping: "a header, or a list of them, for each role, such as {'text': 'Review'}",
}


@cache
def _kinds() -> dict[str, Any]:
    return get_type_hints(IngestSettings)


def _fits(value: Any, kind: Any) -> bool:  # noqa: ANN401 - whatever was given, and a type
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return any(_fits(value, part) for part in parts)
    if origin is Literal:
        return isinstance(value, str) and value in parts
    if origin is Mapping:
        return isinstance(value, Mapping) and all(
            _fits(name, parts[0]) and _fits(one, parts[1]) for name, one in value.items()
        )
    if origin in (Sequence, tuple):
        return _is_list(value) and all(_fits(one, parts[0]) for one in value)
    if kind in (int, float):
        number = Integral if kind is int else Real
        return isinstance(value, number) and not isinstance(value, bool)
    return isinstance(value, kind)


def _is_list(value: Any) -> bool:  # noqa: ANN401
    """Tell whether something has an order and an end: a text is no list of its characters."""
    return isinstance(value, Collection) and not isinstance(value, str | bytes | Mapping | Set)


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Return lists and numbers of other packages as Python's own."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    return tuple(value) if _is_list(value) else value


def _words(kind: Any) -> str:  # noqa: ANN401
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return " or ".join(_words(part) for part in get_args(kind) if part is not NoneType)
    if origin is Literal:
        return f"one of {', '.join(get_args(kind))}"
    return _WORDS[origin or kind]


def _near(value: Any, kind: Any) -> str:  # noqa: ANN401
    choices = [
        choice
        for part in (kind, *get_args(kind))
        if get_origin(part) is Literal
        for choice in get_args(part)
    ]
    near = nearest(value, choices) if isinstance(value, str) else None
    return "" if near is None else f"; did you mean {near!r}?"
