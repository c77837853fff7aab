"""What a person said of a review: whether it says what a text says. Kept beside the collection.

A judgement is of a query and of a review's own words: it holds in whichever version of the
collection the review is found, and for as long as its title and text are what was read.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import blake2b

from reviewlens.document import counted
from reviewlens.errors import InputError, NotFound
from reviewlens.results import Tabular
from reviewlens.store import Companion, KeptRow, ReviewStore, StoredPassage

_KIND = "judgement"
_TEXT = ("title", "original")


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said of one review, to be kept.

    Attributes:
        review_id: Of which.
        says: Whether it says what the query says; None where the person was unsure.
        probability: That it says so, 0..1, by which it was drawn.
        stratum: Under which it was drawn.
    """

    review_id: str
    says: bool | None
    probability: float
    stratum: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was said of one review, and what of it is kept.

    Attributes:
        query: As it was given.
        matter: The query in the form by which it is found again, see `matter_of`.
        review_id: Of which review.
        text_hash: Of the title and text that were judged, see `hash_of`.
        says: Whether it says what the query says; None where the person was unsure.
        who: Who said so; empty where that is not told.
        when: ISO 8601 in UTC.
        probability: That it says so, 0..1, by which it was drawn.
        stratum: Under which it was drawn.
    """

    query: str
    matter: str
    review_id: str
    text_hash: str
    says: bool | None
    who: str
    when: str
    probability: float
    stratum: int


@dataclass(frozen=True, slots=True, repr=False)
class Judgements(Tabular):
    """What was said of reviews that are there and read as they did.

    Attributes:
        judgements: By query, then by id.
        changed: Judgements that are not among them, as the title or text of the review has changed.
        gone: Likewise, as the review is not there any more.
        notes: What the user should know of these.
    """

    judgements: tuple[Judgement, ...]
    changed: int
    gone: int
    notes: tuple[str, ...] = ()

    def _rows(self) -> Sequence[Judgement]:
        return self.judgements

    def json_lines(self) -> Iterator[str]:
        """Yield a line of JSON for each."""
        for judgement in self.judgements:
            yield json.dumps(asdict(judgement), ensure_ascii=False)


def matter_of(query: str) -> str:
    """Return a query as it is found again: in whatever case and with whatever white space."""
    return " ".join(unicodedata.normalize("NFKC", query).casefold().split())


def hash_of(review: StoredPassage) -> str:
    """Return what is another once the title or the text of a review changes.

    Unlike `content_hash` it is the same with every encoder, and whatever the other columns hold.
    """
    text = json.dumps([review.title, review.original])
    return blake2b(text.encode(), digest_size=16).hexdigest()


def judge(
    store: ReviewStore,
    query: str,
    said: Iterable[Said],
    *,
    who: str = "",
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[Judgement, ...]:
    """Keep what a person said of some reviews; what was said of them before is replaced.

    Args:
        store: Where the reviews are.
        query: What they were judged by.
        said: Of each review once.
        who: Said so.
        now: The time.

    Raises:
        InputError: The query is empty, or a probability lies outside 0..1.
        NotFound: There is no such review.
    """
    matter = matter_of(query)
    if not matter:
        raise InputError("the query is empty; wanted what reviews were judged by")
    given = list(said)
    if wrong := [one for one in given if not 0 <= one.probability <= 1]:
        raise InputError(f"the probability {wrong[0].probability:g} lies outside 0 to 1")
    heads = store.heads([one.review_id for one in given], _TEXT)
    if missing := [one.review_id for one in given if one.review_id not in heads]:
        raise NotFound(f"there is no review {missing[0]!r} to be judged")
    when = now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    judgements = tuple(
        Judgement(
            query=query,
            matter=matter,
            review_id=one.review_id,
            text_hash=hash_of(heads[one.review_id]),
            says=one.says,
            who=who,
            when=when,
            probability=one.probability,
            stratum=one.stratum,
        )
        for one in given
    )
    Companion(store).write([_row(judgement) for judgement in judgements])
    return judgements


def judgements_of(store: ReviewStore, query: str | None = None) -> Judgements:
    """Return what was said of the reviews as they are now.

    Args:
        store: Where the reviews are.
        query: By which they were judged; all that was ever judged without.
    """
    kept = _kept(store, query)
    heads = store.heads(sorted({one.review_id for one in kept}), _TEXT) if kept else {}
    there = [one for one in kept if one.review_id in heads]
    same = [one for one in there if hash_of(heads[one.review_id]) == one.text_hash]
    changed, gone = len(there) - len(same), len(kept) - len(there)
    return Judgements(tuple(same), changed, gone, tuple(_notes(changed, gone)))


def drop_judgements(
    store: ReviewStore, query: str | None = None, review_ids: Iterable[str] | None = None
) -> int:
    """Remove what was said of reviews; return how many judgements that were.

    Args:
        store: Where the reviews are.
        query: By which they were judged; whatever it was without.
        review_ids: Of which; of all without, of none where it is empty.
    """
    chosen = None if review_ids is None else set(review_ids)
    kept = [one for one in _kept(store, query) if chosen is None or one.review_id in chosen]
    Companion(store).remove([_row(one) for one in kept])
    return len(kept)


def copy_judgements(store: ReviewStore, target: ReviewStore, *, prune: bool = False) -> None:
    """Take judgements to another collection; of two of one review the later one stays.

    Args:
        store: Where they are.
        target: Where they go.
        prune: Remove those that only the target has.
    """
    ours = {_row(one).id: one for one in _kept(store, None)}
    theirs = {_row(one).id: one for one in _kept(target, None)}
    later = (one for key, one in ours.items() if key not in theirs or theirs[key].when <= one.when)
    Companion(target).write([_row(one) for one in later])
    if prune:
        others = [_row(one) for key, one in theirs.items() if key not in ours]
        Companion(target).remove(others)


def _kept(store: ReviewStore, query: str | None) -> list[Judgement]:
    key = None if query is None else _key(matter_of(query))
    kept = (Judgement(**row.data) for row in Companion(store).read(_KIND, key))
    return sorted(kept, key=lambda one: (one.matter, one.review_id))


def _row(judgement: Judgement) -> KeptRow:
    part = blake2b(judgement.review_id.encode(), digest_size=16).hexdigest()
    return KeptRow(_KIND, _key(judgement.matter), part, asdict(judgement))


def _key(matter: str) -> str:
    return blake2b(matter.encode(), digest_size=16).hexdigest()


def _notes(changed: int, gone: int) -> Iterator[str]:
    if changed:
        reviews = counted(changed, "review", "has", "have")
        yield f"{reviews} changed since being judged: what was said there does not count any more."
    if gone:
        yield f"{counted(gone, 'judged review', 'is', 'are')} not there any more, and not counted."
