"""What each arm's people would get on average, had they been the target: the one number behind every experiment.

Fully interacted regression (Lin 2013, Annals of Applied Statistics) is one regression an arm, read at the target's mean
covariates: ``level_k = x̄'b_k``. An effect is a difference of two levels, the level without comes for free, and the
joint covariance over arms and months follows from contributions by cluster. Strata enter as intercepts of every arm,
so shares that differ by stratum do no harm; without strata and covariates all of it is the difference in means.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics.cluster import Fit, Functional, fit, functional
from watwerkt.sample.nouns import Drawn

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

# Lin's adjustment needs more people than columns in every arm; below this the covariates stay out, strata stay in.
ROWS_A_COLUMN = 5


@dataclass(frozen=True, eq=False)
class Experiment:
    """The rows of one group of a drawn sample, as arrays.

    ``arm`` (n,) 0 … K−1; ``cluster``, ``person`` (n,) dense codes; ``s`` (n,) design weights; ``X`` (n, S + p) dummies
    of ``strata`` S, then centred covariates; ``e`` (n, K) each arm's share in the row's stratum.
    """

    arm: Codes
    cluster: Codes
    person: Codes
    s: Floats
    X: Floats
    e: Floats
    strata: int

    @property
    def clusters(self) -> int:
        """How many cluster codes there are."""
        return int(self.cluster.max(initial=-1)) + 1

    @property
    def is_clustered(self) -> bool:
        """Whether some cluster has more rows than one."""
        return self.clusters < self.cluster.size

    def at(self, rows: Mask) -> Floats:
        """Mean of X over ``rows`` by design weight: the target at which levels are read (0 where there is nobody)."""
        total = self.s[rows].sum()
        return np.asarray(self.s[rows] @ self.X[rows] / total if total > 0 else np.zeros(self.X.shape[1]), dtype=float)


def experiment(drawn: Drawn, rows: Mask, adjust: bool) -> Experiment:
    """The people in ``rows``; with ``adjust`` False neither strata nor covariates are used."""
    rows = rows & (drawn.weight > 0)
    arm, s, K = drawn.arm[rows], drawn.weight[rows], len(drawn.arms)
    stratum = _dense(drawn.stratum[rows]) if adjust else np.zeros(rows.sum(), dtype=np.int64)
    cluster = _dense(drawn.cluster[rows])
    e = shares(arm, stratum, s, K)
    if matched(stratum, cluster, arm, K):
        stratum, cluster = np.zeros_like(stratum), stratum
    covariates = drawn.covariates.x[rows] if adjust else np.empty((s.size, 0))
    X, strata = _columns(covariates, stratum, np.bincount(arm, minlength=K), s)
    return Experiment(arm, cluster, _dense(drawn.person[rows]), s, X, e, strata)


def matched(stratum: Codes, cluster: Codes, arm: Codes, K: int) -> bool:
    """Whether every stratum holds one unit of each arm, as pairs do.

    Then nothing can be learned within a stratum: its members are each other's cluster, without an intercept of their
    own. The variance that follows is that of the differences within pairs (METHODS 6), with pairs − 1 df.
    """
    units = np.unique(np.stack([stratum, arm, cluster]), axis=1)[:2]
    cells = np.unique(units, axis=1)
    return bool(stratum.max(initial=0) > 0 and units.shape == cells.shape == (2, (stratum.max() + 1) * K))


def _columns(covariates: Floats, stratum: Codes, people: Codes, s: Floats) -> tuple[Floats, int]:
    """X (n, S + p) and S. Covariates stay out where an arm (``people``, (K,)) has too few rows for its columns."""
    dummies = (stratum[:, None] == np.arange(stratum.max(initial=0) + 1)).astype(float)
    strata = dummies.shape[1]
    if people.min() < ROWS_A_COLUMN * (strata + covariates.shape[1]):
        return dummies, strata
    return np.hstack([dummies, covariates - np.average(covariates, axis=0, weights=s)]), strata


def shares(arm: Codes, stratum: Codes, s: Floats, K: int) -> Floats:
    """(n, K) share of each arm in the row's stratum, by design weight: what was drawn, never a fitted propensity."""
    stratum = _dense(stratum)
    total = np.zeros((stratum.max(initial=0) + 1, K))
    np.add.at(total, (stratum, arm), s)
    return np.asarray((total / total.sum(axis=1, keepdims=True))[stratum], dtype=float)


def weights(arm: Codes, e: Floats, s: Floats, sides: tuple[int, int], treated: bool) -> tuple[Floats, Floats, Floats]:
    """(n,) weights of arm k, of the comparison, and of the population they stand for: everybody, or those in arm k."""
    k, other = sides
    wanted = e[:, k] if treated else np.ones_like(s)
    goal = s * (arm == k) if treated else s
    with np.errstate(divide="ignore", invalid="ignore"):
        with_, without = (np.where((arm == j) & (s > 0), s * wanted / e[:, j], 0.0) for j in (k, other))
    return with_, without, goal


def _dense(codes: Codes) -> Codes:
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)


# ---- regressions of one arm -----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Part:
    """The outcomes of one arm that are known for the same rows: ``columns`` (m,) of the panel, one fit for all."""

    columns: Codes
    rows: Codes
    fit: Fit


def regress(of: Experiment, arm: int, Y: Floats, observed: Mask | None) -> tuple[Part, ...]:
    """Least squares of Y (n, M) within one arm: one factorisation for every set of months with the same people."""
    inside = np.flatnonzero(of.arm == arm)
    parts = []
    for columns, rows in _patterns(inside, Y.shape[1], observed):
        if rows.size:
            parts.append(Part(columns, rows, fit(of.X[rows], Y[np.ix_(rows, columns)], of.s[rows])))
    return tuple(parts)


def _patterns(inside: Codes, M: int, observed: Mask | None) -> list[tuple[Codes, Codes]]:
    if observed is None or observed[inside].all():
        return [(np.arange(M), inside)]
    patterns, which = np.unique(observed[inside], axis=1, return_inverse=True)
    which = which.ravel()
    return [(np.flatnonzero(which == j), inside[patterns[:, j]]) for j in range(patterns.shape[1])]


@dataclass(frozen=True, eq=False)
class Level:
    """One arm's level at a target for M months: ``of`` the functional; ``closed`` (M,) why a month has none ("" = has).

    ``no_support``: the target has people in a stratum where the arm has nobody. ``too_few`` and ``few_clusters``: the
    number rests on one person or cluster in some stratum, so that its error cannot be seen, or on nobody.
    ``not_covered``: nobody is observed in that month.
    """

    of: Functional
    closed: NDArray[np.str_]

    def __sub__(self, other: Level) -> Level:
        """The difference of two arms' levels."""
        return Level(self.of - other.of, np.where(self.closed == "", other.closed, self.closed))


def level(of: Experiment, parts: tuple[Part, ...], at: Floats, M: int) -> Level:
    """x̄'b of one arm for all months. The degrees of freedom are those of the months with the fewest people."""
    value, sums = np.full(M, np.nan), np.zeros((of.clusters, M))
    closed = np.full(M, "not_covered" if parts else "too_few", dtype="<U16")
    own: Floats = np.zeros(of.clusters)
    shared: tuple[Floats, ...] = ()
    for part in sorted(parts, key=lambda p: -p.rows.size):
        one = functional(part.fit, at[part.fit.kept], of.cluster[part.rows], of.clusters)
        value[part.columns], sums[:, part.columns] = one.value, one.sums
        closed[part.columns] = _reason(of, part, at, one.blind)
        own, shared = one.own, one.shared
    return Level(Functional(value, sums, own, shared), closed)


def _reason(of: Experiment, part: Part, at: Floats, blind: bool) -> str:
    if (at[: of.strata][~part.fit.kept[: of.strata]] > 0).any():
        return "no_support"
    if blind:
        return "few_clusters" if of.is_clustered else "too_few"
    return ""
