"""`reduce`: what shorter vectors lose, and a model that makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reviewlens.cli.questions import Asking, question
from reviewlens.ground.reduction import reduce as reduce_question

if TYPE_CHECKING:
    from reviewlens.encoders import Precision


@question(reduce_question, leave=("columns",), filtered=False)
@click.option("--from-collection", is_flag=True, help="The reviews that are stored, not files.")
@click.option("--encoder", metavar="NAME", help="Model name or folder whose vectors are shortened.")
@click.option("--device", help="Where the model runs: cpu, cuda, mps.")
@click.option(
    "--precision",
    type=click.Choice(["fp32", "int8"]),
    help="int8 is faster on the processor and a little less exact.",
)
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
