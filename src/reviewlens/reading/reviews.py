"""The second pass: records into reviews, as the survey decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, TypeVar

from reviewlens.files.formulas import armed
from reviewlens.reading.dates import parse_time
from reviewlens.reading.exports import COLUMNS, stars_of
from reviewlens.reading.identity import Identities, join_id
from reviewlens.reading.markup import clean_markup, resolve_entities
from reviewlens.reading.masks import PrivateRows
from reviewlens.reading.model import NAME_BYTES, TEXT_BYTES, Chunk, Location, Rejected, Review
from reviewlens.reading.names import Role
from reviewlens.reading.placeholders import filled
from reviewlens.reading.presets import id_of
from reviewlens.reading.ratings import Rating, parse_rating, to_stars
from reviewlens.reading.records import Record
from reviewlens.reading.sides import joiner
from reviewlens.reading.survey import FileSurvey, Survey
from reviewlens.reading.tables import open_table
from reviewlens.reading.template import compile_template, embed

if TYPE_CHECKING:
    import pandas as pd

Value = TypeVar("Value")

ID_BYTES = 512
EXTRA_BYTES = 60_000

_MOST_PARSED = 20_000


def read_reviews(survey: Survey, *, keep: bool = False) -> Iterator[Chunk]:
    """Read the surveyed input, chunk by chunk.

    A record becomes a review, is a duplicate, or is rejected. Beside the reasons of
    `RecordReader` these are `too_large` (a value is larger than the store can hold) and
    `duplicate_id` (an id stands above it in the same file, with other content).

    Args:
        survey: What was decided about it.
        keep: Keep the chunks for the next reading, which else reads the input anew.

    Raises:
        InputError: A file changed since it was surveyed.
    """
    if survey.kept.whole:
        yield from survey.kept
    elif keep:
        yield from survey.kept.keep(_read(survey))
    else:
        yield from _read(survey)


def _read(survey: Survey) -> Iterator[Chunk]:
    for file in survey.files:
        reading = _FileReading(file, survey)
        with open_table(file.source, file.form) as table:
            while records := table.read(survey.options.chunk_rows):
                yield reading.take(records)


class _Parsed(dict[str, Value]):
    """Parses each of the values that stand in many rows once."""

    def __init__(self, parse: Callable[[str], Value]) -> None:
        super().__init__()
        self._parse = parse

    def __missing__(self, written: str) -> Value:
        value = self._parse(written)
        if len(self) < _MOST_PARSED:
            self[written] = value
        return value


class _FileReading:
    """One pass over one file: knows its columns, and the ids so far."""

    def __init__(self, file: FileSurvey, survey: Survey) -> None:
        options = survey.options
        self._file, self._scales, self._source = file, survey.scales, options.source
        self._identities = Identities(options.repeats)
        self._join = joiner(file.texts, file.header, file.nothing) if file.texts else None
        self._id_in = "" if file.preset is None else file.preset.id_in
        self._fill: Callable[[Sequence[str]], str] | None = None
        if options.text_template and file.source.form != "document":
            self._fill = compile_template(
                options.text_template, file.file, file.header, file.columns, join=self._join
            )
        columns = file.columns
        self._limits = (
            (TEXT_BYTES, columns.get("text", "")),
            (TEXT_BYTES, columns.get("title", "")),
            (NAME_BYTES, columns.get("product", "")),
            (NAME_BYTES, columns.get("author", "")),
            (NAME_BYTES, file.source_column),
            (ID_BYTES, columns.get("id", "")),
        )
        self._extra_names = [name for _, name in file.extra]
        self._extra_cells = _cells_at([place for place, _ in file.extra])
        self._private = PrivateRows(
            file.header,
            columns,
            file.source_column,
            [part.header for part in file.texts],
            options.mask,
            file.personal,
        )
        self._named = _Parsed(_name)
        self._timed = _Parsed(partial(parse_time, order=file.date_order, serials=file.serial_dates))
        self._rated = _Parsed(parse_rating)
        self._number = 0

    def take(self, records: Sequence[Record]) -> Chunk:
        """Turn the next records of the file into a chunk."""
        records, private = self._private.take(records)
        located: list[tuple[Location, Record]] = []
        outcomes: list[Review | Rejected | Literal["silent"] | None] = []
        for record in records:
            self._number += 1
            location = Location(self._file.file, record.line, self._number)
            if record.reason:
                column = self._file.header[record.field] if record.field >= 0 else ""
                outcomes.append(
                    Rejected(location, column, record.reason, record.detail, record.raw)
                )
            else:
                located.append((location, record))
        if self._file.export:
            located = [(location, _undone(record, self._file)) for location, record in located]
        outcomes.extend(self._outcome(row) for row in self._rows(located))
        reviews = tuple(outcome for outcome in outcomes if isinstance(outcome, Review))
        rejected = tuple(outcome for outcome in outcomes if isinstance(outcome, Rejected))
        silent = outcomes.count("silent")
        duplicates = len(records) - len(reviews) - len(rejected) - silent
        return Chunk(len(records), reviews, rejected, duplicates, silent, private)

    def _rows(self, located: Sequence[tuple[Location, Record]]) -> Iterator[_Row]:
        """Lay the records out in columns."""
        import pandas as pd

        if not located:
            return
        rows = [record.fields for _, record in located]
        frame = pd.DataFrame(rows, columns=list(self._file.header), dtype=object)

        def column(role: Role | None, name: str = "") -> list[str]:
            name = name or (self._file.columns.get(role, "") if role else "")
            return list(map(str.strip, frame[name].tolist())) if name else [""] * len(rows)

        times, ratings = column("time"), column("rating")
        yield from map(
            _Row,
            (location for location, _ in located),
            (record for _, record in located),
            self._originals(frame, rows),
            column("title"),
            map(self._named.__getitem__, column("product")),
            map(self._named.__getitem__, column("author")),
            [id_of(filled(value), self._id_in) for value in column("id")],
            column(None, self._file.source_column),
            times,
            map(self._timed.__getitem__, times),
            ratings,
            map(self._rated.__getitem__, ratings),
        )

    def _originals(self, frame: pd.DataFrame, rows: Sequence[Sequence[str]]) -> list[str]:
        """Return the texts as given; those of a table without any are what the template makes.

        A text in several columns is joined.
        """
        if self._join is not None:
            return [self._join(fields) for fields in rows]
        name = self._file.columns.get("text")
        if name is None and self._fill is not None:
            return [self._fill(fields) for fields in rows]
        texts: list[str] = frame[name].tolist()
        return texts

    def _outcome(self, row: _Row) -> Review | Rejected | Literal["silent"] | None:
        """Make a review of a row, or say why not; None for a duplicate."""
        source = (filled(row.source) if row.source else "") or self._source
        review_id = join_id(source, row.given_id) if row.given_id else ""
        if self._file.export:
            review_id = row.given_id
        extra = self._extra_of(row)
        if oversized := self._oversized(row, source, review_id, extra):
            return oversized
        identified = self._identified(row, source, review_id)
        if not isinstance(identified, str):
            return identified
        text = filled(clean_markup(row.original))
        title = filled(clean_markup(row.title)) if row.title else ""
        embedded = embed(title, text)
        if embedded and self._fill:
            embedded = self._fill(row.record.fields)
        if not embedded and row.rating is not None:
            return "silent"
        stars, scale = None, self._scales.get(source)
        if self._file.export:
            given = None if row.rating is None else row.rating.number
            stars = stars_of(given, row.record.fields[COLUMNS.index("rating")], scale)
        elif row.rating is not None and scale is not None:
            stars = to_stars(row.rating, scale)
        return Review(
            review_id=identified,
            text=text,
            original=row.original,
            embedded=embedded,
            location=row.location,
            title=row.title if title else "",
            product=row.product,
            author=row.author,
            source=source,
            rating=stars,
            rating_given=row.rating.number if row.rating is not None else None,
            time=row.time,
            extra=extra,
            raw=row.record.raw,
        )

    def _extra_of(self, row: _Row) -> dict[str, str]:
        """Return the columns that play no role, and what could not be read of those that do."""
        extra = dict(zip(self._extra_names, self._extra_cells(row.record.fields), strict=True))
        columns = self._file.columns
        if row.time is None and filled(row.written_time):
            extra[columns["time"]] = row.written_time
        if row.rating is None and filled(row.written_rating):
            extra[columns["rating"]] = row.written_rating
        return extra

    def _identified(self, row: _Row, source: str, review_id: str) -> str | Rejected | None:
        """Return the id of a row, or why it is not taken; None for a duplicate."""
        if not review_id:
            return self._identities.of_content(row.content(source))
        if not self._file.ids_repeat:
            return review_id
        column = self._file.columns["id"]
        if row.location.record in self._file.superseded:
            detail = "A later version with the same id stands in the file."
            return self._rejected(row, column, "older_version", detail)
        before = self._identities.of_given(review_id, row.record.fields)
        if before == "other":
            detail = f"The id {row.given_id!r} stands above it with other content."
            return self._rejected(row, column, "duplicate_id", detail)
        return None if before == "same" else review_id

    def _oversized(
        self, row: _Row, source: str, review_id: str, extra: Mapping[str, str]
    ) -> Rejected | None:
        longest = max(len(row.product), len(row.author), len(source), len(review_id))
        if 4 * longest <= ID_BYTES and 4 * len(row.record.raw) <= EXTRA_BYTES:
            return None  # nearly every row: no value in it can be too large
        values = (row.original, row.title, row.product, row.author, source, review_id)
        for value, (limit, column) in zip(values, self._limits, strict=True):
            if 4 * len(value) > limit and (size := len(value.encode())) > limit:
                detail = f"It has {size:,} bytes in UTF-8; at most {limit:,} can be stored."
                return self._rejected(row, column, "too_large", detail)
        size = sum(len(name.encode()) + len(value.encode()) for name, value in extra.items())
        if size <= EXTRA_BYTES:
            return None
        detail = (
            f"The columns that play no role have {size:,} bytes in UTF-8; "
            f"at most {EXTRA_BYTES:,} can be stored."
        )
        largest = max(extra, key=lambda name: len(extra[name]))
        return self._rejected(row, largest, "too_large", detail)

    @staticmethod
    def _rejected(row: _Row, column: str, reason: str, detail: str) -> Rejected:
        return Rejected(row.location, column, reason, detail, row.record.raw)


def _undone(record: Record, file: FileSurvey) -> Record:
    """Take away the apostrophes that an export in CSV has before what a spreadsheet would run."""
    if file.form.dialect.delimiter:
        record.fields = list(map(armed, record.fields))
    return record


@dataclass(slots=True)
class _Row:
    """A record with its fields in their roles: as written, stripped, and parsed."""

    location: Location
    record: Record
    original: str
    title: str
    product: str
    author: str
    given_id: str
    source: str
    written_time: str
    time: int | None
    written_rating: str
    rating: Rating | None

    def content(self, source: str) -> tuple[str, ...]:
        """What makes it another review than its neighbours, where no id tells."""
        time = self.written_time if self.time is None else str(self.time)
        rating = self.written_rating if self.rating is None else repr(self.rating.number)
        return (source, self.product, self.author, time, rating, self.title, self.original)


def _cells_at(places: Sequence[int]) -> Callable[[Sequence[str]], Sequence[str]]:
    """Return what takes the cells at some places of a row."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda fields: [fields[place] for place in places]


def _name(written: str) -> str:
    """Return a name with its entities read; empty where it stands for none."""
    return filled(resolve_entities(written)) if written else ""
