"""Does the answer hang on choices that nobody would defend? Each arm's primary cell, estimated in five other ways.

Another seed of the folds, ten folds, no products in the regressions, another learner (boosted trees, where scikit-learn
is there), and the same without rows that have hardly a like on the other side. A move of more than half a standard
error *fails*: it closes nothing, since none of these ways is the right one, but it is said, and is a silence of one
kind. Only where the question asks for it (``[checks] sensitivity = true``): it costs more than the answer does.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Check, Verdict
from watwerkt.effects import dispatch, learners, loops
from watwerkt.effects.cells import EVERYONE
from watwerkt.effects.checks.verdict import identified
from watwerkt.effects.nouns import Contrast, Estimates, Family, Plan, Settings, Variant
from watwerkt.sample.nouns import Followed, Panel

Mask = NDArray[np.bool_]

MOST = 0.5  # standard errors of the answer
FOLDS = 10
EXTREME = 0.99  # quantile of e_arm/e_0 among the starters beyond which rows are left out
RARE = 0.05  # chance of the comparison below which rows are left out


def check(plan: Plan, found: Iterable[Variant]) -> tuple[Check, ...]:
    """One an arm and way; ``outcome`` names the way. *Not applicable* where a way gave no number."""
    return tuple(_one(variant) for variant in found if variant.arm in plan.drawn.arms)


def _one(variant: Variant) -> Check:
    if variant.move is None:
        return Check("sensitivity", variant.arm, variant.name, "not_applicable")
    size = abs(variant.move)
    verdict: Verdict = "failed" if size > MOST else "passed"
    return Check("sensitivity", variant.arm, variant.name, verdict, size, MOST)


def variants(plan: Plan, followed: Followed, estimates: Estimates) -> tuple[Variant, ...]:
    """Every arm in every way, beside the answer itself; none where the question does not ask."""
    if not plan.drawn.question.checks.sensitivity:
        return ()
    main = {c.arm: c for c in identified(plan) if c.target == "treated" and c.compared_with == plan.drawn.arms[0]}
    answers = {arm: _primary(plan, estimates, contrast) for arm, contrast in main.items()}
    there = {arm: found for arm, found in answers.items() if found is not None and found[1] > 0}

    def varied(name: str) -> list[Variant]:
        settings, kept = WAYS[name](plan)
        if settings is None:
            return []
        seen = _only_primary(plan, followed, name == "learner")
        seen = seen if kept is None else _rows(seen, np.flatnonzero(kept))
        again = _again(plan.design, seen, settings, there)
        return [_variant(name, arm, there[arm], again.get(arm)) for arm in there]

    return tuple(variant for made in loops.spread(varied, WAYS, shared=True) for variant in made)


def _variant(name: str, arm: str, main: tuple[float, float], again: tuple[float, float] | None) -> Variant:
    if again is None:
        return Variant(arm, name, None, None, None)
    return Variant(arm, name, again[0], again[1], (again[0] - main[0]) / main[1])


# ---- the ways ----------------------------------------------------------------------------------------------------

Way = tuple[Settings | None, Mask | None]


def _seed(plan: Plan) -> Way:
    return replace(plan.settings, seed=plan.settings.seed + 1), None


def _folds(plan: Plan) -> Way:
    return replace(plan.settings, folds=FOLDS), None


def _products(plan: Plan) -> Way:
    """A learner has no products to leave out."""
    return (replace(plan.settings, products=0) if plan.settings.learner is None else None), None


def _learner(plan: Plan) -> Way:
    """Boosted trees; None without scikit-learn."""
    pair = learners.boosted(plan.settings.seed)
    return (None if pair is None else replace(plan.settings, learner=pair)), None


def _trimmed(plan: Plan) -> Way:
    """Whoever has a like: by e_0, and by e_arm/e_0 beyond what all but one in a hundred starters have."""
    drawn, e = plan.drawn, plan.e
    kept = e[:, 0] >= RARE
    with np.errstate(divide="ignore"):
        odds = e / e[:, :1]
    for a in range(1, len(drawn.arms)):
        mine = drawn.arm == a
        if mine.any():
            kept &= ~(mine | (drawn.arm == 0)) | (odds[:, a] <= np.quantile(odds[mine, a], EXTREME))
    return plan.settings, kept


WAYS: MappingProxyType[str, Callable[[Plan], Way]] = MappingProxyType(
    {"seed": _seed, "folds": _folds, "products": _products, "learner": _learner, "trimmed": _trimmed}
)


# ---- once more ---------------------------------------------------------------------------------------------------


def _only_primary(plan: Plan, followed: Followed, one_period: bool) -> Followed:
    """The primary outcome alone, without groups and placebos; a slow learner sees its primary period alone."""
    primary = plan.drawn.question.primary
    panel = followed.panel(primary.outcome)
    if one_period and len(panel.months) > 1:
        j = panel.months.index(primary.month) if primary.month in panel.months else len(panel.months) - 1
        known = None if panel.observed is None else panel.observed[:, [j]]
        panel = Panel(panel.outcome, (panel.months[j],), panel.y[:, [j]], known)
    return Followed(replace(plan.drawn, groups=(), placebos=()), (panel,))


def _again(design: str, seen: Followed, settings: Settings, arms: Container[str]) -> dict[str, tuple[float, float]]:
    """theta and its error of each of the arms that this way can estimate."""
    made = dispatch.module(design).prepare(seen.drawn, settings)
    against = seen.drawn.arms[0]
    mine = tuple(c for c in made.contrasts if c.arm in arms and (c.target, c.compared_with) == ("treated", against))
    plan = replace(made, contrasts=mine)
    estimates = dispatch.estimate(plan, seen)
    found = {c.arm: _primary(plan, estimates, c) for c in mine}
    return {arm: numbers for arm, numbers in found.items() if numbers is not None}


def _rows(of: Followed, at: NDArray[np.int64]) -> Followed:
    """The same people, but for some."""
    panels = tuple(
        replace(p, y=p.y[at], observed=None if p.observed is None else p.observed[at]) for p in of.panels
    )  # fmt: skip
    return Followed(of.drawn.some(at), panels)


def _primary(plan: Plan, estimates: Estimates, contrast: Contrast) -> tuple[float, float] | None:
    """theta and its error at the primary cell; None where it is closed."""
    asked = plan.drawn.question.primary
    for family in _paths(estimates, contrast):
        if family.outcome == asked.outcome:
            months = [cell.month for cell in family.cells]
            j = months.index(asked.month) if asked.month in months else -1
            theta, error = float(family.theta[j]), float(family.V[j, j]) ** 0.5
            return (theta, error) if np.isfinite(theta) and np.isfinite(error) else None
    return None


def _paths(estimates: Estimates, contrast: Contrast) -> Iterator[Family]:
    """The paths of everybody of one contrast."""
    key = (contrast.arm, contrast.compared_with, contrast.target)
    for f in estimates.families:
        here = (f.arm, f.compared_with, f.target) == key and bool(f.cells)
        if here and (f.cells[0].group, f.cells[0].measure) == (EVERYONE, "at"):
            yield f
