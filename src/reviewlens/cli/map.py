"""`map`: a picture of the corpus."""

from __future__ import annotations

import click

from reviewlens.cli.questions import Asking, question
from reviewlens.corpus import Selection


@question(Selection.map)
def map_(asking: Asking, /) -> None:
    """Draw a map of reviews on which near ones say alike: HTML, PNG, SVG, or a table."""
    outputs = asking.arguments["outputs"]
    if not outputs and asking.format == "table":
        raise click.UsageError("give -o FILE, or -f json, jsonl or csv")
    asking.show(asking.answer(), files=outputs)
