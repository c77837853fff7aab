"""`evaluate`: how well the user's own reviews are found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from reviewlens.cli.output import print_rows, spread_estimates, terminal_width, wrapped
from reviewlens.cli.questions import Asking, question
from reviewlens.evaluation.question import evaluate_by

if TYPE_CHECKING:
    from reviewlens.evaluation import Evaluation, Figure
    from reviewlens.ground.estimates import Estimate

_TASKS = {
    "index": "The index against exact search",
    "self-retrieval": "A sentence finds its review",
    "title": "A title finds its text",
    "neighbors": "The ten nearest reviews agree",
}
_MEASURES = {
    "recall@1": "first",
    "recall@10": "among the first 10",
    "mrr@10": "MRR@10",
    "ndcg@10": "nDCG@10",
    "same_stars": "in stars",
    "same_product": "in product",
}


@question(evaluate_by, "evaluate")
def evaluate(asking: Asking, /) -> None:
    """Measure how well reviews are found: index, sentences, titles, neighbours.

    The collection is not changed.
    """
    own = asking.settings.encoder
    if not asking.arguments["encoders"] and own:
        asking.arguments["encoders"] = (own,)
    asking.settings = replace(asking.settings, encoder=None)
    found = asking.answer()
    if asking.format != "table":
        print_rows(found, found.figures, asking.format, flat=_flat)
    else:
        _print(found)


def _flat(figure: Figure) -> dict[str, Any]:
    return spread_estimates(asdict(figure), ("estimate", "difference"))


def _print(found: Evaluation) -> None:
    width = terminal_width()
    drawn = f"{found.sampled:,} of {found.reviews:,} reviews, {found.texts:,} different texts"
    click.echo(f"{drawn}; in brackets 95 % intervals")
    for task, figures in groupby(found.figures, key=lambda figure: figure.task):
        click.echo()
        rows = list(figures)
        asked = f" ({rows[0].queries:,} asked)"
        click.echo(click.style(_TASKS[task] + asked, bold=True))
        for line in _lines(rows, width):
            click.echo(line)
    if found.skipped:
        click.echo()
        click.echo("Not asked:")
    for skipped in found.skipped:
        what = _MEASURES.get(skipped.what, skipped.what)
        name = f"{_TASKS[skipped.task]}, {what}" if what else _TASKS[skipped.task]
        for place, line in enumerate(wrapped(f"{name}: {skipped.reason}", width - 4)):
            click.echo(("  " if place == 0 else "    ") + line)


def _lines(figures: list[Figure], width: int) -> Iterator[str]:
    for measure, rows in groupby(figures, key=lambda figure: figure.measure):
        own = list(rows)
        several = len(own) > 1
        name = _MEASURES.get(measure, measure)
        chance = "" if own[0].chance is None else f"; by chance {own[0].chance:.3f}"
        if not several:
            yield f"  {name:<19}  {_shown(own[0].estimate)}{chance}"
            continue
        yield f"  {name}{chance}"
        for figure in own:
            way = figure.encoder if figure.mode == "dense" else f"{figure.encoder}, {figure.mode}"
            room = max(20, width - 52)
            way = way if len(way) <= room else "…" + way[-room + 1 :]
            apart = "" if figure.difference is None else _apart(figure.difference)
            yield f"    {way:<{room}}  {_shown(figure.estimate)}  {apart}".rstrip()


def _shown(estimate: Estimate) -> str:
    return f"{estimate.value:.3f} ({estimate.low:.3f}-{estimate.high:.3f})"


def _apart(difference: Estimate) -> str:
    """Return a difference, and whether its interval leaves 0 out."""
    told = "better" if difference.low > 0 else "worse" if difference.high < 0 else "no difference"
    return f"{difference.value:+.3f}, {told}"
