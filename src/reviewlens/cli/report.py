"""`report`: one page for a period's meeting."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from reviewlens.cli.messages import Messages
from reviewlens.cli.output import print_rows, spread_estimates, spread_names, terminal_width
from reviewlens.cli.questions import Asking, question
from reviewlens.document import wrapped
from reviewlens.report import ReportTheme
from reviewlens.report.question import report as report_question

if TYPE_CHECKING:
    from reviewlens.report import Claim, Report, ReportTheme

_ESTIMATES = ("share", "share_before", "change", "stars")
_LEFT_OUT = ("history", "since", "quotes", "review_ids")


@question(report_question)
def report(asking: Asking, /) -> None:
    r"""Write one page for a period's meeting: what came, what changed, what is odd.

    The reviews of a period are compared with those of the period before: how many, how many stars,
    which themes, with intervals, quotes and review ids. Reviews of after the period are left out.

    \b
    reviewlens report -o october.html
    reviewlens report --period quarter --of 2026-Q3 -o q3.html -o q3.xlsx
    """
    result = asking.answer()
    for output in asking.arguments["outputs"]:
        Messages.current.note(f"written: {output}")
    if asking.format != "table":
        print_rows(result, result.themes, asking.format, flat=_flat, header=_header())
    else:
        _print_report(result)


# -- csv -------------------------------------------------------------------------------------------


def _flat(theme: ReportTheme) -> dict[str, Any]:
    """Give each figure of an estimate a column of its own, and the ids one."""
    told = {name: value for name, value in asdict(theme).items() if name not in _LEFT_OUT}
    flat = spread_estimates(told, _ESTIMATES)
    flat["since"] = None if theme.since is None else theme.since.period
    return flat | {"review_ids": " ".join(theme.review_ids)}


def _header() -> list[str]:
    names = [name for name in ReportTheme.__dataclass_fields__ if name not in _LEFT_OUT]
    return [*spread_names(names, _ESTIMATES), "since", "review_ids"]


# -- the table -------------------------------------------------------------------------------------


def _print_report(result: Report) -> None:
    heading = f"{result.name}, {result.first} to {result.last}, against {result.name_before}"
    click.echo(click.style(heading, bold=True))
    for claim in result.claims:
        click.echo()
        _print_claim(claim)


def _print_claim(claim: Claim) -> None:
    for line in wrapped(claim.text, terminal_width()):
        click.echo(line)
    for quote in claim.quotes[:1]:
        words = " ".join(quote.text.split()).split(" ")
        said = f"“{' '.join(words)}” {quote.review_id}"
        lines = wrapped(said, terminal_width() - 2)
        while len(lines) > 2 and len(words) > 1:
            words.pop()
            lines = wrapped(f"“{' '.join(words)} …” {quote.review_id}", terminal_width() - 2)
        for line in lines:
            click.echo("  " + click.style(line, fg="cyan"))
