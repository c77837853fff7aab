"""`diversity`: how varied reviews are, and the few to read instead of all."""

from __future__ import annotations

import click

from reviewlens.cli.options import declared
from reviewlens.cli.questions import Asking, option_of, question
from reviewlens.corpus import Selection
from reviewlens.insights.sample import Kind


@question(Selection.diversity)
@click.option(
    "--sample", type=click.IntRange(1), metavar="N", help="N reviews to read instead of all."
)
@declared([option_of(Selection.sample.parameters["kind"])])
def diversity(asking: Asking, /, *, sample: int | None, kind: Kind) -> None:
    """Measure how varied reviews are, by group; or choose N to read instead of all."""
    if sample is None:
        asking.show(asking.answer())
        return
    if asking.arguments["by"] is not None:
        raise click.UsageError("give either --by COLUMN or --sample N")
    asking.arguments = {"n": sample, "kind": kind, "seed": asking.arguments["seed"]}
    asking.show(asking.answer(lambda selection: selection.sample))
