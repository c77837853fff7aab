"""`trends`: what is said how often over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.output import print_indented, print_rows, spread_estimates, terminal_width
from reviewlens.cli.questions import Asking, question
from reviewlens.document import wrapped
from reviewlens.ground.phrases import interval, padded
from reviewlens.insights.trends.question import trends_of

if TYPE_CHECKING:
    from reviewlens.ground.estimates import Estimate
    from reviewlens.insights.trends import Trend, TrendGroup, Trends
    from reviewlens.results import Quote

_BARS = "▁▂▃▄▅▆▇█"
_NARROWEST_NAME = 20
_FIGURES = 23  # columns that reviews, latest share and the arrow take, with the gaps


@question(trends_of, "trends")
@click.option("--details", is_flag=True, help="Every period with intervals and p-values.")
def trends(asking: Asking, /, *, details: bool) -> None:
    """Count what is said over time: themes, a column or a phrase, and what has changed."""
    if asking.arguments["by"] is not None and asking.arguments["query"]:
        raise click.UsageError("give --by or --query, not both")
    result = asking.answer()
    n = asking.arguments["drawn"]
    for note in _notes(result):
        Messages.current.note(note)
    if asking.format != "table":
        print_rows(result, result.trends, asking.format, flat=_flat)
    else:
        _print_trends(result, n, details=details)


def _notes(result: Trends) -> list[str]:
    notes = []
    if result.undated:
        notes.append(f"{result.undated:,} of {result.reviews:,} reviews have no date")
    if result.without_across:
        notes.append(f"{result.without_across:,} reviews have no {result.across} to cross with")
    if result.without_group and result.min_similarity is None:
        notes.append(
            f"{result.without_group:,} dated reviews have no {result.by}; they count among all of "
            "a period"
        )
    if result.groups_left_out:
        notes.append(
            f"left out as of fewer than {result.min_reviews} dated reviews: "
            f"{result.groups_left_out:,} of {result.by}"
        )
    return notes


def _flat(row: Trend) -> dict[str, Any]:
    """Give each figure of an estimate a column of its own, and the quotes' ids one."""
    flat = spread_estimates(asdict(row), ("share", "stars", "change"))
    del flat["quotes"]
    flat["quotes"] = " ".join(quote.review_id for quote in row.quotes)
    return flat


# -- the table -----------------------------------------------------------------------------------


def _print_trends(result: Trends, n: int, *, details: bool) -> None:
    width = terminal_width()
    first, last = result.periods[0].period, result.periods[-1].period
    dated = sum(one.reviews for one in result.periods)
    span = first if first == last else f"{first} to {last}"
    print_indented(f"{dated:,} reviews by {result.period}, {span}", 0)
    figures = _FIGURES + len(last)
    seen = min(len(result.periods), width - figures - _NARROWEST_NAME)
    if seen < len(result.periods):
        click.echo(f"the lines show the last {seen} of {len(result.periods)} periods")
    names = list(dict.fromkeys(group.group for group in result.groups))
    widest = width - figures - seen
    click.echo()
    latest = "latest" if len(result.periods) > 1 else "share"
    heading = f"{padded(result.by, widest)}  {'':<{seen}} {'reviews':>8} {latest:>7}  change"
    click.echo(click.style(heading, bold=True))
    rows: dict[tuple[str, str | None], list[Trend]] = {}
    for row in result.trends:
        rows.setdefault((row.group, row.within), []).append(row)
    shown = set(names[:n])
    before = None
    for group in result.groups:
        if group.group not in shown:
            continue
        if group.within is not None and group.group != before:
            print_indented(group.group, 0)
        before = group.group
        own = rows[group.group, group.within]
        _print_group(_within(group, result), own, group, widest, seen)
        if details:
            _print_details(own)
            _print_point(group)
    if len(names) > n:
        click.echo(f"… and {len(names) - n} more: -n {len(names)}, or -f csv")
    _print_changes(result, n)


def _print_group(
    within: str, rows: Sequence[Trend], group: TrendGroup, width: int, seen: int
) -> None:
    indent = "  " if within else ""
    lines = wrapped(within or group.group, width - len(indent))
    latest = "" if group.latest is None else f"{group.latest.value:.1%}"
    line = f"{padded(indent + lines[0], width)}  {_spark(rows[-seen:])} "
    click.echo(f"{line}{group.reviews:>8,} {latest:>7}  {_arrow(group, rows)}".rstrip())
    for more in lines[1:]:
        click.echo(indent + more)


def _within(one: TrendGroup | Trend, result: Trends) -> str:
    if one.within is None or result.across != "stars":
        return one.within or ""
    return "1 star" if one.within == "1" else f"{one.within} stars"


def _spark(rows: Sequence[Trend]) -> str:
    """Return a bar for each period: the share against the largest, blank without reviews."""
    most = max((row.share.value for row in rows if row.share), default=0.0)
    bars = ""
    for row in rows:
        if row.share is None:
            bars += " "
        elif row.reviews == 0:
            bars += _BARS[0]
        else:
            bars += _BARS[max(1, round(row.share.value / most * (len(_BARS) - 1)))]
    return bars


def _arrow(group: TrendGroup, rows: Sequence[Trend]) -> str:
    """Return the group's significant change: since when, else the last from period to period."""
    point = group.change_point
    if point is not None and point.significant:
        return f"{_sign(point.change)} {point.period}"
    changed = [row for row in rows if row.significant and row.change is not None]
    return f"{_sign(changed[-1].change)} {changed[-1].period}" if changed else ""


def _sign(change: Estimate | None) -> str:
    return "▲" if change is not None and change.value > 0 else "▼"


def _print_changes(result: Trends, n: int) -> None:
    """Say of each significant change how large it is, and let reviews speak."""
    found: list[tuple[float, str, tuple[Quote, ...]]] = []
    for group in result.groups:
        point = group.change_point
        if point is not None and point.significant:
            text = (
                f"{_sign(point.change)} {_name(group, result)}: {point.before.value:.1%} before "
                f"{point.period}, {point.since.value:.1%} since "
                f"({point.reviews:,} of {point.of:,} reviews)"
            )
            found.append((point.p_adjusted, text, point.quotes))
    for row in result.trends:
        if row.significant and row.change is not None and row.share is not None:
            text = (
                f"{_sign(row.change)} {_name(row, result)}: {row.share.value:.1%} in {row.period} "
                f"({row.reviews:,} of {row.of:,} reviews), {row.change.value * 100:+.1f} points "
                f"against the {result.period} before"
            )
            found.append((row.p_adjusted or 0.0, text, row.quotes))
    click.echo()
    if not found:
        click.echo("No change is more than chance may make.")
    for _, text, quotes in sorted(found, key=lambda one: one[0])[:n]:
        print_indented(text, 0)
        for quote in quotes[:1]:
            _print_quote(quote)
    if len(found) > n:
        click.echo(f"… and {len(found) - n} more: -f json")


def _name(one: TrendGroup | Trend, result: Trends) -> str:
    return " · ".join(part for part in (one.group, _within(one, result)) if part)


def _print_quote(quote: Quote) -> None:
    """Print two lines at most, with the review's id at their end."""
    width = terminal_width() - 2
    text, end = " ".join(quote.text.split()), f"” {quote.review_id}"
    room = len(text)
    lines = wrapped(f"“{text}{end}", width)
    while len(lines) > 2 and room:
        room = min(room, 2 * width) - min(room, 5)
        # Chinese has no spaces to cut at.
        words = text[:room].rpartition(" ")[0]
        cut = words if len(words) > room - 20 else text[:room]
        lines = wrapped(f"“{cut}…{end}", width)
    for line in lines:
        click.echo(f"  {line}")


def _print_details(rows: Sequence[Trend]) -> None:
    heads = ("reviews", "share %", "stars", "change", "p adj.")
    name, *widths = len(rows[0].period), 11, 16, 12, 19, 6
    cells = [f"{head:>{width}}" for head, width in zip(heads, widths, strict=True)]
    click.echo(click.style(f"  {'':<{name}} {' '.join(cells)}", dim=True))
    for row in rows:
        count = f"{row.reviews:,}/{row.of:,}"
        share = "" if row.share is None else _figure(row.share, 100)
        stars = "" if row.stars is None else _figure(row.stars)
        change = "" if row.change is None else _figure(row.change, 100, sign="+")
        p = "" if row.p_adjusted is None else f"{row.p_adjusted:.3f}"
        mark = "*" if row.significant else ""
        figures = (count, share, stars, change, p)
        cells = [f"{figure:>{width}}" for figure, width in zip(figures, widths, strict=True)]
        line = f"  {row.period} {' '.join(cells)}{mark}"
        click.echo(line.rstrip())


def _figure(estimate: Estimate, times: int = 1, *, sign: str = "") -> str:
    value, low, high = (one * times for one in (estimate.value, estimate.low, estimate.high))
    return f"{value:{sign}.1f} {low:{sign}.1f}–{high:{sign}.1f}"


def _print_point(group: TrendGroup) -> None:
    point = group.change_point
    if point is None:
        return
    text = (
        f"clearest point {point.period}: {interval(point.before)} before, "
        f"{interval(point.since)} since, p adj. {point.p_adjusted:.2g}"
    )
    print_indented(text, 2)
