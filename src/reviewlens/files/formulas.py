"""Cells that a spreadsheet would run as formulas: defused, and armed again."""

from __future__ import annotations

import re
from typing import Any

_FORMULA = re.compile(
    r"""[\s"'`\u00b4\u2018-\u201f\u00ab\u00bb\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]"""
    r"""|["'`\u00b4\u2018-\u201f\u00ab\u00bb]*[\x00-\x1f\x7f-\x9f]"""
)
"""What a spreadsheet may run, or skips before what it runs: a sign of formulas, plain or of full
width, also behind blanks, quotes and what is not seen; or a control character."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def defused(value: Any) -> Any:  # noqa: ANN401 - any cell
    """Return a cell that no spreadsheet runs as a formula: one apostrophe is put before it.

    Numbers, and texts that are one, such as `-5`, stay as they are. A text that has an apostrophe
    before what would be run gets another one, so that what was put is told from what was there: of
    a cell that begins with an apostrophe, and would be defused without it, the apostrophe is ours.

    Source: OWASP, "CSV Injection", which names `=`, `+`, `-`, `@`, tab, CR, LF and the signs of
        full width; other control characters and leading blanks and quotes are skipped by some
        programs before they look.
    """
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return "'" + value
    return value


def armed(cell: str) -> str:
    """Return a cell as it was before it was `defused`."""
    if cell.startswith("'") and defused(cell[1:]) != cell[1:]:
        return cell[1:]
    return cell
