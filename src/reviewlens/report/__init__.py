"""One page for a period's meeting: what came, what changed, what is odd, and how it is known."""

from reviewlens.report.choosing import Chosen, choose_period, up_to
from reviewlens.report.gathering import make_report
from reviewlens.report.results import (
    Claim,
    CopiedReviews,
    Oddity,
    Part,
    Report,
    ReportTheme,
)
from reviewlens.report.writing import ENDINGS, check_output, write_report

__all__ = [
    "ENDINGS",
    "Chosen",
    "Claim",
    "CopiedReviews",
    "Oddity",
    "Part",
    "Report",
    "ReportTheme",
    "check_output",
    "choose_period",
    "make_report",
    "up_to",
    "write_report",
]
