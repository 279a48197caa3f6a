"""Where registration broke down: exact tests of counts against an office's own past and the movement of all others.

Arrays: O offices, T periods of equal length in order, for one instrument. ``n`` (O, T) starts that were registered;
``e`` (O, T) starts to be expected if the office did as all do, made from days at risk. No period is judged that could
not be found wrong whatever it held (Tarone 1990).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, pdtr

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

SHARE = 0.65  # below this share of what is usual, registration broke down: less is a change, not a break
YEAR = 4  # quarters
# Offices that register alike still offer differently: the spread of log rates between them is taken to be this or more.
SPREAD = 0.15
_OFFICES = 4  # fewer have no middle
_FEWEST = 2.0  # expected starts, by the margins alone: with fewer, none at all is no surprise at any level used here
_ENOUGH, _CELLS = 5.0, 20  # expected starts, and cells of so many, from which the spread beyond chance is estimated
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(40)


@dataclass(frozen=True)
class Look:
    """One stretch of one office: its first and last period; starts ``found`` and ``usual`` in it; its p value; the
    smallest p value that any count could have had, given everything else."""

    office: int
    first: int
    last: int
    found: float
    usual: float
    p: float
    least: float

    @property
    def low(self) -> bool:
        """Whether it is below what a change may be."""
        return self.found < SHARE * self.usual


def threshold(least: Iterable[float], level: float) -> float:
    """The level for each of many discrete tests, so that one false alarm in any of them has chance ``level`` at most.

    Tarone (1990, Biometrics 46: 515-522): level / K, K the smallest number such that no more than K of the tests could
    reach level / K at all. ``least``: the smallest p value that each could have.
    """
    can = np.sort(np.fromiter(least, dtype=np.float64))
    k = 1
    while np.searchsorted(can, level / k, side="right") > k:
        k += 1
    return level / k


def steps(p: Iterable[float], level: float) -> float:
    """The largest p value that may be believed when of those believed a share ``level`` at most is to be chance.

    Benjamini & Hochberg (1995, JRSS B 57: 289-300); 0 where none may.
    """
    ordered = np.sort(np.fromiter(p, dtype=np.float64))
    below = np.flatnonzero(ordered <= level * np.arange(1, len(ordered) + 1) / max(len(ordered), 1))
    return float(ordered[below[-1]]) if len(below) else 0.0


def tail(a: int, here: int, now: int, total: int, log_odds: float) -> tuple[float, float]:
    """P(A <= a), and that of the least A possible: Fisher's noncentral hypergeometric, exact given its margins.

    A: starts of one office in a period, of ``here`` of the office in all, ``now`` of all offices in the period and
    ``total`` of both. ``log_odds``: of the four expectations. What an office is like, and what all offices do in a
    period, are margins: neither is estimated (McCullagh & Nelder 1989, 7.3).
    """
    low, high = max(0, here + now - total), min(here, now)
    if high <= low:
        return 1.0, 1.0
    k = np.arange(low, high + 1, dtype=np.float64)
    log = k * log_odds - gammaln(k + 1) - gammaln(here - k + 1) - gammaln(now - k + 1)
    log -= gammaln(total - here - now + k + 1)
    mass = np.exp(log - log.max())
    mass /= mass.sum()
    return float(mass[: int(a) - low + 1].sum()), float(mass[0])


def spread(n: Floats, e: Floats) -> float:
    """How many times the variance of counts exceeds chance: the median of squared residuals over that of chi-square.

    1 where too few cells hold enough to know. Starts that come in groups raise it; a few broken cells do not.
    """
    own = n.sum(1, keepdims=True) / np.maximum(e.sum(1, keepdims=True), 1e-9) * e
    enough = own >= _ENOUGH
    if enough.sum() < _CELLS:
        return 1.0
    return max(1.0, float(np.median((n - own)[enough] ** 2 / own[enough]) / 0.4549))


def against_past(n: Floats, e: Floats, broken: Mask, length: int) -> Iterator[Look]:
    """Every stretch of ``length`` periods against what the office did before it; broken periods are in neither."""
    phi, kept = spread(n, e), ~broken
    for office in np.flatnonzero(e.sum(1) > 0):
        for first in range(1, e.shape[1] - length + 1):
            now = np.zeros(e.shape[1], bool)
            now[first : first + length] = True
            past = np.arange(e.shape[1]) < first
            look = _look((n, e, kept), int(office), (now, past), phi)
            if look is not None:
                yield look


def joined(looks: Iterable[Look]) -> Iterator[Look]:
    """Stretches of one office that follow each other as one: it broke down, and stayed so."""
    held: Look | None = None
    for look in sorted(looks, key=lambda x: (x.office, x.first)):
        if held is not None and held.office == look.office and held.last + 1 >= look.first:
            p, least = min(held.p, look.p), min(held.least, look.least)
            found, usual, last = held.found + look.found, held.usual + look.usual, max(held.last, look.last)
            held = Look(held.office, held.first, last, found, usual, p, least)
            continue
        if held is not None:
            yield held
        held = look
    if held is not None:
        yield held


def by_period(n: Floats, e: Floats) -> Iterator[Look]:
    """Every period against all others of the office: one in which a delivery lost everything is found without."""
    every = np.ones(n.shape, bool)
    for office, t in np.argwhere(e > 0):
        now = np.arange(e.shape[1]) == t
        look = _look((n, e, every), int(office), (now, ~now), 1.0)
        if look is not None:
            yield look


def _look(counts: tuple[Floats, Floats, Mask], office: int, when: tuple[Mask, Mask], phi: float) -> Look | None:
    """One office, now against then; None where there is nothing to look at."""
    n, e, kept = counts
    mine, (now, past) = np.arange(len(n)) == office, when
    cells = [np.ix_(rows, columns) for rows in (mine, ~mine) for columns in (now, past)]
    a, b, c, d = (float((n * kept)[cell].sum()) for cell in cells)
    of = [float((e * kept)[cell].sum()) for cell in cells]
    if min(of) <= 0 or (a + b) * of[0] < _FEWEST * (of[0] + of[1]) or not c + d:
        return None
    # Starts that come in groups count for fewer; the office's own count is rounded up, so that nothing is made of it.
    a_, b_, c_, d_ = int(np.ceil(a / phi)), round(b / phi), round(c / phi), round(d / phi)
    log_odds = float(np.log(of[0]) + np.log(of[3]) - np.log(of[1]) - np.log(of[2]))
    p, least = tail(a_, a_ + b_, a_ + c_, a_ + b_ + c_ + d_, log_odds)
    at = np.flatnonzero(now & kept[office])
    others = c / of[2] / (d / of[3]) if d else 1.0
    return Look(office, int(at[0]), int(at[-1]), a, b / of[1] * of[0] * others, p, least)


def against_others(n: Floats, e: Floats) -> Iterator[Look]:
    """Each office as a whole, ``n`` and ``e`` (O,), against the middle one.

    Offices differ: counts are Poisson around a rate that is log-normal around the middle, with the spread that offices
    show (from the median, so that a few bad ones do not hide themselves), and SPREAD at least.
    """
    there = np.flatnonzero(e > 0)
    if len(there) < _OFFICES:
        return
    usual = e[there] * np.median(n[there] / e[there])
    away = np.log((n[there] + 0.5) / (usual + 0.5))
    noise = np.median(1 / (usual + 0.5))
    scale = (1.4826 * np.median(np.abs(away - np.median(away)))) ** 2 - noise
    sd = np.sqrt(max(SPREAD**2, scale) * (1 + np.pi / 2 / len(there)) + np.pi / 2 * noise / len(there))
    rates = usual[:, None] * np.exp(sd * _NODES)
    weights = _WEIGHTS / _WEIGHTS.sum()
    p, least = pdtr(n[there][:, None], rates) @ weights, pdtr(0, rates) @ weights
    for i, office in enumerate(there):
        yield Look(int(office), 0, -1, float(n[office]), float(usual[i]), float(p[i]), float(least[i]))
