"""Propensities e (n, K): cross-fitted, corrected for how rows were drawn, rows sum to 1 (METHODS 1.5, 2.6, 15)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics import logit
from watwerkt._numerics.basis import CHUNK, Singles, doubles, terms
from watwerkt.effects import folds, learners
from watwerkt.effects.nouns import Settings
from watwerkt.effects.outcomes import Groups, largest
from watwerkt.sample.nouns import Drawn

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

CONTROLS = (
    3  # rows of the largest arm for each of an arm that a logit looks at; MEASURED 2: eight give the same coverage
)
ENOUGH = 2_000  # but never fewer than this, so that a rare arm still sees its own kind
SLACK = 4.0  # standard errors of deviance by which a logit may be less penalised: bias costs more than noise (0006)
LEAST = 5  # rows an arm must have in each fold (METHODS 2.9)


def propensities(drawn: Drawn, fold: Codes, settings: Settings) -> Floats:
    """e (n, K) of one set of folds: f of the rows drawn, divided by the rate each row would have had, normalised."""
    groups = Groups(drawn.arm, fold, len(drawn.arms), settings.folds, largest(drawn.arm))
    weight = design_weight(drawn)
    if settings.learner is None:
        c = drawn.covariates
        main = terms(c.x, c.binary, c.block, drawn.arm, products=0).x
        log_f = log_shares(main, groups, weight, folds.order(drawn, settings.seed))
    else:
        classifier = learners.suitable(settings.learner)[1]
        f = learners.shares(classifier, drawn.covariates.x, groups, weight)
        log_f = np.log(f, out=np.full(f.shape, -np.inf), where=f > 0)
    return corrected(log_f, drawn.rate)


def corrected(log_f: Floats, rate: Floats) -> Floats:
    """e = (f/pi) / Σ (f/pi) over arms, exact for any f (METHODS 1.5). In logarithms: odds of 1e-300 stay odds."""
    log_e = log_f - np.log(rate)
    e = np.exp(log_e - log_e.max(1, keepdims=True))
    return np.asarray(e / e.sum(1, keepdims=True))


def design_weight(drawn: Drawn) -> Floats:
    """The weight without the draw of comparison rows, of mean 1: what nuisances are fitted with."""
    weight = drawn.weight * drawn.rate[np.arange(len(drawn)), drawn.arm]
    return np.asarray(weight / weight.mean())


def log_shares(
    x: Singles, groups: Groups, weight: Floats, luck: NDArray[np.uint64], tolerance: float = logit.TOLERANCE
) -> Floats:
    """log f_a − log f_base (n, K): any arm against the largest first, then each arm's difference from that.

    ``x`` (n, p) a basis, ``luck`` (n,) whom a subsample of the largest arm takes first. What makes people start
    anything is learned from all who start: an arm of fifty needs only what sets it apart, and shrinks towards "like the
    others", not towards "as often for everybody" (docs/decisions/0005).
    """
    among = Among(x, groups, weight, luck, tolerance)
    log_f = np.zeros((len(x), groups.arms))
    anyone = among.against_base(groups.arm != groups.base, np.zeros((groups.folds, len(x))), SLACK)
    for a in range(groups.arms):
        mine = groups.arm == a
        if a == groups.base:
            continue
        if groups.arms == 2:
            log_odds = anyone
        elif mine.sum() < LEAST * groups.folds:
            log_odds = anyone + np.log(weight[mine].sum() / weight[groups.arm != groups.base].sum())
        else:
            log_odds = among.against_base(mine, anyone, SLACK)
        log_f[:, a] = log_odds[groups.fold, np.arange(len(x))]
    return log_f


@dataclass(frozen=True, eq=False)
class Among:
    """Rows as logits see them: main terms ``x`` (n, p), ``luck`` (n,) whom a subsample takes first."""

    x: Singles
    groups: Groups
    weight: Floats
    luck: NDArray[np.uint64]
    tolerance: float = logit.TOLERANCE

    def against_base(self, mine: NDArray[np.bool_], offset: Floats, slack: float) -> Floats:
        """log-odds (folds, n) of ``mine`` (n,) against the base among the rows drawn, row k learned without fold k."""
        g, rest = self.groups, np.flatnonzero(self.groups.arm == self.groups.base)
        if mine.sum() < LEAST * g.folds:
            share = self.weight[mine].sum() / self.weight[rest].sum()
            return np.asarray(offset + np.log(share))
        kept = rest[np.argsort(self.luck[rest], kind="stable")[: max(CONTROLS * int(mine.sum()), ENOUGH)]]
        rows = np.sort(np.concatenate([np.flatnonzero(mine), kept]))
        rows = rows[np.argsort(g.fold[rows], kind="stable")]
        a, d = doubles(self.x[rows], 0, len(rows)), mine[rows] * 1.0
        sample = logit.Sample(a, d, self.weight[rows], g.fold[rows], offset[:, rows])
        fits, _ = logit.cross_fitted(sample, slack, self.tolerance)
        for k in range(g.folds):
            outside = g.fold != k
            fits[k, 0] += np.log(self.weight[kept[outside[kept]]].sum() / self.weight[rest[outside[rest]]].sum())
        return offset + self._predicted(fits)

    def _predicted(self, fits: Floats) -> Floats:
        """(1, x) b of every row by every fold's coefficients, (folds, n)."""
        eta = np.empty((len(fits), len(self.x)))
        for start in range(0, len(self.x), CHUNK):
            stop = min(start + CHUNK, len(self.x))
            eta[:, start:stop] = fits @ doubles(self.x, start, stop).T
        return eta
