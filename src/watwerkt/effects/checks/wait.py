"""Does the comparison start at the offer? Who finds work between offer and start vanishes from the starters.

Where offers are recorded, time zero is the offer: passed, and the wait is told. Where it is the start, and the median
wait exceeds 30 days, a comparison of starters is not informative about those who were offered (METHODS 1.3).
"""

from __future__ import annotations

from watwerkt.dossier import ArmFacts, Check, Verdict
from watwerkt.effects.nouns import Plan

MOST = 30.0  # days


def check(plan: Plan) -> tuple[Check, ...]:
    """One an arm whose wait is known; *not applicable* where no wait is."""
    known = [facts for facts in plan.drawn.facts if facts.wait_days is not None]
    return tuple(_one(facts) for facts in known) or (Check("wait", "", "", "not_applicable"),)


def _one(facts: ArmFacts) -> Check:
    days = float(facts.wait_days or 0.0)
    from_offer = facts.never_started is not None  # only the sample of an offer knows who never started
    verdict: Verdict = "passed" if from_offer or days <= MOST else "not_informative"
    return Check("wait", facts.arm, "", verdict, days, MOST)
