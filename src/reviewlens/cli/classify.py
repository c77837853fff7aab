"""`classify`: reviews by labels given as words, by examples, or by a saved model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reviewlens.cli.figures import interval, mean_stars, said
from reviewlens.cli.output import (
    OutputFile,
    print_indented,
    print_pairs,
    print_rows,
    terminal_width,
    write_assignments,
)
from reviewlens.cli.questions import Asking, question
from reviewlens.insights.classification.question import classify as classify_question

if TYPE_CHECKING:
    from reviewlens.insights.classification import Classification, Figures, LabelSummary

_NO_LABEL = "(no label)"
_SHOWN_LABELS = 12
_SHORT = 4


@question(classify_question)
@click.option(
    "--labels",
    multiple=True,
    metavar="LABEL",
    help="'name: what a review under it says', or a name alone; repeated for each label.",
)
@click.option(
    "--assignments",
    type=OutputFile("the labels"),
    metavar="FILE",
    help="Write review_id, label and confidence of each as CSV.",
)
@click.option("--details", is_flag=True, help="Show how good the labels are, and how they came.")
def classify(
    asking: Asking, /, *, labels: tuple[str, ...], assignments: str | None, details: bool
) -> None:
    """Give each review a label, by words, by examples, or as a saved model does."""
    given = asking.arguments
    ways = ("column", "examples", "stars", "model")
    if bool(labels) + sum(bool(given[way]) for way in ways) != 1:
        raise click.UsageError("give one of --labels, --column, --examples, --stars and --model")
    given |= {"labels": labels or None, "separator": given["separator"].replace("\\n", "\n")}
    result = asking.answer()
    if assignments is not None:
        rows = [(row.review_id, row.label or "", row.confidence) for row in result.rows]
        write_assignments(assignments, "the labels", ("review_id", "label", "confidence"), rows)
    if asking.format != "table":
        print_rows(result, result.rows, asking.format)
    else:
        _print_labels(result, details=details)


def _print_labels(result: Classification, *, details: bool) -> None:
    head = [f"{result.reviews:,} reviews"]
    if result.given:
        head.append(f"{result.given:,} came with their label")
    if result.figures is not None:
        figures = result.figures
        head.append(f"on unseen texts {interval(figures.accuracy, '.0%')} of the labels are right")
        if figures.mean_absolute_error is not None:
            head.append(f"{figures.mean_absolute_error.value:.2f} stars off on average")
    print_indented("; ".join(head), 0)
    for summary in result.labels:
        _print_label(summary, details=details)
    if details and result.figures is not None:
        _print_figures(result.figures, result)


def _print_label(summary: LabelSummary, *, details: bool) -> None:
    click.echo()
    click.echo(click.style(_NO_LABEL if summary.label is None else summary.label, bold=True))
    facts = [f"{summary.reviews:,} reviews", interval(summary.share, ".0%")]
    if summary.mean_stars is not None:
        facts.append(mean_stars(summary.mean_stars, details=details))
    if details and summary.given:
        facts.append(f"{summary.given:,} given")
    print_indented(" · ".join(facts), fg="cyan")
    if summary.quote is not None:
        print_indented(said(summary.quote), most=2)


def _print_figures(figures: Figures, result: Classification) -> None:
    click.echo()
    error = figures.mean_absolute_error
    print_pairs(
        "How good they are, on texts that were not learnt from",
        {
            "examples": f"{figures.examples:,} with {figures.texts:,} distinct texts, in "
            f"{figures.folds} folds",
            "accuracy": f"{interval(figures.accuracy, '.2f')}; always the commonest "
            f"{figures.majority:.2f}",
            "macro-F1": interval(figures.macro_f1, ".2f"),
            "stars off": "" if error is None else interval(error, ".2f"),
            "confidence off": f"{figures.calibration_error:.3f} on average; Brier "
            f"{figures.brier:.3f}",
            "threshold": result.settings.get("threshold"),
        },
    )
    click.echo()
    _print_table(
        ["label", "precision", "recall", "F1", "examples"],
        [
            [one.label, f"{one.precision:.2f}", f"{one.recall:.2f}", f"{one.f1:.2f}",
             f"{one.support:,}"]
            for one in figures.classes
        ],
    )  # fmt: skip
    if figures.confusion and len(figures.labels) <= _SHOWN_LABELS:
        click.echo()
        click.echo("True label (rows) and predicted label (columns, in the same order)")
        short = all(len(label) <= _SHORT for label in figures.labels)
        names = [f"{place} {label}" for place, label in enumerate(figures.labels, start=1)]
        _print_table(
            ["", *(figures.labels if short else map(str, range(1, len(names) + 1)))],
            [
                [name, *map(str, row)]
                for name, row in zip(
                    figures.labels if short else names, figures.confusion, strict=True
                )
            ],
        )
    click.echo()
    rows = [
        [one.method + (", balanced" if one.balanced else "") + (" *" if one.chosen else ""),
         "" if one.strength is None else f"{one.strength:g}",
         f"{one.accuracy:.3f}", f"{one.macro_f1:.3f}", f"{one.log_loss:.3f}"]
        for one in figures.candidates
    ]  # fmt: skip
    _print_table(["method (* taken)", "strength", "accuracy", "macro-F1", "log loss"], rows)


def _print_table(header: list[str], rows: list[list[str]]) -> None:
    """Print a table whose first column is of text, cut to what is left of the terminal."""
    widths = [max(len(row[place]) for row in [header, *rows]) for place in range(1, len(header))]
    room = max(8, terminal_width() - 2 - sum(width + 2 for width in widths))
    first = min(room, max(len(row[0]) for row in [header, *rows]))
    for row in [header, *rows]:
        cells = "".join(f"  {cell:>{width}}" for cell, width in zip(row[1:], widths, strict=True))
        name = row[0] if len(row[0]) <= first else row[0][: first - 1] + "…"
        click.echo(f"  {name:<{first}}{cells}")
