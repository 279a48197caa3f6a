"""The one form of every estimand: theta = Σ s z / Σ s q (METHODS 2.1), its influence and its covariance.

Symbols as in METHODS: ``z`` (n, M), ``q`` (n,), ``s`` (n,) sampling weights, cluster codes (n,).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.stats import chi2
from scipy.stats import t as student

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Weights:
    """The arrays (n,) of METHODS 2.1: ``s`` sampling weights, ``q`` the target, ``c`` one arm's inverse weights (0
    outside it)."""

    s: Floats
    q: Floats
    c: Floats


def side(mu: Floats, u: Floats, w: Weights, hajek: bool = True, out: Floats | None = None) -> Floats:
    """z of one arm's level in the population that q describes: q mu + c (y − mu), (n, M), into ``out`` where given.

    ``u`` = y − mu on the arm's rows alone, those with c ≠ 0, in their order; it is written over.

    Hajek (METHODS 2.4): c is scaled so that Σ s c = Σ s q, and the mean residual r moves with the prediction, which
    carries the error of the normalisation: z = q (mu + r) + c (y − mu − r).
    """
    rows = np.flatnonzero(w.c)
    weight = w.c[rows]
    r, scale = residual_mean(u, weight, w.s[rows], float(w.s @ w.q)) if hajek else (np.zeros(mu.shape[1]), 1.0)
    z = np.add(mu, r, out=out)
    if not (w.q == 1).all():
        z *= w.q[:, None]
    u -= r
    u *= (weight * scale)[:, None]
    z[rows] += u
    return z


def residual_mean(u: Floats, c: Floats, s: Floats, total: float) -> tuple[Floats, float]:
    """r (M,) = Σ s c u / Σ s c, and the factor that gives s c the sum ``total``."""
    sc = s * c
    own = float(sc.sum())
    return np.asarray(sc @ u / own), total / own


def pair_difference(u: Floats, a: Floats, w: Floats, s: Floats, hajek: bool = True) -> Floats:
    """z of `treated`: (D_a − w)(u − r) with w = D_c e_a/e_c scaled to Σ s D_a (METHODS 2.4), (n, M).

    ``a`` (n,) is D_a; ``u`` = y − mu with the comparison's regression (the arm's own one drops out of `side` when
    q = D_a). It is written over with z: a new array of this size costs more than what is done to it.
    """
    r, scale = residual_mean(u, w, s, float(s @ a)) if hajek else (np.zeros(u.shape[1]), 1.0)
    u -= r
    u *= (a - w * scale)[:, None]
    return u


@dataclass(frozen=True, eq=False)
class Clusters:
    """Rows summed by cluster: ``sums`` (G, n) sparse with ones, so that sums @ z is by cluster; ``codes`` (G,)."""

    sums: sparse.csr_array
    codes: Codes


def clusters(code: Codes) -> Clusters:
    """From codes (n,) ≥ 0, which need not be consecutive."""
    values = np.flatnonzero(np.bincount(code))
    place = np.zeros(int(code.max(initial=0)) + 1, dtype=np.int64)
    place[values] = np.arange(len(values))
    entries = np.ones(len(code)), (place[code], np.arange(len(code)))
    return Clusters(sparse.coo_array(entries, shape=(len(values), len(code))).tocsr(), values)


def by_cluster(z: Floats, s: Floats, by: Clusters) -> Floats:
    """Σ s z by cluster, (G, M), without a copy of z."""
    weighted = sparse.csr_array((s[by.sums.indices], by.sums.indices, by.sums.indptr), shape=by.sums.shape)
    return np.asarray(weighted @ z)


def theta(z: Floats, q: Floats, s: Floats) -> Floats:
    """Σ s z / Σ s q, (M,)."""
    return np.asarray(s @ z / float(s @ q))


def influence_by_cluster(z: Floats, q: Floats, s: Floats, by: Clusters, stretch: Floats | None = None) -> Floats:
    """psi/n summed by cluster, (G, M), psi = s (z − q theta)/mean(s q), times ``stretch`` (n,) where given (HC3)."""
    t = s if stretch is None else s * stretch
    centred = by_cluster(z, t, by)
    centred -= np.outer(by_cluster(q, t, by), theta(z, q, s))
    centred /= float(s @ q)
    return centred


def covariance(P: Floats, corrected: bool = True) -> Floats:
    """V = G/(G−1) P'P of psi/n by cluster (METHODS 2.1); CR0 when not corrected."""
    G = len(P)
    factor = G / (G - 1) if corrected and G > 1 else 1.0
    return np.asarray(factor * (P.T @ P))


@dataclass(frozen=True, eq=False)
class DesignEffect:
    """How many times the variance by larger clusters is that by the first ones: ``months`` (M,) each on ``df`` degrees
    of freedom, ``path`` their mean on ``df_path``."""

    months: Floats
    df: float
    path: float
    df_path: float

    @property
    def varies(self) -> bool:
        """Whether the path's is beyond 1 at the 5 % level: then the larger clusters matter, and no month borrows."""
        return bool(self.path > chi2.isf(0.05, self.df_path) / self.df_path)


def design_effect(P: Floats, larger: Floats, df: float) -> DesignEffect:
    """From psi/n by cluster P (G, M) and by larger clusters (O, M), ``df`` of which know one month.

    A dozen clusters know one month's variance badly and a whole path's better: the mean over months has df · M²/Σ R² of
    them (Satterthwaite 1946), R the months' correlations by the larger clusters; ``df`` where all months move as one.
    """
    small, large = (np.einsum("gm,gm->m", X, X) * len(X) / max(len(X) - 1, 1) for X in (P, larger))
    told = (small > 0) & (large > 0)
    months = np.divide(large, small, out=np.ones(len(small)), where=told)
    if not told.any():
        return DesignEffect(months, df, 1.0, df)
    unit = larger[:, told] / np.sqrt(np.einsum("gm,gm->m", larger[:, told], larger[:, told]))
    own = df * int(told.sum()) ** 2 / float(((unit.T @ unit) ** 2).sum())
    return DesignEffect(months, df, float(np.mean(months[told])), own)


def wider(df: float, by: DesignEffect) -> tuple[Floats, float]:
    """The wider 95 % interval of two ways to cluster: a factor (M,) on the first way's errors, and the df that go with
    it. ``df`` those of the first way.

    Where the larger clusters show that they matter, month by month; else as the whole path says.
    """
    effect, other = (by.months, by.df) if by.varies else (np.full(len(by.months), by.path), by.df_path)
    margins = np.sqrt(effect) * student.ppf(0.975, other), np.full(len(effect), student.ppf(0.975, df))
    chosen = other if np.sum(margins[0] ** 2) > np.sum(margins[1] ** 2) else df
    return np.maximum(*margins) / student.ppf(0.975, chosen), float(chosen)


def effective(weight: Floats) -> float:
    """Effective number (Σ w)²/Σ w² of units with weights (n,)."""
    square = float(weight @ weight)
    return float(weight.sum()) ** 2 / square if square > 0 else 0.0


def stretch(with_side: Floats, without_side: Floats, n_with: float, n_without: float) -> Floats:
    """HC3 at the level of a side (METHODS 3.1, 15): 1/(1 − 1/n) on its rows, n the effective persons of that side."""
    factor = np.ones(len(with_side))
    factor[with_side > 0] = 1.0 / (1.0 - 1.0 / max(n_with, 2.0))
    factor[without_side > 0] = 1.0 / (1.0 - 1.0 / max(n_without, 2.0))
    return factor
