"""What the input changes in the store, chunk by chunk, before anything is encoded or written.

A review counts as stored only when all of its passages hold the hash expected and there is none
beyond them. Only what is to be encoded is cut into passages: the first pass has counted the rest.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from hashlib import blake2b

from reviewlens.encoders import Encoder
from reviewlens.ingest.inspection import OUTSIDE, SKIPPED, Inspection, review_languages, split
from reviewlens.ingest.options import IngestOptions
from reviewlens.ingest.stored import Hashes, hashes
from reviewlens.reading.model import Chunk, Passage, Rejected, Review
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import Survey
from reviewlens.store import StoredPassage, passage_id

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(slots=True)
class Tally:
    """Counts of the second pass; the names are those of `IngestReport`, but for `languages`."""

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
    unrated: int = 0
    languages: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Add the counts of a chunk."""
        for count in fields(self):
            setattr(self, count.name, getattr(self, count.name) + getattr(other, count.name))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A review within the limits, with the number of its passages and its hash.

    `older_hash` is the hash by the rule before, which is as good a proof that nothing has changed.
    """

    review: Review
    passages: int
    content_hash: str
    older_hash: str

    def passage_ids(self) -> list[str]:
        """The primary keys of its passages."""
        return [passage_id(self.review.review_id, number) for number in range(self.passages)]

    def embeds_as(self, content_hash: str) -> bool:
        """Tell whether a stored hash is that of what would be embedded of it."""
        return self.content_hash.partition(".")[0] == content_hash.partition(".")[0]


@dataclass(slots=True)
class Changes:
    """What becomes of one chunk.

    Attributes:
        tally: Counts of the chunk.
        rejected: Rows that are not taken.
        to_embed: Reviews that are new or whose text changed.
        cuts: Their passages.
        languages: Their languages.
        to_update: Reviews of which only other fields changed.
        surplus: Keys of stored passages beyond the last one that a review now has.
    """

    tally: Tally
    rejected: list[Rejected]
    to_embed: list[Candidate] = field(default_factory=list)
    cuts: list[tuple[Passage, ...]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    to_update: list[Candidate] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)

    @property
    def passages(self) -> list[Passage]:
        """What is to be encoded, in order."""
        return [passage for cut in self.cuts for passage in cut]

    @property
    def passage_languages(self) -> list[str]:
        """The language of each passage."""
        return [
            language for language, cut in zip(self.languages, self.cuts, strict=True) for _ in cut
        ]

    @property
    def passage_owners(self) -> list[str]:
        """The id of the review that each passage is of."""
        return [
            candidate.review.review_id
            for candidate, cut in zip(self.to_embed, self.cuts, strict=True)
            for _ in cut
        ]

    def take(self, candidate: Candidate, stored: Mapping[int, Hashes]) -> bool:
        """Add a review, given what is stored of it; return whether anything of it changes."""
        state = _state(candidate, stored)
        if state == "unchanged":
            self.tally.unchanged += 1
            return False
        if state == "fields":
            self.to_update.append(candidate)
        else:
            self.to_embed.append(candidate)
            self.surplus.extend(
                passage_id(candidate.review.review_id, number)
                for number in stored
                if number >= candidate.passages
            )
        self.tally.updated += 0 in stored
        self.tally.indexed += 0 not in stored
        return True


def read_changes(
    survey: Survey, found: Inspection, encoder: Encoder, options: IngestOptions
) -> Generator[Changes, None, None]:
    """Go through the reviews again; yield what each chunk changes, after those before it.

    Args:
        survey: The files, with their columns decided.
        found: What the first pass counted, decided for `--latest`, and found stored.
        encoder: Cuts what is to be encoded.
        options: What the user decided.
    """
    first = 0
    for chunk in read_reviews(survey):
        yield _changes(chunk, first, found, encoder, options)
        first += len(chunk.reviews)


def _changes(
    chunk: Chunk, first: int, found: Inspection, encoder: Encoder, options: IngestOptions
) -> Changes:
    tally = Tally(read=chunk.read, duplicate=chunk.duplicates, skipped=chunk.silent)
    outside: list[Review] = []
    candidates: list[Candidate] = []
    for row, review in enumerate(chunk.reviews, start=first):
        fate = found.fate(row)
        if fate == SKIPPED:
            tally.skipped += 1
        elif fate == OUTSIDE:
            outside.append(review)
        else:
            embedded = found.boilerplate.identity(review.embedded)
            candidates.append(_candidate(review, embedded, found.passages[row], encoder, options))
            tally.undated += review.time is None
            tally.unrated += review.rating is None
            tally.tokens += found.tokens[row]
            tally.tokens_embedded += found.tokens_embedded[row]
            tally.tokens_unknown += found.tokens_unknown[row]
    changes = Changes(tally, list(chunk.rejected))
    known = found.stored.passages([candidate.review.review_id for candidate in candidates])
    for candidate, stored in zip(candidates, known, strict=True):
        if changes.take(candidate, stored):
            found.stored.note(
                candidate.review.review_id, candidate.passages, hashes(candidate.content_hash)
            )
    cut(changes, encoder, options, usual=found.usual, outside=outside)
    return changes


def cut(
    changes: Changes,
    encoder: Encoder,
    options: IngestOptions,
    *,
    usual: Mapping[str, float],
    outside: Sequence[Review] = (),
) -> None:
    """Cut what is to be embedded into passages, and tell its languages.

    Args:
        changes: Receives them.
        encoder: Counts tokens.
        options: What the user decided.
        usual: Share of each language in the whole input, 0..1.
        outside: Reviews outside the token limits, which are rejected with the reason.
    """
    new = [candidate.review for candidate in changes.to_embed]
    for piece in split([*outside, *new], encoder, options):
        if isinstance(piece, Rejected):
            changes.rejected.append(piece)
        else:
            changes.cuts.append(piece)
    changes.languages = review_languages(new, usual)
    changes.tally.languages.update(changes.languages)


def _candidate(
    review: Review, embedded: str, passages: int, encoder: Encoder, options: IngestOptions
) -> Candidate:
    shaping = embedding_hash(embedded, options.limits.long, encoder.window)
    fields, older = fields_hashes(review)
    return Candidate(review, passages, f"{shaping}.{fields}", f"{shaping}.{older}")


def embedding_hash(embedded: str, long: str, window: int) -> str:
    """Return the first part of a content hash: what shapes the embedding.

    Args:
        embedded: All of the text that is embedded, as `Boilerplate.identity` tells it from others.
        long: `split` or `truncate`.
        window: The encoder's, in tokens.
    """
    return _hash((embedded, long, window))


def fields_hashes(review: Review | StoredPassage) -> tuple[str, str]:
    """Return the second part of a content hash, of all that is stored and shapes no embedding.

    A column that is empty is as good as none, since a table that is written of several has all
    their columns. By the older rule, the second of the two, it was another review.

    Args:
        review: As read, or the passage that carries it as it was before it was given labels and
            before its ratings were stored in 32 bits.
    """
    fields = (
        review.original,
        review.title,
        review.product,
        review.author,
        review.source,
        review.rating,
        review.rating_given,
        review.time,
    )
    extra = sorted(review.extra.items())
    filled = [(name, value) for name, value in extra if value != ""]
    older = _hash((*fields, extra))
    return older if filled == extra else _hash((*fields, filled)), older


def _hash(values: object) -> str:
    return blake2b(_as_json(values).encode(), digest_size=16).hexdigest()


def _state(candidate: Candidate, stored: Mapping[int, Hashes]) -> str:
    """Return `unchanged`, `fields` (other fields changed) or `text` (to be embedded)."""
    passages = candidate.passages
    if len(stored) != passages or any(number not in stored for number in range(passages)):
        return "text"
    found = set(stored.values())
    wanted = hashes(candidate.content_hash)
    if found in ({wanted}, {hashes(candidate.older_hash)}):
        return "unchanged"
    return "fields" if {embedding for embedding, _ in found} == {wanted[0]} else "text"
