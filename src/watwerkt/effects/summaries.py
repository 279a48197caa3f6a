"""What follows from a family and needs no person: bands, totals, lock-in and break-even, each with its range.

Pointwise intervals take Student's t with the family's df. A band (METHODS 3.2) takes the sup-t value of N(0, corr V),
carried over to t with the same df at equal pointwise tail probability: with few starters or clusters both widen alike.
That replaces drawing Rademacher signs by cluster below 200 clusters: a family holds V, no clusters' sums.

Left out of a band's family, and so without a band: period 0 (partly before the start), periods without variance, and
periods with fewer than ten events. Totals run over periods 1 … m, where these are there without a gap; period 0 never
enters. All is exact and linear in theta but the break-even, which inverts the total's own band (3.4).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from watwerkt._numerics import supt
from watwerkt.dossier import Band, Cell, Effect, Question
from watwerkt.effects.cells import good_sign
from watwerkt.effects.nouns import Family

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

LEAST_EVENTS = 10
NO_TOTAL = ("measure",)  # points of a questionnaire do not add up over months
HALF_A_YEAR = {"month": (1, 6), "week": (1, 26)}


@dataclass(frozen=True)
class Summary:
    """All exact effects of one family and the critical values behind their bands. ``lock_in``: (at least, at most) so
    many periods by the band, None where the family is no path."""

    effects: tuple[Effect, ...]
    bands: tuple[Band, ...]
    lock_in: tuple[int, int] | None = None


@dataclass(frozen=True, eq=False)
class Path:
    """M linear functions of one family's theta, with their ranges.

    ``theta, se, low, high, without`` (M,) are NaN where ``closed`` (M,) says why; ``band_low, band_high`` (M,) are NaN
    where there is no band; ``band`` its critical value, None where fewer than two periods could share one.
    """

    theta: Floats
    se: Floats
    low: Floats
    high: Floats
    band_low: Floats
    band_high: Floats
    without: Floats
    closed: tuple[str, ...]
    band: Band | None


def summarise(
    family: Family, design: str, question: Question, seed: int, window: tuple[int, int] | None = None
) -> Summary:
    """Everything a family tells. ``window``: first and last period of lock-in where the arm's own plan tells it; else
    what the question declares, else the first half year. Compliers, and who started later, have no more than a range
    at each period."""
    outcome = question.outcome(family.outcome)
    alone = family.target == "compliers" or any(cell.measure != "at" for cell in family.cells)
    at = path(family, np.eye(len(family.cells)), seed, "" if alone else family.name)
    if alone:
        return Summary(effects_of(family, design, by_sets(at, family), family.cells, family.name), ())
    effects = effects_of(family, design, at, family.cells, family.name)
    run = consecutive(tuple(c.month for c in family.cells))
    if run.size < 2 or outcome.kind in NO_TOTAL or family.cells[0].measure != "at":  # who started later: no total
        return Summary(effects, _bands(at))
    name, sign = f"{family.name}/total", good_sign(outcome)
    total = path(family, cumulative(run, len(family.cells)), seed, name)
    cells = tuple(replace(family.cells[i], measure="total") for i in run)
    effects += effects_of(family, design, total, cells, name)
    effects += lock_in(family, design, run, window or lock_in_window(question))
    effects += (break_even(family, design, total, sign),)
    return Summary(effects, _bands(at, total), lock_in_length(at, run, sign))


def by_sets(at: Path, family: Family) -> Path:
    """Anderson–Rubin's sets as intervals: the ends of the smallest interval that holds the set, NaN where it has none.
    A ratio with a weak denominator is not near normal, so without a bounded set there is no standard error either. A
    family without sets keeps its intervals."""
    if not family.sets:
        return at
    ends = [(s[0][0], s[-1][1]) if s else (np.nan, np.nan) for s in family.sets]
    low, high = np.array(ends, dtype=float).reshape(-1, 2).T
    return replace(at, low=low, high=high, se=np.where(np.isfinite(high - low), at.se, np.nan))


# ---- paths -----------------------------------------------------------------------------------------------------------


def path(family: Family, L: Floats, seed: int, name: str) -> Path:
    """L @ theta and L V L' for L (m, M), with pointwise intervals and, over eligible rows, the simultaneous band called
    ``name`` (none where that is "")."""
    shut = np.array([reason != "" for reason in family.closed])
    used = L != 0
    open_ = ~(used & shut).any(axis=1)
    V = L @ np.where(shut[:, None] | shut, 0.0, family.V) @ L.T
    theta, without = (np.where(open_, L @ np.where(shut, 0.0, x), np.nan) for x in (family.theta, family.level_without))
    se = np.where(open_, np.sqrt(np.maximum(np.diag(V), 0)), np.nan)
    margin = student.ppf(0.975, family.df) * se if family.df > 0 else np.full_like(se, np.nan)
    events = np.max(np.where(used, family.events, 0), axis=1)
    zero = np.array([cell.month == 0 for cell in family.cells])
    eligible = open_ & (se > 0) & (events >= LEAST_EVENTS) & ~(used & zero).any(axis=1)
    band = critical_value(V, eligible, family.df, seed, name)
    reach = np.where(eligible, band.critical * se, np.nan) if band else np.full_like(se, np.nan)
    closed = tuple(_first(family.closed, row) for row in used & shut)
    return Path(theta, se, theta - margin, theta + margin, theta - reach, theta + reach, without, closed, band)


def critical_value(V: Floats, eligible: Mask, df: float, seed: int, name: str) -> Band | None:
    """The sup-t value of the eligible rows of V, on df."""
    rows = np.flatnonzero(eligible)
    if not name or rows.size < 2 or df <= 0:
        return None
    c = supt.critical(supt.correlation(V[np.ix_(rows, rows)]), seed)
    return Band(name, round(supt.with_df(c.value, df), supt.DECIMALS), round(c.mc_error, 4), rows.size)


def consecutive(months: tuple[int | None, ...]) -> Codes:
    """Where periods 1, 2, … H stand, as far as they follow each other without a gap."""
    place = {m: i for i, m in enumerate(months) if m is not None}
    H = 0
    while H + 1 in place:
        H += 1
    return np.array([place[m] for m in range(1, H + 1)], dtype=np.int64)


def cumulative(run: Codes, M: int) -> Floats:
    """(H, M): row m sums periods 1 … m."""
    L = np.zeros((run.size, M))
    L[:, run] = np.tri(run.size)
    return L


def _first(reasons: tuple[str, ...], among: Mask) -> str:
    return next((reasons[i] for i in np.flatnonzero(among)), "")


def _bands(*paths: Path) -> tuple[Band, ...]:
    return tuple(p.band for p in paths if p.band is not None)


# ---- effects ---------------------------------------------------------------------------------------------------------


def effects_of(family: Family, design: str, p: Path, cells: tuple[Cell, ...], name: str) -> tuple[Effect, ...]:
    """One exact effect a row of the path; a row that the design cannot estimate carries its reason and no number."""
    columns = (p.theta, p.se, p.low, p.high, p.band_low, p.band_high, p.theta + p.without, p.without)
    table = np.column_stack(columns).tolist()
    return tuple(
        _effect(family, design, name, cell, row)
        if not reason
        else Effect(cell, family.arm, family.target, design, reason=reason, family=name)
        for cell, reason, row in zip(cells, p.closed, table, strict=True)
    )


def _effect(family: Family, design: str, name: str, cell: Cell, row: list[float]) -> Effect:
    estimate, std_error, low, high, band_low, band_high, level, without = (x if isfinite(x) else None for x in row)
    return Effect(
        cell=cell,
        arm=family.arm,
        target=family.target,
        design=design,
        estimate=estimate,
        std_error=std_error,
        low=low,
        high=high,
        band_low=band_low,
        band_high=band_high,
        level=level,
        level_without=without,
        n=family.n,
        n_without=family.n_without,
        family=name,
    )


def lock_in(family: Family, design: str, run: Codes, window: tuple[int, int]) -> tuple[Effect, ...]:
    """The mean effect over the declared window, as far as it is followed: linear, unlike the deepest point (3.3)."""
    inside = run[window[0] - 1 : window[1]]
    if inside.size == 0:
        return ()
    L = np.zeros((1, len(family.cells)))
    L[0, inside] = 1 / inside.size
    cell = replace(family.cells[inside[-1]], measure="mean_lock_in")
    return effects_of(family, design, path(family, L, 0, ""), (cell,), "")


def lock_in_window(question: Question) -> tuple[int, int]:
    """The window the question declares, else the first half year."""
    return question.time.lock_in or HALF_A_YEAR[question.time.period]


def lock_in_length(at: Path, run: Codes, sign: int) -> tuple[int, int]:
    """(at least, at most) periods of loss by the band: at most until the band first leaves the losing side, at least
    those before it in which the whole band is a loss."""
    low, high = (at.band_low[run], at.band_high[run]) if sign > 0 else (-at.band_high[run], -at.band_low[run])
    gone = np.flatnonzero(~(low < 0))
    most = int(gone[0]) if gone.size else run.size
    return int((high[:most] < 0).sum()), most


# ---- break-even ------------------------------------------------------------------------------------------------------


def break_even(family: Family, design: str, total: Path, sign: int) -> Effect:
    """The first period from which the total stays made good, to the horizon, by inversion of its band (3.4).

    ``low`` is the earliest period by the band's good side, ``high`` the latest by its bad side (None: not within the
    horizon). ``beyond_horizon``: the total itself is not made good; ``no_loss``: not even the bad side ever loses.
    """
    last = family.cells[-1]
    cell = replace(last, measure="break_even")
    key = Effect(cell, family.arm, family.target, design, reason="beyond_horizon", family="")
    closed = next((reason for reason in total.closed if reason), "")
    if closed or total.band is None:
        return replace(key, reason=closed or "few_events")
    point, best, worst = (first_to_stay(x) for x in made_good(total, sign))
    counted = replace(key, low=best, n=family.n, n_without=family.n_without)
    if worst == 1:
        return replace(counted, reason="no_loss", low=None)
    if point is None:
        return counted
    return replace(counted, reason="", estimate=point, high=worst)


def made_good(total: Path, sign: int) -> tuple[Floats, Floats, Floats]:
    """The total, its good side and its bad side, turned so that above 0 is made good. No variance: the total itself."""
    theta = sign * total.theta
    reach = np.nan_to_num((total.band_high - total.band_low) / 2)
    return theta, theta + reach, theta - reach


def first_to_stay(path_: Floats) -> float | None:
    """The first period (from 1) at which the path is at or above 0 and stays so to the end; None if there is none."""
    below = np.flatnonzero(path_ < 0)
    first = int(below[-1]) + 2 if below.size else 1
    return float(first) if first <= path_.size else None
