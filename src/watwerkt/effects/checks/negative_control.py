"""Does the design find something where there is nothing to find? Outcomes that the instrument cannot have changed.

A question names them among its outcomes (Lipsitch, Tchetgen Tchetgen & Cohen 2010). They are followed and estimated as
any outcome, and judged as a placebo is, by equivalence (METHODS 4.4): *passed* when the 90 % interval, simultaneous
over the controls, lies inside ± the smallest effect that matters on it; *failed* when the 95 % interval lies outside,
and that closes: who declares a control says that nothing can have changed it. At the primary period where the control
has it, else at its last. Fewer than twenty controls calibrate nothing (METHODS 13): they are shown.
"""

from __future__ import annotations

from watwerkt.dossier import Check
from watwerkt.effects.cells import EVERYONE
from watwerkt.effects.checks.levels import level
from watwerkt.effects.checks.placebo import WITHIN, Bounds, equivalent
from watwerkt.effects.checks.verdict import About, identified
from watwerkt.effects.nouns import Contrast, Estimates, Family, Plan


def check(plan: Plan, estimates: Estimates) -> tuple[Check, ...]:
    """One a control and contrast; none where the question declares no controls."""
    names = plan.drawn.question.checks.negative_controls
    within = 1 - (1 - WITHIN) ** (1 / max(len(names), 1))
    found = {(f.outcome, f.arm, f.compared_with, f.target): f for f in estimates.families if _is_path(f)}
    return tuple(
        _one(plan, contrast, family, within)
        for name in names
        for contrast in identified(plan)
        if (family := found.get((name, contrast.arm, contrast.compared_with, contrast.target))) is not None
    )


def _is_path(family: Family) -> bool:
    return bool(family.cells) and family.cells[0].group == EVERYONE and family.cells[0].measure == "at"


def _one(plan: Plan, contrast: Contrast, family: Family, within: float) -> Check:
    question = plan.drawn.question
    months = [cell.month for cell in family.cells]
    j = months.index(question.primary.month) if question.primary.month in months else -1
    bounds = Bounds(float(question.outcome(family.outcome).smallest_effect or 0.0), within, level(plan), True)
    named = Check("negative_control", "", family.outcome, "not_informative")
    return equivalent(named, About.of(plan, contrast), (family, j), bounds)
