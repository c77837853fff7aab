"""The first pass: read all input, decide how it is to be understood, keep no review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from reviewlens.document import shortened
from reviewlens.errors import ColumnError, InputError, UnreadableFile
from reviewlens.reading.children import READING, OnProgress
from reviewlens.reading.columns import (
    Choice,
    check_given,
    choose_columns,
    name_columns,
    require_column,
)
from reviewlens.reading.continued import goes_on
from reviewlens.reading.counting import ODD_IDS, Counting
from reviewlens.reading.dates import DateOrder, parse_time
from reviewlens.reading.details import Kind
from reviewlens.reading.documents.conversion import refuse_same_names, spooled
from reviewlens.reading.exports import ROLES as EXPORT_ROLES
from reviewlens.reading.exports import SOURCE as EXPORT_SOURCE
from reviewlens.reading.exports import extra_columns, is_export, scale_of
from reviewlens.reading.files import Input, NamedFile
from reviewlens.reading.given import Given, Rows, listed, opened
from reviewlens.reading.kept import KeptChunks
from reviewlens.reading.masks import PrivateRows
from reviewlens.reading.names import Role
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.personal import column_kind
from reviewlens.reading.placeholders import filled
from reviewlens.reading.presets import Preset, scales_of
from reviewlens.reading.ratings import Rating, Scale, is_nps, parse_rating
from reviewlens.reading.scales import settle_scales
from reviewlens.reading.sides import TextPart, joiner
from reviewlens.reading.survey_notes import (
    export_note,
    form_notes,
    row_notes,
    superseded_note,
    value_notes,
)
from reviewlens.reading.tables import Form, Table, decide_form, open_table
from reviewlens.reading.template import compile_template

SAMPLE_ROWS = 1000
SHOWN_ROWS = 5
MOST_CELLS = 100_000_000
MOST_CONTESTED = 0.1
"""The share of ids that may stand on rows of different content, as where reviews were edited."""
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
        serial_dates: Whether dates are days of a spreadsheet's calendar, such as 45292.
        rows: Records below the header, those that cannot be taken included.
        sample: The first rows, header to value.
        export: Whether it is an export of ours, which is read back as it was.
        ids_repeat: Whether an id stands on more than one row.
        superseded: Numbers of the records of which a newer version stands in the file.
        source: Where its bytes are.
        form: How they become records.
        texts: The columns of a text that is in several, in order, of which `columns` has the first;
            else empty.
        preset: The export that it was recognised as, None for none.
        personal: What of a person columns hold that play no role, by their names.
    """

    file: str
    encoding: str
    encoding_decided: str
    delimiter: str
    header: tuple[str, ...]
    columns: Mapping[Role, str]
    source_column: str
    date_order: DateOrder | None
    serial_dates: bool
    rows: int
    sample: tuple[Mapping[str, str], ...]
    export: bool = False
    ids_repeat: bool = True
    superseded: frozenset[int] = field(default=frozenset(), repr=False)
    source: Input = field(repr=False)
    form: Form = field(repr=False)
    texts: tuple[TextPart, ...] = ()
    preset: Preset | None = None
    personal: Mapping[str, Kind] = field(default_factory=dict, repr=False)

    @property
    def nothing(self) -> tuple[str, ...]:
        """What stands in a column of the text where there is nothing."""
        return () if self.preset is None else self.preset.nothing

    @property
    def extra(self) -> list[tuple[int, str]]:
        """The places and names of the columns that play no role."""
        if self.export:
            return extra_columns(self.header)
        used = {*self.columns.values(), self.source_column, *(p.header for p in self.texts)}
        if self.preset is not None and self.preset.id_in:
            used.discard(self.columns.get("id", ""))  # a link that the id is only a part of
        return [(place, name) for place, name in enumerate(self.header) if name not in used]


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first pass decided; a context manager that removes the spooled copies.

    Attributes:
        files: In the order given.
        scales: The rating scale of each source that has ratings on a known one.
        notes: Sentences for the user.
        rows: Records of all files.
        options: What the user had said.
        decisions: Those of the notes that tell what was decided: what is stored depends on it.
        kept: The reviews of the first reading, where they are kept for another.
    """

    files: tuple[FileSurvey, ...]
    scales: Mapping[str, Scale]
    notes: tuple[str, ...]
    rows: int
    options: ReadOptions
    decisions: tuple[str, ...] = ()
    kept: KeptChunks = field(default_factory=KeptChunks)

    def close(self) -> None:
        """Remove the copies of streams; the survey cannot be read from any more then."""
        self.kept.close()
        for file in self.files:
            file.source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def survey_reviews(
    paths: Any,  # noqa: ANN401 - see `listed`
    options: ReadOptions,
    *,
    known_scales: Mapping[str, Scale] | None = None,
    on_progress: OnProgress | None = None,
) -> Survey:
    """Read all input once and decide how it is to be understood.

    Args:
        paths: Files, folders, a data frame, objects: see `listed`; `-` is standard input, which is
            spooled to disk.
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
    paths, notes = listed(paths)
    _check(paths, options)
    given: list[Input] = []
    sources: list[Input] = []
    twice: list[str] = []
    try:
        for path in paths:
            if any(_same(path, source) for source in given):
                twice.append(f"{path} was named twice and is read once.")
            else:
                given.append(opened(path))
                sources.append(given[-1])
                sources[-1] = spooled(sources[-1], options, on_progress=on_progress)
        refuse_same_names(sources)
        tallies: list[_Tally] = []
        for source in sources:
            begun = tallies[0].file if tallies else None
            tallies.append(_survey_file(source, options, on_progress, begun))
    except BaseException:
        for source in sources:
            source.close()
        raise
    for tally in tallies:
        notes += tally.notes
    exports = [(tally.file.preset, {source for source, _ in tally.ratings}) for tally in tallies]
    known = {**scales_of(exports), **(known_scales or {})}
    for tally in tallies:
        known = {**tally.scales, **known}
    scales, doubts = settle_scales(
        [tally.ratings for tally in tallies if not tally.file.export],
        options.rating_scale,
        known,
        {of for tally in tallies if is_nps(tally.rating_column) for of, _ in tally.ratings},
    )
    notes += doubts
    for tally in tallies:
        if tally.file.export:  # whose stars are taken as they are
            back = {source for source, _ in tally.ratings} - scales.keys()
            scales |= {source: known[source] for source in back if source in known}
    files = tuple(tally.file for tally in tallies)
    rows = sum(file.rows for file in files)
    return Survey(files, scales, (*twice, *notes), rows, options, tuple(notes))


@dataclass(slots=True)
class _Tally:
    """What one file's records add up to."""

    file: FileSurvey
    notes: list[str]
    ratings: Counter[tuple[str, Rating]]
    scales: Mapping[str, Scale]

    @property
    def rating_column(self) -> str:
        """The column of ratings, empty where there is none."""
        return self.file.columns.get("rating", "")


def _survey_file(
    source: Input, options: ReadOptions, on_progress: OnProgress | None, begun: FileSurvey | None
) -> _Tally:
    form = decide_form(source, options)
    name = source.name
    continued: list[str] = []
    if begun is not None and goes_on(source, form, begun.header, begun.columns):
        form = replace(form, names=begun.header)
        continued.append(
            f"{name} has no header, and its first line is a row as those of {begun.file}: its "
            "columns are called as there (--names, --no-header)."
        )
    if source.form == "document":  # its columns are ours, whatever those of a table are called
        options = replace(options, columns={}, source_column=None, text_template=None)
    with open_table(source, form) as table:
        table.refuse_too_wide()
        if options.mask is not None:  # the first row may be a review, where there is no header
            table.header = name_columns([options.mask.text(name)[0] for name in table.header])
            form = replace(form, above_told=options.mask.text(form.above_told)[0])
        records = table.read(SAMPLE_ROWS)
        sample = [record.fields for record in records if not record.reason]
        export = is_export(table.header) and not (options.columns or options.text_template)
        choice, source_column = _chosen(name, table.header, sample, options, export=export)
        columns, notes = choice.columns, choice.notes
        personal = _personal(table.header, sample)
        private = _private(table.header, choice, source_column, options, personal)
        if private is not None:
            notes[:] = map(private.quoting(sample), notes)
            sample = private.masked(sample)
        counting = Counting(table, choice, source_column, export=export)
        read, size = 0, source.state[0] if source.form in ("plain", "rows", "document") else 0
        while records:
            read += sum(len(record.raw) for record in records)
            counting.add(records if private is None else private.take(records)[0], options.source)
            if on_progress is not None:
                on_progress(READING, read, size)
            _refuse_too_many_cells(name, counting.rows, len(table.header))
            records = table.read(SAMPLE_ROWS)
    notes += continued
    notes += form_notes(name, form, counting)
    notes += source.about.notes if source.about is not None else ()
    contested = counting.contested() if "id" in columns else set()
    if (
        "id" in columns
        and not export
        and (
            complaint := _id_complaint(
                name, columns["id"], counting, len(contested), options, table
            )
        )
    ):
        notes.append(complaint)
        del columns["id"]
    notes += row_notes(name, counting)
    notes += counting.texts.notes(name)
    ratings, no_ratings = _parsed(counting.written)
    given = {role: header for role, header in columns.items() if options.columns.get(role)}
    _refuse_unreadable(name, given, counting, ratings, no_ratings)
    notes += value_notes(name, columns, counting, no_ratings)
    order = options.date_order if "time" in columns else None
    if "time" in columns and not order:
        order = counting.order.settle(name, columns["time"], table.header)
        notes += [f"{name}: {doubt}" for doubt in counting.order.order_doubts()]
    notes += [f"{name}: {doubt}" for doubt in counting.order.doubts()]
    superseded: frozenset[int] = frozenset()
    if contested and {"id", "time"} <= columns.keys():
        superseded = _superseded(source, form, counting, contested, order, private)
        notes += superseded_note(name, len(superseded))
    file = FileSurvey(
        file=name,
        encoding=form.encoding.name,
        encoding_decided=form.encoding.decided,
        delimiter=form.dialect.inner or form.dialect.delimiter,
        header=tuple(table.header),
        columns=columns,
        source_column=source_column,
        date_order=order,
        serial_dates=counting.order.serials,
        rows=counting.rows,
        sample=tuple(dict(zip(table.header, row, strict=True)) for row in sample[:SHOWN_ROWS]),
        export=export,
        superseded=superseded,
        ids_repeat=len(set(counting.ids)) < len(counting.ids),
        source=source,
        form=form,
        texts=choice.texts,
        preset=choice.preset,
        personal=personal,
    )
    scales = {name: scale_of(pairs) for name, pairs in counting.pairs.items()}
    told = {name: scale for name, scale in scales.items() if scale is not None}
    return _Tally(file, notes, ratings, told)


def _chosen(
    file: str,
    header: Sequence[str],
    sample: Sequence[Sequence[str]],
    options: ReadOptions,
    *,
    export: bool,
) -> tuple[Choice, str]:
    """Return the column of each role, and that of the source."""
    if export:
        return Choice(dict(EXPORT_ROLES), (), [export_note(file, sample)]), EXPORT_SOURCE
    try:
        choice = choose_columns(
            file,
            header,
            sample,
            options.columns,
            text_needed=options.text_template is None,
            sides=options.text_template is None,
            preset=options.preset,
        )
    except ColumnError as error:
        if options.mask is None:
            raise
        personal = _personal(header, sample)
        quoting = PrivateRows(header, {}, "", (), options.mask, personal).quoting(sample)
        raise ColumnError(quoting(str(error)), field=error.field) from None
    source_column = ""
    if options.source_column:
        source_column = require_column(
            file, header, options.source_column, "--source-column", "source_column"
        )
    if options.text_template:
        join = joiner(choice.texts, header) if choice.texts else None
        compile_template(options.text_template, file, header, choice.columns, join=join)
    return choice, source_column


def _personal(header: Sequence[str], sample: Sequence[Sequence[str]]) -> dict[str, Kind]:
    """Return what of a person the columns hold by their names and first rows."""
    columns = list(zip(*sample, strict=True)) or [()] * len(header)
    kinds = ((name, column_kind(name, cells)) for name, cells in zip(header, columns, strict=True))
    return {name: kind for name, kind in kinds if kind is not None}


def _private(
    header: Sequence[str],
    choice: Choice,
    source_column: str,
    options: ReadOptions,
    personal: Mapping[str, Kind],
) -> PrivateRows | None:
    """Return what masks the rows of a file; None where nothing is to be masked."""
    if options.mask is None:
        return None
    texts = [part.header for part in choice.texts]
    return PrivateRows(header, choice.columns, source_column, texts, options.mask, personal)


def _refuse_too_many_cells(file: str, rows: int, columns: int) -> None:
    if rows * columns > MOST_CELLS:
        raise UnreadableFile(
            f"{file} has {columns:,} columns and more than {rows - 1:,} rows, over "
            f"{MOST_CELLS // 1_000_000} million cells; leave out columns that say nothing of a "
            "review, or give --delimiter if something else parts the fields.",
            field="delimiter",
        )


def _superseded(
    source: Input,
    form: Form,
    counting: Counting,
    contested: set[int],
    order: DateOrder | None,
    private: PrivateRows | None,
) -> frozenset[int]:
    """Return the numbers of the records of which a later one with the same id stands in the file.

    The file is read once more, which few files need.
    """
    latest: dict[int, int] = {}
    dated: list[tuple[int, int, int]] = []
    number = 0
    with open_table(source, form) as table:
        while records := table.read(SAMPLE_ROWS):
            for record in records if private is None else private.take(records)[0]:
                number += 1
                if record.reason:
                    continue
                key, written = counting.identity(record.fields)
                if key in contested:
                    time = parse_time(written, order, serials=counting.order.serials)
                    dated.append((number, key, -1 if time is None else time))
                    latest[key] = max(latest.get(key, -1), dated[-1][2])
    return frozenset(number for number, key, time in dated if time < latest[key])


def _parsed(
    written: Counter[tuple[str, str]],
) -> tuple[Counter[tuple[str, Rating]], Counter[str]]:
    """Return how often each source gives each rating, and the values that are none."""
    ratings: Counter[tuple[str, Rating]] = Counter()
    unread: Counter[str] = Counter()
    for (source, value), count in written.items():
        if (rating := parse_rating(value)) is not None:
            ratings[source, rating] += count
        elif filled(value):
            unread[value.strip()] += count
    return ratings, unread


def _refuse_unreadable(
    file: str,
    given: Mapping[Role, str],
    counting: Counting,
    ratings: Counter[tuple[str, Rating]],
    no_ratings: Counter[str],
) -> None:
    """Refuse a column that the user named for dates or ratings where no value of it is one."""
    unread: dict[Role, str] = {}
    if no_ratings and not ratings:
        unread["rating"] = next(iter(no_ratings))
    if counting.order.unread and not counting.order.readable:
        unread["time"] = counting.order.unread
    kinds = {"rating": "rating", "time": "date"}
    for role, example in unread.items():
        if column := given.get(role):
            raise ColumnError(
                f"Column {column!r} of {file} cannot be the {role}: none of its values is a "
                f"{kinds[role]}, such as {shortened(example)}; name another with --{role}-column, "
                f"or none with --{role}-column ''.",
                field=f"columns.{role}",
            )


def _id_complaint(
    file: str,
    column: str,
    counting: Counting,
    contested: int,
    options: ReadOptions,
    table: Table,
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
    elif contested and (shared := len(counting.shared()) / len(set(counting.ids))) > ODD_IDS:
        why = f"{shared:.1%} of its values stand on rows of several products or authors"
    elif contested and (share := contested / len(set(counting.ids))) > MOST_CONTESTED:
        why = f"{share:.1%} of its values stand on different rows"
    else:
        return ""
    return (
        f"{file}: column {column!r} is not used as the id, because {why}; "
        f"ids are made from the content instead.{_source_hint(table.header, options)}"
    )


def _source_hint(header: Sequence[str], options: ReadOptions) -> str:
    """Return how ids that each source counts from 1 are told apart, where a column tells."""
    if options.source or options.source_column:
        return ""
    named = (name for name in header if name.strip().casefold() in SOURCE_NAMES)
    column = next(named, None)
    return f" If each {column} numbers its own, give --source-column {column}." if column else ""


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
    if isinstance(path, Rows):
        return False
    if isinstance(path, NamedFile):
        return path.path == source.path
    if str(path) == source.name:
        return True
    return source.copy is None and Path(path).exists() and source.path.samefile(path)
