"""Logits of one arm against another: penalised, the penalty searched, folds left out by warm starts; and a plain
multinomial one. A fixed weak penalty doubled the error of a rare arm (MEASURED 3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

PENALTIES = (3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)  # per row, on columns of variance 1; strongest first
TOLERANCE = 1e-7
STEPS = 60


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows of one arm and (some of) the others, sorted by fold: ``a`` (n, p) with ones first, ``d`` (n,) 0/1,
    ``weight`` (n,), ``fold`` (n,); ``offset`` (folds, n) known log-odds, row k what fold k may know of them.
    """

    a: Floats
    d: Floats
    weight: Floats
    fold: Codes
    offset: Floats

    @property
    def own(self) -> Floats:
        """The offset (n,) of each row's own fold."""
        return self.offset[self.fold, np.arange(len(self.fold))]


def cross_fitted(sample: Sample, slack: float = 0.0, tolerance: float = TOLERANCE) -> tuple[Floats, float]:
    """Coefficients without each fold (folds, p), and the penalty at which left-out persons' deviance is least.

    With ``slack`` the weakest penalty whose deviance is at most so many standard errors (of the paired difference)
    above the least. The search goes from strong to weak and stops when two in a row are worse than that. Steps end
    where no coefficient moves by more than ``tolerance``.
    """
    fits = np.tile(_start(sample), (len(sample.offset), 1))
    tried: list[tuple[Floats, float, Floats]] = []
    least = 0
    for penalty in PENALTIES:
        fits = _fitted(sample, penalty, fits, tolerance)
        tried.append((fits, penalty, deviances(sample, fits)))
        if tried[-1][2].sum() < tried[least][2].sum():
            least = len(tried) - 1
        if not any(_close(one[2], tried[least][2], slack) for one in tried[-2:]) and len(tried) > least + 2:
            break
    weakest = max(i for i, one in enumerate(tried) if i == least or _close(one[2], tried[least][2], slack))
    return tried[weakest][0], tried[weakest][1]


def newton(sample: Sample, penalty: float, beta: Floats, offset: Floats, tolerance: float = TOLERANCE) -> Floats:
    """Penalised maximum likelihood by Newton steps; the first coefficient is not penalised. ``offset`` (n,)."""
    ridge = _ridge(sample, penalty, float(sample.weight.sum()))
    for _ in range(STEPS):
        gradient, hessian = _derivatives(sample, beta, offset)
        step = np.asarray(np.linalg.solve(hessian + np.diag(ridge), gradient - ridge * beta), dtype=np.float64)
        beta = beta + _bounded(step)
        if np.abs(step).max() < tolerance:
            break
    return beta


def deviances(sample: Sample, fits: Floats) -> Floats:
    """Minus the log-likelihood (n,) of each row at the coefficients (folds, p) that were fitted without it."""
    eta = np.einsum("ij,ij->i", sample.a, fits[sample.fold]) + sample.own
    return np.asarray(sample.weight * (np.logaddexp(0.0, eta) - sample.d * eta))


def _close(loss: Floats, least: Floats, slack: float) -> bool:
    """Whether a penalty is no worse than the best one by more than ``slack`` standard errors."""
    worse = loss - least
    return bool(worse.sum() <= slack * worse.std() * np.sqrt(len(worse)))


def _fitted(sample: Sample, penalty: float, near: Floats, tolerance: float) -> Floats:
    """The fit of all but each fold (folds, p), from points nearby (folds, p).

    One Hessian a fold, at their mean; whatever is left out is taken off by subtraction. From it chord steps, which cost
    a p-th of Newton's; where they do not settle, Newton does.
    """
    folds, middle = len(sample.offset), near.mean(axis=0)
    ends = np.searchsorted(sample.fold, np.arange(folds + 1))
    parts = np.stack([_derivatives(*_slice(sample, slice(ends[k], ends[k + 1]), middle))[1] for k in range(folds)])
    rest = np.arange(folds)[:, None] != sample.fold
    known = sample.offset, parts.sum(axis=0) - parts, rest * sample.weight
    return _chords(sample, penalty, near, known, tolerance)


def _chords(
    sample: Sample, penalty: float, near: Floats, known: tuple[Floats, Floats, Floats], tolerance: float
) -> Floats:
    """Newton steps of several fits (m, p) at once, each keeping one Hessian: a gradient costs a p-th of it, and the
    rows are read once for all of them.

    ``known``: offsets (m, n), Hessians (m, p, p), and the weight of each row in each fit (m, n). What does not settle
    is left to Newton.
    """
    offset, hessian, weight = known
    ridge = np.stack([_ridge(sample, penalty, float(w.sum())) for w in weight])
    inverse = np.linalg.inv(hessian + ridge[:, :, None] * np.eye(ridge.shape[1]))
    at, going = near.copy(), np.arange(len(near))
    for _ in range(STEPS // 3):
        chance = probability((sample.a @ at[going].T).T + offset[going])
        gradient = (weight[going] * (sample.d - chance)) @ sample.a - ridge[going] * at[going]
        steps = np.einsum("mij,mj->mi", inverse[going], gradient)
        at[going] += np.stack([_bounded(step) for step in steps])
        going = going[np.abs(steps).max(axis=1) >= tolerance]
        if len(going) == 0:
            return at
    for m in going:
        at[m] = newton(replace(sample, weight=weight[m]), penalty, near[m], offset[m], tolerance)
    return at


def _derivatives(sample: Sample, beta: Floats, offset: Floats) -> tuple[Floats, Floats]:
    """Gradient (p,) and minus the Hessian (p, p) of the log-likelihood."""
    p = probability(sample.a @ beta + offset)
    gradient = sample.a.T @ (sample.weight * (sample.d - p))
    return gradient, (sample.a * (sample.weight * p * (1 - p))[:, None]).T @ sample.a


def _ridge(sample: Sample, penalty: float, rows: float) -> Floats:
    """Penalty times the (weighted) number of rows on all but the first coefficient; a trace keeps the intercept
    solvable."""
    ridge = np.full(sample.a.shape[1], penalty * rows)
    ridge[0] = 1e-9
    return ridge


def _bounded(step: Floats) -> Floats:
    """No step beyond 5 in any direction: a likelihood without a maximum is then walked, not jumped."""
    return step * min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-300))


def _start(sample: Sample) -> Floats:
    """The log-odds of the shares beyond the mean offset, slopes 0."""
    beta = np.zeros(sample.a.shape[1])
    ones = float((sample.weight * sample.d).sum())
    rest = max(float(sample.weight.sum()) - ones, 1e-12)
    beta[0] = np.log(ones / rest) - float(np.average(sample.own, weights=sample.weight))
    return beta


def _slice(sample: Sample, rows: slice, beta: Floats) -> tuple[Sample, Floats, Floats]:
    """The rows of one fold as a sample of their own, with ``beta`` and their own offset."""
    part = Sample(sample.a[rows], sample.d[rows], sample.weight[rows], sample.fold[rows], sample.offset[:, rows])
    return part, beta, sample.own[rows]


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
