"""Are the groups as large as they were drawn? If not, something happened after the draw: Pearson's chi², p ≥ .001."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chisquare

from watwerkt.dossier import Check
from watwerkt.effects.checks.verdict import targets
from watwerkt.effects.nouns import Plan
from watwerkt.sample.nouns import Drawn

Codes = NDArray[np.int64]

LEAST = 0.001  # the level at which a sample-ratio test stops an experiment (UX 1)


def check(plan: Plan) -> tuple[Check, ...]:
    """One for the whole draw; *not applicable* where the question declares no shares."""
    declared = dict(plan.drawn.question.design.shares)
    if not declared:
        return (Check("share", "", "", "not_applicable"),)
    shares = np.array([declared[arm] for arm in plan.drawn.arms])
    p = float(chisquare(drawn_units(plan.drawn), shares / shares.sum() * drawn_units(plan.drawn).sum()).pvalue)
    return (Check("share", "", "", "passed" if p >= LEAST else "failed", p, LEAST, targets(plan), LEAST),)


def drawn_units(drawn: Drawn) -> Codes:
    """(K,) how many units were drawn into each arm: clusters of the randomisation, or persons."""
    pairs = np.unique(np.stack([drawn.cluster, drawn.arm]), axis=1)
    return np.bincount(pairs[1], minlength=len(drawn.arms))
