"""The wage of those who work either way, between two bounds: the same for every design that compares (METHODS 5).

Who works with the arm and who would work without it are not the same people, so wages of workers cannot be compared as
work can. Bounds hold for the always-workers of the population that leads: those in the arm (``treated``), or everybody
in an experiment. Weights, clusters and propensities are the design's own, so beside chance the bounds rest on the same
assumption as work does. Where there are enough workers the trimming follows the covariates, and the arm that is trimmed
may differ from person to person; else it is Lee's own, the same for all. See docs/decisions/0090.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics import lee, ratio
from watwerkt._numerics.basis import terms
from watwerkt.dossier import Measure, Target
from watwerkt.effects import paths, propensity
from watwerkt.effects.cells import Place, cells, family_name
from watwerkt.effects.influence import Weighed, weighed
from watwerkt.effects.nouns import Family, Plan
from watwerkt.effects.outcomes import Model, ridges
from watwerkt.effects.rows import Rows, rows
from watwerkt.effects.wages import wages
from watwerkt.sample.nouns import Panel

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

TARGET: Target = "always_workers"
BOUNDS: tuple[Measure, ...] = ("bound_low", "bound_high")
SHARE: Measure = "always_workers"
WORKERS = 300  # workers an arm must have in a month before the trimming follows covariates
LEAST = 20  # persons at work an arm must have in a month
NIL = 0.02  # shares at work so close that nobody is selected (METHODS 5)
SURE = (0.02, 0.98)  # a share at work that was learned is never nil or all
BLOCK = 12  # months that are held at a time
PARTS = 4  # what lee.sides gives of each month
EVEN = 1e-12


def families(plan: Plan, panel: Panel, learn: bool) -> tuple[Family, ...]:
    """Two bounds and the share who work either way: each arm against the comparison, everybody and declared groups.

    ``panel`` has ``at_work``. ``learn``: whether covariates may be learned from, where there are any.
    """
    known, closed = paths.complete(panel, plan.drawn.weight)
    here = rows(plan.drawn, plan.fold, plan.e, known, plan.settings.folds)
    at = np.array([m for m, reason in enumerate(closed) if not reason], dtype=np.int64)
    assert panel.at_work is not None
    y, work = panel.y[np.ix_(here.seen, at)].astype(np.float64), panel.at_work[np.ix_(here.seen, at)]
    learned = _learned(plan, here) if learn and len(here) and plan.drawn.covariates.x.shape[1] else None
    wage = _Wage(panel, closed, at, here, y, work, learned, {})
    made: list[Family] = []
    for arm in range(1, len(plan.drawn.arms)):
        made += _of_arm(plan, wage, arm)
        wage.known.pop(arm, None)  # two numbers a row and month; only the comparison's are asked for again
    return tuple(made)


@dataclass(frozen=True, eq=False)
class _Learned:
    """What is learned from: covariates ``x`` (n, p) in the rows' order, and the regressions of a design on them."""

    x: NDArray[np.float32]
    model: Model


@dataclass(frozen=True, eq=False)
class _Wage:
    """Wages ``y`` and who is at ``work``, (n, M') on the rows in hand and the open months ``at`` (M',); ``closed`` (M,)
    reasons of months. ``known`` holds the conditional wages of an arm's workers once they are learned."""

    panel: Panel
    closed: tuple[str, ...]
    at: Codes
    rows: Rows
    y: Floats
    work: Mask
    learned: _Learned | None
    known: dict[int, lee.Wages]

    def workers(self, arm: int) -> lee.Wages:
        """What workers of an arm earn, given covariates."""
        if arm not in self.known:
            assert self.learned is not None
            mine = self.work & (self.rows.arm == arm)[:, None]
            self.known[arm] = wages(self.learned.x, self.y, mine, self.rows.groups.fold)
        return self.known[arm]


def _learned(plan: Plan, here: Rows) -> _Learned:
    """The default regressions of `adjusted`, whatever the design: known propensities stay as they were drawn."""
    c, weight = plan.drawn.covariates, propensity.design_weight(plan.drawn)
    basis = terms(c.x[here.seen], c.binary, c.block, here.arm, products=0)
    even = np.ptp(weight) < EVEN
    least = propensity.LEAST * plan.settings.folds
    return _Learned(basis.x, ridges(basis, here.groups, None if even else weight[here.seen], least))


# ---- one arm -----------------------------------------------------------------------------------------------------


def _of_arm(plan: Plan, wage: _Wage, arm: int) -> Iterator[Family]:
    """The bounds of one arm, of everybody and of each declared group."""
    key = (plan.drawn.arms[arm], plan.drawn.arms[0], plan.leading)
    shut = next((c.closed for c in plan.contrasts if (c.arm, c.compared_with, c.target) == key), "no_support")
    place = Place(key[0], key[1], TARGET)
    everybody = None if shut else weighed(wage.rows, arm, 0, plan.leading)
    if everybody is None or min(everybody.n, everybody.n_without) == 0:
        yield from (_closed(plan, wage, place, measures, shut or "too_few") for measures in (BOUNDS, (SHARE,)))
        return
    few = _few(wage, everybody)
    made = [_moments(wage, everybody, block) for block in _blocks(np.flatnonzero(~few))]
    z = np.concatenate(made, axis=1) if made else np.empty((len(everybody.at), 0, PARTS))
    yield from _families(plan, wage, place, everybody, z, few)
    for label, code, codes in wage.rows.labels:
        inside = codes[everybody.at] == code
        part = everybody.part(inside)
        place = Place(key[0], key[1], TARGET, label)
        if min(part.n, part.n_without) == 0:
            yield from (_closed(plan, wage, place, measures, "too_few") for measures in (BOUNDS, (SHARE,)))
        else:
            group_few = _few(wage, part)
            yield from _families(plan, wage, place, part, z[inside][:, ~group_few[~few]], group_few | few)


def _few(wage: _Wage, one: Weighed) -> Mask:
    """(M',) whether too few people are at work on either side."""
    return _workers(wage, one) < LEAST


def _workers(wage: _Wage, one: Weighed) -> Floats:
    """(M',) persons at work on the side with fewer of them."""
    work = wage.work[one.at].astype(np.float64)
    sides = (paths.events(work, one.person, one.arm == side, binary=False) for side in (one.a, one.b))
    return np.minimum(*sides)


def _blocks(months: Codes) -> list[Codes]:
    return [months[i : i + BLOCK] for i in range(0, len(months), BLOCK)]


def _moments(wage: _Wage, one: Weighed, months: Codes) -> Floats:
    """z (r, months, 4) on the rows of a contrast: wage sums of either bound, share who work either way, distance."""
    y, work = wage.y[:, months], wage.work[:, months]
    sides = lee.sides(y, work, _trim(wage, one, months))
    arm, other = sides.arm, sides.other
    model = wage.learned.model if wage.learned is not None else None
    mu_0 = model.fit(other).mu(one.b) if model else np.zeros_like(other)
    own, at = wage.rows.arm[one.at], one.at
    if one.target == "treated":
        u = np.where((own == one.a)[:, None], arm[at], other[at]) - mu_0[at]
        z = ratio.pair_difference(u, one.w.arm, one.w.other, one.s)
    else:
        mu = model.fit(arm).mu(one.a) if model else np.zeros_like(arm)
        z = _level(one, mu[at], arm[at], one.w.arm) - _level(one, mu_0[at], other[at], one.w.other)
    return z.reshape(len(at), PARTS, len(months)).swapaxes(1, 2)


def _level(one: Weighed, mu: Floats, y: Floats, inverse: Floats) -> Floats:
    side = np.flatnonzero(inverse)
    return ratio.side(mu, (y - mu)[side], ratio.Weights(one.s, one.w.q, inverse))


def _trim(wage: _Wage, one: Weighed, months: Codes) -> lee.Trim:
    """By covariates where there are enough workers, else the same for all."""
    y, work = wage.y[:, months], wage.work[:, months]
    if wage.learned is None or _workers(wage, one)[months].min() < WORKERS:
        sides = np.zeros((2, len(wage.rows)))
        sides[:, one.at] = one.s * one.w.arm, one.s * one.w.other
        return lee.everybody(y, work, *sides)
    shares = wage.learned.model.fit(work.astype(np.float64))
    p = tuple(np.clip(shares.mu(side), *SURE) for side in (one.a, one.b))
    ends = tuple(wage.workers(side).of(months) for side in (one.a, one.b))
    return lee.by_covariates((p[0], p[1]), (ends[0], ends[1]))


# ---- from moments to families ------------------------------------------------------------------------------------


def _families(plan: Plan, wage: _Wage, place: Place, one: Weighed, z: Floats, few: Mask) -> Iterator[Family]:
    """The two bounds with their common interval, and the share; ``z`` (r, m, 4) of the months that are not ``few``."""
    kept = np.flatnonzero(~few)
    d, q = z[:, :, 2], one.w.q[:, None] * np.ones(len(kept))
    theta, P = _ratio(one, np.hstack([z[:, :, 0], z[:, :, 1]]), np.hstack([d, d]))
    V, df = ratio.covariance(P), _df(plan, one)
    bounds = _bounded(theta, V, df, one)
    nil = np.asarray(one.s @ z[:, :, 3] / (one.s @ one.w.q)) <= NIL
    middle = (bounds.low + bounds.high) / 2
    ends = list(zip(bounds.from_.tolist(), bounds.to.tolist(), strict=True))
    points = np.concatenate([np.where(nil, middle, end) for end in (bounds.low, bounds.high)])
    made = replace(_closed(plan, wage, place, BOUNDS, ""), **_people(one), df=df, effective=one.effective)
    yield _filled(made, wage, _Numbers(points, V, (*ends, *ends)), few, _workers(wage, one))
    share, P = _ratio(one, d, q)
    V = ratio.covariance(P)
    reach = lee.two_sided(df) * np.sqrt(np.diag(V))
    ends = list(zip(np.maximum(share - reach, 0).tolist(), np.minimum(share + reach, 1).tolist(), strict=True))
    made = replace(made, **_named(plan, wage, place, (SHARE,)))
    yield _filled(made, wage, _Numbers(share, V, tuple(ends)), few, _workers(wage, one))


def _ratio(one: Weighed, z: Floats, d: Floats) -> tuple[Floats, Floats]:
    """theta (m,) = Σ s z / Σ s d and psi/n by cluster (G, m), with HC3 on both sides: METHODS 2.1 with a q a column."""
    total = one.s @ d
    theta = one.s @ z / total
    return theta, ratio.by_cluster(z - d * theta, one.s * one.stretch, one.by) / total


def _bounded(theta: Floats, V: Floats, df: float, one: Weighed) -> lee.Bounds:
    """The bounds (m,) with the interval for what lies between them."""
    m = len(theta) // 2
    variance, across = np.diag(V), np.diag(V[:m, m:])
    se = np.sqrt(variance)
    width_se = np.sqrt(np.maximum(variance[:m] + variance[m:] - 2 * across, 0))
    return lee.interval(theta[:m], theta[m:], (se[:m], se[m:]), width_se, df, one.effective)


def _df(plan: Plan, one: Weighed) -> float:
    """Effective persons of the weaker side less one; no more than clusters less two where these are larger."""
    clustered = np.unique(plan.drawn.cluster).size < np.unique(plan.drawn.person).size
    clusters = len(one.by.codes) if clustered else np.inf
    return float(max(min(one.effective - 1.0, clusters - 2.0), 1.0))


@dataclass(frozen=True, eq=False)
class _Numbers:
    """Numbers of the open months, (k m,), and their intervals."""

    theta: Floats
    V: Floats
    ends: tuple[tuple[float, float], ...]


def _filled(made: Family, wage: _Wage, of: _Numbers, few: Mask, workers: Floats) -> Family:
    """A family with the numbers of its open months in their places."""
    M = len(wage.closed)
    reasons, events = np.array(wage.closed, dtype=object), np.zeros(M)
    reasons[wage.at[few]], events[wage.at] = "too_few", workers
    copies = len(made.cells) // M
    place = np.concatenate([wage.at[~few] + M * i for i in range(copies)])
    theta, V = np.full(M * copies, np.nan), np.full((M * copies, M * copies), np.nan)
    theta[place], V[np.ix_(place, place)] = of.theta, of.V
    sets: list[tuple[tuple[float, float], ...]] = [()] * (M * copies)
    for i, ends in zip(place.tolist(), of.ends, strict=True):
        sets[i] = (ends,)
    return replace(
        made,
        theta=theta,
        V=V,
        level_without=np.full(M * copies, np.nan),  # what those who work either way earn without it has bounds too
        events=np.tile(events, copies),
        closed=tuple(reasons.tolist()) * copies,
        sets=tuple(sets),
    )


def _closed(plan: Plan, wage: _Wage, place: Place, measures: tuple[Measure, ...], reason: str) -> Family:
    """A family without numbers, every cell with its reason."""
    M = len(wage.closed) * len(measures)
    nothing = np.full(M, np.nan)
    return Family(
        **_named(plan, wage, place, measures),
        arm=place.arm,
        compared_with=place.compared_with,
        outcome=wage.panel.outcome,
        target=place.target,
        theta=nothing,
        V=np.full((M, M), np.nan),
        level_without=nothing,
        df=1.0,
        clusters=0,
        n=0,
        n_without=0,
        effective=0.0,
        events=np.zeros(M),
        closed=(reason,) * M,
        sets=((),) * M,
    )


def _named(plan: Plan, wage: _Wage, place: Place, measures: tuple[Measure, ...]) -> dict[str, Any]:
    """What a family of these measures is called, and its cells, measure by measure."""
    panel = wage.panel
    own = cells(plan.drawn.question, place, panel.outcome, panel.months)
    return {
        "name": family_name(plan.design, place, f"{panel.outcome}:{measures[0]}"),
        "cells": tuple(replace(cell, measure=measure) for measure in measures for cell in own),
    }


def _people(one: Weighed) -> dict[str, Any]:
    return {"n": one.n, "n_without": one.n_without, "clusters": len(one.by.codes)}
