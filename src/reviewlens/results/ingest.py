"""What became of the rows of files, or would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reviewlens.document import Document, Facts, Gap, Part, Text, counted, shortened
from reviewlens.results.result import Single

_MASKED = {"all": "private details", "author": "authors"}
_SHOWN = 5
_OUTCOMES = ("indexed", "updated", "unchanged", "duplicate", "skipped", "rejected")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence that is left out of what is embedded and of names, as many reviews have it.

    Attributes:
        text: As it is written most often.
        share: Of the different reviews, 0-1; of a sample where there are many.
    """

    text: str
    share: float


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
        private: How many details that belong to a person were seen in the rows, by kind.
        private_rows: How many rows hold any.
        masked: What of them was masked: `all`, the `author`, or an empty text.
        boilerplate: What is left out as it stands on many reviews, with the share of these.
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
    private: Mapping[str, int] = field(default_factory=dict)
    private_rows: int = 0
    masked: str = ""
    boilerplate: tuple[LeftOut, ...] = ()

    def document(self, *, details: bool = False) -> Document:
        """Return what became of the rows, as far as there is any; see `Tabular.document`."""
        title = f"{counted(self.read, 'row')} read into {self.collection} in {self.seconds:.1f} s"
        facts = {
            **{name: getattr(self, name) or None for name in _OUTCOMES},
            "why rejected": self.reasons,
            "rejected rows": self.rejects_file,
            "passages encoded": self.encoded,
            "tokens": self._tokens(),
            "undated": _unread(self.undated, self.undated_example),
            "unrated": _unread(self.unrated, self.unrated_example),
            "exact copies": _copies(self.copied_rows, self.copied_texts),
            "masked": _MASKED.get(self.masked),
            "left out as boilerplate": _left_out(self.boilerplate),
            "encoder": self.encoder,
            **{file["file"]: _file(file) for file in self.files},
            "rating scales": _scales(self.rating_scales),
        }
        return (Facts(title, facts),)

    def _tokens(self) -> str:
        cut = self.tokens - self.tokens_embedded
        told = f"{cut:,} beyond the window not embedded" if cut else "all embedded"
        unknown = f"{self.tokens_unknown:,} unknown to the encoder" if self.tokens_unknown else ""
        return ", ".join(filter(None, (f"{self.tokens:,}", told, unknown)))


@dataclass(frozen=True, slots=True)
class TokenStatistics:
    """Tokens a review, over a run: smallest, quartiles, largest."""

    smallest: int
    lower_quartile: int
    median: int
    upper_quartile: int
    largest: int
    beyond_window: int

    def facts(self) -> Facts:
        """Return them in words."""
        told = {
            "from, to": f"{self.smallest:,} to {self.largest:,}, median {self.median:,}",
            "middle half": f"{self.lower_quartile:,} to {self.upper_quartile:,}",
            "reviews beyond one passage": self.beyond_window,
        }
        return Facts("Tokens a review", told)


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
        private: How many details that belong to a person were seen in the rows, by kind.
        private_rows: How many rows hold any.
        masked: What of them was masked: `all`, the `author`, or an empty text.
        boilerplate: What is left out as it stands on many reviews, with the share of these.
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
    private: Mapping[str, int] = field(default_factory=dict)
    private_rows: int = 0
    masked: str = ""
    boilerplate: tuple[LeftOut, ...] = ()

    def document(self, *, details: bool = False) -> Document:
        """Return what would become of the rows, and how they are read; see `Tabular.document`."""
        return tuple(self._told())

    def _told(self) -> Iterator[Part]:
        figures = {
            "would be taken": self.accepted,
            "duplicate": self.duplicate or None,
            "skipped": self.skipped or None,
            "would be rejected": self.rejected,
            "why": self.reasons,
            "undated": _unread(self.undated, self.undated_example),
            "unrated": _unread(self.unrated, self.unrated_example),
            "exact copies": _copies(self.copied_rows, self.copied_texts),
            "masked": _MASKED.get(self.masked),
            "left out as boilerplate": _left_out(self.boilerplate),
            "rating scales": _scales(self.rating_scales),
            "encoder": f"{self.encoder}, {self.window} tokens a passage",
            "unknown tokens": f"{self.tokens_unknown:.2%}",
            "to be embedded": f"{self.tokens_embedded:,} tokens"
            + ("" if self.cost is None else f", ${self.cost:,.4f} at most"),
        }
        yield Facts(f"{counted(self.read, 'row')} read; nothing was stored (--dry-run)", figures)
        for file in self.files:
            found = {
                "encoding": file["encoding"],
                "delimiter": repr(file["delimiter"]) if file["delimiter"] else None,
                "date order": file["date_order"],
                **{f"{role} column": name for role, name in _columns(file).items()},
                "other columns": file["extra"],
            }
            yield from (Gap(), Facts(file["file"], found))
        if self.tokens is not None:
            yield from (Gap(), self.tokens.facts())
        for number, row in enumerate(self.first_rows, start=1):
            yield from (Gap(), Facts(f"Review {number}", row))
        if self.rejects:
            yield Gap()
            yield Text(f"The first of {counted(self.rejected, 'row')} that would be rejected")
        for row in self.rejects:
            yield Facts(f"  {row['file']}, line {row['line']}", {row["reason"]: row["detail"]})


def _unread(count: int, example: str | None) -> str:
    if not count:
        return ""
    return f"{count:,}, such as {shortened(example)}" if example else f"{count:,}"


def _copies(rows: int, texts: int) -> str:
    """Say what stands there more than once, and what would leave the rows out."""
    told = []
    if rows:
        told.append(f"{counted(rows, 'row')} once more (left out with --repeats drop)")
    if texts:
        told.append(f"{counted(texts, 'review')} with the text of another")
    return "; ".join(told)


def _left_out(boilerplate: Sequence[LeftOut]) -> str:
    """Say what is left out, of how many reviews, and what would keep it."""
    if not boilerplate:
        return ""
    first = [f'"{one.text}" ({one.share:.0%} of the reviews)' for one in boilerplate[:_SHOWN]]
    more = len(boilerplate) - len(first)
    told = "; ".join([*first, *([f"{more:,} more"] if more else [])])
    return f"{told}; kept with --keep-boilerplate"


def _scales(scales: Mapping[str, tuple[float, float]]) -> str:
    return ", ".join(
        f"{source + ': ' if source else ''}{low:g}..{high:g}"
        for source, (low, high) in scales.items()
    )


def _file(found: Mapping[str, Any]) -> str:
    columns = ", ".join(f"{role} = {name}" for role, name in _columns(found).items())
    return f"{found['encoding']}; {columns or 'text by the template'}"


def _columns(found: Mapping[str, Any]) -> dict[str, str]:
    """Return the columns of a file by role, those of a text in several together."""
    texts = found.get("text_columns")
    return {**found["columns"], **({"text": " + ".join(texts)} if texts else {})}


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
