"""`search` and `similar`: reviews nearest in meaning."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reviewlens.cli.compared_search import compare_collections
from reviewlens.cli.counted_search import count_queries
from reviewlens.cli.messages import Messages
from reviewlens.cli.output import (
    print_csv,
    print_json,
    print_json_lines,
    print_numbered,
    terminal_width,
)
from reviewlens.cli.questions import Asking, question
from reviewlens.document import wrapped
from reviewlens.errors import InputError
from reviewlens.ground.phrases import stars
from reviewlens.reading.markup import clean_markup
from reviewlens.results import NO_FLOOR, Match, Matches
from reviewlens.search.questions import search as search_question
from reviewlens.search.questions import similar as similar_question

if TYPE_CHECKING:
    pass


@question(search_question, leave=("query",))
@click.argument("text", required=False)
@click.option("--queries", metavar="FILE", help="Many queries, one a line; - for stdin.")
@click.option(
    "--compare",
    metavar="NAME,…",
    help="Answers of other collections beside those of --collection, such as of another encoder.",
)
@click.option(
    "--count",
    is_flag=True,
    help="How many reviews say TEXT, with stars, by month and by product, not which.",
)
def search(
    asking: Asking, /, *, text: str | None, queries: str | None, compare: str | None, count: bool
) -> None:
    """Find the reviews that say what TEXT says, whatever words they use."""
    given = asking.arguments
    format_ = asking.format
    if (text is None) == (queries is None):
        raise click.UsageError("give either TEXT or --queries FILE")
    texts = [text] if text is not None else _read_queries(str(queries))
    if count:
        if given["mode"] is not None or given["polarity"] is not None or compare is not None:
            raise click.UsageError(
                "--count counts by meaning, without --mode, --polarity, --compare"
            )
        count_queries(asking, texts)
        return
    if compare is not None:
        compare_collections(asking, compare, texts)
        return
    given["queries"] = texts
    given["explain"] = given["explain"] or format_ == "table"
    answers = asking.answer(lambda selection: selection.search_many)
    _print_answers(answers, format_, single=text is not None)


@question(similar_question)
def similar(asking: Asking, /) -> None:
    """Find the reviews most like the review REVIEW_ID, itself left out."""
    _print_answers([asking.answer()], asking.format, single=True)


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
    for note in dict.fromkeys(note for answer in answers for note in answer.notes):
        # That a collection is small is no trouble: it stands with the answer itself.
        if not note.startswith(NO_FLOOR):
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
        for note in dict.fromkeys(note for answer in answers for note in answer.notes):
            if note.startswith(NO_FLOOR):
                for line in wrapped(note, terminal_width()):
                    click.echo(click.style(line, dim=True))


def _plain(result: Any) -> dict[str, Any]:  # noqa: ANN401 - a result
    from dataclasses import asdict

    return asdict(result)


def _print_table(answer: Matches, *, heading: bool) -> None:
    if heading:
        click.echo(click.style(answer.query, bold=True))
    if not answer.answered:
        for line in _refusal(answer):
            click.echo(line)
    for number, match in enumerate(answer.matches, start=1):
        _print_match(number, match)
    if heading:
        click.echo()


def _refusal(answer: Matches) -> list[str]:
    """Return that nothing was found, and how to see what is nearest all the same."""
    if answer.nearest is None:
        return ["No review found."]
    if answer.calibration is None:
        return [f"No review found with a similarity of {answer.floor:g} or more."]
    text = (
        f"The nearest has a similarity of {answer.nearest:.2f}; --min-similarity -1 shows it and "
        "all others."
    )
    return ["No review says this.", *wrapped(text, terminal_width())]


def _print_match(number: int, match: Match) -> None:
    when = (match.time or "undated")[:10]
    words = "" if match.keyword_score is None else f"words {match.keyword_score:.1f}"
    facts = [
        f"{match.similarity:.2f}",
        match.strength or "",
        words,
        stars(match.rating),
        when,
        match.product,
        match.review_id,
    ]
    print_numbered(number, " · ".join(fact for fact in facts if fact), fg="cyan")
    width = terminal_width() - 5
    if match.title:
        for part in wrapped(clean_markup(match.title), width)[:2]:
            click.echo(" " * 5 + click.style(part, bold=True))
    for part in wrapped(match.sentence or clean_markup(match.text), width)[:4]:
        click.echo(" " * 5 + _highlighted(part, match.words))


def _highlighted(line: str, words: Sequence[str]) -> str:
    """Return a line with the words that made the match in bold, where it is a terminal's."""
    if not words or not sys.stdout.isatty():
        return line
    longest_first = sorted(words, key=len, reverse=True)
    spaced = [
        rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in longest_first
    ]
    return re.sub(
        "|".join(spaced), lambda found: click.style(found[0], bold=True, underline=True), line
    )
