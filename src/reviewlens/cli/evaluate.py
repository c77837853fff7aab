"""`evaluate`: how well the user's own reviews are found."""

from __future__ import annotations

from dataclasses import replace

from reviewlens.cli.questions import Asking, question
from reviewlens.corpus import Selection


@question(Selection.evaluate)
def evaluate(asking: Asking, /) -> None:
    """Measure how well reviews are found: index, sentences, titles, neighbours.

    The collection is not changed.
    """
    own = asking.settings.encoder
    if not asking.arguments["encoders"] and own:
        asking.arguments["encoders"] = (own,)
    asking.settings = replace(asking.settings, encoder=None)
    asking.show(asking.answer())
