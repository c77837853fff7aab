"""`stats`, `copy` and `doctor`: what is stored, and its keeping."""

from __future__ import annotations

import os

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.options import format_option
from reviewlens.cli.output import print_result
from reviewlens.cli.settings import Settings, read_token
from reviewlens.document import agreed, counted
from reviewlens.errors import InputError


@click.command()
@format_option
@click.pass_obj
def stats(settings: Settings, /, format_: str) -> None:
    """Count what is stored: reviews, stars, dates, products, languages, tokens."""
    with settings.open() as corpus:
        print_result(corpus.stats(), format_)


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
            f"{counted(report.kept, 'review')} in {report.collection} at {report.uri} "
            f"{agreed(report.kept, 'is', 'are')} not in {settings.collection}, and "
            f"{agreed(report.kept, 'stays', 'stay')} there; --prune deletes "
            f"{agreed(report.kept, 'it', 'them')}."
        )
    print_result(report, format_)


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
    print_result(result, format_)
    if not result.healthy:
        raise InputError("there is trouble; see above for what to do about it")
