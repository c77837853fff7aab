"""`reindex`: the collection built anew, with another encoder or with its own."""

from __future__ import annotations

from dataclasses import replace

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.options import format_option
from reviewlens.cli.output import print_result
from reviewlens.cli.settings import Settings, encoder_settings
from reviewlens.store import is_local


@click.command()
@click.option("--force", is_flag=True, help="Go on although the encoder cannot read the text.")
@encoder_settings
@format_option
def reindex(settings: Settings, /, force: bool, format_: str) -> None:  # noqa: FBT001 - by name
    """Rebuild the collection from what it holds, with another --encoder or its own."""
    # Those options name the encoder that is wanted; the collection's own is another.
    own = replace(settings, encoder=None, precision=None, dimensions=None)
    messages = Messages.current
    with own.open() as corpus:
        report = corpus.reindex(
            settings.encoder,
            precision=settings.precision,
            dimensions=settings.dimensions,
            force=force,
            # Nobody else can have a Milvus Lite directory open.
            grace=0 if is_local(settings.uri) else None,
            on_progress=messages.progress,
        )
    messages.finish()
    for note in report.notes:
        messages.note(note)
    print_result(report, format_)
