"""`compare`: what tells two slices of the corpus apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from reviewlens.cli.figures import interval, padded, said
from reviewlens.cli.output import (
    print_indented,
    print_pairs,
    print_rows,
    spread_estimates,
    spread_names,
    terminal_width,
    wrapped,
)
from reviewlens.cli.questions import Asking, question
from reviewlens.insights.comparison import Difference
from reviewlens.insights.comparison.question import compare_texts

if TYPE_CHECKING:
    from reviewlens.ground.estimates import Estimate
    from reviewlens.insights.comparison import Comparison, Difference

_COLUMN = 9


@question(compare_texts, "compare")
@click.option("--details", is_flag=True, help="Show intervals, p-values, more quotes, the prior.")
def compare(asking: Asking, /, *, details: bool) -> None:
    """Tell which themes and words are more of the reviews A than of the reviews B.

    A and B are filters, several joined by ' and ': rating=1..2, since=2026-07, until=2026-07-15,
    product=Kettle,Lamp, source=NAME, language=de, cluster=3, or a condition on any ingested column
    (version!=2.1, delay>=3). Without B, A is compared with all other reviews. The options filter
    both sides.

    Such as: reviewlens compare until=2026-07-31 since=2026-08
    """
    result = asking.answer(lambda selection: selection.compare_texts)
    rows = (*result.themes, *result.words)
    if asking.format != "table":
        print_rows(result, rows, asking.format, flat=_flat, header=_header())
    else:
        _print_comparison(result, details=details)


# -- csv -----------------------------------------------------------------------------------------

_ESTIMATES = ("share_a", "share_b", "difference", "log_odds")


def _flat(row: Difference) -> dict[str, Any]:
    """Return a row whose estimates have a column for each of their figures."""
    return spread_estimates(asdict(row), _ESTIMATES)


def _header() -> list[str]:
    return spread_names(Difference.__dataclass_fields__, _ESTIMATES)


# -- the table -----------------------------------------------------------------------------------


def _print_comparison(result: Comparison, *, details: bool) -> None:
    _print_sides(result, details=details)
    if result.themes:
        _print_list(
            "All themes" if details else "Themes that differ",
            [theme for theme in result.themes if theme.significant or details],
            f"none of {len(result.themes)}, beyond chance",
            details=details,
        )
    for letter in "AB":
        words = [word for word in result.words if word.more == letter.lower()]
        _print_list(f"Words that {letter} says more", words, "none, beyond chance", details=details)
    if details:
        click.echo()
        figures = {
            "words looked at": result.terms,
            "different texts": f"A {result.a.texts:,}, B {result.b.texts:,}",
            "mentions": f"A {result.a.mentions:,}, B {result.b.mentions:,}",
            "prior, in mentions": f"{result.prior_size:,.0f}",
            "on both sides": result.shared,
        }
        print_pairs("How words were compared", figures)


def _print_sides(result: Comparison, *, details: bool) -> None:
    sides = {"A": result.a, "B": result.b}
    for letter, side in sides.items():
        print_indented(f"{letter}: {side.name}", 0, bold=True)
    click.echo()
    _print_row("", "A", "B")
    _print_row("reviews", f"{result.a.reviews:,}", f"{result.b.reviews:,}")
    _print_row("mean stars", _stars(result.a.stars), _stars(result.b.stars))
    if result.stars is not None:
        print_indented(_apart(result.stars), 4, fg="cyan")
    for letter, side in sides.items():
        if details and side.stars is not None:
            stars = interval(side.stars, ".2f")
            print_indented(f"{letter} {stars}, of {side.rated:,} with stars", 4, fg="cyan")


def _print_list(title: str, differences: Sequence[Difference], none: str, *, details: bool) -> None:
    click.echo()
    click.echo(click.style(title, bold=True))
    for one in differences:
        _print_difference(one, details=details)
    if not differences:
        print_indented(none, 2)


def _print_difference(one: Difference, *, details: bool) -> None:
    _print_row(one.name, f"{one.share_a.value:.1%}", f"{one.share_b.value:.1%}")
    quotes = [("A", quote) for quote in one.quotes_a]
    others = [("B", quote) for quote in one.quotes_b]
    quotes = [*others, *quotes] if one.more == "b" else [*quotes, *others]
    if details:
        _print_details(one)
    for letter, quote in quotes if details else quotes[:1]:
        print_indented(f"{letter} {said(quote)}" if details else said(quote), 4, most=2)


def _print_details(one: Difference) -> None:
    counts = f"A {one.reviews_a:,} ({_range(one.share_a)}), B {one.reviews_b:,}"
    print_indented(
        f"{counts} ({_range(one.share_b)}); A less B {interval(one.difference, '+.1%')}", 4
    )
    chance = f"p {one.p:.2g}, corrected {one.p_adjusted:.2g}"
    if one.log_odds is not None:
        chance += f"; log-odds ratio {interval(one.log_odds, '+.2f')}, z {one.z:+.2f}"
    elif not one.significant:
        chance += ": may be chance"
    print_indented(chance, 4, fg="cyan")


def _apart(stars: Estimate) -> str:
    if stars.low <= 0 <= stars.high:
        return f"no difference beyond chance: A less B {interval(stars, '+.2f')}"
    more, ends = (
        ("A", (stars.low, stars.high)) if stars.value > 0 else ("B", (-stars.high, -stars.low))
    )
    return f"{more} has {abs(stars.value):.2f} more ({ends[0]:.2f} to {ends[1]:.2f})"


def _range(figure: Estimate) -> str:
    return f"{figure.low:.1%} to {figure.high:.1%}"


def _stars(stars: Estimate | None) -> str:
    return "none" if stars is None else f"{stars.value:.2f}"


def _print_row(name: str, a: str, b: str) -> None:
    """Print a name and what stands beside it on each side, in two columns at the right."""
    room = terminal_width() - 2 * _COLUMN - 2
    lines = wrapped(name, room) or [""]
    for line in lines[:-1]:
        click.echo(f"  {line}")
    click.echo(f"  {padded(lines[-1], room)}{a:>{_COLUMN}}{b:>{_COLUMN}}".rstrip())
