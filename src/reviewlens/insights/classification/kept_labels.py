"""The labels that reviews carry, a column each: which there are, and the user's word on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from reviewlens.document import Document, Table, Text
from reviewlens.errors import InputError, NotFound
from reviewlens.questions import Asked, Face
from reviewlens.results import OnProgress, Tabular
from reviewlens.session import KeptObject, Lease
from reviewlens.store import ReviewStore, confidence_column, label_columns
from reviewlens.store.labels import check_column, rename_labels

_VALUES = 5


@dataclass(frozen=True, slots=True)
class LabelColumn:
    """Labels of one name.

    Attributes:
        name: What filters call it: `--where NAME=label`.
        reviews: How many have a label of it.
        labels: The labels with how many reviews have each, the commonest first.
        confidence: The mean of theirs, 0..1 (a cosine, where they were given by descriptions);
            None where no review has one.
    """

    name: str
    reviews: int
    labels: dict[str, int]
    confidence: float | None


@dataclass(frozen=True, slots=True, repr=False)
class LabelList(Tabular):
    """The labels that are kept with the reviews.

    Attributes:
        reviews: How many were looked at.
        columns: By name.
    """

    reviews: int
    columns: tuple[LabelColumn, ...]

    def _rows(self) -> Sequence[LabelColumn]:
        return self.columns

    def document(self, *, details: bool = False) -> Document:
        """Return a line a name, with its commonest labels; all of them with `details`."""
        if not self.columns:
            return (Text("No labels are kept: classify --write NAME keeps some."),)
        rows = []
        for one in self.columns:
            shown = list(one.labels.items())[: None if details else _VALUES]
            told = ", ".join(f"{label} {count:,}" for label, count in shown)
            more = len(one.labels) - len(shown)
            rows.append((one.name, told + (f", … {more} more" if more else ""), f"{one.reviews:,}"))
        return (Table(("name", "labels", "reviews"), tuple(rows), texts=2),)


def listed(lease: Lease) -> LabelList:
    """List the labels that are kept with the reviews, with how many have which."""
    store = lease.store
    names = _names(store)
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    confidences: dict[str, list[float]] = {name: [] for name in names}
    reviews = 0
    for page in store.rows(("extra",), lease.filters):
        reviews += len(page)
        for row in page:
            for name in names:
                if name in row.extra:
                    counts[name][row.extra[name]] += 1
                    with suppress(ValueError):
                        confidences[name].append(float(row.extra.get(confidence_column(name), "")))
    return LabelList(
        reviews,
        tuple(
            LabelColumn(
                name,
                counts[name].total(),
                dict(sorted(counts[name].items(), key=lambda one: (-one[1], one[0]))),
                round(sum(known) / len(known), 4) if (known := confidences[name]) else None,
            )
            for name in names
        ),
    )


def rename(
    lease: Lease,
    name: Annotated[str, Face(flag="NAME")],
    to: Annotated[str, Face(flag="NEW", query="new_name")],
    *,
    on_progress: OnProgress | None = None,
) -> None:
    """Give kept labels another name.

    A run that was killed has renamed a part; run again, it renames all.

    Args:
        name: What they are called.
        to: What they are to be called; no column may have this name.
        on_progress: Told of the stage `writing`.

    Raises:
        NotFound: There are no labels of this name.
        InputError: The new name is taken, or empty.
    """
    store = lease.store
    _require(store, name)
    if to in _names(store):
        raise InputError(f"there are labels {to!r} already; drop them first, or give another name")
    check_column(store, to)
    rename_labels(store, name, to, on_progress=on_progress)


def drop(
    lease: Lease,
    name: Annotated[str, Face(flag="NAME")],
    *,
    on_progress: OnProgress | None = None,
) -> None:
    """Take kept labels from all reviews; the reviews stay.

    A run that was killed has taken a part; run again, it takes all.

    Args:
        name: What they are called.
        on_progress: Told of the stage `writing`.

    Raises:
        NotFound: There are no labels of this name.
    """
    _require(lease.store, name)
    rename_labels(lease.store, name, None, on_progress=on_progress)


def _names(store: ReviewStore) -> list[str]:
    return sorted(label_columns(store.columns.extra))


def _require(store: ReviewStore, name: str) -> None:
    names = _names(store)
    if name not in names:
        found = ", ".join(names) or "none"
        raise NotFound(f"no labels are kept under the name {name!r}; found {found}")


class Labels(KeptObject):
    """The labels that the reviews of a corpus carry; those of a selection are counted alone."""

    kept_as = "labels"

    list = Asked(listed)
    rename = Asked(rename, times=1, filtered=False)
    drop = Asked(drop, times=1, filtered=False)
