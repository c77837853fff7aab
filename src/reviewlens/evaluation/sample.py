"""The reviews and questions that encoders are judged by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewlens.ground.slices import Slice, read_passages
from reviewlens.store import Filters, ReviewStore, passage_id
from reviewlens.text.passages import split_sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LEAST_BYTES = 20
"""Of a sentence that is asked for: `Great!` is in too many reviews."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Different texts, each of the first of its reviews.

    Attributes:
        reviews: How many match the filters, of those that the collection's encoder reads.
        sampled: How many were drawn.
        texts: Without their titles, none twice.
        titles: Of each text; empty where there is none.
        products: Of each text; empty where there is none.
        stars: Of each text, float64, NaN where there are none.
    """

    reviews: int
    sampled: int
    texts: tuple[str, ...]
    titles: tuple[str, ...]
    products: tuple[str, ...]
    stars: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Questions:
    """Queries, and the place of the text that each is to find."""

    queries: tuple[str, ...]
    targets: tuple[int, ...]


def draw_sample(store: ReviewStore, filters: Filters, size: int, seed: int) -> Sample:
    """Draw reviews and keep their different texts.

    Args:
        store: Where they are.
        filters: Which reviews.
        size: Reviews to draw at most.
        seed: Of the draw.
    """
    import numpy as np

    keys = store.passage_ids(filters, base=store.readable_heads)
    names = [key.rpartition("#")[0] for key in keys]
    random = np.random.default_rng(seed)
    chosen = sorted(random.choice(len(names), min(size, len(names)), replace=False).tolist())
    reviews = read_passages(store, [passage_id(names[place], 0) for place in chosen])
    return of_slice(reviews, len(names))


def of_slice(reviews: Slice, matching: int) -> Sample:
    """Return the different texts of some reviews.

    Args:
        reviews: Those drawn.
        matching: Of how many.
    """
    import numpy as np

    first: dict[str, int] = {}
    for row, text in enumerate(reviews.texts):
        if text.strip():
            first.setdefault(" ".join(text.split()), row)
    rows = np.array(sorted(first.values()), dtype=np.intp)
    return Sample(
        reviews=matching,
        sampled=len(reviews),
        texts=tuple(reviews.texts[row] for row in rows),
        titles=tuple(reviews.titles[row].strip() for row in rows),
        products=tuple(reviews.products[row] for row in rows),
        stars=reviews.stars[rows],
    )


def sentence_questions(texts: Sequence[str], seed: int) -> Questions:
    """Draw a sentence of each text that has two or more; it must be in no other text.

    Args:
        texts: None twice.
        seed: Of the draw.
    """
    import numpy as np

    split = [split_sentences(text) for text in texts]
    times = Counter(sentence for sentences in split for sentence in set(sentences))
    random = np.random.default_rng(seed)
    queries, targets = [], []
    for place, sentences in enumerate(split):
        fit = [
            one
            for one in sentences
            if len(one.encode()) >= _LEAST_BYTES and times[one] == 1 and len(sentences) > 1
        ]
        if fit:
            queries.append(fit[int(random.integers(len(fit)))])
            targets.append(place)
    return Questions(tuple(queries), tuple(targets))


def title_questions(sample: Sample) -> Questions:
    """Ask for each text by its title, where this is not all of the text."""
    pairs = [
        (title, place)
        for place, (title, text) in enumerate(zip(sample.titles, sample.texts, strict=True))
        if title and title != text.strip()
    ]
    return Questions(tuple(title for title, _ in pairs), tuple(place for _, place in pairs))
