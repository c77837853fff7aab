"""The first pass: read all input, decide how it is to be understood, keep no review."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from reviewlens.errors import ColumnError, InputError
from reviewlens.reading.candidates import shortened
from reviewlens.reading.children import READING, OnProgress
from reviewlens.reading.columns import Choice, check_given, choose_columns, require_column
from reviewlens.reading.dates import DateOrder, OrderEvidence
from reviewlens.reading.documents.conversion import refuse_same_names, spooled
from reviewlens.reading.empties import TextCounts
from reviewlens.reading.files import Input, NamedFile, find_input
from reviewlens.reading.identity import is_rounded, join_id
from reviewlens.reading.names import Role
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.presets import Preset, id_of, scales_of
from reviewlens.reading.ratings import Rating, Scale, parse_rating
from reviewlens.reading.records import Record
from reviewlens.reading.scales import settle_scales
from reviewlens.reading.sides import TextPart, joiner
from reviewlens.reading.tables import Form, Table, decide_form, open_table
from reviewlens.reading.template import compile_template

SAMPLE_ROWS = 1000
SHOWN_ROWS = 5
ODD_IDS = 0.01
SOURCE_NAMES = ("source", "channel", "platform", "shop", "store", "site")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSurvey:
    """One file, as the first pass found it.

    Attributes:
        file: The file's name as given.
        encoding: Its name (`xlsx` for a workbook), and how it was decided.
        delimiter: Empty for a workbook, and for a file of one column.
        header: The columns' names, each of its own.
        columns: Role to header; a role that no column plays is missing.
        source_column: The column that holds the source, empty when there is none.
        date_order: As given, else as the dates settle it; None where none depends on it.
        rows: Records below the header, those that cannot be taken included.
        sample: The first rows, header to value.
        source: Where its bytes are.
        form: How they become records.
        texts: The columns of a text that is in several, in order, of which `columns` has the first;
            else empty.
        preset: The export that it was recognised as, None for none.
    """

    file: str
    encoding: str
    encoding_decided: str
    delimiter: str
    header: tuple[str, ...]
    columns: Mapping[Role, str]
    source_column: str
    date_order: DateOrder | None
    rows: int
    sample: tuple[Mapping[str, str], ...]
    source: Input = field(repr=False)
    form: Form = field(repr=False)
    texts: tuple[TextPart, ...] = ()
    preset: Preset | None = None

    @property
    def nothing(self) -> tuple[str, ...]:
        """What stands in a column of the text where there is nothing."""
        return () if self.preset is None else self.preset.nothing


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first pass decided; a context manager that removes the spooled copies.

    Attributes:
        files: In the order given.
        scales: The rating scale of each source that has ratings on a known one.
        notes: Sentences for the user.
        rows: Records of all files.
        options: What the user had said.
    """

    files: tuple[FileSurvey, ...]
    scales: Mapping[str, Scale]
    notes: tuple[str, ...]
    rows: int
    options: ReadOptions

    def close(self) -> None:
        """Remove the copies of streams; the survey cannot be read from any more then."""
        for file in self.files:
            file.source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


Given = str | Path | NamedFile
"""A file as it may be named."""


def listed_paths(paths: Given | Sequence[Given]) -> list[Given]:
    """Return one path, or several, as a list."""
    return [paths] if isinstance(paths, str | Path | NamedFile) else list(paths)


def survey_reviews(
    paths: Sequence[Given],
    options: ReadOptions,
    *,
    known_scales: Mapping[str, Scale] | None = None,
    on_progress: OnProgress | None = None,
) -> Survey:
    """Read all input once and decide how it is to be understood.

    Args:
        paths: Files; `-` is standard input, which is spooled to disk.
        options: What the user says about them.
        known_scales: The rating scale on which each source was read before. A month in which
            no one gave more than five of ten stars is still a month of ten.
        on_progress: Told the stage (`reading`), and of one file after the other how much is read
            and how large it is, in bytes, rows or pages (0 where that is not known); stops the
            work by raising.

    Returns:
        The survey, to be given to `read_reviews` and closed in the end.

    Raises:
        UnreadableFile: A file is missing, a directory, binary, damaged, a bomb or empty.
        ColumnError: There is no text column, a column given is missing or holds something else.
        AmbiguousDates: Day and month cannot be told apart.
        InputError: An option cannot be used.
    """
    _check(paths, options)
    given: list[Input] = []
    sources: list[Input] = []
    notes: list[str] = []
    try:
        for path in paths:
            if any(_same(path, source) for source in given):
                notes.append(f"{path} was named twice and is read once.")
            else:
                given.append(find_input(path))
                sources.append(given[-1])
                sources[-1] = spooled(sources[-1], options, on_progress=on_progress)
        refuse_same_names(sources)
        tallies = [_survey_file(source, options, on_progress) for source in sources]
    except BaseException:
        for source in sources:
            source.close()
        raise
    for tally in tallies:
        notes += tally.notes
    exports = [(tally.file.preset, {source for source, _ in tally.ratings}) for tally in tallies]
    scales, doubts = settle_scales(
        [tally.ratings for tally in tallies],
        options.rating_scale,
        {**scales_of(exports), **(known_scales or {})},
    )
    notes += doubts
    files = tuple(tally.file for tally in tallies)
    return Survey(files, scales, tuple(notes), sum(file.rows for file in files), options)


@dataclass(slots=True)
class _Tally:
    """What one file's records add up to."""

    file: FileSurvey
    notes: list[str]
    ratings: Counter[tuple[str, Rating]]


class _Counting:
    """Counts what the decisions need, over all records of one file."""

    def __init__(self, table: Table, choice: Choice, source_column: str) -> None:
        def place(name: str | None) -> int:
            return table.header.index(name) if name else -1

        columns = choice.columns
        self.texts = TextCounts(table.header, choice)
        self._id_in = choice.preset.id_in if choice.preset else ""
        self._time, self._rating = place(columns.get("time")), place(columns.get("rating"))
        self._id, self._source = place(columns.get("id")), place(source_column)
        self.order = OrderEvidence()
        self.written: Counter[tuple[str, str]] = Counter()
        self.ids = array("q")
        self.rounded = ""
        self.rounded_ids = 0
        self.rows = self.split = 0
        self.first_split: Record | None = None
        self.reasons: Counter[str] = Counter()

    def add(self, records: Sequence[Record], source: str) -> None:
        """Count some records; `source` holds where no column names it."""
        self.rows += len(records)
        rows = [record.fields for record in records if not record.reason]
        self.reasons.update(record.reason for record in records if record.reason)
        self.texts.add(rows)
        split = [record for record in records if record.split and not record.reason]
        self.split += len(split)
        self.first_split = self.first_split or next(iter(split), None)
        sources = [source] * len(rows)
        if self._source >= 0:
            sources = [row[self._source].strip() or source for row in rows]
        if self._time >= 0:
            self.order.add({row[self._time] for row in rows})
        if self._rating >= 0:
            self.written.update(zip(sources, (row[self._rating] for row in rows), strict=True))
        if self._id >= 0:
            given = [id_of(row[self._id].strip(), self._id_in) for row in rows]
            rounded = list(filter(is_rounded, given))
            self.rounded = self.rounded or next(iter(rounded), "")
            self.rounded_ids += len(rounded)
            self.ids.extend(hash(join_id(s, i)) for s, i in zip(sources, given, strict=True) if i)

    def repeated(self) -> float:
        """The share of ids that stood in the file before."""
        return 1 - len(set(self.ids)) / len(self.ids) if self.ids else 0.0

    def are_rounded(self) -> bool:
        """Tell whether a spreadsheet has rounded more ids than a few odd ones."""
        return self.rounded_ids > ODD_IDS * len(self.ids)


def _survey_file(source: Input, options: ReadOptions, on_progress: OnProgress | None) -> _Tally:
    form = decide_form(source, options)
    name = source.name
    if source.form == "document":  # its columns are ours, whatever those of a table are called
        options = replace(options, columns={}, source_column=None, text_template=None)
    with open_table(source, form) as table:
        table.refuse_too_wide()
        records = table.read(SAMPLE_ROWS)
        sample = [record.fields for record in records if not record.reason]
        choice = choose_columns(
            name,
            table.header,
            sample,
            options.columns,
            text_needed=options.text_template is None,
            sides=options.text_template is None,
            preset=options.preset,
        )
        columns, notes = choice.columns, choice.notes
        source_column = ""
        if options.source_column:
            source_column = require_column(
                name, table.header, options.source_column, "--source-column", "source_column"
            )
        if options.text_template:
            join = joiner(choice.texts, table.header) if choice.texts else None
            compile_template(options.text_template, name, table.header, columns, join=join)
        counting = _Counting(table, choice, source_column)
        read, size = 0, source.state[0] if source.form in ("plain", "rows", "document") else 0
        while records:
            counting.add(records, options.source)
            read += sum(len(record.raw) for record in records)
            if on_progress is not None:
                on_progress(READING, read, size)
            records = table.read(SAMPLE_ROWS)
    notes += source.about.notes if source.about is not None else ()
    if "id" in columns:
        complaint = _id_complaint(name, columns["id"], counting, options, table.header)
        if complaint:
            notes.append(complaint)
            del columns["id"]
    notes += _row_notes(name, counting)
    notes += counting.texts.notes(name)
    ratings, no_ratings = _parsed(counting.written)
    notes += _value_notes(name, columns, counting, no_ratings)
    order = options.date_order if "time" in columns else None
    if "time" in columns and not order:
        order = counting.order.settle(name, columns["time"])
        notes += [f"{name}: {doubt}" for doubt in counting.order.doubts()]
    file = FileSurvey(
        file=name,
        encoding=form.encoding.name,
        encoding_decided=form.encoding.decided,
        delimiter=form.dialect.inner or form.dialect.delimiter,
        header=tuple(table.header),
        columns=columns,
        source_column=source_column,
        date_order=order,
        rows=counting.rows,
        sample=tuple(dict(zip(table.header, row, strict=True)) for row in sample[:SHOWN_ROWS]),
        source=source,
        form=form,
        texts=choice.texts,
        preset=choice.preset,
    )
    return _Tally(file, notes, ratings)


def _parsed(
    written: Counter[tuple[str, str]],
) -> tuple[Counter[tuple[str, Rating]], Counter[str]]:
    """Return how often each source gives each rating, and the values that are none."""
    ratings: Counter[tuple[str, Rating]] = Counter()
    unread: Counter[str] = Counter()
    for (source, value), count in written.items():
        if (rating := parse_rating(value)) is not None:
            ratings[source, rating] += count
        elif value.strip():
            unread[value.strip()] += count
    return ratings, unread


def _id_complaint(
    file: str,
    column: str,
    counting: _Counting,
    options: ReadOptions,
    header: Sequence[str],
) -> str:
    given = bool(options.columns.get("id"))
    if given and counting.are_rounded():
        raise ColumnError(
            f"Column {column!r} of {file} holds ids that a spreadsheet has rounded, such as "
            f"{counting.rounded}, so that different reviews share one; export it as text, or let "
            f"ids be made from the content with --id-column ''.",
            field="columns.id",
        )
    if given:
        return ""
    if counting.are_rounded():
        why = f"a spreadsheet has rounded its values, such as {counting.rounded}"
    elif (share := counting.repeated()) > ODD_IDS:
        why = f"{share:.1%} of its values repeat"
    else:
        return ""
    return (
        f"{file}: column {column!r} is not used as the id, because {why}; "
        f"ids are made from the content instead.{_source_hint(header, options)}"
    )


def _source_hint(header: Sequence[str], options: ReadOptions) -> str:
    """Return how ids that each source counts from 1 are told apart, where a column tells."""
    if options.source or options.source_column:
        return ""
    named = (name for name in header if name.strip().casefold() in SOURCE_NAMES)
    column = next(named, None)
    return f" If each {column} numbers its own, give --source-column {column}." if column else ""


def _row_notes(file: str, counting: _Counting) -> list[str]:
    if not counting.rows:
        return [f"{file} holds a header but no row below it."]
    notes: list[str] = []
    if (first := counting.first_split) is not None:
        notes.append(
            f"{file}: {counting.split:,} of {counting.rows:,} rows are a single cell that holds a "
            f"row, such as {shortened(first.raw.strip())} on line {first.line}; the fields inside "
            f"it are read (--quoted-rows keep: the cell as it stands)."
        )
    refused = counting.reasons.total()
    if refused > counting.rows / 2:
        reason, count = counting.reasons.most_common(1)[0]
        notes.append(
            f"{file}: {refused:,} of {counting.rows:,} rows cannot be taken, {count:,} of them "
            f"as {reason}; look at --delimiter and --encoding."
        )
    return notes


def _value_notes(
    file: str, columns: Mapping[Role, str], counting: _Counting, no_ratings: Counter[str]
) -> list[str]:
    """Tell of values that are not what their column is."""
    notes = []
    if "id" in columns and counting.rounded:
        notes.append(
            f"{file}: a spreadsheet has rounded {counting.rounded_ids:,} ids, such as "
            f"{counting.rounded}; reviews that share one are taken for one (--id-column '')."
        )
    if no_ratings:
        example = shortened(max(no_ratings, key=no_ratings.__getitem__))
        notes.append(
            f"{file}: {no_ratings.total():,} values of column {columns['rating']!r} are no "
            f"ratings, such as {example}; these reviews have no stars (--rating-column)."
        )
    return notes


def _check(paths: Sequence[Given], options: ReadOptions) -> None:
    if not paths:
        raise InputError("No file was given; name at least one, or - for standard input.")
    if options.chunk_rows < 1:
        raise ValueError("chunk_rows must be at least 1")
    check_given(options.columns)
    if options.rating_scale and options.rating_scale[0] >= options.rating_scale[1]:
        low, high = options.rating_scale
        raise InputError(
            f"The rating scale {low:g}..{high:g} goes down; give the lowest rating first, "
            f"such as --rating-scale 1..10.",
            field="rating_scale",
        )


def _same(path: Given, source: Input) -> bool:
    if isinstance(path, NamedFile):
        return path.path == source.path
    if str(path) == source.name:
        return True
    return source.copy is None and Path(path).exists() and source.path.samefile(path)
