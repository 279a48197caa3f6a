"""Days and months as whole numbers: days since 1 January 1970, months since January 1970."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]
Months = NDArray[np.int64]
Floats = NDArray[np.float64]

MONTH = 365.25 / 12  # days in a mean month: the step of every hazard
_TOP = (2017 - 1970) * 12  # January 2017: the top of inflow, in the cycle and in the year
_CYCLE, _YEAR = 72, 12  # months from top to top


def day(when: date) -> int:
    """The number of one day."""
    return (when - date(1970, 1, 1)).days


def dates(days: Days) -> NDArray[np.datetime64]:
    """Day numbers as dates, of the same shape."""
    return days.astype("datetime64[D]")


def month_of(days: Days) -> Months:
    """The calendar month in which each day lies."""
    return dates(days).astype("datetime64[M]").astype(np.int64)


def first_of(months: Months) -> Days:
    """The first day of each calendar month."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def add_months(days: Days, months: Months | int) -> Days:
    """The same day so many months later, or the last of that month where it has no such day: as SQL counts."""
    there = month_of(days) + months
    length = first_of(there + 1) - first_of(there)
    return np.asarray(first_of(there) + np.minimum(days - first_of(month_of(days)), length - 1))


def swing(months: Months, cycle: float, season: float) -> Floats:
    """Log points by which a rate swings with the business cycle and with the season, highest in January 2017."""
    turn = 2 * np.pi * (months - _TOP)
    return np.asarray(cycle * np.cos(turn / _CYCLE) + season * np.cos(turn / _YEAR))
