"""`recommend`: products or reviews to look at next."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from reviewlens.cli.figures import mean_stars, stars
from reviewlens.cli.output import (
    print_numbered,
    print_rows,
    spread_estimates,
    terminal_width,
    wrapped,
)
from reviewlens.cli.questions import Asking, question
from reviewlens.insights.recommendations import recommended

if TYPE_CHECKING:
    from reviewlens.insights.recommendations import Recommendation, Recommendations


@question(recommended, "recommend")
@click.option("--details", is_flag=True, help="Intervals, and what was left out.")
def recommend(asking: Asking, /, *, details: bool) -> None:
    """Recommend products or reviews for a review, a product or an author, with the reason."""
    ways = ("review_id", "for_product", "for_author")
    if sum(asking.arguments[way] is not None for way in ways) != 1:
        raise click.UsageError("give one of --review, --for-product and --author")
    result = asking.answer()
    if asking.format != "table":
        print_rows(result, result.recommendations, asking.format, flat=_flat)
    else:
        _print_table(result, details=details)


def _flat(found: Recommendation) -> dict[str, Any]:
    record = asdict(found)
    stars, reason = record.pop("stars"), record.pop("reason")
    return {
        **record,
        **spread_estimates({"stars": stars}, ("stars",)),
        **{f"reason_{key}": value for key, value in reason.items()},
    }


def _print_table(result: Recommendations, *, details: bool) -> None:
    width = terminal_width() - 5
    for number, found in enumerate(result.recommendations, start=1):
        facts = [f"{found.similarity:.2f}", found.product, *_product_facts(found, details=details)]
        line = " · ".join(fact for fact in facts if fact)
        print_numbered(number, line, fg="cyan")
        for part in wrapped(f"“{found.reason.text}”", width)[:3]:
            click.echo(" " * 5 + part)
        for part in wrapped(_source(found, details=details), width):
            click.echo(" " * 5 + click.style(part, dim=True))
    if details:
        made = f"Made from {result.liked:,} reviews"
        made += f", and against {result.disliked:,}" if result.disliked else ""
        left_out = ", ".join(result.left_out) or "no product"
        for part in wrapped(f"{made}. Left out as seen: {left_out}.", terminal_width()):
            click.echo(part)


def _product_facts(found: Recommendation, *, details: bool) -> list[str]:
    if not found.reviews:
        return []
    count = f"{found.reviews:,} review{'s' if found.reviews > 1 else ''}"
    return [mean_stars(found.stars, details=details), count]


def _source(found: Recommendation, *, details: bool) -> str:
    quote = found.reason
    likeness = f"similarity {found.reason_similarity:.2f}" if details else ""
    facts = [quote.review_id, stars(quote.stars), (quote.time or "")[:10], likeness]
    return " · ".join(fact for fact in facts if fact)
