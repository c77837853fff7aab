"""Writing what an insight found into the stored reviews, so that filters can name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reviewlens.errors import InputError
from reviewlens.results import OnProgress
from reviewlens.store import FIELDS, Columns, ReviewStore, confidence_column

_REVIEWS_AT_ONCE = 1_000


def check_column(store: ReviewStore, column: str) -> None:
    """Refuse a column for labels that would hide or overwrite what was ingested.

    Raises:
        InputError: The name is empty, or that of another column.
    """
    if not column.strip():
        raise InputError("the column for the labels has no name; wanted one, such as topic")
    known = set(store.columns.names())
    ours = {column, confidence_column(column)} <= set(store.columns.extra)
    if column in known and not ours:
        raise InputError(
            f"the column {column!r} holds what was ingested, and would be overwritten; give the "
            "labels another name"
        )


def write_labels(
    store: ReviewStore,
    column: str,
    labels: Mapping[str, tuple[str | None, float]],
    *,
    on_progress: OnProgress | None = None,
) -> None:
    """Write a label and its confidence into every passage of some reviews.

    A review without a label loses the one it had. What was ingested, its hash, the vector and
    the theme stay. A run that was killed has labelled a part; run again, it labels all.

    Args:
        store: Where the reviews are; nothing else may write to it meanwhile.
        column: What filters will call it.
        labels: By review id the label, None for none, and its confidence.
        on_progress: Told of the stage `writing`.

    Raises:
        InputError: See `check_column`.
        StoreError: Milvus did not confirm every row.
    """
    check_column(store, column)
    names = (column, confidence_column(column))
    store.remember(Columns(names, {}), {})
    ids = sorted(labels)
    for start in range(0, len(ids), _REVIEWS_AT_ONCE):
        _write(store, names, ids[start : start + _REVIEWS_AT_ONCE], labels)
        if on_progress is not None:
            on_progress("writing", min(start + _REVIEWS_AT_ONCE, len(ids)), len(ids))


def _write(
    store: ReviewStore,
    names: tuple[str, str],
    review_ids: Sequence[str],
    labels: Mapping[str, tuple[str | None, float]],
) -> None:
    keys = [key for keys in store.passages_of(review_ids).values() for key in keys]
    for page in store.pages(keys, FIELDS):
        changed = []
        for row in page:
            label, confidence = labels[row.review_id]
            extra = {name: value for name, value in row.extra.items() if name not in names}
            if label is not None:
                extra |= {names[0]: label, names[1]: f"{confidence:g}"}
            if extra != row.extra:
                changed.append(replace(row, extra=extra))
        store.upsert(changed)
