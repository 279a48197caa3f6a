"""What a delivery gets wrong, planted in an invented register and counted while it is planted.

Each quirk has its own chance, so that one can be switched on without moving another, and rows of its own: no row is
wrong in two ways, so what was planted is what should be found. What happened to anybody is never changed, only what is
written about it.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from watwerkt.synthetic.clock import Days
from watwerkt.synthetic.keys import SLOTS, Keys
from watwerkt.synthetic.offices import Offices
from watwerkt.synthetic.planting import Mask, Planting, Quirks, Tables
from watwerkt.synthetic.tables import TALK

COPIED = ("benefit_spell", "benefit_month", "job_spell", "provision", "measurement")
NO_FORM = "no_income_form"
_NONE = np.datetime64("NaT", "D")

CLEAN = Quirks()
AS_DELIVERED = Quirks(
    duplicates=0.01, near_duplicates=0.02, reversed_ends=0.005, no_planned_end=0.15, ends_with_spell=0.10,
    never_started=0.12, reversed_sanctions=0.08, paid_later=0.01, corrections=0.01, second_jobs=0.02, late=0.03,
    no_form=0.05, under_registering=1 / 6, lost_month=True, merger=True,
)  # fmt: skip


def plant(made: Tables, quirks: Quirks, keys: Keys, chunk: int = 0) -> tuple[Tables, Counter[str]]:
    """The tables as they would be delivered, and how much of each was planted, by ``table.rule`` of the register."""
    if quirks == CLEAN:
        return made, Counter()
    planting = Planting(dict(made), quirks, keys, chunk)
    for verb in (_offices, _spells, _jobs, _exits, _provisions, _sanctions, _copies):
        verb(planting)
    return planting.tables, planting.planted


def of_offices(quirks: Quirks, offices: Offices) -> Counter[str]:
    """What was planted in offices, once for the whole register: offices, a month, codes."""
    found: Counter[str] = Counter()
    if quirks.under_registering:
        found["provision.few_for_office"] = len(offices.careless_with_coaching)
    if quirks.lost_month:
        found["provision.empty_month"] = 1
    if quirks.merger:
        found["benefit_spell.office_code_changes"] = len(offices.merged) + 1
    return found


# ---- offices: first, so that what they lose is not wrong in another way ----


def _offices(p: Planting) -> None:
    """Provisions that were never registered, and offices that went on as one."""
    office, begins = p.column("provision", "office").astype(str), _zero(p)
    lost = np.zeros(len(office), bool)
    if p.quirks.under_registering:
        coaching = p.column("provision", "instrument") == "coaching"
        lost |= coaching & np.isin(office, p.places.careless_with_coaching)
        lost &= p.rng("under_registering").random(len(office)) < p.places.UNREGISTERED
    if p.quirks.lost_month:
        lost |= (office == p.places.lost[0]) & (begins.astype("datetime64[M]") == p.places.lost[1])
    p.keep("provision", ~lost)
    if p.quirks.merger:
        _merge(p, "provision", _zero(p))
        _merge(p, "benefit_spell", p.days("benefit_spell", "start"))


def _zero(p: Planting) -> NDArray[np.datetime64]:
    offered, start = p.days("provision", "offered"), p.days("provision", "start")
    return np.where(np.isnat(offered), start, offered)


def _merge(p: Planting, table: str, day_of: NDArray[np.datetime64]) -> None:
    office = p.column(table, "office").astype(str)
    moved = np.isin(office, p.places.merged) & (day_of >= p.places.MERGED_ON)
    p.put(table, "office", np.where(moved, p.places.merged_into, office))


# ---- rows ----


def _reverse(p: Planting, table: str, among: Mask) -> Days:
    """Ends that lie one to ten days before their start."""
    start, end = p.days(table, "start"), p.days(table, "end")
    rows = p.some(table, "reversed", p.quirks.reversed_ends, among & ~np.isnat(end) & ~np.isnat(start))
    end[rows] = start[rows] - p.later(table, "reversed", rows, 1, 10)
    p.put(table, "end", end)
    return rows


def _spells(p: Planting) -> None:
    """Spells that end before they begin (of people without a provision, so that it changes no other count), and
    spells known long after they began."""
    p.begin("benefit_spell")
    none = ~np.isin(p.column("benefit_spell", "person_id"), p.column("provision", "person_id"))
    p.gone["benefit_spell"][_reverse(p, "benefit_spell", none)] = True
    _late(p, "benefit_spell", p.days("benefit_spell", "start"))


def _late(p: Planting, table: str, begins: NDArray[np.datetime64]) -> None:
    known = p.days(table, "known_on")
    rows = p.some(table, "known_late", p.quirks.late, np.ones(len(known), bool))
    known[rows] = begins[rows] + p.later(table, "known_late", rows, 120, 400)
    p.put(table, "known_on", known)


def _jobs(p: Planting) -> None:
    """Jobs that end before they begin; pay afterwards, pay taken back, and a small second job beside another."""
    p.begin("job_spell")
    start, end = p.days("job_spell", "start"), p.days("job_spell", "end")
    p.gone["job_spell"][_reverse(p, "job_spell", np.ones(len(end), bool))] = True
    ended = ~np.isnat(end)
    long = ended & (end - start > np.timedelta64(40, "D"))
    later = p.some("job_spell", "no_hours", p.quirks.paid_later, ended)
    back = p.some("job_spell", "correction", p.quirks.corrections, long)
    second = p.some("job_spell", "overlapping_jobs", p.quirks.second_jobs, long)
    wage = p.column("job_spell", "monthly_wage").astype(float)
    one, four_weeks = np.timedelta64(1, "D"), np.timedelta64(27, "D")
    added = (
        (later, end[later] + one, end[later] + one + four_weeks, 0.0, np.round(0.2 * wage[later])),
        (back, start[back] + one, start[back] + one + four_weeks, 0.0, -np.round(0.1 * wage[back]) - 1),
        (second, start[second] + one, start[second] + one + four_weeks, 4.0, np.round(0.1 * wage[second])),
    )
    p.append("job_spell", [_job(p, *one_kind) for one_kind in added], aside=len(later) + len(back))


def _job(p: Planting, rows: Days, *said: object) -> pa.Table:
    """Rows of jobs with another first and last day, hours and wage."""
    start, end, hours, wage = said
    table = p.tables["job_spell"].take(pa.array(rows))
    for name, values in (
        ("start", start), ("end", end), ("hours_per_week", np.full(len(rows), hours)), ("monthly_wage", wage),
    ):  # fmt: skip
        field = table.schema.field(name)
        made = pa.array(np.asarray(values), from_pandas=True).cast(field.type)
        table = table.set_column(table.column_names.index(name), name, made)
    return table


def _exits(p: Planting) -> None:
    """Exits to work, filed for want of a form; the job that they were for is there."""
    reason, end = p.column("benefit_spell", "end_reason").astype(str), p.days("benefit_spell", "end")
    job, first = p.column("job_spell", "person_id"), p.days("job_spell", "start").astype(np.int64)
    there = ~p.gone["job_spell"]
    began = (job.astype(np.int64) * 100_000 + first)[there]
    person = p.column("benefit_spell", "person_id").astype(np.int64)
    to_work = (reason == "work") & ~np.isnat(end) & np.isin(person * 100_000 + end.astype(np.int64) + 1, began)
    rows = p.some("benefit_spell", NO_FORM, p.quirks.no_form, to_work)
    p.put("benefit_spell", "end_reason", np.where(np.isin(np.arange(len(reason)), rows), NO_FORM, reason))


def _provisions(p: Planting) -> None:
    """Provisions whose planned end, start or end is not what it was, or which were registered long after."""
    p.begin("provision")
    start, end, planned = (p.days("provision", name) for name in ("start", "end", "planned_end"))
    offered, spell_end = p.days("provision", "offered"), _spell_end(p)
    usual = (p.column("provision", "instrument") != TALK) & ~np.isnat(start)
    plain = usual & ~np.isnat(end) & (end != spell_end)
    _reverse(p, "provision", plain)
    end = p.days("provision", "end")
    careless = np.isin(p.column("provision", "office").astype(str), p.places.without_planned_end)
    share = p.quirks.no_planned_end * np.where(careless, p.places.CARELESS, p.places.CAREFUL)
    planned[p.some("provision", "no_planned_end", share, usual)] = _NONE
    p.put("provision", "planned_end", planned)
    rows = p.some("provision", "ends_with_spell", p.quirks.ends_with_spell, plain & (end < spell_end))
    end[rows] = spell_end[rows]
    never = _lacking(p, np.isnat(start), plain)
    rows = p.some("provision", "never_started", never, plain & ~np.isnat(offered))
    start[rows], end[rows] = _NONE, _NONE
    p.put("provision", "start", start)
    p.put("provision", "end", end)
    _late(p, "provision", _zero(p))


def _lacking(p: Planting, never: Mask, plain: Mask) -> float:
    """The share of plain provisions that brings those that never started up to the share of the quirk."""
    lacking = p.quirks.never_started * int((p.column("provision", "instrument") != TALK).sum()) - never.sum()
    return float(np.clip(lacking / max(int(plain.sum()), 1), 0.0, 1.0))


def _spell_end(p: Planting) -> NDArray[np.datetime64]:
    """Of each provision, the end of its person's spell; everybody has one."""
    person, end = p.column("benefit_spell", "person_id"), p.days("benefit_spell", "end")
    order = np.argsort(person)
    at = np.searchsorted(person[order], p.column("provision", "person_id"))
    return np.asarray(end[order][at])


def _sanctions(p: Planting) -> None:
    """Sanctions that were reversed a month or more later."""
    p.begin("sanction")
    decided, back = p.days("sanction", "decided"), p.days("sanction", "reversed_on")
    rows = p.some("sanction", "reversed_sanction", p.quirks.reversed_sanctions, np.ones(len(back), bool))
    back[rows] = decided[rows] + p.later("sanction", "reversed_sanction", rows, 30, 200)
    p.put("sanction", "reversed_on", back)


# ---- copies: last, of rows as they now are, but never of one that is set aside already ----


def _copies(p: Planting) -> None:
    """The same row twice; and the same thing under another id, half of them a day later."""
    for table in COPIED:
        if table not in p.used:
            p.begin(table)
        rng, kept = p.rng(f"{table}.duplicate"), ~p.gone[table]
        twice = np.flatnonzero((rng.random(len(kept)) < p.quirks.duplicates) & kept)
        parts = [p.tables[table].take(pa.array(twice))]
        p.count(f"{table}.duplicate", len(twice))
        if table in ("benefit_spell", "provision"):
            rng = p.rng(f"{table}.near_duplicate")
            near = np.flatnonzero((rng.random(len(kept)) < p.quirks.near_duplicates) & kept)
            parts.append(_near(p, table, near))
            p.count(f"{table}.near_duplicate", len(near))
        whole = pa.concat_tables([p.tables[table], *parts])
        order = p.rng(f"{table}.order").permutation(whole.num_rows)
        p.tables[table] = whole.take(pa.array(order))


def _near(p: Planting, table: str, rows: Days) -> pa.Table:
    """These rows once more under another id; every second one a day later throughout."""
    copy = p.tables[table].take(pa.array(rows))
    dated = ("start", "end") if table == "benefit_spell" else ("offered", "start", "planned_end", "end")
    shift = (np.arange(len(rows)) % 2).astype("timedelta64[D]")
    slot = SLOTS // 2 + np.arange(len(rows)) // p.keys.n
    ids = p.keys.of(table.removeprefix("benefit_"), np.arange(len(rows)) % p.keys.n, slot)
    named = "spell_id" if table == "benefit_spell" else "provision_id"
    copy = copy.set_column(copy.column_names.index(named), named, pa.array(ids))
    for name in dated:
        moved = np.array(copy[name].to_numpy(), dtype="datetime64[D]") + shift
        copy = copy.set_column(copy.column_names.index(name), name, pa.array(moved, from_pandas=True))
    return copy
