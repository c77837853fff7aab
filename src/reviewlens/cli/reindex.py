"""`reindex`: the collection built anew, with another encoder or with its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.options import encoder_options, format_option
from reviewlens.cli.output import print_result
from reviewlens.cli.settings import Settings
from reviewlens.store import is_local

if TYPE_CHECKING:
    from reviewlens.encoders import Precision


@click.command()
@click.option("--force", is_flag=True, help="Go on although the encoder cannot read the text.")
@encoder_options
@format_option
@click.pass_obj
def reindex(
    settings: Settings,
    /,
    force: bool,  # noqa: FBT001 - click passes options by name
    encoder: str | None,
    device: str | None,
    precision: Precision | None,
    dimensions: int | None,
    format_: str,
) -> None:
    """Rebuild the collection from what it holds, with another --encoder or its own."""
    settings = settings.with_encoder(encoder, device, precision, dimensions)
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
