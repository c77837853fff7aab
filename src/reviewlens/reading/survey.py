"""The first pass: read all input, decide how it is to be understood, keep no review."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from pathlib import Path
from typing import Any, Self

from reviewlens.errors import ColumnError, InputError, UnreadableFile
from reviewlens.reading.candidates import shortened
from reviewlens.reading.children import READING, OnProgress
from reviewlens.reading.columns import Choice, check_given, choose_columns, require_column
from reviewlens.reading.dates import DateOrder, OrderEvidence, parse_time
from reviewlens.reading.documents.conversion import refuse_same_names, spooled
from reviewlens.reading.empties import TextCounts
from reviewlens.reading.exports import ROLES as EXPORT_ROLES
from reviewlens.reading.exports import SOURCE as EXPORT_SOURCE
from reviewlens.reading.exports import extra_columns, is_export, scale_of
from reviewlens.reading.files import Input, NamedFile
from reviewlens.reading.given import Given, Rows, listed, opened
from reviewlens.reading.headers import HEADER_AGAIN, LABEL_ROW
from reviewlens.reading.identity import is_rounded, join_id
from reviewlens.reading.names import Role
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.placeholders import filled
from reviewlens.reading.presets import Preset, id_of, scales_of
from reviewlens.reading.ratings import Rating, Scale, is_nps, parse_rating
from reviewlens.reading.records import Record
from reviewlens.reading.scales import settle_scales
from reviewlens.reading.sides import TextPart, joiner
from reviewlens.reading.tables import Form, Table, decide_form, open_table
from reviewlens.reading.template import compile_template

SAMPLE_ROWS = 1000
SHOWN_ROWS = 5
ODD_IDS = 0.01
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
    try:
        for path in paths:
            if any(_same(path, source) for source in given):
                notes.append(f"{path} was named twice and is read once.")
            else:
                given.append(opened(path))
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
    return Survey(files, scales, tuple(notes), sum(file.rows for file in files), options)


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


class _Counting:
    """Counts what the decisions need, over all records of one file."""

    def __init__(self, table: Table, choice: Choice, source_column: str, *, export: bool) -> None:
        def place(name: str | None) -> int:
            return table.header.index(name) if name else -1

        columns = choice.columns
        self.texts = TextCounts(table.header, choice)
        self._id_in = choice.preset.id_in if choice.preset else ""
        self._time, self._rating = place(columns.get("time")), place(columns.get("rating"))
        self._id, self._source = place(columns.get("id")), place(source_column)
        self._stars = place("rating") if export else -1
        texts = [part.header for part in choice.texts] or [columns.get("text", "")]
        self._texts = [place(name) for name in texts if name]
        self._title = place(columns.get("title"))
        self._owner = [place(columns[role]) for role in ("product", "author") if role in columns]
        self.order = OrderEvidence()
        self.written: Counter[tuple[str, str]] = Counter()
        self.ids = array("q")
        self.contents = array("q")
        self.owners = array("q")
        self.pairs: dict[str, set[tuple[str, str]]] = {}
        self.rounded = ""
        self.rounded_ids = 0
        self.rows = self.split = 0
        self.first_split: Record | None = None
        self.reasons: Counter[str] = Counter()
        self.placeholders: Counter[str] = Counter()

    def add(self, records: Sequence[Record], source: str) -> None:
        """Count some records; `source` holds where no column names it."""
        self._default = source
        self.rows += len(records)
        rows = [record.fields for record in records if not record.reason]
        self.reasons.update(record.reason for record in records if record.reason)
        self.texts.add(rows)
        split = [record for record in records if record.split and not record.reason]
        self.split += len(split)
        self.first_split = self.first_split or next(iter(split), None)
        sources = [source] * len(rows)
        if self._source >= 0:
            sources = [filled(row[self._source]) or source for row in rows]
        said = self._said(rows)
        if self._time >= 0:
            self.order.add([row[self._time] for row in rows])
        if self._rating >= 0:
            ratings = [row[self._rating] for row in rows]
            self.written.update(compress(zip(sources, ratings, strict=True), said))
        if self._id >= 0:
            given = [id_of(filled(row[self._id]), self._id_in) for row in rows]
            rounded = list(filter(is_rounded, given))
            self.rounded = self.rounded or next(iter(rounded), "")
            self.rounded_ids += len(rounded)
            self.ids.extend(hash(join_id(s, i)) for s, i in zip(sources, given, strict=True) if i)
            raws = (record.raw.strip() for record in records if not record.reason)
            self.contents.extend(hash(raw) for raw, one in zip(raws, given, strict=True) if one)
            owners = ([row[place].strip() for place in self._owner] for row in rows)
            self.owners.extend(
                hash(tuple(owner)) for owner, one in zip(owners, given, strict=True) if one
            )
        if self._stars >= 0:
            for name, row in zip(sources, rows, strict=True):
                pairs = self.pairs.setdefault(name, set())
                pairs.add((row[self._rating], row[self._stars]))

    def contested(self) -> set[int]:
        """Return the ids (hashes) of which rows of other content stand in the file."""
        return self._with_other(self.contents)

    def shared(self) -> set[int]:
        """Return the ids (hashes) of which rows of another product or author stand in the file."""
        return self._with_other(self.owners)

    def _with_other(self, values: array[int]) -> set[int]:
        import numpy as np

        ids = np.frombuffer(self.ids, dtype=np.int64)
        order = np.lexsort((np.frombuffer(values, dtype=np.int64), ids))
        ids, found = ids[order], np.frombuffer(values, dtype=np.int64)[order]
        other = (ids[1:] == ids[:-1]) & (found[1:] != found[:-1])
        return set(ids[1:][other].tolist())

    def identity(self, fields: Sequence[str]) -> tuple[int, str]:
        """Return the id (hash) of a row, and its time as written."""
        source = filled(fields[self._source]) if self._source >= 0 else ""
        given = id_of(filled(fields[self._id]), self._id_in)
        return hash(join_id(source or self._default, given)), fields[self._time]

    def _said(self, rows: Sequence[Sequence[str]]) -> list[bool]:
        """Tell which rows have a text or a title; count the texts that stand for none."""
        if not self._texts:
            return [True] * len(rows)
        said = [any(filled(row[text]) for text in self._texts) for row in rows]
        for place, row in enumerate(rows):
            if not said[place]:
                written = [row[text].strip() for text in self._texts]
                self.placeholders.update(value for value in written if value)
                said[place] = self._title >= 0 and filled(row[self._title]) != ""
        return said

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
        export = is_export(table.header) and not (options.columns or options.text_template)
        choice, source_column = _chosen(name, table.header, sample, options, export=export)
        columns, notes = choice.columns, choice.notes
        counting = _Counting(table, choice, source_column, export=export)
        read, size = 0, source.state[0] if source.form in ("plain", "rows", "document") else 0
        while records:
            counting.add(records, options.source)
            read += sum(len(record.raw) for record in records)
            if on_progress is not None:
                on_progress(READING, read, size)
            _refuse_too_many_cells(name, counting.rows, len(table.header))
            records = table.read(SAMPLE_ROWS)
    notes += _form_notes(name, form, counting)
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
    notes += _row_notes(name, counting)
    notes += counting.texts.notes(name)
    ratings, no_ratings = _parsed(counting.written)
    given = {role: header for role, header in columns.items() if options.columns.get(role)}
    _refuse_unreadable(name, given, counting, ratings, no_ratings)
    notes += _value_notes(name, columns, counting, no_ratings)
    order = options.date_order if "time" in columns else None
    if "time" in columns and not order:
        order = counting.order.settle(name, columns["time"], table.header)
        notes += [f"{name}: {doubt}" for doubt in counting.order.order_doubts()]
    notes += [f"{name}: {doubt}" for doubt in counting.order.doubts()]
    superseded: frozenset[int] = frozenset()
    if contested and {"id", "time"} <= columns.keys():
        superseded = _superseded(source, form, counting, contested, order)
        notes += _superseded_note(name, len(superseded))
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
        told = f"{file} is an export of reviewlens: ids, stars and columns are read as they were."
        return Choice(dict(EXPORT_ROLES), (), [told]), EXPORT_SOURCE
    choice = choose_columns(
        file,
        header,
        sample,
        options.columns,
        text_needed=options.text_template is None,
        sides=options.text_template is None,
        preset=options.preset,
    )
    source_column = ""
    if options.source_column:
        source_column = require_column(
            file, header, options.source_column, "--source-column", "source_column"
        )
    if options.text_template:
        join = joiner(choice.texts, header) if choice.texts else None
        compile_template(options.text_template, file, header, choice.columns, join=join)
    return choice, source_column


def _refuse_too_many_cells(file: str, rows: int, columns: int) -> None:
    if rows * columns > MOST_CELLS:
        raise UnreadableFile(
            f"{file} has {columns:,} columns and more than {rows - 1:,} rows, over "
            f"{MOST_CELLS // 1_000_000} million cells; leave out columns that say nothing of a "
            "review, or give --delimiter if something else parts the fields.",
            field="delimiter",
        )


def _superseded_note(file: str, count: int) -> list[str]:
    if not count:
        return []
    return [
        f"{file}: {count:,} {'row is an' if count == 1 else 'rows are'} older "
        f"version{'' if count == 1 else 's'} of a review with the same id in the file, which is "
        "taken; see the rejects file."
    ]


def _superseded(
    source: Input, form: Form, counting: _Counting, contested: set[int], order: DateOrder | None
) -> frozenset[int]:
    """Return the numbers of the records of which a later one with the same id stands in the file.

    The file is read once more, which few files need.
    """
    latest: dict[int, int] = {}
    dated: list[tuple[int, int, int]] = []
    number = 0
    with open_table(source, form) as table:
        while records := table.read(SAMPLE_ROWS):
            for record in records:
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
    counting: _Counting,
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
    counting: _Counting,
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


def _form_notes(file: str, form: Form, counting: _Counting) -> list[str]:
    """Tell of what was found out of a table's form beyond its delimiter."""
    dialect, notes = form.dialect, []
    if above := dialect.above or form.above:
        notes.append(
            f"{file}: {above:,} {'line' if above == 1 else 'lines'} above the header are left out, "
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
            f"as {reason}; look at --delimiter, --quote, --escape and --encoding."
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
    if counting.placeholders:
        [(example, _)] = counting.placeholders.most_common(1)
        notes.append(
            f"{file}: {counting.placeholders.total():,} texts stand for none, such as {example!r}, "
            f"and count as empty."
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
    if isinstance(path, Rows):
        return False
    if isinstance(path, NamedFile):
        return path.path == source.path
    if str(path) == source.name:
        return True
    return source.copy is None and Path(path).exists() and source.path.samefile(path)
