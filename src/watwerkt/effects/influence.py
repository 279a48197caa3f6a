"""The pairs (z, q) of one contrast and one outcome, from weights and regressions (METHODS 2.1, 2.4).

A ``Weighed`` contrast has its rows, weights, clusters and sizes looked up once; every outcome uses it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics import ratio
from watwerkt.dossier import Target
from watwerkt.effects.contrasts import Weights, persons, weights
from watwerkt.effects.nouns import Influence
from watwerkt.effects.outcomes import Fit
from watwerkt.effects.rows import Rows

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

LEAST_OFFICES = 10  # fewer clusters and no t quantile holds (METHODS 3.1): then errors are by person only
# The comparison's side of these is the same against every arm: made once an outcome.
SHARED = ("all", "overlap")


@dataclass(frozen=True, eq=False)
class Weighed:
    """Arm ``a`` against arm ``b`` in ``target``, on the rows ``at`` (r,) that have a part in it.

    ``s`` (r,) sampling weights, ``w`` the target and the inverse weights, each (r,); ``arm``, ``person``, ``cluster``
    (r,) codes, ``by`` their clusters; ``stretch`` (r,) HC3; ``n``, ``n_without`` persons, ``effective`` persons of the
    weaker side: what the t quantile counts on. ``office`` (r,) codes, ``offices`` what errors by office need, None
    where there are too few of them.
    """

    a: int
    b: int
    target: Target
    at: Codes
    s: Floats
    w: Weights
    arm: Codes
    person: Codes
    cluster: Codes
    by: ratio.Clusters
    stretch: Floats
    n: int
    n_without: int
    effective: float
    office: Codes | None = None
    offices: Offices | None = None

    def part(self, inside: Mask) -> Weighed:
        """The same within a group (r,): z g and q g, with clusters and sizes of its own."""
        w = Weights(self.w.q[inside], self.w.arm[inside], self.w.other[inside])
        office = None if self.office is None else self.office[inside]
        codes = (self.arm[inside], self.person[inside], self.cluster[inside], office)
        return _weighed((self.a, self.b, self.target), self.at[inside], self.s[inside], w, codes)

    def influence(self, z: Floats) -> Influence:
        """The pairs of one outcome, ``z`` (r, M)."""
        return Influence(z=z, q=self.w.q, s=self.s, cluster=self.cluster)

    def estimate(self, z: Floats) -> Estimated:
        """theta (M,) and psi/n by cluster (G, M), HC3 on both sides; where errors by office are wider, widened to
        those (METHODS 1.6)."""
        P = ratio.influence_by_cluster(z, self.w.q, self.s, self.by, self.stretch)
        theta, df = ratio.theta(z, self.w.q, self.s), max(self.effective - 1.0, 1.0)
        return Estimated(theta, P, df) if self.offices is None else self.offices.widened(theta, P, df)


@dataclass(frozen=True, eq=False)
class Estimated:
    """``theta`` (M,), ``P`` psi/n by cluster (G, M), and the degrees of freedom of its t quantile."""

    theta: Floats
    P: Floats
    df: float


@dataclass(frozen=True, eq=False)
class Offices:
    """Persons summed by the office that decided about them: ``by`` (O, G); ``df`` of an error by office."""

    by: ratio.Clusters
    df: float

    def widened(self, theta: Floats, P: Floats, df: float) -> Estimated:
        """The wider interval of the two (docs/decisions/0082); correlations between months stay those by person."""
        factor, df = ratio.wider(df, ratio.design_effect(P, np.asarray(self.by.sums @ P), self.df))
        return Estimated(theta, P * factor, df)


def weighed(rows: Rows, a: int, b: int, target: Target, answering: Floats | None = None) -> Weighed:
    """Look up everything that no outcome changes. ``answering`` (n,) is R/rho of each row where not everybody
    answered: residuals are weighted with it, the target is not (METHODS 4.10)."""
    w = weights(rows.arm, rows.e, a, b, target)
    if answering is not None:
        w = Weights(w.q, w.arm * answering, w.other * answering)
    at = np.flatnonzero((w.q > 0) | (w.arm > 0) | (w.other > 0))
    here = Weights(w.q[at], w.arm[at], w.other[at])
    office = None if rows.office is None else rows.office[at]
    return _weighed((a, b, target), at, rows.s[at], here, (rows.arm[at], rows.person[at], rows.cluster[at], office))


def _weighed(
    which: tuple[int, int, Target], at: Codes, s: Floats, w: Weights, codes: tuple[Codes, Codes, Codes, Codes | None]
) -> Weighed:
    """Clusters, sizes and HC3 factors."""
    a, b, target = which
    arm, person, cluster, office = codes
    sides = persons(s * w.arm, person), persons(s * w.other, person)
    counts = [int((np.bincount(person[inverse > 0]) > 0).sum()) for inverse in (w.arm, w.other)]
    by, stretch = ratio.clusters(cluster), ratio.stretch(w.arm, w.other, *sides)
    offices = None if office is None else _offices(by, office, (s * w.arm, s * w.other))
    sizes = (counts[0], counts[1], min(sides))
    return Weighed(a, b, target, at, s, w, arm, person, cluster, by, stretch, *sizes, office, offices)


def _offices(by: ratio.Clusters, office: Codes, sides: tuple[Floats, Floats]) -> Offices | None:
    """None where either side comes from fewer than ten offices.

    A person whose rows lie in several offices counts at that of the last row, an arm's before the comparison's. One
    whose office is not known is a cluster of one. Degrees of freedom: the effective offices of the weaker side − 1.
    """
    known, most = office >= 0, int(office.max(initial=-1)) + 1
    weights = [np.bincount(office[known], side[known], minlength=most) for side in sides]
    if min(int(np.count_nonzero(weight)) for weight in weights) < LEAST_OFFICES:
        return None
    home = np.full(len(by.codes), -1, dtype=np.int64)
    rows = by.sums.tocoo()
    at = np.empty(len(office), dtype=np.int64)
    at[rows.coords[1]] = rows.coords[0]
    home[at[known]] = office[known]
    home = np.where(home < 0, most + np.arange(len(home)), home)
    return Offices(ratio.clusters(home), max(min(ratio.effective(np.asarray(w)) for w in weights) - 1.0, 1.0))


@dataclass(frozen=True, eq=False)
class Pairs:
    """z of one contrast and outcome, ``z`` (r, M); ``without`` (M,) the level of the other arm in the target, and
    ``other`` (r, M) its own z where not everybody answered."""

    of: Weighed
    z: Floats
    without: Floats
    other: Floats | None = None


def pairs(fit: Fit, base: int, y: Floats, contrasts: list[Weighed]) -> Iterator[Pairs]:
    """z of every contrast for one outcome (n, M), each arm's regression made once and let go.

    Three regressions at most are held at a time: that of the base, of the comparison (mostly the same), of the arm in
    hand. All z are written into one array: a pair is to be used before the next one is asked for.
    """
    start = fit.mu(base)
    mu_0 = fit.mu(0, start)
    u_0, u, rooms = y - mu_0, np.empty_like(y), (np.empty_like(y), np.empty_like(y))
    first = {c.target: c for c in contrasts if c.target in SHARED}
    levels = {target: _side(c, mu_0, u_0, c.w.other, np.empty_like(y)) for target, c in first.items()}
    for k in sorted({c.b if c.target == "treated" else c.a for c in contrasts}):
        mu = mu_0 if k == 0 else fit.mu(k, start)
        np.subtract(y, mu, out=u)
        for c in contrasts:
            if c.target == "treated" and c.b == k:
                yield _treated(c, y, u, rooms[0])
            elif c.target != "treated" and c.a == k:
                other = levels[c.target] if c.target in SHARED else _side(c, mu_0, u_0, c.w.other, rooms[1])
                z = _side(c, mu, u, c.w.arm, rooms[0])
                z -= other
                yield Pairs(c, z, ratio.theta(other, c.w.q, c.s))


def answered_pairs(fit: Fit, base: int, y: Floats, contrasts: list[Weighed]) -> Iterator[Pairs]:
    """The same where not everybody answered: each arm's own prediction stands in for whoever did not (METHODS 4.10).

    ``y`` (n, M) may hold anything where no inverse weight is. Here `treated` needs both regressions: mu_a no longer
    drops out. With everybody's answer and rho = 1 these are the pairs of `pairs`.
    """
    start = fit.mu(base)
    mu = {k: start if k == base else fit.mu(k, start) for k in sorted({k for c in contrasts for k in (c.a, c.b)})}
    for c in contrasts:
        z = _side(c, mu[c.a], y - mu[c.a], c.w.arm, np.empty_like(y))
        other = _side(c, mu[c.b], y - mu[c.b], c.w.other, np.empty_like(y))
        z -= other
        yield Pairs(c, z, ratio.theta(other, c.w.q, c.s), other)


def _side(c: Weighed, mu: Floats, u: Floats, inverse: Floats, room: Floats) -> Floats:
    """z of one arm's level on the contrast's rows (METHODS 2.4), written into ``room``; ``u`` is y − mu."""
    out = room[: len(c.at)]
    mine = mu if len(c.at) == len(mu) else np.take(mu, c.at, axis=0, out=out, mode="clip")
    return ratio.side(mine, u[c.at[np.flatnonzero(inverse)]], ratio.Weights(c.s, c.w.q, inverse), out=out)


def _treated(c: Weighed, y: Floats, u: Floats, room: Floats) -> Pairs:
    """The arm's own mean less what the other arm's people show; ``u`` (n, M) is y less the other arm's regression."""
    mine = np.take(u, c.at, axis=0, out=room[: len(c.at)], mode="clip")
    z = ratio.pair_difference(mine, c.w.arm, c.w.other, c.s)
    starters = np.flatnonzero(c.w.q)
    level = c.s[starters] @ y[c.at[starters]] / c.s[starters].sum()
    return Pairs(c, z, np.asarray(level - ratio.theta(z, c.w.q, c.s)))
