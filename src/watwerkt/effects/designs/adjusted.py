"""People with an arm against similar people with another: cross-fitted augmented inverse-probability weighting.

Robins & Rotnitzky; Chernozhukov et al. (2018); Knaus (2022); METHODS 2. One propensity for everything, one outcome
model for all months of an arm; Hajek weights; errors by cluster with HC3 on both sides and t at the effective persons.
Targets: see ``effects.contrasts``. Repetitions average e, and mu at that e: z is linear in mu, so this averages z.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics.basis import terms
from watwerkt.effects import contrasts, learners, paths, propensity, support
from watwerkt.effects.cells import Place
from watwerkt.effects.folds import folds
from watwerkt.effects.influence import Weighed, pairs, weighed
from watwerkt.effects.nouns import Estimates, Family, Plan, Settings
from watwerkt.effects.outcomes import Groups, Model, Repeated, ridges
from watwerkt.effects.rows import Rows, rows
from watwerkt.sample.nouns import Drawn, Followed

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

DESIGN = "adjusted"
PRODUCTS = 150  # products of main terms in the comparison's regression (MEASURED 2: 209 columns in all)


def prepare(drawn: Drawn, settings: Settings) -> Plan:
    """Folds, propensities and every contrast with its weights, from arms and covariates alone.

    Raises SeparatedArm when one column tells an arm from the comparison.
    """
    least = propensity.LEAST * settings.folds
    support.refuse_separated(drawn, least)
    repeats = [folds(drawn, settings.folds, settings.seed, r) for r in range(settings.repeats)]
    e = np.mean([propensity.propensities(drawn, fold, settings) for fold in repeats], axis=0)
    return Plan(DESIGN, drawn, settings, repeats[0], e, contrasts.contrasts(drawn, e, least))


def estimate(plan: Plan, followed: Followed) -> Estimates:
    """Every contrast × outcome, groups under ``treated``, who started later, and the primary cell over arms."""
    everybody = _frame(plan, None)
    name = paths.Name(plan.design, plan.drawn.question, plan.drawn.arms)
    families: list[Family] = []
    primary: dict[int, paths.Primary] = {}
    for panel in followed.panels:
        known, closed = paths.answered(panel, plan.drawn.weight)
        frame = everybody if known is None else _frame(plan, known)
        outcome = paths.outcome(panel, frame.rows, closed)
        made = _outcome(name, frame, outcome, primary)
        families += [family for i in range(len(plan.contrasts)) for family in made[i]]
        if followed.later is not None and panel.outcome == plan.drawn.question.primary.outcome:
            families += _later(name, frame, followed.later, outcome)
    return Estimates(plan.design, tuple(families), paths.across(plan.contrasts, name.question.primary.month, primary))


@dataclass(frozen=True, eq=False)
class _Frame:
    """Rows in hand with their regressions, and each contrast on them: open ones weighed, closed ones as a reason."""

    rows: Rows
    model: Model
    weighed: dict[int, Weighed]
    closed: dict[int, tuple[Place, str]]


def _frame(plan: Plan, known: NDArray[np.bool_] | None) -> _Frame:
    """Everything that no outcome changes, for the rows that are ``known``."""
    here = rows(plan.drawn, plan.fold, plan.e, known, plan.settings.folds)
    opened, closed = {}, {}
    for i, contrast in enumerate(plan.contrasts):
        a, b = plan.drawn.arms.index(contrast.arm), plan.drawn.arms.index(contrast.compared_with)
        reason = contrast.closed
        if not reason:
            opened[i] = weighed(here, a, b, contrast.target)
            reason = "" if opened[i].n and opened[i].n_without else "non_response"
        if reason:
            opened.pop(i, None)
            closed[i] = (Place(contrast.arm, contrast.compared_with, contrast.target), reason)
    return _Frame(here, model(plan, here), opened, closed)


def model(plan: Plan, here: Rows, products: int = PRODUCTS) -> Model:
    """The default regressions, with so many products of main terms, or the given learner's; once a repetition."""
    drawn, settings = plan.drawn, plan.settings
    weight = propensity.design_weight(drawn)
    if settings.learner is not None:
        regressor, _ = learners.suitable(settings.learner)
        x = drawn.covariates.x[here.seen]
        return _repeated(plan, here, lambda g: learners.Looped(regressor, x, g, weight[here.seen]))
    c = drawn.covariates
    basis = terms(c.x[here.seen], c.binary, c.block, here.arm, products)
    even = np.ptp(weight) < 1e-12
    least = propensity.LEAST * settings.folds
    return _repeated(plan, here, lambda g: ridges(basis, g, None if even else weight[here.seen], least))


def _repeated(plan: Plan, here: Rows, make: Callable[[Groups], Model]) -> Model:
    """One model of the plan's folds; with repetitions one of each of their folds, averaged."""
    settings, first = plan.settings, here.groups
    others = [folds(plan.drawn, settings.folds, settings.seed, r)[here.seen] for r in range(1, settings.repeats)]
    if not others:
        return make(first)
    return Repeated((make(first), *(make(replace(first, fold=fold)) for fold in others)))


def _outcome(
    name: paths.Name, frame: _Frame, of: paths.Outcome, primary: dict[int, paths.Primary]
) -> dict[int, list[Family]]:
    """Families of one outcome by place of their contrast; what the primary cell needs is put into ``primary``."""
    made = {i: [paths.closed_family(name, place, of, reason)] for i, (place, reason) in frame.closed.items()}
    place_of = {id(one): i for i, one in frame.weighed.items()}
    if len(of.at) == 0:
        return made | {
            i: [paths.closed_family(name, name.place(one), of, "non_response")] for i, one in frame.weighed.items()
        }
    happened = [paths.events(of.y, frame.rows.person, frame.rows.arm == a, of.binary) for a in range(len(name.arms))]
    for found in pairs(frame.model.fit(of.y), frame.rows.groups.base, of.y, list(frame.weighed.values())):
        i = place_of[id(found.of)]
        made[i] = list(paths.families(name, of, found, frame.rows, happened))
        at_primary = paths.primary(name, of, found)
        if at_primary is not None:
            primary[i] = at_primary
    return made


def _later(name: paths.Name, frame: _Frame, later: Codes, of: paths.Outcome) -> list[Family]:
    """Who of the comparison started later, arm by arm."""
    treated = [one for one in frame.weighed.values() if one.target == "treated" and one.b == 0]
    return [paths.started_later(name, one, later[frame.rows.seen], of) for one in treated]
