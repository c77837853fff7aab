"""All of a collection taken to another Milvus, or to another collection: `copy`.

A page's passages after the first are written, then those deleted that a review no longer has, and
last the first passages, which carry the reviews: killed at any moment, the next copy completes it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from reviewlens.errors import EncoderMismatch, InputError
from reviewlens.results import CopyReport, OnProgress
from reviewlens.search.judgements import copy_judgements
from reviewlens.session import Lease
from reviewlens.store import (
    FIELDS,
    Filters,
    ReviewStore,
    ThemeSets,
    by_review,
    is_local,
    passage_id,
)

STEPS = (
    *("themes copied", "tails written", "surplus deleted", "heads written", "pruned"),
    "themes confirmed",
    "judgements copied",
)
"""The named steps of a copy, in order; those of writing come again for each page."""

REVIEWS_AT_ONCE = 1_000


def copy(
    lease: Lease,
    to: str | Path,
    *,
    collection: str | None = None,
    token: str = "",
    prune: bool = False,
    on_progress: OnProgress | None = None,
) -> CopyReport:
    """Copy every review to another Milvus, vectors and all, without encoding.

    What was copied before becomes what it is now. Reviews that only the other one has stay,
    and are counted in the report. Run again, an interrupted copy is completed.

    Args:
        to: A path ending in `.db` or a server's URL.
        collection: Its name there; the same name without.
        token: For the other Milvus.
        prune: Delete what only the other one has: reviews, saved sets of themes, judgements.
        on_progress: Told the passages copied.

    Raises:
        EncoderMismatch: The collection there is bound to another encoder.
        InputError: It is masked, and this one is not, or with other tokens.
    """
    session = lease.session
    name = collection or session.collection
    if _same_place(session.uri, str(to)) and name == session.collection:
        raise InputError(f"the collection {name!r} is already there; give another --to or name")
    store = lease.store  # before anything is made there
    with ReviewStore.open(str(to), name, token=token, create=True) as target:
        return copy_reviews(store, target, prune=prune, on_progress=on_progress)


def _same_place(one: str, other: str) -> bool:
    if is_local(one) and is_local(other):
        return Path(one).expanduser().resolve() == Path(other).expanduser().resolve()
    return one.rstrip("/") == other.rstrip("/")


def copy_reviews(
    store: ReviewStore,
    target: ReviewStore,
    *,
    prune: bool = False,
    on_progress: OnProgress | None = None,
    on_step: Callable[[str], None] = lambda step: None,
) -> CopyReport:
    """Copy all reviews with their vectors, the saved themes, and what was judged of reviews.

    What was copied before becomes what it is now, with all fields and no passage more. Run again,
    an interrupted copy is completed.

    Args:
        store: Where the reviews are.
        target: Where they go; its collection is made if it is not there.
        prune: Delete what only the target has: reviews, sets of themes, judgements.
        on_progress: Told the passages copied.
        on_step: Called with each name of `STEPS` as it is done.

    Raises:
        EncoderMismatch: The target is bound to another encoder.
        InputError: The target is masked, and the store is not, or with other tokens.
        StoreError: A vector cannot be used; or Milvus cannot.
    """
    started = time.monotonic()
    _require_encoder(store, target)
    _require_version(store, target)
    _require_mask(store, target)
    target.create(store.pin, analyzer=store.analyzer or "standard")
    target.remember(store.columns, store.scales, store.made_with)
    target.remember_languages(store.languages)
    target.keep_boilerplate(target.boilerplate.merged(store.boilerplate))
    if store.masking and target.masking.get("what") != "all":
        target.keep_masking(**store.masking)
    target.forget_computed()
    _copy_themes(store, target, prune=prune)
    on_step("themes copied")
    there = by_review(target.passage_ids(Filters()))
    copied, passages = _copy_passages(store, target, there, on_progress, on_step)
    others = {name: keys for name, keys in there.items() if name not in copied}
    pruned = 0
    if prune and others:
        # What came to the store meanwhile is no other.
        for name in store.heads(sorted(others), ("passage",)):
            del others[name]
        pruned = _reviews(others)
        target.delete([key for keys in others.values() for key in keys])
        others = {}
    on_step("pruned")
    kept = _reviews(others)
    if not kept:
        target.keep(store.computed)
        _confirm_themes(store, target)
    on_step("themes confirmed")
    copy_judgements(store, target, prune=prune)
    on_step("judgements copied")
    target.settle()
    return CopyReport(
        reviews=len(copied),
        passages=passages,
        kept=kept,
        pruned=pruned,
        uri=target.uri,
        collection=target.name,
        seconds=round(time.monotonic() - started, 3),
    )


def _require_encoder(store: ReviewStore, target: ReviewStore) -> None:
    if target.exists and (theirs := target.pin).fingerprint != (ours := store.pin).fingerprint:
        raise EncoderMismatch(
            f"the collection {target.name!r} at {target.uri} was made with the encoder "
            f"{theirs.encoder} ({theirs.fingerprint[:12]}), and what is to be copied with "
            f"{ours.encoder} ({ours.fingerprint[:12]}), whose vectors cannot be compared: give "
            "another --to-collection, or `reviewlens reindex` one of the two with the other's "
            "encoder"
        )


def _require_version(store: ReviewStore, target: ReviewStore) -> None:
    if target.exists and target.has_statements != store.has_statements:
        older = target if store.has_statements else store
        raise EncoderMismatch(
            f"the collection {older.name!r} at {older.uri} was made by an earlier reviewlens, "
            "whose vectors cannot be compared with those of the other: `reviewlens reindex` makes "
            "it one of this"
        )


def _require_mask(store: ReviewStore, target: ReviewStore) -> None:
    ours, theirs = store.masking, target.masking if target.exists else {}
    if theirs and ours.get("salt") != theirs["salt"]:
        how = "with other tokens, so that one person would have two" if ours else "and this one not"
        raise InputError(
            f"the collection {target.name!r} at {target.uri} has its private details masked, "
            f"{how}: give another --to-collection, or `ingest` the files there",
            field="collection",
        )


def _reviews(passages: Mapping[str, Sequence[str]]) -> int:
    """Return how many reviews are whole; passages without a first one are none."""
    return sum(passage_id(name, 0) in keys for name, keys in passages.items())


def _copy_passages(
    store: ReviewStore,
    target: ReviewStore,
    there: Mapping[str, Sequence[str]],
    on_progress: OnProgress | None,
    on_step: Callable[[str], None],
) -> tuple[set[str], int]:
    """Copy whole reviews, page by page; return their ids, and how many passages these have.

    A review is whole only with its first passage, which therefore goes last. Passages without a
    first one are what an interrupted ingest left, and no review.
    """
    keys = by_review(store.passage_ids(Filters()))
    total = sum(map(len, keys.values()))
    names = list(keys)
    copied: set[str] = set()
    passages = done = 0
    for start in range(0, len(names), REVIEWS_AT_ONCE):
        page = [key for name in names[start : start + REVIEWS_AT_ONCE] for key in keys[name]]
        rows = [row for part in store.pages(page, FIELDS) for row in part]
        carried = {row.review_id for row in rows if row.passage == 0}
        rows = [row for row in rows if row.review_id in carried]
        target.upsert(row for row in rows if row.passage > 0)
        on_step("tails written")
        now = {passage_id(row.review_id, row.passage) for row in rows}
        before = (key for name in sorted(carried) for key in there.get(name, ()))
        target.delete([key for key in before if key not in now])
        on_step("surplus deleted")
        target.upsert(row for row in rows if row.passage == 0)
        on_step("heads written")
        copied |= carried
        passages += len(rows)
        done += len(page)
        if on_progress is not None:
            on_progress("copying", done, total)
    return copied, passages


def _copy_themes(store: ReviewStore, target: ReviewStore, *, prune: bool) -> None:
    """Copy sets of themes, ahead of the reviews that have them.

    Until `_confirm_themes` each opening of the target brings its reviews to the set in use there:
    that of the store, or where the store has none, and is not to be followed in that, its own.
    """
    ours, theirs = ThemeSets(store), ThemeSets(target)
    names = ours.names()
    for name in names:
        theirs.write(name, ours.read(name))
    if store.theme_set or prune:
        target.choose_themes(store.theme_set)
    if target.theme_set:
        target.confirm_themes("")
    if prune:
        for name in set(theirs.names()) - set(names):
            theirs.drop(name)


def _confirm_themes(store: ReviewStore, target: ReviewStore) -> None:
    """Say that the target's reviews have their themes, where the store's do, and no others."""
    if target.theme_set == store.theme_set and store.theme_version == _in_use(store):
        target.confirm_themes(_in_use(target))


def _in_use(store: ReviewStore) -> str:
    """Return what names the chosen set as it is now; empty of none."""
    return ThemeSets(store).version(store.theme_set) or "" if store.theme_set else ""
