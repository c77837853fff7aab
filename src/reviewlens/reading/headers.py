"""Where a table begins, and which rows of it are no rows: titles above, labels below the header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

from reviewlens.reading.dates import is_time
from reviewlens.reading.placeholders import is_placeholder
from reviewlens.reading.ratings import is_rating

LABEL_ROW = "label_row"
HEADER_AGAIN = "header_again"
NO_REVIEWS = {
    LABEL_ROW: "It stands below the header and says what the columns are, as surveys write it.",
    HEADER_AGAIN: "It is the header once more, as where files were put together.",
}
"""Reasons of rows that are none, and the sentence that goes with each."""

LOOKED_AT = 200
_MOST_ABOVE = 30
_MOST_LABELS = 3
_TYPED = 0.9
_LEAST_VALUES = 3
_IMPORT_ID = '"ImportId"'  # of Qualtrics, in the last of its three header lines
_ANSWERS = {"response", "open-ended response", "other (please specify)"}  # of SurveyMonkey

_Row = Sequence[str]


def rows_above(
    rows: Sequence[_Row], is_header: Callable[[_Row], bool], *, named: bool = False
) -> int:
    """Return how many rows stand above the header: titles, notes and comments.

    The header is the first row that is as wide as most rows and filled in at least half as many
    cells as they are. What stands above it is narrower, and says little: a third of that, or it is
    a comment (`#`). Where it says more, the header must have the text. A first row that has it is
    the header, whatever stands below, but where its cells are groups of columns that the next row
    names.

    Args:
        rows: The first rows of a table.
        is_header: Tells whether a row has the text among its names.
        named: Whether the user has named it, so that there is no doubt about it.
    """
    widths = Counter(len(row) for row in rows)
    if len(rows) < 2:
        return 0
    width, _ = max(widths.items(), key=lambda item: (item[1], item[0]))
    body = [_filled(row) for row in rows[1:] if len(row) == width]
    usual = median(body) if body else 0
    if width < 2 or usual < 2:
        return 0
    first = rows[: _MOST_ABOVE + 2]
    groups = [is_header(row) and _are_groups(one, row) for one, row in pairwise(first)]
    titled = not named and (groups[0] or _is_title(rows, width, usual, is_header))
    if is_header(rows[0]) and not titled:
        return 0
    for place, row in enumerate(rows[: _MOST_ABOVE + 1]):
        if any(groups[place : place + 1]):
            continue
        if len(row) == width and _filled(row) >= max(2, usual / 2):
            above = rows[:place]
            thin = all(
                _filled(one) <= max(1, usual / 3) or _is_comment(one) or groups[at]
                for at, one in enumerate(above)
            )
            narrow = all(len(one) < width for one in above)
            return place if thin or (narrow and is_header(row)) else 0
    return 0


def _is_title(
    rows: Sequence[_Row], width: int, usual: float, is_header: Callable[[_Row], bool]
) -> bool:
    """Tell whether a first row with a usual name of the text is a title: a fuller one follows."""
    if _filled(rows[0]) > max(1, usual / 3):
        return False
    later = rows[1 : _MOST_ABOVE + 1]
    return any(len(row) == width and _filled(row) >= usual / 2 and is_header(row) for row in later)


def _are_groups(row: _Row, names: _Row) -> bool:
    """Tell whether a row says what columns belong together, above one that names each of them."""
    said = [bool(name.strip()) for name in names]
    return (
        len(row) == len(names)
        and 1 < _filled(row) < sum(said)
        and all(name for name, cell in zip(said, row, strict=True) if cell.strip())
        and not any(map(_is_typed, names))
    )


def _filled(row: _Row) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _is_comment(row: _Row) -> bool:
    return bool(row) and row[0].lstrip().startswith("#")


def label_rows(rows: Sequence[_Row]) -> int:
    """Return how many of the first rows below a header say what its columns are, and no review.

    Surveys write the questions, and what kind of answer each has, in a second and third line. They
    are told by what stands below: where columns hold numbers and dates, they hold words.

    Args:
        rows: The first rows below the header, all as wide.
    """
    for place, row in enumerate(rows[:_MOST_LABELS]):
        if any(_IMPORT_ID in cell for cell in row):
            return place + 1
    typed = _typed_columns(rows[_MOST_LABELS:])
    if len(typed) < 2:
        return 0
    count = 0
    for row in rows[:_MOST_LABELS]:
        told = [row[column].strip() for column in typed]
        words = [cell for cell in told if cell and not is_placeholder(cell)]
        answers = [cell.strip().casefold() for cell in row if cell.strip()]
        labels = len(words) >= 2 and not any(map(_is_typed, words))
        labels |= not any(told) and bool(answers) and set(answers) <= _ANSWERS
        if not labels:
            break
        count += 1
    return count


def _typed_columns(rows: Sequence[_Row]) -> list[int]:
    """Return the columns that hold numbers and dates."""
    found = []
    for column in range(len(rows[0]) if rows else 0):
        values = [row[column].strip() for row in rows if row[column].strip()]
        if len(values) >= _LEAST_VALUES and sum(map(_is_typed, values)) >= _TYPED * len(values):
            found.append(column)
    return found


def _is_typed(value: str) -> bool:
    return is_rating(value) or is_time(value)
