"""Was there a difference before the start? The same estimator on an outcome that the instrument cannot have changed.

Equivalence, not absence of rejection (METHODS 4.4): *passed* when the 90 % interval, simultaneous over the earlier
outcomes of an arm, lies inside ±delta: shown to be small. *Failed* when it is not, the interval at the check's level
leaves out 0, and the question declares that the outcome was not used in selection: shown to be there. Otherwise *not
informative*: caseworkers look at recent work, so a difference in it is what an honest world shows too (MEASURED 6:
100 %). ``detectable`` is the difference it would have found with 80 % power. See docs/decisions/0007.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from scipy.stats import t as student

from watwerkt.dossier import Check, Verdict
from watwerkt.effects import dispatch
from watwerkt.effects.checks.levels import informs, level
from watwerkt.effects.checks.verdict import About
from watwerkt.effects.nouns import Contrast, Family, Plan
from watwerkt.sample.nouns import Placebo

WITHIN = 0.10  # 1 − coverage of the interval that must lie inside ±delta


@dataclass(frozen=True)
class Bounds:
    """What an estimate is held against: ±``delta``; 1 − coverage ``within`` to pass, ``outside`` to fail."""

    delta: float
    within: float
    outside: float
    declared: bool


def verdict(theta: float, error: float, df: float, bounds: Bounds) -> Verdict:
    """Whether an earlier difference is shown to be small, shown to be there, or neither."""
    if not error >= 0 or df <= 0:
        return "not_informative"
    if abs(theta) + student.isf(bounds.within / 2, df) * error < bounds.delta:
        return "passed"
    if bounds.declared and abs(theta) > student.isf(bounds.outside / 2, df) * error:
        return "failed"
    return "not_informative"


def detectable(error: float, df: float) -> float:
    """The difference that a 5 % test finds in 80 of 100 samples: 2.8 standard errors with many people."""
    return float((student.isf(0.025, df) + student.isf(0.2, df)) * error)


def check(plan: Plan) -> tuple[Check, ...]:
    """One an earlier outcome and contrast. Not applicable: none in the data, no smallest effect, nearly constant."""
    placebos = plan.drawn.placebos
    if not placebos:
        return (Check("placebo", "", "", "not_applicable"),)
    informing = [p for p in placebos if informs(p)]
    silent = tuple(Check("placebo", "", p.name, "not_applicable") for p in placebos if not informs(p))
    within = 1 - (1 - WITHIN) ** (1 / max(len(informing), 1))
    return silent + tuple(c for p in informing for c in _looked_back(plan, p, within))


def _looked_back(plan: Plan, placebo: Placebo, within: float) -> tuple[Check, ...]:
    """The checks of one earlier outcome: the design runs again on what was known before it."""
    earlier = plan.drawn.earlier(placebo)
    again = dispatch.module(plan.design).prepare(earlier.drawn, plan.settings)
    families = dispatch.estimate(again, earlier).families
    found = {(f.arm, f.compared_with, f.target): f for f in families}
    return tuple(
        _one(plan, contrast, placebo, found[key], within)
        for contrast in plan.contrasts
        if not contrast.closed and (key := (contrast.arm, contrast.compared_with, contrast.target)) in found
    )


def _one(plan: Plan, contrast: Contrast, placebo: Placebo, family: Family, within: float) -> Check:
    bounds = Bounds(float(placebo.smallest_effect or 0.0), within, level(plan), placebo.declared)
    return equivalent(
        Check("placebo", "", placebo.name, "not_informative"), About.of(plan, contrast), (family, 0), bounds
    )


def equivalent(named: Check, about: About, found: tuple[Family, int], bounds: Bounds) -> Check:
    """The check ``named`` after its outcome, with the verdict on cell ``found[1]`` of a family."""
    family, j = found
    theta, error = float(family.theta[j]), float(family.V[j, j]) ** 0.5
    known = theta == theta and error == error
    return replace(
        named,
        arm=about.arm,
        verdict=verdict(theta, error, family.df, bounds) if known else "not_informative",
        statistic=theta if known else None,
        threshold=bounds.delta,
        closes=about.closes,
        level=bounds.outside if bounds.declared else None,
        detectable=detectable(error, family.df) if known and family.df > 0 else None,
        compared_with=about.compared_with,
    )
