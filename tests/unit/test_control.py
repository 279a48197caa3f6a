"""The form for who checks what leaves: its counts are right, its rules are those that closed, and it stays inside."""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from dataclasses import replace
from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from monthly import World, world

import watwerkt as ww
from watwerkt import inside
from watwerkt.door import control
from watwerkt.dossier.control import RULES, table
from watwerkt.effects import behind, dispatch
from watwerkt.effects.nouns import Settings
from watwerkt.report import page

THRESHOLD, PERIODS = 10, (1, 2, 3, 4)
QUESTION = ww.ask(
    arms={"offer": {"arm": 1}, "none": {"arm": 0}},
    compared_with="none",
    outcomes={"work": "week_{t}", "earnings": {"columns": "pay_{t}", "unit": "EUR a week"}},
    primary={"outcome": "work", "month": 4},
    groups=["sex"],
    person="id",
    design="randomised",
)


def people(rich: float = 0.0) -> dict[str, list[object]]:
    """600 people drawn by lot: few of them work in week 1, few are of sex x; one earns ``rich`` in week 3."""
    rng = np.random.default_rng(7)
    n = 600
    sex = np.array(["f"] * 275 + ["m"] * 275 + ["x"] * 50)
    arm = rng.permutation(np.arange(n) % 2)
    work = rng.random((n, 4)) < np.array([0.02, 0.4, 0.5, 0.6])
    pay = np.where(work, np.round(rng.gamma(4, 100, (n, 4))), 0.0)
    pay[np.flatnonzero((arm == 1) & work[:, 2])[0], 2] += rich
    columns = {f"week_{t}": work[:, t - 1].astype(int) for t in PERIODS} | {f"pay_{t}": pay[:, t - 1] for t in PERIODS}
    found = {"id": [f"p{i:04d}" for i in range(n)], "sex": sex, "arm": arm, **columns}
    return {name: list(column) for name, column in found.items()}


def frame(columns: dict[str, list[object]]) -> pa.Table:
    """As any frame that comes in."""
    return pa.table({name: pa.array(np.asarray(column)) for name, column in columns.items()})


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """An answer with its dossier and its form in a folder."""
    out = tmp_path_factory.mktemp("out")
    answer = ww.answer(QUESTION, frame(people()), folder=out, seed=1)
    dossier = ww.release(answer, folder=out / "dossier", out=out)
    return out, answer, dossier


def rows(out) -> list[dict[str, str]]:
    """The form as a spreadsheet reads it."""
    with (out / "inside" / "control.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_counts_are_those_of_the_table(released):
    """People, events, non-events and the largest earners of every cell, counted by hand from the rows."""
    out, _, _ = released
    data = people()
    at = [row for row in rows(out) if row["measure"] == "at"]
    assert {(row["outcome"], row["group"]) for row in at} == set(
        product(("work", "earnings"), ("all", "sex=f", "sex=m", "sex=x"))
    )

    for row, (side, end) in product(at, ((1, ""), (0, "_without"))):
        column = {"work": "week", "earnings": "pay"}[row["outcome"]] + f"_{row['month']}"
        here = [
            float(y)
            for y, arm, sex in zip(data[column], data["arm"], data["sex"], strict=True)
            if arm == side and row["group"] in ("all", f"sex={sex}")
        ]
        assert int(row[f"n{end}"]) == int(row[f"persons{end}"]) == len(here)
        assert int(row[f"events{end}"]) == sum(y != 0 for y in here)
        assert int(row[f"others{end}"]) == sum(y == 0 for y in here)
        if row["outcome"] == "earnings" and sum(here):
            first, second = sorted(here)[:-3:-1]
            assert float(row[f"largest_two{end}"]) == pytest.approx((first + second) / sum(here))
            assert float(row[f"largest_one{end}"]) == pytest.approx((sum(here) - first - second) / first, abs=1e-6)
        elif row["outcome"] == "work":
            assert row[f"largest_two{end}"] == ""


def dominated(row: dict[str, str]) -> bool:
    """Whether one or two have nearly all of an amount."""
    told = [(row[f"largest_two{end}"], row[f"largest_one{end}"]) for end in ("", "_without")]
    return any(float(two) >= 0.9 or float(one) < 0.1 for two, one in told if two)


def too_small(row: dict[str, str], others: list[dict[str, str]]) -> bool:
    """Whether a cell may not leave, by the form's own counts and nothing else."""
    sides = ("", "_without")
    if any(int(row[f"{name}{end}"]) < THRESHOLD for name in ("n", "persons") for end in sides):
        return True
    if row["measure"] == "break_even":
        return False
    if row["measure"] != "at":
        months = [o for o in others if o["measure"] == "at" and o["month"] <= row["month"]]
        return any(dominated(o) for o in months if (o["outcome"], o["group"]) == (row["outcome"], row["group"]))
    if any(int(row[f"events{end}"]) < THRESHOLD for end in sides):
        return True
    if row["outcome"] == "work":
        return any(int(row[f"others{end}"]) < THRESHOLD for end in sides)
    return dominated(row)


def test_the_rules_of_the_form_give_exactly_the_closed_cells(released):
    """Who applies them to the form's counts closes what the door closed: no cell more, none fewer, beside or small."""
    out, _, dossier = released
    parts = defaultdict(list)
    for row in rows(out):
        parts[row["outcome"], row["month"], row["measure"], row["group"] == "all"].append(row)
    closed, beside = [], []
    for (*_, everybody), group in parts.items():
        small = [row for row in group if too_small(row, rows(out))]
        rest = [row for row in group if row not in small]
        closed += small
        if not everybody and len(small) == 1 and rest:
            beside.append(min(rest, key=lambda row: int(row["n"]) + int(row["n_without"])))

    assert closed
    assert beside
    assert [row for row in rows(out) if row["reason"] in ("small_cell", "dominated")] == [
        r for r in rows(out) if r in closed
    ]
    assert [row for row in rows(out) if row["reason"] == "small_cell_beside"] == [r for r in rows(out) if r in beside]
    assert sum(row["leaves"] == "yes" for row in rows(out)) == sum(effect.opened for effect in dossier.effects)
    for row in rows(out):
        failed = [rule for rule in RULES if row[f"rule_{rule}"] == "failed"]
        assert bool(failed) == (row["leaves"] == "no" and row["reason"] != "small_cell_beside")


def test_a_closed_cell_has_its_counts_inside_and_no_number_outside(released):
    """The form holds what the door took away; the dossier does not."""
    out, _, _ = released
    closed = [row for row in rows(out) if row["leaves"] == "no"]

    assert closed
    assert all(row["n"] and row["persons"] for row in closed)
    assert all(row[name] == "" for row in closed for name in row if name.startswith("released_"))


@pytest.mark.parametrize(("rich", "reasons"), [(0.0, {""}), (1e7, {"dominated"})], ids=["even", "one has most"])
def test_an_amount_that_one_person_has_most_of_is_closed(rich, reasons):
    """Nearly all earnings of week 3 are one person's: the week closes, and every total that holds it; others do not."""
    dossier = ww.release(ww.answer(QUESTION, frame(people(rich)), seed=1))
    of = {
        (e.cell.measure, e.cell.month): e.reason
        for e in dossier.effects
        if e.cell.outcome == "earnings" and e.cell.group == "all" and e.cell.measure in ("at", "total")
    }

    assert {of["at", 3]} == {of["total", 3]} == {of["total", 4]} == reasons
    assert of["at", 2] == of["at", 4] == ""


def test_few_degrees_of_freedom_close(released):
    """Nine behind a range are too few, ten are not."""
    _, answer, _ = released
    reasons = []
    for df in (9.0, 10.0):
        families = tuple(replace(f, df=df) for f in answer.estimates[0].families)
        narrow = replace(answer, estimates=(replace(answer.estimates[0], families=families), *answer.estimates[1:]))
        found = next(e for e in ww.release(narrow).effects if e.cell.group == "all" and e.cell.month == 3)
        reasons.append(found.reason)

    assert reasons == ["few_degrees", ""]


def test_the_form_lies_inside_and_the_dossier_has_seven_files(released):
    """Nothing of it is in the dossier; its hashes are those of the files, its line is the ledger's last."""
    out, answer, dossier = released
    form = control(answer, dossier, inside.ledger(out))

    assert {"control.csv", "control.html"} <= {path.name for path in (out / "inside").iterdir()}
    assert sorted(name for name, _ in form.files) == sorted(path.name for path in (out / "dossier").iterdir())
    assert len(form.files) == 7
    assert dict(form.ledger)["fingerprint"] == QUESTION.fingerprint
    text = (out / "inside" / "control.html").read_text(encoding="utf-8")
    assert all(hash_ in text for _, hash_ in form.files)
    assert ww.verify(out / "dossier") == ()


@pytest.mark.parametrize("name", ["control.csv", "control.html"])
def test_a_dossier_with_the_form_in_it_is_refused(released, tmp_path, name):
    """Copied into the dossier under its own name, or over one of the seven, it does not travel."""
    out, _, _ = released
    beside, over = tmp_path / "beside", tmp_path / "over"
    for folder, into in ((beside, name), (over, "effects.csv")):
        shutil.copytree(out / "dossier", folder)
        shutil.copy(out / "inside" / name, folder / into)

    assert any("does not belong" in line for line in ww.verify(beside))
    assert ww.verify(over)


@pytest.mark.parametrize("rows_a_person", [1, 3])
def test_the_second_count_agrees_with_the_estimators(rows_a_person):
    """People with one row or several, trials of a register, groups and pairs of arms: two ways to count, one number."""
    drawn, followed = world(World(persons=900, rows=rows_a_person))
    plan = dispatch.module("adjusted").prepare(drawn, Settings(products=0))
    families = dispatch.estimate(plan, followed).families
    found = {one.family: one for one in behind.behind(plan, followed, tuple(f for f in families if f.n))}

    assert len(found) == sum(f.n > 0 for f in families) > 10
    for family in families:
        if family.n == 0 or family.cells[0].measure != "at":
            continue
        one = found[family.name]
        assert set(one.arm.persons.tolist()) == {family.n}
        assert set(one.other.persons.tolist()) == {family.n_without}
        fewest = np.minimum(one.arm.events, one.other.events)
        if family.outcome == "work":
            fewest = np.minimum(fewest, np.minimum(one.arm.others, one.other.others))
        assert fewest.tolist() == family.events.tolist()


def test_who_started_later_is_held_to_the_threshold_too():
    """A month in which fewer than ten of the comparison had started says too much of them."""
    drawn, followed = world(World(persons=900))
    plan = dispatch.module("adjusted").prepare(drawn, Settings(products=0))
    later = tuple(f for f in dispatch.estimate(plan, followed).families if f.cells[0].measure == "started_later")
    counted = behind.behind(plan, followed, later)
    rest = drawn.arm == 0

    assert counted
    for one in counted:
        due = [int(((followed.later >= 0) & (followed.later <= m) & rest).sum()) for m in (0, 1, 2, 3)]
        assert one.other.events.tolist() == due
        assert one.other.others.tolist() == [int(rest.sum()) - n for n in due]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_page_says_that_it_stays(released, lang):
    """One page in both languages, with the rules, what they closed, and that it never leaves."""
    out, answer, dossier = released
    text = page(control(answer, dossier, inside.ledger(out)))

    assert {"nl": "gaat nooit naar buiten", "en": "never leaves"}[lang] in text
    assert QUESTION.fingerprint in text
    assert len(table(control(answer, dossier, {}))) == len(rows(out))
