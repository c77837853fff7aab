"""`recommend`: products or reviews to look at next."""

from __future__ import annotations

import click

from reviewlens.cli.questions import Asking, question
from reviewlens.insights.recommendations import recommended


@question(recommended, "recommend")
def recommend(asking: Asking, /) -> None:
    """Recommend products or reviews for a review, a product or an author, with the reason."""
    ways = ("review_id", "for_product", "for_author")
    if sum(asking.arguments[way] is not None for way in ways) != 1:
        raise click.UsageError("give one of --review, --for-product and --author")
    asking.show(asking.answer())
