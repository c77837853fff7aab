"""The second pass: embed what is new or changed, and write it so that a kill does no harm.

For each chunk the passages after the first are written, then passages left over from a longer
text are deleted, and last the first passages, which carry the reviews. Every passage holds the
hash of its review, and a review counts as stored only when all of its passages hold the hash
expected and there is none beyond them: whatever moment a run is killed at, and whichever file
is ingested next, that run completes it.

While a chunk is encoded, the next one is read and the one before it is written. A chunk's writes
begin when those of the chunk before have all been confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from reviewlens.encoders import Encoder
from reviewlens.ingestion.changes import Candidate, Changes, Tally, read_changes
from reviewlens.ingestion.inspection import Inspection
from reviewlens.ingestion.options import IngestOptions
from reviewlens.ingestion.rejects import RejectsFile
from reviewlens.ingestion.vectors import RecentVectors
from reviewlens.results import OnProgress
from reviewlens.reviews import Passage, Survey, clean_markup
from reviewlens.store import (
    FIELDS,
    ReviewStore,
    StoredPassage,
    confidence_column,
    label_columns,
    passage_id,
)
from reviewlens.vectors import pooled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEPS = ("encoded", "tails written", "surplus deleted", "heads written")
"""The named steps of writing one chunk, in order; `on_step` is called after each."""

OnStep = Callable[[str], None]

Assign = Callable[
    ["NDArray[np.float32]", Sequence[tuple[str, str, str]]],
    tuple["NDArray[np.int32]", "NDArray[np.float64]"],
]
"""Vectors (n, dimension) and the title, text and language of n reviews, to their themes' numbers
and how sure these are."""


def write(
    survey: Survey,
    found: Inspection,
    store: ReviewStore,
    encoder: Encoder,
    options: IngestOptions,
    rejects: RejectsFile,
    *,
    assign: Assign | None = None,
    on_step: OnStep = lambda step: None,
    on_progress: OnProgress | None = None,
) -> Tally:
    """Read the input again and bring the store up to it.

    Whatever stops one of the three stages stops the others after the chunk they are at, and is
    raised from here. Only the thread that writes uses the store.

    Args:
        survey: The files, with their columns decided.
        found: What the first pass counted, decided for `--latest`, and found stored.
        store: Receives the reviews.
        encoder: Loads its weights only when something is to be embedded; used in this thread, but
            for counting tokens.
        options: What the user decided.
        rejects: Receives the rejected rows.
        assign: Tells the saved theme of a review that is new or says something else.
        on_step: Called with each name of `STEPS` as it is done, in the thread that writes.
        on_progress: Told the rows written, after each chunk and again while one is encoded, in this
            thread.
    """
    tally = Tally()
    vectors = RecentVectors(encoder)

    def confirm(changes: Changes, writing: Future[None]) -> None:
        writing.result()
        tally.add(changes.tally)
        tell()

    def tell() -> None:
        if on_progress is not None:
            on_progress("writing", tally.read, survey.rows)

    chunks = read_changes(survey, found, encoder, options)
    written: tuple[Changes, Future[None]] | None = None
    with closing(chunks), ThreadPoolExecutor(2, thread_name_prefix="ingest") as pool:
        reading = pool.submit(_next, chunks)
        while (changes := reading.result()) is not None:
            reading = pool.submit(_next, chunks)
            encoded = vectors.of(changes.texts, review_ids=changes.text_owners, on_part=tell)
            if written is not None:
                confirm(*written)
            written = (
                changes,
                pool.submit(_write, changes, encoded, store, rejects, assign, on_step),
            )
        if written is not None:
            confirm(*written)
    tally.encoded = vectors.encoded
    return tally


def _next(chunks: Iterator[Changes]) -> Changes | None:
    return next(chunks, None)


def _write(
    changes: Changes,
    vectors: Sequence[NDArray[np.float32]],
    store: ReviewStore,
    rejects: RejectsFile,
    assign: Assign | None,
    on_step: OnStep,
) -> None:
    """Write one chunk, step by step."""
    rejects.write(changes.rejected)
    if not changes.to_embed and not changes.to_update:
        return
    embedded = list(_embedded(changes, vectors))
    if assign is not None and embedded:
        embedded = _assigned(embedded, assign)
    rows = [*embedded, *_refreshed(changes.to_update, store)]
    on_step("encoded")
    store.upsert(row for row in rows if row.passage > 0)
    on_step("tails written")
    store.delete(changes.surplus)
    on_step("surplus deleted")
    store.upsert(row for row in rows if row.passage == 0)
    on_step("heads written")


def _embedded(changes: Changes, vectors: Sequence[NDArray[np.float32]]) -> Iterator[StoredPassage]:
    """Yield the rows of reviews that are new or whose text changed."""
    fresh = iter(vectors)
    for candidate, passages, language in zip(
        changes.to_embed, changes.cuts, changes.languages, strict=True
    ):
        for passage in passages:
            yield _stored(candidate, passage, language, next(fresh))


def _assigned(rows: Sequence[StoredPassage], assign: Assign) -> list[StoredPassage]:
    """Return the rows of whole reviews with the theme of each."""
    import numpy as np

    reviews = [list(own) for _, own in groupby(rows, key=lambda row: row.review_id)]
    heads = [next(row for row in own if row.passage == 0) for own in reviews]
    means = np.stack(
        [pooled([row.vector for row in own if row.vector is not None]) for own in reviews]
    )
    said = [
        (clean_markup(head.title), clean_markup(head.original), head.language) for head in heads
    ]
    numbers, confidence = assign(means, said)
    return [
        replace(row, cluster=int(number), cluster_confidence=float(sure))
        for own, number, sure in zip(reviews, numbers, confidence, strict=True)
        for row in own
    ]


def _stored(
    candidate: Candidate, passage: Passage, language: str, vector: NDArray[np.float32]
) -> StoredPassage:
    row = StoredPassage(
        review_id=candidate.review.review_id,
        passage=passage.number,
        text=passage.text,
        language=language,
        tokens=passage.tokens,
        tokens_embedded=passage.tokens_embedded,
        tokens_unknown=passage.tokens_unknown,
        vector=vector,
    )
    return _with_fields(row, candidate)


def _with_fields(row: StoredPassage, candidate: Candidate) -> StoredPassage:
    """Return the row with everything that does not depend on the embedding."""
    review = candidate.review
    return replace(
        row,
        content_hash=candidate.content_hash,
        original=review.original if row.passage == 0 else "",
        title=review.title,
        product=review.product,
        author=review.author,
        source=review.source,
        rating=review.rating,
        rating_given=review.rating_given,
        time=review.time,
        extra=review.extra,
    )


def _refreshed(candidates: Sequence[Candidate], store: ReviewStore) -> Iterator[StoredPassage]:
    """Yield the rows of reviews of which only other fields changed.

    Vectors, themes and labels stay; a label whose name the input now has as a column goes.
    """
    keys = [key for candidate in candidates for key in candidate.passage_ids()]
    rows = store.get(keys, FIELDS) if keys else {}
    for candidate in candidates:
        for key in candidate.passage_ids():
            known, row = rows[key].extra, _with_fields(rows[key], candidate)
            labels = [name for name in label_columns(known) if name not in row.extra]
            columns = [column for name in labels for column in (name, confidence_column(name))]
            yield replace(row, extra={**row.extra, **{name: known[name] for name in columns}})
