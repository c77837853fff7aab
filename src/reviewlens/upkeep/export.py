"""Taking reviews away: to a file, or for good."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, Literal, TextIO

from reviewlens.document import agreed
from reviewlens.errors import InputError, MissingExtra
from reviewlens.files.outputs import EXPORT_FORMATS, standard_output, written, written_text
from reviewlens.files.trouble import cannot_write
from reviewlens.ingest.masking import kept_bytes
from reviewlens.questions import Face
from reviewlens.reading.exports import COLUMNS, exported_name
from reviewlens.results import DeleteReport, ExportReport, OnProgress, iso_time
from reviewlens.results.tables import CsvTable, XlsxTable, cell
from reviewlens.session import Lease
from reviewlens.store import (
    Companion,
    Filters,
    ReviewStore,
    StoredPassage,
    ThemeSets,
    Versions,
)
from reviewlens.store.conditions import holds_extra
from reviewlens.store.review_store import HEADS
from reviewlens.upkeep.statements import STATEMENT_COLUMNS, statement_rows
from reviewlens.vectors import pooled

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_FIELDS = ("passage", "original", "extra", *(name for name in COLUMNS if name != "text"))

_Rows = Sequence[Mapping[str, Any]]


def frame(lease: Lease) -> pd.DataFrame:
    """Return the reviews as a pandas table, one row each, ordered by id.

    Its columns are those of an export, dates as `datetime64[ns, UTC]`, and `ingest` reads it back
    as one.
    """
    import pandas as pd

    header, pages = _review_rows(lease.store, lease.filters)
    table = pd.DataFrame([row for rows, _ in pages for row in rows], columns=list(header))
    dates = pd.to_datetime(table["time"], utc=True, format="ISO8601")
    return table.assign(time=dates.astype("datetime64[ns, UTC]"))


def _review_rows(
    store: ReviewStore, filters: Filters, *, vectors: bool | Literal["columns"] = False
) -> tuple[tuple[str, ...], Iterator[tuple[list[dict[str, Any]], int]]]:
    """Return the header of an export, and its rows page by page, each with how many reviews.

    Args:
        store: Where the reviews are.
        filters: Which reviews.
        vectors: As for `export`: the mean of the passages' vectors at unit length.
    """
    added = []
    if vectors:
        numbers = range(store.pin.dimension)
        added = [f"embedding_{n}" for n in numbers] if vectors == "columns" else ["embedding"]
    names = {column: exported_name(column) for column in _kept_columns(store, filters)}

    def pages() -> Iterator[tuple[list[dict[str, Any]], int]]:
        for page in store.scan(_FIELDS, filters):
            rows = [_row(stored, names) for stored in page]
            if vectors:
                for row, vector in zip(rows, _review_vectors(store, page), strict=True):
                    values = vector.tolist()
                    row.update(
                        zip(added, values if vectors == "columns" else [values], strict=True)
                    )
            yield rows, len(rows)

    return (*COLUMNS, *names.values(), *added), pages()


def _format(file: str, format_: str | None) -> str:
    chosen = format_ or ("csv" if file == "-" else Path(file).suffix.lstrip(".").lower())
    if chosen not in EXPORT_FORMATS:
        raise InputError(
            f"the file {file!r} does not tell its format; wanted an ending of "
            f"{', '.join('.' + name for name in EXPORT_FORMATS)}, or -f csv or jsonl"
        )
    if file == "-" and chosen in ("parquet", "xlsx"):
        raise InputError(f"{chosen} cannot go to standard output; give a file, or -f csv or jsonl")
    return chosen


def _kept_columns(store: ReviewStore, filters: Filters) -> list[str]:
    """Return the columns that are kept beside the fields.

    Of the columns of dates and of ratings that is what could not be read, where there is any.
    """
    columns = store.columns
    fields = {name: {field} for name, field in columns.mapped.items()}
    fields |= {name: set(several) for name, several in columns.disputed.items()}
    unread = [
        name
        for name, roles in fields.items()
        if roles & {"time", "rating_given"} and name not in columns.extra
        if store.count(filters, base=f"{HEADS} and {holds_extra(name)}")
    ]
    return [*columns.extra, *unread]


def _row(stored: StoredPassage, names: Mapping[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        name: getattr(stored, name) for name in COLUMNS if name not in ("text", "time")
    }
    row["text"] = stored.original
    row["time"] = iso_time(stored.time)
    for column, name in names.items():
        row[name] = stored.extra.get(column, "")
    return row


def _review_vectors(store: ReviewStore, page: Sequence[StoredPassage]) -> list[NDArray[np.float32]]:
    keys = store.passages_of([stored.review_id for stored in page])
    found = store.get([key for group in keys.values() for key in group], ("vector",))
    return [
        pooled(
            [
                vector
                for key in keys[stored.review_id]
                if key in found and (vector := found[key].vector) is not None
            ]
        )
        for stored in page
    ]


@contextmanager
def _opened(
    file: str, format_: str, header: Sequence[str], *, excel: bool
) -> Iterator[Callable[[_Rows], None]]:
    """Give what writes rows; a file appears under its name only when it is whole."""
    if file == "-":
        with standard_output() as stream:
            yield _text_writer(stream, format_, header)
    elif format_ in ("csv", "jsonl"):
        encoding = "utf-8-sig" if excel and format_ == "csv" else "utf-8"
        with written_text(file, encoding=encoding) as stream:
            yield _text_writer(stream, format_, header)
    else:
        with written(file) as target:
            writer = (_ParquetWriter if format_ == "parquet" else _XlsxWriter)(target, header)
            try:
                yield writer.write
                writer.finish()
            except BaseException:
                writer.abandon()
                raise


def _text_writer(stream: TextIO, format_: str, header: Sequence[str]) -> Callable[[_Rows], None]:
    if format_ == "csv":
        table = CsvTable(stream, header)
        return lambda rows: table.write(_cells(rows, header))

    def write(rows: _Rows) -> None:
        for row in rows:
            ordered = {name: row[name] for name in header}
            stream.write(json.dumps(ordered, ensure_ascii=False) + "\n")

    return write


class _XlsxWriter:
    def __init__(self, target: IO[bytes], header: Sequence[str]) -> None:
        with _temporary_files():
            self._table = XlsxTable(target, header)
        self._header = header

    def write(self, rows: _Rows) -> None:
        with _temporary_files():
            self._table.write(_cells(rows, self._header))

    def finish(self) -> None:
        with _temporary_files():
            self._table.finish()

    def abandon(self) -> None:
        self._table.abandon()


class _ParquetWriter:
    def __init__(self, target: IO[bytes], header: Sequence[str]) -> None:
        try:
            import pyarrow as arrow
            import pyarrow.parquet as parquet
        except ImportError as error:
            raise MissingExtra("pyarrow", "parquet", "writing Parquet") from error
        types = {
            "rating": arrow.float64(),
            "rating_given": arrow.float64(),
            "cluster": arrow.int64(),
            "cluster_confidence": arrow.float64(),
            "statement": arrow.int64(),
            "sentiment": arrow.float64(),
            "embedding": arrow.list_(arrow.float32()),
        }
        types.update(
            (name, arrow.float32()) for name in header if re.fullmatch(r"embedding_\d+", name)
        )
        self._schema = arrow.schema([(name, types.get(name, arrow.string())) for name in header])
        self._arrow = arrow
        self._writer = parquet.ParquetWriter(target, self._schema)

    def write(self, rows: _Rows) -> None:
        self._writer.write_table(self._arrow.Table.from_pylist(list(rows), schema=self._schema))

    def finish(self) -> None:
        self._writer.close()

    def abandon(self) -> None:
        self._writer.is_open = False  # else it would write when it is collected


def _cells(rows: _Rows, header: Sequence[str]) -> Iterator[list[Any]]:
    return ([cell(row[name]) for name in header] for row in rows)


@contextmanager
def _temporary_files() -> Iterator[None]:
    """Tell of trouble with the files that a workbook's rows are kept in until it is written."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise cannot_write("the rows of the workbook cannot be kept", error) from error


def export(
    lease: Lease,
    file: Annotated[str | Path, Face(flag="FILE")],
    *,
    vectors: Annotated[bool | Literal["columns"], Face(hidden=True)] = False,
    statements: bool = False,
    excel: bool = False,
    format: Annotated[str | None, Face(hidden=True)] = None,
    on_progress: OnProgress | None = None,
) -> ExportReport:
    """Write reviews to a file, one row each, ordered by id.

    Args:
        file: Its ending decides: .csv, .jsonl, .parquet, .xlsx; `-` is standard output.
        vectors: Add the column `embedding`, one vector a review; `columns` for its numbers
            in columns of their own, `embedding_0` and so on.
        statements: Write one row a statement instead, with its sentiment, -1 to 1.
        excel: Start a CSV with a byte order mark, so that a spreadsheet reads it as UTF-8.
        format: `csv`, `jsonl`, `parquet` or `xlsx` where the ending does not tell.
        on_progress: Told the reviews written.

    Raises:
        InputError: The format is unknown, or the file cannot be written.
        MissingExtra: The format needs a package that is not installed.
        Unsupported: Statements are wanted of a collection that keeps none.
    """
    store, filters, path = lease.store, lease.filters, str(file)
    if statements and vectors:
        raise InputError("a row a statement has no vectors: give vectors or statements")
    chosen = _format(path, format)
    if statements:
        header, pages = STATEMENT_COLUMNS, statement_rows(store, filters)
    else:
        header, pages = _review_rows(store, filters, vectors=vectors)
    done, total = 0, 0 if on_progress is None else store.count(filters)
    with _opened(path, chosen, header, excel=excel) as write:
        for rows, reviews in pages:
            write(rows)
            done += reviews
            if on_progress is not None:
                on_progress("writing", done, total)
    return ExportReport(done, path, chosen, header)


def delete(lease: Lease, *, everything: bool) -> DeleteReport:
    """Delete the reviews of a lease, or the whole collection with all that belongs to it.

    Where it is interrupted, do it again.

    Raises:
        InputError: Nothing says what to delete, or both are given.
    """
    store, chosen = lease.store, lease.filters
    if everything == bool(chosen):
        raise InputError(
            "nothing says what to delete: give ids, a filter, or everything"
            if not everything
            else "everything is to be deleted, and yet ids or a filter are given: give one"
        )
    if everything:
        report = DeleteReport(store.count(), store.count(base=""), collection_dropped=True)
        ThemeSets(store).drop_all()
        Companion(store).drop()
        Versions(store).sweep()
        store.drop()
        return report
    heads = store.passage_ids(chosen, base=HEADS)
    keys = store.passages_of([head.rpartition("#")[0] for head in heads])
    passages = [key for group in keys.values() for key in group]
    store.delete(passages)
    if heads:
        store.settle()
    gone = f"{agreed(len(heads), 'is', 'are')} deleted"
    notes = kept_bytes(store, len(heads), gone) if heads else ()
    return DeleteReport(len(heads), len(passages), collection_dropped=False, notes=tuple(notes))
