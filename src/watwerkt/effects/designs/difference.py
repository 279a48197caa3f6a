"""The plain difference in means, whatever else is known: the number that a reader of the tables would find first.

Run beside an adjusted design and shown inside only (reason ``plain``): it ignores strata and covariates, so it may be
wrong even in an experiment. HC2 of it is Neyman's error; CR2 with clusters; Hajek with design weights.
"""

from __future__ import annotations

import numpy as np

from watwerkt.effects.designs.families import estimates, looks
from watwerkt.effects.designs.randomised import plan as plan_of
from watwerkt.effects.nouns import Estimates, Plan, Settings
from watwerkt.sample.nouns import Drawn, Followed

DESIGN = "difference"


def prepare(drawn: Drawn, settings: Settings) -> Plan:
    """As if everybody had been drawn in one lottery."""
    return plan_of(DESIGN, drawn, settings, np.zeros(len(drawn), dtype=np.int64), ("all",))


def estimate(plan: Plan, followed: Followed) -> Estimates:
    """Mean of each arm − mean of the comparison, in every group and period."""
    return estimates(DESIGN, looks(DESIGN, followed, adjust=False), ("all",))
