"""`search --count`: how many reviews say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.output import print_csv, print_json, print_json_lines, terminal_width
from reviewlens.cli.questions import Asking
from reviewlens.document import wrapped
from reviewlens.ground.phrases import interval, padded

if TYPE_CHECKING:
    from reviewlens.search import CountGroup, MatchCount

_BAR = 24
_SHOWN = 12


def count_queries(asking: Asking, texts: Sequence[str]) -> None:
    """Print how many reviews say each text."""
    least, format_ = asking.arguments["min_similarity"], asking.format
    with asking.settings.open() as corpus:
        selection = asking.selection(corpus)
        counts = [selection.count_matches(text, min_similarity=least) for text in texts]
    for note in dict.fromkeys(note for count in counts for note in count.notes):
        Messages.current.note(note)
    if format_ == "json":
        print_json(counts[0] if len(counts) == 1 else [asdict(count) for count in counts])
    elif format_ == "jsonl":
        print_json_lines(counts)
    elif format_ == "csv":
        print_csv(
            [{"query": count.query, **asdict(group)} for count in counts for group in count.groups],
            header=["query", "by", "value", "reviews", "stars"],
        )
    else:
        for number, count in enumerate(counts):
            if number:
                click.echo()
            _print_count(count)


def _print_count(count: MatchCount) -> None:
    for line in wrapped(count.query, terminal_width()):
        click.echo(click.style(line, bold=True))
    if not count.answered:
        click.echo(f"No review says this, of {count.of:,}.")
    else:
        least = "" if count.complete else "at least "
        click.echo(
            f"{least}{count.reviews:,} of {count.of:,} reviews counted, from a cosine of "
            f"{count.min_similarity:.2f} on"
        )
    if count.share is not None and count.estimated is not None:
        share, number = count.share, count.estimated
        click.echo(
            f"estimated  {interval(share)}: "
            f"{number.value:,.0f} reviews ({number.low:,.0f} to {number.high:,.0f})"
        )
    if count.stars is not None:
        click.echo(f"stars      {interval(count.stars, '.2f')}")
    for by in ("month", "product"):
        _print_groups(by, [group for group in count.groups if group.by == by])


def _print_groups(by: str, groups: Sequence[CountGroup]) -> None:
    if not any(group.value for group in groups):
        return
    width = terminal_width() - _BAR - 20
    names = 8 if by == "month" else min(width, max(len(group.value) for group in groups) + 4)
    click.echo()
    click.echo(click.style(f"{padded(by, names)} {'reviews':>8} {'stars':>6}", bold=True))
    most = max(group.reviews for group in groups)
    shown = groups[-_SHOWN:] if by == "month" else groups[:_SHOWN]
    for group in shown:
        stars = "" if group.stars is None else f"{group.stars:.2f}"
        bar = "█" * max(1, round(group.reviews / most * _BAR))
        name = padded(group.value or "(none)", names)
        click.echo(f"{name} {group.reviews:>8,} {stars:>6}  {bar}")
    if len(groups) > len(shown):
        which = "earlier months" if by == "month" else "products"
        click.echo(f"… and {len(groups) - len(shown)} more {which}: -f json")
