"""The register standard's tables of an invented register, and the folder that holds them.

Rows are written in no order on purpose, keys say nothing, and the hidden trait stands in no table.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from watwerkt.synthetic.clock import Days, add_months, dates, day, month_of
from watwerkt.synthetic.jobs import NEVER, path
from watwerkt.synthetic.life import NO_ARM
from watwerkt.synthetic.making import Register
from watwerkt.synthetic.people import HOUSEHOLDS, REGIONS, SCHEMES
from watwerkt.synthetic.world import COVERED, CURRENCY, SMALL_CELLS

_LAST = day(COVERED[1])
_NAMES = {
    "training": ("training", "training", 2_100.0),
    "coaching": ("coaching", "coaching", 900.0),
    "matching": ("bemiddeling naar een werkgever", "matching with an employer", 350.0),
    "wage_subsidy": ("loonkostensubsidie", "wage subsidy", 4_800.0),
    "public_job": ("gesubsidieerde baan", "public job", 11_000.0),
    "education": ("opleiding", "education", 6_500.0),
}
_WAVES = range(0, 37, 6)  # months since the first day of the spell
Column = NDArray[np.generic] | pa.Array


def write(register: Register, folder: Path) -> None:
    """Write the seven tables as Parquet and ``register.toml``; the folder is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables(register).items():
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
    (folder / "register.toml").write_text(_register_toml(register), encoding="utf-8")


def tables(register: Register) -> dict[str, pa.Table]:
    """The tables by name."""
    rng = np.random.default_rng([register.seed, 3])
    key = rng.permutation(len(register.people)) + 1
    made = {
        "person": _person(register, key),
        "benefit_spell": _benefit_spell(register, key, rng),
        "job_spell": _job_spell(register, key),
        "provision": _provision(register, key, rng),
        "measurement": _measurement(register, key, rng),
    }
    mixed = {name: table.take(rng.permutation(table.num_rows)) for name, table in made.items()}
    return {**mixed, "instrument": _instrument(register)}


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


def _benefit_spell(register: Register, key: Days, rng: np.random.Generator) -> pa.Table:
    people, life = register.people, register.life
    end = people.entry + life.last_on_benefit
    return pa.table({
        "spell_id": rng.permutation(len(key)) + 1,
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


def _job_spell(register: Register, key: Days) -> pa.Table:
    people = register.people
    jobs = people.before.beside(register.life.jobs)
    person, job = np.nonzero((jobs.end >= jobs.start) & (jobs.start <= _LAST))
    return pa.table({
        "person_id": key[person],
        "job_id": np.arange(len(person)) + 1,
        "start": dates(jobs.start[person, job]),
        "end": _days(jobs.end[person, job]),
        "hours_per_week": jobs.hours[person, job].astype(float),
        "monthly_wage": jobs.wage[person, job],
    })  # fmt: skip


def _provision(register: Register, key: Days, rng: np.random.Generator) -> pa.Table:
    """Every offer. One that never started keeps its planned end, so that its planned length counts from the offer."""
    people, programme, world = register.people, register.life.programme, register.world
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
        "provision_id": rng.permutation(len(who)) + 1,
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


def _instrument(register: Register) -> pa.Table:
    kinds = sorted({arm.instrument for arm in register.world.arms})
    return pa.table({
        "instrument": kinds,
        "counts_as": kinds,
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


def _register_toml(register: Register) -> str:
    made = f"{register.world.name}, seed {register.seed}, {len(register.people)} people"
    return f"""\
# Verzonnen gegevens / invented data: nobody in this register exists ({made}).
synthetic = true
name = "{register.world.name}"
currency = "{CURRENCY}"
period = [{COVERED[0]}, {COVERED[1]}]
threshold = {SMALL_CELLS}
"""
