"""What the user may decide about an ingest."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypedDict, Unpack

from reviewlens.errors import InputError
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.quoted_rows import QuotedRows
from reviewlens.text.passages import TokenLimits


class IngestSettings(TypedDict, total=False):
    """An ingest's settings as plain arguments; the command's flags have the same names.

    Attributes:
        columns: Header for each of the roles text, title, rating, time, product, author, id
            where its name does not tell; an empty text for none, a list for a text that is in
            several columns.
        preset: The export whose columns are known (`ingest --presets` lists them), `none` to go by
            names and values alone; recognised by its columns without.
        source: Where the reviews come from; it becomes part of their ids.
        source_column: The column that holds the source, in place of `source`.
        encoding: Character encoding of the files; decided from their first bytes without it.
        delimiter: Between the fields; found out without it.
        date_order: `dmy`, `mdy` or `ymd`, where the dates do not tell.
        rating_scale: Lowest and highest rating, `1..10` or a pair; guessed for each source
            without it.
        text_template: What is embedded, such as `{Summary}: {Text}`.
        quoted_rows: A row that is one quoted cell is split into the fields inside it where it can
            only be a row (`auto`), wherever they fit the header (`split`), or not (`keep`).
        sheet: Of a workbook, by name or number from 1; the first visible one that is filled.
        skip_rows: Lines, or rows of a sheet, above the header; found out without.
        names: Of the columns of files without a header; an empty list: `column 1`, `column 2`.
        quote: What cells are quoted by; found out without.
        escape: What stands before a quote inside a cell, such as a backslash; found out without.
        repeats: `keep` identical rows as reviews of their own, or `drop` them as duplicates.
        min_tokens: Reviews with fewer tokens are rejected (1).
        max_tokens: Reviews with more tokens are rejected (8000).
        long: `split` what is longer than the encoder's window, or `truncate` it.
        tokenizer: Counts for the two limits in place of the encoder's, such as `cl100k_base`.
        latest: Take only the latest so many reviews by date.
        force: Go on although the encoder does not know more than 10 % of the tokens.
        replace: Go on although ids come back with another author, product or date.
        rejects_file: Where rejected rows go; `NAME.rejects.csv` in the current directory without.
    """

    columns: Mapping[str, str | Sequence[str]]
    preset: str | None
    source: str
    source_column: str | None
    encoding: str | None
    delimiter: str | None
    date_order: Literal["dmy", "mdy", "ymd"] | None
    rating_scale: str | tuple[float, float] | None
    text_template: str | None
    quoted_rows: QuotedRows
    sheet: str | int
    skip_rows: int | None
    names: Sequence[str] | None
    quote: str | None
    escape: str | None
    repeats: Literal["keep", "drop"]
    min_tokens: int
    max_tokens: int
    long: Literal["split", "truncate"]
    tokenizer: str | None
    latest: int | None
    force: bool
    replace: bool
    rejects_file: str | Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOptions:
    """The settings, read and grouped by who uses them; see `IngestSettings`."""

    read: ReadOptions = field(default_factory=ReadOptions)
    limits: TokenLimits = field(default_factory=TokenLimits)
    tokenizer: str | None = None
    latest: int | None = None
    force: bool = False
    replace: bool = False
    rejects_file: Path | None = None


def ingest_options(**settings: Unpack[IngestSettings]) -> IngestOptions:
    """Return the options that plain arguments describe.

    Raises:
        InputError: One of them cannot be read.
    """
    scale = settings.get("rating_scale")
    latest = settings.get("latest")
    if latest is not None and latest < 1:
        raise InputError(
            f"the latest {latest} reviews are none; wanted a number from 1", field="latest"
        )
    rejects = settings.get("rejects_file")
    return IngestOptions(
        read=ReadOptions(
            encoding=settings.get("encoding"),
            delimiter=settings.get("delimiter"),
            columns=dict(settings.get("columns", {})),
            preset=settings.get("preset"),
            date_order=settings.get("date_order"),
            rating_scale=parse_scale(scale) if isinstance(scale, str) else scale,
            source=settings.get("source", ""),
            source_column=settings.get("source_column"),
            text_template=settings.get("text_template"),
            quoted_rows=settings.get("quoted_rows", "auto"),
            repeats=settings.get("repeats", "keep"),
            sheet=str(settings.get("sheet") or ""),
            skip_rows=settings.get("skip_rows"),
            names=settings.get("names"),
            quote=settings.get("quote"),
            escape=settings.get("escape"),
        ),
        limits=TokenLimits(
            minimum=settings.get("min_tokens", 1),
            maximum=settings.get("max_tokens", 8_000),
            long=settings.get("long", "split"),
        ),
        tokenizer=settings.get("tokenizer"),
        latest=latest,
        force=settings.get("force", False),
        replace=settings.get("replace", False),
        rejects_file=None if rejects is None else Path(rejects),
    )


def parse_scale(text: str) -> tuple[float, float]:
    """Read `1..10` as the lowest and the highest rating.

    Raises:
        InputError: It is not of that form, or the lowest is not below the highest.
    """
    low, _, high = text.partition("..")
    try:
        scale = float(low), float(high)
    except ValueError:
        scale = (0.0, 0.0)
    if not (math.isfinite(scale[0]) and math.isfinite(scale[1]) and scale[0] < scale[1]):
        raise InputError(
            f"the rating scale {text!r} cannot be read; wanted one such as 1..10",
            field="rating_scale",
        )
    return scale
