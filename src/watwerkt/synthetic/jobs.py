"""Jobs as arrays, and what a month shows of them. Nobody holds two jobs at once in an invented world."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from watwerkt.synthetic.clock import Days, Floats, Months, first_of

NEVER = np.int64(2_000_000)  # a day far beyond every register: not reached


@dataclass(frozen=True, eq=False)
class Jobs:
    """Up to K jobs of n people (n, K): first and last day, wage of a full month in euros, hours a week.

    No job: end < start.
    """

    start: Days
    end: Days
    wage: Floats
    hours: NDArray[np.int64]

    def beside(self, other: Jobs) -> Jobs:
        """These and other jobs of the same people."""
        return Jobs(*(np.hstack([getattr(jobs, f.name) for jobs in (self, other)]) for f in fields(Jobs)))

    def take(self, rows: NDArray[np.int64]) -> Jobs:
        """The jobs of these people, in the order of ``rows`` and as often."""
        return Jobs(*(getattr(self, f.name)[rows] for f in fields(Jobs)))

    def until(self, last: Days) -> Jobs:
        """The same jobs, none beyond ``last`` (n,)."""
        return replace(self, end=np.minimum(self.end, last[:, None]))

    def days_between(self, first: Days, last: Days) -> Days:
        """How many days of [first, last] (n,) each person worked."""
        worked = np.minimum(self.end, last[:, None]) - np.maximum(self.start, first[:, None]) + 1
        return np.asarray(np.where(self.end >= self.start, np.maximum(worked, 0), 0).sum(axis=1))


@dataclass(frozen=True, eq=False)
class Path:
    """Month by month: ``work`` (n, M), at least one day in a job; ``earnings`` (n, M), euros of the days worked.

    ``wage`` (n, M): what a whole month would have paid at that rate; 0 without work.
    """

    work: NDArray[np.bool_]
    earnings: Floats
    wage: Floats


def path(jobs: Jobs, first_month: Months, months: int) -> Path:
    """What each person's calendar months ``first_month`` (n,) and the following show, ``months`` in all."""
    month = first_month[:, None] + np.arange(months)
    opens, closes = first_of(month), first_of(month + 1)
    length = (closes - opens).astype(float)
    worked, earnings = np.zeros(month.shape), np.zeros(month.shape)
    for k in range(jobs.start.shape[1]):
        start, end = jobs.start[:, k], jobs.end[:, k]
        seen = np.flatnonzero((end >= start) & (start < closes[:, -1]) & (end >= opens[:, 0]))
        days = np.minimum(end[seen, None] + 1, closes[seen]) - np.maximum(start[seen, None], opens[seen])
        days = np.maximum(days, 0)
        worked[seen] += days
        earnings[seen] += jobs.wage[seen, k, None] * days / length[seen]
    return Path(worked > 0, earnings, earnings * length / np.maximum(worked, 1))
