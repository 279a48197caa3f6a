"""Did one group answer more often than the other? More than 5 points, and weights cannot be trusted (METHODS 4.10).

Answers are weighted by what is known of people. Where an instrument itself moves who answers (whoever found work has no
time for a questionnaire) that is not enough. A difference in the target population, weighted as the effect is, is the
sign of it. It reads whether an outcome is known, never the outcome.

The rule is on the difference itself. With few starters it closes sound effects too: at 200 a side and half of them
answering, chance alone makes a difference of 5 points in about 3 of 10 samples.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Check
from watwerkt.effects.cells import EVERYONE
from watwerkt.effects.checks.verdict import About, identified
from watwerkt.effects.nouns import Contrast, Estimates, Plan
from watwerkt.effects.response import UNANSWERED, unanswered
from watwerkt.sample.nouns import Followed, Panel

Floats = NDArray[np.float64]

POINTS = 0.05  # of difference in response that answers may be weighted over


@dataclass(frozen=True, eq=False)
class Rates:
    """Shares that answered, (M',) of the months ``at``: of the arm, and of those it is compared with."""

    at: NDArray[np.int64]
    with_: Floats
    without: Floats

    @property
    def difference(self) -> float:
        """The largest in absolute value; 0 where no month is looked at."""
        return float(np.abs(self.with_ - self.without).max(initial=0.0))


def check(plan: Plan, followed: Followed, estimates: Estimates) -> tuple[Check, ...]:
    """One a contrast and outcome in which more than 5 % is unknown in some month; *not applicable* where there is none.

    Looked at are the months in which answers were weighted and a number came out, or all of them where none did.
    """
    lacking = [p for p in followed.panels if (unanswered(p, plan.drawn.weight) > UNANSWERED).any()]
    if not lacking:
        return (Check("response", "", "", "not_applicable"),)
    return tuple(_one(plan, c, panel, estimates) for panel in lacking for c in identified(plan))


def _one(plan: Plan, contrast: Contrast, panel: Panel, estimates: Estimates) -> Check:
    difference = rates(contrast, panel, months(plan, contrast, panel, estimates)).difference
    return replace(About.of(plan, contrast).at_most("response", difference, POINTS), outcome=panel.outcome)


def rates(contrast: Contrast, panel: Panel, at: NDArray[np.int64]) -> Rates:
    """How many of either side answered, under the weights with which they are compared."""
    known = np.ones((len(panel.y), at.size)) if panel.observed is None else panel.observed[:, at] * 1.0
    with_, without = (w @ known / w.sum() for w in (contrast.weight_with, contrast.weight_without))
    return Rates(at, with_, without)


def months(plan: Plan, contrast: Contrast, panel: Panel, estimates: Estimates) -> NDArray[np.int64]:
    """The months (M',) in which answers were weighted: those with a number, or all where there is none."""
    weighed = unanswered(panel, plan.drawn.weight) > UNANSWERED
    key = (contrast.arm, contrast.compared_with, contrast.target, panel.outcome)
    open_ = np.zeros(len(panel.months), dtype=bool)
    for family in estimates.families:
        mine = (family.arm, family.compared_with, family.target, family.outcome) == key
        if mine and family.cells[0].group == EVERYONE and family.cells[0].measure == "at":
            open_ |= np.array([not reason for reason in family.closed])
    return np.flatnonzero(weighed & open_ if (weighed & open_).any() else weighed)
