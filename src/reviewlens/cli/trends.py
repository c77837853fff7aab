"""`trends`: what is said how often over time."""

from __future__ import annotations

from reviewlens.cli.messages import Messages
from reviewlens.cli.questions import Asking, question
from reviewlens.corpus import Selection


@question(Selection.trends)
def trends(asking: Asking, /) -> None:
    """Count what is said over time: themes, a column or a phrase, and what has changed."""
    result = asking.answer()
    for note in result.left_out():
        Messages.current.note(note)
    asking.show(result, n=asking.arguments["drawn"])
