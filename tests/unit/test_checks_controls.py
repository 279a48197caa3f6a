"""Negative controls: estimated like any outcome, judged as a check, and never an effect that could work."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import builders
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import watwerkt
from watwerkt import effects, question
from watwerkt.door import release
from watwerkt.dossier import Checks, Outcome, Primary
from watwerkt.dossier.question_text import from_toml, to_toml
from watwerkt.effects.checks import negative_control
from watwerkt.effects.checks.levels import level
from watwerkt.effects.nouns import Settings
from watwerkt.errors import QuestionError
from watwerkt.question.read import declare
from watwerkt.register import read
from watwerkt.report import checks as told
from watwerkt.sample.nouns import Followed, Panel
from watwerkt.synthetic import make, worlds, write

ASKED = builders.question(
    outcomes=(Outcome("height", "number", 0.25, unit="cm", column="height"), Outcome("earnings", "earnings", 0.5)),
    checks=Checks(negative_controls=("height",)),
)


def answered(hidden=0.0, noise=1.0, n=2500):
    """People selected on what is recorded, and by ``hidden`` on a trait that the control shows."""
    rng = np.random.default_rng(1)
    x, trait = rng.normal(size=(n, 3)), rng.normal(size=n)
    arm = (rng.uniform(size=n) < 1 / (1 + np.exp(1 - 0.6 * x[:, 0] - hidden * trait))).astype(np.int64)
    of = builders.drawn(x, arm, ASKED)
    known = {"height": x[:, 0] + trait + noise * rng.normal(size=n), "earnings": x[:, 0] + arm + rng.normal(size=n)}
    seen = Followed(of, tuple(Panel(k, (None,), y[:, None].astype(np.float32)) for k, y in known.items()), None)
    plans = effects.prepare(of, Settings())
    checks = tuple(effects.check(plan) for plan in plans)
    return effects.open_(plans, checks, tuple(effects.estimate(plan, seen) for plan in plans), seen)


def control(answer, target="treated"):
    """The check of the one control."""
    return next(c for c in answer.checks if c.name == "negative_control" and target in c.closes)


def reasons(answer, outcome="earnings"):
    """Reasons of the effects on one outcome, under `treated` by the adjusted design."""
    return {j.reason for j in answer.judged
            if (j.exact.cell.outcome, j.exact.target, j.exact.design) == (outcome, "treated", "adjusted")}  # fmt: skip


def test_what_the_instrument_cannot_change_passes_in_an_honest_world():
    """The control depends on what is adjusted for: shown to be small, and the effect opens."""
    answer = answered()
    check = control(answer)

    assert (check.verdict, check.outcome, check.threshold) == ("passed", "height", 0.25)
    assert check.detectable > 0
    assert reasons(answer) == {""}


def test_a_hidden_trait_that_it_shows_closes():
    """A difference beyond the smallest that matters, where nothing can have changed it: closed, and told why."""
    answer = answered(hidden=0.8)
    check = control(answer)

    assert (check.verdict, check.reason) == ("failed", "negative_control")
    assert check.statistic > 0.25
    assert reasons(answer) == {"negative_control"}


def test_a_control_that_is_too_coarse_says_nothing():
    """An error as large as what matters: not informative, and nothing closes."""
    answer = answered(noise=30.0)

    assert control(answer).verdict == "not_informative"
    assert reasons(answer) == {""}


def test_it_is_no_effect():
    """Its numbers stay in the exact table; no reader sees it among effects, and no claim is made of it."""
    answer = answered()

    assert reasons(answer, "height") == {"control"}
    assert any(j.exact.estimate is not None and j.reason == "control" for j in answer.judged)
    dossier = release(answer)
    assert {e.cell.outcome for e in dossier.effects} == {"earnings"}
    assert all("height" not in band.family for band in dossier.facts.bands)


def test_the_first_outcome_that_is_no_control_is_the_primary_one():
    """Whatever their order."""
    assert ASKED.primary == Primary("earnings")
    assert [o.name for o in ASKED.effects] == ["earnings"]


def test_it_takes_its_part_of_the_level():
    """Balance, prognosis and each control share .05, also in what runs before outcomes are read."""
    of = builders.drawn(np.zeros((6, 1)), np.array([0, 0, 0, 1, 1, 1]))
    e = np.full((6, 2), 0.5)
    two = replace(of, question=builders.question(checks=Checks(negative_controls=("a", "b"))))

    assert level(builders.plan(of, e)) == pytest.approx(0.05 / 2)
    assert level(builders.plan(two, e)) == pytest.approx(0.05 / 4)


def test_without_controls_nothing_is_said():
    """A question that declares none has no such check."""
    of = builders.drawn(np.zeros((6, 1)), np.array([0, 0, 0, 1, 1, 1]))
    plan = builders.plan(of, np.full((6, 2), 0.5))

    assert negative_control.check(plan, effects.nouns.Estimates("adjusted", ())) == ()


def test_a_reader_sees_it_in_both_languages():
    """The control by its name, with what was found and what was allowed."""
    check = replace(control(answered()), statistic=0.04, threshold=0.25, detectable=None)

    assert told.say_check(check, "en").endswith("Passed. Height: difference 0.04, allowed 0.25.")
    assert told.say_check(check, "nl").endswith("In orde. Height: verschil 0,04, toegestaan 0,25.")


# ---- a prepared table and a register -----------------------------------------------------------------------------


def people(n=2500, hidden=0.0):
    """A table: a course, age, earnings, and a height that no course can change."""
    rng = np.random.default_rng(3)
    age, trait = rng.integers(25, 60, n), rng.normal(size=n)
    course = (rng.uniform(size=n) < 1 / (1 + np.exp(1 - 0.03 * (age - 40) - hidden * trait))).astype(int)
    return pa.table({"age": age, "course": course, "height": trait + rng.normal(size=n),
                         "pay": 1000 + 10 * age + 50 * course + rng.normal(0, 100, n)})  # fmt: skip


OUTCOMES = {
    "pay": {"column": "pay", "kind": "earnings", "unit": "EUR a month", "smallest_effect": 50.0},
    "height": {"column": "height", "kind": "number", "unit": "cm", "smallest_effect": 0.3},
}


def ask(**changes):
    """The question on that table."""
    parts = {"arms": {"course": {"course": 1}, "none": {"course": 0}}, "compared_with": "none", "outcomes": OUTCOMES,
             "given": ["age"], "negative_controls": ["height"], "title": "Cursus"}  # fmt: skip
    return question.ask(**{**parts, **changes})


@pytest.mark.parametrize(("hidden", "verdict", "opened"), [(0.0, "passed", True), (1.0, "failed", False)])
def test_on_a_prepared_table(hidden, verdict, opened):
    """From the question's file to the dossier: a column of the table as control."""
    dossier = watwerkt.release(watwerkt.answer(ask(), people(hidden=hidden)))

    assert [c.verdict for c in dossier.checks if c.name == "negative_control" and "treated" in c.closes] == [verdict]
    assert [e.opened for e in dossier.effects if e.target == "treated"] == [opened]
    assert {e.cell.outcome for e in dossier.effects} == {"pay"}
    assert "Height: difference" in watwerkt.page(dossier)


ON_A_REGISTER = {
    "question": {"id": "controls", "title": {"nl": "Controles", "en": "Controls"}},
    "population": {"scheme": ["ww"], "age": [25, 60]},
    "time": {"zero": "each month", "until": 12, "horizon": 12},
    "arms": {
        "short": {"counts_as": "training.short", "where": {"instrument": "training", "planned_months": [0, 3]}},
        "compared_with": "not_now",
    },
    "outcomes": {
        "work": {"kind": "employed"},
        "height": {"kind": "measure", "measure": "height", "window": 6, "smallest_effect": 0.6},
    },
    "checks": {"negative_controls": ["height"]},
}


def register(folder, apart):
    """A small world with a measure at every half year; ``apart``: after the start of a training it is higher."""
    write(make(worlds.small(), 5000, 1), folder)
    used, measured = (pq.read_table(folder / f"{name}.parquet") for name in ("provision", "measurement"))
    people = pq.read_table(folder / "person.parquet")["person_id"].to_pylist()
    trained = used.filter(pc.and_(pc.equal(used["instrument"], "training"), pc.is_valid(used["start"])))
    start = dict(zip(trained["person_id"].to_pylist(), trained["start"].to_pylist(), strict=True))
    rng, added = np.random.default_rng(2), [measured]
    for day in (dt.date(year, month, 1) for year in range(2010, 2025) for month in (1, 7)):
        after = np.array([start.get(one, dt.date.max) <= day for one in people])
        value = apart * after + rng.normal(size=len(people))
        n = len(people)
        added.append(pa.table({"person_id": people, "date": [day] * n, "measure": ["height"] * n, "value": value}))
    pq.write_table(pa.concat_tables(added, promote_options="permissive"), folder / "measurement.parquet")
    return read(folder)


@pytest.mark.parametrize(("apart", "verdicts"), [(0.0, {"passed"}), (2.0, {"failed"})])
def test_on_a_register(tmp_path, apart, verdicts):
    """A measure as control, month by month; judged at the primary month."""
    asked = declare(ON_A_REGISTER, "a test", {})
    answer = watwerkt.answer(asked, register(tmp_path, apart))

    found = [c for c in answer.checks if c.name == "negative_control" and c.closes == ("treated",)]
    short = {c.verdict for c in found if c.arm == "short" and not c.compared_with}
    assert short == verdicts
    assert {e.cell.outcome for e in answer.effects} == {"work"}
    assert any(c.shuts("short", "treated", "work") for c in found) == (apart > 0)
    if apart:
        assert not any(
            e.opened
            for e in answer.effects
            if e.arm == "short" and e.cell.compared_with == "not_now" and e.target == "treated"
        )


# ---- what a question may declare ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"negative_controls": ["heigth"]}, "'heigth' is not one of the outcomes: pay, height"),
        ({"negative_controls": ["height"], "primary": "height"}, "'height' is the primary outcome"),
        ({"negative_controls": ["height", "pay"]}, "names every outcome"),
        ({"negative_controls": ["height", "height"]}, "names 'height' twice"),
        (
            {
                "outcomes": {
                    **OUTCOMES,
                    "height": {k: v for k, v in OUTCOMES["height"].items() if k != "smallest_effect"},
                }
            },
            "a control needs a size that would matter",
        ),
    ],
)
def test_a_control_that_cannot_be_one_is_refused(changes, says):
    """Before any data are read, with the key."""
    with pytest.raises(QuestionError) as error:
        ask(**changes)
    assert says in " ".join(error.value.problems)


def test_it_is_read_back_as_it_was_written():
    """The question of a dossier names its controls."""
    assert from_toml(to_toml(ask())) == ask()
