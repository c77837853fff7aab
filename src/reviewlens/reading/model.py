"""What a review is, and what one input row can become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reviewlens.reading.details import NOTHING, Told

TEXT_BYTES = 65_535
"""The largest text that can be stored: Milvus' largest VARCHAR, in UTF-8."""
NAME_BYTES = 1_024
"""The largest product, author or source that can be stored, in UTF-8."""


# Not frozen, as there is one of each a row, and a frozen one takes twice as long to make.
@dataclass(slots=True)
class Location:
    """Where a record stands in the input.

    Attributes:
        file: The file's name as given (`-` for standard input).
        line: Physical line on which the record starts, from 1 (a sheet's row for XLSX).
        record: Number of the record below the header, from 1.
    """

    file: str
    line: int
    record: int


@dataclass(slots=True)
class Review:
    """One review, as read.

    Attributes:
        review_id: Unique within a run and the same on every machine.
        text: The body as it will be read by a model: HTML tags and entities resolved.
        original: The body exactly as given.
        embedded: What is to be embedded: title and text put together by the template.
        rating: Stars on the 1-5 scale, None when absent.
        rating_given: The rating as it stands in the input.
        time: UTC milliseconds since the epoch, None when absent or unreadable.
        extra: All other columns, by their header, as the strings they are; a date or rating that
            cannot be read stands here too.
        raw: The row as it stands in the input.
    """

    review_id: str
    text: str
    original: str
    embedded: str
    location: Location
    title: str = ""
    product: str = ""
    author: str = ""
    source: str = ""
    rating: float | None = None
    rating_given: float | None = None
    time: int | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    raw: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a review that fits the encoder's window.

    Attributes:
        number: 0 for the first passage, which carries the review.
        text: What is given to the encoder.
        tokens: Tokens of the passage by the encoder's tokenizer, special tokens not counted.
        tokens_embedded: How many of them fit the window.
        tokens_unknown: How many of them the encoder does not know.
    """

    number: int
    text: str
    tokens: int
    tokens_embedded: int
    tokens_unknown: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken, with the reason; nothing of it is lost.

    Attributes:
        location: Where the record stands.
        column: The column at fault, empty when it is the record as a whole.
        reason: A fixed word, such as `too_long` or `duplicate_id`.
        detail: One sentence for a person.
        raw: The record as it stands in the input.
    """

    location: Location
    column: str
    reason: str
    detail: str
    raw: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some records of one file, each in exactly one place.

    Attributes:
        read: Records read: reviews, rejected, duplicates and silent ones together.
        reviews: In the file's order.
        rejected: What cannot be taken, and why.
        duplicates: Rows that say what a row before them said.
        silent: Rows with a rating and no text.
        private: What the rows that have their columns hold that belongs to a person.
    """

    read: int
    reviews: tuple[Review, ...]
    rejected: tuple[Rejected, ...]
    duplicates: int
    silent: int = 0
    private: Told = NOTHING
