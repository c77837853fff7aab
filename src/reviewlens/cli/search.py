"""`search` and `similar`: reviews nearest in meaning."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from reviewlens.cli.figures import stars
from reviewlens.cli.options import filter_arguments, filter_options, format_option
from reviewlens.cli.output import (
    Messages,
    print_csv,
    print_json,
    print_json_lines,
    print_numbered,
    terminal_width,
    wrapped,
)
from reviewlens.errors import InputError
from reviewlens.results import Match, Matches
from reviewlens.settings import Settings

_count = click.option(
    "-n", "n", type=click.IntRange(1), default=10, show_default=True, help="Reviews at most."
)
_floor = click.option(
    "--min-similarity", type=float, metavar="X", help="Smallest cosine similarity, -1 to 1."
)


@click.command()
@click.argument("text", required=False)
@click.option("--queries", metavar="FILE", help="Many queries, one a line; - for stdin.")
@_count
@_floor
@click.option("--explain", is_flag=True, help="The sentence that matched best, in any format.")
@filter_options
@format_option
@click.pass_obj
def search(
    settings: Settings,
    /,
    text: str | None,
    queries: str | None,
    n: int,
    min_similarity: float | None,
    explain: bool,  # noqa: FBT001 - click passes options by name
    format_: str,
    **options: Any,  # noqa: ANN401 - the filters
) -> None:
    """Find the reviews that say what TEXT says, whatever words they use."""
    if (text is None) == (queries is None):
        raise click.UsageError("give either TEXT or --queries FILE")
    texts = [text] if text is not None else _read_queries(str(queries))
    with settings.open() as corpus:
        answers = corpus.search_many(
            texts,
            n,
            min_similarity=min_similarity,
            explain=explain or format_ == "table",
            **filter_arguments(options),
        )
    _print_answers(answers, format_, single=text is not None)


@click.command()
@click.argument("review_id")
@_count
@_floor
@filter_options
@format_option
@click.pass_obj
def similar(
    settings: Settings,
    /,
    review_id: str,
    n: int,
    min_similarity: float | None,
    format_: str,
    **options: Any,  # noqa: ANN401 - the filters
) -> None:
    """Find the reviews most like the review REVIEW_ID, itself left out."""
    with settings.open() as corpus:
        answer = corpus.similar(
            review_id, n, min_similarity=min_similarity, **filter_arguments(options)
        )
    _print_answers([answer], format_, single=True)


def _read_queries(file: str) -> list[str]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"the queries cannot be read from {file}: {error}; wanted UTF-8 text, one query a line"
        ) from error
    queries = [line.strip() for line in text.splitlines() if line.strip()]
    if not queries:
        raise InputError(f"there is no query in {file}; wanted one a line")
    return queries


def _print_answers(answers: Sequence[Matches], format_: str, *, single: bool) -> None:
    for note in answers[0].notes:
        Messages.current.note(note)
    if format_ == "json":
        print_json(answers[0]) if single else print_json([_plain(answer) for answer in answers])
    elif format_ == "jsonl":
        print_json_lines(answers)
    elif format_ == "csv":
        print_csv(
            [
                {"query": answer.query, **_plain(match)}
                for answer in answers
                for match in answer.matches
            ],
            header=["query", *Match.__dataclass_fields__],
        )
    else:
        for answer in answers:
            _print_table(answer, heading=not single)


def _plain(result: Any) -> dict[str, Any]:  # noqa: ANN401 - a result
    from dataclasses import asdict

    return asdict(result)


def _print_table(answer: Matches, *, heading: bool) -> None:
    if heading:
        click.echo(click.style(answer.query, bold=True))
    if not answer.answered:
        floor = "" if answer.floor is None else f" with a similarity of {answer.floor:g} or more"
        click.echo(f"No review found{floor}.")
    for number, match in enumerate(answer.matches, start=1):
        _print_match(number, match)
    if heading:
        click.echo()


def _print_match(number: int, match: Match) -> None:
    when = (match.time or "undated")[:10]
    facts = [f"{match.similarity:.2f}", stars(match.rating), when, match.product, match.review_id]
    print_numbered(number, " · ".join(fact for fact in facts if fact), fg="cyan")
    width = terminal_width() - 5
    if match.title:
        for part in wrapped(match.title, width)[:2]:
            click.echo(" " * 5 + click.style(part, bold=True))
    for part in wrapped(match.sentence or match.text, width)[:4]:
        click.echo(" " * 5 + part)
