"""What reviews say, one row a statement, as `export --statements` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reviewlens.errors import Unsupported
from reviewlens.results import iso_time
from reviewlens.search.sides import said_in
from reviewlens.store import Filters, ReviewStore, StoredPassage

STATEMENT_COLUMNS: tuple[str, ...] = (
    "review_id", "statement", "text", "sentiment", "rating", "time", "product", "source",
    "language", "cluster",
)  # fmt: skip
_FIELDS = (
    "review_id", "passage", "text", "statements", "rating", "time", "product", "source",
    "language", "cluster",
)  # fmt: skip


def statement_rows(
    store: ReviewStore, filters: Filters
) -> Iterator[tuple[list[dict[str, Any]], int]]:
    """Yield the statements of reviews page by page, and how many reviews begin on each.

    `statement` numbers those of a review from 0; `sentiment` is from -1 (blames) to 1 (praises),
    None where it cannot be read.

    Raises:
        Unsupported: The collection keeps no statements.
    """
    if not store.has_statements:
        raise Unsupported(
            f"{store.name!r} was made by an earlier version and keeps no statements; `reviewlens "
            "reindex` makes it a collection that does"
        )
    of, number = "", 0
    for page in store.scan(_FIELDS, filters, base=""):
        rows = []
        for stored, said in zip(page, said_in(page, store.pin.encoder), strict=True):
            if stored.review_id != of:
                of, number = stored.review_id, 0
            for one in said:
                rows.append(_row(stored, number, one.text, one.sentiment))
                number += 1
        yield rows, sum(stored.passage == 0 for stored in page)


def _row(stored: StoredPassage, number: int, text: str, sentiment: float | None) -> dict[str, Any]:
    return {
        "review_id": stored.review_id,
        "statement": number,
        "text": text,
        "sentiment": sentiment,
        "rating": stored.rating,
        "time": iso_time(stored.time),
        "product": stored.product,
        "source": stored.source,
        "language": stored.language,
        "cluster": stored.cluster,
    }
