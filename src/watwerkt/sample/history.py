"""Work and earnings in the 24 months before the spell: by month, by window, and the previous wage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt.sample.months import Pieces, add_up, bounds_before, merged

MONTHS = 24
# Disjoint windows of months before the spell, so that a placebo's own months can be taken out (docs/decisions/0003).
WINDOWS = ((1, 1), (2, 3), (4, 6), (7, 12), (13, 24))
_WAGE_MONTHS = 3

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class History:
    """(n, 24) each, column k − 1 is the k-th month before the spell's first day.

    ``worked``: at least one day of a job. ``earnings``: currency a month. ``wage`` (n,): mean earnings of the last
    three months with work, NaN where there is none.
    """

    worked: NDArray[np.bool_]
    earnings: Floats
    wage: Floats

    def months_worked(self, first: int, last: int) -> Floats:
        """(n,) months with work among the ``first``-th … ``last``-th before the spell."""
        months: Floats = self.worked[:, first - 1 : last].sum(axis=1).astype(np.float64)
        return months

    def mean_earnings(self, first: int, last: int) -> Floats:
        """(n,) mean earnings a month over the same months."""
        mean: Floats = self.earnings[:, first - 1 : last].mean(axis=1)
        return mean


def history(jobs: Pieces, start: NDArray[np.datetime64]) -> History:
    """Jobs cut off before ``start`` (n,), added up by month before it."""
    bounds = bounds_before(start, MONTHS)
    added = add_up(jobs, bounds)
    worked = added.worked[:, ::-1]
    earnings = (added.cent_days / np.diff(bounds, axis=1) / 100.0)[:, ::-1]
    return History(worked, earnings, _wage(worked, earnings))


def _wage(worked: NDArray[np.bool_], earnings: Floats) -> Floats:
    """Mean earnings of the most recent three months with work; of fewer where there are fewer."""
    recent = worked & (np.cumsum(worked, axis=1) <= _WAGE_MONTHS)
    months = recent.sum(axis=1)
    total = np.where(recent, earnings, 0.0).sum(axis=1)
    return np.where(months > 0, total / np.maximum(months, 1), np.nan)


def wage_rate(jobs: Pieces, bounds: NDArray[np.int64]) -> Floats:
    """(n, K) earnings over the share of the month with a job: what a whole month would have paid; 0 without one."""
    pay, days = add_up(jobs, bounds).cent_days, add_up(merged(jobs), bounds).cent_days
    return np.where(days > 0, pay / np.maximum(days, 1) / 100.0, 0.0)
