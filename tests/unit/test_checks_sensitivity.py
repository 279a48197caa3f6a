"""Whether an answer hangs on how it was worked out: a case that moves is told, one that stays is told too."""

from __future__ import annotations

import csv
from dataclasses import replace

import builders
import numpy as np
import pytest
from monthly import World, family, world

from watwerkt import effects, inside, question
from watwerkt.door import release
from watwerkt.dossier import Check, Checks
from watwerkt.dossier.credibility import weigh
from watwerkt.effects import learners
from watwerkt.effects.checks import sensitivity
from watwerkt.effects.nouns import Settings, Variant
from watwerkt.report import others

ASKED = builders.question(checks=Checks(sensitivity=True))
ALL = {"seed", "folds", "products", "learner", "trimmed"}


def answered(deep, n=4000, asked=ASKED):
    """People selected on one column, and by ``deep`` on a wave along it, which moves the outcome too."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=(n, 3))
    wave = np.sign(np.sin(5 * x[:, 0]))
    arm = (rng.uniform(size=n) < 1 / (1 + np.exp(1 - 0.4 * x[:, 0] - deep * wave))).astype(np.int64)
    of = builders.drawn(x, arm, asked)
    y = x[:, 0] + 1.5 * deep * wave + arm + rng.normal(size=n)
    plans, seen = effects.prepare(of, Settings()), builders.followed(of, y)
    checks = tuple(effects.check(plan) for plan in plans)
    return effects.open_(plans, checks, tuple(effects.estimate(plan, seen) for plan in plans), seen)


def found(answer):
    """The checks by the way they tried."""
    return {c.outcome: c for c in answer.checks if c.name == "sensitivity"}


def test_an_answer_that_hangs_on_the_model_is_told():
    """A wave that three knots cannot follow and trees can: the answer moves, and the check names the learner."""
    answer = answered(deep=0.8)
    checks = found(answer)

    assert set(checks) == ALL
    assert checks["learner"].verdict == "failed"
    assert checks["learner"].statistic > 1.0
    assert max(checks.values(), key=lambda c: c.statistic).outcome == "learner"
    assert {j.reason for j in answer.judged if j.exact.target == "treated" and j.exact.design == "adjusted"} == {""}


def test_an_answer_that_does_not_is_told_too():
    """Straight lines: every way finds the same within half a standard error."""
    checks = found(answered(deep=0.0))

    assert set(checks) == ALL
    assert {c.verdict for c in checks.values()} == {"passed"}
    assert all(0 <= c.statistic <= sensitivity.MOST for c in checks.values())


def test_nothing_is_done_unless_it_is_asked():
    """It costs more than the answer: a question that does not ask has no such check."""
    assert found(answered(deep=0.0, n=1500, asked=builders.question())) == {}


def test_a_move_is_in_standard_errors_of_the_answer():
    """(theta of the way − theta of the answer)/its error, at the primary month, for each arm of a monthly question."""
    of, seen = world(World(persons=900))
    of = replace(of, question=replace(of.question, checks=Checks(sensitivity=True)))
    seen = replace(seen, drawn=of)
    (plan, *_) = effects.prepare(of, Settings())
    estimates = effects.estimate(plan, seen)
    made = sensitivity.variants(plan, seen, estimates)

    assert {v.arm for v in made} == {"short", "long"}
    assert {v.name for v in made} == ALL
    for one in made:
        own = family(estimates, one.arm)
        assert one.move == pytest.approx((one.estimate - own.theta[-1]) / own.V[-1, -1] ** 0.5)
    (again,) = (p for p in effects.prepare(of, Settings(seed=2)) if p.design == "adjusted")
    other = family(effects.estimate(again, seen), "short")
    mine = next(v for v in made if (v.arm, v.name) == ("short", "seed"))
    assert (mine.estimate, mine.std_error) == pytest.approx((other.theta[-1], other.V[-1, -1] ** 0.5))


def test_trimming_leaves_out_whoever_has_hardly_a_like():
    """Those beyond what all but one in a hundred starters have, on both sides, and nobody else of this arm."""
    of, e = builders.selected(3000, 1.5, 1)
    plan = builders.plan(of, e)
    _, kept = sensitivity.WAYS["trimmed"](plan)
    odds = e[:, 1] / e[:, 0]

    starters = odds[of.arm == 1]
    assert 0.98 < np.mean(kept[of.arm == 1]) < 0.995
    assert odds[kept].max() <= np.quantile(starters, 0.99)
    assert kept[(odds < np.quantile(starters, 0.98)) & (e[:, 0] >= 0.05)].all()


def test_without_scikit_learn_there_is_one_way_less(monkeypatch):
    """The trees are an extra; the other ways are tried."""
    monkeypatch.setattr(learners, "find_spec", lambda name: None)

    assert set(found(answered(deep=0.0, n=1500))) == ALL - {"learner"}


def test_a_way_without_a_number_is_not_applicable():
    """An arm of which a way finds too few, for instance."""
    of = builders.drawn(np.zeros((4, 1)), np.array([0, 0, 1, 1]))
    (check,) = sensitivity.check(
        builders.plan(of, np.full((4, 2), 0.5)), [Variant("training", "folds", None, None, None)]
    )

    assert (check.verdict, check.statistic) == ("not_applicable", None)


def test_a_move_is_one_silence():
    """Alone moderate, beside another silence low; it closes nothing."""
    moved = Check("sensitivity", "short", "learner", "failed", 0.9, 0.5)
    more = replace(moved, outcome="trimmed")
    wait = Check("wait", "short", "", "not_informative")

    assert not moved.shuts("short", "treated", "work")
    assert moved.concerns("short", "treated", "work")
    assert weigh("high", [moved, more], "treated").level == "moderate"
    assert weigh("high", [moved, more, wait], "treated").level == "low"


def test_the_table_and_the_page_name_what_moves_most(tmp_path):
    """A line a way inside; on the page every way, and in a sentence the one that moves most, in both languages."""
    answer = inside.record(tmp_path, answered(deep=0.8), "key")
    with (tmp_path / "inside" / "sensitivity.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    said = {lang: " ".join(others.believe(release(answer), lang)) for lang in ("en", "nl")}

    assert {row["name"] for row in rows} == ALL
    assert all(row["estimate"] and row["std_error"] and row["move"] for row in rows)
    assert "the answer depends on how it is worked out. It moves most with quite another model:" in said["en"]
    assert "het antwoord hangt af van hoe we rekenen. Het verschuift het meest met een heel ander model:" in said["nl"]
    calm = " ".join(others.believe(release(answered(deep=0.0)), "en"))
    assert "the answer stays nearly the same when it is worked out differently." in calm


def test_of_a_closed_effect_it_stays_inside():
    """What moved is a number of an effect that no reader may see."""
    answer = answered(deep=0.0, n=1500)
    shut = replace(answer, judged=tuple(replace(j, reason=j.reason or "balance") for j in answer.judged))

    assert "sensitivity" in {c.name for c in release(answer).checks}
    assert "sensitivity" not in {c.name for c in release(shut).checks}


def test_it_is_asked_in_the_question():
    """A yes or no under [checks], written into the question of the dossier."""
    asked = question.ask(
        arms={"a": {"arm": 1}, "b": {"arm": 0}}, compared_with="b", outcomes={"y": {"column": "y", "unit": "points"}},
        given=["x"], sensitivity=True, title="Vraag",
    )  # fmt: skip

    assert asked.checks.sensitivity
    assert not replace(asked, checks=Checks()).checks.sensitivity
