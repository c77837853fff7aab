"""Labels given as examples: in a column that was ingested, or in a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewlens.document import counted
from reviewlens.errors import ColumnError, InputError
from reviewlens.reading.records import wide_fields

if TYPE_CHECKING:
    from reviewlens.ground.slices import Slice
    from reviewlens.insights.classification.models import Task

_FIELDS = {
    "product": "products",
    "author": "authors",
    "source": "sources",
    "language": "languages",
}


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled review of a file.

    Attributes:
        review_id: Empty where the text is given instead.
        text: Empty where the id is given instead.
        label: As it stands in the file.
    """

    review_id: str
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Given:
    """The labels given, by review.

    Attributes:
        targets: For each review its label, its labels (`several`) or its stars; None for none.
        outside: Labelled texts that are not among the reviews.
        outside_targets: Theirs.
        notes: What the user should know.
    """

    targets: tuple[Any, ...]
    outside: tuple[str, ...] = ()
    outside_targets: tuple[Any, ...] = ()
    notes: tuple[str, ...] = ()


def given_labels(
    reviews: Slice,
    *,
    column: str | None = None,
    examples: Sequence[Example] = (),
    task: Task = "classes",
    separator: str = ";",
    none: str = "none",
) -> Given:
    """Return the labels that a column, or a list of examples, gives to reviews.

    Args:
        reviews: Which.
        column: See `column_targets`; without effect for `stars`.
        examples: Labelled ids, of which those not among the reviews are counted in a note, or
            labelled texts, which are learnt from though they are no reviews here.
        task: How a label is read.
        separator: See `several_labels`.
        none: See `several_labels`.

    Raises:
        ColumnError: There is no such column.
    """
    if task == "stars":
        return Given(tuple(one if one == one else None for one in reviews.stars.tolist()))

    def read(cell: str) -> Any:  # noqa: ANN401 - a label, or several
        if task == "several":
            return several_labels(cell, separator, none)
        return cell or None

    if column is not None:
        return Given(tuple(read(cell) for cell in column_targets(reviews, column)))
    row_of = {review_id: row for row, review_id in enumerate(reviews.ids)}
    targets: list[Any] = [None] * len(reviews)
    absent = changed = 0
    outside = [one for one in examples if not one.review_id]
    for one in examples:
        if not one.review_id:
            continue
        row = row_of.get(one.review_id)
        if row is None:
            absent += 1
            continue
        target = read(one.label)
        changed += targets[row] is not None and targets[row] != target
        targets[row] = target
    notes = []
    if absent:
        notes.append(
            f"{counted(absent, 'example', 'is of an id that is', 'are of ids that are')} "
            "not among the reviews; left out"
        )
    if changed:
        notes.append(
            f"{counted(changed, 'example', 'gives', 'give')} a review another label than an "
            "earlier one did; the last one holds"
        )
    return Given(
        tuple(targets),
        tuple(one.text for one in outside),
        tuple(read(one.label) for one in outside),
        tuple(notes),
    )


def column_targets(reviews: Slice, column: str) -> list[str]:
    """Return what a column says of each review, empty for nothing.

    Args:
        reviews: Which.
        column: An ingested column by its header, or `stars`, `product`, `author`, `source`,
            `language`.

    Raises:
        ColumnError: None of the reviews has the column.
    """
    known = {name for extra in reviews.extra for name in extra}
    if column in known:
        return [extra.get(column, "").strip() for extra in reviews.extra]
    if column in ("stars", "rating"):
        return [f"{stars:g}" if stars == stars else "" for stars in reviews.stars.tolist()]
    if column in _FIELDS:
        found: Sequence[str] = getattr(reviews, _FIELDS[column])
        return [value.strip() for value in found]
    raise ColumnError(
        f"no review here has the column {column!r}; found "
        f"{', '.join([*sorted(known), 'stars', *_FIELDS])}: name one of these"
    )


def read_examples(file: str | Path) -> list[Example]:
    """Read labelled reviews from a CSV file with the columns `review_id` or `text`, and `label`.

    Rows with an empty label are passed over.

    Raises:
        InputError: The file cannot be read, or has neither column.
    """
    try:
        with (
            wide_fields(),
            Path(file).expanduser().open(encoding="utf-8-sig", newline="") as lines,
        ):
            reader = csv.DictReader(lines)
            header = [name.strip() for name in reader.fieldnames or ()]
            reader.fieldnames = header
            if "label" not in header or not {"review_id", "text"} & set(header):
                raise ColumnError(
                    f"the examples in {file} have the columns {', '.join(header) or 'none'}; "
                    "wanted label, and review_id or text: add the header"
                )
            rows = [{name: row.get(name) or "" for name in header} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"the examples cannot be read from {file}: {error}; wanted CSV in UTF-8 with "
            "review_id,label or text,label"
        ) from error
    examples = [
        Example(row.get("review_id", "").strip(), row.get("text", "").strip(), row["label"].strip())
        for row in rows
    ]
    return usable_examples(examples)


def usable_examples(examples: Iterable[Example]) -> list[Example]:
    """Return the examples that have a label, and a review or a text that has it."""
    # An id decides where there is a text as well.
    return [one for one in examples if one.label and (one.review_id or one.text)]


def several_labels(target: str, separator: str, none: str) -> tuple[str, ...] | None:
    """Return the labels in a cell, in order; None for an empty cell, which says nothing.

    Args:
        target: What the cell holds.
        separator: What stands between labels; white space around them is left out.
        none: The word for no label, in any case.
    """
    parts = [part.strip() for part in target.split(separator)]
    labels = tuple(dict.fromkeys(part for part in parts if part))
    if not labels:
        return None
    return tuple(label for label in labels if label.casefold() != none.casefold())
