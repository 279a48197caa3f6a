"""What the comparison got after all: the share of it that had started each arm, under the weights it is compared with.

Somebody who started two arms is in both shares, so they do not add up to who started anything (METHODS 1.1).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Got
from watwerkt.effects.detectable import headline
from watwerkt.effects.nouns import Contrast, Plan
from watwerkt.sample.nouns import Followed

Codes = NDArray[np.int64]


def got(plan: Plan, followed: Followed) -> tuple[Got, ...]:
    """One an arm, arm started and period: the primary one and the horizon. Nothing where no register tells."""
    time = plan.drawn.question.time
    months = sorted({m for m in (plan.drawn.question.primary.month, time.horizon) if m is not None})
    heads = [headline(plan, arm) for arm in plan.drawn.arms[1:]]
    return tuple(
        _one(plan, head, started, first, month)
        for head in heads
        if head is not None
        for month in months
        for started, first in followed.got
    )


def _one(plan: Plan, head: Contrast, started: str, first: Codes, month: int) -> Got:
    weight, person = head.weight_without, plan.drawn.person
    by_then, there = (first >= 0) & (first <= month), weight > 0
    n, rest = (int(np.unique(person[there & side]).size) for side in (by_then, ~by_then))
    return Got(head.arm, started, month, float(weight @ by_then / weight.sum()), n, rest)
