"""Fake arms: sound estimators pass, misspecified ones fail, and hidden selection is not claimed."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest
from builders import drawn, followed, question
from joblib import parallel_config
from monthly import World, world
from numpy.typing import NDArray
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression

from watwerkt import vocabulary
from watwerkt.dossier.question import Checks
from watwerkt.effects import fakes, selection
from watwerkt.effects.checks import after, fake_arms
from watwerkt.effects.checks.fake_arms import Bounds
from watwerkt.effects.designs import adjusted
from watwerkt.effects.nouns import Beside, Estimates, Plan, Settings
from watwerkt.effects.opening import open_
from watwerkt.errors import MissingExtra
from watwerkt.sample.nouns import Drawn, Followed

Floats = NDArray[np.float64]
NOTHING = (DummyRegressor(), DummyClassifier())
DRAWS = 24


def people(hidden: float = 0.0, n: int = 2400) -> tuple[Drawn, Followed]:
    """Strong selection on two recorded columns, and on a hidden trait; both move the outcome. No effect."""
    rng = np.random.default_rng(3)
    x, trait = rng.normal(size=(n, 4)), rng.normal(size=n)
    arm = (rng.random(n) < 1 / (1 + np.exp(1.4 - 0.8 * x[:, 0] - 0.6 * x[:, 1] - hidden * trait))).astype(np.int64)
    of = drawn(x, arm, question(checks=Checks(fake_arms=DRAWS)))
    return of, followed(of, x[:, 0] + 0.5 * x[:, 1] + hidden * trait + rng.normal(size=n))


def checked(of: Drawn, seen: Followed, settings: Settings = Settings()) -> dict[str, str]:  # noqa: B008 - frozen
    """The verdict of each of the two."""
    plan = adjusted.prepare(of, settings)
    return {check.name: check.verdict for check in fake_arms.check(plan, seen)}


# ---- both directions -----------------------------------------------------------------------------------------------


def test_a_sound_estimator_passes() -> None:
    """Everything that moves the start is recorded and adjusted for: nothing is found among the fake."""
    assert checked(*people()) == {"fake_arms": "passed", "fake_bands": "passed"}


def test_an_estimator_that_ignores_covariates_fails() -> None:
    """The same people; means and shares in place of regressions: fake starters look better off."""
    assert checked(*people(), Settings(learner=NOTHING)) == {"fake_arms": "failed", "fake_bands": "failed"}


def test_a_straight_line_through_a_bend_fails() -> None:
    """Both the young and the old start, and both do better: the default bends and passes; straight lines without a
    propensity see nothing and fail."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=(2400, 4))
    bend = np.abs(x[:, 0])
    arm = (rng.random(2400) < 1 / (1 + np.exp(2.2 - 1.2 * bend))).astype(np.int64)
    of = drawn(x, arm, question(checks=Checks(fake_arms=DRAWS)))
    seen = followed(of, bend + rng.normal(size=2400))

    assert checked(of, seen)["fake_arms"] == "passed"
    assert checked(of, seen, Settings(learner=(LinearRegression(), DummyClassifier())))["fake_arms"] == "failed"


def test_hidden_selection_is_not_claimed() -> None:
    """A trait that nobody recorded biases the answer by half a standard deviation, and this check passes: the fake
    starters do not have it more often than others."""
    of, seen = people(hidden=0.8)
    plan = adjusted.prepare(of, Settings())
    family = adjusted.estimate(plan, seen).families[0]

    assert family.theta[0] > 5 * np.sqrt(family.V[0, 0])  # the truth is 0
    assert checked(of, seen) == {"fake_arms": "passed", "fake_bands": "passed"}


def test_it_closes_the_treated_alone_and_says_at_which_level() -> None:
    """Its truth is about those who start; each arm has its share of 5 %."""
    of, seen = people()
    checks = fake_arms.check(adjusted.prepare(of, Settings()), seen)

    assert {check.closes for check in checks} == {("treated",)}
    assert [check.level for check in checks] == pytest.approx([fake_arms.OF_MEAN, fake_arms.OF_BANDS])
    assert {check.reason for check in checks} == {"fake_arms"}


def test_the_same_seed_gives_the_same_verdicts() -> None:
    """Draws hang on the seed alone."""
    of, seen = people(n=900)
    plan = adjusted.prepare(of, Settings(seed=4))

    assert fake_arms.check(plan, seen) == fake_arms.check(plan, seen)


def test_nothing_is_said_where_nothing_is_asked() -> None:
    """No draws declared: no check, and no time."""
    of, seen = people(n=900)
    of = replace(of, question=question())
    plan = adjusted.prepare(of, Settings())

    assert fake_arms.check(plan, seen) == ()
    assert "fake_arms" not in {c.name for c in after(plan, seen, Estimates("adjusted", ()), Beside())}


def test_arms_that_are_closed_anyway_are_not_looked_at() -> None:
    """Fewer than 100 effective starters."""
    of, seen = people(n=240)

    assert checked(of, seen) == {"fake_arms": "not_applicable"}


def test_a_rare_arm_beside_them_closes_no_other() -> None:
    """Thirty starters of a second arm are not looked at; the first arm is, all the same."""
    of, _ = people()
    rows = np.flatnonzero(of.arm == 1)[::12]
    arm = of.arm.copy()
    arm[rows] = 2
    three = drawn(of.covariates.x, arm, question(("none", "training", "rare")))

    assert len(rows) >= 30
    assert [c.arm for c in fake_arms.contrasts(adjusted.prepare(three, Settings()))] == ["training"]


def test_without_trees_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """scikit-learn is an extra."""
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    with pytest.raises(MissingExtra, match="fake_arms"):
        checked(*people(n=900))


# ---- draws ---------------------------------------------------------------------------------------------------------


def trials(**changes: object) -> Plan:
    """Four rows a person, two arms."""
    of, _ = world(World(persons=900, rows=4, **changes))  # type: ignore[arg-type]
    return adjusted.prepare(of, Settings())


def test_who_starts_leaves() -> None:
    """Of a person there is at most one start, everything before it is comparison, nothing comes after it."""
    plan = trials()
    at = np.flatnonzero(plan.drawn.arm == 0)
    turns = selection.turns(plan.drawn, at)
    share = selection.chances(np.zeros((len(at), 3)), np.array([len(at), 300, 200]), turns, 1.0)
    arm = selection.started(share, turns, np.random.default_rng(1))

    for person in np.unique(plan.drawn.person[at]):
        own = arm[plan.drawn.person[at] == person]
        first = int(np.argmax(own > 0)) if (own > 0).any() else len(own)
        assert (own[:first] == 0).all()
        assert (own[first + 1 :] == -1).all()


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_so_many_start_as_in_life(scale: float) -> None:
    """Intercepts are solved with leaving taken in: over many draws the mean number is the number wanted."""
    plan = trials()
    at = np.flatnonzero(plan.drawn.arm == 0)
    turns, wanted = selection.turns(plan.drawn, at), np.array([float(len(at)), 250.0, 150.0])
    odds = np.column_stack([np.zeros(len(at)), plan.drawn.covariates.x[at, :2]])
    share = selection.chances(odds, wanted, turns, scale)
    rng = np.random.default_rng(2)
    counts = np.mean([np.bincount(selection.started(share, turns, rng) + 1, minlength=4)[2:] for _ in range(200)], 0)

    assert counts == pytest.approx(wanted[1:], rel=0.03)


def test_selection_half_as_strong_again_is_drawn_out_around_its_mean() -> None:
    """Log-odds are scaled, their order stays."""
    plan = trials()
    at = np.flatnonzero(plan.drawn.arm == 0)
    turns, wanted = selection.turns(plan.drawn, at), np.array([float(len(at)), 250.0, 150.0])
    odds = np.column_stack([np.zeros(len(at)), plan.drawn.covariates.x[at, :2]])
    one, more = (selection.chances(odds, wanted, turns, scale) for scale in (1.0, 1.5))
    slope = [np.polyfit(odds[:, 1], np.log(share[:, 1] / share[:, 0]), 1)[0] for share in (one, more)]

    assert slope == pytest.approx([1.0, 1.5])


def test_the_model_is_another_learner() -> None:
    """Trees by default; logits with products where the estimator's own propensity is made of trees."""
    forest = (RandomForestRegressor(5), RandomForestClassifier(5))

    assert not selection.made_of_trees(None)
    assert not selection.made_of_trees(NOTHING)
    assert selection.made_of_trees(forest)


@pytest.mark.parametrize("learner", [None, (RandomForestRegressor(5), RandomForestClassifier(5))])
def test_the_model_sees_what_moves_the_start(learner: tuple[object, object] | None) -> None:
    """Cross-fitted log-odds follow the true ones."""
    of, _ = people()
    plan = replace(adjusted.prepare(of, Settings()), settings=Settings(learner=learner))
    odds = selection.log_odds(plan, np.arange(len(of)))
    true = 0.8 * of.covariates.x[:, 0] + 0.6 * of.covariates.x[:, 1]

    assert (odds[:, 0] == 0).all()
    assert np.corrcoef(odds[:, 1], true)[0, 1] > 0.85


def test_a_draw_that_fails_counts_as_not_covered() -> None:
    """So few starters that folds are empty: no estimate, and no band that holds 0."""
    of, seen = people()
    plan = adjusted.prepare(of, Settings())
    ready = fakes.untreated(plan, seen, (1,))
    rare = tuple(np.column_stack([np.full(len(ready.at), 0.995), np.full(len(ready.at), 0.005)]) for _ in range(2))
    found = fakes.looks(replace(ready, share=rare), 4)

    assert not found.covered.any()
    assert np.isnan(found.z).all()
    verdicts = [
        c.verdict for c in fake_arms.judged(about(plan), found.covered[:, 0], found.z[:, 0, 0], Bounds.of(4, 1))
    ]
    assert verdicts == ["passed", "failed"]


def about(plan: Plan) -> fake_arms.About:
    """The first contrast."""
    return fake_arms.About.of(plan, plan.contrasts[0])


def test_paths_of_several_arms_are_looked_at_together() -> None:
    """Monthly trials, one comparison row in four drawn: every arm has an estimate in every month of every draw."""
    of, seen = world(World(persons=1500, rows=3, rate=0.5))
    plan = adjusted.prepare(of, Settings())
    found = fakes.looks(fakes.untreated(plan, seen, (1, 2)), 6)

    assert found.z.shape == (6, 2, 4)
    assert np.isfinite(found.z).all()
    assert np.abs(found.z.mean(0)).max() < 3 / np.sqrt(6)


# ---- any number of jobs, and only some rows ------------------------------------------------------------------------


def test_any_number_of_jobs_gives_the_same_bytes() -> None:
    """One turn after another, two processes and two threads: model, draws and verdicts are the same bits."""
    of, seen = world(World(persons=600, rows=3, rate=0.5))
    plan = adjusted.prepare(of, Settings())

    def draws() -> tuple[bytes, bytes]:
        ready = fakes.untreated(plan, seen, (1, 2))
        found = fakes.looks(ready, 4)
        return ready.share[0].tobytes() + ready.share[1].tobytes(), found.z.tobytes()

    alone = draws()
    for backend in ("loky", "threading"):
        with parallel_config(backend=backend, n_jobs=2):
            assert draws() == alone


def test_of_many_rows_whole_persons_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of a person stay together, arms have enough starters to be estimated, and the same people come each time."""
    of, seen = world(World(persons=2400, rows=3, rate=0.5))
    plan = adjusted.prepare(of, Settings())
    everybody = fakes.untreated(plan, seen, (1, 2))
    monkeypatch.setattr(fakes, "ROWS", 900)
    few = fakes.untreated(plan, seen, (1, 2))
    out = np.setdiff1d(everybody.at, few.at)

    assert 800 < len(few.at) <= 900
    assert not np.intersect1d(of.person[few.at], of.person[out]).size
    assert (few.at == fakes.some(plan)).all()
    assert np.isfinite(fakes.looks(few, 2).z).all()


def test_a_share_of_the_rows_has_its_share_of_starters_but_enough() -> None:
    """A tenth of the comparison: a tenth of a large arm, 300 of a middle one, no more of a rare one than there were."""
    counts = np.array([200_000, 40_000, 1_000, 120])

    assert fakes.starters(counts, 20_000)[1] == pytest.approx(40_000 * 20_000 / counts.sum())
    assert fakes.starters(counts, 20_000)[2] == 300
    assert fakes.starters(counts, 20_000)[3] == pytest.approx(120 * 200_000 / counts.sum())
    assert fakes.starters(counts, 20_000).sum() == pytest.approx(20_000)
    assert fakes.starters(counts, 200_000) == pytest.approx(counts * 200_000 / counts.sum())


def test_the_answer_says_that_only_some_rows_were_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A remark beside the effects, with the number of rows; none where everybody was looked at."""
    of, seen = people()
    plan = adjusted.prepare(of, Settings())
    found = adjusted.estimate(plan, seen)

    def remarks() -> tuple[str, ...]:
        return open_((plan,), ((),), (found,), seen).facts.remarks

    assert "fake_arms_some" not in remarks()
    monkeypatch.setattr(fakes, "ROWS", 900)
    assert "fake_arms_some" in remarks()


def test_the_sentence_names_the_number_of_rows() -> None:
    """Words stand in the vocabulary, the number in the code: they are one."""
    said = vocabulary.load("remarks")["fake_arms_some"]

    assert f"{fakes.ROWS:,}" in said.why_en
    assert f"{fakes.ROWS:,}".replace(",", ".") in said.why_nl


# ---- the rule ------------------------------------------------------------------------------------------------------


def test_bounds_tighten_with_draws_and_widen_with_arms() -> None:
    """Noise falls with R; several arms share the level."""
    assert Bounds.of(400, 1).mean < Bounds.of(100, 1).mean
    assert Bounds.of(400, 1).covered > Bounds.of(100, 1).covered
    assert Bounds.of(400, 4).mean > Bounds.of(400, 1).mean
    assert Bounds.of(400, 4).covered < Bounds.of(400, 1).covered


@pytest.mark.parametrize("R", [100, 400, 2000])
def test_alarms_come_as_often_as_the_level_says(R: int) -> None:
    """Both vary as they do over honest data sets, plus the noise of R draws: 5 % over three arms, for any R."""
    rng = np.random.default_rng(7)
    bounds, size = Bounds.of(R, 3), (40_000, 3)
    mean = fake_arms.SPREAD * rng.normal(size=size) + rng.normal(size=size) / np.sqrt(R)
    true = np.clip(fake_arms.COVERED + fake_arms.COVERED_SPREAD * rng.normal(size=size), 0, 1)
    covered = rng.binomial(R, true) / R
    alarm = (np.abs(mean) > bounds.mean) | (covered < bounds.covered)

    assert alarm.any(1).mean() == pytest.approx(0.05, abs=0.01)
