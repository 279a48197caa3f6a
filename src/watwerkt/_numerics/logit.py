"""Logits: one penalised arm against the comparison, folds left out by warm starts; and a plain multinomial one.

Fitting each arm against the comparison and normalising over arms asks for no joint likelihood of all arms, and a rare
arm gets its own penalty (METHODS 2.6, 15). A fixed weak penalty doubled the error of a rare arm (MEASURED 3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

PENALTIES = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)  # per row, on columns of variance 1; strongest first
TOLERANCE = 1e-7
STEPS = 60


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows of one arm and (some of) the comparison, sorted by fold: ``a`` (n, p) with ones first, ``d`` (n,) 0/1,
    ``weight`` (n,), ``fold`` (n,)."""

    a: Floats
    d: Floats
    weight: Floats
    fold: Codes


def cross_fitted(sample: Sample, folds: int) -> tuple[Floats, float]:
    """Coefficients without each fold (folds, p), at the penalty with the least deviance on left-out persons.

    The search goes from strong to weak penalties and stops when two in a row are worse.
    """
    beta = _start(sample)
    fits = np.tile(beta, (folds, 1))
    kept, least, penalty, worse = fits, np.inf, PENALTIES[0], 0
    for candidate in PENALTIES:
        beta = newton(sample, candidate, beta)
        fits = _without_each(sample, candidate, beta, folds)
        loss = deviance(sample, fits)
        if loss < least:
            kept, least, penalty, worse = fits, loss, candidate, 0
        else:
            worse += 1
        if worse == 2:
            break
    return kept, penalty


def newton(sample: Sample, penalty: float, beta: Floats) -> Floats:
    """Penalised maximum likelihood by Newton steps; the first coefficient is not penalised."""
    ridge = _ridge(sample, penalty)
    for _ in range(STEPS):
        gradient, hessian = _derivatives(sample, beta)
        step = np.asarray(np.linalg.solve(hessian + np.diag(ridge), gradient - ridge * beta), dtype=np.float64)
        beta = beta + _bounded(step)
        if np.abs(step).max() < TOLERANCE:
            break
    return beta


def deviance(sample: Sample, fits: Floats) -> float:
    """Minus the log-likelihood of each fold at the coefficients that were fitted without it."""
    eta = np.einsum("ij,ij->i", sample.a, fits[sample.fold])
    return float((sample.weight * (np.logaddexp(0.0, eta) - sample.d * eta)).sum())


def _without_each(sample: Sample, penalty: float, beta: Floats, folds: int) -> Floats:
    """Each fold left out, from the fit of all: chord steps with the Hessian at that fit, folds taken off by
    subtraction. Where they do not settle, Newton does."""
    ends = np.searchsorted(sample.fold, np.arange(folds + 1))
    parts = [_derivatives(_slice(sample, slice(ends[k], ends[k + 1])), beta)[1] for k in range(folds)]
    total = np.sum(parts, axis=0)
    fits = np.empty((folds, len(beta)))
    for k in range(folds):
        rest = replace(sample, weight=np.where(sample.fold == k, 0.0, sample.weight))
        fits[k] = _chord(rest, penalty, beta, total - parts[k])
    return fits


def _chord(sample: Sample, penalty: float, beta: Floats, hessian: Floats) -> Floats:
    """Newton steps that keep one Hessian: a gradient costs a p-th of it."""
    ridge = _ridge(sample, penalty)
    inverse = np.linalg.inv(hessian + np.diag(ridge))
    at = beta
    for _ in range(STEPS // 3):
        residual = sample.weight * (sample.d - probability(sample.a @ at))
        step = inverse @ (sample.a.T @ residual - ridge * at)
        at = at + _bounded(step)
        if np.abs(step).max() < TOLERANCE:
            return at
    return newton(sample, penalty, beta)


def _derivatives(sample: Sample, beta: Floats) -> tuple[Floats, Floats]:
    """Gradient (p,) and minus the Hessian (p, p) of the log-likelihood."""
    p = probability(sample.a @ beta)
    gradient = sample.a.T @ (sample.weight * (sample.d - p))
    return gradient, (sample.a * (sample.weight * p * (1 - p))[:, None]).T @ sample.a


def _ridge(sample: Sample, penalty: float) -> Floats:
    """Penalty times the number of rows on all but the first coefficient; a trace keeps the intercept solvable."""
    ridge = np.full(sample.a.shape[1], penalty * float(sample.weight.sum()))
    ridge[0] = 1e-9
    return ridge


def _bounded(step: Floats) -> Floats:
    """No step beyond 5 in any direction: a likelihood without a maximum is then walked, not jumped."""
    return step * min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-300))


def _start(sample: Sample) -> Floats:
    """The log-odds of the shares, slopes 0."""
    beta = np.zeros(sample.a.shape[1])
    ones = float((sample.weight * sample.d).sum())
    beta[0] = np.log(ones / max(float(sample.weight.sum()) - ones, 1e-12))
    return beta


def _slice(sample: Sample, rows: slice) -> Sample:
    return Sample(sample.a[rows], sample.d[rows], sample.weight[rows], sample.fold[rows])


def probability(eta: Floats) -> Floats:
    """1/(1 + exp(−eta)) without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * eta)))


def multinomial(x: Floats, arm: Codes, arms: int) -> tuple[Floats, Floats, float]:
    """Unpenalised multinomial logit by Newton: probabilities (n, K), coefficients (K−1, p), log-likelihood.

    ``x`` (n, p) brings its own column of ones; arm 0 is the base. For reference digits, not for small arms.
    """
    n, p = x.shape
    D = (arm[:, None] == np.arange(1, arms)) * 1.0
    b = np.zeros((arms - 1, p))
    e = _softmax(x, b)
    for _ in range(STEPS):
        hessian = np.empty((arms - 1, p, arms - 1, p))
        for j in range(arms - 1):
            for k in range(arms - 1):
                curve = e[:, j + 1] * ((j == k) - e[:, k + 1])
                hessian[j, :, k, :] = x.T @ (x * curve[:, None])
        gradient = ((D - e[:, 1:]).T @ x).ravel()
        step = np.linalg.solve(hessian.reshape((arms - 1) * p, -1), gradient)
        b = b + step.reshape(b.shape)
        e = _softmax(x, b)
        if np.abs(step).max() < 1e-11:
            break
    return e, b, float(np.log(e[np.arange(n), arm]).sum())


def _softmax(x: Floats, b: Floats) -> Floats:
    """Probabilities (n, K) of a multinomial logit with arm 0 as base."""
    eta = np.column_stack([np.zeros(len(x)), x @ b.T])
    odds = np.exp(eta - eta.max(1, keepdims=True))
    return np.asarray(odds / odds.sum(1, keepdims=True))
