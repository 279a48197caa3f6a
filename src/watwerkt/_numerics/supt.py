"""The largest of many correlated t values: critical values of simultaneous bands, and adjusted p values.

``P(max_m |X_m| > c)`` for X ~ N(0, R), from draws that all lie in the tail (Adler, Blanchet & Liu 2012; Owen, Maximov &
Chertkov 2019, "importance sampling the union of rare events"): pick a month m, draw X_m beyond c, draw the other months
given it, and count how many (N) lie beyond c too. Then ``P = k · 2Φ(−c) · E[1/N]`` without bias: Bonferroni's bound
times how often the months exceed together. Weighted by 1/N the draws are those of X given max > c, so every higher
quantile can be read from them. Where plain draws waste nineteen of twenty, none is wasted here: 12,288 draws
know the 95 % quantile over 36 months as well as 200,000 plain ones (.003; docs/decisions/0011), in 3 ms. The error is
reported with the value.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import norm
from scipy.stats import t as student

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

LEAST_DRAWS = 12288
DRAWS_A_CELL = 64
PILOT = 1024
MARGIN = 0.15  # how far below the pilot's value the tail begins: some five of the pilot's errors
DECIMALS = 3  # of a critical value: below its Monte-Carlo error, above what the order of summation can change


@dataclass(frozen=True)
class Critical:
    """A critical value, its Monte-Carlo standard error, and how many cells it is for."""

    value: float
    mc_error: float
    cells: int


def critical(R: Floats, seed: int, level: float = 0.95) -> Critical:
    """c with P(max |N(0, R)| ≤ c) = level; R (k, k) a correlation matrix."""
    k, alpha = len(R), 1 - level
    alone = float(norm.isf(alpha / 2))
    if k < 2:
        return Critical(alone, 0.0, k)
    Y = _paths(R, seed)
    start = _quantile(_tail(R, Y[:, :, : -(-PILOT // k)], alone, seed), alpha) - MARGIN
    tail = _tail(R, Y, max(start, alone), seed)
    if tail.probability < alpha:  # the pilot was too high by more than its margin
        tail = _tail(R, Y, alone, seed)
    value = _quantile(tail, alpha)
    slope = 0.2 * alpha / max(_quantile(tail, 0.9 * alpha) - _quantile(tail, min(1.1 * alpha, tail.probability)), 1e-9)
    return Critical(round(value, DECIMALS), _error(tail, value) / slope, k)


def exceedance(R: Floats, c: float, seed: int) -> tuple[float, float]:
    """P(max |N(0, R)| ≥ c) and its Monte-Carlo error: the p value of c, adjusted for looking k times."""
    if len(R) < 2 or c <= 0:
        return (2 * float(ndtr(-c)) if c > 0 else 1.0), 0.0
    tail = _tail(R, _paths(R, seed), c, seed)
    return min(1.0, tail.probability), _error(tail, c)


def correlation(V: Floats) -> Floats:
    """Correlations of a covariance matrix with positive variances."""
    s = np.sqrt(np.diag(V))
    R = V / np.outer(s, s)
    np.fill_diagonal(R, 1.0)
    return np.asarray(R, dtype=float)


def with_df(c: float, df: float) -> float:
    """c for estimated variances: Student's value at the pointwise tail probability of c.

    Exact for one cell. For more it errs on the wide side, since months share one variance estimate.
    """
    return float(student.isf(norm.sf(c), df)) if np.isfinite(df) else c


def without_df(t: float, df: float) -> float:
    """The normal value with the same pointwise tail probability as |t| on df: the inverse of ``with_df``."""
    return float(norm.isf(student.sf(abs(t), df))) if np.isfinite(df) else abs(t)


# ---- draws in the tail ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Tail:
    """Draws of the maximum given that it exceeds the start: ``largest`` (B,) falling, ``weight`` (B,) = P·share."""

    probability: float
    largest: Floats
    weight: Floats


def _tail(R: Floats, Y: Singles, c: float, seed: int) -> _Tail:
    """The law of max |X| beyond c, from paths Y (k, k, b) of N(0, R): those of block m, ``Y[:, m]``, are moved so that
    month m lies beyond c."""
    k, _, b = Y.shape
    beyond = -ndtri(ndtr(-c) * _uniforms(seed, k, b))
    move = (beyond - np.einsum("mmb->mb", Y)).astype(np.float32)
    X = R.astype(np.float32)[:, :, None] * move
    X += Y
    np.abs(X, out=X)
    exceed = np.maximum(np.add.reduce(np.float32(c) < X, axis=0, dtype=np.int16), 1).ravel()
    largest = np.maximum(X.max(axis=0), beyond).ravel()
    order = np.argsort(-largest)
    weight = (2 * float(ndtr(-c)) / b) / exceed[order]
    return _Tail(float(weight.sum()), largest[order].astype(np.float64), weight)


def _quantile(tail: _Tail, alpha: float) -> float:
    """The c beyond which the maximum lies with probability alpha, interpolated between draws."""
    return float(np.interp(alpha, np.cumsum(tail.weight), tail.largest))


def _error(tail: _Tail, c: float) -> float:
    """Monte-Carlo error of P(max > c)."""
    mass = np.where(tail.largest >= c, tail.weight, 0.0) * len(tail.weight)
    return float(mass.std() / np.sqrt(len(mass)))


def _paths(R: Floats, seed: int) -> Singles:
    """(k, k, b) draws of N(0, R): cells × blocks × draws.

    Through the symmetric root, which moves smoothly with R; eigenvectors, which turn about, would make a critical value
    hang on rounding.
    """
    k = len(R)
    values, U = np.linalg.eigh((R + R.T) / 2)
    root = (U * np.sqrt(np.maximum(values, 0))) @ U.T
    root /= np.sqrt((root**2).sum(axis=1, keepdims=True))
    b = -(-max(LEAST_DRAWS, DRAWS_A_CELL * k) // k)
    return np.asarray(root.astype(np.float32) @ _normals(seed, k, b), dtype=np.float32).reshape(k, k, b)


@lru_cache(maxsize=8)
def _normals(seed: int, k: int, b: int) -> Singles:
    """(k, k·b) standard normals, shared by all families of k cells: each is right, they need not be independent."""
    return np.random.default_rng([seed, k, b]).standard_normal((k, k * b), dtype=np.float32)


@lru_cache(maxsize=8)
def _uniforms(seed: int, k: int, b: int) -> Floats:
    """(k, b) uniforms: in every row one in each stratum of width 1/b, in random order."""
    rng = np.random.default_rng([seed, k, b, 1])
    strata = rng.permuted(np.tile(np.arange(b), (k, 1)), axis=1)
    return np.asarray((strata + rng.random((k, b))) / b, dtype=float)
