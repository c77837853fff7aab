"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import click

from reviewlens.cli.output import FORMATS

if TYPE_CHECKING:
    from reviewlens.store import FilterArguments

Command = Callable[..., Any]


def format_option(command: Command) -> Command:
    """Add `-f/--format`."""
    return click.option(
        "-f",
        "--format",
        "format_",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="How results are printed.",
    )(command)


def seed_option(text: str) -> Callable[[Command], Command]:
    """Add `--seed`, with what it is for."""
    return click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help=text)


def encoder_options(command: Command) -> Command:
    """Add `--encoder` and how it runs, which may stand before or after the command's name."""
    command = click.option(
        "--precision",
        type=click.Choice(["fp32", "int8"]),
        help="int8 is faster on the processor and a little less exact.",
    )(command)
    command = click.option("--device", help="Where the model runs: cpu, cuda, mps.")(command)
    return click.option(
        "--encoder", metavar="NAME", help="Model name or folder; the collection's by default."
    )(command)


_FILTERS = (
    click.option("--rating", metavar="A..B", help="Stars from A to B on the 1-5 scale: 1..2, 4.."),
    click.option("--since", metavar="DATE", help="From this date on: 2024, 2024-03, 2024-03-05."),
    click.option("--until", metavar="DATE", help="Up to and including this date."),
    click.option("--product", multiple=True, metavar="NAME", help="This product; may be repeated."),
    click.option("--source", multiple=True, metavar="NAME", help="This source; may be repeated."),
    click.option("--language", multiple=True, metavar="CODE", help="This language, such as en."),
    click.option("--cluster", multiple=True, type=int, metavar="ID", help="This saved theme."),
    click.option(
        "--where",
        multiple=True,
        metavar="COND",
        help="A condition on any ingested column: city=Paris, version!=2.1, delay>=3, "
        "city=Paris,Rome. All given must hold.",
    ),
)


def filter_options(command: Command) -> Command:
    """Add the filters, which are the same on every command."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def filter_arguments(options: dict[str, Any]) -> FilterArguments:
    """Return the values of `filter_options`; each option is named as the argument it becomes."""
    return cast("FilterArguments", options)
