"""`tokens`: how a text is cut."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from reviewlens.cli.options import encoder_options, format_option
from reviewlens.cli.output import print_result
from reviewlens.cli.settings import Settings
from reviewlens.encoders import DEFAULT_ENCODER, load_encoder
from reviewlens.ingest.token_cuts import cut_for_encoder, cut_for_tokenizer

if TYPE_CHECKING:
    from reviewlens.encoders import Precision


@click.command()
@click.argument("text", metavar="TEXT")
@click.option("--tokenizer", metavar="NAME", help="Cut as this one does instead: cl100k_base.")
@encoder_options
@format_option
@click.pass_obj
def tokens(
    settings: Settings,
    /,
    text: str,
    tokenizer: str | None,
    encoder: str | None,
    device: str | None,
    precision: Precision | None,
    dimensions: int | None,
    format_: str,
) -> None:
    """Show how TEXT, or - for stdin, is cut into tokens, and what an encoder embeds of it."""
    if tokenizer is not None and encoder is not None:
        raise click.UsageError("give --tokenizer or --encoder, not both")
    if text == "-":
        text = sys.stdin.read()
    if tokenizer is not None:
        found = cut_for_tokenizer(text, tokenizer)
    else:
        settings = settings.with_encoder(encoder, device, precision, dimensions)
        wanted = settings.encoder or DEFAULT_ENCODER
        loaded = (
            load_encoder(
                wanted,
                device=settings.device,
                precision=settings.precision,
                dimensions=settings.dimensions,
            )
            if isinstance(wanted, str)
            else wanted
        )
        found = cut_for_encoder(text, loaded)
    print_result(found, format_)
