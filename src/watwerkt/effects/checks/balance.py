"""Were the groups alike before the start? Beyond a margin, with its own error (METHODS 4.2; OHDSI's computeBalanceP).

max |SMD| ≤ .10 fails 97.5 % of sound randomisations with 30 covariates and 500 v. 500 people (ref k). So a covariate
fails when ``t = (|smd| − .10)/se`` exceeds the quantile of the largest of p such t's. That quantile is Šidák's
(1967): it is exact for independent covariates and too large for any others, so correlation costs power and never a
sound effect; nothing is simulated, and the number is the same on every machine.

``se``: the larger of two. Contributions summed by cluster, with weights taken as known (fitted weights balance better
than that); and the same with weights unrelated to the covariate, 1/effective persons, which a category of three people
cannot make too small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from watwerkt._numerics import ratio
from watwerkt._numerics.ratio import Clusters
from watwerkt.dossier import Check
from watwerkt.effects.checks.levels import level
from watwerkt.effects.checks.persons import effective_number
from watwerkt.effects.checks.verdict import About, identified
from watwerkt.effects.nouns import Contrast, Plan

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

MARGIN = 0.10  # of a standard deviation before weighting


@dataclass(frozen=True, eq=False)
class Sides:
    """What is held against what.

    ``pairs``: weights (n,) whose means should be the same. ``raw`` the rows (n,) of either side and ``s`` (n,) the
    sampling weights: for the standard deviation before weighting. ``person``, ``cluster`` (n,) codes.
    """

    pairs: tuple[tuple[Floats, Floats], ...]
    raw: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    s: Floats
    person: Codes
    cluster: Codes


def sides(plan: Plan, contrast: Contrast) -> Sides:
    """Arm v. comparison where the arm's own people are the target; else each of the two v. the target (METHODS 4.2)."""
    with_, without, target = contrast.weight_with, contrast.weight_without, contrast.weight_target
    own = np.allclose(with_, target, rtol=1e-9)
    drawn = plan.drawn
    return Sides(
        pairs=((with_, without),) if own else ((with_, target), (without, target)),
        raw=(drawn.arm == drawn.arms.index(contrast.arm), drawn.arm == drawn.arms.index(contrast.compared_with)),
        s=drawn.weight,
        person=drawn.person,
        cluster=drawn.cluster,
    )


def beyond(x: Floats, of: Sides, margin: float) -> tuple[Floats, float]:
    """t beyond the margin of each column of x (n, p) in each pair, (p × pairs,), and the degrees of freedom.

    Columns that do not vary in either side are left out.
    """
    sd = spread(x, of)
    rows = np.flatnonzero(np.any([weight != 0 for pair in of.pairs for weight in pair], axis=0))
    x, by = x[rows][:, sd > 0] / sd[sd > 0], ratio.clusters(of.cluster[rows])
    t = []
    for one, other in of.pairs:
        least = _plain_error((one, other), of.person)
        t.append(_beyond(x, (one[rows], other[rows]), by, least, margin))
    carried = [effective_number(weight, of.cluster) for pair in of.pairs for weight in pair]
    return np.concatenate(t), max(min(carried) - 1.0, 1.0)


def spread(x: Floats, of: Sides) -> Floats:
    """Pooled standard deviation before weighting of each column, (p,): √((s₁² + s₀²)/2)."""
    variances = []
    for rows in of.raw:
        s = of.s[rows] / of.s[rows].sum()
        mean = s @ x[rows]
        variances.append(s @ (x[rows] - mean) ** 2)
    return np.asarray(np.sqrt(np.mean(variances, axis=0)))


def _beyond(x: Floats, pair: tuple[Floats, Floats], by: Clusters, least: float, margin: float) -> Floats:
    """(|difference of weighted means| − margin)/se, (p,)."""
    u, v = (weight / weight.sum() for weight in pair)
    one, other = u @ x, v @ x
    ones = np.ones((len(u), 1))
    sums = ratio.by_cluster(x, u - v, by)
    sums -= ratio.by_cluster(ones, u, by) * one - ratio.by_cluster(ones, v, by) * other
    error = np.sqrt((sums**2).sum(axis=0))
    return np.asarray((np.abs(one - other) - margin) / np.maximum(error, least))


def _plain_error(pair: tuple[Floats, Floats], person: Codes) -> float:
    """The error of an smd whose covariate has nothing to do with the weights, from effective persons.

    Two separate groups: √(1/n₁ + 1/n₀). An arm and the target population that holds it: √(1/n₁ − 1/n).
    """
    one, other = (effective_number(weight, person) for weight in pair)
    if not ((pair[0] != 0) & (pair[1] != 0)).any():
        return float(np.sqrt(1 / one + 1 / other))
    return float(np.sqrt(max(1 / one - 1 / other, 1e-12)))


def quantile(p: int, alpha: float, df: float) -> float:
    """The bound that the largest of p |t| exceeds with probability at most alpha (Šidák 1967)."""
    return float(student.isf((1 - (1 - alpha) ** (1 / p)) / 2, df))


def check(plan: Plan) -> tuple[Check, ...]:
    """One a contrast; *not applicable* without covariates."""
    if not len(plan.drawn.covariates.names):
        return (Check("balance", "", "", "not_applicable"),)
    alpha = level(plan)
    return tuple(judged(plan, contrast, plan.drawn.covariates.x, (MARGIN, alpha)) for contrast in identified(plan))


def judged(plan: Plan, contrast: Contrast, x: Floats, by: tuple[float, float], name: str = "balance") -> Check:
    """The check of the columns of x (n, p) in one contrast; ``by`` margin and level."""
    margin, alpha = by
    about = About.of(plan, contrast)
    t, df = beyond(x, sides(plan, contrast), margin)
    if not t.size:
        return Check(name, about.arm, "", "not_applicable", closes=about.closes, compared_with=about.compared_with)
    return about.at_most(name, float(t.max()), quantile(t.size, alpha, df), alpha)
