"""`ask`: an answer from the reviews, with its sources."""

from __future__ import annotations

from reviewlens.asking.question import ask as ask_question
from reviewlens.cli.questions import Asking, question


@question(ask_question)
def ask(asking: Asking, /) -> None:
    """Answer QUESTION from the reviews, with the ids of those that say so."""
    asking.show(asking.answer())
