"""The law of an invented world: how fast each person finds and loses work and is offered each instrument.

A rate is a person's own multiple of a profile that all share, constant within a month of 30.44 days. So the day of an
event is found by inverting one cumulative profile: no steps through time, however long the register.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from watwerkt.synthetic.clock import MONTH, Days, Floats
from watwerkt.synthetic.jobs import NEVER
from watwerkt.synthetic.people import People
from watwerkt.synthetic.world import Arm, Leaning, World

_MONTHS = 240  # a profile is laid out this far; its last rate lasts
_NEVER = 1e-12  # offers a month where there are none


@dataclass(frozen=True, eq=False)
class Profile:
    """A cumulative rate: at day ``days[j]`` it has come to ``total[j]``."""

    days: Floats
    total: Floats

    @classmethod
    def of(cls, rates: tuple[float, ...]) -> Profile:
        """From rates a month; the last one lasts."""
        monthly = np.full(_MONTHS, rates[-1])
        monthly[: len(rates)] = rates
        return cls(MONTH * np.arange(_MONTHS + 1.0), np.append(0.0, np.cumsum(monthly)))

    def upto(self, days: Floats | Days) -> Floats:
        """How far it has come at each day."""
        return np.asarray(np.interp(days, self.days, self.total))

    def when(self, total: Floats) -> Floats:
        """The day at which it comes to each total; NEVER beyond its end."""
        return np.asarray(np.interp(total, self.total, self.days, right=float(NEVER)))


@dataclass(frozen=True, eq=False)
class Law:
    """What moves n people: three profiles of work, a profile an arm, and each person's multiples of them.

    ``find`` (n,) of ``finding`` and ``finding_again``; ``lose`` (n,) of ``losing``; ``offer`` (n, A) of ``offering``.
    ``gain`` (n, A) is what an arm adds to the log of finding work, before the month of the offer counts.
    """

    finding: Profile
    losing: Profile
    finding_again: Profile
    offering: tuple[Profile, ...]
    find: Floats
    lose: Floats
    offer: Floats
    gain: Floats


def law_of(world: World, people: People) -> Law:
    """The law as these people meet it."""
    older = (people.age - 42) / 10
    find = (
        -0.14 * older - 0.07 * older**2 + 0.16 * people.school - 0.05 * people.woman
        + 0.55 * (people.recent_work - 0.8) - 0.06 * (people.region - 1.5)
        + _recorded(world.on_finding, people) + _hidden(world.on_finding, people)
    )  # fmt: skip
    lose = 0.10 * np.abs(older) - 0.15 * people.school - 0.3 * (people.recent_work - 0.8)
    return Law(
        finding=Profile.of(world.finding),
        losing=Profile.of(world.losing),
        finding_again=Profile.of(world.finding_again),
        offering=tuple(Profile.of(arm.weights) for arm in world.arms),
        find=np.exp(find),
        lose=np.exp(lose),
        offer=np.column_stack([_offer(arm, people, world.selection) for arm in world.arms]),
        gain=np.column_stack(
            [arm.effect.finding + arm.effect.finding_low_schooled * (people.school < 0) for arm in world.arms]
        ),
    )


def _recorded(lean: Leaning, people: People) -> Floats:
    """What these people get for what is recorded of them, in log points (n,)."""
    older = (people.age - 42) / 10
    return np.asarray(
        lean.older * older + lean.schooled * people.school + lean.woman * (people.woman - 0.5)
        + lean.recent_work * (people.recent_work - 0.8) + lean.older_work * (people.older_work - 0.85)
        + lean.older_and_schooled * older * people.school + lean.deep * people.deep
    )  # fmt: skip


def _hidden(lean: Leaning, people: People) -> Floats:
    """What they get for what is recorded nowhere (n,): a factor of mean 1 on the rate."""
    return np.asarray(lean.trait * people.trait + lean.news * people.news - (lean.trait**2 + lean.news**2) / 2)


def _offer(arm: Arm, people: People, selection: float) -> Floats:
    """Each person's offers a month of one arm, in a month of weight 1. Offices differ by up to a fifth."""
    office = 0.2 * np.cos(2.0 * people.office + len(arm.name))
    logs = selection * (_recorded(arm.leaning, people) + office) + _hidden(arm.leaning, people)
    return np.where(np.isin(people.office, arm.not_in), _NEVER, arm.rate * np.exp(logs))
