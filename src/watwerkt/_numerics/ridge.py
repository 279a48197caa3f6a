"""Ridge regressions of very many outcomes at once, each fold left out by subtraction (METHODS 15, MEASURED 7).

Per fold k the Gram matrix of all other folds is G − G_k and is decomposed once; every outcome and every penalty reads
its coefficients and its loss on the persons of fold k from it. Sums are in double precision, by chunks of rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics.basis import CHUNK, Singles, doubles

Floats = NDArray[np.float64]

# Penalties per row, relative to columns of variance 1. The last one leaves the mean alone.
PENALTIES = np.append(np.geomspace(1e-4, 10.0, 11), 1e6)


@dataclass(frozen=True, eq=False)
class Left:
    """Fold k left out, decomposed. n rows (weights) elsewhere, ``mean`` (p,) of the columns there.

    ``values`` (p,), ``vectors`` (p, p): eigenvalues and -vectors of the centred Gram per row. ``out`` (p, p): the Gram
    of fold k around ``mean``, rotated; ``out_sum`` (p,) the sum of its centred columns, rotated; ``out_n`` its rows.
    """

    n: float
    mean: Floats
    values: Floats
    vectors: Floats
    out: Floats
    out_sum: Floats
    out_n: float


def gram(x: Singles, rows: slice, weight: Floats | None) -> Floats:
    """Σ w (1, x)'(1, x) over ``rows``, (p+1, p+1)."""
    total = np.zeros((x.shape[1] + 1, x.shape[1] + 1))
    for start, stop in chunks(rows):
        a = doubles(x, start, stop)
        total += (a if weight is None else a * weight[start:stop, None]).T @ a
    return total


def moments(x: Singles, y: Floats | Singles, rows: slice, weight: Floats | None) -> Floats:
    """Σ w (1, x)'y over ``rows``, (p+1, M)."""
    total = np.zeros((x.shape[1] + 1, y.shape[1]))
    for start, stop in chunks(rows):
        a = doubles(x, start, stop)
        total += (a if weight is None else a * weight[start:stop, None]).T @ y[start:stop].astype(np.float64)
    return total


def predict(x: Singles, coefficients: Floats, rows: slice, into: Floats) -> None:
    """Write (1, x) b into ``into`` (n, M) on ``rows``; ``coefficients`` (p+1, M)."""
    for start, stop in chunks(rows):
        np.matmul(doubles(x, start, stop), coefficients, out=into[start:stop])


def chunks(rows: slice) -> list[tuple[int, int]]:
    """Begin and end of the chunks of a slice."""
    return [(start, min(start + CHUNK, rows.stop)) for start in range(rows.start, rows.stop, CHUNK)]


def leave_out(total: Floats, fold: Floats) -> Left:
    """Decompose what is left of a Gram when one fold's is taken away."""
    G = total - fold
    n = max(float(G[0, 0]), 1e-12)
    mean = G[0, 1:] / n
    values, vectors = np.linalg.eigh(G[1:, 1:] / n - np.outer(mean, mean))
    cross = np.outer(mean, fold[0, 1:])
    out = fold[1:, 1:] - cross - cross.T + fold[0, 0] * np.outer(mean, mean)
    rotated = vectors.T @ out @ vectors
    out_sum = vectors.T @ (fold[0, 1:] - fold[0, 0] * mean)
    return Left(n, mean, np.maximum(values, 0.0), vectors, rotated, out_sum, float(fold[0, 0]))


def coefficients(left: Left, inside: Floats, penalty: float) -> Floats:
    """(p+1, M) with the intercept first, unpenalised; ``inside`` (p+1, M) moments of the rows not left out."""
    level = inside[0] / left.n
    slope = left.vectors @ (_rotated(left, inside, level) / (left.values + penalty)[:, None])
    return np.vstack([level - left.mean @ slope, slope])


def gains(left: Left, inside: Floats, outside: Floats) -> Floats:
    """By how much each penalty lowers the squared loss of fold k below that of the mean alone: (penalties, M).

    ``inside`` and ``outside`` (p+1, M): moments of the rows kept and of those left out.
    """
    level = inside[0] / left.n
    c = _rotated(left, inside, level)
    centred = outside[1:] - np.outer(left.mean, outside[0])
    h = left.vectors.T @ centred - np.outer(left.out_sum, level)
    gained = np.empty((len(PENALTIES), inside.shape[1]))
    for i, penalty in enumerate(PENALTIES):
        b = c / (left.values + penalty)[:, None]
        gained[i] = 2 * (b * h).sum(0) - (b * (left.out @ b)).sum(0)
    return gained


def _rotated(left: Left, inside: Floats, level: Floats) -> Floats:
    """Centred moments per row in the directions of the eigenvectors."""
    return np.asarray(left.vectors.T @ (inside[1:] / left.n - np.outer(left.mean, level)))


def best(gained: Floats, spread: Floats) -> float:
    """The penalty with the largest gain over all folds and months; ``spread`` (M,) makes months comparable."""
    total = (gained / np.where(spread > 0, spread, np.inf)).sum(1)
    return float(PENALTIES[int(np.argmax(total))])


def least_squares(x: Floats, y: Floats, weight: Floats | None = None) -> Floats:
    """Unpenalised coefficients (p, M) of y (n, M) on x (n, p), which brings its own column of ones."""
    root = 1.0 if weight is None else np.sqrt(weight)[:, None]
    return np.asarray(np.linalg.lstsq(x * root, y * root, rcond=None)[0])
