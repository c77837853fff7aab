"""Results to stdout as table, json, jsonl or csv, or to a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import click

from reviewlens.files.outputs import check_file, written_text
from reviewlens.results.tables import CsvTable, cell, flat_rows


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


def print_table(rows: Sequence[Any]) -> None:
    """Print rows, a line each where there is room, their figures in columns."""
    from rich.console import Console
    from rich.table import Table

    header, cells = flat_rows(rows, type(rows[0]) if rows else None)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in header:
        table.add_column(name.replace("_", " "))
    for row in cells:
        table.add_row(*(_shown(value) for value in row))
    Console(width=terminal_width()).print(table)


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
    lines = wrapped(text, terminal_width() - indent)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rpartition(" ")[0] + "…"]
    for line in lines:
        click.echo(" " * indent + click.style(line, fg=fg, bold=bold or None))


def print_numbered(number: int, text: str, *, fg: str | None = None, bold: bool = False) -> None:
    """Print the head of an entry of a list: the first line behind its number, others below it."""
    for place, line in enumerate(wrapped(text, terminal_width() - 5)):
        before = " " * 5 if place else f"{number:>3}  "
        click.echo(before + click.style(line, fg=fg, bold=bold or None))


def print_record(result: Any, format_: str, title: str) -> None:  # noqa: ANN401 - a result
    """Print a result that is one record, in any format."""
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
    click.echo(title)
    shown = {key: _shown(value) for key, value in pairs.items()}
    shown = {key: text for key, text in shown.items() if text}
    room = terminal_width() - 4
    # A label such as a long path has a line of its own.
    width = max((len(key) for key in shown if len(key) <= room // 2), default=0)
    for key, text in shown.items():
        lines = wrapped(text, room - width) or [""]
        if len(key) <= width:
            click.echo(f"  {key:<{width}}  {lines.pop(0)}")
        else:
            click.echo(f"  {key}")
        for line in lines:
            click.echo(f"  {'':<{width}}  {line}")


def wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a text for a terminal, in which a Chinese character takes two columns."""
    from rich.console import Console
    from rich.text import Text

    lines = Text(" ".join(text.split())).wrap(Console(width=width), width)
    return [shown for line in lines if (shown := line.plain.rstrip())]


def terminal_width() -> int:
    """Return the columns to fill: the terminal's, at most 100; 80 where there is none."""
    import shutil

    return min(100, shutil.get_terminal_size((80, 24)).columns)


def _plain(value: Any) -> Any:  # noqa: ANN401
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value


def _shown(value: Any) -> str:  # noqa: ANN401
    if value is None or value == "" or value == () or value == {}:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key or '(none)'}: {_shown(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_shown(item) for item in value)
    return str(value)
