"""How a collection masks private details, and what is said of those that were seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reviewlens.document import agreed, counted
from reviewlens.errors import InputError
from reviewlens.reading.details import TOKEN, Told
from reviewlens.reading.masks import Mask, Masks, PrivateRows
from reviewlens.reading.personal import column_kind
from reviewlens.reading.placeholders import filled
from reviewlens.reading.survey import FileSurvey
from reviewlens.store import ReviewStore, StoredPassage


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
    """Tell of an ingest that is masked though it was not asked for."""
    if store is None or mask is None or wanted == mask.what:
        return ()
    if store.masking.get("what", "") != mask.what:
        return ()
    what = "private details" if mask.what == "all" else "authors"
    return (f"The collection {store.name} has its {what} masked: so have these reviews.",)


def begins_masking(store: ReviewStore | None, mask: Mask | None) -> bool:
    """Tell whether a collection may hold reviews from before it was masked as it is to be now."""
    if store is None or mask is None or store.masking.get("what") == mask.what:
        return False
    return store.exists and store.count() > 0


def unmasked_notes(store: ReviewStore, mask: Mask, updated: int) -> Iterator[str]:
    """Tell what of the reviews from before is not masked, and where they still lie.

    Args:
        store: The collection, after its first ingest that is masked so.
        mask: How it is masked.
        updated: Reviews in whose place masked ones have come.
    """
    what = "private details" if mask.what == "all" else "names of authors"
    flag = "--mask" if mask.what == "all" else "--mask-author"
    if left := count_unmasked(store, mask):
        yield (
            f"{counted(left, 'review')} that {store.name} held before "
            f"{agreed(left, 'has', 'have')} {what} that are not masked: `ingest {flag}` of their "
            "files puts masked ones in the place of those with ids of their own; the others are "
            "stored once more, so `delete` them first."
        )
    if updated:
        yield from kept_bytes(store, updated, f"{agreed(updated, 'was', 'were')} replaced")


def kept_bytes(store: ReviewStore, reviews: int, what: str) -> Iterator[str]:
    """Tell that what reviews held is still in the files of Milvus Lite, and what removes it."""
    if store.milvus.lite:
        yield (
            f"{counted(reviews, 'review')} {what}. Milvus Lite keeps what "
            f"{agreed(reviews, 'it', 'they')} held in its files until it merges these, at a time "
            "of its own; `reviewlens reindex` writes them anew at once."
        )


def count_unmasked(store: ReviewStore, mask: Mask) -> int:
    """Return how many stored reviews hold details that the mask would have masked."""
    fields = ("author", "product", "text", "original", "title", "extra")
    return sum(_holds_details(row, mask) for page in store.scan(fields) for row in page)


def _holds_details(row: StoredPassage, mask: Mask) -> bool:
    if filled(row.author) and not TOKEN.fullmatch(row.author.strip()):
        return True
    if mask.what == "author":
        return False
    extra = {name: str(value) for name, value in row.extra.items()}
    texts = ("text", "original", "title")
    header = [*texts, "author", "product", *(f"{name} " for name in extra)]
    kinds = {f"{name} ": column_kind(name, [cell]) for name, cell in extra.items()}
    known = {name: kind for name, kind in kinds.items() if kind is not None}
    rows = PrivateRows(header, {"product": "product"}, "", texts, None, known)
    cells = [row.text, row.original or "", row.title, "", row.product, *extra.values()]
    return rows.holds(cells)


def masked_author(mask: Mask, author: str) -> str:
    """Return what an ingest with a mask stores of an author."""
    return mask.cell("person", author) if filled(author) else author


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


def private_note(private: Told, mask: Mask | None, files: Sequence[FileSurvey]) -> Iterator[str]:
    """Tell what the rows hold that belongs to a person, and what was done about it.

    Args:
        private: What they hold.
        mask: What masks; None for nothing.
        files: What was read, of which each may have a column of authors.
    """
    without = [file.file for file in files if not file.columns.get("author")]
    if mask is not None and mask.what == "author" and without:
        of = "" if len(files) == 1 else f" in {without[0]}"
        more = f" and {len(without) - 1:,} more" if len(without) > 1 else ""
        yield f"No author column was taken{of}{more}, so no author is masked: --author-column."
    if not private.rows:
        return
    hold = "1 row holds" if private.rows == 1 else f"{private.rows:,} rows hold"
    said = f"{hold} private details ({private.words()})"
    if mask is None:
        yield f"{said}: --mask masks them, --mask-author the authors alone."
    elif mask.what == "all":
        yield f"{said}: each has a token in its place (--mask)."
    elif len(without) == len(files):
        yield f"{said}: none is masked, --mask masks them."
    else:
        yield f"{said}: the authors are masked, --mask masks the others too."


def private_facts(private: Told, mask: Mask | None) -> dict[str, Any]:
    """Return what a report or a plan has of it, by field."""
    return {
        "private": dict(private.details),
        "private_rows": private.rows,
        "masked": "" if mask is None else mask.what,
    }
