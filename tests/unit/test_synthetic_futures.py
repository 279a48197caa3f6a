"""The truth file holds the mean difference of two futures of the same people."""

import csv
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from watwerkt.synthetic import Effect, Truth, make, planted, truth, worlds
from watwerkt.synthetic.clock import add_months
from watwerkt.synthetic.futures import futures, save
from watwerkt.synthetic.life import NO_ARM
from watwerkt.synthetic.risk import at_risk

Key = tuple[str, str, str, int, str, str]


def keyed(rows: tuple[Truth, ...]) -> dict[Key, Truth]:
    """Truth by cell and target."""
    return {(r.arm, r.compared_with, r.outcome, r.month, r.measure, r.target): r for r in rows}


@pytest.fixture(scope="module")
def found() -> dict[Key, Truth]:
    """The demonstration's truth, from few people."""
    return keyed(truth(worlds.demo(), 40_000, seed=2))


@pytest.fixture(scope="module")
def shipped() -> dict[Key, Truth]:
    """The demonstration's truth as the package ships it."""
    lines = files("watwerkt.synthetic").joinpath("truth_demo.csv").read_text("utf-8").splitlines()
    return keyed(
        tuple(
            Truth(r["arm"], r["compared_with"], r["outcome"], int(r["month"]), r["measure"], r["target"],
                  float(r["value"]), float(r["mc_error"]))
            for r in csv.DictReader(line for line in lines if not line.startswith("#"))
        )
    )  # fmt: skip


def test_what_is_shipped_can_be_made_again(found: dict[Key, Truth], shipped: dict[Key, Truth]) -> None:
    """Other people of the same world agree with it within both errors: every cell, largest and mean distance."""
    assert found.keys() == shipped.keys()
    z = np.array(
        [
            (found[key].value - shipped[key].value) / np.hypot(found[key].mc_error, shipped[key].mc_error)
            for key in found
            if found[key].mc_error > 0
        ]
    )

    assert np.abs(z).max() < 5
    assert 0.6 < np.sqrt((z**2).mean()) < 1.4


def test_what_is_shipped_is_precise(shipped: dict[Key, Truth]) -> None:
    """The Monte-Carlo error of work is at most .0015 in every month: a fifth of what an estimate's is at 60,000."""
    errors = [row.mc_error for key, row in shipped.items() if key[2] == "work" and key[4] == "at"]

    assert max(errors) <= 0.0015


def test_the_story_of_the_demonstration(shipped: dict[Key, Truth]) -> None:
    """Short helps soon; long costs first and helps more later, so that months and totals disagree."""
    work = {
        (arm, month): shipped[arm, "not_now", "work", month, "at", "treated"].value
        for arm in ("short", "long", "coaching", "matching")
        for month in (6, 12, 24, 36)
    }
    total = {arm: shipped[arm, "not_now", "work", 36, "total", "treated"].value for arm in ("short", "long")}

    assert work["short", 12] > 0.05
    assert work["long", 6] < -0.07
    assert work["long", 36] > work["short", 36] + 0.03
    assert total["short"] > total["long"] > 0
    assert 0 < work["coaching", 24] < 0.03
    assert max(abs(work["matching", month]) for month in (6, 12, 24, 36)) < 0.02


def test_an_instrument_that_does_nothing_has_no_effect() -> None:
    """Alone in its world, its truth is exactly zero in every month, and so is its error."""
    world = replace(worlds.demo(), arms=(replace(worlds.MATCHING, effect=Effect()),))

    effects = {(row.value, row.mc_error) for row in truth(world, 3_000) if row.measure != "always_workers"}
    assert effects == {(0.0, 0.0)}


def test_short_minus_long_is_minus_long_minus_short(found: dict[Key, Truth]) -> None:
    """For all, where both speak of the same people; among the treated they do not."""
    there = found["short", "long", "work", 12, "at", "all"]
    back = found["long", "short", "work", 12, "at", "all"]

    assert there.value == -back.value
    assert found["short", "long", "work", 12, "at", "treated"].value != back.value


def test_the_same_seed_gives_the_same_truth() -> None:
    """To the last digit."""
    assert truth(worlds.tiny(), 500, seed=4) == truth(worlds.tiny(), 500, seed=4)


def test_rows_at_risk_are_on_benefit_on_their_day() -> None:
    """Offered or not, within their elapsed month, without an earlier offer."""
    register = make(worlds.demo(), 3_000, seed=5)
    rows = at_risk(register, np.random.default_rng(1))
    life, entry = register.life, register.people.entry
    offered = life.programme.plan.offered[rows.person]

    assert (rows.zero <= life.last_on_benefit[rows.person]).all()
    assert (rows.zero <= rows.closes).all()
    assert (offered >= rows.zero).all()
    assert (offered == rows.zero)[rows.arm != NO_ARM].all()
    assert (offered > rows.closes)[rows.arm == NO_ARM].all()
    months = [add_months(entry[rows.person], u) - entry[rows.person] - 1 for u in range(1, 13)]
    assert (np.min([np.abs(rows.closes - m) for m in months], axis=0) == 0).all()


def test_both_clocks_run_alike() -> None:
    """Within an elapsed month the others' days are drawn from the starters' days."""
    register = make(worlds.demo(), 20_000, seed=6)
    rows = at_risk(register, np.random.default_rng(1))
    days = rows.closes - rows.zero
    starts = rows.arm != NO_ARM

    assert abs(days[starts].mean() - days[~starts].mean()) < 0.7


def test_no_future_finds_work_on_the_day_itself() -> None:
    """Month 0 may hold an older job, but no future differs from another before the day after time zero."""
    register = make(worlds.demo(), 2_000, seed=8)
    rows = at_risk(register, np.random.default_rng(1))
    lived = futures(register, rows, np.random.default_rng(2))
    alike = [lived[name].work[:, 0] == lived["not_now"].work[:, 0] for name in lived]

    assert np.mean(alike) > 0.98


def test_the_file_says_that_it_is_invented_and_who_made_it(tmp_path: Path) -> None:
    """Its first line is a comment; the rest is a table with one row a cell."""
    rows = truth(worlds.tiny(), 300)
    save(rows, tmp_path / "truth.csv", "the command", worlds.tiny())

    lines = (tmp_path / "truth.csv").read_text("utf-8").splitlines()

    assert lines[0] == "# Verzonnen gegevens / invented data. Made by: the command"
    assert lines[1] == f"# Planted: {planted(worlds.tiny())}"
    assert lines[2] == "arm,compared_with,outcome,month,measure,target,value,mc_error"
    assert len(lines) == 3 + len(rows)


def test_the_lock_in_window_is_the_planned_length() -> None:
    """The median planned length, rounded up to months: what the estimates use by default."""
    assert {arm.name: arm.lock_in_months for arm in worlds.demo().arms} == {
        "short": 2,
        "long": 10,
        "coaching": 3,
        "matching": 1,
    }
