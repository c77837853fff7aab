"""How a collection masks private details, and what is said of those that were seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reviewlens.errors import InputError
from reviewlens.reading.details import Told
from reviewlens.reading.masks import Mask, Masks
from reviewlens.store import ReviewStore


def mask_for(store: ReviewStore | None, wanted: Masks | None) -> Mask | None:
    """Return what masks an ingest into a collection: as it was masked before, at least.

    Args:
        store: The collection, None where it is yet to be made.
        wanted: What the user says.
    """
    kept = {} if store is None else store.masking
    if not kept:
        return None if wanted is None else Mask.new(wanted)
    return Mask(kept["salt"], "all" if "all" in (wanted, kept["what"]) else "author")


def mask_notes(
    store: ReviewStore | None, wanted: Masks | None, mask: Mask | None
) -> tuple[str, ...]:
    """Tell of an ingest that is masked though it was not asked for, or of reviews that are not."""
    if store is None or mask is None:
        return ()
    what = "private details" if mask.what == "all" else "authors"
    before = store.masking.get("what", "")
    if before == mask.what:
        if wanted == mask.what:
            return ()
        return (f"The collection {store.name} has its {what} masked: so have these reviews.",)
    stored = store.count()
    if not stored:
        return ()
    return (
        f"{what.capitalize()} of the {stored:,} reviews that {store.name} held before are not "
        "masked, and those that these files have again without an id of their own are stored once "
        "more: ingest their files into another --collection with --mask, or `delete` them first.",
    )


def keep_mask(store: ReviewStore, mask: Mask | None) -> None:
    """Keep with the collection how it is masked, before anything masked is written.

    Raises:
        InputError: Another process has begun to mask it otherwise.
    """
    kept = store.masking
    if kept and (mask is None or kept["salt"] != mask.salt):
        raise InputError(
            f"another ingest has begun to mask {store.name} meanwhile, with tokens of its own, so "
            "that one person would have two: run this one again",
            field="mask",
        )
    if mask is not None:
        store.keep_masking(mask.salt, mask.what)


def private_note(private: Told, mask: Mask | None) -> Iterator[str]:
    """Tell what the rows hold that belongs to a person, and what was done about it."""
    if not private.rows:
        return
    hold = "1 row holds" if private.rows == 1 else f"{private.rows:,} rows hold"
    said = f"{hold} private details ({private.words()})"
    if mask is None:
        yield f"{said}: --mask masks them, --mask-author the authors alone."
    elif mask.what == "author":
        yield f"{said}: the authors are masked, --mask masks the others too."
    else:
        yield f"{said}: each has a token in its place (--mask)."


def private_facts(private: Told, mask: Mask | None) -> dict[str, Any]:
    """Return what a report or a plan has of it, by field."""
    return {
        "private": dict(private.details),
        "private_rows": private.rows,
        "masked": "" if mask is None else mask.what,
    }
