"""Results to stdout as table, json, jsonl or csv, or to a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import click

from reviewlens.document import Facts, Part, terminal, wrapped
from reviewlens.files.outputs import check_file, written_text
from reviewlens.results.tables import CsvTable, cell, flat_rows, row_kind


class OutputFile(click.ParamType[str]):
    """A file that is written when the work is done, and refused before it where it cannot be.

    Args:
        called: What it holds, in the words of errors.
        endings: Those that it may have; none where any will do.
    """

    name = "file"

    def __init__(self, called: str, endings: Sequence[str] = ()) -> None:
        self._called = called
        self._endings = endings

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Return the name as it is given.

        Raises:
            InputError: It cannot be written.
        """
        check_file(value, self._endings, called=self._called)
        return str(value)


def print_json(value: Any) -> None:  # noqa: ANN401 - a result
    """Print a result, or a list of them, as indented JSON."""
    click.echo(json.dumps(_plain(value), ensure_ascii=False, indent=2))


def print_json_lines(values: Sequence[Any]) -> None:
    """Print results as JSON, one a line."""
    for value in values:
        click.echo(json.dumps(_plain(value), ensure_ascii=False))


def print_csv(rows: Sequence[Mapping[str, Any]], header: Sequence[str] = ()) -> None:
    """Print rows as CSV; a value that is not plain is written as JSON.

    Args:
        rows: All with the same keys.
        header: The keys, needed only where there may be no row.
    """
    names = list(rows[0]) if rows else list(header)
    CsvTable(sys.stdout, names).write([cell(row[name]) for name in names] for row in rows)


def print_result(result: Any, format_: str, **told: Any) -> None:  # noqa: ANN401
    """Print a result in any format.

    As a table it is its document; as json all of it; as jsonl and csv its rows, a line each, or the
    result itself where it is one record.

    Args:
        result: What a question answered.
        format_: One of `FORMATS`.
        **told: What its document takes.
    """
    rows = result._rows() if hasattr(result, "_rows") else None
    if format_ == "table":
        print_document(result.document(**told))
    elif format_ == "json":
        print_json(result)
    elif format_ == "jsonl":
        print_json_lines([result] if rows is None else rows)
    elif rows is None:
        print_csv([_plain(result)])
    else:
        header, cells = flat_rows(rows, row_kind(result))
        CsvTable(sys.stdout, header).write(cells)


def print_rows(
    result: Any,  # noqa: ANN401 - a result
    rows: Sequence[Any],
    format_: str,
    *,
    flat: Callable[[Any], Mapping[str, Any]] | None = None,
    header: Sequence[str] = (),
) -> None:
    """Print a result of rows as json (all of it), jsonl or csv (its rows).

    Args:
        result: Whole.
        rows: What it has one a line of.
        format_: Any but `table`.
        flat: The columns of a row; its fields without.
        header: The columns, needed only where there may be no row.
    """
    if format_ == "json":
        print_json(result)
    elif format_ == "jsonl":
        print_json_lines(rows)
    else:
        print_csv([(flat or _plain)(row) for row in rows], header)


def print_document(document: Iterable[Part]) -> None:
    """Print a document as wide as the terminal is."""
    text = terminal(document, terminal_width())
    if text:
        click.echo(text)


def spread_names(names: Iterable[str], estimates: Collection[str]) -> list[str]:
    """Return the names of the columns that `spread_estimates` makes."""
    ends = ("", "_low", "_high")
    return [name + end for name in names for end in (ends if name in estimates else ends[:1])]


def spread_estimates(record: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return a record whose estimates, by name, have a column for each of their figures."""
    spread: dict[str, Any] = {}
    for name, value in record.items():
        if name in names:
            figures = value or {"value": None, "low": None, "high": None}
            spread[name] = figures["value"]
            spread |= {f"{name}_{end}": figures[end] for end in ("low", "high")}
        else:
            spread[name] = value
    return spread


def write_assignments(
    file: str, called: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Write what each review was given to a CSV file.

    Raises:
        InputError: The file cannot be written.
    """
    with written_text(file, called=called) as stream:
        CsvTable(stream, header).write(rows)


def print_indented(
    text: str, indent: int = 5, *, most: int = 20, fg: str | None = None, bold: bool = False
) -> None:
    """Print a text on at most so many lines, each behind an indent of so many columns."""
    for line in wrapped(text, terminal_width() - indent, most):
        click.echo(" " * indent + click.style(line, fg=fg, bold=bold or None))


def print_numbered(number: int, text: str, *, fg: str | None = None, bold: bool = False) -> None:
    """Print the head of an entry of a list: the first line behind its number, others below it."""
    for place, line in enumerate(wrapped(text, terminal_width() - 5)):
        before = " " * 5 if place else f"{number:>3}  "
        click.echo(before + click.style(line, fg=fg, bold=bold or None))


def print_record(result: Any, format_: str, title: str) -> None:  # noqa: ANN401 - a result
    """Print a result that is one record, in any format; as a table under a title."""
    if format_ == "json":
        print_json(result)
    elif format_ == "jsonl":
        print_json_lines([result])
    elif format_ == "csv":
        print_csv([_plain(result)])
    else:
        record = _plain(result)
        print_pairs(title, {key.replace("_", " "): value for key, value in record.items()})


def print_pairs(title: str, pairs: Mapping[str, Any]) -> None:
    """Print figures under a title, one a line; what is empty is left out."""
    print_document([Facts(title, pairs)])


def terminal_width() -> int:
    """Return the columns to fill: the terminal's, at most 200; 80 where there is none."""
    import shutil

    return min(200, shutil.get_terminal_size((80, 24)).columns)


def _plain(value: Any) -> Any:  # noqa: ANN401
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value
