"""Inventing people: who they are, what they earned and where they worked before their benefit spell began."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from watwerkt.synthetic.clock import Days, Floats, add_months, day
from watwerkt.synthetic.jobs import Jobs
from watwerkt.synthetic.world import COVERED, ENTRY, World

REGIONS = ("noord", "oost", "zuid", "west")
HOUSEHOLDS = ("single", "single_parent", "couple", "couple_with_children")
OFFICES_A_REGION = 3
ISCED = np.array([1, 2, 3, 4, 5, 6, 7])
_ISCED_SHARES = np.array([0.05, 0.18, 0.34, 0.08, 0.05, 0.20, 0.10])
_HOURS = np.array([24, 32, 36, 40])
_JOBS_BEFORE = 10
_WORKED_ON, _BETWEEN = 330.0, 75.0  # mean days in a job and between two jobs


@dataclass(frozen=True, eq=False)
class People:
    """n people at the first day of their benefit spell.

    ``entry``, ``birth`` (n,) days; ``entitled_to`` (n,) the last day on which a right to benefit exists; ``age`` (n,)
    years; ``school`` (n,) −1 low, 0 middle, 1 high; ``trait`` and ``news`` (n,) hidden; ``log_wage`` (n,) of a
    full-time month; ``recent_work`` (n,) share worked of the three months before the spell, ``older_work`` of months
    13 … 24 before it; ``before`` their jobs until then.
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

    def __len__(self) -> int:
        return len(self.entry)

    @property
    def deep(self) -> Floats:
        """(n,) 1 or −1: from 40 years on or not, times woman or not, times living as a couple or not."""
        sides = (self.age >= 40, self.woman, self.household >= HOUSEHOLDS.index("couple"))
        return np.asarray(np.prod([np.where(side, 1.0, -1.0) for side in sides], axis=0))

    def take(self, rows: NDArray[np.int64]) -> People:
        """These people again, in the order of ``rows`` and as often."""
        taken = {f.name: getattr(self, f.name) for f in fields(self)}
        jobs = taken.pop("before")
        return People(
            **{name: values[rows] for name, values in taken.items()},
            before=Jobs(jobs.start[rows], jobs.end[rows], jobs.wage[rows]),
        )


def invent(world: World, people: int, rng: np.random.Generator) -> People:
    """That many people, each with a benefit spell that begins in ENTRY."""
    n = people
    entry = rng.integers(day(ENTRY[0]), day(ENTRY[1]) + 1, n)
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
    return People(
        entry=entry,
        birth=entry - np.floor(age * 365.25).astype(np.int64),
        entitled_to=add_months(entry, np.clip(np.round(6 + (age - 25) * 0.6), 6, 24).astype(np.int64)) - 1,
        age=age,
        woman=woman,
        education=education,
        school=school,
        region=region,
        office=region * OFFICES_A_REGION + rng.integers(0, OFFICES_A_REGION, n),
        household=rng.choice(len(HOUSEHOLDS), n, p=[0.33, 0.08, 0.24, 0.35]),
        trait=trait,
        hours=hours,
        log_wage=log_wage,
        recent_work=_share_worked(before, add_months(entry, -3), entry),
        older_work=_share_worked(before, add_months(entry, -24), add_months(entry, -12)),
        before=before,
        news=rng.standard_normal(n),
    )


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
    return Jobs(start, end, wage)
