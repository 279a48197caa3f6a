"""Was the instrument possible for everyone? An effect on all asks for it; one on the treated does not (METHODS 2.6–7).

Pennsylvania's arm 6 has nobody in two of six quarters: what it would have done there is in no data.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Check
from watwerkt.effects.checks.verdict import About
from watwerkt.effects.nouns import Contrast, Plan

Floats = NDArray[np.float64]

MOST = 50.0  # p/e: one person may stand for at most fifty of the average chance (METHODS 2.7)
BEYOND = 10_000.0  # written for a ratio that is larger, or that has no bound


def largest_ratio(e: Floats, target: Floats) -> float:
    """max p/e over the rows of the target: e (n,) the chance of the arm, ``target`` (n,) weights, p the mean chance."""
    rows = target > 0
    if not rows.any():
        return BEYOND
    p = float(target[rows] @ e[rows] / target[rows].sum())
    least = float(e[rows].min())
    return min(p / least, BEYOND) if least > 0 else BEYOND


def check(plan: Plan) -> tuple[Check, ...]:
    """One a contrast that speaks of everyone, and one for each that the design itself could not identify."""
    return tuple(
        _one(plan, contrast)
        for contrast in plan.contrasts
        if contrast.target == "all" or contrast.closed == "no_support"
    )


def _one(plan: Plan, contrast: Contrast) -> Check:
    sides = [plan.drawn.arms.index(name) for name in (contrast.arm, contrast.compared_with)]
    ratio = max(largest_ratio(plan.e[:, k], contrast.weight_target) for k in sides)
    return About.of(plan, contrast).at_most("support", BEYOND if contrast.closed == "no_support" else ratio, MOST)
