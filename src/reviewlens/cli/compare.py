"""`compare`: what tells two slices of the corpus apart."""

from __future__ import annotations

from reviewlens.cli.questions import Asking, question
from reviewlens.corpus import Selection


@question(Selection.compare_texts, "compare")
def compare(asking: Asking, /) -> None:
    """Tell which themes and words are more of the reviews A than of the reviews B.

    A and B are filters, several joined by ' and ': rating=1..2, since=2026-07, until=2026-07-15,
    product=Kettle,Lamp, source=NAME, language=de, cluster=3, or a condition on any ingested column
    (version!=2.1, delay>=3). Without B, A is compared with all other reviews. The options filter
    both sides.

    Such as: reviewlens compare until=2026-07-31 since=2026-08
    """
    asking.show(asking.answer())
