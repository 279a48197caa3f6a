"""Least squares for many outcomes at once, with errors that hold in clusters: CR0, CR1, CR2, Satterthwaite.

Source: Bell & McCaffrey (2002); Pustejovsky & Tipton (2018, JBES), whose symbols are used: ``M = (X'WX)^-1``, working
covariance ``Phi`` (identity for OLS, inverse weights for weighted fits, as clubSandwich with ``inverse_var=TRUE``),
``A_g`` the adjustment of cluster g. HC0, HC1 and HC2 are the same with every row its own cluster.

An error is only ever needed for a linear function c'b, so A_g is applied to the vector ``W X M c`` and not to the
residuals of every outcome: two hundred months cost little more than one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Kind = Literal["CR0", "CR1", "CR2"]

# A direction in which a cluster has (nearly) all the leverage: there its residual is zero by construction.
ALONE = 1e-8


@dataclass(frozen=True, eq=False)
class Fit:
    """Weighted least squares of M outcomes on one X.

    ``X`` (n, p) independent columns, ``w`` (n,) > 0, ``b`` (p, M), ``residuals`` (n, M); ``root`` (p, p) with
    ``M = root @ root.T = (X'WX)^-1``; ``kept`` (q,) which of the q columns given were kept.
    """

    X: Floats
    w: Floats
    b: Floats
    residuals: Floats
    root: Floats
    kept: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Functional:
    """c'b for M outcomes and all that its error needs; sums and differences of these are again one.

    ``value`` (M,); ``sums`` (G, M) contributions by cluster, V = sums' sums; ``own`` (G,) and the blocks ``shared``
    (G, r) make ``P = diag(own) − Σ shared shared'``, whose eigenvalues weigh the chi-squares of the variance estimator.
    ``blind``: part of c rests on one cluster alone, so its error cannot be seen.
    """

    value: Floats
    sums: Floats
    own: Floats
    shared: tuple[Floats, ...]
    blind: bool = False

    @property
    def covariance(self) -> Floats:
        """(M, M) covariance of the values."""
        return self.sums.T @ self.sums

    @property
    def df(self) -> float:
        """Satterthwaite degrees of freedom under the working model, tr(P)² / tr(P²); 0 where there is no variance."""
        leverage = np.zeros_like(self.own)
        for block in self.shared:
            leverage += np.einsum("gr,gr->g", block, block)
        cross = sum(((a.T @ a) ** 2).sum() for a in self.shared)
        cross += 2 * sum(((a.T @ b) ** 2).sum() for a, b in combinations(self.shared, 2))
        trace = self.own.sum() - leverage.sum()
        square = self.own @ self.own - 2 * self.own @ leverage + cross
        return float(trace**2 / square) if square > 0 else 0.0

    def __sub__(self, other: Functional) -> Functional:
        """The difference of two fits' values. Their rows are disjoint; a cluster may have rows in both."""
        return Functional(
            value=self.value - other.value,
            sums=self.sums - other.sums,
            own=self.own + other.own,
            shared=(*self.shared, *other.shared),
            blind=self.blind or other.blind,
        )


def independent(X: Floats, slack: float = 1e-9) -> NDArray[np.bool_]:
    """(p,) True for columns that are no combination of those before them: R's rule for lm, so the order decides."""
    norms = np.linalg.norm(X, axis=0)
    R = qr(X, mode="economic")[1]
    diagonal = np.zeros(X.shape[1])
    diagonal[: len(R)] = np.abs(np.diag(R))
    return np.asarray(diagonal > slack * np.maximum(norms, np.finfo(float).tiny), dtype=bool)


def fit(X: Floats, Y: Floats, w: Floats) -> Fit:
    """Least squares of Y (n, M) on X (n, q) with weights w (n,) > 0; dependent columns are left out."""
    scale = np.sqrt(w)[:, None]
    kept = independent(scale * X)
    X = X[:, kept]
    Q, R = qr(scale * X, mode="economic")
    root = solve_triangular(R, np.eye(X.shape[1]))
    b = root @ (Q.T @ (scale * Y))
    return Fit(X, w, b, Y - X @ b, root, kept)


def functional(fitted: Fit, c: Floats, cluster: Codes, clusters: int, kind: Kind = "CR2") -> Functional:
    """c'b with its contributions by cluster. ``c`` (p,) over the kept columns; ``cluster`` (n,) in 0 … clusters−1."""
    wXMc = fitted.w * (fitted.X @ (fitted.root @ (fitted.root.T @ c)))
    a, blind = _adjusted(fitted, wXMc, cluster) if kind == "CR2" else (wXMc, False)
    sums = by_cluster(a[:, None] * fitted.residuals, cluster, clusters)
    if kind == "CR1":
        present = np.unique(cluster).size
        sums *= np.sqrt(present / (present - 1))
    own = np.bincount(cluster, weights=a**2 / fitted.w, minlength=clusters).astype(float)
    shared = by_cluster(a[:, None] * fitted.X, cluster, clusters) @ fitted.root
    return Functional(c @ fitted.b, sums, own, (shared,), blind)


def by_cluster(rows: Floats, cluster: Codes, clusters: int) -> Floats:
    """(clusters, M) sums of rows (n, M) by cluster."""
    sums = np.zeros((clusters, rows.shape[1]))
    order = np.argsort(cluster, kind="stable")
    present, starts = np.unique(cluster[order], return_index=True)
    if present.size:
        alone = present.size == cluster.size
        sums[present] = rows[order] if alone else np.add.reduceat(rows[order], starts, axis=0)
    return sums


def _adjusted(fitted: Fit, v: Floats, cluster: Codes) -> tuple[Floats, bool]:
    """A v by cluster, and whether v has a part in which a cluster is alone."""
    Z = np.sqrt(fitted.w)[:, None] * (fitted.X @ fitted.root)  # H = Z Z' in the metric of the weights
    order = np.argsort(cluster, kind="stable")
    starts = np.unique(cluster[order], return_index=True)[1]
    if starts.size == cluster.size:
        room = 1 - (Z**2).sum(axis=1)
        alone = room < ALONE
        blind = bool((np.abs(v[alone]) > 1e-10 * np.abs(v).max(initial=0.0)).any())
        return np.where(alone, 0.0, v / np.sqrt(np.where(alone, 1.0, room))), blind
    a, blind = np.empty_like(v), False
    for rows in np.split(order, starts[1:]):
        even = np.ptp(fitted.w[rows]) <= 1e-12 * fitted.w[rows].max()
        a[rows], lost = _even(Z[rows], v[rows]) if even else _uneven(Z[rows], fitted.w[rows], v[rows])
        blind = blind or lost > 1e-10 * np.abs(v).max()
    return a, blind


def _even(Z: Floats, v: Floats) -> tuple[Floats, float]:
    """(I − ZZ')^(−1/2) v through the thin side of Z; and the size of what it cannot see."""
    U, s, _ = np.linalg.svd(Z, full_matrices=False)
    room = 1 - s**2
    alone = room < ALONE
    part = U.T @ v
    factor = np.where(alone, 0.0, 1 / np.sqrt(np.where(alone, 1.0, room)))
    return v + U @ ((factor - 1) * part), float(np.abs(part[alone]).max(initial=0.0))


def _uneven(Z: Floats, w: Floats, v: Floats) -> tuple[Floats, float]:
    """Weights that differ inside a cluster: A = Phi^½ (Phi² − Phi ZZ' Phi)^(−½) Phi^½ with Phi = 1/w, as R's package.

    Phi² − Phi^½ X M X' Phi^½ is written in Z = w^½ X root. Cubic in the cluster's size: weighted clusters are small.
    """
    B = np.diag(1 / w**2) - (Z / w[:, None]) @ (Z / w[:, None]).T
    values, U = np.linalg.eigh(B)
    alone = values < ALONE * values.max()
    factor = np.where(alone, 0.0, 1 / np.sqrt(np.where(alone, 1.0, values)))
    part = U.T @ (v / np.sqrt(w))
    return U @ (factor * part) / np.sqrt(w), float(np.abs(part[alone]).max(initial=0.0))
