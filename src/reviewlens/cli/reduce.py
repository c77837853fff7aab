"""`reduce`: what shorter vectors lose, and a model that makes them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from reviewlens.cli.figures import interval
from reviewlens.cli.options import format_option, seed_option
from reviewlens.cli.output import Messages, print_indented, print_rows, spread_estimates
from reviewlens.settings import Settings

if TYPE_CHECKING:
    from reviewlens.encoders import Precision
    from reviewlens.reduction import Reduction

_METHODS = {"first": "first numbers", "pca": "PCA"}


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--from-collection", is_flag=True, help="The reviews that are stored, not files.")
@click.option(
    "--dimensions",
    type=click.IntRange(min=1),
    multiple=True,
    required=True,
    metavar="N",
    help="Numbers of a vector to keep; may be repeated to compare.",
)
@click.option(
    "-o", "--output", metavar="FOLDER", help="Write the model with a layer learnt by PCA there."
)
@click.option("--encoder", metavar="NAME", help="Model name or folder whose vectors are shortened.")
@click.option("--device", help="Where the model runs: cpu, cuda, mps.")
@click.option(
    "--precision",
    type=click.Choice(["fp32", "int8"]),
    help="int8 is faster on the processor and a little less exact.",
)
@click.option("--text-column", metavar="HEADER", help="Column with the text.")
@click.option("--text-template", metavar="TEXT", help="What is embedded: '{Summary}: {Text}'.")
@click.option(
    "--sample",
    type=click.IntRange(min=100),
    default=4_000,
    show_default=True,
    help="Texts used at most: half to learn from, half to measure on.",
)
@seed_option("For which texts.")
@format_option
@click.pass_obj
def reduce(
    settings: Settings,
    /,
    files: tuple[str, ...],
    from_collection: bool,  # noqa: FBT001 - click passes options by name
    dimensions: tuple[int, ...],
    output: str | None,
    encoder: str | None,
    device: str | None,
    precision: Precision | None,
    text_column: str | None,
    text_template: str | None,
    sample: int,
    seed: int,
    format_: str,
) -> None:
    """Measure what shorter vectors lose, and write a model that makes them."""
    if bool(files) == from_collection:
        raise click.UsageError("give FILEs, or --from-collection")
    if output is not None and len(set(dimensions)) > 1:
        raise click.UsageError("with --output give --dimensions once")
    messages = Messages.current
    settings = settings.with_encoder(encoder, device, precision)
    with settings.open() as corpus:
        result = corpus.reduce(
            files,
            dimensions=dimensions,
            output=output,
            sample=sample,
            seed=seed,
            columns={} if text_column is None else {"text": text_column},
            text_template=text_template,
            on_progress=messages.progress,
        )
    messages.finish()
    if format_ == "table":
        _print_table(result)
    else:
        print_rows(
            result,
            result.rows,
            format_,
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
