"""`reduce`: what shorter vectors lose, and a model that makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reviewlens.cli.options import declared, encoder_options, options_of
from reviewlens.cli.questions import Asking, question
from reviewlens.corpus import Corpus

if TYPE_CHECKING:
    from reviewlens.encoders import Precision


@question(Corpus.reduce, leave=("columns",))
@click.option("--from-collection", is_flag=True, help="The reviews that are stored, not files.")
@declared(option for option in options_of(encoder_options) if option.name != "dimensions")
@click.option("--text-column", metavar="HEADER", help="Column with the text.")
def reduce(
    asking: Asking,
    /,
    *,
    from_collection: bool,
    encoder: str | None,
    device: str | None,
    precision: Precision | None,
    text_column: str | None,
) -> None:
    """Measure what shorter vectors lose, and write a model that makes them."""
    given = asking.arguments
    if bool(given["paths"]) == from_collection:
        raise click.UsageError("give FILEs, or --from-collection")
    if given["output"] is not None and len(set(given["dimensions"])) > 1:
        raise click.UsageError("with --output give --dimensions once")
    given["columns"] = {} if text_column is None else {"text": text_column}
    asking.settings = asking.settings.with_encoder(encoder, device, precision)
    asking.show(asking.answer())
