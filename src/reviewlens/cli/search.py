"""`search`, `count` and `similar`: reviews nearest in meaning, and how many say it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from reviewlens.cli.compared_search import compare_collections
from reviewlens.cli.counted_search import check_count, count_queries
from reviewlens.cli.messages import Messages
from reviewlens.cli.output import print_answers, print_document
from reviewlens.cli.questions import Asking, question
from reviewlens.corpus import Selection
from reviewlens.document import Gap, Part, Text
from reviewlens.errors import InputError
from reviewlens.results import as_json
from reviewlens.search.matches import NO_RELEVANCE, Match, Matches


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
    "counted",
    is_flag=True,
    help="How many reviews say TEXT, not which: the same as `count TEXT`.",
)
def search(
    asking: Asking, /, *, text: str | None, queries: str | None, compare: str | None, counted: bool
) -> None:
    """Find the reviews that say what TEXT says, whatever words they use."""
    given = asking.arguments
    format_ = asking.format
    if (text is None) == (queries is None):
        raise click.UsageError("give either TEXT or --queries FILE")
    texts = [text] if text is not None else _read_queries(str(queries))
    if counted:
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
    _print_answers(answers, format_, single=text is not None, details=asking.details)


@question(Selection.count_matches, "count")
@click.option(
    "--check",
    type=click.IntRange(min=1),
    metavar="N",
    help="Show N reviews, drawn so that judging them tells most, and ask of each whether it says "
    "TEXT; the count goes by what is said from then on.",
)
@click.option("--who", default="", metavar="NAME", help="Kept with what is said at --check.")
def count(asking: Asking, /, *, check: int | None, who: str) -> None:
    """Count the reviews that say TEXT, for and against, by month, product and stars."""
    text = asking.arguments["query"]
    if check is not None:
        check_count(asking, text, check, who)
    count_queries(asking, [text])


@question(Selection.similar)
def similar(asking: Asking, /) -> None:
    """Find the reviews most like the review REVIEW_ID, itself left out."""
    answers = [asking.answer()]
    _print_answers(answers, asking.format, single=True, noted=True, details=asking.details)


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


def _print_answers(
    answers: Sequence[Matches],
    format_: str,
    *,
    single: bool,
    noted: bool = False,
    details: bool = False,
) -> None:
    notes = list(dict.fromkeys(note for answer in answers for note in answer.notes))
    # That a collection is small is no trouble: it stands with the answer itself.
    small = [note for note in notes if note.startswith(NO_RELEVANCE)]
    for note in notes:
        if note not in small and not noted:
            Messages.current.note(note)
    if format_ == "table":
        parts: list[Part] = []
        for answer in answers:
            told = answer.document(details=details)
            parts += told if single else [Text(answer.query, "strong"), *told, Gap()]
        print_document([*parts, *(Text(note, "soft") for note in small)])
    else:
        plain = [as_json(answer) for answer in answers]
        print_answers(plain, format_, "matches", Match.__dataclass_fields__, single=single)
