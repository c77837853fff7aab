"""`recommend`: products or reviews to look at next."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from reviewlens.cli.figures import mean_stars, stars
from reviewlens.cli.options import filter_arguments, filter_options, format_option, seed_option
from reviewlens.cli.output import (
    Messages,
    print_numbered,
    print_rows,
    spread_estimates,
    terminal_width,
    wrapped,
)
from reviewlens.settings import Settings

if TYPE_CHECKING:
    from reviewlens.insights.recommendations import Recommendation, Recommendations, Wanted


@click.command()
@click.option("--review", metavar="ID", help="What is like this review.")
@click.option("--for-product", metavar="NAME", help="What is like this product's reviews.")
@click.option("--author", metavar="NAME", help="What is like the reviews that this author liked.")
@click.option("-n", "n", type=click.IntRange(1), default=10, show_default=True, help="At most.")
@click.option(
    "--kind",
    type=click.Choice(["product", "review"]),
    default="product",
    show_default=True,
    help="What is recommended.",
)
@click.option(
    "--diversity",
    type=click.FloatRange(0, 1),
    default=0.3,
    show_default=True,
    help="0 for the most similar, 1 for those most unlike each other.",
)
@seed_option("Taken as everywhere, without effect: nothing here is random.")
@click.option("--details", is_flag=True, help="Intervals, and what was left out.")
@filter_options
@format_option
@click.pass_obj
def recommend(
    settings: Settings,
    /,
    review: str | None,
    for_product: str | None,
    author: str | None,
    n: int,
    kind: Wanted,
    diversity: float,
    seed: int,
    details: bool,  # noqa: FBT001 - click passes options by name
    format_: str,
    **options: Any,  # noqa: ANN401 - the filters
) -> None:
    """Recommend products or reviews for a review, a product or an author, with the reason."""
    if sum(given is not None for given in (review, for_product, author)) != 1:
        raise click.UsageError("give one of --review, --for-product and --author")
    messages = Messages.current
    with settings.open() as corpus:
        result = corpus.recommend(
            review_id=review,
            for_product=for_product,
            author=author,
            n=n,
            kind=kind,
            diversity=diversity,
            seed=seed,
            on_progress=messages.progress,
            **filter_arguments(options),
        )
    messages.finish()
    if format_ != "table":
        print_rows(result, result.recommendations, format_, flat=_flat)
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
