"""What is said how often over time."""

from reviewlens.insights.trends.groups import Groups, by_column, by_phrase, by_theme
from reviewlens.insights.trends.periods import MOST_PERIODS, PERIODS, Period
from reviewlens.insights.trends.plot import check_picture, draw_trends
from reviewlens.insights.trends.results import (
    Across,
    ChangePoint,
    PeriodTotal,
    Trend,
    TrendGroup,
    Trends,
)
from reviewlens.insights.trends.shares import LEVEL, measure_trends

__all__ = [
    "LEVEL",
    "MOST_PERIODS",
    "PERIODS",
    "Across",
    "ChangePoint",
    "Groups",
    "Period",
    "PeriodTotal",
    "Trend",
    "TrendGroup",
    "Trends",
    "by_column",
    "by_phrase",
    "by_theme",
    "check_picture",
    "draw_trends",
    "measure_trends",
]
