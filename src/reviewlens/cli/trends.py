"""`trends`: what is said how often over time."""

from __future__ import annotations

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.questions import Asking, question
from reviewlens.insights.trends.question import trends_of


@question(trends_of, "trends")
def trends(asking: Asking, /) -> None:
    """Count what is said over time: themes, a column or a phrase, and what has changed."""
    if asking.arguments["by"] is not None and asking.arguments["query"]:
        raise click.UsageError("give --by or --query, not both")
    result = asking.answer()
    for note in result.left_out():
        Messages.current.note(note)
    asking.show(result, n=asking.arguments["drawn"])
