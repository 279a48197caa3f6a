"""The estimator on people to whom nothing happened: starters drawn among the comparison, for whom the truth is 0.

Everything is done again: folds, propensities, regressions, weights, errors and bands, by the rules of `adjusted`, for
the question's primary outcome and each arm against the comparison under ``treated``. What no draw changes is made once:
the basis, whose columns depend on covariates alone, and the order of rows. Which products are in it was chosen with the
real arms; fake ones lean the same way by construction.

``rate`` plays no part: fake arms are drawn among rows that were themselves drawn with one rate, so it is the same for
every arm and divides out of the odds. Sampling weights stay what they are: with truth 0 everywhere, every weighted
target has truth 0. Repetitions (METHODS 2.5) are left out: one set of folds a draw. Where not everybody answered,
months with more than 5 % unknown are left out, and the others are looked at among those who answered in all of them:
who answers is another model's matter.

Of more than ROWS comparison rows those of some people are looked at, who come first by their hash: R fits on a million
rows would cost R answers. An arm then has its share of fake starters, but no fewer than FEWEST (or than it would have
among everybody), so that the rule stays where it was calibrated (docs/decisions/0170).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics.basis import Singles, Terms, terms
from watwerkt.effects import folds, learners, loops, paths, propensity, selection, support
from watwerkt.effects.influence import pairs, weighed
from watwerkt.effects.nouns import Family, Plan
from watwerkt.effects.outcomes import Groups, Model, largest, ridges
from watwerkt.effects.rows import Rows
from watwerkt.effects.summaries import path
from watwerkt.sample.nouns import Followed, Panel

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

TOLERANCE = 1e-3  # of a log-odd's coefficient: far below its own error
SCALES = (1.0, 1.5)  # selection as it was, and half as strong again, in turn (METHODS 4.5)
ROWS = 12_000  # comparison rows that are looked at: twice those of a data set that the rule was calibrated on
FEWEST = 300  # fake starters an arm has at least where only some rows are looked at: the rule was calibrated on so many


@dataclass(frozen=True, eq=False)
class Untreated:
    """The n comparison rows at ``at`` of a plan, and all that no draw changes, each (n, …).

    ``plan`` has none of its rows; ``x`` covariates, ``basis`` of them, ``panel`` the primary outcome with ``closed``
    (M,) reason codes and who is ``known`` (n,); ``share`` the chances (n, K) of each arm under each scale; ``turns``
    the order of lives; ``arms`` whom to look at.
    """

    plan: Plan
    at: Codes
    x: Floats
    basis: Terms
    levels: support.Levels
    panel: Panel
    closed: tuple[str, ...]
    known: Mask
    person: Codes
    cluster: Codes
    weight: Floats
    design: Floats
    turns: selection.Turns
    share: tuple[Floats, ...]
    arms: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Looks:
    """R draws of A arms: ``covered`` (R, A) whether the whole band holds 0, ``z`` (R, A, M) estimate over error."""

    covered: Mask
    z: Floats


def can_be_looked_at(plan: Plan, followed: Followed) -> bool:
    """Whether the primary outcome is known well enough in any month."""
    panel = followed.panel(plan.drawn.question.primary.outcome)
    return not all(paths.complete(panel, plan.drawn.weight)[1])


def untreated(plan: Plan, followed: Followed, arms: tuple[int, ...]) -> Untreated:
    """Everything up to the first draw. Raises MissingExtra where the selection model cannot be learned."""
    drawn = plan.drawn
    at = some(plan)
    c, x = drawn.covariates, drawn.covariates.x[at]
    panel = followed.panel(drawn.question.primary.outcome)
    known, closed = paths.complete(panel, drawn.weight)
    whole = terms(c.x, c.binary, c.block, drawn.arm, plan.settings.products)
    of, odds = selection.turns(drawn, at), selection.log_odds(plan, at)
    wanted = starters(np.bincount(drawn.arm, minlength=len(drawn.arms)), len(at))
    return Untreated(
        plan=_bare(plan),
        at=at,
        x=x,
        basis=Terms(whole.x[at], whole.main),
        levels=support.Levels(x[:, c.binary], support.levels(c).names),
        panel=Panel(panel.outcome, panel.months, panel.y[at]),
        closed=closed,
        known=np.ones(len(at), dtype=bool) if known is None else known[at],
        person=np.unique(drawn.person[at], return_inverse=True)[1],
        cluster=np.unique(drawn.cluster[at], return_inverse=True)[1],
        weight=drawn.weight[at],
        design=propensity.design_weight(drawn)[at],
        turns=of,
        share=tuple(selection.chances(odds, wanted, of, scale) for scale in SCALES),
        arms=arms,
    )


def is_some(plan: Plan) -> bool:
    """Whether there are more comparison rows than are looked at."""
    return int(np.count_nonzero(plan.drawn.arm == 0)) > ROWS


def some(plan: Plan) -> Codes:
    """The comparison rows that are looked at: all, or those of as many people as make ROWS of them, by their hash."""
    at = np.flatnonzero(plan.drawn.arm == 0)
    if not is_some(plan):
        return at
    luck = folds.order(plan.drawn, plan.settings.seed)[at]
    return np.asarray(at[luck < np.partition(luck, ROWS)[ROWS]])


def starters(counts: Codes, n: int) -> Floats:
    """How many fake starters of each arm (K,) to expect among ``n`` comparison rows: as large a share as among all rows
    (``counts``, (K,)), but where only some rows are looked at no fewer than FEWEST, or than among every comparison row.
    """
    wanted = counts * n / counts.sum()
    least = np.minimum(FEWEST, counts * counts[0] / counts.sum()) if n < counts[0] else np.zeros(len(counts))
    wanted[1:] = np.maximum(wanted, least)[1:]
    wanted[0] = n - wanted[1:].sum()
    return np.asarray(wanted)


def _bare(plan: Plan) -> Plan:
    """A plan's settings and names without its rows, which no draw looks at and every worker would be handed."""
    none = np.zeros(0, dtype=np.int64)
    return replace(plan, drawn=plan.drawn.some(none), fold=none, e=plan.e[:0], contrasts=())


def looks(of: Untreated, draws: int) -> Looks:
    """So many draws. One that fails (too few in a fold, nobody to compare with) counts as not covered, not as none."""
    found = loops.spread(partial(_look, of), range(draws))
    shape = draws, len(of.arms)
    return Looks(
        np.array([covered for covered, _ in found], dtype=bool).reshape(shape),
        np.array([z for _, z in found], dtype=np.float64).reshape(*shape, len(of.panel.months)),
    )


def _look(of: Untreated, r: int) -> tuple[Mask, Floats]:
    """Draw ``r``: ``covered`` (A,) and ``z`` (A, M)."""
    covered, z = np.zeros(len(of.arms), dtype=bool), np.full((len(of.arms), len(of.panel.months)), np.nan)
    seed = of.plan.settings.seed
    rng = np.random.default_rng([seed, r, 45])
    arm = selection.started(of.share[r % len(SCALES)], of.turns, rng)
    for family in families(of, arm, rng):
        i = of.arms.index(of.plan.drawn.arms.index(family.arm))
        found = path(family, np.eye(len(family.cells)), seed, family.name)
        low, high = (found.low, found.high) if found.band is None else (found.band_low, found.band_high)
        inside = np.isfinite(low)
        covered[i] = bool(inside.any() and ((low <= 0) & (high >= 0))[inside].all())
        z[i] = np.divide(found.theta, found.se, out=np.full_like(found.se, np.nan), where=found.se > 0)
    return covered, z


def primary_place(of: Untreated) -> int:
    """Which of the panel's months *works* is decided on; the last open one where that is not to be had."""
    opened = [i for i, reason in enumerate(of.closed) if not reason]
    month = of.plan.drawn.question.primary.month
    return next((i for i in opened if of.panel.months[i] == month), opened[-1])


def families(of: Untreated, arm: Codes, rng: np.random.Generator) -> Iterator[Family]:
    """One draw, estimated: the path of each arm (n,) that the design's own rules leave open. −1: has left."""
    K, settings = len(of.plan.drawn.arms), of.plan.settings
    left = np.flatnonzero(arm >= 0)
    people = np.unique(of.person[left], return_inverse=True)[1]
    luck = rng.integers(0, 2**63, size=(2, int(people.max()) + 1)).astype(np.uint64)
    fold = folds.dealt(luck[0], folds.rarest_arm(arm[left], people, luck.shape[1]), settings.folds)[people]
    order = np.lexsort((arm[left], fold))
    at, fold, luck_of = left[order], fold[order], luck[1][people[order]]
    groups = Groups(arm[at], fold, K, settings.folds, largest(arm[left]))
    e = propensity.corrected(_log_shares(of, at, groups, luck_of), np.ones((len(at), K)))
    yield from _paths(of, at, groups, e)


def _log_shares(of: Untreated, at: Codes, groups: Groups, luck: NDArray[np.uint64]) -> Floats:
    """As `propensity.propensities`, on the basis that is at hand."""
    if of.plan.settings.learner is None:
        return propensity.log_shares(of.basis.x[at, : of.basis.main], groups, of.design[at], luck, TOLERANCE)
    classifier = learners.suitable(of.plan.settings.learner)[1]
    f = learners.shares(classifier, of.x[at], groups, of.design[at])
    return np.log(f, out=np.full(f.shape, -np.inf), where=f > 0)


def _paths(of: Untreated, at: Codes, groups: Groups, e: Floats) -> Iterator[Family]:
    """Contrasts, regressions and families of one draw, as `adjusted.estimate` makes them."""
    here = of.known[at]
    seen, g = at[here], Groups(groups.arm[here], groups.fold[here], groups.arms, groups.folds, groups.base)
    rows = Rows(seen, g, of.person[seen], of.cluster[seen], of.weight[seen], e[here], ())
    y = paths.outcome(of.panel, rows, of.closed)
    weighing = [weighed(rows, a, 0, "treated") for a in of.arms if _possible(of, at, groups, e, a)]
    weighing = [one for one in weighing if one.n and one.n_without]
    if not weighing or len(y.at) == 0:
        return
    drawn = of.plan.drawn
    name = paths.Name(of.plan.design, drawn.question, drawn.arms)
    happened = [paths.events(y.y, rows.person, rows.arm == a, y.binary) for a in range(g.arms)]
    for found in pairs(_model(of, rows).fit(y.y), g.base, y.y, weighing):
        yield paths.family(name, y, list(paths.parts(name, y, found, rows, happened)))


def _possible(of: Untreated, at: Codes, groups: Groups, e: Floats, a: int) -> bool:
    """The rules of `contrasts`: enough rows for the folds, no hole in support, finite weights."""
    mine, rest = groups.arm == a, groups.arm == 0
    if min(mine.sum(), rest.sum()) < propensity.LEAST * groups.folds:
        return False
    target, beside = np.zeros(len(of.at)), np.zeros(len(of.at), dtype=bool)
    target[at], beside[at] = of.weight[at] * mine, rest
    return bool((e[rest, 0] > 0).all()) and support.hole(of.levels, target, beside) == ""


def _model(of: Untreated, rows: Rows) -> Model:
    """The comparison's regression; another arm's only where it is the larger one and the comparison rests on it."""
    settings, weight = of.plan.settings, of.design[rows.seen]
    if settings.learner is not None:
        return learners.Looped(learners.suitable(settings.learner)[0], of.x[rows.seen], rows.groups, weight)
    even = np.ptp(of.design) < 1e-12
    least = len(rows) + 1 if rows.groups.base == 0 else propensity.LEAST * settings.folds
    x: Singles = of.basis.x[rows.seen]
    return ridges(Terms(x, of.basis.main), rows.groups, None if even else weight, least)
