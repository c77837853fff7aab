"""What the user may say about how to read an input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reviewlens.reading.dates import DateOrder
from reviewlens.reading.limits import CONVERSION, TABLE, ConversionLimits, TableLimits
from reviewlens.reading.masks import Mask
from reviewlens.reading.quoted_rows import QuotedRows
from reviewlens.reading.ratings import Scale

MOST_SKIPPED_ROWS = 100_000
"""Above a header; a larger number is a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read the input; whatever is left out is decided on the input itself.

    Attributes:
        encoding: A name that Python knows.
        delimiter: One character, or `tab`.
        columns: Role to header; an empty header: the role has no column. Several for a text,
            which are joined.
        preset: The name of the export's preset, `none` for none.
        date_order: The order of dates written as three numbers.
        rating_scale: Lowest and highest rating possible.
        source: Where the reviews come from; prefixes their ids.
        source_column: A column that holds the source; where it is empty, `source` holds.
        text_template: What is embedded, such as `{Summary} | {Text} | {city}`.
        quoted_rows: Whether a row that is one quoted cell is split into the fields inside it: where
            it can only be a row (`auto`), wherever they fit (`split`), or not (`keep`).
        repeats: Whether rows with equal content are reviews of their own, or duplicates.
        sheet: Of a workbook, by name or number; without, the first visible one that has the text,
            else that is filled.
        skip_rows: Lines of a text, or rows of a sheet, above the header; found out without.
        names: Of the columns, where the file has no header; an empty list: column 1, column 2.
        quote: What cells are quoted by; found out without.
        escape: What a quote inside a cell has before it; found out without, none where it is
            doubled.
        mask: Masks private details before anything is made of a row; None leaves them.
        chunk_rows: How many records a chunk holds at most.
        table_limits: What a table may cost.
        conversion_limits: What a workbook or a document may cost.
    """

    encoding: str | None = None
    delimiter: str | None = None
    columns: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    preset: str | None = None
    date_order: DateOrder | None = None
    rating_scale: Scale | None = None
    source: str = ""
    source_column: str | None = None
    text_template: str | None = None
    quoted_rows: QuotedRows = "auto"
    repeats: Literal["keep", "drop"] = "keep"
    sheet: str = ""
    skip_rows: int | None = None
    names: Sequence[str] | None = None
    quote: str | None = None
    escape: str | None = None
    mask: Mask | None = None
    chunk_rows: int = 1000
    table_limits: TableLimits = TABLE
    conversion_limits: ConversionLimits = CONVERSION
