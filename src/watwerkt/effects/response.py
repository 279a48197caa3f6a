"""Outcomes that are not known of everybody: who answers, and with what weight an answer counts (METHODS 4.10).

R is 1 where a row's outcome is known, rho_w(x) the probability of that in arm w, cross-fitted by the machinery of the
propensities: first who answers at all, then how each arm differs from that. Months with the same rows known (a wave of
a questionnaire) share one fit. Whether somebody answers may depend on the arm and on all that is known of them, and on
the outcome only through these: nothing here can test that. ``effects.checks.response`` closes where arms differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from watwerkt._numerics.basis import Singles, terms
from watwerkt.effects import folds, learners, support
from watwerkt.effects.nouns import Contrast, Plan
from watwerkt.effects.outcomes import Groups, largest
from watwerkt.effects.propensity import LEAST, Among, design_weight
from watwerkt.sample.nouns import Panel

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

UNANSWERED = 0.05  # share of a month's outcomes that may be unknown before answers are weighted
SLACK = 1.0  # as in ``propensity``, but a rho multiplies the weights that e has made: noise costs more here
FLOOR = 0.05  # below this chance of an answer nobody's answer can stand in for the others'
HARDLY = 0.01  # share of either side of a comparison that may lie below the floor


@dataclass(frozen=True, eq=False)
class Pattern:
    """Months ``at`` (M',) in which the same rows ``known`` (n,) are known."""

    at: Codes
    known: Mask


def unanswered(panel: Panel, weight: Floats) -> Floats:
    """(M,) the weighted share of everybody whose outcome is not known."""
    if panel.observed is None:
        return np.zeros(len(panel.months))
    return np.asarray(1.0 - weight @ panel.observed / weight.sum())


def patterns(panel: Panel, weight: Floats) -> tuple[Pattern, ...]:
    """The months in which more than 5 % is unknown, those with the same rows known together.

    Months in which hardly anybody is known are left out: they stay closed.
    """
    share = unanswered(panel, weight)
    if panel.observed is None or not (share > UNANSWERED).any():
        return ()
    found: dict[bytes, list[int]] = {}
    for m in np.flatnonzero((share > UNANSWERED) & (share < 1 - FLOOR)).tolist():
        found.setdefault(np.packbits(panel.observed[:, m]).tobytes(), []).append(m)
    return tuple(Pattern(np.array(at), panel.observed[:, at[0]]) for at in found.values())


@dataclass(frozen=True, eq=False)
class Answering:
    """The rows of a plan as the fits of rho see them; made once, whatever the number of patterns."""

    plan: Plan

    @cached_property
    def x(self) -> Singles:
        """Main terms (n, p)."""
        drawn, c = self.plan.drawn, self.plan.drawn.covariates
        return terms(c.x, c.binary, c.block, drawn.arm, products=0).x

    @cached_property
    def luck(self) -> NDArray[np.uint64]:
        """Whom a subsample takes first, (n,)."""
        return folds.order(self.plan.drawn, self.plan.settings.seed)

    @cached_property
    def levels(self) -> support.Levels:
        """The categories in which somebody must have answered."""
        return support.levels(self.plan.drawn.covariates)

    def rho(self, known: Mask) -> Floats:
        """(n,) the probability that a row's outcome is known, in its own arm, learned without its own fold."""
        drawn, fold, settings = self.plan.drawn, self.plan.fold, self.plan.settings
        weight, rho = design_weight(drawn), np.empty(len(drawn))
        common = largest(known.astype(np.int64))
        pooled = None if settings.learner else self._log_odds(np.arange(len(drawn)), known, common, None)
        for a in range(len(drawn.arms)):
            own = np.flatnonzero(drawn.arm == a)
            if min(known[own].sum(), (~known[own]).sum()) < LEAST * settings.folds:
                rho[own] = np.average(known[own], weights=weight[own]) if own.size else 1.0
            elif settings.learner is not None:
                groups = Groups(known[own].astype(np.int64), fold[own], 2, settings.folds)
                classifier = learners.suitable(settings.learner)[1]
                rho[own] = learners.shares(classifier, drawn.covariates.x[own], groups, weight[own])[:, 1]
            else:
                odds = self._log_odds(own, known, common, None if pooled is None else pooled[:, own])
                mine = odds[fold[own], np.arange(own.size)]
                rho[own] = expit(-mine if common else mine)
        return rho

    def _log_odds(self, rows: Codes, known: Mask, common: int, offset: Floats | None) -> Floats:
        """(folds, r) log-odds of the rarer of known and unknown on some rows, row k learned without fold k."""
        plan = self.plan
        groups = Groups(known[rows].astype(np.int64), plan.fold[rows], 2, plan.settings.folds, common)
        among = Among(self.x[rows], groups, design_weight(plan.drawn)[rows], self.luck[rows])
        start = np.zeros((plan.settings.folds, rows.size)) if offset is None else offset
        return among.against_base(groups.arm != common, start, SLACK)

    def lacking(self, contrast: Contrast, known: Mask, rho: Floats) -> bool:
        """Whether answers cannot stand in for the rest: too few of them, a category of the target in which a side has
        none, or people of a side who hardly ever answer."""
        drawn, least = self.plan.drawn, LEAST * self.plan.settings.folds
        for name, weight in ((contrast.arm, contrast.weight_with), (contrast.compared_with, contrast.weight_without)):
            side = (drawn.arm == drawn.arms.index(name)) & known
            never = float(weight @ (rho < FLOOR)) > HARDLY * float(weight.sum())
            if side.sum() < least or never or support.hole(self.levels, contrast.weight_target, side):
                return True
        return False


def weight_of(known: Mask, rho: Floats) -> Floats:
    """R/rho (n,): 0 where the outcome is not known."""
    return np.divide(1.0, rho, out=np.zeros(len(rho)), where=known & (rho > 0))


def filled(y: Floats, known: Mask) -> Floats:
    """y (n, M) with each month's mean where nothing is known: rows of weight 0, which no regression learns from."""
    return np.where(known[:, None], y, y[known].mean(0))
