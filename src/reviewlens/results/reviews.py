"""What reviews there are to choose from, and those chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reviewlens.results.result import Single, Tabular


@dataclass(frozen=True, slots=True)
class Facet:
    """A value that a filter takes, and how many reviews have it.

    Attributes:
        value: As the filter of this name takes it: stars such as `4`, a month such as `2024-03`;
            empty for reviews that have none.
        count: Reviews that all the other filters leave.
    """

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class ThemeFacet:
    """A saved theme, and how many reviews have it.

    Attributes:
        value: Its number; -1 for the reviews that have none.
        label: What it is called; empty for none.
        count: Reviews that all the other filters leave.
    """

    value: int
    label: str
    count: int


@dataclass(frozen=True, slots=True, repr=False)
class Facets(Single):
    """What the filters can be set to, with counts.

    The counts under each filter are of the reviews that all the other filters leave, so that they
    tell what another choice would find.

    Attributes:
        collection: Its name.
        reviews: Reviews that all filters leave.
        total: Reviews in all.
        stars: Highest first, none last.
        products: Most reviews first, none last; the largest and those that are filtered by.
            Likewise `sources` and `languages`.
        distinct_products: How many products the other filters leave, named above or not.
        themes: Most reviews first, none last; hidden ones only where they are filtered by. Empty
            where no themes are saved.
        months: Earliest first, none last; in UTC.
        first, last: Earliest and latest date that the other filters leave, ISO, None without dates.
        columns: Further columns that a condition may name.
    """

    collection: str
    reviews: int
    total: int
    stars: tuple[Facet, ...]
    products: tuple[Facet, ...]
    distinct_products: int
    sources: tuple[Facet, ...]
    languages: tuple[Facet, ...]
    themes: tuple[ThemeFacet, ...]
    months: tuple[Facet, ...]
    first: str | None
    last: str | None
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredReview:
    """A review as it is stored.

    Attributes:
        rating: Stars on the 1-5 scale, None when absent.
        time: ISO time in UTC, None when absent.
        text: The review as given.
        cluster: Its saved theme, -1 for none.
        extra: All other columns.
    """

    review_id: str
    rating: float | None
    time: str | None
    product: str
    title: str
    text: str
    author: str = ""
    source: str = ""
    language: str = ""
    cluster: int = -1
    rating_given: float | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Reviews(Tabular):
    """Some of the reviews that match.

    Attributes:
        reviews: In the order asked for.
        total: How many match.
    """

    reviews: tuple[StoredReview, ...]
    total: int

    def _rows(self) -> Sequence[StoredReview]:
        return self.reviews
