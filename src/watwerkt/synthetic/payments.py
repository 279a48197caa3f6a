"""What a service pays, takes back and says while a spell lasts: months of benefit, sanctions, follow-up talks.

None of it moves anybody's work: all comes at rates that know nothing of what is still to come.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from watwerkt.synthetic.clock import MONTH, Days, Floats, dates, first_of, month_of
from watwerkt.synthetic.jobs import Jobs
from watwerkt.synthetic.keys import Keys
from watwerkt.synthetic.making import Register
from watwerkt.synthetic.people import SCHEMES

_FIRST_MONTHS, _FIRST_SHARE, _SHARE = 2, 0.75, 0.70  # of the wage that is paid, as Dutch unemployment benefit does
_NORM = 1_150.0  # what welfare pays for a month, less all income
# Rates a month (invention): a warning, a measure, and how much more often for ten years younger.
_WARNED, _SANCTIONED, _YOUNGER = 0.020, 0.008, 0.25
GROUNDS = ("applications", "information", "appointment")
# Months to the first talk and from one to the next, in the mean, and days between two at least: tuned so that 46 % of
# the demonstration's spells have one or more and 17 % exactly one (FIELD, follow-up talks).
_FIRST_TALK, _NEXT_TALK, _APART, _TALKS = 11.5, 5.4, 14, 24


def benefit_month(register: Register, key: Days, last_day: int) -> pa.Table:
    """One row a calendar month on benefit: the amount paid, and income from work on days of benefit."""
    people, life = register.people, register.life
    last = np.minimum(people.entry + life.last_on_benefit, last_day)
    first_month = month_of(people.entry)
    count = month_of(last) - first_month + 1
    person = np.repeat(np.arange(len(key)), count)
    month = first_month[person] + np.arange(len(person)) - np.repeat(np.cumsum(count) - count, count)
    opens = np.maximum(first_of(month), people.entry[person])
    closes = np.minimum(first_of(month + 1) - 1, last[person])
    length = (first_of(month + 1) - first_of(month)).astype(float)
    income = income_of(people.before.beside(life.jobs), (person, opens, closes), length)
    wage = (np.exp(people.log_wage) * people.hours / 40)[person]
    share = np.where(month - first_month[person] < _FIRST_MONTHS, _FIRST_SHARE, _SHARE)
    on = (closes - opens + 1) / length
    right = np.where(people.welfare[person], _NORM, share * wage) * on
    taken = np.where(people.welfare[person], 1.0, share) * income
    paid = np.maximum(right - taken, 0)
    return pa.table({
        "person_id": key[person],
        "month": dates(first_of(month)),
        "scheme": pa.array(np.array(SCHEMES)[people.welfare[person].astype(np.int64)]),
        "amount": np.round(paid, 2),
        "income_from_work": np.round(income, 2),
    })  # fmt: skip


def income_of(jobs: Jobs, stretch: tuple[Days, Days, Days], length: Floats) -> Floats:
    """Wages earned on the days of stretches (person, first, last) (j,), in months of ``length`` days (j,)."""
    person, first, last = stretch
    income = np.zeros(len(person))
    for k in range(jobs.start.shape[1]):
        days = np.minimum(jobs.end[person, k], last) - np.maximum(jobs.start[person, k], first) + 1
        some = np.flatnonzero((days > 0) & (jobs.end >= jobs.start)[person, k])
        income[some] += jobs.wage[person[some], k] * days[some] / length[some]
    return income


def sanction(register: Register, key: Days, keys: Keys, rng: np.random.Generator) -> pa.Table:
    """Warnings and measures, decided while on benefit; younger people get more. None was reversed."""
    people = register.people
    more = np.exp(-_YOUNGER * (people.age - 42) / 10)
    found = [_decided(register, rng, rate * more) for rate in (_WARNED, _SANCTIONED)]
    person = np.concatenate([who for who, _ in found])
    decided = np.concatenate([day for _, day in found])
    measure = np.repeat([False, True], [len(who) for who, _ in found])
    n = len(person)
    amount = np.round(np.exp(people.log_wage[person]) * people.hours[person] / 40 * rng.uniform(0.05, 0.30, n))
    return pa.table({
        "sanction_id": keys.of("sanction", person, measure.astype(np.int64)),
        "person_id": key[person],
        "kind": pa.array(np.where(measure, "measure", "warning")),
        "ground": pa.array(np.array(GROUNDS)[rng.integers(0, len(GROUNDS), n)]),
        "decided": dates(decided),
        "amount": pa.array(amount, mask=~measure),
        "months": pa.array(rng.integers(1, 5, n).astype(float), mask=~measure),
        "reversed_on": pa.nulls(n, pa.date32()),
    })  # fmt: skip


def _decided(register: Register, rng: np.random.Generator, rate: Floats) -> tuple[Days, Days]:
    """Who is met by something of a rate a month (n,) while on benefit, and on which day."""
    day = np.ceil(rng.exponential(size=len(rate)) * MONTH / rate).astype(np.int64)
    who = np.flatnonzero(day <= register.life.last_on_benefit)
    return who, register.people.entry[who] + day[who]


def talks(register: Register, rng: np.random.Generator) -> tuple[Days, Days, Days]:
    """Follow-up talks: person, its how-manieth (from 1), and the day of each."""
    n = len(register.people)
    gaps = _APART + np.ceil(rng.exponential(_NEXT_TALK * MONTH - _APART, (n, _TALKS))).astype(np.int64)
    gaps[:, 0] = np.ceil(rng.exponential(_FIRST_TALK * MONTH, n)).astype(np.int64)
    day = np.cumsum(gaps, axis=1)
    person, nth = np.nonzero(day <= register.life.last_on_benefit[:, None])
    return person, nth + 1, register.people.entry[person] + day[person, nth]
