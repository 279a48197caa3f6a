"""Had the groups equal prospects? Balance of what would be predicted without the instrument, mu_0(x) (METHODS 4.2).

Many small imbalances can point one way: in what predicts the outcome. The index is cross-fitted among comparison rows
only, so it knows no effect. It is the one check that reads an outcome; it runs after ``follow`` and can only close.
``(|smd| − .05)/se``: a bare |smd| ≤ .05 fails 43–60 % of sound randomisations at 200–500 a side.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics.basis import terms
from watwerkt.dossier import Check
from watwerkt.effects.checks.balance import Rule, columns, judged
from watwerkt.effects.checks.levels import level
from watwerkt.effects.checks.verdict import identified
from watwerkt.effects.nouns import Plan
from watwerkt.effects.outcomes import Groups, ridges
from watwerkt.sample.nouns import Followed, Panel

Floats = NDArray[np.float64]

MARGIN = 0.05  # of a standard deviation of the index


def check(plan: Plan, followed: Followed) -> tuple[Check, ...]:
    """One a contrast, for the outcome and period on which *works* is decided."""
    if not plan.drawn.covariates.names:
        return (Check("prognosis", "", "", "not_applicable"),)
    held = columns(index(plan, followed)[:, None], plan.drawn)
    rule = Rule("prognosis", MARGIN, level(plan))
    return tuple(judged(plan, contrast, held, rule) for contrast in identified(plan))


def index(plan: Plan, followed: Followed) -> Floats:
    """mu_0(x) (n,) of the primary cell by the default ridge, each row predicted without its own fold."""
    drawn, c = plan.drawn, plan.drawn.covariates
    primary = drawn.question.primary
    y, known = primary_column(followed.panel(primary.outcome), primary.month)
    basis = terms(c.x, c.binary, c.block, drawn.arm, products=0)
    groups = Groups(np.minimum(drawn.arm, 1), plan.fold, 2, plan.settings.folds)
    model = ridges(basis, groups, drawn.weight * known, least=len(drawn) + 1)  # so many: no arm but the comparison
    return np.asarray(model.fit(np.where(known, y, 0.0)[:, None]).mu(0)[:, 0])


def primary_column(panel: Panel, month: int | None) -> tuple[Floats, NDArray[np.bool_]]:
    """The outcome (n,) in a period, or in the last where the panel does not hold it; and whether it is known."""
    j = panel.months.index(month) if month in panel.months else len(panel.months) - 1
    y = panel.y[:, j].astype(np.float64)
    return y, np.isfinite(y) if panel.observed is None else panel.observed[:, j]
