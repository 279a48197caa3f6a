"""A register as it was: what was registered later is not there, what happened later is unknown, and all adds up."""

from __future__ import annotations

import datetime as dt

import duckdb
import numpy as np
import pytest
from registers import SETTINGS, job, person, question, spell, training, write

from watwerkt import errors, register, report, sample
from watwerkt.dossier import Outcome
from watwerkt.synthetic import make, worlds
from watwerkt.synthetic import write as write_world

THEN = "2019-06-30"
ASKED = question(outcomes=(Outcome("work", "employed", 0.02), Outcome("benefit", "on_benefit", 0.02)))


def cleaned(folder, table, columns, **as_of):
    """Some columns of one cleaned table, in order."""
    found = register.read(folder, **as_of)
    with found.connect("person", table) as connection:
        return connection.execute(f"SELECT {columns} FROM {table} ORDER BY ALL").fetchall()


def counted(folder, **as_of):
    """Rows not known yet by table."""
    return {d.table: d.rows for d in register.read(folder, **as_of).defects if d.rule == "not_known_yet"}


def two_people(**more):
    """Anna and Bob, on benefit and in a job for a part of 2018 and 2019."""
    return {
        "person": [person("anna"), person("bob")],
        "benefit_spell": [spell("anna", "2018-01-15"), spell("bob", "2018-02-01", "2019-12-31", end_reason="work")],
        "job_spell": [job("anna", "2017-01-01", "2018-01-14", 3000.0), job("bob", "2019-01-01", "2019-09-30", 900.0)],
        "provision": [training("anna", "2019-06-01", "2019-07-15", "2019-09-15", end="2019-09-10", dropped="work")],
        **more,
    }


def test_what_was_registered_later_is_not_there(tmp_path):
    """By its day of registration where there is one, else by its own first day; the day itself still counts."""
    spells = [
        spell("anna", "2018-01-15", known_on="2018-01-20"),
        spell("bob", "2018-02-01", known_on="2019-06-30"),
        spell("bob", "2016-02-01", "2016-09-01", known_on="2019-07-01"),
        spell("anna", "2019-07-01"),
    ]
    folder = write(tmp_path, **two_people(benefit_spell=spells))

    assert cleaned(folder, "benefit_spell", "spell_id", known_on=THEN) == [("anna-2018-01-15",), ("bob-2018-02-01",)]
    assert counted(folder, known_on=THEN) == {"benefit_spell": 2}
    assert counted(folder) == {}


def test_by_what_is_known_now_a_late_registration_is_there(tmp_path):
    """``until`` cuts by the days of what happened alone."""
    spells = [spell("bob", "2016-02-01", "2016-09-01", known_on="2019-07-01"), spell("anna", "2019-07-01")]
    folder = write(tmp_path, **two_people(benefit_spell=spells))

    assert cleaned(folder, "benefit_spell", "spell_id", until=THEN) == [("bob-2016-02-01",)]
    assert counted(folder, until=THEN) == {"benefit_spell": 1}


@pytest.mark.parametrize("day", ["known_on", "until"])
def test_what_happened_later_is_unknown(tmp_path, day):
    """Spells and jobs run on; an offer is there and its start is not; a reversal is no reversal yet; plans stay."""
    sanctions = [
        {"sanction_id": i, "person_id": "anna", "kind": "measure", "decided": "2019-01-01", "reversed_on": reversed_on}
        for i, reversed_on in enumerate(("2019-06-30", "2019-07-01"))
    ]
    folder = write(tmp_path, **two_people(sanction=sanctions))
    last = dt.date(2019, 6, 30)

    assert cleaned(folder, "benefit_spell", '"end", end_reason', **{day: THEN}) == [(None, None)] * 2
    assert cleaned(folder, "job_spell", '"end"', **{day: THEN}) == [(dt.date(2018, 1, 14),), (None,)]
    found = cleaned(folder, "provision", 'offered, start, planned_end, "end", dropped', **{day: THEN})
    assert found == [(dt.date(2019, 6, 1), None, dt.date(2019, 9, 15), None, None)]
    assert cleaned(folder, "sanction", "reversed_on", **{day: THEN}) == [(last,), (None,)]


def test_a_month_is_known_when_it_is_over(tmp_path):
    """The amount of June is there on the last day of June, not the day before."""
    months = [{"person_id": "anna", "month": f"2019-{m:02d}-01", "amount": 1000.0} for m in (5, 6, 7)]
    folder = write(tmp_path, **two_people(benefit_month=months))

    assert counted(folder, known_on="2019-06-30")["benefit_month"] == 1
    assert counted(folder, known_on="2019-06-29")["benefit_month"] == 2


def test_a_copy_that_came_later_leaves_the_first_where_it_was(tmp_path):
    """Of two rows with one key, the one that was known stays: not both leave."""
    late = spell("anna", "2018-01-15", "2018-03-01", known_on="2019-08-01")
    rows = [late, spell("anna", "2018-01-15", known_on="2018-01-20")]
    folder = write(tmp_path, **two_people(benefit_spell=rows))
    found = register.read(folder, known_on=THEN)

    assert cleaned(folder, "benefit_spell", '"end"', known_on=THEN) == [(None,)]
    assert {d.rule: d.rows for d in found.defects if d.table == "benefit_spell"} == {"not_known_yet": 1}


def test_a_row_that_was_not_there_breaks_no_other_rule(tmp_path):
    """A spell that is registered later and ends before it begins is counted once."""
    rows = [spell("anna", "2018-01-15"), spell("bob", "2018-05-01", "2018-02-01", known_on="2019-08-01")]
    found = register.read(write(tmp_path, **two_people(benefit_spell=rows)), known_on=THEN)

    assert [(d.rule, d.rows) for d in found.defects if d.table == "benefit_spell"] == [("not_known_yet", 1)]


def test_the_period_ends_that_day(tmp_path):
    """So do its gaps, and what its tables span; a later day than the register's last one takes nothing away."""
    settings = SETTINGS + "gaps = [[2019-05-01, 2019-08-31], [2020-01-01, 2020-01-31]]\n"
    folder = write(tmp_path, settings, **two_people())
    found = register.read(folder, known_on=THEN)
    states = {state.table: (state.first, state.last) for state in found.states}

    assert found.period == (dt.date(2014, 1, 1), dt.date(2019, 6, 30))
    assert found.gaps == ((dt.date(2019, 5, 1), dt.date(2019, 8, 31)),)
    assert states["provision"] == ("2019-06-01", "2019-06-01")
    assert register.read(folder, known_on="2025-01-01").period == register.read(folder).period


def test_each_day_is_another_snapshot(tmp_path):
    """The same day is the same one, however it is written."""
    folder = write(tmp_path, **two_people())
    days = {"known_on": THEN}, {"known_on": dt.date(2019, 6, 29)}, {"until": THEN}, {}

    assert len({register.read(folder, **day).snapshot for day in days}) == 4
    assert (
        register.read(folder, known_on=THEN).snapshot == register.read(folder, known_on=dt.date(2019, 6, 30)).snapshot
    )


def test_a_table_without_days_of_registration_says_so(tmp_path):
    """`check` counts the rows that can only be cut by their own days, in both languages; of the whole none is."""
    spells = [spell("anna", "2018-01-15", known_on="2018-01-20"), spell("bob", "2018-02-01")]
    folder = write(tmp_path, **two_people(benefit_spell=spells))
    quality = register.check(register.read(folder, known_on=THEN))
    found = {n.table: (n.found, n.of) for n in quality.notes if n.rule == "by_dates_only"}

    assert found == {"person": (2, 2), "benefit_spell": (1, 2), "job_spell": (2, 2), "provision": (1, 1)}
    assert "As known on 30 June 2019." in report.say(quality, "en")
    assert "Zoals bekend op 30 juni 2019." in report.say(quality, "nl")
    assert "by_dates_only" not in {n.rule for n in register.check(register.read(folder)).notes}


def test_a_day_that_is_none_and_a_day_before_the_register_are_refused(tmp_path):
    """Each by its own error."""
    folder = write(tmp_path, **two_people())

    with pytest.raises(errors.NotADay, match="'30-06-2019' is not a day"):
        register.read(folder, known_on="30-06-2019")
    with pytest.raises(errors.BeforeTheRegister, match="Nothing was there on 2013-12-31"):
        register.read(folder, known_on="2013-12-31")


# ---- a whole register --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An invented register; some of its spells are known only later."""
    folder = tmp_path_factory.mktemp("register")
    write_world(make(worlds.demo(), 4_000, 1), folder)
    return folder


def test_what_is_set_aside_adds_up_and_says_the_day(home):
    """Person-months read are those used and those set aside, late spells among them; the day stands in the rows."""
    then = register.read(home, known_on="2019-06-30")
    drawn = sample.draw(ASKED, then, 1)
    gone = drawn.exclusions.set_aside()
    late = next(d.rows for d in then.defects if (d.table, d.rule) == ("benefit_spell", "not_known_yet"))

    assert next(rows for reason, _, rows in gone if reason == "not_known_yet") >= late > 0
    assert drawn.exclusions.read == drawn.exclusions.used + sum(rows for _, _, rows in gone)
    assert drawn.exclusions.used == len(drawn)
    assert (drawn.until, drawn.known_on) == ("2019-06-30", "2019-06-30")


def test_a_delivery_that_ends_then_is_the_register_cut_then(home, tmp_path):
    """Who is drawn and what became of them do not depend on rows that came later: the same to the row."""
    settings = (home / "register.toml").read_text()
    last = register.read(home).period[1]
    (tmp_path / "register.toml").write_text(settings.replace(str(last), "2019-06-30"))
    days = {"benefit_spell": "start", "job_spell": "start", "provision": "coalesce(offered, start)"}
    for path in home.glob("*.parquet"):
        kept = f"WHERE {days[path.stem]} <= DATE '2019-06-30'" if path.stem in days else ""
        duckdb.execute(f"COPY (SELECT * FROM '{path}' {kept}) TO '{tmp_path / path.name}' (FORMAT parquet)")
    ended, cut = (followed(r) for r in (register.read(tmp_path), register.read(home, until="2019-06-30")))

    np.testing.assert_array_equal(ended.drawn.key, cut.drawn.key)
    np.testing.assert_array_equal(ended.drawn.arm, cut.drawn.arm)
    np.testing.assert_array_equal(ended.drawn.covariates.x, cut.drawn.covariates.x)
    for one, other in zip(ended.panels, cut.panels, strict=True):
        np.testing.assert_array_equal(one.y, other.y)


def followed(source):
    """The question's people and their outcomes."""
    drawn = sample.draw(ASKED, source, 1)
    return sample.follow(drawn, source, sample.seal(ASKED, drawn.exclusions))
