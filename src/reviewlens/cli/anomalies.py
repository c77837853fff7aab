"""`anomalies`: reviews unlike the rest, and why."""

from __future__ import annotations

import click

from reviewlens.cli.figures import stars
from reviewlens.cli.output import (
    print_indented,
    print_numbered,
    print_pairs,
    print_rows,
    terminal_width,
    wrapped,
)
from reviewlens.cli.questions import Asking, question
from reviewlens.insights.anomalies import Anomaly
from reviewlens.insights.anomalies.question import anomalies as anomalies_question


@question(anomalies_question)
@click.option("--details", is_flag=True, help="Show distances, unusual words and neighbours.")
def anomalies(asking: Asking, /, *, details: bool) -> None:
    """List the reviews that are most unlike the rest, each with why."""
    result = asking.answer()
    if asking.format != "table":
        print_rows(
            result, result.anomalies, asking.format, header=list(Anomaly.__dataclass_fields__)
        )
    else:
        click.echo(f"{len(result)} of {result.reviews:,} reviews, most unlike the rest first")
        for number, anomaly in enumerate(result.anomalies, start=1):
            _print_anomaly(number, anomaly, details=details)
        click.echo()
        counts = {kind: count for kind, count in result.kinds.items() if count}
        print_pairs("Of all these reviews", counts)
        if details:
            told = "not compared" if result.stars_told is None else f"{result.stars_told:.2f}"
            figures = {
                "distinct texts": result.texts,
                "neighbours compared": result.neighbors,
                "languages": result.languages,
                "stars told from text (ROC AUC)": told,
            }
            print_pairs("Looked at", figures)


def _print_anomaly(number: int, anomaly: Anomaly, *, details: bool) -> None:
    width = terminal_width() - 5
    when = (anomaly.time or "undated")[:10]
    facts = [f"{anomaly.score:.3f}", stars(anomaly.stars), when, anomaly.product, anomaly.review_id]
    print_numbered(number, " · ".join(fact for fact in facts if fact), fg="cyan")
    for reason in anomaly.reasons:
        print_indented(f"{reason.kind}: {reason.text}", fg="yellow")
    for part in wrapped(anomaly.text, width)[:3]:
        click.echo(" " * 5 + part)
    if not details:
        return
    theme = (
        "" if anomaly.theme_similarity is None
        else f"{anomaly.theme_label or anomaly.theme} ({anomaly.theme_similarity:.2f})"
    )  # fmt: skip
    figures = {
        "distance": f"{anomaly.distance:.3f}, local outlier factor {anomaly.lof:.2f}",
        "length": f"{anomaly.words} words, {anomaly.characters} characters",
        "language": anomaly.language,
        "copies": anomaly.copies if anomaly.copies > 1 else None,
        "unusual words": anomaly.unusual_words,
        "nearest theme": theme,
    }
    shown = {name: value for name, value in figures.items() if value}
    lines = [
        f"{name}: {', '.join(value) if isinstance(value, tuple) else value}"
        for name, value in shown.items()
    ]
    lines += [
        f"nearest {neighbor.similarity:.2f} {neighbor.review_id}: {' '.join(neighbor.text.split())}"
        for neighbor in anomaly.neighbors
    ]
    for line in lines:
        click.echo(" " * 7 + click.style(wrapped(line, width - 2)[0], dim=True))
