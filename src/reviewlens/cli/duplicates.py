"""`duplicates`: reviews that are copies of each other."""

from __future__ import annotations

import click

from reviewlens.cli.figures import dates
from reviewlens.cli.output import (
    print_indented,
    print_numbered,
    print_pairs,
    print_rows,
    terminal_width,
    wrapped,
)
from reviewlens.cli.questions import Asking, question
from reviewlens.insights.duplicates import DuplicateGroup
from reviewlens.insights.duplicates.question import duplicates as duplicates_question

_WORDS = {
    "exact": "the same text",
    "near": "the same but for small edits",
    "meaning": "the same in other words",
}
_IDS_SHOWN = 12


@question(duplicates_question)
@click.option(
    "-n",
    "n",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    help="Groups in the table, 0 for all; other formats have all of them.",
)
@click.option("--details", is_flag=True, help="Show similarities and thresholds.")
def duplicates(asking: Asking, /, *, n: int, details: bool) -> None:
    """Group copied reviews: word for word, nearly so, or in meaning."""
    result = asking.answer()
    if asking.format != "table":
        print_rows(
            result, result.groups, asking.format, header=list(DuplicateGroup.__dataclass_fields__)
        )
    else:
        copies = result.reviews - result.texts
        click.echo(
            f"{len(result):,} groups of copies in {result.reviews:,} reviews; "
            f"{copies:,} repeat the text of another"
        )
        shown = result.groups[: n or None]
        for number, group in enumerate(shown, start=1):
            _print_group(number, group, details=details)
        if len(shown) < len(result):
            click.echo(f"and {len(result) - len(shown):,} more groups: -n 0 shows them")
        if details:
            figures = {
                **{f"groups {kind}": count for kind, count in result.counts.items()},
                "near from": result.near,
                "meaning from": result.meaning,
                "neighbours found": f"{result.recall:.1%}",
            }
            print_pairs("Looked at", figures)


def _print_group(number: int, group: DuplicateGroup, *, details: bool) -> None:
    width = terminal_width() - 5
    facts = [_WORDS[group.kind], f"{len(group.review_ids)} reviews"]
    if "authors" in group.flags:
        facts.append(f"{group.authors} authors")
    if "products" in group.flags:
        facts.append(f"{group.products} products")
    if "dates" in group.flags:
        facts.append(dates(group.first, group.last))
    if "polarity" in group.flags:
        facts.append("they may contradict each other")
    if "short" in group.flags:
        facts.append("short, so perhaps by chance")
    if details:
        facts.append(f"similarity {group.similarity:.3f}")
    print_numbered(number, " · ".join(facts), fg="cyan")
    quotes = group.quotes if group.kind != "exact" else group.quotes[:1]
    for quote in quotes:
        for part in wrapped(quote.text, width)[:2]:
            click.echo(" " * 5 + part)
    ids = ", ".join(group.review_ids[:_IDS_SHOWN])
    more = len(group.review_ids) - _IDS_SHOWN
    ids += f" and {more:,} more" if more > 0 else ""
    print_indented(ids, fg="bright_black")
