"""An invented register is a delivery of the register standard."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from watwerkt.register import check, read
from watwerkt.register.tables import TABLES
from watwerkt.synthetic import Register, make, worlds, write
from watwerkt.synthetic.clock import dates
from watwerkt.synthetic.jobs import Jobs
from watwerkt.synthetic.keys import Keys
from watwerkt.synthetic.payments import income_of
from watwerkt.synthetic.tables import tables


@pytest.fixture(scope="module")
def register() -> Register:
    """A small register."""
    return make(worlds.demo(), 2_000, seed=3)


@pytest.fixture(scope="module")
def written(register: Register) -> dict[str, pa.Table]:
    """Its tables."""
    return tables(register)


def column(table: pa.Table, name: str) -> np.ndarray:
    """A column as numpy; days as datetime64 with NaT where empty."""
    return np.asarray(table[name].to_numpy())


def keys_of(register: Register) -> np.ndarray:
    """The key that each person got, in the order in which they were invented."""
    n = len(register.people)
    return Keys(register.seed, 0, n, n).persons()


def hashes(folder: Path) -> dict[str, str]:
    """The sha256 of each file."""
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """And another seed other ones, except for the list of instruments."""
    for name, seed in (("one", 1), ("again", 1), ("two", 2)):
        write(make(worlds.tiny(), seed=seed), tmp_path / name)

    assert hashes(tmp_path / "one") == hashes(tmp_path / "again")
    changed = {f for f, h in hashes(tmp_path / "one").items() if hashes(tmp_path / "two")[f] != h}
    assert changed == set(hashes(tmp_path / "one")) - {"instrument.parquet"}


def test_a_register_of_other_size_has_other_people() -> None:
    """The number of people is a knob of its own."""
    assert len(make(worlds.tiny(), 50).people) == 50


def test_nothing_is_wrong_with_it(tmp_path: Path) -> None:
    """`check` finds no defect, and nothing that stands out but what happens; it can answer every kind of question."""
    write(make(worlds.tiny()), tmp_path)

    quality = check(read(tmp_path))

    assert quality.synthetic
    assert quality.defects == ()
    assert {note.rule for note in quality.notes} <= {"never_started", "ends_with_spell"}
    assert set(quality.fit_for) >= {"employed", "employed_at", "earnings", "on_benefit", "measure"}


def test_every_table_has_the_columns_of_the_standard(written: dict[str, pa.Table]) -> None:
    """All that are required, no name that the standard does not know but the planned weeks."""
    for name, table in written.items():
        assert set(TABLES[name].required) <= set(table.column_names), name
        assert set(table.column_names) - TABLES[name].names <= {"planned_weeks"}, name


def test_keys_are_unique_and_persons_exist(written: dict[str, pa.Table]) -> None:
    """One row a key; every person of every table stands in the table of persons."""
    known = set(written["person"]["person_id"].to_pylist())
    for name, table in written.items():
        if TABLES[name].key:
            keys = list(zip(*(table[k].to_pylist() for k in TABLES[name].key), strict=True))
            assert len(set(keys)) == len(keys), name
        if TABLES[name].of_persons:
            assert set(table["person_id"].to_pylist()) <= known, name


def test_nothing_ends_before_it_begins(written: dict[str, pa.Table]) -> None:
    """Spells, jobs and programmes; and an offer comes before its start, a talk on the day itself."""
    for name in ("benefit_spell", "job_spell", "provision"):
        start, end = column(written[name], "start"), column(written[name], "end")
        known = ~np.isnat(end)
        assert (end >= start)[known].all(), name
    offered, start = column(written["provision"], "offered"), column(written["provision"], "start")
    talk = np.array(written["provision"]["instrument"].to_pylist()) == "talk"
    assert (start > offered)[~np.isnat(start) & ~talk].all()
    assert (start == offered)[talk].all()


def overlap(written: dict[str, pa.Table], hours: float) -> bool:
    """Whether jobs of so many hours or more overlap each other or the benefit spell of their person."""
    jobs, spells = written["job_spell"], written["benefit_spell"]
    jobs = jobs.filter(pa.array(column(jobs, "hours_per_week") >= hours))
    last = np.datetime64("2024-06-30")
    start = np.concatenate([column(jobs, "start"), column(spells, "start")])
    end = np.concatenate([column(jobs, "end"), column(spells, "end")])
    end = np.where(np.isnat(end), last, end)
    person = np.concatenate([column(jobs, "person_id"), column(spells, "person_id")])
    order = np.lexsort((start, person))
    same = person[order][1:] == person[order][:-1]
    return not (start[order][1:] > end[order][:-1])[same].all()


def test_only_small_jobs_go_with_benefit(register: Register, written: dict[str, pa.Table]) -> None:
    """Jobs of 24 hours or more overlap neither each other nor the benefit spell; smaller ones do the latter."""
    assert not overlap(written, 24)
    assert overlap(written, 0)
    assert len(written["benefit_spell"]) == len(register.people)


def test_small_jobs_do_not_overlap_each_other_or_others(written: dict[str, pa.Table]) -> None:
    """Nobody holds two jobs at once."""
    jobs = written["job_spell"]
    nobody = written["benefit_spell"].slice(0, 0)

    assert not overlap({"job_spell": jobs, "benefit_spell": nobody}, 0)


def test_rows_come_in_no_order(written: dict[str, pa.Table]) -> None:
    """Whoever needs an order must ask for it."""
    for name, table in written.items():
        if name != "instrument":
            keys = column(table, "person_id").astype(float)
            assert abs(np.corrcoef(keys, np.arange(len(keys)))[0, 1]) < 0.1, name


def test_the_hidden_trait_stands_in_no_table(register: Register, written: dict[str, pa.Table]) -> None:
    """No column of the persons follows it, nor a key, the first day of the spell or its office."""
    trait_of = dict(zip(keys_of(register).tolist(), register.people.trait.tolist(), strict=True))
    birth_of = dict(zip(keys_of(register).tolist(), dates(register.people.birth).tolist(), strict=True))
    assert birth_of == dict(zip(*(written["person"][c].to_pylist() for c in ("person_id", "birth_date")), strict=True))
    for name in ("person", "benefit_spell"):
        table = written[name]
        trait = np.array([trait_of[key] for key in table["person_id"].to_pylist()])
        for told in set(table.column_names) - {"end", "end_reason", "scheme"}:
            codes = np.unique(column(table, told), return_inverse=True)[1]
            assert abs(np.corrcoef(codes, trait)[0, 1]) < 0.09, told


def test_short_and_long_do_not_mix(written: dict[str, pa.Table]) -> None:
    """Counted from the start, or from the offer where it never started: short below 3 months, long 6 to 24."""
    provision = written["provision"]
    training = np.array(provision["instrument"].to_pylist()) == "training"
    start, offered = column(provision, "start"), column(provision, "offered")
    since = np.where(np.isnat(start), offered, start)
    months = (column(provision, "planned_end") - since).astype(int) / 30.4375
    weeks = column(provision, "planned_weeks")

    assert (months[training & (weeks <= 8)] < 3).all()
    assert (months[training & (weeks > 8)] >= 6).all()
    assert (months[training] < 24).all()


def test_not_everybody_answers(written: dict[str, pa.Table], register: Register) -> None:
    """A wave of wellbeing reaches 40 to 75 % of the people; answers run from 1 to 10 and carry a weight."""
    wave = column(written["measurement"], "wave")
    value = column(written["measurement"], "value")
    shares = np.unique(wave, return_counts=True)[1] / len(register.people)

    assert ((shares > 0.40) & (shares < 0.75)).all()
    assert value.min() >= 1
    assert value.max() <= 10
    assert (column(written["measurement"], "response_weight") > 1).all()


def test_the_register_says_that_it_is_invented(tmp_path: Path) -> None:
    """In its settings, in two languages, with the world and the seed."""
    write(make(worlds.tiny(), seed=7), tmp_path)

    said = (tmp_path / "register.toml").read_text("utf-8")

    assert "synthetic = true" in said
    assert "Verzonnen gegevens / invented data" in said
    assert "tiny, seed 7, 300 people" in said


def test_starts_are_recorded_where_offers_are_not() -> None:
    """The world of immortal time has no day of offer: time zero is the start."""
    provision = tables(make(worlds.immortal(), 500))["provision"]

    assert provision["offered"].null_count == len(provision)
    assert provision["start"].null_count == 0


def test_talks_are_as_common_as_published(written: dict[str, pa.Table]) -> None:
    """46 % of spells have a follow-up talk or more, 17 % exactly one (FIELD): within 4 errors of 2,000 spells, 4.5 and
    3.4 points. None comes before the spell or after it."""
    provision, spells = written["provision"], written["benefit_spell"]
    talk = np.array(provision["instrument"].to_pylist()) == "talk"
    who, often = np.unique(column(provision, "person_id")[talk], return_counts=True)
    bounds = dict(zip(*(column(spells, c).tolist() for c in ("person_id", "start")), strict=True))

    assert abs(len(who) / len(spells) - 0.46) < 0.045
    assert abs((often == 1).sum() / len(spells) - 0.17) < 0.034
    days = zip(column(provision, "person_id")[talk].tolist(), column(provision, "start")[talk].tolist(), strict=True)
    assert all(bounds[person] < on for person, on in days)


def test_a_month_of_benefit_is_paid_for_its_days(written: dict[str, pa.Table]) -> None:
    """One row a calendar month from the first to the last day of the spell, never more than three quarters of 7,000."""
    months, spells = written["benefit_month"], written["benefit_spell"]
    last = np.datetime64("2024-06-30")
    end = np.where(np.isnat(column(spells, "end")), last, column(spells, "end")).astype("datetime64[M]").astype(int)
    first = column(spells, "start").astype("datetime64[M]").astype(int)
    expected = dict(zip(column(spells, "person_id").tolist(), (end - first + 1).tolist(), strict=True))
    who, count = np.unique(column(months, "person_id"), return_counts=True)

    assert dict(zip(who.tolist(), count.tolist(), strict=True)) == expected
    earning = column(months, "income_from_work") > 0
    assert (column(months, "amount")[~earning] > 0).all()
    assert column(months, "amount").max() < 5_250


def test_income_from_work_is_of_days_on_benefit() -> None:
    """A job of 1,000 a month beside a spell of ten days in April earns a third of it; a job of before it nothing."""
    april = np.datetime64("2018-04-01").astype(int)
    jobs = Jobs(
        np.array([[april - 30, april + 5]]),
        np.array([[april - 1, april + 90]]),
        np.array([[9e3, 1e3]]),
        np.full((1, 2), 36),
    )
    none = np.array([0])

    assert income_of(jobs, (none, none + april + 5, none + april + 14), np.array([30.0])).tolist() == [1000 / 3]
    assert income_of(jobs, (none, none + april, none + april + 4), np.array([30.0])).tolist() == [0.0]


def test_sanctions_fall_on_days_of_benefit(written: dict[str, pa.Table]) -> None:
    """Warnings and measures, the former more often; a measure has an amount and none was reversed."""
    sanction, spells = written["sanction"], written["benefit_spell"]
    kind = np.array(sanction["kind"].to_pylist())
    ends = dict(zip(*(column(spells, c).tolist() for c in ("person_id", "end")), strict=True))

    assert (kind == "warning").sum() > (kind == "measure").sum() > 20
    when = zip(*(column(sanction, c).tolist() for c in ("person_id", "decided")), strict=True)
    assert all(ends[who] is None or on <= ends[who] for who, on in when)
    assert (~np.isnan(column(sanction, "amount")) == (kind == "measure")).all()
    assert sanction["reversed_on"].null_count == len(sanction)
