"""Were enough clusters drawn? Satterthwaite's degrees of freedom, below 5 of which no t quantile holds (METHODS 3.1).

They follow from who was drawn where, not from any outcome; "17 clusters" may be worth 1.7 (ref b).
"""

from __future__ import annotations

import numpy as np

from watwerkt.dossier import Check
from watwerkt.effects.checks.verdict import About, identified
from watwerkt.effects.nouns import Contrast, Estimates, Plan
from watwerkt.sample.nouns import Drawn

LEAST = 5.0


def check(plan: Plan, estimates: Estimates) -> tuple[Check, ...]:
    """One a contrast; *not applicable* where persons were drawn."""
    if not is_clustered(plan.drawn):
        return (Check("clusters", "", "", "not_applicable"),)
    return tuple(About.of(plan, c).at_least("clusters", _df(c, estimates), LEAST) for c in identified(plan))


def is_clustered(drawn: Drawn) -> bool:
    """Whether errors are summed by anything larger than a person."""
    return np.unique(drawn.cluster).size < np.unique(drawn.person).size


def _df(contrast: Contrast, estimates: Estimates) -> float:
    """The smallest of the contrast's families of everybody."""
    key = (contrast.arm, contrast.compared_with, contrast.target)
    found = [
        f.df
        for f in estimates.families
        if (f.arm, f.compared_with, f.target) == key and f.cells and f.cells[0].group == "all"
    ]
    return min(found, default=0.0)
