"""Propensities e (n, K): cross-fitted, corrected for how rows were drawn, rows sum to 1 (METHODS 1.5, 2.6, 15)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics import logit
from watwerkt._numerics.basis import CHUNK, Singles, doubles, terms
from watwerkt.effects import folds, learners
from watwerkt.effects.nouns import Settings
from watwerkt.effects.outcomes import Groups
from watwerkt.sample.nouns import Drawn

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

CONTROLS = 3  # comparison rows a starter that a logit looks at; MEASURED 2: eight give the same coverage
ENOUGH = 2_000  # but never fewer than this, so that a rare arm still sees its own kind
LEAST = 5  # rows an arm must have in each fold (METHODS 2.9)


def propensities(drawn: Drawn, fold: Codes, settings: Settings) -> Floats:
    """e (n, K) of one set of folds: f of the rows drawn, divided by the rate each row would have had, normalised."""
    groups = Groups(drawn.arm, fold, len(drawn.arms), settings.folds)
    weight = design_weight(drawn)
    if settings.learner is None:
        log_f = _logits(drawn, groups, weight, settings.seed)
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


def _logits(drawn: Drawn, groups: Groups, weight: Floats, seed: int) -> Floats:
    """log f_a − log f_0 (n, K), each arm against the comparison."""
    c = drawn.covariates
    x = terms(c.x, c.binary, c.block, drawn.arm, products=0).x
    luck = folds.order(drawn, seed)
    log_f = np.zeros((len(drawn), groups.arms))
    for a in range(1, groups.arms):
        if np.sum(drawn.arm == a) < LEAST * groups.folds:
            log_f[:, a] = np.log(weight[drawn.arm == a].sum() / weight[drawn.arm == 0].sum())
        else:
            fits = _against_comparison(x, groups, a, weight, luck)
            log_f[:, a] = _odds(x, groups.fold, fits)
    return log_f


def _against_comparison(x: Singles, groups: Groups, a: int, weight: Floats, luck: NDArray[np.uint64]) -> Floats:
    """Coefficients (folds, p+1) of log f_a − log f_0 without each fold."""
    mine, rest = np.flatnonzero(groups.arm == a), np.flatnonzero(groups.arm == 0)
    controls = min(len(rest), max(CONTROLS * len(mine), ENOUGH))
    kept = rest[np.argsort(luck[rest], kind="stable")[:controls]]
    rows = np.sort(np.concatenate([mine, kept]))
    rows = rows[np.argsort(groups.fold[rows], kind="stable")]
    own = x[rows]
    d = (groups.arm[rows] == a) * 1.0
    sample = logit.Sample(doubles(own, 0, len(own)), d, weight[rows], groups.fold[rows])
    fits, _ = logit.cross_fitted(sample, groups.folds)
    for k in range(groups.folds):
        outside = groups.fold != k
        share = weight[kept[outside[kept]]].sum() / weight[rest[outside[rest]]].sum()
        fits[k, 0] += np.log(share)
    return fits


def _odds(x: Singles, fold: Codes, fits: Floats) -> Floats:
    """(1, x) b of each row's own fold, (n,)."""
    eta = np.empty(len(x))
    for start in range(0, len(x), CHUNK):
        stop = min(start + CHUNK, len(x))
        all_folds = doubles(x, start, stop) @ fits.T
        eta[start:stop] = all_folds[np.arange(stop - start), fold[start:stop]]
    return eta
