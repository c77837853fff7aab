"""Days, ISO weeks, months, quarters and years: which one a review is of, and what it is called."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Period = Literal["day", "week", "month", "quarter", "year"]

PERIODS: tuple[Period, ...] = ("day", "week", "month", "quarter", "year")
MOST_PERIODS = 24
"""The finest period that gives no more than so many is taken where none is asked for."""

_EPOCH = date(1970, 1, 1)
_FIRST_MONDAY = date(1969, 12, 29)
_DAYS_OF_FIRST_WEEK = 3  # between that Monday and the epoch


def period_numbers(times: NDArray[np.datetime64], period: Period) -> NDArray[np.int64]:
    """Return which period each time is of, counted from the one that holds 1970-01-01.

    Args:
        times: datetime64[ms], UTC, none of them NaT.
        period: A week is that of ISO 8601, from Monday to Sunday.
    """
    import numpy as np

    if period in ("day", "week"):
        days = times.astype("M8[D]").astype(np.int64)
        return days if period == "day" else (days + _DAYS_OF_FIRST_WEEK) // 7
    if period == "year":
        return times.astype("M8[Y]").astype(np.int64)
    months = times.astype("M8[M]").astype(np.int64)
    return months if period == "month" else months // 3


def suitable_period(times: NDArray[np.datetime64]) -> Period:
    """Return the finest period of which all times span at most `MOST_PERIODS`, or years."""
    for period in PERIODS:
        numbers = period_numbers(times, period)
        if int(numbers.max() - numbers.min()) < MOST_PERIODS:
            return period
    return "year"


def first_day(number: int, period: Period) -> date:
    """Return the day on which a period begins."""
    if period == "day":
        return _EPOCH + timedelta(days=number)
    if period == "week":
        return _FIRST_MONDAY + timedelta(weeks=number)
    months = number * {"month": 1, "quarter": 3, "year": 12}[period]
    return date(_EPOCH.year + months // 12, months % 12 + 1, 1)


def last_day(number: int, period: Period) -> date:
    """Return the day on which a period ends."""
    first = first_day(number, period)
    if period == "day":
        return first
    if period == "week":
        return first + timedelta(days=6)
    month = {"month": first.month, "quarter": first.month + 2, "year": 12}[period]
    return date(first.year, month, calendar.monthrange(first.year, month)[1])


def period_name(number: int, period: Period) -> str:
    """Return what a period is called: `2024-12-30`, `2025-W01`, `2025-01`, `2025-Q1`, `2025`.

    The year of an ISO week is that of its Thursday, so that 2024-12-30 is of `2025-W01`.
    """
    first = first_day(number, period)
    if period == "week":
        year, week, _ = first.isocalendar()
        return f"{year:04}-W{week:02}"
    if period == "quarter":
        return f"{first.year:04}-Q{(first.month + 2) // 3}"
    return first.isoformat()[: {"day": 10, "month": 7, "year": 4}[period]]
