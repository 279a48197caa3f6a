"""The design `adjusted`: what it closes, what it refuses, and which options reach the numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from builders import drawn, followed, question
from monthly import EFFECT, World, also, family, rows, world
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from watwerkt.effects.designs import adjusted
from watwerkt.effects.nouns import Contrast, Estimates, Plan, Settings
from watwerkt.effects.propensity import corrected
from watwerkt.errors import SeparatedArm, UnsuitableLearner
from watwerkt.sample.nouns import Drawn, Followed

SETTINGS = Settings()


def estimated(of: Drawn, seen: Followed, settings: Settings = SETTINGS) -> Estimates:
    """Both verbs."""
    return adjusted.estimate(adjusted.prepare(of, settings), seen)


def contrast(plan: Plan, arm: str, target: str, other: str = "not_now") -> Contrast:
    """One contrast of a plan."""
    return next(c for c in plan.contrasts if (c.arm, c.target, c.compared_with) == (arm, target, other))


# ---- the plan ----------------------------------------------------------------------------------------------------


def test_a_plan_has_every_contrast_once() -> None:
    """Three targets against the comparison, both directions between arms; monthly trials print no `pair`."""
    plan = adjusted.prepare(world()[0], SETTINGS)
    keys = [(c.arm, c.compared_with, c.target) for c in plan.contrasts]

    assert set(keys) == {
        *((a, "not_now", t) for a in ("short", "long") for t in ("treated", "all", "overlap")),
        ("short", "long", "treated"),
        ("long", "short", "treated"),
    }
    assert len(keys) == len(set(keys))
    assert all(c.closed == "" for c in plan.contrasts)


def test_a_prepared_table_with_many_arms_also_has_pairs() -> None:
    """Where arms are as likely as the comparison, the overlap of two alone is another population."""
    of, _ = world()
    plan = adjusted.prepare(replace(of, question=question(of.arms)), SETTINGS)

    assert {c.target for c in plan.contrasts} == {"treated", "all", "overlap", "pair"}


def test_propensities_sum_to_one_and_know_the_draw() -> None:
    """Rows of e sum to 1; with one comparison row in four drawn, e_0 is that of everybody, not of the drawn."""
    full, _ = world(World(persons=4000))
    part, _ = world(World(persons=4000, rate=0.25))
    e = adjusted.prepare(part, SETTINGS).e

    assert e.sum(1) == pytest.approx(1.0)
    assert np.average(e[:, 0], weights=part.weight) == pytest.approx(np.mean(full.arm == 0), abs=0.02)


def test_correction_for_the_draw_is_exact() -> None:
    """METHODS 1.5: shares among the rows drawn, divided by the rate of each arm, are the shares of all."""
    share = np.array([[0.9, 0.07, 0.03]])
    rate = np.array([[0.1, 1.0, 1.0]])
    among_drawn = share * rate / (share * rate).sum()

    assert corrected(np.log(among_drawn), rate) == pytest.approx(share)


def test_weights_of_the_treated() -> None:
    """The arm's people count once each, comparison people stand in for them, and balance follows."""
    of, _ = world(World(persons=4000))
    c = contrast(adjusted.prepare(of, SETTINGS), "short", "treated")
    x = of.covariates.x[:, 0]

    assert (c.weight_with == (of.arm == 1)).all()
    assert (c.weight_without[of.arm != 0] == 0).all()
    assert np.isnan(c.ratio[of.arm == 2]).all()
    raw = x[of.arm == 1].mean() - x[of.arm == 0].mean()
    weighted = np.average(x, weights=c.weight_with) - np.average(x, weights=c.weight_without)
    assert abs(raw) > 0.4
    assert abs(weighted) < 0.05


def test_rare_arm_does_not_carry_the_overlap_of_all() -> None:
    """Below 100 effective persons in the rarest arm, `overlap` becomes `pair`, and says so (METHODS 2.3)."""
    plan = adjusted.prepare(world(World(persons=200))[0], SETTINGS)

    assert {c.target for c in plan.contrasts if c.compared_with == "not_now"} == {"treated", "all", "pair"}


# ---- closed and refused ------------------------------------------------------------------------------------------


def without_long_in_a_quarter() -> tuple[Drawn, Followed]:
    """Nobody of `long` where x3 is 1: as arm 6 of Pennsylvania in two quarters."""
    of, seen = world(World(persons=2000))
    kept = np.flatnonzero(~((of.arm == 2) & (of.covariates.x[:, 3] == 1)))
    return rows(of, kept), also(seen, kept)


def test_an_arm_that_was_impossible_for_some_closes_where_it_is_needed_everywhere() -> None:
    """`all` and `overlap` close with no_support and no number; `treated` stays open; other arms are not touched."""
    of, seen = without_long_in_a_quarter()
    plan = adjusted.prepare(of, SETTINGS)
    found = adjusted.estimate(plan, seen)

    assert contrast(plan, "long", "all").closed == "no_support"
    assert contrast(plan, "long", "overlap").closed == "no_support"
    assert contrast(plan, "long", "treated").closed == ""
    assert contrast(plan, "short", "all").closed == ""
    assert contrast(plan, "short", "pair").closed == ""
    shut = family(found, "long", "all")
    assert set(shut.closed) == {"no_support"}
    assert np.isnan(shut.theta).all()
    assert shut.n == 0
    opened = family(found, "long", "treated")
    assert opened.theta.mean() == pytest.approx(EFFECT[2], abs=0.1)


def test_those_whom_only_one_arm_reaches_have_nobody_beside_them() -> None:
    """`short` against `long` among those in `short` closes where `long` never was; the other way round it is open."""
    plan = adjusted.prepare(without_long_in_a_quarter()[0], SETTINGS)

    assert contrast(plan, "short", "treated", "long").closed == "no_support"
    assert contrast(plan, "long", "treated", "short").closed == ""


def test_a_rare_level_that_an_arm_misses_by_chance_closes_nothing() -> None:
    """A level of ten people in two thousand is missing from a small arm by chance."""
    of, _ = world(World(persons=2000))
    x = np.column_stack([of.covariates.x, np.arange(len(of)) < 10])
    c = replace(
        of.covariates, x=x, names=(*of.covariates.names, "rare"), block=(*of.covariates.block, "rare"),
        binary=np.append(of.covariates.binary, True),
    )  # fmt: skip
    arm = np.where((x[:, -1] == 1) & (of.arm == 2), 0, of.arm)
    plan = adjusted.prepare(replace(of, arm=arm, covariates=c), SETTINGS)

    assert all(one.closed == "" for one in plan.contrasts)


def test_a_column_that_tells_the_arms_apart_is_refused() -> None:
    """SeparatedArm names arm and column."""
    of, _ = world()
    x = of.covariates.x.copy()
    x[:, 1] = of.arm == 2
    telling = replace(of, covariates=replace(of.covariates, x=x))

    with pytest.raises(SeparatedArm) as caught:
        adjusted.prepare(telling, SETTINGS)
    assert (caught.value.arm, caught.value.column) == ("long", "x1")


def test_an_arm_of_three_closes_and_harms_nobody() -> None:
    """Too few rows for a fold: every effect of that arm is closed as too few, the others have their numbers."""
    of, seen = world(World(persons=1500))
    few = np.flatnonzero(of.arm == 2)[3:]
    kept = np.setdiff1d(np.arange(len(of)), few)
    found = estimated(rows(of, kept), also(seen, kept))

    for one in found.families:
        assert set(one.closed) == ({"too_few"} if "long" in (one.arm, one.compared_with) else {""})
    assert family(found, "short").theta.mean() == pytest.approx(EFFECT[1], abs=0.1)


def test_no_covariates_is_the_difference_of_means() -> None:
    """Without anything to adjust for, `treated` and `all` are the plain difference."""
    of, seen = world()
    bare = replace(of, covariates=of.covariates.without(of.covariates.block))
    found = estimated(bare, replace(seen, drawn=bare))
    y = seen.panels[0].y
    plain = y[of.arm == 1].mean(0) - y[of.arm == 0].mean(0)

    assert family(found, "short", "treated").theta == pytest.approx(plain, abs=0.003)
    assert family(found, "short", "all").theta == pytest.approx(plain, abs=0.003)


# ---- families ----------------------------------------------------------------------------------------------------


def test_a_family_says_who_stands_behind_it() -> None:
    """Persons, clusters, effective persons, events, and a level that adds up."""
    of, seen = world(World(persons=800, rows=2))
    one = family(estimated(of, seen), "short")
    work = seen.panels[0].y[of.arm == 1]

    assert one.n == len(np.unique(of.person[of.arm == 1]))
    assert one.n_without == len(np.unique(of.person[of.arm == 0]))
    assert one.effective <= one.n
    assert one.df == pytest.approx(one.effective - 1)
    assert one.level_without + one.theta == pytest.approx(work.mean(0))
    assert (one.events <= one.n).all()
    assert family(estimated(of, seen), "short", outcome="pay").events.tolist() == [one.n] * 4
    assert [c.month for c in one.cells] == [0, 1, 2, 3]


def test_groups_have_their_own_path() -> None:
    """A declared group has a family a label under `treated`, and the whole lies between its parts."""
    of, seen = world(World(persons=3000))
    found = estimated(of, seen)
    whole = family(found, "short")
    parts = [family(found, "short", group=f"sex={label}") for label in ("man", "woman")]

    assert sum(part.n for part in parts) == whole.n
    mixed = sum(part.theta * part.n for part in parts) / whole.n
    assert mixed == pytest.approx(whole.theta, abs=1e-8)
    levels = sum(part.level_without * part.n for part in parts) / whole.n
    assert levels == pytest.approx(whole.level_without, abs=1e-8)


def test_the_difference_between_arms_is_taken_among_those_in_the_first() -> None:
    """short − long is its own family, with the planted difference, and its reverse speaks of other people."""
    of, seen = world(World(persons=4000))
    found = {(f.arm, f.compared_with, f.outcome): f for f in estimated(of, seen).families if f.target == "treated"}
    one, other = found["short", "long", "pay"], found["long", "short", "pay"]

    assert one.theta.mean() == pytest.approx(10 * (EFFECT[1] - EFFECT[2]), abs=0.25)
    assert other.theta.mean() == pytest.approx(-one.theta.mean(), abs=0.25)
    assert one.n == other.n_without


def test_started_later_counts_comparison_people() -> None:
    """The share of those who stand in for the starters and have begun themselves, month by month, arm by arm."""
    of, seen = world()
    later = [f for f in estimated(of, seen).families if f.cells[0].measure == "started_later"]

    assert [f.arm for f in later] == ["short", "long"]
    assert later[0].theta[0] == 0
    assert (np.diff(later[0].theta) >= 0).all()
    assert later[0].theta[-1] == pytest.approx(0.3, abs=0.06)
    assert later[0].level_without.tolist() == [0, 0, 0, 0]


def test_the_primary_cell_over_arms() -> None:
    """One joint covariance of all arms at the primary cell, for `treated` and `all`, equal to the families'."""
    of, seen = world()
    found = estimated(of, seen)

    assert [(a.target, a.arms, a.cell_month) for a in found.across] == [
        ("treated", ("short", "long"), 3),
        ("all", ("short", "long"), 3),
    ]
    for across in found.across:
        one = family(found, "short", across.target)
        assert across.theta[0] == pytest.approx(one.theta[-1])
        assert across.V[0, 0] == pytest.approx(one.V[-1, -1], rel=0.01)
        assert 0 < across.V[0, 1] < across.V[0, 0]


def test_a_few_unknown_leave_complete_rows_and_more_weigh_the_answers() -> None:
    """At most 5 % unknown leave those people out of the whole path; more than that and answers are weighted."""
    of, seen = world(World(persons=2000))
    observed = np.ones(seen.panels[0].y.shape, dtype=bool)
    observed[:40, 2] = False
    few = replace(seen.panels[0], y=np.where(observed, seen.panels[0].y, np.nan), observed=observed)
    one = family(estimated(of, replace(seen, panels=(few,))), "short")

    assert one.closed == ("", "", "", "")
    assert one.n == np.sum(of.arm[40:] == 1)

    more = observed.copy()
    more[: len(of) // 3, 1] = False
    many = replace(few, y=np.where(more, few.y, np.nan), observed=more)
    two = family(estimated(of, replace(seen, panels=(many,))), "short")

    assert two.closed == ("", "", "", "")
    others = [0, 2, 3]
    assert two.theta[others] == pytest.approx(one.theta[others], abs=0.05 * one.V[0, 0] ** 0.5)
    assert np.diag(two.V)[others] == pytest.approx(np.diag(one.V)[others], rel=0.02)
    assert two.theta[1] != one.theta[1]
    assert two.V[1, 1] > 1.2 * one.V[1, 1]
    assert 0 < two.V[1, 0] < (two.V[0, 0] * two.V[1, 1]) ** 0.5
    assert two.n == np.sum(of.arm[len(of) // 3 :] == 1)
    assert two.effective < one.effective


def test_a_month_in_which_hardly_anybody_answers_is_closed() -> None:
    """And so is one in which a category of people, or an arm, never does."""
    of, seen = world(World(persons=2000))
    lucky = np.random.default_rng(2).random(len(of))
    closed = []
    for known in (
        lucky < 0.04,
        (lucky < 0.8) & (of.covariates.x[:, 3] > 0),
        (lucky < 0.8) & (of.arm != 1),
        lucky < 0.6,
    ):
        observed = np.ones(seen.panels[0].y.shape, dtype=bool)
        observed[:, 3] = known
        panel = replace(seen.panels[0], y=np.where(observed, seen.panels[0].y, np.nan), observed=observed)
        closed.append(family(estimated(of, replace(seen, panels=(panel,))), "short").closed[3])

    assert closed == ["non_response"] * 3 + [""]


def test_few_answers_close_as_too_few() -> None:
    """Effective people are those who answered: 150 starters of whom half answer are no hundred."""
    of, seen = world(World(persons=700))
    panel = seen.panels[0]
    observed = np.repeat(np.random.default_rng(3).random((len(of), 1)) < 0.5, 4, axis=1)
    found = estimated(
        of, replace(seen, panels=(replace(panel, y=np.where(observed, panel.y, np.nan), observed=observed),))
    )

    assert 100 < np.sum(of.arm == 1) < 200
    assert set(family(found, "short").closed) == {"too_few"}


def test_an_outcome_that_nobody_answered_is_closed() -> None:
    """All months closed is a family without a number, not a crash."""
    of, seen = world()
    panel = replace(seen.panels[0], observed=np.zeros(seen.panels[0].y.shape, dtype=bool))
    one = family(estimated(of, replace(seen, panels=(panel,))), "short")

    assert set(one.closed) == {"non_response"}


def test_a_table_without_time() -> None:
    """Two arms, one outcome without months: the known effect."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2000, 3))
    arm = (rng.random(2000) < 1 / (1 + np.exp(-x[:, 0]))).astype(np.int64)
    of = drawn(x, arm)
    found = estimated(of, followed(of, x[:, 0] + 2.0 * arm + rng.normal(size=2000)))

    assert [f.target for f in found.families] == ["treated", "all", "overlap"]
    assert all(f.theta[0] == pytest.approx(2.0, abs=4 * f.V[0, 0] ** 0.5) for f in found.families)


# ---- settings ----------------------------------------------------------------------------------------------------


def test_another_seed_is_another_fold_and_nearly_the_same_number() -> None:
    """The seed reaches the folds, and an effect moves by a fraction of its error."""
    of, seen = world(World(persons=2000))
    one, two = (family(estimated(of, seen, Settings(seed=s)), "short") for s in (1, 2))

    assert (one.theta != two.theta).all()
    assert (np.abs(one.theta - two.theta) < 0.5 * np.sqrt(np.diag(one.V))).all()


def test_repetitions_average() -> None:
    """Three repetitions lie closer to three others than single runs do (METHODS 2.5)."""
    of, seen = world(World(persons=1000))

    def spread(repeats: int) -> float:
        runs = [family(estimated(of, seen, Settings(seed=s, repeats=repeats)), "short").theta for s in range(4)]
        return float(np.std(runs, axis=0).mean())

    assert spread(4) < spread(1)


def test_any_learner_with_weights() -> None:
    """scikit-learn's own go through the plain loop and find the planted effects too."""
    of, seen = world(World(persons=1500))
    learner = (LinearRegression(), LogisticRegression(max_iter=500))
    found = estimated(of, seen, Settings(learner=learner))

    for arm, target in (("short", "treated"), ("long", "all")):
        one = family(found, arm, target)
        truth = EFFECT[1 if arm == "short" else 2]
        assert np.abs(one.theta - truth).max() < 4 * np.sqrt(np.diag(one.V)).max()


def test_a_learner_that_is_too_sure_closes() -> None:
    """A propensity of exactly 0 for somebody who is in the arm is no support: closed, neither clipped nor infinite."""
    of, seen = world(World(persons=500))
    sure = RandomForestClassifier(n_estimators=2, random_state=1)
    found = estimated(of, seen, Settings(learner=(LinearRegression(), sure)))

    assert set(family(found, "short", "all").closed) == {"no_support"}


@pytest.mark.parametrize(
    ("learner", "lacks"),
    [
        ((LinearRegression(), KNeighborsClassifier()), "sample_weight"),
        ((LinearRegression(), RandomForestRegressor()), "predict_proba"),
        ((object(), LogisticRegression()), "fit"),
    ],
)
def test_a_learner_that_will_not_do(learner: tuple[object, object], lacks: str) -> None:
    """UnsuitableLearner says what it lacks."""
    with pytest.raises(UnsuitableLearner) as caught:
        adjusted.prepare(world()[0], Settings(learner=learner))
    assert caught.value.lacks == lacks


# ---- offices -----------------------------------------------------------------------------------------------------


def test_offices_widen_each_month_and_keep_the_correlations() -> None:
    """Where people of an office share a shock, V is D R D: no month narrower, the correlations those by person."""
    of, seen = world(World(persons=3000))
    office = np.random.default_rng(1).integers(0, 15, len(of))
    shock = np.random.default_rng(2).normal(size=15)[office] * 3 * (of.arm == 1)
    panel = replace(seen.panels[1], y=seen.panels[1].y + shock[:, None].astype(np.float32))
    shared = replace(seen, panels=(panel,))
    one = family(estimated(of, shared), "short", outcome="pay")
    two = family(estimated(replace(of, office=office), shared), "short", outcome="pay")

    deviations = [np.sqrt(np.diag(f.V)) for f in (one, two)]
    assert (two.theta == one.theta).all()
    assert (deviations[1] > 1.5 * deviations[0]).all()
    R = [f.V / np.outer(d, d) for f, d in zip((one, two), deviations, strict=True)]
    assert R[0] == pytest.approx(R[1])
    assert 5 < two.df < 14 < one.df


def test_few_offices_and_unknown_ones_leave_errors_by_person() -> None:
    """Nine offices, or none that is known: not a digit changes. Whose office is unknown is alone."""
    of, seen = world(World(persons=1500))
    plain = family(estimated(of, seen), "short")
    for office in (np.arange(len(of)) % 9, np.full(len(of), -1)):
        same = family(estimated(replace(of, office=office), seen), "short")
        assert same.V.tobytes() == plain.V.tobytes()
        assert same.df == plain.df


def test_the_primary_cell_has_the_wider_errors_too() -> None:
    """*Works* over arms rests on the errors that the effects show."""
    of, seen = world(World(persons=3000))
    office = np.random.default_rng(1).integers(0, 15, len(of))
    found = estimated(replace(of, office=office), seen)
    one = family(found, "short")

    assert found.across[0].V[0, 0] == pytest.approx(one.V[-1, -1], rel=0.01)
    assert found.across[0].df <= one.df
