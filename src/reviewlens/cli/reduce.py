"""`reduce`: what shorter vectors lose, and a model that makes them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from reviewlens.cli.figures import interval
from reviewlens.cli.output import print_indented, print_rows, spread_estimates
from reviewlens.cli.questions import Asking, question
from reviewlens.ground.reduction import reduce as reduce_question

if TYPE_CHECKING:
    from reviewlens.encoders import Precision
    from reviewlens.ground.reduction import Reduction

_METHODS = {"first": "first numbers", "pca": "PCA"}


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
    result = asking.answer()
    if asking.format == "table":
        _print_table(result)
    else:
        print_rows(
            result,
            result.rows,
            asking.format,
            flat=lambda row: spread_estimates(asdict(row), ("recall",)),
        )


def _print_table(result: Reduction) -> None:
    header = f"{'kept':<14} {'dimensions':>10}  recall@{result.neighbors}"
    click.echo(click.style(header, bold=True))
    for row in result.rows:
        click.echo(f"{_METHODS[row.method]:<14} {row.dimensions:>10}  {interval(row.recall)}")
    told = [
        f"Of the ten texts nearest to each of {result.held_out:,} by all {result.dimension} "
        f"dimensions of {result.encoder}, the share that is found with fewer, with the 95 % "
        f"interval; PCA was learnt from {result.learnt_from:,} other texts."
    ]
    if result.folder is not None:
        told.append(f"The model is in {result.folder}; use it with --encoder {result.folder}")
    for text in told:
        print_indented(text, 0)
