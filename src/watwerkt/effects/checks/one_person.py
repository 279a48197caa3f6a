"""Does the comparison rest on more than a single person? (METHODS 2.7; Huber, Lechner & Wunsch 2013)."""

from __future__ import annotations

from watwerkt.dossier import Check
from watwerkt.effects.checks.persons import largest_share
from watwerkt.effects.checks.verdict import About, identified
from watwerkt.effects.nouns import Contrast, Plan

MOST = 0.05  # of a side's weight


def check(plan: Plan) -> tuple[Check, ...]:
    """One a contrast: the largest share that a person has of either side."""
    return tuple(About.of(plan, c).at_most("one_person", _largest(plan, c), MOST) for c in identified(plan))


def _largest(plan: Plan, contrast: Contrast) -> float:
    sides = (contrast.weight_with, contrast.weight_without)
    return max(largest_share(weight, plan.drawn.person) for weight in sides)
