"""`delete`: reviews, or the whole collection, taken away."""

from __future__ import annotations

from typing import Any

import click

from reviewlens.cli.filters import filter_options, selected
from reviewlens.cli.options import format_option
from reviewlens.cli.output import confirm, print_result
from reviewlens.cli.settings import Settings
from reviewlens.store import without_password


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
        selection = selected(corpus, options)
        if not yes:
            found = selection.size()
            where = without_password(settings.uri)
            confirm(f"Delete {found:,} reviews from {settings.collection} at {where}?")
        report = corpus.delete(selection, everything=everything)
    print_result(report, format_)
