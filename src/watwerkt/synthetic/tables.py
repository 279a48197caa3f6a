"""The register standard's tables of an invented register.

Rows are written in no order on purpose, keys say nothing, and the hidden trait stands in no table.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from watwerkt.synthetic.clock import Days, add_months, dates, day, month_of
from watwerkt.synthetic.jobs import NEVER, path
from watwerkt.synthetic.keys import Keys
from watwerkt.synthetic.life import NO_ARM
from watwerkt.synthetic.making import Register
from watwerkt.synthetic.payments import benefit_month, sanction, talks
from watwerkt.synthetic.people import HOUSEHOLDS, REGIONS, SCHEMES
from watwerkt.synthetic.world import COVERED, CURRENCY, SMALL_CELLS, Policy, World

_LAST = day(COVERED[1])
TALK = "talk"
ANNOUNCED = timedelta(days=180)  # before a rule changes
_NAMES = {
    "training": ("training", "training", 2_100.0),
    "coaching": ("coaching", "coaching", 900.0),
    TALK: ("vervolggesprek", "follow-up talk", 45.0),
    "matching": ("bemiddeling naar een werkgever", "matching with an employer", 350.0),
    "wage_subsidy": ("loonkostensubsidie", "wage subsidy", 4_800.0),
    "public_job": ("gesubsidieerde baan", "public job", 11_000.0),
    "education": ("opleiding", "education", 6_500.0),
}
_WAVES = range(0, 37, 6)  # months since the first day of the spell
Column = NDArray[np.generic] | pa.Array


def tables(register: Register, keys: Keys | None = None) -> dict[str, pa.Table]:
    """The tables of persons by name; ``keys`` of a chunk, or of a register that is whole."""
    keys = keys or Keys(register.seed, 0, len(register.people), len(register.people))
    rng = np.random.default_rng([register.seed, 3, register.chunk])
    key = keys.persons()
    programmes = _provision(register, (key, keys), rng)
    made = {
        "person": _person(register, key),
        "benefit_spell": _benefit_spell(register, (key, keys), rng),
        "benefit_month": benefit_month(register, key, _LAST),
        "job_spell": _job_spell(register, (key, keys)),
        "provision": pa.concat_tables([programmes, _talks(register, (key, keys), rng)]),
        "sanction": sanction(register, key, keys, rng),
        "measurement": _measurement(register, key, rng),
    }
    return {name: table.take(rng.permutation(table.num_rows)) for name, table in made.items()}


def _days(days: Days) -> pa.Array:
    """Dates; empty where the day is never reached or lies beyond the register."""
    return pa.array(dates(np.minimum(days, NEVER)), mask=days > _LAST)


def _known(days: Days, rng: np.random.Generator) -> pa.Array:
    """The day on which the service knew: 0 to 9 days later."""
    return pa.array(dates(days + rng.integers(0, 10, len(days))))


def _named(names: tuple[str, ...], code: NDArray[np.int64]) -> pa.Array:
    return pa.array(np.array(names)[code])


def _person(register: Register, key: Days) -> pa.Table:
    people = register.people
    return pa.table({
        "person_id": key,
        "birth_date": dates(people.birth),
        "sex": _named(("m", "f"), people.woman.astype(np.int64)),
        "education": people.education,
        "region": _named(REGIONS, people.region),
        "household": _named(HOUSEHOLDS, people.household),
    })  # fmt: skip


def _offices(register: Register) -> pa.Array:
    code = register.people.office
    return _named(tuple(f"{REGIONS[o // 3]}-{o % 3 + 1}" for o in range(3 * len(REGIONS))), code)


def _benefit_spell(register: Register, keyed: tuple[Days, Keys], rng: np.random.Generator) -> pa.Table:
    people, life, (key, keys) = register.people, register.life, keyed
    end = people.entry + life.last_on_benefit
    return pa.table({
        "spell_id": keys.of("spell", np.arange(len(key)), 0),
        "person_id": key,
        "scheme": _named(SCHEMES, people.welfare.astype(np.int64)),
        "start": dates(people.entry),
        "end": _days(end),
        "end_reason": _named(("entitlement", "work"), life.found_work.astype(np.int64)),
        "entitlement_end": _days(people.entitled_to),
        "office": _offices(register),
        "caseworker": _named(tuple(f"c{c:03d}" for c in range(96)), people.caseworker),
        "known_on": _known(people.entry, rng),
    })  # fmt: skip


def _job_spell(register: Register, keyed: tuple[Days, Keys]) -> pa.Table:
    people, (key, keys) = register.people, keyed
    jobs = people.before.beside(register.life.jobs)
    person, job = np.nonzero((jobs.end >= jobs.start) & (jobs.start <= _LAST))
    return pa.table({
        "person_id": key[person],
        "job_id": keys.of("job", person, job),
        "start": dates(jobs.start[person, job]),
        "end": _days(jobs.end[person, job]),
        "hours_per_week": jobs.hours[person, job].astype(float),
        "monthly_wage": jobs.wage[person, job],
    })  # fmt: skip


def _provision(register: Register, keyed: tuple[Days, Keys], rng: np.random.Generator) -> pa.Table:
    """Every offer. One that never started keeps its planned end, so that its planned length counts from the offer."""
    people, programme, world, (key, keys) = register.people, register.life.programme, register.world, keyed
    plan = programme.plan
    who = np.flatnonzero(plan.arm != NO_ARM)
    entry, arm = people.entry[who], plan.arm[who]
    offered, begins = entry + plan.offered[who], entry + plan.begins[who]
    planned_end, started = entry + plan.planned_end[who], programme.started[who]
    first = np.where(started, begins, NEVER)
    end = np.where(started, entry + np.minimum(programme.end[who], NEVER), NEVER)
    early = ~started | (end < planned_end)
    weeks = (planned_end - begins + 1) // 7
    return pa.table({
        "provision_id": keys.of("provision", who, 0),
        "person_id": key[who],
        "instrument": _named(tuple(a.instrument for a in world.arms), arm),
        "offered": dates(offered) if world.offers_recorded else pa.nulls(len(who), pa.date32()),
        "start": _days(first),
        "planned_end": dates(planned_end),
        "end": _days(end),
        "dropped": _named(("no", "yes"), early.astype(np.int64)),
        "hours": np.where(started, 4.0 * weeks, 0.0),
        "office": _offices(register).take(pa.array(who)),
        "planned_weeks": weeks,
        "known_on": _known(offered, rng),
    })  # fmt: skip


def _talks(register: Register, keyed: tuple[Days, Keys], rng: np.random.Generator) -> pa.Table:
    """Follow-up talks: light provisions that no question compares, over the day they begin."""
    (key, keys), (person, nth, day) = keyed, talks(register, rng)
    told = pa.array(dates(day))
    return pa.table({
        "provision_id": keys.of("provision", person, nth),
        "person_id": key[person],
        "instrument": _named((TALK,), np.zeros(len(person), np.int64)),
        "offered": told if register.world.offers_recorded else pa.nulls(len(person), pa.date32()),
        "start": told,
        "planned_end": told,
        "end": told,
        "dropped": _named(("no",), np.zeros(len(person), np.int64)),
        "hours": np.ones(len(person)),
        "office": _offices(register).take(pa.array(person)),
        "planned_weeks": np.zeros(len(person), np.int64),
        "known_on": _known(day, rng),
    })  # fmt: skip


def policy_change(policy: Policy) -> pa.Table:
    """The one rule that changes in a world that has one: a shorter right for who enters from a day on."""
    until = (policy.since - timedelta(days=1)).isoformat()
    return pa.table({
        "change_id": ["shorter-right"],
        "announced": pa.array([policy.since - ANNOUNCED]),
        "date": pa.array([policy.since]),
        "rule": ["entitlement"],
        "scheme": ["ww"],
        "who": [f"entry from {policy.since.isoformat()}"],
        "from": [f"whole right, entry until {until}"],
        "to": [f"{policy.share:.0%} of it"],
    })  # fmt: skip


def instrument(world: World) -> pa.Table:
    """The catalogue of what a world gives. A talk is nothing that the vocabulary compares."""
    kinds = sorted({TALK, *(arm.instrument for arm in world.arms)})
    return pa.table({
        "instrument": kinds,
        "counts_as": [None if kind == TALK else kind for kind in kinds],
        "name_nl": [_NAMES[kind][0] for kind in kinds],
        "name_en": [_NAMES[kind][1] for kind in kinds],
        "unit_cost": [_NAMES[kind][2] for kind in kinds],
    })  # fmt: skip


def _measurement(register: Register, key: Days, rng: np.random.Generator) -> pa.Table:
    """Wellbeing from 1 to 10, every half year. Those at work answer more often, and so do older people."""
    people, life = register.people, register.life
    columns: dict[str, list[Days]] = {name: [] for name in ("person", "date", "value", "wave", "weight")}
    for months in _WAVES:
        asked = add_months(people.entry, months) + rng.integers(0, 14, len(key))
        works = path(people.before.beside(life.jobs), month_of(asked), 1).work[:, 0]
        value = 6.2 + 0.7 * works + 0.15 * people.school + 1.4 * rng.standard_normal(len(key))
        class_rate = 0.45 + 0.006 * (people.age - 40)
        answers = np.flatnonzero(rng.random(len(key)) < class_rate + 0.12 * works)
        columns["person"].append(key[answers])
        columns["date"].append(asked[answers])
        columns["value"].append(np.clip(np.round(value[answers]), 1, 10).astype(np.int64))
        columns["wave"].append(np.full(len(answers), months))
        columns["weight"].append(np.round(100 / class_rate[answers]).astype(np.int64))
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    return pa.table({
        "person_id": joined["person"],
        "date": dates(joined["date"]),
        "measure": pa.array(["wellbeing"] * len(joined["person"])),
        "value": joined["value"].astype(float),
        "wave": joined["wave"],
        "response_weight": joined["weight"] / 100,
    })  # fmt: skip


def register_toml(world: World, seed: int, people: int) -> str:
    """The settings of an invented register; they say that it is."""
    made = f"{world.name}, seed {seed}, {people} people"
    return f"""\
# Verzonnen gegevens / invented data: nobody in this register exists ({made}).
synthetic = true
name = "{world.name}"
currency = "{CURRENCY}"
period = [{COVERED[0]}, {COVERED[1]}]
threshold = {SMALL_CELLS}
"""
