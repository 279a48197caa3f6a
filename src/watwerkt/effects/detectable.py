"""The effect that this design would find with 80 % power: a fact beside every answer, never a reason (METHODS 4.3b).

2.8 × the design standard error √(v (1/n_with + 1/n_without)), n effective persons of either side and v the variance of
the primary outcome in the comparison. METHODS asks for v before time zero. But everybody who is compared is out of work
at time zero, so earlier months vary less than the months that the question is about, and a table may have none at all:
they would promise too much. So v is that of the comparison's own outcome, under the weights it is compared with. It is
read once, after ``follow``, holds nothing of the arm's outcomes, and decides nothing.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import ArmFacts
from watwerkt.effects.checks.persons import effective_number
from watwerkt.effects.checks.prognosis import primary_column
from watwerkt.effects.nouns import Contrast, Plan
from watwerkt.sample.nouns import Drawn, Followed

Floats = NDArray[np.float64]

POWER = 2.8  # standard normal quantiles .975 + .80


def detectable(variance: float, n_with: float, n_without: float) -> float:
    """The detectable effect in the outcome's unit, from a variance and effective persons of either side."""
    return POWER * float(np.sqrt(variance * (1 / n_with + 1 / n_without)))


def variance(y: Floats, weight: Floats) -> float:
    """Weighted variance of y (n,)."""
    mean = float(weight @ y / weight.sum())
    return float(weight @ (y - mean) ** 2 / weight.sum())


def facts(plan: Plan, followed: Followed) -> tuple[ArmFacts, ...]:
    """What is known of each compared arm: what the sample says, and persons, effective persons, detectable effect.

    The comparison stands last, with its persons.
    """
    said = {own.arm: replace(own, offices=_offices(plan.drawn, own.arm)) for own in plan.drawn.facts}
    arms = tuple(_of(plan, followed, said.get(arm, ArmFacts(arm))) for arm in plan.drawn.arms[1:])
    compared = np.unique(plan.drawn.person[plan.drawn.arm == 0])
    first = plan.drawn.arms[0]
    return (*arms, ArmFacts(first, n=compared.size, offices=_offices(plan.drawn, first)))


def _offices(drawn: Drawn, arm: str) -> int | None:
    """How many offices decided about the people of an arm, as far as they are known."""
    if drawn.office is None:
        return None
    return int(np.unique(drawn.office[(drawn.arm == drawn.arms.index(arm)) & (drawn.office >= 0)]).size)


def _of(plan: Plan, followed: Followed, said: ArmFacts) -> ArmFacts:
    person, drawn = plan.drawn.person, plan.drawn
    n = int(np.unique(person[drawn.arm == drawn.arms.index(said.arm)]).size)
    contrast = headline(plan, said.arm)
    if contrast is None:
        return replace(said, n=n)
    n_with = effective_number(contrast.weight_with, person)
    n_without = effective_number(contrast.weight_without, person)
    if n_with <= 0 or n_without <= 0:
        return replace(said, n=n, effective=n_with)
    return replace(said, n=n, effective=n_with, detectable=_detectable(drawn, followed, contrast, n_with, n_without))


def headline(plan: Plan, arm: str) -> Contrast | None:
    """The contrast that leads: `treated` where there is one; None where the design closed all of them."""
    own = [c for c in plan.contrasts if c.arm == arm and c.compared_with == plan.drawn.arms[0] and not c.closed]
    return next((c for c in own if c.target == "treated"), own[0] if own else None)


def _detectable(drawn: Drawn, followed: Followed, contrast: Contrast, n_with: float, n_without: float) -> float | None:
    primary = drawn.question.primary
    y, known = primary_column(followed.panel(primary.outcome), primary.month)
    weight = contrast.weight_without * known
    if not weight.any():
        return None
    return detectable(variance(np.where(known, y, 0.0), weight), n_with, n_without)
