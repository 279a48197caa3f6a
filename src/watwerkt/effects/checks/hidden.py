"""How strong a hidden difference would have to be, and how strong the known ones are (METHODS 4.8).

Each arm against the comparison at the primary cell, under `treated`. *Passed* when the robustness value, less its own
uncertainty, exceeds what the strongest known group of columns explains beside all others. That hangs on the size of
the effect, so it opens and closes nothing: it caps at moderate. What closes is a nu² that comes out negative: then the
weights rest on so few people that no bound exists (NSW against PSID: −272), and that holds for any outcome.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from watwerkt._numerics import ratio
from watwerkt.dossier import Check, Verdict
from watwerkt.effects import bias, folds, propensity
from watwerkt.effects.bias import Elements, Gain
from watwerkt.effects.checks.prognosis import primary_column
from watwerkt.effects.checks.verdict import identified
from watwerkt.effects.designs import adjusted
from watwerkt.effects.influence import Weighed, pairs, weighed
from watwerkt.effects.interactions import AND
from watwerkt.effects.nouns import Benchmark, Bound, Contrast, Plan
from watwerkt.effects.rows import rows
from watwerkt.sample.nouns import Followed

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

ALPHA = 0.05  # of the one-sided limit of the robustness value, as in the paper
# Which known columns are left out together; a column that fits nowhere was declared, and is a group of its own.
GROUPS = (
    ("person", r"age|sex|education|household"),
    ("work", r"(work|earnings|jobs)_\d+(_\d+)?|previous_wage|income_from_work"),
    ("benefit", r"scheme|amount|entitlement"),
    ("place", r"region|office"),
    ("time", r"elapsed|days|calendar|entry"),
    ("earlier", r"earlier_.+"),
    ("measured", r"measured_.+"),
)
TOO_STRONG = ("work",)  # nothing that is hidden is as strong as the whole history of work
MOST = 12  # declared columns that are left out one by one; more of them are left out together
DECLARED = "declared"
ROWS = 25_000  # that benchmarks look at


def check(plan: Plan, found: Iterable[Bound]) -> tuple[Check, ...]:
    """One an arm; ``outcome`` names the strongest known group."""
    return tuple(_one(bound) for bound in found if bound.arm in plan.drawn.arms)


def _one(bound: Bound) -> Check:
    if bound.nu2 <= 0:
        return Check("hidden", bound.arm, "", "failed", 0.0, 0.0, ("treated",))
    rivals = [one for one in bound.benchmarks if one.group not in TOO_STRONG]
    strongest = max(rivals, key=lambda one: one.strength, default=None)
    if strongest is None or bound.rv is None:
        return Check("hidden", bound.arm, "", "not_informative", bound.rv, None, ("treated",))
    verdict: Verdict = "passed" if (bound.rva or 0.0) > strongest.strength else "not_informative"
    return Check("hidden", bound.arm, strongest.group, verdict, bound.rv, strongest.strength, ("treated",))


def groups(blocks: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The columns of each group that is there, by its name."""
    found: dict[str, list[str]] = {}
    for block in dict.fromkeys(blocks):
        first = block.split(AND)[0]  # a corner goes with its first variable
        name = next((name for name, pattern in GROUPS if re.fullmatch(pattern, first)), first)
        found.setdefault(name, []).append(block)
    known = {name for name, _ in GROUPS}
    declared = [name for name in found if name not in known]
    if len(declared) > MOST:
        found[DECLARED] = [block for name in declared for block in found.pop(name)]
    return {name: tuple(those) for name, those in found.items()}


def bounds(plan: Plan, followed: Followed) -> tuple[Bound, ...]:
    """Every arm's bound with its benchmarks: both nuisances fitted once more, and once without each group.

    Benchmarks are made from main terms alone, with and without the group, and of at most ROWS rows (those of the same
    people for each): products, and a million rows for each group, would cost far more than the answer.
    """
    arms = [c for c in identified(plan) if c.target == "treated" and c.compared_with == plan.drawn.arms[0]]
    primary = plan.drawn.question.primary
    y, known = primary_column(followed.panel(primary.outcome), primary.month)
    if not arms or not known.any():
        return ()
    found = _fitted(plan, arms, (y, known))
    if all(one.elements.nu2 <= 0 for one in found.values()):
        return tuple(_bound(arm, one, {}) for arm, one in found.items())
    at = _some(plan)
    plain, of = _main_terms(plan, at), (y[at], known[at])
    long = _fitted(plain, arms, of)
    gains: dict[str, dict[str, Gain]] = {arm: {} for arm in found}
    for name, blocks in groups(plan.drawn.covariates.block).items():
        for arm, short in _fitted(_without(plain, blocks), arms, of).items():
            if arm in long:
                gains[arm][name] = bias.gain(long[arm].elements, short.elements, short.theta - long[arm].theta)
    return tuple(_bound(arm, one, gains[arm]) for arm, one in found.items())


@dataclass(frozen=True, eq=False)
class _Fitted:
    """An arm's estimate at the primary cell; ``psi``: psi/n of it and of the scale by cluster, each (G,)."""

    theta: float
    psi: tuple[Floats, Floats]
    elements: Elements
    df: float


def _some(plan: Plan) -> Codes:
    """The rows of as many people as make ROWS of them: all of them, or those who come first by their hash."""
    n, luck = len(plan.drawn), folds.order(plan.drawn, plan.settings.seed)
    return np.arange(n) if n <= ROWS else np.flatnonzero(luck <= np.partition(luck, ROWS)[ROWS])


def _main_terms(plan: Plan, at: Codes) -> Plan:
    """The plan on these rows, without products; propensities are fitted again where there are fewer rows."""
    settings = replace(plan.settings, products=0)
    if len(at) == len(plan.drawn):
        return replace(plan, settings=settings)
    drawn, fold = plan.drawn.some(at), plan.fold[at]
    e = propensity.propensities(drawn, fold, settings)
    return replace(plan, drawn=drawn, settings=settings, fold=fold, e=e, contrasts=())


def _without(plan: Plan, blocks: tuple[str, ...]) -> Plan:
    """The plan with propensities that have not seen these columns; the same folds and the same learner."""
    drawn = replace(plan.drawn, covariates=plan.drawn.covariates.without(blocks))
    bare = not drawn.covariates.names  # no learner but the default can be fitted on nothing
    settings = replace(plan.settings, learner=None if bare else plan.settings.learner)
    e = propensity.propensities(drawn, plan.fold, settings)
    return replace(plan, drawn=drawn, settings=settings, e=e, contrasts=())


def _fitted(plan: Plan, arms: list[Contrast], of: tuple[Floats, Mask]) -> dict[str, _Fitted]:
    """Each arm on the rows whose outcome is known; ``of`` the outcome and whether it is, each (n,)."""
    y, known = of
    here = rows(plan.drawn, plan.fold, plan.e, None if known.all() else known, plan.settings.folds)
    column = y[here.seen][:, None]
    fit = adjusted.model(plan, here).fit(column)
    start = fit.mu(here.groups.base)
    chosen = [weighed(here, plan.drawn.arms.index(c.arm), 0, "treated") for c in arms]
    found = {}
    for made in pairs(fit, here.groups.base, column, [one for one in chosen if one.n and one.n_without]):
        one = made.of
        it = one.estimate(made.z)
        own = [fit.mu(a, start)[one.at, 0] for a in (one.a, 0)]
        made_of = _elements(one, column[one.at, 0], own, here.e[one.at])
        psi = it.P[:, 0], _by_cluster(made_of, one)
        found[plan.drawn.arms[one.a]] = _Fitted(float(it.theta[0]), psi, made_of, it.df)
    return found


def _elements(one: Weighed, y: Floats, own: list[Floats], e: Floats) -> Elements:
    """sigma² and nu² on a contrast's rows; ``own`` the arm's and the comparison's regressions, each (r,)."""
    d = (one.arm == one.a) * 1.0
    with np.errstate(divide="ignore"):
        odds = e[:, one.a] / e[:, one.b]
    return bias.elements(bias.Pair(d, y, np.where(d == 1, *own), odds, one.s))


def _by_cluster(of: Elements, one: Weighed) -> Floats:
    """psi/n of the scale by cluster, (G,); nothing where there is no scale."""
    if not of.scale > 0:
        return np.zeros(len(one.by.codes))
    return np.asarray(ratio.by_cluster(of.psi_scale[:, None], one.s / one.s.sum(), one.by)[:, 0])


def _bound(arm: str, one: _Fitted, gains: dict[str, Gain]) -> Bound:
    of = one.elements
    if not of.scale > 0:
        return Bound(arm, one.theta, of.sigma2, of.nu2, None, None, ())
    k = bias.confident(one.theta, of.scale, one.psi, float(student.isf(ALPHA, one.df)))
    rv, rva = (bias.robustness_value(value) for value in (abs(one.theta) / of.scale, k))
    known = tuple(_benchmark(name, gain, of.scale) for name, gain in gains.items())
    return Bound(arm, one.theta, of.sigma2, of.nu2, rv, rva, known)


def _benchmark(name: str, gain: Gain, scale: float) -> Benchmark:
    """What a hidden trait as strong as this group would do, at its own rho and at the worst."""
    k = bias.factor(gain.cf_y, gain.cf_d)
    return Benchmark(
        name, gain.cf_y, gain.cf_d, gain.rho, bias.robustness_value(k), k * scale, abs(gain.rho) * k * scale
    )
