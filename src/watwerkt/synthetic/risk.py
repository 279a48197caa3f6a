"""Who is at risk of an offer in each elapsed month, and on which day arms are compared: as the sample draws them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt.synthetic.clock import Days, add_months
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
    months = [_month(register, u, rng) for u in range(register.world.until)]
    columns = (np.concatenate(parts) for parts in zip(*months, strict=True))
    return AtRisk(*columns)


def _month(register: Register, u: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], ...]:
    """The rows of one elapsed month: person, arm, zero, closes."""
    entry, life = register.people.entry, register.life
    plan = life.programme.plan
    opens, closes = add_months(entry, u) - entry, add_months(entry, u + 1) - entry - 1
    risk = (life.last_on_benefit >= opens) & (plan.offered >= opens)
    offered = risk & (plan.offered <= closes)
    if not offered.any():
        return tuple(np.zeros(0, np.int64) for _ in range(4))
    others = np.flatnonzero(risk & ~offered)
    offset = rng.choice((plan.offered - opens)[offered], len(others))
    pseudo = np.minimum(opens[others] + offset, closes[others])
    on_benefit = pseudo <= life.last_on_benefit[others]
    person = np.concatenate([np.flatnonzero(offered), others[on_benefit]])
    arm = np.concatenate([plan.arm[offered], np.full(int(on_benefit.sum()), NO_ARM)])
    zero = np.concatenate([plan.offered[offered], pseudo[on_benefit]])
    return person, arm, zero, closes[person]
