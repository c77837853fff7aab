"""What relevance is measured on: some reviews of the collection, and what they are asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.ground.slices import drawn
from reviewlens.reading.markup import clean_markup
from reviewlens.search.statements import statement_vectors
from reviewlens.store import Filters, ReviewStore
from reviewlens.text.passages import split_sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_REVIEWS = 2_000
"""That are looked at, however many there are."""
_SENTENCES = 160
_MOST_WORDS = 25
_SHORT = (3, 6)
_CLAUSE = re.compile(r"[，。、！？；：,;:!?]")


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Some reviews of a collection, in the order of their ids.

    Attributes:
        reviews: In the collection.
        ids: Of those that were read.
        texts: Title and text of each, without markup.
        beginnings: What the first passage of each says, title and template left out.
        languages: Empty where they are not known.
        vectors: float32 of shape (read, dimension): of the first passages.
        said_vectors: float32 of shape (statements, dimension): of what the first passages say, one
            each in a collection of version 1.
    """

    reviews: int
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    beginnings: tuple[str, ...]
    languages: tuple[str, ...]
    vectors: NDArray[np.float32]
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
        beginnings=tuple(
            row.text.removeprefix(f"Title: {title}; Content: ")
            for title, row in zip(titles, rows, strict=True)
        ),
        languages=tuple(row.language for row in rows),
        vectors=np.array([row.vector for row in rows], dtype=np.float32).reshape(
            len(rows), store.pin.dimension
        ),
        said_vectors=np.concatenate(
            [np.empty((0, store.pin.dimension), dtype=np.float32), *vectors]
        ),
    )


def said(title: str, text: str) -> str:
    """Return what a review says in all, of which relevance takes the words."""
    return f"{title}\n{clean_markup(text)}"


def questions(sample: Sample) -> list[tuple[str, int]]:
    """Return what the collection surely says: some of its own sentences.

    Every second sentence is cut to a few words in a row, as people search with few; so is all that
    reviews without a short sentence say, such as those without full stops.

    Returns:
        Text, and row of the review that it is from.
    """
    import numpy as np

    random = np.random.default_rng(0)
    order = [int(row) for row in random.permutation(len(sample.ids))]
    found: dict[str, int] = {}
    endless: list[tuple[int, str]] = []
    for row in order:
        if len(found) == _SENTENCES:
            break
        every = [one for one in split_sentences(sample.beginnings[row]) if len(one) > 1]
        some = [one for one in every if len(one.split()) <= _MOST_WORDS]
        if some:
            one = some[int(random.integers(len(some)))]
            found.setdefault(_shortened(one, random) if len(found) % 2 else one, row)
        elif every:
            endless.append((row, every[0]))
    for row, one in endless[: _SENTENCES - len(found)]:
        found.setdefault(_shortened(one, random), row)
    return list(found.items())


def _shortened(text: str, random: np.random.Generator) -> str:
    words = text.split()
    if len(words) > _SHORT[1]:
        size = int(random.integers(_SHORT[0], _SHORT[1] + 1))
        start = int(random.integers(len(words) - size + 1))
        return " ".join(words[start : start + size])
    clauses = [part.strip() for part in _CLAUSE.split(text) if len(part.strip()) > 1]
    return clauses[int(random.integers(len(clauses)))] if len(clauses) > 1 else text
