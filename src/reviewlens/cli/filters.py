"""The filters of a command, and the reviews that they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reviewlens.cli.options import Command
from reviewlens.store import FILTERS
from reviewlens.store.filters import WHERE

if TYPE_CHECKING:
    from reviewlens.corpus import Corpus, Selection


def filter_options(command: Command) -> Command:
    """Add the filters, which are the same on every command."""
    command = click.option("--where", multiple=True, metavar="COND", help=WHERE)(command)
    for one in reversed([one for one in FILTERS.values() if one.shown]):
        command = click.option(
            f"--{one.name}",
            multiple=one.many,
            type=int if one.number else str,
            metavar=one.metavar,
            help=one.help.replace("`", ""),
        )(command)
    return command


def selected(corpus: Corpus, filters: dict[str, Any]) -> Selection:
    """Return those reviews of a corpus that the options of filters leave.

    An option that may be repeated, and is not given, has no values: as a filter, that would leave
    no review.
    """
    given = {name: value for name, value in filters.items() if value not in (None, ())}
    return corpus.where(*given.pop("where", ()), **given) if given else corpus
