"""Were there enough similar people in the comparison? Counted in persons that carry the comparison (METHODS 2.7).

On raw propensities any rule empties a monthly trial, where chances are about 1 in 100; persons do not depend on that.
NSW against PSID: 9.7 of 2,490 people carry it.
"""

from __future__ import annotations

from watwerkt.dossier import Check
from watwerkt.effects.checks.persons import effective_number
from watwerkt.effects.checks.verdict import About, identified
from watwerkt.effects.nouns import Plan

LEAST = 100.0  # effective persons without the instrument


def check(plan: Plan) -> tuple[Check, ...]:
    """One a contrast."""
    return tuple(
        About.of(plan, contrast).at_least(
            "overlap", effective_number(contrast.weight_without, plan.drawn.person), LEAST
        )
        for contrast in identified(plan)
    )
