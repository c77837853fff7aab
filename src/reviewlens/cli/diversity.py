"""`diversity`: how varied reviews are, and the few to read instead of all."""

from __future__ import annotations

import click

from reviewlens.cli.options import declared
from reviewlens.cli.questions import Asking, option_of, question
from reviewlens.insights.diversity import diversity_of
from reviewlens.insights.sample import Kind, sample_of
from reviewlens.questions import Asked


@question(diversity_of, "diversity")
@click.option(
    "--sample", type=click.IntRange(1), metavar="N", help="N reviews to read instead of all."
)
@declared([option_of(Asked(sample_of).parameters["kind"])])
def diversity(asking: Asking, /, *, sample: int | None, kind: Kind) -> None:
    """Measure how varied reviews are, by group; or choose N to read instead of all."""
    if sample is None:
        asking.show(asking.answer())
        return
    if asking.arguments["by"] is not None:
        raise click.UsageError("give either --by COLUMN or --sample N")
    asking.arguments = {"n": sample, "kind": kind, "seed": asking.arguments["seed"]}
    asking.show(asking.answer(lambda selection: selection.sample))
