"""Writing what an insight found into the stored reviews, so that filters can name it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from reviewlens.errors import InputError
from reviewlens.results import OnProgress
from reviewlens.store import FIELDS, Columns, ReviewStore, StoredPassage, confidence_column

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

    def labelled(row: StoredPassage) -> StoredPassage:
        label, confidence = labels[row.review_id]
        extra = {name: value for name, value in row.extra.items() if name not in names}
        if label is not None:
            extra |= {names[0]: label, names[1]: f"{confidence:g}"}
        return replace(row, extra=extra)

    _rewrite(store, sorted(labels), labelled, on_progress)


def rename_labels(
    store: ReviewStore, column: str, to: str | None, *, on_progress: OnProgress | None = None
) -> None:
    """Give the labels of a column, and their confidences, another name; None takes them away.

    The column is known by its old name until no review has that. A run that was killed has done a
    part; run again, it does all.

    Args:
        store: Where the reviews are; nothing else may write to it meanwhile.
        column: Under which labels are kept.
        to: What filters will call it.
        on_progress: Told of the stage `writing`.

    Raises:
        StoreError: Milvus did not confirm every row.
    """
    names = {column: to, confidence_column(column): None if to is None else confidence_column(to)}

    def renamed(row: StoredPassage) -> StoredPassage:
        extra = {names.get(name, name): value for name, value in row.extra.items()}
        return replace(row, extra={name: value for name, value in extra.items() if name})

    pages = store.rows(("review_id", "extra"))
    labelled = sorted(
        row.review_id for page in pages for row in page if names.keys() & row.extra.keys()
    )
    _rewrite(store, labelled, renamed, on_progress)
    store.settle()
    store.rename_columns(names)


def write_themes(
    store: ReviewStore,
    themes: Mapping[str, tuple[int, float]],
    *,
    on_progress: OnProgress | None = None,
) -> None:
    """Write a theme and its confidence into every passage of some reviews.

    What has them already is not written. A run that was killed has written a part.

    Args:
        store: Where the reviews are; nothing else may write to it meanwhile.
        themes: By review id the theme's number, -1 for none, and the confidence.
        on_progress: Told of the stage `writing`.

    Raises:
        StoreError: Milvus did not confirm every row.
    """

    def themed(row: StoredPassage) -> StoredPassage:
        number, confidence = themes[row.review_id]
        return replace(row, cluster=number, cluster_confidence=confidence)

    _rewrite(store, sorted(themes), themed, on_progress)


def _rewrite(
    store: ReviewStore,
    review_ids: Sequence[str],
    change: Callable[[StoredPassage], StoredPassage],
    on_progress: OnProgress | None,
) -> None:
    for start in range(0, len(review_ids), _REVIEWS_AT_ONCE):
        page = review_ids[start : start + _REVIEWS_AT_ONCE]
        keys = [key for keys in store.passages_of(page).values() for key in keys]
        for rows in store.pages(keys, FIELDS):
            changed = ((row, change(row)) for row in rows)
            store.upsert(new for row, new in changed if not _same(row, new))
        if on_progress is not None:
            on_progress("writing", start + len(page), len(review_ids))


def _same(row: StoredPassage, other: StoredPassage) -> bool:
    return (row.extra, row.cluster, round(row.cluster_confidence, 4)) == (
        other.extra,
        other.cluster,
        round(other.cluster_confidence, 4),
    )
