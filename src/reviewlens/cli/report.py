"""`report`: one page for a period's meeting."""

from __future__ import annotations

import sys

from reviewlens.cli.messages import Messages
from reviewlens.cli.questions import Asking, question
from reviewlens.corpus import Selection
from reviewlens.report import Report, ReportTheme
from reviewlens.results.tables import CsvTable, flat_rows

_LEFT_OUT = ("history", "since_", "quotes")


@question(Selection.report)
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
    if asking.format == "csv":
        _print_csv(result)
    else:
        asking.show(result)


def _print_csv(result: Report) -> None:
    """Print the themes without what makes no cell: history, quotes, how `since` was found."""
    header, rows = flat_rows(result.themes, ReportTheme)
    header[header.index("since_period")] = "since"
    kept = [at for at, name in enumerate(header) if not name.startswith(_LEFT_OUT)]
    table = CsvTable(sys.stdout, [header[at] for at in kept])
    table.write([row[at] for at in kept] for row in rows)
