"""Inventing people: who they are, what they earned and where they worked before their benefit spell began."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from watwerkt.synthetic.clock import MONTH, Days, Floats, add_months, day, month_of, swing
from watwerkt.synthetic.jobs import NEVER, Jobs
from watwerkt.synthetic.world import COVERED, ENTRY, Swing, World

REGIONS = ("noord", "oost", "zuid", "west")
HOUSEHOLDS = ("single", "single_parent", "couple", "couple_with_children")
OFFICES_A_REGION = 3
CASEWORKERS_AN_OFFICE = 8
SCHEMES = ("ww", "welfare")
ISCED = np.array([1, 2, 3, 4, 5, 6, 7])
_ISCED_SHARES = np.array([0.05, 0.18, 0.34, 0.08, 0.05, 0.20, 0.10])
_HOURS = np.array([24, 32, 36, 40])
_JOBS_BEFORE = 10
_WORKED_ON, _BETWEEN = 330.0, 75.0  # mean days in a job and between two jobs
_SMALL_HOURS, _SMALL_JOBS, _SMALL_DAYS = np.array([8, 12, 16]), 4, 150.0  # beside benefit; 30 days and this in the mean


@dataclass(frozen=True, eq=False)
class People:
    """n people at the first day of their benefit spell.

    ``entry``, ``birth`` (n,) days; ``entitled_to`` (n,) the last day on which a right to benefit exists; ``age`` (n,)
    years; ``school`` (n,) −1 low, 0 middle, 1 high; ``trait`` and ``news`` (n,) hidden; ``log_wage`` (n,) of a
    full-time month; ``recent_work`` (n,) share worked of the three months before the spell, ``older_work`` of months
    13 … 24 before it; ``before`` their jobs until then. ``caseworker`` (n,) across all offices; ``welfare`` (n,) on the
    second scheme, where a right never ends; ``small`` the jobs beside benefit, until another job comes.
    """

    entry: Days
    birth: Days
    entitled_to: Days
    age: Floats
    woman: NDArray[np.bool_]
    education: NDArray[np.int64]
    school: NDArray[np.int64]
    region: NDArray[np.int64]
    office: NDArray[np.int64]
    household: NDArray[np.int64]
    trait: Floats
    news: Floats
    hours: NDArray[np.int64]
    log_wage: Floats
    recent_work: Floats
    older_work: Floats
    before: Jobs
    caseworker: NDArray[np.int64]
    welfare: NDArray[np.bool_]
    small: Jobs

    def __len__(self) -> int:
        return len(self.entry)

    @property
    def deep(self) -> Floats:
        """(n,) 1 or −1: from 40 years on or not, times woman or not, times living as a couple or not."""
        sides = (self.age >= 40, self.woman, self.household >= HOUSEHOLDS.index("couple"))
        return np.asarray(np.prod([np.where(side, 1.0, -1.0) for side in sides], axis=0))

    def take(self, rows: NDArray[np.int64]) -> People:
        """These people again, in the order of ``rows`` and as often."""
        own = {f.name: getattr(self, f.name) for f in fields(self)}
        jobs = {name: own.pop(name).take(rows) for name in ("before", "small")}
        return People(**{name: values[rows] for name, values in own.items()}, **jobs)


def invent(world: World, people: int, rng: np.random.Generator) -> People:
    """That many people, each with a benefit spell that begins in ENTRY."""
    n = people
    entry = _entered(world.inflow, rng.integers(day(ENTRY[0]), day(ENTRY[1]) + 1, n))
    age = _ages(n, world.outside, rng)
    education = rng.choice(ISCED, n, p=_ISCED_SHARES)
    school = np.where(education <= 2, -1, np.where(education <= 4, 0, 1))
    woman = rng.random(n) < 0.48
    region = rng.choice(len(REGIONS), n, p=[0.15, 0.22, 0.25, 0.38])
    trait = rng.standard_normal(n)
    hours = rng.choice(_HOURS, n, p=[0.15, 0.2, 0.25, 0.4])
    log_wage = (
        7.72 + 0.16 * school + 0.010 * (np.minimum(age, 50) - 42) - 0.04 * woman
        + 0.12 * rng.standard_normal(n)
    )  # fmt: skip
    before = _history(entry, (log_wage, world.trait_on_earlier_wage * trait), hours, rng)
    office = region * OFFICES_A_REGION + rng.integers(0, OFFICES_A_REGION, n)
    household = rng.choice(len(HOUSEHOLDS), n, p=[0.33, 0.08, 0.24, 0.35])
    news = rng.standard_normal(n)
    welfare = rng.random(n) < world.welfare
    return People(
        entry=entry,
        birth=entry - np.floor(age * 365.25).astype(np.int64),
        entitled_to=np.where(welfare, NEVER, _entitled_to(world, entry, age)),
        age=age,
        woman=woman,
        education=education,
        school=school,
        region=region,
        office=office,
        household=household,
        trait=trait,
        hours=hours,
        log_wage=log_wage,
        recent_work=_share_worked(before, add_months(entry, -3), entry),
        older_work=_share_worked(before, add_months(entry, -24), add_months(entry, -12)),
        before=before,
        news=news,
        caseworker=office * CASEWORKERS_AN_OFFICE + rng.integers(0, CASEWORKERS_AN_OFFICE, n),
        welfare=welfare,
        small=_small_jobs(world, entry, log_wage, rng),
    )


def _entered(inflow: Swing, days: Days) -> Days:
    """Days spread evenly over ENTRY, moved so that as many fall in each month as the inflow says."""
    all_days = np.arange(day(ENTRY[0]), day(ENTRY[1]) + 1)
    upto = np.cumsum(np.exp(swing(month_of(all_days), inflow.cycle, inflow.season)))
    return np.asarray(all_days[np.searchsorted(upto / upto[-1], (days - all_days[0] + 0.5) / len(all_days))])


def _entitled_to(world: World, entry: Days, age: Floats) -> Days:
    """(n,) the last day of a right to benefit: 6 months at 25 years to 24 at 55, less after a change of policy."""
    months = np.clip(np.round(6 + (age - 25) * 0.6), 6, 24)
    if world.policy is not None:
        months = np.where(
            entry >= day(world.policy.since), np.maximum(np.round(months * world.policy.share), 3), months
        )
    return np.asarray(add_months(entry, months.astype(np.int64)) - 1)


def _small_jobs(world: World, entry: Days, log_wage: Floats, rng: np.random.Generator) -> Jobs:
    """Small jobs after ``entry``, one after another."""
    shape = (len(entry), _SMALL_JOBS)
    gap = np.ceil(rng.exponential(MONTH, shape) / max(world.part_time, 1e-12))
    length = 30 + np.ceil(rng.exponential(_SMALL_DAYS, shape))
    end = entry[:, None] + np.cumsum(gap + length, axis=1) - 1
    hours = rng.choice(_SMALL_HOURS, shape)
    wage = wage_of(log_wage[:, None] - 0.1, hours, rng.standard_normal(shape))
    start = np.minimum(end - length + 1, float(NEVER)).astype(np.int64)
    return Jobs(start, np.minimum(end, float(NEVER) - 1).astype(np.int64), wage, hours)


def _share_worked(jobs: Jobs, first: Days, until: Days) -> Floats:
    """(n,) share of the days from ``first`` to the one before ``until`` in a job."""
    return np.asarray(jobs.days_between(first, until - 1) / (until - first))


def _ages(n: int, outside: float, rng: np.random.Generator) -> Floats:
    """Ages at entry: 25.5 to 58.5, or with probability ``outside`` clearly younger or older than that."""
    inside = 25.5 + 33 * rng.beta(1.3, 1.4, n)
    other = np.where(rng.random(n) < 0.5, rng.uniform(20, 23, n), rng.uniform(61.5, 63, n))
    return np.where(rng.random(n) < outside, other, inside)


def wage_of(log_wage: Floats, hours: NDArray[np.int64], noise: Floats) -> Floats:
    """Wage of a full month in whole euros: full-time wage × noise of the job × hours of 40."""
    return np.round(np.exp(log_wage + 0.15 * noise) * hours / 40)


def _history(entry: Days, log_wages: tuple[Floats, Floats], hours: NDArray[np.int64], rng: np.random.Generator) -> Jobs:
    """Jobs in the four years before ``entry``, told backwards from the last one.

    Lengths are without memory and the last gap is drawn by itself, so that the last three months say nothing of who
    worked when a year earlier. ``log_wages``: of every job, and what is added to jobs that ended a year or more before.
    """
    n, k = len(entry), _JOBS_BEFORE
    earliest = np.maximum(add_months(entry, -48), day(COVERED[0]))
    length = np.ceil(rng.exponential(_WORKED_ON, (n, k))).astype(np.int64) + 13
    gap = np.where(rng.random((n, k)) < 0.35, 0, np.ceil(rng.exponential(_BETWEEN, (n, k)))).astype(np.int64)
    gap[:, 0] = np.where(rng.random(n) < 0.55, 0, rng.integers(1, 90, n))
    end = entry[:, None] - 1 - np.cumsum(gap, axis=1) - (np.cumsum(length, axis=1) - length)
    start = np.maximum(end - length + 1, earliest[:, None])
    ordinary, earlier = (log_wage[:, None] for log_wage in log_wages)
    log_wage = ordinary + np.where(end < add_months(entry, -12)[:, None], earlier, 0.0)
    wage = wage_of(log_wage, hours[:, None], rng.standard_normal((n, k)))
    return Jobs(start, end, wage, np.broadcast_to(hours[:, None], wage.shape))
