"""Stored reviews compared with their hashes and vectors, and mended where they differ.

The first half of a content hash holds the text that was embedded, the second all other fields that
were ingested. What the encoder, later runs and people give a review (language, counts of tokens,
theme, labels) is in neither, and is not compared.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, Literal

from reviewlens.encoders import Encoder
from reviewlens.ingest import (
    Embedded,
    awaits_ingest,
    default_text,
    embedded_anew,
    embedded_of,
    embedding_hash,
    embedding_hashes,
    fields_hashes,
    without_vector,
)
from reviewlens.reading.ratings import Rating, to_stars
from reviewlens.results import Check, OnProgress
from reviewlens.store import (
    FIELDS,
    Filters,
    Long,
    ReviewStore,
    StoredPassage,
    by_review,
    confidence_column,
    label_columns,
    least_cosine,
    made_of,
    passage_id,
)
from reviewlens.text.boilerplate import Boilerplate
from reviewlens.text.passages import split_text

NAME = "Stored reviews"
REVIEWS_AT_ONCE = 500
SAMPLE = 50
"""Reviews whose texts are embedded again, to compare with their vectors."""
LEAST_SIMILARITY = 0.999
"""What two vectors of one text have at least: another processor or batch changes less."""

_SHOWN = 5
_MOST_LABELS = 6
_DIGITS = 7
"""A number that has so many digits may be another one rounded: it is stored in 32 bits."""
_ROUNDING = 1e-6
_SHARED = ("title", "product", "author", "source", "rating", "rating_given", "time")
"""What all passages of a review have in common, and no later run changes."""
_LONG: tuple[Long, ...] = ("split", "truncate")

State = Literal["sound", "restorable", "text", "fields", "unfinished", "awaited"]
_FOUND: Mapping[State, str] = {
    "restorable": "damaged, but what is stored tells how they were",
    "text": "whose text is not the one that was ingested",
    "fields": "of which another field is not what was ingested",
    "unfinished": "not whole, as an interrupted ingest leaves them",
    "awaited": "found damaged before, which wait for an ingest of their file",
}


@dataclass(slots=True)
class Damage:
    """What was found.

    Attributes:
        reviews: How many were compared.
        states: Ids of reviews that are not sound, by their state.
        vectors: Of those a vector of which is not finite or not of length 1.
        other_vectors: Of those a vector of which is not that of its text, in the sample, or in all
            when that had one and was to be mended.
        lowest: The lowest similarity of a stored vector and that of its text, in the sample.
        sampled: Reviews that were compared so.
        unsure: Reviews of an earlier version that cannot be compared in all: long ones embedded by
            a template, of which the white space is not known, and those with ratings of more digits
            than are stored.
    """

    reviews: int = 0
    states: dict[State, list[str]] = field(default_factory=lambda: {name: [] for name in _FOUND})
    vectors: list[str] = field(default_factory=list)
    other_vectors: list[str] = field(default_factory=list)
    lowest: float = 1.0
    sampled: int = 0
    unsure: int = 0


def check_reviews(
    store: ReviewStore,
    encoder: Encoder | None,
    *,
    mend: bool = False,
    reviews_at_once: int = REVIEWS_AT_ONCE,
    on_progress: OnProgress | None = None,
) -> Check:
    """Compare all stored reviews with their hashes and vectors; nothing is changed unless asked.

    Args:
        store: Where they are; nothing else may write to it meanwhile where they are mended.
        encoder: The collection's; None where it cannot be had: vectors are not compared with the
            texts then, and nothing can be mended.
        mend: Make again what the rest of the review tells, embed anew what has no usable vector,
            and mark all else so that the next ingest of its file writes it again.
        reviews_at_once: How many are read, and mended, together.
        on_progress: Told of the stage `checking reviews`.

    Raises:
        StoreError: Milvus cannot be used, or refuses a damaged file.
        EncoderError: A text cannot be embedded.
    """
    started = time.monotonic()
    mender = encoder if mend else None
    window = store.made_with.window or (0 if encoder is None else encoder.window)
    keys = _of_reviews(store.passage_ids(Filters()))
    found = Damage()
    written = 0
    for done, reviews in _pages(store, sorted(keys), keys, reviews_at_once):
        changed = [row for own in reviews for row in _looked_at(own, found, store, window, mender)]
        if mender is not None:
            written += _write(store, changed, reviews, mender)
        if on_progress is not None:
            on_progress("checking reviews", done, len(keys))
    if encoder is not None:
        written += _compare_vectors(store, encoder, keys, found, mend=mend)
    if written:
        store.settle()
    return _told(found, window, mender, encoder, time.monotonic() - started)


# -- one review ----------------------------------------------------------------------------------


def _looked_at(
    own: list[StoredPassage],
    found: Damage,
    store: ReviewStore,
    window: int,
    mender: Encoder | None,
) -> list[StoredPassage]:
    """Note what is wrong with a review; return the rows that it is to have, where they change.

    Args:
        own: Its passages, in order.
        found: Receives what is wrong.
        store: Where it is.
        window: Of its encoder; 0 where it is not known.
        mender: Counts tokens; None where nothing is mended.

    Returns:
        Rows without a vector where it is to be embedded anew; none where all stays.
    """
    name = own[0].review_id
    found.reviews += 1
    state, embedded = _state_of(own, store, window)
    if state is None:
        found.unsure += 1
    elif state != "sound":
        found.states[state].append(name)
    rows = own
    if mender is not None and state is not None:
        rows = _rows_of(own, state, embedded, window, store.boilerplate, mender)
    wrong = {id(row) for row in without_vector(own)}
    if wrong:
        found.vectors.append(name)
        rows = [replace(row, vector=None) if id(row) in wrong else row for row in rows]
    same = len(rows) == len(own) and all(one is other for one, other in zip(rows, own, strict=True))
    return [] if same else rows


def _state_of(
    own: Sequence[StoredPassage], store: ReviewStore, window: int
) -> tuple[State | None, Embedded]:
    """Return what is wrong with a review, None where that cannot be told; and its text."""
    head = own[0]
    embedded = embedded_of(own, window, store.boilerplate)
    if awaits_ingest(head.content_hash):
        return "awaited", embedded
    if [row.passage for row in own] != list(range(len(own))) or any(
        row.content_hash != head.content_hash for row in own
    ):
        return "unfinished", embedded
    fields = _fields_fit(head, store)
    if embedded.sure or not window:
        if any(_shared(row) != _shared(head) for row in own):
            return "restorable" if fields else "fields", embedded
        return {True: "sound", False: "fields", None: None}[fields], embedded
    default = default_text(head)
    if _fitting(default, head, window, store.boilerplate) is not None:
        return "restorable", embedded  # the text changed, and what it was made of did not
    if embedded.text == default and fields:
        return "restorable", embedded  # text and original are the same, so it was the hash
    if len(own) > 1 and head.made is None:
        return None, embedded
    return "text", embedded


def _rows_of(
    own: list[StoredPassage],
    state: State,
    embedded: Embedded,
    window: int,
    boilerplate: Boilerplate,
    mender: Encoder,
) -> list[StoredPassage]:
    """Return the rows that a review is to have."""
    head = own[0]
    shaping, _, fields = head.content_hash.partition(".")
    if state == "text":
        return [replace(row, content_hash="") for row in own]
    if state == "fields":
        return [replace(row, content_hash=f"{shaping}.") for row in own]
    if state != "restorable":
        return own
    if embedded.sure:
        return [head, *(replace(row, **_shared(head)) for row in own[1:])]
    default = default_text(head)
    long = _fitting(default, head, window, boilerplate)
    if long is None:
        identity = boilerplate.identity(embedded.text)
        right = f"{embedding_hash(identity, embedded.long, window)}.{fields}"
        return [replace(row, content_hash=right) for row in own]
    return _cut_anew(head, default, long, window, mender)


def _cut_anew(
    head: StoredPassage, text: str, long: Long, window: int, encoder: Encoder
) -> list[StoredPassage]:
    """Return the rows of a review that is this text, without vectors."""
    [(tokens, unknown)] = encoder.count_tokens([text])
    if tokens > window and long == "split":
        cut = [
            (one.text, one.tokens, one.tokens_unknown)
            for one in split_text(text, window, encoder.count_tokens)
        ]
    else:
        cut = [(text, tokens, unknown)]
    made = made_of(text, [piece for piece, *_ in cut], long)
    return [
        replace(
            head,
            passage=number,
            text=piece,
            original="" if number else head.original,
            tokens=tokens,
            tokens_embedded=min(tokens, window),
            tokens_unknown=unknown,
            vector=None,
            made=None if number else made,
        )
        for number, (piece, tokens, unknown) in enumerate(cut)
    ]


def _fitting(text: str, head: StoredPassage, window: int, boilerplate: Boilerplate) -> Long | None:
    """Return the treatment with which a review's hash is that of a text."""
    wanted = head.content_hash.partition(".")[0]
    for long in _LONG:
        if wanted in embedding_hashes(text, long, window, boilerplate):
            return long
    return None


def _fields_fit(head: StoredPassage, store: ReviewStore) -> bool | None:
    """Return whether the fields are those that the hash holds; None where that cannot be told."""
    wanted = head.content_hash.partition(".")[2]
    exact = _exact_stars(head, store)
    labels = label_columns(head.extra)[:_MOST_LABELS]
    for count in range(len(labels), -1, -1):
        for some in combinations(labels, count):
            without = {*some, *map(confidence_column, some)}
            extra = {name: value for name, value in head.extra.items() if name not in without}
            for stars in {head.rating, exact}:
                if wanted in fields_hashes(replace(head, extra=extra, rating=stars)):
                    return True
    told = exact is not None or not _may_be_rounded(head.rating)
    return False if told and not _may_be_rounded(head.rating_given) else None


def _exact_stars(head: StoredPassage, store: ReviewStore) -> float | None:
    """Return the stars before they were stored in 32 bits, None where the scale gives others."""
    scale = store.scales.get(head.source)
    if scale is None or head.rating is None or head.rating_given is None:
        return None
    stars = to_stars(Rating(head.rating_given), scale)
    near = stars is not None and abs(stars - head.rating) < _ROUNDING
    return stars if near else None


def _may_be_rounded(number: float | None) -> bool:
    return number is not None and len(f"{abs(number):.7g}".replace(".", "").strip("0")) >= _DIGITS


def _shared(row: StoredPassage) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _SHARED}


# -- pages ---------------------------------------------------------------------------------------


def _of_reviews(keys: Sequence[str]) -> dict[str, list[str]]:
    """Return the keys of passages by review id; passages without a first one are no review."""
    found = by_review(keys)
    return {name: own for name, own in found.items() if passage_id(name, 0) in own}


def _pages(
    store: ReviewStore,
    names: Sequence[str],
    keys: Mapping[str, Sequence[str]],
    at_once: int = REVIEWS_AT_ONCE,
) -> Iterator[tuple[int, list[list[StoredPassage]]]]:
    """Yield how many reviews were read so far, and the passages of each of some."""
    for start in range(0, len(names), at_once):
        page = names[start : start + at_once]
        found: dict[str, list[StoredPassage]] = {}
        for rows in store.pages([key for name in page for key in keys[name]], FIELDS):
            for row in rows:
                found.setdefault(row.review_id, []).append(row)
        for own in found.values():
            own.sort(key=lambda row: row.passage)
        yield start + len(page), [own for own in found.values() if own[0].passage == 0]


def _write(
    store: ReviewStore,
    rows: Sequence[StoredPassage],
    before: Sequence[Sequence[StoredPassage]],
    encoder: Encoder,
) -> int:
    """Write rows of reviews, embedded where they have no vector; return how many."""
    if not rows:
        return 0
    lacking = [row for row in rows if row.vector is None]
    fresh = iter(_anew(lacking, store, encoder, store.boilerplate))
    whole = [next(fresh) if row.vector is None else row for row in rows]
    now = {(row.review_id, row.passage) for row in whole}
    changed = {row.review_id for row in whole}
    store.upsert(row for row in whole if row.passage > 0)
    store.delete(
        [
            passage_id(row.review_id, row.passage)
            for own in before
            for row in own
            if row.review_id in changed and (row.review_id, row.passage) not in now
        ]
    )
    store.upsert(row for row in whole if row.passage == 0)
    return len(whole)


def _compare_vectors(
    store: ReviewStore,
    encoder: Encoder,
    keys: Mapping[str, Sequence[str]],
    found: Damage,
    *,
    mend: bool,
) -> int:
    """Embed the texts of a sample again; where one differs and is to be mended, those of all.

    Returns:
        How many passages were given another vector.
    """
    damaged = {name for some in found.states.values() for name in some} | {*found.vectors}
    names = [name for name in sorted(keys) if name not in damaged]
    size = min(SAMPLE, len(names))
    sample = [names[place * len(names) // size] for place in range(size)]
    found.sampled = len(sample)
    for _, reviews in _pages(store, sample, keys):
        for row, similarity in _similarities(store, reviews, encoder)[0]:
            found.lowest = min(found.lowest, similarity)
            if similarity < LEAST_SIMILARITY:
                found.other_vectors.append(row.review_id)
    written = 0
    if mend and found.other_vectors:
        found.other_vectors = []
        for _, reviews in _pages(store, names, keys):
            compared, fresh = _similarities(store, reviews, encoder)
            wrong = [
                new
                for (_, similarity), new in zip(compared, fresh, strict=True)
                if similarity < LEAST_SIMILARITY
            ]
            found.other_vectors += [row.review_id for row in wrong]
            written += store.upsert(wrong)
    found.other_vectors = list(dict.fromkeys(found.other_vectors))
    return written


def _similarities(
    store: ReviewStore, reviews: Sequence[Sequence[StoredPassage]], encoder: Encoder
) -> tuple[list[tuple[StoredPassage, float]], list[StoredPassage]]:
    """Return passages with the similarity to what their texts give now, and with those vectors.

    What was left out of a text when it was stored may be other than what is left out now.
    """
    rows = [row for own in reviews for row in own]
    now, *before = store.boilerplate.states()
    fresh = _anew(rows, store, encoder, now)
    nearest = [_similarity(row, new) for row, new in zip(rows, fresh, strict=True)]
    for left_out in before:
        others = [place for place, value in enumerate(nearest) if value < LEAST_SIMILARITY]
        again = _anew([rows[place] for place in others], store, encoder, left_out)
        for place, new in zip(others, again, strict=True):
            nearest[place] = max(nearest[place], _similarity(rows[place], new))
    return list(zip(rows, nearest, strict=True)), fresh


def _anew(
    rows: Sequence[StoredPassage], store: ReviewStore, encoder: Encoder, left_out: Boilerplate
) -> list[StoredPassage]:
    return embedded_anew(rows, encoder, boilerplate=left_out, statements=store.has_statements)


def _similarity(stored: StoredPassage, fresh: StoredPassage) -> float:
    """Return the least cosine of the vectors of a passage and of its statements; 0 of others."""
    if stored.vector is None or fresh.vector is None:
        return 0.0
    whole = float(stored.vector @ fresh.vector)
    return min(whole, least_cosine(stored.statements, fresh.statements))


# -- what is told --------------------------------------------------------------------------------


def _told(
    found: Damage, window: int, mender: Encoder | None, encoder: Encoder | None, seconds: float
) -> Check:
    marked = [*found.states["text"], *found.states["fields"]]
    again = list(dict.fromkeys([*found.states["restorable"], *found.vectors, *found.other_vectors]))
    waiting = [*found.states["awaited"], *(marked if mender is not None else ())]
    damaged = mender is None and bool(again or marked)
    parts = _parts(found, window, encoder, seconds)
    if mender is not None:
        parts += [f"made again or embedded anew: {_reviews(again)}"] if again else []
        parts += [f"marked for the next ingest: {_reviews(marked)}"] if marked else []
    cures = []
    if damaged:
        cures.append(
            "reviewlens doctor --mend makes again what the rest of a review tells, embeds anew "
            "what has no good vector, and marks all else for the next ingest of its file"
        )
    if waiting or found.states["unfinished"]:
        cures.append(
            "Ingest their files again, with the same settings: what is marked or not whole is "
            "written again, all else is unchanged"
        )
    state = "note" if found.states["unfinished"] else "ok"
    if damaged or waiting:
        state = "trouble"
    return Check(NAME, state, "; ".join(parts), ". ".join(cures))


def _parts(found: Damage, window: int, encoder: Encoder | None, seconds: float) -> list[str]:
    """Return what was compared, and what was found."""
    said = [f"{found.reviews:,} reviews compared with their hashes and vectors in {seconds:.1f} s"]
    if encoder is None:
        said.append("no text embedded again, for the encoder cannot be had")
    elif found.sampled:
        said.append(
            f"the texts of {found.sampled:,} embedded again, which gives vectors of similarity "
            f"{found.lowest:.4f} or more"
        )
    if not window:
        said.append("texts not compared, for the window of the encoder is not known")
    if found.unsure:
        said.append(f"{found.unsure:,} of an earlier version cannot be compared in all fields")
    said += [f"{_reviews(names)} {_FOUND[state]}" for state, names in found.states.items() if names]
    if found.vectors:
        said.append(f"{_reviews(found.vectors)} with a vector not finite or not of length 1")
    if found.other_vectors:
        said.append(f"{_reviews(found.other_vectors)} with a vector that is not that of the text")
    return said


def _reviews(ids: Sequence[str]) -> str:
    """Return how many reviews these are, and the first ids."""
    more = ", …" if len(ids) > _SHOWN else ""
    noun = "review" if len(ids) == 1 else "reviews"
    return f"{len(ids):,} {noun} ({', '.join(ids[:_SHOWN])}{more})"
