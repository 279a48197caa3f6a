"""Which arms *work* on the primary cell, so that a dossier makes a false claim in at most one case of twenty.

Romano & Wolf (2005), step-down over the arms by their largest |t| from the joint covariance (METHODS 4.6). Handed the
opened arms only. *Works* asks for the good direction too; the p value is two-sided, so half the level is spare there.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics import supt
from watwerkt.dossier import Band, Claim
from watwerkt.effects.nouns import Across

Floats = NDArray[np.float64]

LEVEL = 0.05
DECIMALS = 4


def claims(across: Across, better: int, seed: int) -> tuple[Claim, ...]:
    """One claim an arm, in their order. ``better``: +1 where more of the outcome is good, −1 where less is."""
    s = np.sqrt(np.diag(across.V))
    certain = s > 0
    t = np.divide(across.theta, s, out=np.zeros_like(s), where=certain)
    adjusted = np.ones(len(s))
    if certain.any():
        R = supt.correlation(across.V[np.ix_(certain, certain)])
        adjusted[certain] = step_down(t[certain], R, across.df, seed)
    return tuple(
        Claim(arm, across.target, round(float(p), DECIMALS), bool(p <= LEVEL and better * x > 0))
        for arm, p, x in zip(across.arms, adjusted, t, strict=True)
    )


def step_down(t: Floats, R: Floats, df: float, seed: int) -> Floats:
    """(A,) p values adjusted for looking at A arms: each against the largest of itself and all weaker ones."""
    order = np.argsort(-np.abs(t), kind="stable")
    adjusted, floor = np.empty(len(t)), 0.0
    for i, arm in enumerate(order):
        rest = np.sort(order[i:])
        p, _ = supt.exceedance(R[np.ix_(rest, rest)], supt.without_df(t[arm], df), seed)
        floor = adjusted[arm] = max(floor, p)
    return adjusted


def band(across: Across, seed: int) -> Band | None:
    """The critical value over the arms at the primary cell, None where there are fewer than two."""
    s = np.sqrt(np.diag(across.V))
    if (s > 0).sum() < 2:
        return None
    rows = np.flatnonzero(s > 0)
    c = supt.critical(supt.correlation(across.V[np.ix_(rows, rows)]), seed)
    value = round(supt.with_df(c.value, across.df), supt.DECIMALS)
    return Band(f"arms/{across.target}", value, round(c.mc_error, 4), rows.size)


def among(across: Across, opened: Container[str]) -> Across:
    """The same for the arms in ``opened`` only."""
    keep = np.array([arm in opened for arm in across.arms], dtype=bool)
    return replace(
        across,
        arms=tuple(arm for arm, kept in zip(across.arms, keep, strict=True) if kept),
        theta=across.theta[keep],
        V=across.V[np.ix_(keep, keep)],
    )
