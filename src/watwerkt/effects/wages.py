"""What workers earn, given what was known of them: conditional quantiles of the wage for trimming, cross-fitted.

A ridge of the mean wage over a person's months at work, one of how far the months' wages lie from it, and the quantiles
of what is left by month. One fit an arm serves every month: thresholds that are off widen the bounds a little and never
narrow them (``_numerics.lee``), so there is no more to gain here than width.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics import lee, ridge
from watwerkt._numerics.basis import Singles

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

NARROW, BROAD = 0.25, 4.0  # how far a spread may differ from the average one


def wages(x: Singles, y: Floats, work: Mask, fold: Codes) -> lee.Wages:
    """Of workers like each row. ``x`` (n, p) of all rows, sorted by ``fold`` (n,); ``y``, ``work`` (n, M) with nobody
    at work who is not in the arm."""
    months = work.sum(1)
    rows = np.flatnonzero(months)
    own = np.where(work, y, 0.0)
    middle = predicted(x, own[rows].sum(1) / months[rows], rows, fold)
    left = np.where(work, y - middle[:, None], 0.0)
    far = np.abs(left[rows]).sum(1) / months[rows]
    typical = max(float(far.mean()), 1e-12)
    spread = np.clip(predicted(x, far, rows, fold), NARROW * typical, BROAD * typical)
    scaled = left / spread[:, None]
    residuals = tuple(
        tuple(np.sort(scaled[(fold != k) & at_work, m]) for m, at_work in enumerate(work.T))
        for k in range(int(fold.max()) + 1)
    )
    shape = np.ones(y.shape)
    return lee.Wages(middle[:, None] * shape, spread[:, None] * shape, residuals, fold)


def predicted(x: Singles, y: Floats, rows: Codes, fold: Codes) -> Floats:
    """Ridge predictions (n,) for all rows by those of ``rows`` in other folds; y (r,) is theirs."""
    ends = np.searchsorted(fold[rows], np.arange(int(fold.max()) + 2))
    slices = [slice(a, b) for a, b in pairwise(ends.tolist())]
    mine, target = x[rows], y[:, None]
    grams = [ridge.gram(mine, part, None) for part in slices]
    outside = [ridge.moments(mine, target, part, None) for part in slices]
    gram, total = np.sum(grams, axis=0), np.sum(outside, axis=0)
    lefts = [ridge.leave_out(gram, one) for one in grams]
    gained = np.sum([ridge.gains(left, total - out, out) for left, out in zip(lefts, outside, strict=True)], axis=0)
    penalty = ridge.best(gained, np.asarray(target.var(0)))
    found = np.empty((len(x), 1))
    for k, (left, out) in enumerate(zip(lefts, outside, strict=True)):
        inside = np.flatnonzero(fold == k)
        if inside.size:
            where = slice(int(inside[0]), int(inside[-1]) + 1)
            ridge.predict(x, ridge.coefficients(left, total - out, penalty), where, found)
    return found[:, 0]
