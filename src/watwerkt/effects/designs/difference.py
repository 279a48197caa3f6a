"""The plain difference in means, whatever else is known: the number that a reader of the tables would find first.

Run beside an adjusted design and shown inside only (reason ``plain``): it ignores strata and covariates, so it may be
wrong even in an experiment. HC2 of it is Neyman's error; CR2 with clusters; Hajek with design weights.
"""

from __future__ import annotations

import numpy as np

from watwerkt.effects.designs.families import estimates, looks
from watwerkt.effects.designs.levels import shares
from watwerkt.effects.designs.randomised import contrast
from watwerkt.effects.folds import folds
from watwerkt.effects.nouns import Estimates, Plan, Settings
from watwerkt.sample.nouns import Drawn, Followed

DESIGN = "difference"


def prepare(drawn: Drawn, settings: Settings) -> Plan:
    """As if everybody had been drawn in one lottery."""
    K = len(drawn.arms)
    e = shares(drawn.arm, np.zeros(len(drawn), dtype=np.int64), drawn.weight, K)
    contrasts = tuple(contrast(drawn, e, (k, 0), "all") for k in range(1, K))
    return Plan(DESIGN, drawn, settings, folds(drawn, settings.folds, settings.seed), e, contrasts)


def estimate(plan: Plan, followed: Followed) -> Estimates:
    """Mean of each arm − mean of the comparison, in every group and period."""
    against = tuple((k, 0) for k in range(1, len(plan.drawn.arms)))
    return estimates(DESIGN, looks(DESIGN, followed, adjust=False), ("all",), against)
