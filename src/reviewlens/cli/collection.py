"""`stats`, `export`, `copy`, `delete` and `doctor`: what is stored, and its keeping."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from reviewlens.cli.options import filter_options, format_option
from reviewlens.cli.output import Messages, print_csv, print_json, print_json_lines, print_record
from reviewlens.cli.questions import Asking, question, selected
from reviewlens.errors import InputError
from reviewlens.settings import Settings, read_token
from reviewlens.transfer import export as export_question


@click.command()
@format_option
@click.pass_obj
def stats(settings: Settings, /, format_: str) -> None:
    """Count what is stored: reviews, stars, dates, products, languages, tokens."""
    with settings.open() as corpus:
        result = corpus.stats()
    print_record(result, format_, f"{result.reviews:,} reviews in {result.collection}")


@question(export_question, leave=("file",), formats=False)
@click.argument("file", required=False)
@click.option("--vectors", is_flag=True, help="Add the column embedding, one vector a review.")
@click.option(
    "--vector-columns", is_flag=True, help="Add each number of it as a column: embedding_0, …"
)
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["table", "json", "jsonl", "csv"]),
    help="Without FILE, or where its ending tells no format: csv or jsonl. Else how the report is "
    "printed.",
)
def export(
    asking: Asking,
    /,
    *,
    file: str | None,
    vectors: bool,
    vector_columns: bool,
    format_: str | None,
) -> None:
    """Write reviews to FILE, by its ending: .csv, .jsonl, .parquet or .xlsx."""
    if (file is None or file == "-") and format_ not in ("csv", "jsonl"):
        raise click.UsageError("give FILE, or -f csv or -f jsonl to write to stdout")
    from reviewlens.outputs import EXPORT_FORMATS

    ending = Path(file or "-").suffix.lstrip(".").lower()
    told = format_ in ("csv", "jsonl") and ending not in EXPORT_FORMATS
    asking.arguments |= {
        "file": file or "-",
        "vectors": "columns" if vector_columns else vectors,
        "format": format_ if told else None,
    }
    report = asking.answer()
    if not told:
        print_record(report, format_ or "table", f"{report.reviews:,} reviews in {report.file}")


@click.command()
@click.option("--to", required=True, metavar="URI", help="Milvus Lite path or a server's URL.")
@click.option("--to-collection", metavar="NAME", help="Its name there; the same by default.")
@click.option(
    "--to-token-file",
    metavar="FILE",
    help="File with the token of the other server.  [env: REVIEWLENS_TO_TOKEN]",
)
@click.option(
    "--prune", is_flag=True, help="Delete what only the other has: reviews and sets of themes."
)
@format_option
@click.pass_obj
def copy(
    settings: Settings,
    /,
    to: str,
    to_collection: str | None,
    to_token_file: str | None,
    prune: bool,  # noqa: FBT001 - click passes options by name
    format_: str,
) -> None:
    """Copy every review to another Milvus, vectors and all, without encoding."""
    token = read_token(to_token_file, os.environ.get("REVIEWLENS_TO_TOKEN"))
    messages = Messages.current
    with settings.open() as corpus:
        report = corpus.copy(
            to, collection=to_collection, token=token, prune=prune, on_progress=messages.progress
        )
    messages.finish()
    if report.kept:
        messages.note(
            f"{report.kept:,} reviews in {report.collection} at {report.uri} are not in "
            f"{settings.collection}, and stay there; --prune deletes them."
        )
    print_record(report, format_, f"{report.reviews:,} reviews copied")


@click.command()
@click.argument("review_ids", nargs=-1, metavar="[REVIEW_ID]...")
@click.option("--all", "everything", is_flag=True, help="The whole collection.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@filter_options
@format_option
@click.pass_obj
def delete(
    settings: Settings,
    /,
    review_ids: tuple[str, ...],
    everything: bool,  # noqa: FBT001 - click passes options by name
    yes: bool,  # noqa: FBT001
    format_: str,
    **options: Any,  # noqa: ANN401 - the filters
) -> None:
    """Delete reviews by id or by filter, or the whole collection; asks before."""
    if review_ids:
        options["ids"] = review_ids
    if everything == any(value not in (None, ()) for value in options.values()):
        raise click.UsageError("give REVIEW_IDs, a filter, or --all")
    with settings.open() as corpus:
        if not yes:
            from reviewlens.store import without_password

            found = selected(corpus, options).size()
            where = without_password(settings.uri)
            _confirm(f"Delete {found:,} reviews from {settings.collection} at {where}?")
        report = corpus.delete(selected(corpus, options), everything=everything)
    print_record(report, format_, f"{report.reviews:,} reviews deleted")


def _confirm(question: str) -> None:
    if not sys.stdin.isatty():
        raise InputError(f"{question} There is no one to answer: add --yes to delete them")
    click.confirm(question, abort=True, err=True)


@click.command()
@click.option(
    "--reviews",
    is_flag=True,
    help="Compare all stored reviews with their hashes and vectors; it reads everything.",
)
@click.option(
    "--mend",
    is_flag=True,
    help="Do so, and mend what is damaged, or mark it for the next ingest of its file.",
)
@format_option
@click.pass_obj
def doctor(
    settings: Settings,
    /,
    reviews: bool,  # noqa: FBT001 - click passes options by name
    mend: bool,  # noqa: FBT001
    format_: str,
) -> None:
    """Check the set-up: packages, model, Milvus, disk, memory; what to do about troubles."""
    messages = Messages.current
    with settings.open() as corpus:
        result = corpus.diagnose(reviews=reviews, mend=mend, on_progress=messages.progress)
    messages.finish()
    if format_ == "json":
        print_json(result)
    elif format_ == "jsonl":
        print_json_lines(result.checks)
    elif format_ == "csv":
        from dataclasses import asdict

        print_csv([asdict(check) for check in result.checks])
    else:
        for check in result.checks:
            colour = {"ok": "green", "note": "yellow"}.get(check.state, "red")
            click.echo(f"{click.style(f'{check.state:<7}', fg=colour)} {check.name}: {check.found}")
            if check.cure:
                click.echo(f"        {check.cure}")
    if not result.healthy:
        raise InputError("there is trouble; see above for what to do about it")
