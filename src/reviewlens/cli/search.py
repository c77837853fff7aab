"""`search` and `similar`: reviews nearest in meaning."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from reviewlens.cli.compared_search import compare_collections
from reviewlens.cli.counted_search import count_queries
from reviewlens.cli.messages import Messages
from reviewlens.cli.output import print_answers, print_document
from reviewlens.cli.questions import Asking, question
from reviewlens.corpus import Selection
from reviewlens.document import Entry, Gap, Part, Text
from reviewlens.errors import InputError
from reviewlens.ground.phrases import stars
from reviewlens.reading.markup import clean_markup
from reviewlens.results import NO_FLOOR, Match, Matches


@question(Selection.search, leave=("query",))
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


@question(Selection.similar)
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
    notes = list(dict.fromkeys(note for answer in answers for note in answer.notes))
    # That a collection is small is no trouble: it stands with the answer itself.
    small = [note for note in notes if note.startswith(NO_FLOOR)]
    for note in notes:
        if note not in small:
            Messages.current.note(note)
    if format_ == "table":
        parts = [part for answer in answers for part in _told(answer, heading=not single)]
        print_document([*parts, *(Text(note, "soft") for note in small)])
    else:
        plain = [asdict(answer) for answer in answers]
        print_answers(plain, format_, "matches", Match.__dataclass_fields__, single=single)


def _told(answer: Matches, *, heading: bool) -> Iterator[Part]:
    if heading:
        yield Text(answer.query, "strong")
    if not answer.answered:
        yield from _refusal(answer)
    for number, match in enumerate(answer.matches, start=1):
        yield entry(number, match)
    if heading:
        yield Gap()


def _refusal(answer: Matches) -> Iterator[Part]:
    """Say that nothing was found, and how to see what is nearest all the same."""
    if answer.nearest is None:
        yield Text("No review found.")
    elif answer.calibration is None:
        yield Text(f"No review found with a similarity of {answer.floor:g} or more.")
    else:
        yield Text("No review says this.")
        yield Text(
            f"The nearest has a similarity of {answer.nearest:.2f}; --min-similarity -1 shows it "
            "and all others."
        )


def entry(number: int, match: Match) -> Entry:
    """Return a match as an entry of a list: facts, title, and the sentence that says it."""
    facts = (
        f"{match.similarity:.2f}",
        match.strength,
        "" if match.keyword_score is None else f"words {match.keyword_score:.1f}",
        stars(match.rating),
        (match.time or "undated")[:10],
        match.product,
        match.review_id,
    )
    title = [Text(clean_markup(match.title), "strong", lines=2)] if match.title else []
    said = Text(match.sentence or clean_markup(match.text), lines=4, marked=match.words)
    return Entry(" · ".join(filter(None, facts)), (*title, said), number)
