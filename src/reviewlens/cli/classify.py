"""`classify`: reviews by labels given as words, by examples, or by a saved model."""

from __future__ import annotations

import click

from reviewlens.cli.output import OutputFile, write_assignments
from reviewlens.cli.questions import Asking, question
from reviewlens.corpus import Selection


@question(Selection.classify)
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
def classify(asking: Asking, /, *, labels: tuple[str, ...], assignments: str | None) -> None:
    """Give each review a label, by words, by examples, or as a saved model does."""
    given = asking.arguments
    given |= {"labels": labels or None, "separator": given["separator"].replace("\\n", "\n")}
    result = asking.answer()
    if assignments is not None:
        rows = [(row.review_id, row.label or "", row.confidence) for row in result.rows]
        write_assignments(assignments, "the labels", ("review_id", "label", "confidence"), rows)
    asking.show(result)
