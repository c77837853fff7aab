"""`map`: a picture of the corpus."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from reviewlens.cli.options import filter_arguments, filter_options, format_option, seed_option
from reviewlens.cli.output import Messages, print_csv, print_json, print_json_lines, print_pairs
from reviewlens.settings import Settings

if TYPE_CHECKING:
    from reviewlens.insights.pictures import Color
    from reviewlens.insights.projection import Method


@click.command("map")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="What to write, by its ending: .html, .png, .svg, .parquet, .csv; may be repeated.",
)
@click.option(
    "--color",
    type=click.Choice(["cluster", "product", "stars", "time", "language", "source"]),
    help="What colours tell; themes by default, or, of few reviews, products or stars.",
)
@click.option(
    "--method",
    type=click.Choice(["pca", "umap"]),
    default="pca",
    show_default=True,
    help="umap separates groups better, but moves with every new review.",
)
@click.option(
    "--axes",
    metavar="FILE",
    help="Lay reviews on the axes in FILE, so that none moves; written if it is not there.",
)
@seed_option("For umap and clusters.")
@filter_options
@format_option
@click.pass_obj
def map_(
    settings: Settings,
    /,
    outputs: tuple[str, ...],
    color: Color | None,
    method: Method,
    axes: str | None,
    seed: int,
    format_: str,
    **options: Any,  # noqa: ANN401 - the filters
) -> None:
    """Draw a map of reviews on which near ones say alike: HTML, PNG, SVG, or a table."""
    if not outputs and format_ == "table":
        raise click.UsageError("give -o FILE, or -f json, jsonl or csv")
    messages = Messages.current
    with settings.open() as corpus:
        found = corpus.map(
            *outputs,
            method=method,
            color=color,
            axes=axes,
            seed=seed,
            on_progress=messages.progress,
            **filter_arguments(options),
        )
    messages.finish()
    if format_ == "json":
        print_json(found)
    elif format_ == "jsonl":
        print_json_lines(found.points)
    elif format_ == "csv":
        print_csv([asdict(point) for point in found.points])
    else:
        pairs: dict[str, Any] = {"files": outputs}
        if found.axes is not None:
            x, y = found.axes.explained
            pairs["shown"] = f"{x + y:.0%} of the variance ({x:.1%} and {y:.1%})"
        print_pairs(f"{len(found.points):,} reviews, {method.upper()}", pairs)
