"""Chance decided who got what: the effect of the offer (intention to treat), and of taking it up.

Lin (2013) with centred covariates, fully interacted with arm, and HC2; the difference in means where no covariate is
given. Strata are intercepts of every arm, so arms' shares that differ by stratum (METHODS 6) do no harm. Clusters take
CR2 with Satterthwaite's t (Pustejovsky & Tipton 2018); without clusters the same formula is Bell & McCaffrey's. Design
weights enter as weights of the fit (Hajek). Nothing is learned, below 1,000 people and above alike, but whom to trim
from the wages of those who work either way (``effects.bounds``).

Targets. ``all`` is the experiment's population. Without strata those offered are the same people on average, so only
``all`` is given. With strata whose shares differ, the people of arm a live elsewhere than the others, and an arm that
is absent from a stratum has no ``all`` at all (reason ``no_support``): then ``treated`` (the strata weighed by the
arm's own people) is given too, and leads. ``compliers``, where the question names who took it up, with one arm only.

Centring is at the mean by design weight over rows: with clusters of unequal size the effect is the average person's,
not the average cluster's. That mean is taken as given, as Lin does: the error is that of the effect among the people
of this experiment.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Target
from watwerkt.effects import bounds
from watwerkt.effects.designs.compliers import compliers
from watwerkt.effects.designs.families import Pair, estimates, looks, pairs
from watwerkt.effects.designs.levels import shares, weights
from watwerkt.effects.folds import folds
from watwerkt.effects.nouns import Contrast, Estimates, Plan, Settings
from watwerkt.errors import MixedUptake
from watwerkt.sample.nouns import Drawn, Followed

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

DESIGN = "randomised"
SAME = 1e-9  # shares that differ by rounding alone
LEARNED = 1000  # rows below which nothing is learned for the wage's bounds either (METHODS 6)


def prepare(drawn: Drawn, settings: Settings) -> Plan:
    """Shares by stratum and the contrasts that follow from them. Raises MixedUptake: Wald for one arm only."""
    if drawn.takeup is not None and len(drawn.arms) > 2:
        raise MixedUptake(where="[design] takeup", column=drawn.question.design.takeup, arms=drawn.arms[1:])
    e = shares(drawn.arm, drawn.stratum, drawn.weight, len(drawn.arms))
    wanted = ((pair, target) for target in targets_of(e) for pair in pairs(len(drawn.arms)))
    contrasts = tuple(contrast(drawn, e, pair, target) for pair, target in wanted)
    return Plan(DESIGN, drawn, settings, folds(drawn, settings.folds, settings.seed), e, contrasts)


def estimate(plan: Plan, followed: Followed) -> Estimates:
    """Every arm × outcome × group × target, compliers where take-up is known, and the arms of the primary cell."""
    looked = tuple(looks(DESIGN, followed, adjust=True))
    offered = estimates(DESIGN, looked, targets_of(plan.e), pairs(len(plan.drawn.arms)))
    took = () if plan.drawn.takeup is None else tuple(compliers(look) for look in looked)
    wages = [panel for panel in followed.panels if panel.at_work is not None]
    learn = len(plan.drawn) >= LEARNED
    bounded = tuple(family for panel in wages for family in bounds.families(plan, panel, learn))
    return Estimates(DESIGN, (*offered.families, *took, *bounded), offered.across)


def targets_of(e: Floats) -> tuple[Target, ...]:
    """``all``; and ``treated``, which then leads, where shares e (n, K) differ by stratum."""
    return ("all", "treated") if np.ptp(e, axis=0).max() > SAME else ("all",)


def contrast(drawn: Drawn, e: Floats, pair: Pair, target: Target) -> Contrast:
    """One arm against another, with weights that are the inverse of the shares ``e`` (n, K)."""
    s, arm, (a, b) = drawn.weight, drawn.arm, pair
    side, other, goal = weights(arm, e, s, pair, treated=target == "treated")
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where((arm == a) | (arm == b), e[:, a] / e[:, b], np.nan)
    impossible = (e[:, a] == 0) | (e[:, b] == 0)
    closed = "no_support" if (impossible & (goal > 0)).any() else ""
    return Contrast(drawn.arms[a], drawn.arms[b], target, side, other, goal, ratio, closed)
