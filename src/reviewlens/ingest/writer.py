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
from reviewlens.ingest.changes import (
    Candidate,
    Changes,
    Tally,
    cut,
    fields_hashes,
    read_changes,
)
from reviewlens.ingest.inspection import Inspection
from reviewlens.ingest.options import IngestOptions
from reviewlens.ingest.rejects import RejectsFile
from reviewlens.ingest.vectors import RecentVectors, Vectors
from reviewlens.reading.markup import clean_markup
from reviewlens.reading.model import Passage
from reviewlens.reading.survey import Survey
from reviewlens.results import OnProgress
from reviewlens.store import (
    FIELDS,
    Languages,
    Long,
    ReviewStore,
    StoredPassage,
    confidence_column,
    label_columns,
    made_of,
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
        found: What the first pass counted, decided for `--latest`, and found stored, and what it
            leaves out.
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
    vectors = RecentVectors(encoder, statements=store.has_statements, boilerplate=found.boilerplate)
    where = (store, rejects, assign, on_step)

    def confirm(changes: Changes, writing: Future[Changes]) -> None:
        left = writing.result()
        if left.to_embed:
            cut(left, encoder, options, usual=found.usual)
            again = _vectors_of(left, vectors, tell)
            pool.submit(_write, left, again, options.limits.long, *where).result()
        tally.add(changes.tally)
        tally.add(left.tally)
        tell()

    def tell() -> None:
        if on_progress is not None:
            on_progress("writing", tally.read, survey.rows)

    chunks = read_changes(survey, found, encoder, options)
    written: tuple[Changes, Future[Changes]] | None = None
    with closing(chunks), ThreadPoolExecutor(2, thread_name_prefix="ingest") as pool:
        reading = pool.submit(next, chunks, None)
        while (changes := reading.result()) is not None:
            reading = pool.submit(next, chunks, None)
            encoded = _vectors_of(changes, vectors, tell)
            if written is not None:
                confirm(*written)
            written = (
                changes,
                pool.submit(_write, changes, encoded, options.limits.long, *where),
            )
        if written is not None:
            confirm(*written)
    tally.encoded = vectors.encoded
    return tally


def _vectors_of(
    changes: Changes, vectors: RecentVectors, on_part: Callable[[], None]
) -> list[Vectors]:
    return vectors.of(
        changes.passages,
        changes.passage_languages,
        review_ids=changes.passage_owners,
        on_part=on_part,
    )


def _write(
    changes: Changes,
    vectors: Sequence[Vectors],
    long: Long,
    store: ReviewStore,
    rejects: RejectsFile,
    assign: Assign | None,
    on_step: OnStep,
) -> Changes:
    """Write one chunk, step by step; return what is left to be embedded, see `_refreshed`."""
    left = Changes(Tally(), [])
    rejects.write(changes.rejected)
    if not changes.to_embed and not changes.to_update:
        return left
    store.remember_languages(Languages(met=tuple(changes.languages)))
    embedded = list(_embedded(changes, vectors, long))
    if assign is not None and embedded:
        embedded = _assigned(embedded, assign)
    rows = [*embedded, *_refreshed(changes.to_update, store, left)]
    on_step("encoded")
    store.upsert(row for row in rows if row.passage > 0)
    on_step("tails written")
    store.delete(changes.surplus)
    on_step("surplus deleted")
    store.upsert(row for row in rows if row.passage == 0)
    on_step("heads written")
    return left


def _embedded(changes: Changes, vectors: Sequence[Vectors], long: Long) -> Iterator[StoredPassage]:
    """Yield the rows of reviews that are new or whose text changed."""
    fresh = iter(vectors)
    for candidate, passages, language in zip(
        changes.to_embed, changes.cuts, changes.languages, strict=True
    ):
        made = made_of(candidate.review.embedded, [passage.text for passage in passages], long)
        for passage in passages:
            row = _stored(candidate, passage, language, next(fresh))
            yield row if made is None or passage.number else replace(row, made=made)


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
    candidate: Candidate, passage: Passage, language: str, vectors: Vectors
) -> StoredPassage:
    row = StoredPassage(
        review_id=candidate.review.review_id,
        passage=passage.number,
        text=passage.text,
        language=language,
        tokens=passage.tokens,
        tokens_embedded=passage.tokens_embedded,
        tokens_unknown=passage.tokens_unknown,
        statements=vectors.statements,
        vector=vectors.whole,
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


def _refreshed(
    candidates: Sequence[Candidate], store: ReviewStore, left: Changes
) -> Iterator[StoredPassage]:
    """Yield the rows of reviews of which only other fields changed.

    Vectors, themes and labels stay; a label whose name the input now has as a column goes.

    Args:
        candidates: Their text was stored when the run began.
        store: Where they are.
        left: Receives those that another process or thread has since deleted, or given another
            text, to be embedded; its tally corrects the counts of their chunk.
    """
    keys = [key for candidate in candidates for key in candidate.passage_ids()]
    rows = store.get(keys, FIELDS) if keys else {}
    for candidate in candidates:
        own = [rows[key] for key in candidate.passage_ids() if key in rows]
        if len(own) == candidate.passages and all(
            candidate.embeds_as(row.content_hash) for row in own
        ):
            if _has_its_labels(candidate, own):
                left.tally.updated -= 1
                left.tally.unchanged += 1
            else:
                yield from (_with_new_fields(row, candidate) for row in own)
            continue
        left.to_embed.append(candidate)
        if passage_id(candidate.review.review_id, 0) not in rows:
            left.tally.updated -= 1
            left.tally.indexed += 1
    left.surplus.extend(_surplus(left.to_embed, store))


def _has_its_labels(candidate: Candidate, rows: Sequence[StoredPassage]) -> bool:
    """Tell whether nothing is new of a review but that its stored labels are columns by now.

    So they are in an export of labelled reviews; the hash that is stored is that of before.
    """
    extra = rows[0].extra
    labels = {column for name in label_columns(extra) for column in (name, confidence_column(name))}
    given = labels & candidate.review.extra.keys()
    if not given or any(candidate.review.extra[name] != extra[name] for name in given):
        return False
    others = {name: value for name, value in candidate.review.extra.items() if name not in labels}
    before = fields_hashes(replace(candidate.review, extra=others))
    return all(row.content_hash.partition(".")[2] in before for row in rows)


def _with_new_fields(row: StoredPassage, candidate: Candidate) -> StoredPassage:
    new = _with_fields(row, candidate)
    labels = [name for name in label_columns(row.extra) if name not in new.extra]
    columns = [column for name in labels for column in (name, confidence_column(name))]
    return replace(new, extra={**new.extra, **{name: row.extra[name] for name in columns}})


def _surplus(candidates: Sequence[Candidate], store: ReviewStore) -> list[str]:
    """Return the keys of stored passages beyond the last one of each review."""
    passages = {candidate.review.review_id: candidate.passages for candidate in candidates}
    return [
        passage_id(row.review_id, row.passage)
        for row in store.passages(list(passages), ("passage",))
        if row.passage >= passages[row.review_id]
    ]
