"""People with an arm against similar people with another: cross-fitted augmented inverse-probability weighting.

Robins & Rotnitzky; Chernozhukov et al. (2018); Knaus (2022); METHODS 2. One propensity for everything, one outcome
model for all months of an arm; Hajek weights; errors by cluster with HC3 on both sides and t at the effective persons.
Targets: see ``effects.contrasts``. Repetitions average e, and mu at that e: z is linear in mu, so this averages z.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics.basis import Terms, terms
from watwerkt.effects import bounds, contrasts, interactions, learners, paths, propensity, support
from watwerkt.effects.cells import Place
from watwerkt.effects.dispatch import entry
from watwerkt.effects.folds import folds
from watwerkt.effects.influence import Weighed, answered_pairs, pairs, weighed
from watwerkt.effects.nouns import Contrast, Estimates, Family, Plan, Settings
from watwerkt.effects.outcomes import Groups, Model, Repeated, ridges
from watwerkt.effects.response import Answering, Pattern, patterns, weight_of
from watwerkt.effects.rows import Rows, rows
from watwerkt.sample.nouns import Drawn, Followed

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

DESIGN = "adjusted"


def prepare(drawn: Drawn, settings: Settings) -> Plan:
    """Folds, propensities and every contrast with its weights, from arms and covariates alone.

    Raises SeparatedArm when one column tells an arm from the comparison.
    """
    least = propensity.LEAST * settings.folds
    support.refuse_separated(drawn, least)
    repeats = [folds(drawn, settings.folds, settings.seed, r) for r in range(settings.repeats)]
    e = _propensities(drawn, repeats, settings)
    wider = interactions.with_corners(drawn, e) if settings.learner is None and settings.products else drawn
    if wider is not drawn:
        drawn, e = wider, _propensities(wider, repeats, settings)
    return Plan(DESIGN, drawn, settings, repeats[0], e, contrasts.contrasts(drawn, e, least))


def _propensities(drawn: Drawn, repeats: list[Codes], settings: Settings) -> Floats:
    """e (n, K), the mean over repetitions."""
    return np.asarray(np.mean([propensity.propensities(drawn, fold, settings) for fold in repeats], axis=0))


def estimate(plan: Plan, followed: Followed) -> Estimates:
    """Every contrast × outcome, groups under ``treated``, who started later, and the primary cell over arms."""
    everybody = _frame(plan, None)
    answering = Answering(plan)
    name = paths.Name(plan.design, plan.drawn.question, plan.drawn.arms)
    families: list[Family] = []
    primary: dict[int, paths.Primary] = {}
    for panel in followed.panels:
        if panel.at_work is not None:
            families += bounds.families(plan, panel, learn=True)
            continue
        known, closed = paths.complete(panel, plan.drawn.weight)
        frame = everybody if known is None else _frame(plan, known)
        outcome = paths.outcome(panel, frame.rows, closed)
        waves = patterns(panel, plan.drawn.weight)
        asked = (  # a wave's frame is large, and goes when its months are done
            (_answering(plan, everybody, answering, wave), paths.answered(panel, everybody.rows, closed, wave))
            for wave in waves
        )
        whole = [(frame, outcome)] if len(outcome.at) else []
        looked = _Looked(len(whole) + len(waves), chain(whole, asked))
        families += _outcome(plan, name, looked, outcome, primary)
        if followed.later is not None and panel.outcome == plan.drawn.question.primary.outcome:
            families += _later(name, frame, followed.later, outcome)
    return Estimates(plan.design, tuple(families), paths.across(plan.contrasts, name.question.primary.month, primary))


@dataclass(frozen=True, eq=False)
class _Looked:
    """So ``many`` sets of months of one outcome, each with its rows and regressions, made as they are asked for."""

    many: int
    frames: Iterator[tuple[_Frame, paths.Outcome]]


@dataclass(frozen=True, eq=False)
class _Frame:
    """Rows in hand with their basis and regressions, and each contrast on them: open ones weighed, closed ones as a
    reason. ``answers``: not everybody's outcome is known, and answers are weighted."""

    rows: Rows
    basis: Terms | None
    model: Model
    weighed: dict[int, Weighed]
    closed: dict[int, tuple[Place, str]]
    answers: bool = False


def _frame(plan: Plan, known: NDArray[np.bool_] | None) -> _Frame:
    """Everything that no outcome changes, for the rows that are ``known``."""
    here = rows(plan.drawn, plan.fold, plan.e, known, plan.settings.folds)
    basis = _basis(plan, here, plan.settings.products)

    def weigh(contrast: Contrast, a: int, b: int) -> Weighed | str:
        one = weighed(here, a, b, contrast.target)
        return one if one.n and one.n_without else "non_response"

    opened, closed = _contrasts(plan, weigh)
    return _Frame(here, basis, _model(plan, here, basis, _uneven(plan, here)), opened, closed)


def _answering(plan: Plan, everybody: _Frame, answering: Answering, pattern: Pattern) -> _Frame:
    """Everybody again, with regressions of those who answered and their residuals weighted by R/rho."""
    here, rho = everybody.rows, answering.rho(pattern.known)
    factor = weight_of(pattern.known, rho)[here.seen]
    least = entry(plan.design).least

    def weigh(contrast: Contrast, a: int, b: int) -> Weighed | str:
        if answering.lacking(contrast, pattern.known, rho):
            return "non_response"
        one = weighed(here, a, b, contrast.target, factor)
        return one if one.effective >= least[0 if contrast.target == "treated" else 1] else "too_few"

    opened, closed = _contrasts(plan, weigh)
    weight = (propensity.design_weight(plan.drawn) * pattern.known)[here.seen]
    return replace(
        everybody, model=_model(plan, here, everybody.basis, weight), weighed=opened, closed=closed, answers=True
    )


def _contrasts(
    plan: Plan, weigh: Callable[[Contrast, int, int], Weighed | str]
) -> tuple[dict[int, Weighed], dict[int, tuple[Place, str]]]:
    """By place of the contrast: what could be weighed, and why the others are closed."""
    opened, closed, code = {}, {}, plan.drawn.arms.index
    for i, contrast in enumerate(plan.contrasts):
        found = contrast.closed or weigh(contrast, code(contrast.arm), code(contrast.compared_with))
        if isinstance(found, str):
            closed[i] = (Place(contrast.arm, contrast.compared_with, contrast.target), found)
        else:
            opened[i] = found
    return opened, closed


def model(plan: Plan, here: Rows) -> Model:
    """The default regressions or the given learner's, once a repetition, of rows whose outcome is known."""
    return _model(plan, here, _basis(plan, here, plan.settings.products), _uneven(plan, here))


def _basis(plan: Plan, here: Rows, products: int) -> Terms | None:
    """What the default regressions are made from; a learner looks at the covariates themselves."""
    c = plan.drawn.covariates
    return terms(c.x[here.seen], c.binary, c.block, here.arm, products) if plan.settings.learner is None else None


def _uneven(plan: Plan, here: Rows) -> Floats | None:
    """The rows' design weights, None where all are even."""
    weight = propensity.design_weight(plan.drawn)
    return None if np.ptp(weight) < 1e-12 else weight[here.seen]


def _model(plan: Plan, here: Rows, basis: Terms | None, weight: Floats | None) -> Model:
    """The default regressions or the given learner's, once a repetition. ``weight`` (n,), None where all are even."""
    drawn, settings = plan.drawn, plan.settings
    if settings.learner is not None:
        regressor, _ = learners.suitable(settings.learner)
        x, w = drawn.covariates.x[here.seen], np.ones(len(here)) if weight is None else weight
        return _repeated(plan, here, lambda g: learners.Looped(regressor, x, g, w))
    assert basis is not None  # made wherever no learner is given
    least = propensity.LEAST * settings.folds
    return _repeated(plan, here, lambda g: ridges(basis, g, weight, least))


def _repeated(plan: Plan, here: Rows, make: Callable[[Groups], Model]) -> Model:
    """One model of the plan's folds; with repetitions one of each of their folds, averaged."""
    settings, first = plan.settings, here.groups
    others = [folds(plan.drawn, settings.folds, settings.seed, r)[here.seen] for r in range(1, settings.repeats)]
    if not others:
        return make(first)
    return Repeated((make(first), *(make(replace(first, fold=fold)) for fold in others)))


def _outcome(
    plan: Plan,
    name: paths.Name,
    looked: _Looked,
    of: paths.Outcome,
    primary: dict[int, paths.Primary],
) -> list[Family]:
    """Families of one outcome, contrast by contrast; what the primary cell needs is put into ``primary``.

    ``looked``: its months with complete rows, and each pattern of response. Without any, all of it is closed.
    """
    made: list[list[Family]] = [[] for _ in plan.contrasts]
    waiting: dict[tuple[int, str], list[paths.Part]] = {}
    for frame, these in looked.frames:
        for i, part in _parts(name, frame, these):
            parts = waiting.setdefault((i, part.place.group), [])
            parts.append(part)
            if len(parts) == looked.many:  # psi of every person is large: it goes as soon as all months are there
                made[i].append(paths.family(name, of, waiting.pop((i, part.place.group))))
                at_primary = paths.primary(name, of, parts)
                if at_primary is not None:
                    primary[i] = at_primary
    for i, contrast in enumerate(plan.contrasts):
        for (j, _), parts in waiting.items():  # groups that some months closed for everybody have no place in
            if i == j:
                made[i].append(paths.family(name, of, parts))
        if not made[i]:
            place = Place(contrast.arm, contrast.compared_with, contrast.target)
            made[i].append(paths.closed_family(name, place, of, contrast.closed or "non_response"))
    return [family for families in made for family in families]


def _parts(name: paths.Name, frame: _Frame, of: paths.Outcome) -> Iterator[tuple[int, paths.Part]]:
    """The months of ``of`` in every contrast and group, with the place of the contrast."""
    for i, (place, reason) in frame.closed.items():
        yield i, paths.Part(place, of.at, reason)
    place_of = {id(one): i for i, one in frame.weighed.items()}
    arm, person = frame.rows.arm, frame.rows.person
    happened = [paths.events(of.y, person, of.side(arm == a), of.binary) for a in range(len(name.arms))]
    made = answered_pairs if frame.answers else pairs
    for found in made(frame.model.fit(of.y), frame.rows.groups.base, of.y, list(frame.weighed.values())):
        for part in paths.parts(name, of, found, frame.rows, happened):
            yield place_of[id(found.of)], part


def _later(name: paths.Name, frame: _Frame, later: Codes, of: paths.Outcome) -> list[Family]:
    """Who of the comparison started later, arm by arm."""
    treated = [one for one in frame.weighed.values() if one.target == "treated" and one.b == 0]
    return [paths.started_later(name, one, later[frame.rows.seen], of) for one in treated]
