"""Which period a report is of: the one that is named, else the latest that has reviews."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from reviewlens.errors import InputError, TooFewReviews
from reviewlens.insights.trends import PERIODS, Period
from reviewlens.insights.trends.periods import first_day, last_day, period_name, period_numbers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from reviewlens.ground.slices import Slice

_FORMS = {
    "day": (r"(\d{4})-(\d\d)-(\d\d)", "2026-10-05"),
    "week": (r"(\d{4})-W(\d\d)", "2026-W40"),
    "month": (r"(\d{4})-(\d\d)", "2026-10"),
    "quarter": (r"(\d{4})-Q([1-4])", "2026-Q4"),
    "year": (r"(\d{4})", "2026"),
}
_NAMED = 6


@dataclass(frozen=True, slots=True)
class Chosen:
    """A period and its place in the calendar.

    Attributes:
        period: How long it is.
        number: Counted from the one that holds 1970-01-01.
    """

    period: Period
    number: int

    @property
    def name(self) -> str:
        """Such as `2026-10`."""
        return period_name(self.number, self.period)

    @property
    def name_before(self) -> str:
        """Of the period before."""
        return period_name(self.number - 1, self.period)

    @property
    def first(self) -> date:
        """Its first day."""
        return first_day(self.number, self.period)

    @property
    def last(self) -> date:
        """Its last day."""
        return last_day(self.number, self.period)

    def days(self, places: int = 0) -> int:
        """Return how many days it has, or the period so many places on."""
        number = self.number + places
        return (last_day(number, self.period) - first_day(number, self.period)).days + 1


def choose_period(
    times: NDArray[np.datetime64], period: Period = "month", of: str | None = None
) -> Chosen:
    """Return the period that `of` names, or the latest that has reviews; no clock is asked.

    Args:
        times: datetime64[ms] of shape (reviews,), UTC, NaT where there is none.
        period: How long it is.
        of: Its name: `2026-10`, `2026-W40`, `2026-Q4`, `2026`, `2026-10-05`.

    Raises:
        InputError: The period is unknown, or `of` is no name of one.
        TooFewReviews: No review has a date, or none is of this period.
    """
    import numpy as np

    if period not in PERIODS:
        raise InputError(f"the period is {period!r}; wanted one of {', '.join(PERIODS)}")
    wanted = None if of is None else _number(of, period)
    dated = times[~np.isnat(times)]
    if not len(dated):
        raise TooFewReviews(
            f"0 of {len(times)} reviews have a date, and without one there is no period to report "
            "on; wanted at least 1: widen the filters, or ingest with --time-column"
        )
    known = np.unique(period_numbers(dated, period)).tolist()
    if wanted is None:
        return Chosen(period, known[-1])
    if wanted not in known:
        raise TooFewReviews(
            f"no review is of {of}; wanted a {period} that has some, and found "
            f"{_listed(known, period)}"
        )
    return Chosen(period, wanted)


def _number(of: str, period: Period) -> int:
    import numpy as np

    form, example = _FORMS[period]
    found = re.fullmatch(form, of.strip(), re.ASCII)
    try:
        if found is None:
            raise ValueError
        year, *rest = map(int, found.groups())
        if period == "week":
            day = date.fromisocalendar(year, rest[0], 1)
        elif period == "quarter":
            day = date(year, rest[0] * 3 - 2, 1)
        else:
            day = date(year, *(*rest, 1, 1)[:2])
    except ValueError:
        raise InputError(
            f"{of!r} names no {period}; wanted one such as {example}, or another --period"
        ) from None
    return int(period_numbers(np.array([day], dtype="datetime64[ms]"), period)[0])


def _listed(known: list[int], period: Period) -> str:
    names = [period_name(number, period) for number in known]
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{len(names)} of them from {names[0]} to {', '.join(names[-3:])}"


def up_to(reviews: Slice, chosen: Chosen) -> Slice:
    """Return the reviews that are not of after the period, those without a date among them.

    So the report of a period stays as it was when later reviews come in.
    """
    import numpy as np

    if not len(reviews):
        return reviews
    dated = ~np.isnat(reviews.times)
    later = np.zeros(len(reviews), dtype=bool)
    later[dated] = period_numbers(reviews.times[dated], chosen.period) > chosen.number
    return reviews.take(np.flatnonzero(~later)) if later.any() else reviews
