"""Jobs as arrays, and what a month shows of them. Nobody holds two jobs at once in an invented world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt.synthetic.clock import Days, Floats, Months, first_of

NEVER = np.int64(2_000_000)  # a day far beyond every register: not reached


@dataclass(frozen=True, eq=False)
class Jobs:
    """Up to K jobs of n people (n, K): first day, last day, wage of a full month in euros. No job: end < start."""

    start: Days
    end: Days
    wage: Floats

    def beside(self, other: Jobs) -> Jobs:
        """These and other jobs of the same people."""
        return Jobs(
            np.hstack([self.start, other.start]), np.hstack([self.end, other.end]), np.hstack([self.wage, other.wage])
        )

    def days_between(self, first: Days, last: Days) -> Days:
        """How many days of [first, last] (n,) each person worked."""
        worked = np.minimum(self.end, last[:, None]) - np.maximum(self.start, first[:, None]) + 1
        return np.asarray(np.where(self.end >= self.start, np.maximum(worked, 0), 0).sum(axis=1))


@dataclass(frozen=True, eq=False)
class Path:
    """Month by month: ``work`` (n, M), at least one day in a job; ``earnings`` (n, M), euros of the days worked."""

    work: NDArray[np.bool_]
    earnings: Floats


def path(jobs: Jobs, first_month: Months, months: int) -> Path:
    """What each person's calendar months ``first_month`` (n,) and the following show, ``months`` in all."""
    month = first_month[:, None] + np.arange(months)
    opens, closes = first_of(month), first_of(month + 1)
    length = (closes - opens).astype(float)
    work = np.zeros(month.shape, dtype=bool)
    earnings = np.zeros(month.shape)
    for k in range(jobs.start.shape[1]):
        start, end = jobs.start[:, k], jobs.end[:, k]
        seen = np.flatnonzero((end >= start) & (start < closes[:, -1]) & (end >= opens[:, 0]))
        days = np.minimum(end[seen, None] + 1, closes[seen]) - np.maximum(start[seen, None], opens[seen])
        days = np.maximum(days, 0)
        work[seen] |= days > 0
        earnings[seen] += jobs.wage[seen, k, None] * days / length[seen]
    return Path(work, earnings)
