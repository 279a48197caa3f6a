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
from watwerkt.sample.nouns import Drawn

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

MARGIN = 0.10  # of a standard deviation before weighting


@dataclass(frozen=True, eq=False)
class Columns:
    """What is held against each other: ``x`` (n, p), and the ``variance`` (K, p) in each arm before weighting."""

    x: Floats
    variance: Floats


@dataclass(frozen=True, eq=False)
class Sides:
    """Pairs of weights (n,) whose means should be the same, and the ``person`` and ``cluster`` (n,) of each row."""

    pairs: tuple[tuple[Floats, Floats], ...]
    person: Codes
    cluster: Codes


def columns(x: Floats, drawn: Drawn) -> Columns:
    """Columns with their variance by arm, by sampling weight."""
    variance = np.zeros((len(drawn.arms), x.shape[1]))
    for k in np.unique(drawn.arm):
        mine, s = x[drawn.arm == k], drawn.weight[drawn.arm == k]
        varies = np.ptp(mine, axis=0) > 0  # rounding gives a constant a variance of 1e-34
        variance[k] = np.where(varies, s @ (mine - s @ mine / s.sum()) ** 2 / s.sum(), 0.0)
    return Columns(x, variance)


def sides(plan: Plan, contrast: Contrast) -> Sides:
    """Arm v. comparison where the arm's own people are the target; else each of the two v. the target (METHODS 4.2)."""
    with_, without, target = contrast.weight_with, contrast.weight_without, contrast.weight_target
    own = np.allclose(with_, target, rtol=1e-9)
    pairs = ((with_, without),) if own else ((with_, target), (without, target))
    return Sides(pairs, plan.drawn.person, plan.drawn.cluster)


def beyond(x: Floats, sd: Floats, of: Sides, margin: float) -> tuple[Floats, float]:
    """t beyond the margin of each column of x (n, p) in each pair, (p × pairs,), and the degrees of freedom.

    ``sd`` (p,) before weighting.
    """
    rows = np.flatnonzero(np.any([weight != 0 for pair in of.pairs for weight in pair], axis=0))
    x, by = x[rows], ratio.clusters(of.cluster[rows])
    t = []
    for pair in of.pairs:
        smd, error = (value / sd for value in _difference(x, (pair[0][rows], pair[1][rows]), by))
        t.append((np.abs(smd) - margin) / np.maximum(error, _plain_error(pair, of.person)))
    carried = [effective_number(weight, of.cluster) for pair in of.pairs for weight in pair]
    return np.concatenate(t), max(min(carried) - 1.0, 1.0)


def _difference(x: Floats, pair: tuple[Floats, Floats], by: Clusters) -> tuple[Floats, Floats]:
    """Difference of weighted means and its error by cluster, each (p,)."""
    u, v = (weight / weight.sum() for weight in pair)
    one, other = u @ x, v @ x
    ones = np.ones((len(u), 1))
    sums = ratio.by_cluster(x, u - v, by)
    sums -= ratio.by_cluster(ones, u, by) * one - ratio.by_cluster(ones, v, by) * other
    return one - other, np.sqrt(np.einsum("gp,gp->p", sums, sums))


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
    if not plan.drawn.covariates.names:
        return (Check("balance", "", "", "not_applicable"),)
    held, rule = columns(plan.drawn.covariates.x, plan.drawn), Rule("balance", MARGIN, level(plan))
    return tuple(judged(plan, contrast, held, rule) for contrast in identified(plan))


@dataclass(frozen=True)
class Rule:
    """The name of a check, its margin in standard deviations, and its level."""

    name: str
    margin: float
    level: float


def judged(plan: Plan, contrast: Contrast, held: Columns, rule: Rule) -> Check:
    """The verdict on one contrast; *not applicable* where no column varies in either arm."""
    about, arms = About.of(plan, contrast), plan.drawn.arms
    both = [arms.index(contrast.arm), arms.index(contrast.compared_with)]
    sd = np.sqrt(held.variance[both].mean(axis=0))
    if not sd.any():
        return Check(rule.name, about.arm, "", "not_applicable", closes=about.closes, compared_with=about.compared_with)
    x = held.x if sd.all() else held.x[:, sd > 0]
    t, df = beyond(x, sd[sd > 0], sides(plan, contrast), rule.margin)
    return about.at_most(rule.name, float(t.max()), quantile(t.size, rule.level, df), rule.level)
