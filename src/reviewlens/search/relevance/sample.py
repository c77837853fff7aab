"""What relevance is measured on: some reviews of the collection, and what they are asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.ground.slices import drawn
from reviewlens.reading.markup import clean_markup
from reviewlens.search.statements import statement_vectors
from reviewlens.store import Filters, ReviewStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_REVIEWS = 2_000
"""That are looked at, however many there are."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Some reviews of a collection, in the order of their ids.

    Attributes:
        reviews: In the collection.
        ids: Of those that were read.
        texts: Title and text of each, without markup.
        languages: Empty where they are not known.
        said_vectors: float32 of shape (statements, dimension): of what the first passages say, one
            each in a collection of version 1.
    """

    reviews: int
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    languages: tuple[str, ...]
    said_vectors: NDArray[np.float32]

    @property
    def distinct(self) -> int:
        """Different texts."""
        return len(set(self.texts))


def read_sample(store: ReviewStore, *, most: int = MOST_REVIEWS) -> Sample:
    """Return some reviews of a collection; all where there are no more than `most`."""
    import numpy as np

    keys = store.passage_ids(Filters(), base=store.readable_heads)
    some = drawn(keys, most)
    fields = ("original", "text", "title", "language", "statements", "vector")
    rows = [row for page in store.pages(some, fields) for row in page if row.vector is not None]
    titles = tuple(clean_markup(row.title) for row in rows)
    vectors = [statement_vectors(row) for row in rows]
    return Sample(
        reviews=len(keys),
        ids=tuple(row.review_id for row in rows),
        texts=tuple(said(title, row.original) for title, row in zip(titles, rows, strict=True)),
        languages=tuple(row.language for row in rows),
        said_vectors=np.concatenate(
            [np.empty((0, store.pin.dimension), dtype=np.float32), *vectors]
        ),
    )


def said(title: str, text: str) -> str:
    """Return what a review says in all, of which relevance takes the words."""
    return f"{title}\n{clean_markup(text)}"
