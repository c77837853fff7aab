"""The second pass: embed what is new or changed, and write it so that a kill does no harm.

For each chunk the passages after the first are written, then passages left over from a longer
text are deleted, and last the first passages, which carry the reviews. Every passage holds the
hash of its review, and a review counts as stored only when all of its passages hold the hash
expected and there is none beyond them: whatever moment a run is killed at, and whichever file
is ingested next, that run completes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from reviewlens.encoders import Encoder
from reviewlens.ingestion.inspection import OUTSIDE, SKIPPED, Inspection, split
from reviewlens.ingestion.options import IngestOptions
from reviewlens.ingestion.rejects import RejectsFile
from reviewlens.results import OnProgress
from reviewlens.reviews import Passage, Rejected, Review, Survey, detect_languages, read_reviews
from reviewlens.store import FIELDS, ReviewStore, StoredPassage, passage_id

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEPS = ("encoded", "tails written", "surplus deleted", "heads written")
"""The named steps of writing one chunk, in order; `on_step` is called after each."""

OnStep = Callable[[str], None]


@dataclass(slots=True)
class Tally:
    """Counts of the second pass; the names are those of `IngestReport`."""

    read: int = 0
    indexed: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicate: int = 0
    skipped: int = 0
    encoded: int = 0
    tokens: int = 0
    tokens_embedded: int = 0
    tokens_unknown: int = 0
    undated: int = 0


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A review with its passages and the two halves of its hash."""

    review: Review
    passages: tuple[Passage, ...]
    embedding_hash: str
    fields_hash: str

    @property
    def content_hash(self) -> str:
        return f"{self.embedding_hash}.{self.fields_hash}"

    def passage_ids(self) -> list[str]:
        """The primary keys of the passages, and of the one that must not be there."""
        return [
            passage_id(self.review.review_id, number) for number in range(len(self.passages) + 1)
        ]


def write(
    survey: Survey,
    found: Inspection,
    store: ReviewStore,
    encoder: Encoder,
    options: IngestOptions,
    rejects: RejectsFile,
    *,
    on_step: OnStep = lambda step: None,
    on_progress: OnProgress | None = None,
) -> Tally:
    """Read the input again and bring the store up to it.

    Args:
        survey: The files, with their columns decided.
        found: What the first pass decided for `--latest`.
        store: Receives the reviews.
        encoder: Loads its weights only when something is to be embedded.
        options: What the user decided.
        rejects: Receives the rejected rows.
        on_step: Called with each name of `STEPS` as it is done.
        on_progress: Told the rows written, after each chunk.
    """
    tally = Tally()
    position = 0
    for chunk in read_reviews(survey):
        rejects.write(chunk.rejected)
        tally.read += chunk.read
        tally.duplicate += chunk.duplicates
        chosen = None
        if found.chosen is not None:
            chosen = found.chosen[position : position + len(chunk.reviews)]
        position += len(chunk.reviews)
        candidates = []
        for index, (review, piece) in enumerate(
            zip(chunk.reviews, split(chunk.reviews, encoder, options), strict=True)
        ):
            fate = None if chosen is None else chosen[index]
            if fate == SKIPPED:
                tally.skipped += 1
            elif isinstance(piece, Rejected):
                assert fate in (None, OUTSIDE)
                rejects.write([piece])
            else:
                candidates.append(_candidate(review, piece, encoder, options))
        _count_tokens(tally, candidates)
        _write_chunk(candidates, store, encoder, tally, on_step)
        if on_progress is not None:
            on_progress("writing", tally.read, survey.rows)
    return tally


def _candidate(
    review: Review, passages: tuple[Passage, ...], encoder: Encoder, options: IngestOptions
) -> _Candidate:
    shaping = (review.embedded, options.limits.long, encoder.window)
    others = (
        review.original,
        review.title,
        review.product,
        review.author,
        review.source,
        review.rating,
        review.rating_given,
        review.time,
        sorted(review.extra.items()),
    )
    return _Candidate(review, passages, _hash(shaping), _hash(others))


def _hash(values: object) -> str:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _count_tokens(tally: Tally, candidates: Sequence[_Candidate]) -> None:
    for candidate in candidates:
        tally.undated += candidate.review.time is None
        for passage in candidate.passages:
            tally.tokens += passage.tokens
            tally.tokens_embedded += passage.tokens_embedded
            tally.tokens_unknown += passage.tokens_unknown


def _write_chunk(
    candidates: Sequence[_Candidate],
    store: ReviewStore,
    encoder: Encoder,
    tally: Tally,
    on_step: OnStep,
) -> None:
    keys = [key for candidate in candidates for key in candidate.passage_ids()]
    hashes = {key: row.content_hash for key, row in store.get(keys, ("content_hash",)).items()}
    to_embed: list[_Candidate] = []
    to_update: list[_Candidate] = []
    partly_stored: list[str] = []
    for candidate in candidates:
        state = _state(candidate, hashes)
        if state == "unchanged":
            tally.unchanged += 1
        elif state == "fields":
            to_update.append(candidate)
            tally.updated += 1
        else:
            to_embed.append(candidate)
            stored = passage_id(candidate.review.review_id, 0) in hashes
            tally.updated += stored
            tally.indexed += not stored
            if any(key in hashes for key in candidate.passage_ids()):
                partly_stored.append(candidate.review.review_id)
    if not to_embed and not to_update:
        return
    rows = [*_embedded(to_embed, encoder, tally), *_refreshed(to_update, store)]
    on_step("encoded")
    store.upsert(row for row in rows if row.passage > 0)
    on_step("tails written")
    store.delete(_surplus(partly_stored, to_embed, store))
    on_step("surplus deleted")
    store.upsert(row for row in rows if row.passage == 0)
    on_step("heads written")


def _state(candidate: _Candidate, hashes: Mapping[str, str]) -> str:
    """Return `unchanged`, `fields` (other fields changed) or `text` (to be embedded)."""
    *wanted, surplus = candidate.passage_ids()
    found = {hashes.get(key, "") for key in wanted}
    if surplus in hashes:
        return "text"
    if found == {candidate.content_hash}:
        return "unchanged"
    if {content_hash.partition(".")[0] for content_hash in found} == {candidate.embedding_hash}:
        return "fields"
    return "text"


def _embedded(
    candidates: Sequence[_Candidate], encoder: Encoder, tally: Tally
) -> Iterator[StoredPassage]:
    """Yield the rows of reviews that are new or whose text changed."""
    texts = [passage.text for candidate in candidates for passage in candidate.passages]
    vectors = iter(encoder.encode_documents(texts) if texts else ())
    tally.encoded += len(texts)
    languages = detect_languages(
        [candidate.review.text or candidate.review.title for candidate in candidates]
    )
    for candidate, language in zip(candidates, languages, strict=True):
        for passage in candidate.passages:
            yield _stored(candidate, passage, language, next(vectors))


def _stored(
    candidate: _Candidate, passage: Passage, language: str, vector: NDArray[np.float32]
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


def _with_fields(row: StoredPassage, candidate: _Candidate) -> StoredPassage:
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


def _refreshed(candidates: Sequence[_Candidate], store: ReviewStore) -> Iterator[StoredPassage]:
    """Yield the rows of reviews of which only other fields changed: vectors and themes stay."""
    keys = [key for candidate in candidates for key in candidate.passage_ids()[:-1]]
    rows = store.get(keys, FIELDS) if keys else {}
    for candidate in candidates:
        for key in candidate.passage_ids()[:-1]:
            yield _with_fields(rows[key], candidate)


def _surplus(
    partly_stored: Sequence[str], candidates: Sequence[_Candidate], store: ReviewStore
) -> list[str]:
    """Return the keys of stored passages beyond the last one that each review now has."""
    if not partly_stored:
        return []
    wanted = {key for candidate in candidates for key in candidate.passage_ids()[:-1]}
    stored = store.passages_of(partly_stored)
    return [key for keys in stored.values() for key in keys if key not in wanted]
