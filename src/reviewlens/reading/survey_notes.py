"""What the user is told of a file that the first pass has read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from reviewlens.document import agreed, counted, shortened
from reviewlens.reading.counting import Counting
from reviewlens.reading.exports import COLUMNS
from reviewlens.reading.headers import HEADER_AGAIN, LABEL_ROW
from reviewlens.reading.names import Role
from reviewlens.reading.tables import Form


def form_notes(file: str, form: Form, counting: Counting) -> list[str]:
    """Tell of a guessed encoding, and of what was found of a table's form beyond its delimiter."""
    dialect, notes = form.dialect, []
    if form.encoding.guessed:
        notes.append(
            f"{file}: nothing in it names its encoding; it is read as {form.encoding.name}, by "
            f"{form.encoding.decided} (--encoding)."
        )
    if above := dialect.above or form.above:
        notes.append(
            f"{file}: {above:,} {agreed(above, 'line', 'lines')} above the header "
            f"{agreed(above, 'is', 'are')} left out, "
            f"such as {shortened(form.above_told)} (--skip-rows 0)."
        )
    if dialect.escape or dialect.spaced or dialect.quote != '"':
        how = [f"quoted by {dialect.quote!r}"]
        how += [f"with {dialect.escape!r} before a quote inside"] if dialect.escape else []
        how += ["after blanks"] if dialect.spaced else []
        notes.append(f"{file}: cells are {', '.join(how)} (--quote, --escape).")
    labels, headers = counting.reasons[LABEL_ROW], counting.reasons[HEADER_AGAIN]
    if labels:
        notes.append(
            f"{file}: {_first(labels)} below the header, which say what the columns are, are no "
            "reviews; they are in the rejects file."
        )
    if headers:
        times = "once" if headers == 1 else f"{headers:,} times"
        notes.append(f"{file}: the header comes {times} more, among the rows; these are left out.")
    return notes


def _first(rows: int) -> str:
    return "labels" if rows == 1 else f"{rows} rows of labels"


def row_notes(file: str, counting: Counting) -> list[str]:
    """Tell of rows inside one cell, of rows that cannot be taken, and of none at all."""
    if not counting.rows:
        return [f"{file} holds a header but no row below it."]
    notes: list[str] = []
    if (first := counting.first_split) is not None:
        notes.append(
            f"{file}: {counting.split:,} of {counted(counting.rows, 'row')} "
            f"{agreed(counting.split, 'is', 'are')} a single cell that holds a "
            f"row, such as {shortened(first.raw.strip())} on line {first.line}; the fields inside "
            f"it are read (--quoted-rows keep: the cell as it stands)."
        )
    refused = counting.reasons.total()
    if refused > counting.rows / 2:
        reason, count = counting.reasons.most_common(1)[0]
        notes.append(
            f"{file}: {refused:,} of {counted(counting.rows, 'row')} cannot be taken, {count:,} of "
            f"them as {reason}; look at --delimiter, --quote, --escape and --encoding."
        )
    return notes


def value_notes(
    file: str, columns: Mapping[Role, str], counting: Counting, no_ratings: Counter[str]
) -> list[str]:
    """Tell of values that are not what their column is."""
    notes = []
    if "id" in columns and counting.rounded:
        notes.append(
            f"{file}: a spreadsheet has rounded {counted(counting.rounded_ids, 'id')}, such as "
            f"{counting.rounded}; reviews that share one are taken for one (--id-column '')."
        )
    if counting.placeholders:
        [(example, _)] = counting.placeholders.most_common(1)
        total = counting.placeholders.total()
        notes.append(
            f"{file}: {counted(total, 'text')} {agreed(total, 'stands', 'stand')} for none, such "
            f"as {example!r}, and {agreed(total, 'counts', 'count')} as empty."
        )
    if no_ratings:
        example = shortened(max(no_ratings, key=no_ratings.__getitem__))
        total = no_ratings.total()
        are = agreed(total, "is no rating", "are no ratings")
        these = agreed(total, "this review has", "these reviews have")
        notes.append(
            f"{file}: {counted(total, 'value')} of column {columns['rating']!r} {are}, such as "
            f"{example}; {these} no stars (--rating-column)."
        )
    return notes


def export_note(file: str, sample: Sequence[Sequence[str]]) -> str:
    """Tell of an export of ours, and that the themes of its first rows, if any, are not read."""
    clusters = {row[COLUMNS.index("cluster")] for row in sample} - {"", "-1"}
    themes = "; themes are not: `copy` takes them to another collection" if clusters else ""
    return (
        f"{file} is an export of reviewlens: ids, stars and columns are read as they were{themes}."
    )


def superseded_note(file: str, count: int) -> list[str]:
    """Tell of how many rows a newer version stands in the file."""
    if not count:
        return []
    return [
        f"{file}: {count:,} {agreed(count, 'row is an', 'rows are')} older "
        f"version{agreed(count, '', 's')} of a review with the same id in the file, which is "
        "taken; see the rejects file."
    ]
