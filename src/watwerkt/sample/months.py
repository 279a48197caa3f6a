"""Spells of days added up to months: whole numbers throughout, so that no order of rows changes a digit.

A *piece* is (row, first day, last day, cents). ``bounds`` (n, K+1) holds the first day of each of K months of each row
and the day after the last. One pass over pieces, never a join by month (MEASURED 4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]
_BLOCK = 200_000
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, eq=False)
class Pieces:
    """Pieces sorted by row: ``row`` (j,), ``first`` and ``last`` (j,) days since 1970, ``cents`` (j,) a month."""

    row: NDArray[np.int64]
    first: Days
    last: Days
    cents: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.row)

    def part(self, chosen: slice) -> Pieces:
        """Some of the pieces."""
        return Pieces(self.row[chosen], self.first[chosen], self.last[chosen], self.cents[chosen])


@dataclass(frozen=True, eq=False)
class Added:
    """``worked`` (n, K): at least one day. ``cent_days`` (n, K): Σ cents × days covered."""

    worked: NDArray[np.bool_]
    cent_days: NDArray[np.int64]


def pieces(
    row: NDArray[np.int64], first: NDArray[np.datetime64], last: NDArray[np.datetime64], wage: NDArray[np.float64]
) -> Pieces:
    """Pieces of rows that are sorted by ``row``, wages in currency a month."""
    return Pieces(row, first.astype(np.int64), last.astype(np.int64), np.round(wage * 100).astype(np.int64))


def month_number(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Months since January 1970."""
    return days.astype("datetime64[M]").astype(np.int64)


def _first_days(months: NDArray[np.int64]) -> Days:
    """The first day of each month, as days since 1970."""
    days: Days = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return days


def calendar_bounds(zero: NDArray[np.datetime64], months: int) -> Days:
    """(n, months+1): the first days of the calendar months from that of ``zero`` on, as days since 1970."""
    numbers: Days = month_number(zero)[:, None] + np.arange(months + 1)[None, :]
    return _first_days(numbers)


def bounds_before(day: NDArray[np.datetime64], months: int) -> Days:
    """(n, months+1): the same day of the month, ``months`` … 0 months before ``day`` (the last one where it lacks)."""
    numbers: Days = month_number(day)[:, None] + np.arange(-months, 1)[None, :]
    firsts, lasts = _first_days(numbers), _first_days(numbers + 1) - 1
    of_month = day.astype(np.int64) - day.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    bounds: Days = np.minimum(firsts + of_month[:, None], lasts)
    return bounds


def add_up(found: Pieces, bounds: Days) -> Added:
    """Days worked and cents × days of each month of each row, block of rows by block of rows."""
    n, k = bounds.shape[0], bounds.shape[1] - 1
    added = Added(np.zeros((n, k), dtype=bool), np.zeros((n, k), dtype=np.int64))
    for start in range(0, n, _BLOCK):
        stop = min(start + _BLOCK, n)
        lo, hi = np.searchsorted(found.row, [start, stop])
        _add_block(found.part(slice(int(lo), int(hi))), start, bounds[start:stop], added)
    return added


def _add_block(found: Pieces, start: int, bounds: Days, added: Added) -> None:
    """Months by differences along a row; days before a piece begins and after it ends are taken off."""
    n, k = bounds.shape[0], bounds.shape[1] - 1
    row = found.row - start
    first = np.maximum(found.first, bounds[row, 0])
    last = np.minimum(found.last, bounds[row, k] - 1)
    there = first <= last
    row, first, last, cents = row[there], first[there], last[there], found.cents[there]
    a = (bounds[row] <= first[:, None]).sum(axis=1) - 1
    b = (bounds[row] <= last[:, None]).sum(axis=1) - 1
    running = np.zeros((n, k + 1), dtype=np.int64)
    money = np.zeros((n, k + 1), dtype=np.int64)
    np.add.at(running, (row, a), 1)
    np.add.at(running, (row, b + 1), -1)
    # As if each piece covered its first and last month wholly; what it did not cover is taken off below.
    np.add.at(money, (row, a), cents)
    np.add.at(money, (row, b + 1), -cents)
    length = np.diff(bounds, axis=1)
    days = np.cumsum(money, axis=1)[:, :k] * length
    np.add.at(days, (row, a), -cents * (first - bounds[row, a]))
    np.add.at(days, (row, b), -cents * (bounds[row, b + 1] - 1 - last))
    added.worked[start : start + n] = np.cumsum(running, axis=1)[:, :k] > 0
    added.cent_days[start : start + n] = days


def merged(found: Pieces) -> Pieces:
    """The days that at least one piece covers, once: overlapping pieces of a row joined, with 1 in place of cents."""
    order = np.lexsort((found.last, found.first, found.row))
    row, first, last = found.row[order], found.first[order], found.last[order]
    if len(row) == 0:
        return Pieces(row, first, last, np.ones(0, dtype=np.int64))
    # Each row gets its own stretch of the number line, so that one running maximum serves all rows.
    span = int(last.max() - first.min()) + 2
    reach = np.maximum.accumulate(last + row * span)
    new = np.ones(len(row), dtype=bool)
    new[1:] = (row[1:] != row[:-1]) | (first[1:] + row[1:] * span > reach[:-1] + 1)
    ends = np.append(np.flatnonzero(new)[1:] - 1, len(row) - 1)
    starts = np.flatnonzero(new)
    return Pieces(row[starts], first[starts], reach[ends] - row[starts] * span, np.ones(len(starts), dtype=np.int64))


def covers(found: Pieces, days: Days) -> NDArray[np.bool_]:
    """(n, K): whether a piece of the row covers each of its ``days`` (n, K), which increase along a row."""
    n, k = days.shape
    running = np.zeros((n, k + 1), dtype=np.int32)
    for start in range(0, len(found), _BLOCK):
        part = found.part(slice(start, start + _BLOCK))
        np.add.at(running, (part.row, (days[part.row] < part.first[:, None]).sum(axis=1)), 1)
        np.add.at(running, (part.row, (days[part.row] <= part.last[:, None]).sum(axis=1)), -1)
    return np.cumsum(running, axis=1)[:, :k] > 0
