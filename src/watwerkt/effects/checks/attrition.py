"""Was one group lost from sight more often than the other? The cautious boundary of the What Works Clearinghouse.

Standards Handbook 4.0, table II.1: for each overall share lost, the largest difference between groups at which bias
stays below .05 standard deviations when loss has much to do with the outcome (Deke & Chiang 2014). It reads whether an
outcome is known, never the outcome.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Check, Verdict
from watwerkt.effects.checks.verdict import targets
from watwerkt.effects.nouns import Plan
from watwerkt.sample.nouns import Drawn, Followed, Panel

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Points of difference at 0, 1, … 57 % lost overall.
CAUTIOUS = (
    5.7, 5.8, 5.9, 5.9, 6.0, 6.1, 6.2, 6.3, 6.3, 6.3, 6.3, 6.2, 6.2, 6.1, 6.0, 5.9, 5.9, 5.8, 5.7, 5.5, 5.4, 5.3, 5.2,
    5.1, 4.9, 4.8, 4.7, 4.5, 4.4, 4.3, 4.1, 4.0, 3.8, 3.6, 3.5, 3.3, 3.2, 3.1, 2.9, 2.8, 2.6, 2.5, 2.3, 2.1, 2.0, 1.8,
    1.6, 1.5, 1.3, 1.2, 1.0, 0.9, 0.7, 0.6, 0.4, 0.3, 0.2, 0.0,
)  # fmt: skip


def boundary(overall: float) -> float:
    """The largest difference in loss that is still small, as a share; 0 from 57 % lost on."""
    return float(np.interp(100 * overall, np.arange(len(CAUTIOUS)), CAUTIOUS)) / 100


def check(plan: Plan, followed: Followed) -> tuple[Check, ...]:
    """One an arm and outcome; *not informative* where the file holds only people who were followed throughout."""
    drawn = plan.drawn
    if drawn.question.table is not None and "followed_only" in drawn.question.table.remarks:
        return (Check("attrition", "", "", "not_informative", closes=targets(plan)),)
    return tuple(_one(plan, arm, panel) for panel in followed.panels for arm in range(1, len(drawn.arms)))


def _one(plan: Plan, arm: int, panel: Panel) -> Check:
    drawn = plan.drawn
    difference, overall = lost(known(drawn, panel), drawn, arm)
    bound = boundary(overall)
    verdict: Verdict = "passed" if difference <= bound and overall < (len(CAUTIOUS) - 1) / 100 else "failed"
    return Check("attrition", drawn.arms[arm], panel.outcome, verdict, difference, bound, targets(plan))


def known(drawn: Drawn, panel: Panel) -> Mask:
    """(n,) whether the outcome is known in the period on which it is judged."""
    if panel.observed is None:
        return np.ones(len(drawn), dtype=bool)
    month = drawn.question.primary.month
    return panel.observed[:, panel.months.index(month) if month in panel.months else -1]


def lost(seen: Mask, drawn: Drawn, arm: int) -> tuple[float, float]:
    """|share lost in the arm − share lost in the comparison|, and the share lost of both together."""
    rows = [drawn.arm == arm, drawn.arm == 0]
    shares = [float(drawn.weight[r] @ ~seen[r] / drawn.weight[r].sum()) for r in rows]
    both = rows[0] | rows[1]
    return abs(shares[0] - shares[1]), float(drawn.weight[both] @ ~seen[both] / drawn.weight[both].sum())
