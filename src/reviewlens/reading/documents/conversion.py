"""Which inputs are workbooks or documents, and their records spooled to disk for all passes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from reviewlens.errors import InputError, MissingExtra, UnreadableFile
from reviewlens.files.temporary import TemporaryFile
from reviewlens.reading.children import Conversion, Kind, OnProgress, convert
from reviewlens.reading.columns import find_text_column
from reviewlens.reading.files import About, Input, foreign_text, open_bytes, state_of, stranger
from reviewlens.reading.limits import ConversionLimits
from reviewlens.reading.objects import looks_like_json
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.pages import looks_like_page
from reviewlens.reading.tables import decide_form, encoding_of, open_table

_ENDINGS: dict[str, Kind] = {
    ".md": "markdown", ".markdown": "markdown", ".txt": "text", ".pdf": "pdf"
}  # fmt: skip
_TABLES: tuple[Kind, ...] = ("sheet", "page", "json", "parquet")
_TABLE_ROWS = 0.9
_START_BYTES = 65_536


def spooled(
    source: Input,
    options: ReadOptions,
    *,
    most: int | None = None,
    seconds: float | None = None,
    on_progress: OnProgress | None = None,
) -> Input:
    """Return a workbook or document with its records spooled to disk; any other input as it is.

    A PDF and Markdown are documents. So is a text file (.txt), unless it is a table: one whose
    first line names a column as the text of reviews is called.

    Args:
        source: The input.
        options: What the user says about it.
        most: Records after which to stop; None for all.
        seconds: How long it may take.
        on_progress: Told how far it is; stops it by raising.

    Raises:
        UnreadableFile: It cannot be read, holds no text, or is beyond the limits.
        MissingExtra: A PDF needs the package `pypdf`.
    """
    kind = _kind(source, options)
    if not kind:
        return source
    _refuse(source, kind, options.conversion_limits)
    encoding, decided = {
        "sheet": (_sheet_encoding(source), "workbook"),
        "pdf": ("pdf", "its first bytes"),
        "parquet": ("parquet", "its first bytes"),
    }.get(kind, ("", ""))
    guessed = False
    if not encoding:
        text = encoding_of(source, options)
        encoding, decided, guessed = text.name, text.decided, text.guessed
    copy = TemporaryFile()
    try:
        notes = convert(
            Conversion(
                kind=kind,
                path=str(source.path),
                name=source.name,
                target=str(copy.path),
                sheet=options.sheet,
                texts=_texts(options),
                form=source.form if source.form in ("gzip", "zip") else "plain",
                limits=options.conversion_limits,
                encoding=encoding,
                most=most,
            ),
            on_progress=on_progress,
            seconds=seconds,
        )
        state = state_of(copy.path)
    except BaseException:
        copy.close()
        raise
    source.close()
    return replace(
        source,
        path=copy.path,
        form="rows" if kind in _TABLES else "document",
        state=state,
        about=About(encoding, decided, tuple(notes), guessed),
        copy=copy,
    )


def _texts(options: ReadOptions) -> Sequence[str] | None:
    """Return the columns of the text as the user names them; None where none is looked for."""
    if options.text_template or options.names is not None:
        return None
    given = options.columns.get("text", "")
    return tuple(filter(None, [given])) if isinstance(given, str) else tuple(given)


def refuse_same_names(sources: Iterable[Input]) -> None:
    """Stop where two documents would be given the same ids.

    Raises:
        InputError: They are called the same.
    """
    seen: dict[str, str] = {}
    for source in sources:
        if source.form == "document":
            before = seen.setdefault(Path(source.name).name, source.name)
            if before != source.name:
                raise InputError(
                    f"{before} and {source.name} are documents of the same name, which is a part "
                    "of their ids; ingest each with a --source of its own."
                )


def _kind(source: Input, options: ReadOptions) -> Kind | None:
    if source.form in ("pdf", "sheet", "parquet"):
        return source.form
    if source.form in ("plain", "gzip", "zip") and (kind := _kind_of_text(source, options)):
        return kind
    kind = _ENDINGS.get(Path(source.name).suffix.lower())
    if source.form != "plain" or kind == "pdf":
        return None
    return None if kind == "text" and _is_table(source, options) else kind


def _kind_of_text(source: Input, options: ReadOptions) -> Kind | None:
    """Tell JSON, and a table that is a page or XML of a spreadsheet, by how they begin.

    Raises:
        UnreadableFile: It is another notation, which holds no table.
    """
    if options.delimiter is not None:
        return None
    try:
        encoding = encoding_of(source, options)
    except (InputError, UnreadableFile):
        return None  # which is told where it is read
    with open_bytes(source) as stream:
        start = stream.read(_START_BYTES).decode(encoding.name, errors="replace")
    if looks_like_json(start):
        return "json"
    if looks_like_page(start):
        return "page"
    if Path(source.name).suffix.lower() not in _ENDINGS and (kind := foreign_text(start)):
        raise stranger(source.name, kind)
    return None


def _sheet_encoding(source: Input) -> str:
    suffix = Path(source.name).suffix.lower().lstrip(".")
    return suffix if suffix in ("xls", "xlsb", "xlsm", "ods") else "xlsx"


def _is_table(source: Input, options: ReadOptions) -> bool:
    if options.delimiter or options.columns.get("text") or options.names is not None:
        return True
    form = decide_form(source, options)
    with ExitStack() as stack:
        try:
            table = stack.enter_context(open_table(source, form))
        except UnreadableFile:  # no header stands there: prose may begin with a quotation
            return False
        if find_text_column(table.header) is None:
            return False
        records = table.read(100)
        fitting = sum(not record.reason for record in records)
        if len(table.header) > 1:
            return fitting >= _TABLE_ROWS * len(records)
        # Below a heading such as `Comments` there mostly is an empty line.
        return not records or records[0].line == 2


def _refuse(source: Input, kind: Kind, limits: ConversionLimits) -> None:
    """Stop before a process is started for what cannot be read."""
    if kind == "parquet" and find_spec("pyarrow") is None:
        raise MissingExtra("pyarrow", "parquet", f"Reading {source.name}")
    if kind in _TABLES:
        return
    if kind == "pdf" and find_spec("pypdf") is None:
        raise MissingExtra("pypdf", "pdf", f"Reading {source.name}")
    most = limits.pdf_bytes if kind == "pdf" else limits.text_bytes
    size = source.path.stat().st_size
    if size > most:
        raise UnreadableFile(
            f"{source.name} has {size / 1e6:,.0f} MB; at most {most // 10**6} MB of a document "
            "are read: split it."
        )
