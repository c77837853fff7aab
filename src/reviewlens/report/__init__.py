"""One page for a period's meeting: what came, what changed, what is odd, and how it is known."""

from reviewlens.report.contents import make_report
from reviewlens.report.files import ENDINGS, check_output, write_report
from reviewlens.report.periods import choose_period, up_to
from reviewlens.report.results import Report, ReportTheme

__all__ = [
    "ENDINGS",
    "Report",
    "ReportTheme",
    "check_output",
    "choose_period",
    "make_report",
    "up_to",
    "write_report",
]
