"""What became of the rows of files, or would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reviewlens.results.result import Single


@dataclass(frozen=True, slots=True, repr=False)
class IngestReport(Single):
    """What became of every row read.

    Attributes:
        read: Rows read; the sum of the six that follow.
        indexed: New reviews, embedded and stored.
        updated: Stored reviews that changed.
        unchanged: Stored already, just so.
        duplicate: The same row once more.
        skipped: Rows with a rating and no text, and what `--latest` leaves out.
        rejected: Not taken; each stands in the rejects file with its reason.
        encoded: Passages that went through the encoder; a text that comes again does so once.
        tokens: Tokens of all reviews that were taken, by the encoder's tokenizer.
        tokens_embedded: How many of them the vectors cover.
        tokens_unknown: How many of them the encoder does not know.
        undated: Reviews whose date is absent or cannot be read.
        unrated: Reviews whose rating is absent, cannot be read, or has no place on the scale.
        undated_example, unrated_example: A value that could not be read, None where none was there.
        reasons: Rejected rows by reason.
        rejects_file: Where the rejected rows are, None when there are none.
        encoding: Character encoding; where the files differ, all of them.
        columns: The column taken for each role; where the files differ, all of them.
        files: For each file its encoding, delimiter, date order, columns and rows.
        rating_scales: For each source the scale its ratings were read on.
        notes: What the user should know besides.
        decisions: Those of the notes that tell what was decided about the files, of which another
            decision would have stored something else.
        copied_rows: Rows that are another one once more, and are reviews of their own.
        copied_texts: Reviews of the input that have exactly the text of another one.
        collection: The collection's name.
        encoder: The encoder's name.
        seconds: Time taken.
    """

    read: int
    indexed: int
    updated: int
    unchanged: int
    duplicate: int
    skipped: int
    rejected: int
    encoded: int
    tokens: int
    tokens_embedded: int
    tokens_unknown: int
    undated: int
    reasons: Mapping[str, int]
    rejects_file: str | None
    encoding: str
    columns: Mapping[str, str]
    files: tuple[Mapping[str, Any], ...]
    rating_scales: Mapping[str, tuple[float, float]]
    notes: tuple[str, ...]
    collection: str
    encoder: str
    seconds: float
    unrated: int = 0
    undated_example: str | None = None
    unrated_example: str | None = None
    decisions: tuple[str, ...] = ()
    copied_rows: int = 0
    copied_texts: int = 0


@dataclass(frozen=True, slots=True)
class TokenStatistics:
    """Tokens a review, over a run: smallest, quartiles, largest."""

    smallest: int
    lower_quartile: int
    median: int
    upper_quartile: int
    largest: int
    beyond_window: int


@dataclass(frozen=True, slots=True, repr=False)
class IngestPlan(Single):
    """What `--dry-run` found; nothing was stored.

    Attributes:
        read: Rows read.
        accepted: Reviews that would be stored or found stored already.
        duplicate: The same row once more.
        skipped: Rows with a rating and no text, and what `--latest` leaves out.
        rejected: Rows that would be rejected.
        undated: Reviews whose date is absent or cannot be read.
        unrated: Reviews whose rating is absent, cannot be read, or has no place on the scale.
        undated_example, unrated_example: A value that could not be read, None where none was there.
        reasons: Rejected rows by reason.
        rejects: The first rejected rows: file, line, record, column, reason, detail.
        files: For each file its encoding, delimiter, date order, columns and rows.
        rating_scales: For each source the scale its ratings are read on.
        first_rows: The first reviews as they would be stored.
        tokens: Statistics of tokens a review; None when there is no review.
        tokens_unknown: Share of all tokens that the encoder does not know, 0-1.
        window: Tokens that one vector covers.
        tokens_embedded: Tokens that would be embedded if none of it were stored yet.
        cost: What a server asks for embedding them, in US dollars; None where that is nothing or
            not known. Reviews that are stored already, and texts that come again, cost nothing.
        notes: What the user should know besides.
        decisions: Those of the notes that tell what was decided about the files.
        copied_rows: Rows that are another one once more, and are reviews of their own.
        copied_texts: Reviews of the input that have exactly the text of another one.
    """

    read: int
    accepted: int
    duplicate: int
    skipped: int
    rejected: int
    undated: int
    reasons: Mapping[str, int]
    rejects: tuple[Mapping[str, Any], ...]
    files: tuple[Mapping[str, Any], ...]
    rating_scales: Mapping[str, tuple[float, float]]
    first_rows: tuple[Mapping[str, Any], ...]
    tokens: TokenStatistics | None
    tokens_unknown: float
    window: int
    encoder: str
    notes: tuple[str, ...]
    tokens_embedded: int = 0
    cost: float | None = None
    unrated: int = 0
    undated_example: str | None = None
    unrated_example: str | None = None
    decisions: tuple[str, ...] = ()
    copied_rows: int = 0
    copied_texts: int = 0


@dataclass(frozen=True, slots=True)
class ColumnPreview:
    """A column of a file.

    Attributes:
        name: Its header.
        role: What it would be taken for by its name and values; empty for none.
        examples: The first different values, long ones cut.
    """

    name: str
    role: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class FilePreview(Single):
    """A first look at a file, for choosing its columns; nothing was stored.

    Attributes:
        file: Its name as given.
        encoding: Its name (`xlsx` for a workbook, `pdf`).
        encoding_decided: How that was decided.
        delimiter: Empty where there is none.
        columns: In order. None is taken for a role where that is not plain from names and values.
        preset: The name of the export that it was recognised as; empty for none.
    """

    file: str
    encoding: str
    encoding_decided: str
    delimiter: str
    columns: tuple[ColumnPreview, ...]
    preset: str = ""
