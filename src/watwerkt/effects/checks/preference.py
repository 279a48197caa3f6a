"""Did a fair part of the people have a similar chance of either? Shown on OHDSI's scale, which prevalence leaves alone.

``x = (e_a/e_0)/(p_a/p_0)``, preference ``x/(1+x)`` (Walker et al. 2013; METHODS 2.7). OHDSI closes below 20 % of rows
in [.3, .7]. Here it closes nothing: the treated may all have their like in a comparison of which most are unlike them.
It is then *not informative* about most people, and says so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Check, Verdict
from watwerkt.effects.nouns import Contrast, Plan

Floats = NDArray[np.float64]

SIMILAR = (0.3, 0.7)
LEAST = 0.2


def preference(ratio: Floats, prevalence: float) -> Floats:
    """x/(1+x) with x = ratio/prevalence (n,); NaN where the ratio is."""
    x = ratio / prevalence
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(x), 1.0, x / (1.0 + x))


def share_similar(ratio: Floats, weight: Floats, prevalence: float) -> float:
    """The share of weight (n,) with a preference in [.3, .7], among rows that have one."""
    rows = np.isfinite(weight) & ~np.isnan(ratio)
    own = preference(ratio[rows], prevalence)
    inside = (own >= SIMILAR[0]) & (own <= SIMILAR[1])
    return float(weight[rows] @ inside / weight[rows].sum())


def check(plan: Plan) -> tuple[Check, ...]:
    """One an arm: the ratio of chances is the same for every target."""
    first = {contrast.arm: contrast for contrast in reversed(plan.contrasts) if _is_plain(plan, contrast)}
    return tuple(_one(plan, first[arm]) for arm in plan.drawn.arms if arm in first)


def _is_plain(plan: Plan, contrast: Contrast) -> bool:
    return contrast.compared_with == plan.drawn.arms[0] and contrast.closed != "too_few"


def _one(plan: Plan, contrast: Contrast) -> Check:
    drawn = plan.drawn
    p_arm, p_other = (drawn.weight[drawn.arm == drawn.arms.index(a)].sum() for a in (contrast.arm, drawn.arms[0]))
    share = share_similar(contrast.ratio, drawn.weight, float(p_arm / p_other))
    verdict: Verdict = "passed" if share >= LEAST else "not_informative"
    return Check("preference", contrast.arm, "", verdict, share, LEAST)
