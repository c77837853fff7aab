"""Reviews from one version of a collection into another, embedded anew or with their vectors.

A review's passages after the first are written, then surplus ones deleted, and last the first
passage, which carries the review: killed at any moment, the next run finds what is whole by the
content hash, and does the rest. What changes in the old version meanwhile is carried over by
comparing each review with what it was when it was copied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import groupby

from reviewlens.encoders import Encoder
from reviewlens.errors import EncoderError, MissingExtra
from reviewlens.ingest import Embedded, RecentVectors, Vectors, embedded_of, embedding_hash, sound
from reviewlens.reading.model import Location, Passage, Rejected, Review
from reviewlens.results import OnProgress
from reviewlens.store import FIELDS, Filters, ReviewStore, StoredPassage, by_review, passage_id
from reviewlens.text.boilerplate import NO_BOILERPLATE
from reviewlens.text.passages import TokenLimits, split_reviews

STEPS = ("encoded", "tails written", "surplus deleted", "heads written")
"""The named steps of copying one page, in order; `on_step` is called after each."""

REVIEWS_AT_ONCE = 500

_KEPT = ("language", "cluster", "cluster_confidence", "extra")
"""What later runs write into a review without changing its content hash."""
_WITHOUT_VECTORS = tuple(name for name in FIELDS if name not in ("vector", "statements"))
_ANY_LENGTH = 2**31 - 1


class Copying:
    """Brings one version of a collection up to another.

    Args:
        old: The version in service.
        new: The one that is built.
        encoder: Embeds the texts anew; None to take the vectors that are there.
        own: Makes the encoder of the vectors that are there, where one of them cannot be used.
        on_step: Called with each name of `STEPS` as it is done.

    Attributes:
        reused: Passages that needed no encoding.
        inexact: Ids of reviews of whose text no hash says that it is what was embedded: a later
            ingest of their file embeds them again where it is not.
        doubted: Reviews that the old version said to be gone, all at once, after it was replaced.
    """

    def __init__(
        self,
        old: ReviewStore,
        new: ReviewStore,
        encoder: Encoder | None,
        own: Callable[[], Encoder],
        on_step: Callable[[str], None],
    ) -> None:
        self.reused = 0
        self.inexact: set[str] = set()
        self.doubted = 0
        self._old = old
        self._new = new
        self._encoder = encoder
        self._own_encoder = own
        self._boilerplate = new.boilerplate if new.has_statements else NO_BOILERPLATE
        self._vectors = (
            None if encoder is None else RecentVectors(encoder, boilerplate=self._boilerplate)
        )
        self._window: int | None = None
        self._on_step = on_step
        self._states: dict[str, int] = {}

    @property
    def encoded(self) -> int:
        """Texts that went through the encoder."""
        return 0 if self._vectors is None else self._vectors.encoded

    def copy(self, *, resumed: bool, on_progress: OnProgress | None) -> None:
        """Copy all reviews; with `resumed`, those that are not there as they should be."""
        keys = by_review(self._old.passage_ids(Filters()))
        reviews = sorted(keys)
        for start in range(0, len(reviews), REVIEWS_AT_ONCE):
            page = reviews[start : start + REVIEWS_AT_ONCE]
            self._carry([key for name in page for key in keys[name]], known=resumed)
            if on_progress is not None:
                on_progress("reindexing", start + len(page), len(reviews))
        if resumed:
            there = by_review(self._new.passage_ids(Filters()))
            gone = sorted(there.keys() - self._states.keys())
            self._new.delete([key for name in gone for key in there[name]])

    def catch_up(self, *, replaced: bool = False) -> int:
        """Carry over what changed in the old version since it was copied; return how much did.

        Args:
            replaced: The old version is out of service. That it holds nothing at all is then not
                believed: a server gives that answer of a collection that is being dropped, and the
                reviews would be lost for good.
        """
        now = {
            head.review_id: _state(head)
            for page in self._old.scan(("content_hash", *_KEPT))
            for head in page
        }
        if replaced and not now:
            self.doubted = len(self._states)
            return 0
        changed = [name for name, state in now.items() if self._states.get(name) != state]
        for start in range(0, len(changed), REVIEWS_AT_ONCE):
            page = changed[start : start + REVIEWS_AT_ONCE]
            keys = self._old.passages_of(page)
            self._carry([key for name in page for key in keys[name]], known=True)
        missing = sorted(self._states.keys() - now.keys())
        # On Milvus Lite a scan beside a write may miss rows; what is asked for by id is there.
        gone = sorted(set(missing) - self._old.heads(missing, ("passage",)).keys())
        self._new.delete([key for keys in self._new.passages_of(gone).values() for key in keys])
        for name in gone:
            del self._states[name]
        return len(changed) + len(gone)

    # -- a page ----------------------------------------------------------------------------------

    def _carry(self, keys: Sequence[str], *, known: bool) -> None:
        """Bring the new version up to some passages of the old one, whole reviews.

        Args:
            keys: Their ids.
            known: Look for what is there already.
        """
        reviews = self._read(keys)
        there: dict[str, dict[int, StoredPassage]] = {name: {} for name in reviews}
        if known:
            for row in self._new.passages(list(reviews), ("content_hash", *_KEPT)):
                there[row.review_id][row.passage] = row
        if self._encoder is None:
            rows = self._taken(reviews, there)
        else:
            rows = self._embedded(self._encoder, reviews, there)
        self._on_step("encoded")
        self._new.upsert(row for row in rows if row.passage > 0)
        self._on_step("tails written")
        last: dict[str, int] = {}
        for row in rows:
            last[row.review_id] = max(row.passage, last.get(row.review_id, 0))
        self._new.delete(
            [
                passage_id(name, number)
                for name, most in last.items()
                for number in sorted(there[name])
                if number > most
            ]
        )
        self._on_step("surplus deleted")
        self._new.upsert(row for row in rows if row.passage == 0)
        self._on_step("heads written")
        self._states.update((name, _state(own[0])) for name, own in reviews.items())

    def _read(self, keys: Sequence[str]) -> dict[str, list[StoredPassage]]:
        """Return the passages of each review, in order; one without its first is no review yet."""
        fields = FIELDS if self._encoder is None else _WITHOUT_VECTORS
        found: dict[str, list[StoredPassage]] = {}
        for page in self._old.pages(keys, fields):
            for row in page:
                found.setdefault(row.review_id, []).append(row)
        for own in found.values():
            own.sort(key=lambda row: row.passage)
        return {name: own for name, own in found.items() if own[0].passage == 0}

    def _taken(
        self,
        reviews: Mapping[str, Sequence[StoredPassage]],
        there: Mapping[str, Mapping[int, StoredPassage]],
    ) -> list[StoredPassage]:
        """Return the rows of reviews that are not there already, with the vectors they have."""
        rows: list[StoredPassage] = []
        for name, own in reviews.items():
            self.reused += len(own)
            same = [_marks(row) for row in own] == [
                _marks(row) for _, row in sorted(there[name].items())
            ]
            rows += [] if same else own
        return sound(rows, self._own_encoder, self._old.boilerplate)

    def _embedded(
        self,
        encoder: Encoder,
        reviews: Mapping[str, Sequence[StoredPassage]],
        there: Mapping[str, Mapping[int, StoredPassage]],
    ) -> list[StoredPassage]:
        """Return the rows of reviews that are not there already, cut and embedded anew."""
        # Passages with another hash than the first are what an interrupted ingest left.
        whole = {
            name: [row for row in own if row.content_hash == own[0].content_hash]
            for name, own in reviews.items()
        }
        window = self._old_window()
        before = self._old.boilerplate
        texts = {name: embedded_of(own, window, before) for name, own in whole.items()}
        identity = self._boilerplate.identity
        hashes = {
            name: f"{embedding_hash(identity(text.text), text.long, encoder.window)}"
            f".{whole[name][0].content_hash.partition('.')[2]}"
            for name, text in texts.items()
        }
        rows: list[StoredPassage] = []
        todo: list[str] = []
        for name, own in whole.items():
            if not texts[name].sure:
                self.inexact.add(name)
            stored = there[name]
            if 0 in stored and all(row.content_hash == hashes[name] for row in stored.values()):
                self.reused += len(stored)
                if any(_labels(row) != _labels(own[0]) for row in stored.values()):
                    rows += self._relabelled(own[0], list(stored))
            else:
                todo.append(name)
        cuts = _cut([texts[name] for name in todo], [whole[name] for name in todo], encoder)
        vectors = iter(
            self._encode(
                [passage for cut in cuts for passage in cut],
                [whole[name][0] for name, cut in zip(todo, cuts, strict=True) for _ in cut],
            )
        )
        for name, cut in zip(todo, cuts, strict=True):
            head = whole[name][0]
            made = texts[name].made([passage.text for passage in cut])
            rows += [
                replace(
                    head,
                    passage=passage.number,
                    content_hash=hashes[name],
                    text=passage.text,
                    original=head.original if passage.number == 0 else "",
                    tokens=passage.tokens,
                    tokens_embedded=passage.tokens_embedded,
                    tokens_unknown=passage.tokens_unknown,
                    statements=own.statements,
                    vector=own.whole,
                    made=made if passage.number == 0 else None,
                )
                for passage, own in zip(cut, vectors, strict=False)
            ]
        return rows

    def _old_window(self) -> int:
        """Return the window that the old version was embedded with; 0 where nothing tells.

        It is kept since ingests keep their settings; before, it is its encoder's, if that is there.
        """
        if self._window is None:
            self._window = self._old.made_with.window
            if not self._window:
                with suppress(EncoderError, MissingExtra):
                    self._window = self._own_encoder().window
        return self._window

    def _encode(
        self, passages: Sequence[Passage], heads: Sequence[StoredPassage]
    ) -> Sequence[Vectors]:
        if self._vectors is None:
            return []
        return self._vectors.of(
            passages,
            [head.language for head in heads],
            review_ids=[head.review_id for head in heads],
        )

    def _relabelled(self, head: StoredPassage, numbers: Sequence[int]) -> list[StoredPassage]:
        """Return the new version's rows of a review with the theme and labels it has now."""
        found = self._new.get([passage_id(head.review_id, number) for number in numbers], FIELDS)
        now = {name: getattr(head, name) for name in _KEPT}
        return [replace(row, **now) for row in found.values()]


def _cut(
    texts: Sequence[Embedded], stored: Sequence[Sequence[StoredPassage]], encoder: Encoder
) -> list[tuple[Passage, ...]]:
    """Return the passages of each text; none is refused, for all were taken once."""
    cuts: list[tuple[Passage, ...]] = [()] * len(texts)
    rows = sorted(range(len(texts)), key=lambda row: texts[row].long)
    for long, own in groupby(rows, key=lambda row: texts[row].long):
        group = list(own)
        pieces = split_reviews(
            [
                Review(stored[row][0].review_id, "", "", texts[row].text, Location("", 0, 0))
                for row in group
            ],
            limits=TokenLimits(minimum=0, maximum=_ANY_LENGTH, long=long),
            window=encoder.window,
            count_tokens=encoder.count_tokens,
        )
        for row, piece in zip(group, pieces, strict=True):
            # A wider window makes longer passages, and one may be more than Milvus stores.
            rejected = isinstance(piece, Rejected)
            cuts[row] = _as_stored(stored[row], encoder) if rejected else piece  # type: ignore[assignment]
    return cuts


def _as_stored(passages: Sequence[StoredPassage], encoder: Encoder) -> tuple[Passage, ...]:
    counts = encoder.count_tokens([row.text for row in passages])
    return tuple(
        Passage(number, row.text, tokens, min(tokens, encoder.window), unknown)
        for number, (row, (tokens, unknown)) in enumerate(zip(passages, counts, strict=True))
    )


def _labels(row: StoredPassage) -> tuple[object, ...]:
    confidence = round(row.cluster_confidence, 4)
    return row.language, row.cluster, confidence, tuple(sorted(row.extra.items()))


def _marks(row: StoredPassage) -> tuple[object, ...]:
    return row.passage, row.content_hash, *_labels(row)


def _state(head: StoredPassage) -> int:
    """Return a digest of all that can change in a review, of 64 bits."""
    return hash(_marks(head))
