"""The results that the Python API, the command line and HTTP share.

Frozen dataclasses of plain fields: `dataclasses.asdict` of one is its JSON. Results that hold
a list offer it as a pandas table (`to_frame`) and as HTML in a notebook.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_SHOWN_CHARACTERS = 300

OnProgress = Callable[[str, int, int], None]
"""Told how far a long run is: the stage (`checking`, `writing`, `copying`), done, in all."""


def iso_time(milliseconds: int | None) -> str | None:
    """Return UTC milliseconds as ISO 8601, None for none."""
    if milliseconds is None:
        return None
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return (
        moment.isoformat(timespec="seconds" if milliseconds % 1000 == 0 else "milliseconds")[:-6]
        + "Z"
    )


@dataclass(frozen=True, slots=True)
class Quote:
    """What backs a claim: a review, or the part of it that says so.

    Attributes:
        review_id: Whose words they are.
        text: The review, or a part of it.
        stars: 1 to 5, None where there are none.
        time: ISO 8601 in UTC, None where there is none.
    """

    review_id: str
    text: str
    stars: float | None
    time: str | None


class Tabular:
    """Gives a result of rows its table and its HTML."""

    __slots__ = ()

    def _rows(self) -> Sequence[Any]:
        raise NotImplementedError

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a pandas table, one row each, in order."""
        import pandas as pd

        return pd.DataFrame([asdict(row) for row in self._rows()])

    def _repr_html_(self) -> str:
        rows = [asdict(row) for row in self._rows()]
        return html_table(list(rows[0]) if rows else [], [list(row.values()) for row in rows])


def html_table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return an HTML table, every cell escaped and long ones cut."""

    def cell(value: Any) -> str:  # noqa: ANN401 - a cell may hold anything
        text = "" if value is None else str(value)
        cut = text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
        return f"<td>{html.escape(cut)}</td>"

    head = "".join(f"<th>{html.escape(name)}</th>" for name in header)
    body = "".join(f"<tr>{''.join(cell(value) for value in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


class _Single:
    """Gives a result that is one record its HTML."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        pairs = [(item.name, getattr(self, item.name)) for item in fields(self)]  # type: ignore[arg-type]
        return html_table(["figure", "value"], pairs)


@dataclass(frozen=True, slots=True)
class IngestReport(_Single):
    """What became of every row read.

    Attributes:
        read: Rows read; the sum of the six that follow.
        indexed: New reviews, embedded and stored.
        updated: Stored reviews that changed.
        unchanged: Stored already, just so.
        duplicate: The same row once more.
        skipped: Left out because the user asked to (`--latest`).
        rejected: Not taken; each stands in the rejects file with its reason.
        encoded: Passages that went through the encoder; a text that comes again does so once.
        tokens: Tokens of all reviews that were taken, by the encoder's tokenizer.
        tokens_embedded: How many of them the vectors cover.
        tokens_unknown: How many of them the encoder does not know.
        undated: Reviews whose date is absent or cannot be read.
        reasons: Rejected rows by reason.
        rejects_file: Where the rejected rows are, None when there are none.
        encoding: Character encoding; where the files differ, all of them.
        columns: The column taken for each role; where the files differ, all of them.
        files: For each file its encoding, delimiter, date order, columns and rows.
        rating_scales: For each source the scale its ratings were read on.
        notes: What the user should know besides.
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


@dataclass(frozen=True, slots=True)
class TokenStatistics:
    """Tokens a review, over a run: smallest, quartiles, largest."""

    smallest: int
    lower_quartile: int
    median: int
    upper_quartile: int
    largest: int
    beyond_window: int


@dataclass(frozen=True, slots=True)
class IngestPlan(_Single):
    """What `--dry-run` found; nothing was stored.

    Attributes:
        read: Rows read.
        accepted: Reviews that would be stored or found stored already.
        duplicate: The same row once more.
        skipped: Left out because the user asked to.
        rejected: Rows that would be rejected.
        reasons: Rejected rows by reason.
        rejects: The first rejected rows: file, line, record, column, reason, detail.
        files: For each file its encoding, delimiter, date order, columns and rows.
        rating_scales: For each source the scale its ratings are read on.
        first_rows: The first reviews as they would be stored.
        tokens: Statistics of tokens a review; None when there is no review.
        tokens_unknown: Share of all tokens that the encoder does not know, 0-1.
        window: Tokens that one vector covers.
        notes: What the user should know besides.
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


@dataclass(frozen=True, slots=True)
class Match:
    """A review that a search found.

    Attributes:
        similarity: Cosine similarity of the query and the nearest passage, -1..1.
        rating: Stars on the 1-5 scale, None when absent.
        time: ISO time in UTC, None when absent.
        text: The review as given.
        sentence: The sentence that matched best; None unless asked for.
        passage: Number of the passage that was nearest, 0 for the first.
    """

    review_id: str
    similarity: float
    rating: float | None
    time: str | None
    product: str
    title: str
    text: str
    sentence: str | None
    author: str = ""
    source: str = ""
    language: str = ""
    cluster: int = -1
    passage: int = 0
    rating_given: float | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matches(Tabular):
    """The answer to one query, best first.

    Attributes:
        query: The text searched for, or the id of the review that others were compared with.
        answered: False when no review reaches the floor; `matches` is then empty.
        floor: Smallest similarity that counts as an answer, None for none.
        notes: What the user should know besides, such as a fallback of the encoder.
    """

    query: str
    answered: bool
    matches: tuple[Match, ...]
    floor: float | None
    notes: tuple[str, ...] = ()

    def _rows(self) -> Sequence[Match]:
        return self.matches

    def __len__(self) -> int:
        """Return the number of matches."""
        return len(self.matches)


@dataclass(frozen=True, slots=True)
class Stats(_Single):
    """What a collection holds.

    Attributes:
        rated: Reviews with stars; `stars` counts them by whole stars.
        first, last: Earliest and latest date, ISO, None without dates.
        products, sources, languages: Reviews by value, most first (the 20 largest).
        columns: Extra columns that a filter may name.
    """

    uri: str
    collection: str
    reviews: int
    passages: int
    encoder: str
    fingerprint: str
    dimension: int
    milvus: str
    rated: int
    mean_rating: float | None
    stars: Mapping[str, int]
    dated: int
    first: str | None
    last: str | None
    distinct_products: int
    products: Mapping[str, int]
    sources: Mapping[str, int]
    languages: Mapping[str, int]
    tokens: int
    tokens_embedded: int
    tokens_unknown: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeleteReport(_Single):
    """How many reviews and passages were deleted, and whether the collection itself went."""

    reviews: int
    passages: int
    collection_dropped: bool


@dataclass(frozen=True, slots=True)
class CopyReport(_Single):
    """How many reviews and passages are now at the other Milvus."""

    reviews: int
    passages: int
    uri: str
    collection: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ExportReport(_Single):
    """How many reviews were written, and where."""

    reviews: int
    file: str
    format: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One finding of `doctor`: `ok`, `note` or `trouble`, and what to do about it."""

    name: str
    state: str
    found: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis(Tabular):
    """Everything that `doctor` looked at; `healthy` when there is no trouble."""

    healthy: bool
    checks: tuple[Check, ...]

    def _rows(self) -> Sequence[Check]:
        return self.checks
