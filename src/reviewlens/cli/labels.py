"""`labels`: those that `classify` kept with the reviews."""

from __future__ import annotations

import click

from reviewlens.cli.questions import Asking, question
from reviewlens.insights.classification.kept_labels import Labels


@click.group()
def labels() -> None:
    """List, rename and drop the labels that classify kept with the reviews."""


@question(Labels.list, group=labels)
def list_(asking: Asking, /) -> None:
    """List the labels that are kept with the reviews, with how many have which."""
    asking.show(asking.answer())


@question(Labels.rename, formats=False, group=labels)
def rename(asking: Asking, /) -> None:
    """Give the labels NAME another name, which is not yet in use."""
    asking.answer()
    click.echo("{name} is called {to} now".format_map(asking.arguments))


@question(Labels.drop, formats=False, group=labels)
def drop(asking: Asking, /) -> None:
    """Take the labels NAME from all reviews; the reviews stay."""
    asking.answer()
    click.echo("the labels {name} are gone".format_map(asking.arguments))
