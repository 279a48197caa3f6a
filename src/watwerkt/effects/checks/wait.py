"""Does the comparison start at the offer? Who finds work between offer and start vanishes from the starters.

Where offers are recorded, time zero is the offer and there is nothing to look at. Where only starts are, and the median
wait exceeds 30 days, a comparison of starters is not informative about those who were offered (METHODS 1.3).
"""

from __future__ import annotations

from watwerkt.dossier import ArmFacts, Check
from watwerkt.effects.nouns import Plan

MOST = 30.0  # days


def check(plan: Plan) -> tuple[Check, ...]:
    """One an arm whose wait is known; *not applicable* where no wait is."""
    known = [facts for facts in plan.drawn.facts if facts.wait_days is not None]
    if not known:
        return (Check("wait", "", "", "not_applicable"),)
    return tuple(_one(facts) for facts in known)


def _one(facts: ArmFacts) -> Check:
    days = float(facts.wait_days or 0.0)
    return Check("wait", facts.arm, "", "passed" if days <= MOST else "not_informative", days, MOST)
