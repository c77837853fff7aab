"""`duplicates`: reviews that are copies of each other."""

from __future__ import annotations

import click

from reviewlens.cli.questions import Asking, question
from reviewlens.corpus import Selection


@question(Selection.duplicates)
@click.option(
    "-n",
    "n",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    help="Groups in the table, 0 for all; other formats have all of them.",
)
def duplicates(asking: Asking, /, *, n: int) -> None:
    """Group copied reviews: word for word, nearly so, or in meaning."""
    asking.show(asking.answer(), n=n)
