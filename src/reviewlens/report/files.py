"""Writing a report to a file, by its ending."""

from __future__ import annotations

from pathlib import Path

from reviewlens.files.outputs import check_file, check_package, written
from reviewlens.report.html import as_html
from reviewlens.report.markdown import as_markdown
from reviewlens.report.results import Report
from reviewlens.report.xlsx import as_xlsx

ENDINGS = (".html", ".md", ".xlsx")


def check_output(file: str | Path) -> None:
    """Tell at once what `write_report` would only tell when all is computed.

    Raises:
        InputError: The ending is unknown, or the file cannot be there.
        MissingExtra: The format needs a package that is not installed.
    """
    check_file(file, ENDINGS)
    if Path(file).suffix.lower() == ".xlsx":
        check_package("xlsxwriter", "xlsx", "writing XLSX")


def write_report(report: Report, file: str | Path) -> None:
    """Write a report; the file appears under its name only when it is whole.

    Args:
        report: What to write.
        file: `.html` for one page without scripts or network, `.md` or `.xlsx`.

    Raises:
        InputError: The ending is unknown, or the file cannot be written.
        MissingExtra: The format needs a package that is not installed.
    """
    check_output(file)
    ending = Path(file).suffix.lower()
    if ending == ".xlsx":
        content = as_xlsx(report)
    else:
        content = (as_html if ending == ".html" else as_markdown)(report).encode("utf-8", "replace")
    with written(file) as stream:
        stream.write(content)
