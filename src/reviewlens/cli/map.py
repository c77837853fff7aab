"""`map`: a picture of the corpus."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from reviewlens.cli.output import print_csv, print_json, print_json_lines, print_pairs
from reviewlens.cli.questions import Asking, question
from reviewlens.insights.map import map_of

if TYPE_CHECKING:
    pass


@question(map_of, "map")
def map_(asking: Asking, /) -> None:
    """Draw a map of reviews on which near ones say alike: HTML, PNG, SVG, or a table."""
    outputs, method = asking.arguments["outputs"], asking.arguments["method"]
    if not outputs and asking.format == "table":
        raise click.UsageError("give -o FILE, or -f json, jsonl or csv")
    found = asking.answer()
    if asking.format == "json":
        print_json(found)
    elif asking.format == "jsonl":
        print_json_lines(found.points)
    elif asking.format == "csv":
        print_csv([asdict(point) for point in found.points])
    else:
        pairs: dict[str, Any] = {"files": outputs}
        if found.axes is not None:
            x, y = found.axes.explained
            pairs["shown"] = f"{x + y:.0%} of the variance ({x:.1%} and {y:.1%})"
        print_pairs(f"{len(found.points):,} reviews, {method.upper()}", pairs)
