"""Does the method find nothing where nothing happened? Fake starters among the comparison (METHODS 4.5).

Huber, Lechner & Wunsch (2013) simulate treatments among the untreated so to choose an estimator. It cannot do that
(Advani, Kitagawa & Słoczyński 2019): here it may close one, and never raises how far an effect may be believed.

Two verdicts an arm, over R draws. ``fake_arms``: the mean of z = estimate/error at the primary month stays small;
misspecification moves it. ``fake_bands``: the band over all months holds 0 often enough; errors that are too small
lower that. Bounds are calibrated: over all arms of an answer a false alarm in 5 % of honest data sets
(docs/truth/fake-arms.md). Both vary between honest data sets, since all draws share one set of outcomes; the noise of R
draws comes on top.

It tests selection on recorded columns. Hidden selection it cannot see: that of fake starters is recorded by
construction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from watwerkt.dossier import Check
from watwerkt.effects import fakes
from watwerkt.effects.checks import too_few
from watwerkt.effects.checks.verdict import About, identified
from watwerkt.effects.nouns import Contrast, Plan
from watwerkt.sample.nouns import Followed

# Over honest data sets, without the noise of R draws: the spread of the mean z (around 0), and the mean and spread of
# the share of draws in which the band holds 0.
SPREAD = 0.16
COVERED, COVERED_SPREAD = 0.943, 0.014
OF_MEAN, OF_BANDS = 0.04, 0.01  # false alarms over the arms of one answer


@dataclass(frozen=True)
class Bounds:
    """For one arm of so many: the largest |mean z| and the least share of draws covered; each with its level."""

    mean: float
    covered: float
    level_mean: float
    level_bands: float

    @classmethod
    def of(cls, draws: int, arms: int) -> Bounds:
        """Levels by Šidák over arms; normal quantiles, on either side for the mean, below for coverage."""
        of_mean, of_bands = (1 - (1 - level) ** (1 / arms) for level in (OF_MEAN, OF_BANDS))
        mean = float(norm.isf(of_mean / 2) * np.sqrt(SPREAD**2 + 1 / draws))
        noise = COVERED * (1 - COVERED) / draws
        covered = COVERED - float(norm.isf(of_bands) * np.sqrt(COVERED_SPREAD**2 + noise))
        return cls(mean, covered, of_mean, of_bands)


def contrasts(plan: Plan) -> tuple[Contrast, ...]:
    """Those that are looked at: ``treated``, against the comparison, of arms that enough people carry."""
    looked = (c for c in identified(plan) if c.target == "treated" and c.compared_with == plan.drawn.arms[0])
    return tuple(c for c in looked if too_few.one(plan, c).verdict == "passed")


def check(plan: Plan, followed: Followed) -> tuple[Check, ...]:
    """Two an arm; none where the question asks for no draws. Not applicable where no arm can be looked at."""
    draws, asked = plan.drawn.question.checks.fake_arms, contrasts(plan)
    if not draws:
        return ()
    if not asked or not fakes.can_be_looked_at(plan, followed):
        return (Check("fake_arms", "", "", "not_applicable"),)
    arms = tuple(plan.drawn.arms.index(c.arm) for c in asked)
    people, bounds = fakes.untreated(plan, followed, arms), Bounds.of(draws, len(arms))
    found, at = fakes.looks(people, draws), fakes.primary_place(people)
    return tuple(
        one
        for i, contrast in enumerate(asked)
        for one in judged(About.of(plan, contrast), found.covered[:, i], found.z[:, i, at], bounds)
    )


def judged(about: About, covered: fakes.Mask, z: fakes.Floats, bounds: Bounds) -> tuple[Check, Check]:
    """Both verdicts on one arm from its draws, (R,) each. Without any z there is no mean: the bands then fail."""
    known = z[np.isfinite(z)]
    mean = abs(float(known.mean())) if known.size else 0.0
    return (
        about.at_most("fake_arms", mean, bounds.mean, bounds.level_mean),
        about.at_least("fake_bands", float(covered.mean()), bounds.covered, level=bounds.level_bands),
    )
