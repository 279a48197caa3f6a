"""Living on from a day: the offer that comes, the programme that follows, and every job until the register ends.

The same function tells what happened in the register and what would have happened under another offer, with the same
chances: two futures of one person share every draw, so that their difference is the effect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt.synthetic.clock import MONTH, Days, Floats
from watwerkt.synthetic.jobs import NEVER, Jobs
from watwerkt.synthetic.law import Law, law_of, row_of
from watwerkt.synthetic.people import People, wage_of
from watwerkt.synthetic.world import World

_JOBS_AFTER = 12
NO_ARM = -1


@dataclass(frozen=True, eq=False)
class Chances:
    """All the luck of n lives with A arms and K jobs: unit exponentials, uniforms and (``wage``) normals."""

    find: Floats
    offer: Floats
    wait: Floats
    never: Floats
    length: Floats
    halfway: Floats
    lose: Floats
    again: Floats
    wage: Floats

    @classmethod
    def draw(cls, n: int, arms: int, rng: np.random.Generator) -> Chances:
        """Fresh luck."""
        k = _JOBS_AFTER
        return cls(
            find=rng.exponential(size=n),
            offer=rng.exponential(size=(n, arms)),
            wait=rng.random(n),
            never=rng.random(n),
            length=rng.random(n),
            halfway=rng.random(n),
            lose=rng.exponential(size=(n, k)),
            again=rng.exponential(size=(n, k)),
            wage=rng.standard_normal((n, k)),
        )


@dataclass(frozen=True, eq=False)
class Moment:
    """Where a life is taken up, in days of the spell (n,): on benefit until ``since``, no offer before ``quiet``.

    ``arm`` (n,) and ``offered`` (n,): an offer that was just made, NO_ARM where none was; ``starts``: it begins that
    day, with everybody.
    """

    since: Days
    quiet: Days
    arm: NDArray[np.int64]
    offered: Days
    starts: bool = False

    @classmethod
    def of_entry(cls, n: int) -> Moment:
        """The first day of the spell, before anything happened."""
        return cls(np.ones(n, np.int64), np.zeros(n, np.int64), np.full(n, NO_ARM), np.full(n, NEVER))


@dataclass(frozen=True, eq=False)
class Plan:
    """The one offer of each person, in days of the spell (n,); NEVER where there is none.

    ``willing``: it starts unless work comes first; ``share`` (n,) of it will be attended unless work comes first, 1
    for all but those who drop out.
    """

    arm: NDArray[np.int64]
    offered: Days
    begins: Days
    planned_end: Days
    willing: NDArray[np.bool_]
    share: Floats


@dataclass(frozen=True, eq=False)
class Steps:
    """Days of the spell (n, S) on which the log of finding work changes, and by how much (n, S); in no order."""

    day: Days
    log: Floats

    def beside(self, other: Steps) -> Steps:
        """These and other steps of the same people."""
        return Steps(np.hstack([self.day, other.day]), np.hstack([self.log, other.log]))


@dataclass(frozen=True, eq=False)
class Programme:
    """What came of a plan: whether it started, its last day (n,), and the share attended (n,), 0 if never started."""

    plan: Plan
    started: NDArray[np.bool_]
    end: Days
    done: Floats


@dataclass(frozen=True, eq=False)
class Life:
    """What became of n people: last day on benefit (n,), whether work ended it, the programme, and the jobs after.

    ``jobs`` has the small ones beside benefit in its last columns.
    """

    last_on_benefit: Days
    found_work: NDArray[np.bool_]
    programme: Programme
    jobs: Jobs


def live(world: World, people: People, chances: Chances, moment: Moment) -> Life:
    """Live on from a moment. Benefit and programme are in days of the spell; jobs have calendar days."""
    law = law_of(world, people)
    entitled = people.entitled_to - people.entry
    ending = _ending(world, entitled)
    unaided = _first_job(law, chances.find, moment.since, ending)
    arm, offered = _offers(law, chances.offer, moment, np.minimum(unaided - 1, entitled))
    plan = _plan(world, chances, (arm, offered, moment.starts & (moment.arm != NO_ARM)), entitled)
    gain = _gain(world, law, plan)
    first = _first_job(law, chances.find, moment.since, ending.beside(_course(world, plan, gain)))
    programme = _attend(plan, first)
    jobs = _jobs(world, people, chances, law, (first, programme, gain)).beside(
        people.small.until(people.entry + first - 1)
    )
    return Life(np.minimum(first - 1, entitled), first - 1 <= entitled, programme, jobs)


def _whole(days: Floats) -> Days:
    return np.floor(days).astype(np.int64)


def _offers(law: Law, chances: Floats, moment: Moment, last_on_benefit: Days) -> tuple[NDArray[np.int64], Days]:
    """The first offer of any arm while on benefit, unless one was just made: its arm and its day."""
    days = np.column_stack(
        [
            profile.when(profile.upto(moment.quiet) + chances[:, a] / law.offer[:, a])
            for a, profile in enumerate(law.offering)
        ]
    )
    arm, offered = days.argmin(axis=1), _whole(days.min(axis=1))
    comes = offered <= last_on_benefit
    made = moment.arm != NO_ARM
    arm = np.where(made, moment.arm, np.where(comes, arm, NO_ARM))
    return arm, np.where(made, moment.offered, np.where(comes, offered, NEVER))


def _by_arm(values: list[float], plan: Plan) -> Floats:
    """One number an arm, laid out by person; 0 without an offer."""
    return np.append(np.array(values, dtype=float), 0.0)[plan.arm]


def _plan(
    world: World, chances: Chances, offer: tuple[NDArray[np.int64], Days, NDArray[np.bool_]], entitled: Days
) -> Plan:
    """When the programme would begin and end, and whether it would. ``offer``: arm, day, and whether it begins then."""
    arm, offered, at_once = offer
    begins, planned_end = np.full(len(arm), NEVER), np.full(len(arm), NEVER)
    willing, share = np.zeros(len(arm), bool), np.ones(len(arm))
    for a, kind in enumerate(world.arms):
        has = arm == a
        wait = np.floor(chances.wait[has] * 2 * kind.wait).astype(np.int64) + (kind.wait > 0)
        days = np.array(kind.planned_days)[np.floor(chances.length[has] * len(kind.planned_days)).astype(np.int64)]
        begins[has] = offered[has] + np.where(at_once[has], 0, wait)
        planned_end[has] = begins[has] + days - 1
        willing[has] = ((chances.never[has] >= kind.never_started) & (begins[has] <= entitled[has])) | at_once[has]
        drops = chances.halfway[has] < kind.dropped
        share[has] = np.where(drops, chances.halfway[has] / max(kind.dropped, 1e-9), 1.0)
    return Plan(arm, offered, begins, planned_end, willing, share)


def _gain(world: World, law: Law, plan: Plan) -> Floats:
    """What the whole programme adds to the log of finding work (n,)."""
    own = np.column_stack([law.gain, np.zeros(len(plan.arm))])[np.arange(len(plan.arm)), plan.arm]
    month = np.minimum(plan.offered / MONTH, 12.0)
    return np.asarray(own + _by_arm([arm.effect.finding_later for arm in world.arms], plan) * (month - 4) / 4)


def _ending(world: World, entitled: Days) -> Steps:
    """The last 30 days of a right to benefit, in which people search harder."""
    if not world.spike:
        return Steps(np.zeros((len(entitled), 0), np.int64), np.zeros((len(entitled), 0)))
    log = np.full(len(entitled), world.spike)
    return Steps(np.column_stack([np.maximum(entitled - 29, 0), entitled + 1]), np.column_stack([log, -log]))


def _course(world: World, plan: Plan, gain: Floats) -> Steps:
    """What a plan does to finding work while one waits for it, during it and after it."""
    waiting, lock_in = (_by_arm([getattr(arm.effect, n) for arm in world.arms], plan) for n in ("waiting", "lock_in"))
    turns = np.column_stack([plan.offered, plan.begins, plan.planned_end + 1])
    logs = np.column_stack([waiting, lock_in - waiting, gain * plan.share - lock_in])
    return Steps(np.where(plan.willing[:, None], turns, NEVER), logs)


def _first_job(law: Law, chance: Floats, since: Days, steps: Steps) -> Days:
    """The day on which the first job begins, if (n,) unit exponentials are used up by a rate that changes in steps."""
    order = np.argsort(steps.day, axis=1, kind="stable")
    turns = np.take_along_axis(steps.day, order, axis=1)
    logs = np.take_along_axis(steps.log, order, axis=1)
    at = law.finding.upto(since, law.entered)
    found, log = np.full(len(at), np.inf), np.zeros(len(at))
    left: Floats = np.asarray(chance)
    for k in range(turns.shape[1] + 1):
        until = turns[:, k] if k < turns.shape[1] else np.full_like(since, NEVER)
        to = law.finding.upto(np.maximum(until, since), law.entered)
        rate = law.find * np.exp(log)
        here = np.isinf(found) & (left <= rate * (to - at))
        found[here] = (at + left / rate)[here]
        left, at = left - rate * (to - at), to
        if k < turns.shape[1]:
            log += logs[:, k]
    return _whole(law.finding.when(np.minimum(found, 1e9), law.entered))


def _attend(plan: Plan, first_job: Days) -> Programme:
    """Follow the programme until it ends, work comes, or one drops out."""
    started = plan.willing & (plan.begins < first_job)
    length = plan.planned_end - plan.begins + 1
    leaves = plan.begins + np.maximum(np.floor(length * plan.share).astype(np.int64), 1) - 1
    end = np.where(started, np.minimum(leaves, first_job - 1), NEVER)
    done = np.where(started, (end - plan.begins + 1) / np.maximum(length, 1), 0.0)
    return Programme(plan, started, end, done)


def _jobs(world: World, people: People, chances: Chances, law: Law, told: tuple[Days, Programme, Floats]) -> Jobs:
    """Every job from the first on: how long it lasts, and how long until the next one."""
    first, programme, gain = told
    keeping = _by_arm([arm.effect.keeping for arm in world.arms], programme.plan) * programme.done
    better = _by_arm([arm.effect.wage for arm in world.arms], programme.plan) * programme.done
    lose, again = law.lose * np.exp(-keeping), law.find * np.exp(gain * programme.done)
    start, end = np.empty_like(chances.lose, dtype=np.int64), np.empty_like(chances.lose, dtype=np.int64)
    begins = first
    for k in range(_JOBS_AFTER):
        start[:, k] = begins
        end[:, k] = begins + _whole(law.losing.when(chances.lose[:, k] / lose))
        row = row_of(people.entry + np.minimum(end[:, k], NEVER))
        begins = np.minimum(end[:, k] + 1 + _whole(law.finding_again.when(chances.again[:, k] / again, row)), NEVER)
    wage = wage_of((people.log_wage - 0.04 + better)[:, None], people.hours[:, None], chances.wage)
    shift = people.entry[:, None]
    hours = np.broadcast_to(people.hours[:, None], wage.shape)
    return Jobs(np.minimum(start, NEVER) + shift, np.minimum(end, NEVER) + shift, wage, hours)
