"""`export`: reviews as a file."""

from __future__ import annotations

from pathlib import Path

import click

from reviewlens.cli.options import FORMATS
from reviewlens.cli.output import print_result
from reviewlens.cli.questions import Asking, question
from reviewlens.corpus import Selection
from reviewlens.files.outputs import EXPORT_FORMATS


@question(Selection.export, leave=("file",), formats=False)
@click.argument("file", required=False)
@click.option("--vectors", is_flag=True, help="Add the column embedding, one vector a review.")
@click.option(
    "--vector-columns", is_flag=True, help="Add each number of it as a column: embedding_0, …"
)
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="Without FILE, or where its ending tells no format: csv or jsonl. Else how the report is "
    "printed.",
)
def export(
    asking: Asking,
    /,
    *,
    file: str | None,
    vectors: bool,
    vector_columns: bool,
    format_: str | None,
) -> None:
    """Write reviews to FILE, by its ending: .csv, .jsonl, .parquet or .xlsx."""
    if (file is None or file == "-") and format_ not in ("csv", "jsonl"):
        raise click.UsageError("give FILE, or -f csv or -f jsonl to write to stdout")
    ending = Path(file or "-").suffix.lstrip(".").lower()
    told = format_ in ("csv", "jsonl") and ending not in EXPORT_FORMATS
    asking.arguments |= {
        "file": file or "-",
        "vectors": "columns" if vector_columns else vectors,
        "format": format_ if told else None,
    }
    report = asking.answer()
    if not told:
        print_result(report, format_ or "table")
