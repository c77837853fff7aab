"""Passages whose stored vector cannot be used, embedded anew.

Every vector is checked before it is stored. Earlier versions stored what a user's encoder gave.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from reviewlens.encoders import Encoder
from reviewlens.ingest.vectors import RecentVectors
from reviewlens.results import OnProgress
from reviewlens.store import FIELDS, Filters, ReviewStore, StoredPassage, passage_id
from reviewlens.text.boilerplate import Boilerplate
from reviewlens.vectors import unusable


def mend_vectors(
    store: ReviewStore, encoder: Encoder, *, on_progress: OnProgress | None = None
) -> int:
    """Go over a collection whose vectors were not all checked, and say that they are.

    Stopped in between, it is done again by the next call.

    Args:
        store: The collection; one whose vectors were all checked is not read.
        encoder: The collection's.
        on_progress: Told of the stage `checking vectors`, in passages.

    Returns:
        How many passages were embedded anew.

    Raises:
        EncoderError: The encoder cannot embed one of them either.
    """
    if store.vectors_checked:
        return 0
    keys = store.passage_ids(Filters())
    mended = done = 0
    for page in store.pages(keys, ("vector",)):
        wrong = [passage_id(row.review_id, row.passage) for row in without_vector(page)]
        rows = list(store.get(wrong, FIELDS).values())
        store.upsert(
            embedded_anew(
                rows,
                encoder,
                boilerplate=store.boilerplate,
                statements=store.has_statements,
            )
        )
        mended += len(rows)
        done += len(page)
        if on_progress is not None:
            on_progress("checking vectors", done, len(keys))
    store.confirm_vectors()
    return mended


def without_vector(rows: Sequence[StoredPassage]) -> list[StoredPassage]:
    """Return the passages that have no vector that can be used."""
    import numpy as np

    if not rows:
        return []
    vectors = np.stack([row.vector for row in rows if row.vector is not None])
    return [row for row, wrong in zip(rows, unusable(vectors), strict=True) if wrong]


def embedded_anew(
    rows: Sequence[StoredPassage],
    encoder: Encoder,
    *,
    boilerplate: Boilerplate,
    statements: bool = True,
) -> list[StoredPassage]:
    """Return passages with the vectors of their texts.

    Args:
        rows: Any number of passages.
        encoder: The collection's.
        boilerplate: What the collection leaves out.
        statements: Whether the collection keeps them.
    """
    found = RecentVectors(encoder, statements=statements, boilerplate=boilerplate).of(
        rows, [row.language for row in rows], review_ids=[row.review_id for row in rows]
    )
    return [
        replace(row, vector=vectors.whole, statements=vectors.statements)
        for row, vectors in zip(rows, found, strict=True)
    ]


def sound(
    rows: Sequence[StoredPassage], encoder: Callable[[], Encoder], boilerplate: Boilerplate
) -> list[StoredPassage]:
    """Return passages, those without a vector that can be used embedded anew.

    Args:
        rows: With all fields.
        encoder: Makes the collection's encoder, where it is needed.
        boilerplate: What the collection leaves out.
    """
    wrong = without_vector(rows)
    if not wrong:
        return list(rows)
    mended = embedded_anew(wrong, encoder(), boilerplate=boilerplate)
    keys = {(row.review_id, row.passage): row for row in mended}
    return [keys.get((row.review_id, row.passage), row) for row in rows]
