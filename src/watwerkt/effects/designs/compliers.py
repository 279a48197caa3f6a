"""The effect on those who took it up because they were offered it (Imbens & Angrist 1994), with an honest set.

Wald's ratio of two intention-to-treat effects from the same regressions; its interval is Anderson & Rubin's: all b for
which the offer has no effect on ``y − b · takeup``. With a weak first stage that set is two half lines or the whole
line, so it is a list of intervals. Needs that nobody is put off by the offer, and that the offer works through take-up.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from watwerkt._numerics.cluster import Functional
from watwerkt.effects.designs.families import Looked, differences, family, regressions
from watwerkt.effects.designs.levels import Level
from watwerkt.effects.nouns import Family

Floats = NDArray[np.float64]
Interval = tuple[float, float]

SIDES = (1, 0)  # the one arm and the comparison


def compliers(look: Looked) -> Family:
    """The family of one outcome. ``level_without``: what compliers would get without it (Abadie 2002, lemma 2.1)."""
    took = look.drawn.takeup
    assert took is not None  # the design asks only where take-up is known
    D, Y = took[look.kept][:, None], look.y
    one, stage, untreated = (
        differences(look, regressions(look, Z), "all", (SIDES,))[SIDES][0]
        for Z in (Y, np.broadcast_to(D, Y.shape), Y * (1 - D))
    )
    wald = _ratio(one, stage, 1.0)
    told = family(look, SIDES, "compliers", wald, _ratio(untreated, stage, -1.0))
    return replace(told, sets=_sets(one.of, stage.of, told))


def _ratio(one: Level, stage: Level, sign: float) -> Level:
    """sign × one / stage with the linearised contributions (one − ratio·stage)/stage."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = sign * one.of.value / stage.of.value
        sums = (sign * one.of.sums - value * stage.of.sums) / stage.of.value
    closed = np.where(stage.of.value == 0, "no_support", one.closed)
    return Level(Functional(value, sums, one.of.own, one.of.shared), closed)


def _sets(one: Functional, stage: Functional, told: Family) -> tuple[tuple[Interval, ...], ...]:
    bound = float(student.ppf(0.975, told.df)) if told.df > 0 else inf
    moments = zip(
        one.value,
        stage.value,
        (one.sums**2).sum(0),
        (one.sums * stage.sums).sum(0),
        (stage.sums**2).sum(0),
        strict=True,
    )
    return tuple(() if shut else anderson_rubin(m, bound) for m, shut in zip(moments, told.closed, strict=True))


def anderson_rubin(moments: tuple[float, float, float, float, float], bound: float) -> tuple[Interval, ...]:
    """All b with ``(y − b d)² ≤ bound² (Vyy − 2b Vyd + b² Vdd)``: a quadratic a b² + 2h b + k ≤ 0.

    ``moments`` y, d, Vyy, Vyd, Vdd. One interval, two half lines, the whole line; never empty, for b = y/d is in it.
    """
    y, d, Vyy, Vyd, Vdd = (float(v) for v in moments)
    q = bound**2
    a, h, k = d * d - q * Vdd, q * Vyd - y * d, y * y - q * Vyy
    inside = h * h - a * k
    if abs(a) <= 1e-14 * d * d:
        return _half_line(h, k)
    if inside < 0:
        return ((-inf, inf),) if a < 0 else ()
    low, high = sorted(((-h - sqrt(inside)) / a, (-h + sqrt(inside)) / a))
    return ((low, high),) if a > 0 else ((-inf, low), (high, inf))


def _half_line(h: float, k: float) -> tuple[Interval, ...]:
    """2h b + k ≤ 0."""
    if h == 0:
        return ((-inf, inf),) if k <= 0 else ()
    end = -k / (2 * h)
    return ((-inf, end),) if h > 0 else ((end, inf),)
