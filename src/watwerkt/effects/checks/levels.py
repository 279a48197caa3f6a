"""How often a check may fail a sound effect (METHODS 4.7).

Checks that close by a test share .05: each has level .05/k, k the tests that can close the effect. Checks that compare
a number of persons or a weight with a fixed bound leave nothing to chance once the sample is drawn, so they take no
part; the shares of a draw are tested at .001 throughout, as evidence reviews do.
"""

from __future__ import annotations

import numpy as np

from watwerkt.effects.dispatch import entry
from watwerkt.effects.nouns import Plan
from watwerkt.sample.nouns import Placebo

TOTAL = 0.05
TESTS = ("balance", "prognosis")
SAME = 0.95  # an earlier outcome with which more of the rows than this have one value says nothing


def level(plan: Plan) -> float:
    """The level of each test of this design that can close an effect."""
    asked = entry(plan.design).checks
    tests = sum(name in asked for name in TESTS)
    if "placebo" in asked:
        tests += sum(placebo.declared and informs(placebo) for placebo in plan.drawn.placebos)
    if "negative_control" in asked:
        tests += len(plan.drawn.question.checks.negative_controls)
    return TOTAL / max(tests, 1)


def informs(placebo: Placebo) -> bool:
    """Whether an earlier outcome can say anything: its smallest effect is declared, and it is not the same for all.

    Somebody who has just lost a job had work, a client of many years had none (METHODS 4.3).
    """
    if placebo.smallest_effect is None:
        return False
    counts = np.unique(placebo.y[np.isfinite(placebo.y)], return_counts=True)[1]
    return bool(counts.max(initial=0) <= SAME * counts.sum() > 0)
