"""Who is at risk of an offer in each elapsed month, and on which day arms are compared: as the sample draws them.

Where offers are recorded that day is the offer; where they are not, it is the start.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt.synthetic.clock import Days, add_months
from watwerkt.synthetic.jobs import NEVER
from watwerkt.synthetic.life import NO_ARM
from watwerkt.synthetic.making import Register


@dataclass(frozen=True, eq=False)
class AtRisk:
    """n rows, a person in an elapsed month ``u`` each. Days count from the first day of the spell.

    ``person`` (n,) rows of the register; ``arm`` (n,) the offer of this month, NO_ARM without one; ``zero`` (n,) the
    day on which arms are compared; ``closes`` (n,) the last day of the month.
    """

    person: NDArray[np.int64]
    arm: NDArray[np.int64]
    zero: Days
    closes: Days

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> AtRisk:
        """Some of the rows."""
        return AtRisk(self.person[rows], self.arm[rows], self.zero[rows], self.closes[rows])


def at_risk(register: Register, rng: np.random.Generator) -> AtRisk:
    """All rows: everybody who is offered an arm, and all others on a day on which others were, if on benefit then."""
    programme = register.life.programme
    begins = np.where(programme.started, programme.plan.begins, NEVER)
    zero = programme.plan.offered if register.world.offers_recorded else begins
    months = [_month(register, zero, u, rng) for u in range(register.world.until)]
    columns = (np.concatenate(parts) for parts in zip(*months, strict=True))
    return AtRisk(*columns)


def _month(register: Register, days: Days, u: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], ...]:
    """The rows of one elapsed month: person, arm, zero, closes. ``days`` (n,) on which each is offered or starts."""
    entry, life = register.people.entry, register.life
    opens, closes = add_months(entry, u) - entry, add_months(entry, u + 1) - entry - 1
    risk = (life.last_on_benefit >= opens) & (days >= opens)
    offered = risk & (days <= closes)
    if not offered.any():
        return tuple(np.zeros(0, np.int64) for _ in range(4))
    others = np.flatnonzero(risk & ~offered)
    offset = rng.choice((days - opens)[offered], len(others))
    pseudo = np.minimum(opens[others] + offset, closes[others])
    on_benefit = pseudo <= life.last_on_benefit[others]
    person = np.concatenate([np.flatnonzero(offered), others[on_benefit]])
    arm = np.concatenate([life.programme.plan.arm[offered], np.full(int(on_benefit.sum()), NO_ARM)])
    zero = np.concatenate([days[offered], pseudo[on_benefit]])
    return person, arm, zero, closes[person]
