"""What may not matter does not: order of rows, kind of file, threads, other people, names of folders."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from registers import question

from watwerkt import register, sample
from watwerkt.dossier import Arm, Checks, Time, Where
from watwerkt.register import Engine
from watwerkt.sample.register_draw import draw_register
from watwerkt.synthetic import make, worlds, write

ARMS = tuple(
    Arm(name, "", (Where("instrument", ("training",)), Where("planned_months", lengths, True)))
    for name, lengths in (("short", (0, 3)), ("long", (6, 24)))
)
ASKED = question(
    arms=ARMS,
    groups=("age_band", "sex"),
    time=Time("each month", 12, 36),
    checks=Checks(not_used_in_selection=("earnings_13_24",)),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An invented register of 1,500 people."""
    folder = tmp_path_factory.mktemp("register")
    write(make(worlds.tiny(), 1_500, 1), folder)
    return folder


@pytest.fixture(autouse=True)
def _a_part_is_drawn(monkeypatch):
    """So few comparison rows are wanted that only a part is drawn."""
    monkeypatch.setattr("watwerkt.sample.trials.COMPARISONS_AT_LEAST", 1_500)
    monkeypatch.setattr("watwerkt.sample.trials.COMPARISONS_A_STARTER", 1)


def answered(folder, engine=None, seed=1, asked=ASKED):
    """Drawn and followed."""
    source = register.read(folder, engine)
    drawn = sample.draw(asked, source, seed)
    return sample.follow(drawn, source, sample.seal(asked, drawn.exclusions))


def remade(home, folder, order, kind="parquet"):
    """The same register with its rows in another order, as another kind of file."""
    folder.mkdir()
    (folder / "register.toml").write_bytes((home / "register.toml").read_bytes())
    for path in home.glob("*.parquet"):
        made = f"SELECT * FROM read_parquet('{path}') ORDER BY {order}"
        options = "FORMAT csv, HEADER" if kind == "csv" else "FORMAT parquet"
        duckdb.connect().execute(f"COPY ({made}) TO '{folder / path.stem}.{kind}' ({options})")
    return folder


def same(first, second):
    """Everything that a number could depend on."""
    a, b = first.drawn, second.drawn
    assert a.exclusions == b.exclusions
    assert a.facts == b.facts
    assert a.covariates.names == b.covariates.names
    arrays = [(a.key, b.key), (a.arm, b.arm), (a.rate, b.rate), (a.zero, b.zero), (a.person, b.person)]
    arrays += [(a.covariates.x, b.covariates.x), (first.later, second.later)]
    arrays += [(p.y, q.y) for p, q in zip(a.placebos, b.placebos, strict=True)]
    arrays += [(p.y, q.y) for p, q in zip(first.panels, second.panels, strict=True)]
    for one, other in arrays:
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("order", ["ALL", "ALL DESC", "random()"])
def test_the_order_of_rows_changes_nothing(home, tmp_path, order):
    """The same people, arms, days, covariates and outcomes, and the same name of the data."""
    turned = remade(home, tmp_path / "turned", order)

    assert register.read(turned).snapshot == register.read(home).snapshot
    same(answered(home), answered(turned))


def test_the_kind_of_file_changes_nothing(home, tmp_path):
    """CSV says the same as Parquet."""
    same(answered(home), answered(remade(home, tmp_path / "csv", "random()", "csv")))


def test_the_number_of_threads_and_the_memory_change_nothing(home):
    """One thread and little memory, or more of both."""
    same(answered(home, Engine("200MB", 1)), answered(home, Engine("2GB", 4)))


def test_a_seed_is_a_draw(home):
    """The same seed draws the same rows; another one draws others, and the same starters."""
    one, other = sample.draw(ASKED, register.read(home), 1), sample.draw(ASKED, register.read(home), 2)

    assert one.rate[0, 0] < 1
    assert set(one.key[one.arm > 0]) == set(other.key[other.arm > 0])
    assert set(one.key[one.arm == 0]) != set(other.key[other.arm == 0])


@settings(max_examples=5, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(newcomers=st.integers(1, 40), scheme=st.sampled_from(["ww", "other"]), entry=st.integers(0, 1000))
def test_newcomers_change_nobody_elses_draw(home, tmp_path_factory, newcomers, scheme, entry):
    """People who start nothing, in the population or outside it: everybody else has the same day and the same chance.

    Only where so many come that the rate goes a step down do some rows leave; nobody else's ever takes their place.
    """
    folder = remade(home, tmp_path_factory.mktemp("more") / "register", "ALL")
    start = np.datetime64("2017-01-01") + entry
    for table, changed in {
        "person": "-person_id AS person_id",
        "benefit_spell": f"-person_id AS person_id, -spell_id AS spell_id, '{scheme}' AS scheme, "
        f"DATE '{start}' AS start, CAST(NULL AS DATE) AS \"end\"",
    }.items():
        old = f"SELECT * FROM read_parquet('{home / table}.parquet')"
        new = f"SELECT * REPLACE ({changed}) FROM read_parquet('{home / table}.parquet') ORDER BY ALL LIMIT {newcomers}"
        duckdb.connect().execute(f"COPY ({old} UNION ALL ({new})) TO '{folder / table}.parquet' (FORMAT parquet)")
    before, after = (sample.draw(ASKED, register.read(place), 1) for place in (home, folder))
    rows_before, rows_after = (
        {k: (a, z) for k, a, z in zip(d.key, d.arm, d.zero, strict=True)} for d in (before, after)
    )
    old_rows = {key: row for key, row in rows_after.items() if not key.startswith("-")}

    if before.rate[0, 0] == after.rate[0, 0]:
        assert old_rows == rows_before
    assert before.rate[0, 0] == after.rate[0, 0] or scheme == "ww"
    assert old_rows.items() <= rows_before.items()


def test_arms_in_another_order_are_the_same_arms(home):
    """Codes follow the declared order; rows, days and covariates do not depend on it."""
    first = sample.draw(ASKED, register.read(home), 1)
    second = sample.draw(replace(ASKED, arms=ARMS[::-1]), register.read(home), 1)

    assert second.arms == ("not_now", "long", "short")
    np.testing.assert_array_equal(first.key, second.key)
    np.testing.assert_array_equal(np.array([0, 2, 1])[first.arm], second.arm)
    np.testing.assert_array_equal(first.covariates.x, second.covariates.x)


def test_exclusions_add_up_to_the_row(home):
    """Rows read are rows used and rows set aside, and the rows used are the rows drawn."""
    drawn = sample.draw(ASKED, register.read(home), 1)
    gone = sum(rows for _, _, rows in drawn.exclusions.set_aside())

    assert drawn.exclusions.read == drawn.exclusions.used + gone
    assert drawn.exclusions.used == len(drawn)
    assert len(set(drawn.key.tolist())) == len(drawn)
    assert (np.sort(drawn.key) == drawn.key).all()


def test_weighted_rows_stand_for_those_not_drawn(home, monkeypatch):
    """The weights of the comparison add up to about all who could have been drawn."""
    part = sample.draw(ASKED, register.read(home), 1)
    monkeypatch.setattr("watwerkt.sample.trials.COMPARISONS_AT_LEAST", 1_000_000)
    whole = sample.draw(ASKED, register.read(home), 1)
    rate, everybody = part.rate[0, 0], int((whole.arm == 0).sum())
    chance = np.sqrt(everybody * rate * (1 - rate)) / rate

    assert set(part.key) <= set(whole.key)
    assert abs(part.weight[part.arm == 0].sum() - everybody) < 4 * chance


def test_with_a_broken_clock_leavers_stay_in_the_comparison(home):
    """The clock that one test breaks on purpose: nobody of the comparison leaves for being off benefit that day."""
    right = draw_register(ASKED, register.read(home), 1)
    broken = draw_register(ASKED, register.read(home), 1, clock="immortal")

    assert "not_on_benefit" in {reason for reason, arm, _ in right.exclusions.set_aside() if arm == "not_now"}
    assert "not_on_benefit" not in {reason for reason, arm, _ in broken.exclusions.set_aside() if arm == "not_now"}
