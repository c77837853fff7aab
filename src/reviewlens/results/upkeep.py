"""What is stored, and what became of it: deleted, copied, rebuilt, exported, found in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reviewlens.document import Document, Entry, Facts, Text, counted
from reviewlens.results.result import Single, Tabular


@dataclass(frozen=True, slots=True, repr=False)
class Stats(Single):
    """What a collection holds.

    Attributes:
        analyzer: What takes texts apart for keyword search, `standard` or `jieba`; empty where
            the collection has none.
        rated: Reviews with stars; `stars` counts them by whole stars.
        first, last: Earliest and latest date, ISO, None without dates.
        products, sources, languages: Reviews by value, most first (the 20 largest).
        columns: Extra columns that a filter may name.
        nps: Where a column of ratings is called so and read on 0..10: its `promoters` (9 and 10),
            `passives` (7 and 8), `detractors` (0 to 6), and `score`, the promoters' share of 100
            less the detractors'. Empty otherwise.
        unread: Reviews in each language that the encoder does not read: what goes by meaning
            leaves them out.
    """

    uri: str
    collection: str
    reviews: int
    passages: int
    encoder: str
    fingerprint: str
    dimension: int
    milvus: str
    analyzer: str
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
    nps: Mapping[str, int] = field(default_factory=dict)
    unread: Mapping[str, int] = field(default_factory=dict)

    def _title(self) -> str:
        return f"{counted(self.reviews, 'review')} in {self.collection}"


@dataclass(frozen=True, slots=True, repr=False)
class DeleteReport(Single):
    """How many reviews and passages were deleted, and whether the collection itself went.

    Attributes:
        notes: What the user should know besides: what is left of them in files.
    """

    reviews: int
    passages: int
    collection_dropped: bool
    notes: tuple[str, ...] = ()

    def _title(self) -> str:
        return f"{counted(self.reviews, 'review')} deleted"


@dataclass(frozen=True, slots=True, repr=False)
class CopyReport(Single):
    """How many reviews and passages were copied to the other Milvus.

    Attributes:
        kept: Reviews there that are not here, and stayed.
        pruned: Reviews there that were not here, and were deleted.
    """

    reviews: int
    passages: int
    kept: int
    pruned: int
    uri: str
    collection: str
    seconds: float

    def _title(self) -> str:
        return f"{counted(self.reviews, 'review')} copied"


@dataclass(frozen=True, slots=True, repr=False)
class ReindexReport(Single):
    """What a rebuilt collection holds, and how it came by it.

    Attributes:
        collection: Its name.
        reviews: Reviews it holds.
        passages: Passages it holds.
        encoded: Texts that went through the encoder; one that comes again does so once.
        reused: Passages that needed no encoding: vectors kept, or written by a run before.
        inexact: Long reviews that a later ingest of their file will embed again.
        encoder_before: The encoder until now.
        encoder: The encoder from now on.
        dimension: Numbers in a vector.
        resumed: Whether a run that was interrupted has been completed.
        notes: What the user should know besides, such as a fallback of the encoder.
        seconds: Time taken.
    """

    collection: str
    reviews: int
    passages: int
    encoded: int
    reused: int
    inexact: int
    encoder_before: str
    encoder: str
    dimension: int
    resumed: bool
    notes: tuple[str, ...]
    seconds: float

    def document(self, *, details: bool = False) -> Document:
        """Return what the collection holds, and what became of it; see `Tabular.document`."""
        again = ", which had been interrupted" if self.resumed else ""
        same = self.encoder == self.encoder_before
        facts = {
            "reviews": self.reviews,
            "passages": self.passages,
            "texts encoded": self.encoded or None,
            "passages kept as they were": self.reused or None,
            "encoder": f"{self.encoder}, {self.dimension} dimensions",
            "encoder before": None if same else self.encoder_before,
        }
        return (Facts(f"{self.collection} rebuilt in {self.seconds:.1f} s{again}", facts),)


@dataclass(frozen=True, slots=True, repr=False)
class ExportReport(Single):
    """How many reviews were written, and where."""

    reviews: int
    file: str
    format: str
    columns: tuple[str, ...]

    def _title(self) -> str:
        return f"{counted(self.reviews, 'review')} in {self.file}"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding of `doctor`: `ok`, `note` or `trouble`, and what to do about it."""

    name: str
    state: str
    found: str
    cure: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Diagnosis(Tabular):
    """Everything that `doctor` looked at; `healthy` when there is no trouble."""

    healthy: bool
    checks: tuple[Check, ...]

    def _rows(self) -> Sequence[Check]:
        return self.checks

    def document(self, *, details: bool = False) -> Document:
        """Return what was looked at, and what to do about troubles; see `Tabular.document`."""
        return tuple(
            Entry(
                f"{one.state:<7} {one.name}: {one.found}",
                (Text(one.cure),) if one.cure else (),
                tone="",
            )
            for one in self.checks
        )
