"""Did enough people take part? Below the floors that coverage was measured at, an interval does not hold (METHODS 15).

Adjusted: `treated` from 100 effective starters, every other target from 300 (MEASURED 3: coverage of `all` is .93 at
69–147 starters). Randomised: Lin with HC2 and a t of its own degrees of freedom learns nothing, so 20 effective persons
a side; the smallest experiment in which a mean and its error mean something. The design's row says which.
"""

from __future__ import annotations

from watwerkt.dossier import Check
from watwerkt.effects.checks.persons import effective_number
from watwerkt.effects.checks.verdict import About
from watwerkt.effects.dispatch import entry
from watwerkt.effects.nouns import Contrast, Plan


def check(plan: Plan) -> tuple[Check, ...]:
    """One a contrast. A design that found fewer than 5 rows a fold (METHODS 2.9) has closed it as too few already."""
    return tuple(one(plan, contrast) for contrast in plan.contrasts)


def one(plan: Plan, contrast: Contrast) -> Check:
    """Whether one contrast has enough."""
    row = entry(plan.design)
    needed = row.least[0 if contrast.target == "treated" else 1]
    about = About.of(plan, contrast)
    return about.at_least("too_few", _effective(plan, contrast), needed, refused=contrast.closed == "too_few")


def _effective(plan: Plan, contrast: Contrast) -> float:
    """Of those in the arm; of the smaller side where no other check counts the comparison."""
    person = plan.drawn.person
    starters = effective_number(contrast.weight_with, person)
    if "overlap" in entry(plan.design).checks:
        return starters
    return min(starters, effective_number(contrast.weight_without, person))
