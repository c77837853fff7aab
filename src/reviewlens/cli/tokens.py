"""`tokens`: how a text is cut."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from reviewlens.cli.options import encoder_options, format_option
from reviewlens.cli.output import print_indented, print_rows, terminal_width, wrapped
from reviewlens.cli.settings import Settings
from reviewlens.encoders import DEFAULT_ENCODER, load_encoder
from reviewlens.ingest.tokens import TokenCut, cut_for_encoder, cut_for_tokenizer

if TYPE_CHECKING:
    from reviewlens.encoders import Precision

_UNKNOWN_SHOWN = 20


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
    if format_ != "table":
        header = ("token", "text", "start", "end", "unknown", "embedded")
        print_rows(found, found.tokens, format_, header=header)
    else:
        _print(found)


def _print(found: TokenCut) -> None:
    head = f"{found.tokenizer}: {found.count:,} tokens, {found.unknown:,} unknown"
    if found.window is not None:
        head += f"; {found.window:,} are embedded of one text"
    for line in wrapped(head, terminal_width()):
        click.echo(line)
    for start, name in ((True, "tokens"), (False, "beyond the window")):
        shown = [_shown(one.token) for one in found.tokens if one.embedded is start]
        if shown:
            click.echo(f"  {name}")
            print_indented(" · ".join(shown), most=1_000)
    unknown = list(dict.fromkeys(one.text for one in found.tokens if one.unknown))
    if unknown:
        more = len(unknown) - _UNKNOWN_SHOWN
        listed = " · ".join(unknown[:_UNKNOWN_SHOWN]) + (f" and {more} more" if more > 0 else "")
        click.echo("  unknown to the encoder")
        print_indented(listed)
    if found.cut_off:
        click.echo(f"  {found.cut_off:,} tokens do not fit; ingest makes these passages of it")
        for number, passage in enumerate(found.passages, start=1):
            print_indented(f"{number}: {passage}", most=4)


def _shown(token: str) -> str:
    """A token with its white space made visible."""
    return token.replace(" ", "␣").replace("\n", "⏎").replace("\t", "⇥")
