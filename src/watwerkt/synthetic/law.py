"""The law of an invented world: how fast each person finds and loses work and is offered each instrument.

A rate is a person's own multiple of a profile that all share, constant within a month of 30.44 days. So the day of an
event is found by inverting one cumulative profile: no steps through time, however long the register.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from watwerkt.synthetic.clock import MONTH, Days, Floats, day, month_of, swing
from watwerkt.synthetic.jobs import NEVER
from watwerkt.synthetic.people import CASEWORKERS_AN_OFFICE, OFFICES_A_REGION, REGIONS, People
from watwerkt.synthetic.world import COVERED, Arm, Leaning, World

_MONTHS = 240  # a profile is laid out this far; its last rate lasts
_FIRST, _LAST = (int(month_of(np.array([day(when)]))[0]) for when in COVERED)
_OFFICES = OFFICES_A_REGION * len(REGIONS)
_NEVER = 1e-12  # offers a month where there are none


@dataclass(frozen=True, eq=False)
class Profile:
    """C cumulative rates: by day ``days[j]`` that of row c has come to ``total[c, j]``. Who asks says which row.

    Rows lie end to end on one line, so that one interpolation serves all of them.
    """

    days: Floats
    total: Floats

    @classmethod
    def of(cls, rates: tuple[float, ...], factors: Floats | float = 1.0) -> Profile:
        """From rates a month, of which the last one lasts, times factors (C, 240)."""
        monthly = np.full(_MONTHS, rates[-1])
        monthly[: len(rates)] = rates
        totals = np.cumsum(np.atleast_2d(monthly * factors), axis=1)
        return cls(MONTH * np.arange(_MONTHS + 1.0), np.hstack([np.zeros((len(totals), 1)), totals]))

    def below(self, other: Profile) -> Profile:
        """These rows and, after them, the other's."""
        return Profile(self.days, np.vstack([self.total, other.total]))

    def upto(self, days: Floats | Days, row: Days | int = 0) -> Floats:
        """How far it has come at each day (n,)."""
        line, last = self._line(self.days), self.days[-1]
        return np.asarray(np.interp(np.minimum(days, last) + row * (last + 1), line, self.total.ravel()))

    def when(self, total: Floats, row: Days | int = 0) -> Floats:
        """The day at which it comes to each total (n,); NEVER beyond its end."""
        line, top, last = self._line(self.total), self.total.max(), self.total[row, -1]
        days = np.interp(np.minimum(total, last) + row * (top + 1), line, np.tile(self.days, len(self.total)))
        return np.asarray(np.where(total > last, float(NEVER), days))

    def _line(self, values: Floats) -> Floats:
        """(C × 241,) each row's values, beyond those of the row before."""
        return np.asarray((values + np.arange(len(self.total))[:, None] * (values.max() + 1)).ravel())


@dataclass(frozen=True, eq=False)
class Law:
    """What moves n people: three profiles of work, a profile an arm, and each person's multiples of them.

    ``finding`` and ``finding_again`` have a row for each calendar month in which one begins to search; ``entered`` (n,)
    is each person's row of ``finding``, which has as many again for welfare.

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
    entered: Days


def row_of(days: Days) -> Days:
    """The row of the calendar month in which each day lies; days beyond the register have its last one."""
    return np.asarray(np.clip(month_of(days), _FIRST, _LAST) - _FIRST)


def law_of(world: World, people: People) -> Law:
    """The law as these people meet it."""
    older = (people.age - 42) / 10
    find = (
        -0.14 * older - 0.07 * older**2 + 0.16 * people.school - 0.05 * people.woman
        + 0.55 * (people.recent_work - 0.8) - 0.06 * (people.region - 1.5)
        + _recorded(world.on_finding, people) + _hidden(world.on_finding, people)
    )  # fmt: skip
    lose = 0.10 * np.abs(older) - 0.15 * people.school - 0.3 * (people.recent_work - 0.8)
    swings = world.on_finding_by_calendar
    searching = np.arange(_FIRST, _LAST + 1)[:, None] + np.arange(_MONTHS)
    calendar = np.exp(swing(searching, swings.cycle, swings.season))
    return Law(
        finding=Profile.of(world.finding, calendar).below(Profile.of((world.finding_on_welfare,), calendar)),
        losing=Profile.of(world.losing),
        finding_again=Profile.of(world.finding_again, calendar),
        offering=tuple(Profile.of(arm.weights) for arm in world.arms),
        find=np.exp(find),
        lose=np.exp(lose),
        offer=np.column_stack([_offer(world, arm, people) for arm in world.arms]),
        gain=np.column_stack(
            [arm.effect.finding + arm.effect.finding_low_schooled * (people.school < 0) for arm in world.arms]
        ),
        entered=row_of(people.entry) + people.welfare * len(searching),
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


def _offer(world: World, arm: Arm, people: People) -> Floats:
    """Each person's offers a month of one arm, in a month of weight 1. Offices differ by a fifth, or by more."""
    of_arm = np.random.default_rng(list(arm.name.encode()))
    offices, caseworkers = (of_arm.standard_normal(n) for n in (_OFFICES, _OFFICES * CASEWORKERS_AN_OFFICE))
    office = 0.2 * np.cos(2.0 * people.office + len(arm.name)) + world.offices * offices[people.office]
    caseworker = world.caseworkers * caseworkers[people.caseworker]
    recorded = _recorded(arm.leaning, people) + office + caseworker
    logs = world.selection * recorded + _hidden(arm.leaning, people)
    return np.where(np.isin(people.office, arm.not_in), _NEVER, arm.rate * np.exp(logs))
