"""Bounds on the wage effect for those who work either way (always-workers), and the interval for that one number.

Lee (2009): whoever works in one arm only is trimmed from the arm in which more people work, from above for one bound
and from below for the other. Semenova (2025, generalised Lee bounds): which arm that is may differ by x. The moments
here are hers in the dual form. Where the arm has more workers (``helps``), the largest wage sum that a mass p0 of its
workers can have is min over t of E[S (Y − t)⁺] + t p0, so that with weights w of either side

    upper:  w1 S (Y − t)⁺ − w0 S (Y − t)        lower:  −w1 S (t − Y)⁺ − w0 S (Y − t)

and the mirror image where fewer work. The minimum makes three things true at once: an error in t (a conditional
quantile) has no first-order effect; a wrong t widens the bounds and never narrows them; and at the exact quantile of a
sample a tie at the threshold counts for the fraction of it that is needed, no more.

Symbols: ``y`` (n, M) wages, ``work`` (n, M) S, ``helps`` (n, M) whether more work in the arm, ``low``, ``high`` (n, M)
the thresholds t of the lower and the upper bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import t as student

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class Trim:
    """Which arm is trimmed, and where: ``helps``, ``low``, ``high``, each (n, M)."""

    helps: Mask
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class Sides:
    """What the arm's rows and what the comparison's rows bring in, each (n, 4M): the wage sums of the lower and of the
    upper bound, the share who work either way, and the distance between the two shares at work. What is estimated is
    always the arm's level of these less the comparison's."""

    arm: Floats
    other: Floats


def sides(y: Floats, work: Mask, trim: Trim) -> Sides:
    """The moments above, row by row; y is not looked at where nobody works."""
    wage, S = np.where(work, y, 0.0), work.astype(np.float64)
    below, above = (S * (wage - t) for t in (trim.low, trim.high))
    more = trim.helps
    arm_low = np.where(more, -np.maximum(-below, 0.0), below)
    arm_high = np.where(more, np.maximum(above, 0.0), above)
    other_low = np.where(more, below, np.maximum(below, 0.0))
    other_high = np.where(more, above, -np.maximum(-above, 0.0))
    way = np.where(more, S, -S)
    return Sides(
        np.hstack([arm_low, arm_high, S * ~more, way]),
        np.hstack([other_low, other_high, -S * more, way]),
    )


def quantile(values: Floats, weight: Floats, level: float) -> float:
    """The smallest value with at least ``level`` of the weight at or below it; ``values``, ``weight`` (n,), n > 0."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weight[order])
    place = int(np.searchsorted(total, level * total[-1] * (1 - 1e-12)))
    return float(values[order[min(place, len(order) - 1)]])


def everybody(y: Floats, work: Mask, arm: Floats, other: Floats) -> Trim:
    """Lee's own trimming, the same for all: ``arm`` and ``other`` (n,) the weights of either side, 0 off it.

    Each month needs somebody at work on both sides.
    """
    n, M = y.shape
    helps, low, high = np.empty((n, M), dtype=bool), np.empty((n, M)), np.empty((n, M))
    for m in range(M):
        p = [float(w @ work[:, m] / w.sum()) for w in (arm, other)]
        helps[:, m] = p[0] >= p[1]
        weight = arm if p[0] >= p[1] else other
        here = work[:, m] & (weight > 0)
        kept = min(p) / max(p)
        ends = [quantile(y[here, m], weight[here], level) for level in (kept, 1.0 - kept)]
        low[:, m], high[:, m] = ends if p[0] >= p[1] else ends[::-1]
    return Trim(helps, low, high)


def by_covariates(p: tuple[Floats, Floats], ends: tuple[Wages, Wages]) -> Trim:
    """Trimming that follows x: ``p`` the shares at work (n, M) in the arm and in the comparison, from other folds;
    ``ends`` the conditional wages of either."""
    helps = p[0] >= p[1]
    kept = np.minimum(*p) / np.maximum(*p)
    arm, other = ends
    low = np.where(helps, arm.quantile(kept), other.quantile(1.0 - kept))
    high = np.where(helps, arm.quantile(1.0 - kept), other.quantile(kept))
    return Trim(helps, low, high)


@dataclass(frozen=True, eq=False)
class Wages:
    """Conditional wages of one arm's workers: ``mean``, ``spread`` (n, M) by covariates; ``residuals``: of each fold
    and month the sorted standardised residuals of the workers of the *other* folds; ``fold`` (n,)."""

    mean: Floats
    spread: Floats
    residuals: tuple[tuple[Floats, ...], ...]
    fold: NDArray[np.int64]

    def of(self, months: NDArray[np.int64]) -> Wages:
        """Of some months only."""
        residuals = tuple(tuple(fold[m] for m in months) for fold in self.residuals)
        return Wages(self.mean[:, months], self.spread[:, months], residuals, self.fold)

    def quantile(self, level: Floats) -> Floats:
        """The wage below which a share ``level`` (n, M) of such workers lies."""
        found = self.mean.copy()
        for k, months in enumerate(self.residuals):
            rows = np.flatnonzero(self.fold == k)
            for m, sorted_ in enumerate(months):
                place = np.clip(level[rows, m], 0.0, 1.0) * (len(sorted_) - 1)
                steps = np.interp(place, np.arange(len(sorted_)), sorted_)
                found[rows, m] += self.spread[rows, m] * steps
        return found


# ---- the interval for the parameter ------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Bounds:
    """Lower and upper bound (M,) with their standard errors, and the 95 % interval for what lies between them."""

    low: Floats
    high: Floats
    from_: Floats
    to: Floats


def interval(low: Floats, high: Floats, se: tuple[Floats, Floats], width_se: Floats, df: float, n: float) -> Bounds:
    """Imbens & Manski (2004, eq. 7) with Student's t, each (M,); ``width_se`` the error of high − low, n persons.

    Their constant lies between the one-sided and the two-sided quantile, by how wide the bounds are. It needs a width
    that is never taken for more than it is: Stoye (2009, sec. 3) sets a width that may be nil to nil, below √(log n)
    of its standard errors. Bounds that cross by chance (lower above upper) meet in their middle.
    """
    crossed, middle = low > high, (low + high) / 2
    low, high = np.where(crossed, middle, low), np.where(crossed, middle, high)
    width = high - low
    width = np.where(width <= np.sqrt(np.log(max(n, 3.0))) * width_se, 0.0, width)
    c = np.array([critical(w, max(a, b), df) for w, a, b in zip(width, *se, strict=True)])
    return Bounds(low, high, low - c * se[0], high + c * se[1])


def two_sided(df: float) -> float:
    """Student's two-sided 95 % quantile."""
    return float(student.ppf((1 + LEVEL) / 2, df))


def critical(width: float, std_error: float, df: float) -> float:
    """c with F(c + width/std_error) − F(−c) = .95 for Student's F: 1.96 at no width, 1.645 at a wide one (df = ∞)."""
    if not np.isfinite(width + std_error):
        return float("nan")
    ends = (float(student.ppf(LEVEL, df)), two_sided(df))
    shift = width / std_error if std_error > 0 else np.inf

    def missing(c: float) -> float:
        return float(student.cdf(c + shift, df) - student.cdf(-c, df) - LEVEL)

    if missing(ends[0]) >= 0:
        return ends[0]
    return float(brentq(missing, *ends, xtol=1e-9)) if missing(ends[1]) > 0 else ends[1]


# ---- without covariates, as published ------------------------------------------------------------------------------


def published(y: Floats, work: Mask, arm: Mask, whole: bool = False) -> tuple[float, float, float]:
    """Lee's (2009) two bounds and the trimmed share, for one outcome (n,) and two arms.

    With ``whole`` a wage at the threshold stays in as often as it occurs, as in the code behind published figures: more
    workers are kept than work either way, and the bounds come out too narrow. Without it ties count in part.
    """
    p = work[arm].mean(), work[~arm].mean()
    more, fewer = (arm, ~arm) if p[0] >= p[1] else (~arm, arm)
    trimmed = 1.0 - min(p) / max(p)
    mine, theirs = np.sort(y[more & work]), y[fewer & work].mean()
    if whole:
        ends = mine[mine <= np.quantile(mine, 1 - trimmed)].mean(), mine[mine >= np.quantile(mine, trimmed)].mean()
    else:
        ends = _lowest(mine, 1 - trimmed), -_lowest(-mine[::-1], 1 - trimmed)
    low, high = (end - theirs for end in ends)
    return (low, high, trimmed) if p[0] >= p[1] else (-high, -low, trimmed)


def _lowest(sorted_: Floats, share: float) -> float:
    """The mean of the lowest ``share`` of sorted values, the last one in part."""
    mass = np.clip(share * len(sorted_) - np.arange(len(sorted_)), 0.0, 1.0)
    return float(mass @ sorted_ / mass.sum())
