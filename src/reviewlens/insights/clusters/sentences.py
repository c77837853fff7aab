"""Reviews cut into sentences, so that one review may speak of several themes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewlens.ground.slices import Slice
from reviewlens.results import OnProgress
from reviewlens.text.contentless import says_nothing
from reviewlens.text.passages import split_sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SENTENCES_AT_ONCE = 2_048


def by_sentence(
    reviews: Slice,
    encode: Callable[[Sequence[str]], NDArray[np.float32]],
    *,
    on_progress: OnProgress | None = None,
) -> Slice:
    """Cut reviews into sentences, a row each, with the id, stars and so on of its review.

    A title is a sentence too. One that says nothing (`Great!`) is left out where others of its
    review say something.

    Args:
        reviews: Whole ones.
        encode: Embeds texts, in order, at unit length; a sentence that occurs often is given once.
        on_progress: Told of the stage `encoding`.

    Returns:
        Rows in the order of the reviews and of their sentences; titles are empty.
    """
    import numpy as np

    rows: list[int] = []
    sentences: list[str] = []
    for row, (title, text, language) in enumerate(
        zip(reviews.titles, reviews.texts, reviews.languages, strict=True)
    ):
        found = [*split_sentences(title), *split_sentences(text)]
        speaking = [
            one for one in found if not says_nothing(reviews.boilerplate.without(one), "", language)
        ]
        kept = speaking or found[:1] or [""]
        rows += [row] * len(kept)
        sentences += kept
    parts = reviews.take(np.array(rows, dtype=np.intp))
    return replace(
        parts,
        vectors=_encoded(sentences, encode, reviews.vectors.shape[1], on_progress),
        texts=tuple(sentences),
        titles=("",) * len(sentences),
    )


def _encoded(
    sentences: Sequence[str],
    encode: Callable[[Sequence[str]], NDArray[np.float32]],
    dimension: int,
    on_progress: OnProgress | None,
) -> NDArray[np.float32]:
    import numpy as np

    # By length, so that the texts of a batch need little filling.
    distinct = sorted(set(sentences), key=lambda one: (len(one), one))
    vectors = np.empty((len(distinct), dimension), dtype=np.float32)
    for start in range(0, len(distinct), _SENTENCES_AT_ONCE):
        batch = distinct[start : start + _SENTENCES_AT_ONCE]
        vectors[start : start + len(batch)] = encode(batch)
        if on_progress is not None:
            on_progress("encoding", start + len(batch), len(distinct))
    place = {sentence: row for row, sentence in enumerate(distinct)}
    return vectors[[place[one] for one in sentences]]
