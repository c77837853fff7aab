"""Results to stdout as table, json, jsonl or csv, or to a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from reviewlens.document import Part, terminal
from reviewlens.errors import InputError
from reviewlens.files.outputs import check_file, written_text
from reviewlens.results import as_json
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
        header, cells = flat_rows(rows, row_kind(type(result)))
        CsvTable(sys.stdout, header).write(cells)


def print_answers(
    answers: Sequence[Mapping[str, Any]],
    format_: str,
    rows: str,
    columns: Iterable[str],
    *,
    single: bool = False,
) -> None:
    """Print the answers to several questions as json, jsonl, or their rows as csv.

    Args:
        answers: As mappings.
        format_: Any but `table`.
        rows: Which of their fields holds the rows; in CSV their collection and their query stand
            before each, and alone in a line for a question that has none, unless it is alone.
        columns: Of the rows, as there may be none.
        single: Whether there is one alone, which is printed as itself.
    """
    if format_ == "json":
        print_json(answers[0] if single else answers)
    elif format_ == "jsonl":
        print_json_lines(answers)
    else:
        columns = list(columns)
        asked = [name for name in ("collection", "query") if all(name in one for one in answers)]
        print_csv(
            [
                {**{name: one[name] for name in asked}, **row}
                for one in answers
                for row in one[rows] or ([] if single else [dict.fromkeys(columns)])
            ],
            header=[*asked, *columns],
        )


def print_document(document: Iterable[Part], *, err: bool = False) -> None:
    """Print a document as wide as the terminal is, to stderr where it is no answer."""
    text = terminal(document, terminal_width())
    if text:
        click.echo(text, err=err)


def confirm(question: str) -> None:
    """Ask whether to go on with what cannot be undone, and end if not.

    Raises:
        InputError: Nobody is there to answer.
    """
    if not sys.stdin.isatty():
        raise InputError(f"{question} There is no one to answer: add --yes to do so")
    click.confirm(question, abort=True, err=True)


def write_assignments(
    file: str, called: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Write what each review was given to a CSV file.

    Raises:
        InputError: The file cannot be written.
    """
    with written_text(file, called=called) as stream:
        CsvTable(stream, header).write(rows)


def terminal_width() -> int:
    """Return the columns to fill: the terminal's, at most 200; 80 where there is none."""
    import shutil

    return min(200, shutil.get_terminal_size((80, 24)).columns)


def _plain(value: Any) -> Any:  # noqa: ANN401
    return as_json(value) if hasattr(value, "__dataclass_fields__") else value
