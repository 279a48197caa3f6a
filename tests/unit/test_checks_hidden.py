"""How strong a hidden difference would have to be: the formulas by brute force, the verdicts in both directions, and in
worlds with a hidden trait of known strength the bound at that strength holds the bias."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import builders
import numpy as np
import pytest
from monthly import World, family, world
from scipy.optimize import brentq
from sklearn.linear_model import LinearRegression, LogisticRegression

from watwerkt import effects, inside
from watwerkt.door import release
from watwerkt.dossier import Check, Checks
from watwerkt.dossier.credibility import weigh
from watwerkt.effects import bias
from watwerkt.effects.checks import hidden
from watwerkt.effects.nouns import Benchmark, Bound, Settings
from watwerkt.report import others

REFERENCE = Path(__file__).parents[3] / "shared" / "data" / "reference" / "f_randomised.json"


# ---- the formulas ------------------------------------------------------------------------------------------------


def small():
    """Eight rows of an arm and its comparison, with weights."""
    d = np.array([1.0, 1, 1, 0, 0, 0, 0, 0])
    y = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])
    g = np.array([2.5, 1.5, 3, 2, 4, 8, 2, 5])
    ratio = np.array([0.2, 0.5, 1.0, 0.3, 0.4, 0.8, 0.1, 0.25])
    s = np.array([1.0, 1, 1, 2, 2, 2, 2, 2])
    return bias.Pair(d, y, g, ratio, s)


def by_hand(pair):
    """sigma² and nu² of the same rows, row by row in plain numbers (METHODS 4.8)."""
    total = sum(pair.s)
    share = sum(s for s, d in zip(pair.s, pair.d, strict=True) if d == 1) / total
    sigma2 = doubled = squares = 0.0
    for d, y, g, o, s in zip(pair.d, pair.y, pair.g, pair.ratio, pair.s, strict=True):
        alpha = 1 / share if d == 1 else -o / share
        sigma2 += s * (y - g) * (y - g) / total
        squares += s * alpha * alpha / total
        doubled += s * (1 + o) / share**2 / total if d == 1 else 0.0
    return sigma2, 2 * doubled - squares


def test_the_elements_are_those_of_the_rows():
    """By a loop over eight rows; a row of weight two counts as two rows."""
    pair = small()
    of = bias.elements(pair)

    assert (of.sigma2, of.nu2) == pytest.approx(by_hand(pair), rel=1e-12)
    twice = np.repeat(np.arange(8), pair.s.astype(int))
    copied = bias.Pair(pair.d[twice], pair.y[twice], pair.g[twice], pair.ratio[twice], np.ones(len(twice)))
    again = bias.elements(copied)
    assert (again.sigma2, again.nu2) == pytest.approx((of.sigma2, of.nu2), rel=1e-12)


def test_the_influence_of_the_scale_is_its_derivative():
    """A little more weight on one row moves the scale by that row's influence, p_a held as it is."""
    pair = small()
    of = bias.elements(pair)
    s = pair.s / pair.s.sum()
    for i in range(len(s)):
        sigma2 = of.sigma2 + 1e-6 * of.psi_sigma2[i]
        nu2 = of.nu2 + 1e-6 * of.psi_nu2[i]
        assert (np.sqrt(sigma2 * nu2) - of.scale) / 1e-6 == pytest.approx(of.psi_scale[i], rel=1e-4)
    assert s @ of.psi_scale == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("k", [1e-6, 0.01, 0.3, 1.0, 30.0])
def test_the_robustness_value_is_where_the_bound_meets_the_effect(k):
    """The root of factor(r, r) = k, found by search."""
    root = brentq(lambda r: bias.factor(r, r) - k, 1e-12, 1 - 1e-12, xtol=1e-15)

    assert bias.robustness_value(k) == pytest.approx(root, rel=1e-6)


def test_no_effect_needs_no_hidden_difference():
    """0 at 0, 1 at infinity; a trait that explains nothing of one side does nothing."""
    assert bias.robustness_value(0.0) == 0.0
    assert bias.robustness_value(float("inf")) == 1.0
    assert bias.factor(0.0, 0.9) == bias.factor(0.9, 0.0) == 0.0
    assert bias.factor(0.5, 1.0) == float("inf")


def test_the_reference_of_nsw_and_psid():
    """Ref f: with mean(alpha²) in nu's place the bound at .03 and the robustness value; debiased, nu² is negative."""
    if not REFERENCE.exists():
        pytest.skip("the reference data lie beside the repository, not in it")
    values = json.loads(REFERENCE.read_text("utf-8"))["values"]["nsw_psid"]
    known = values["sensitivity"]
    of = bias.Elements(known["sigma2"], known["nu2_mean_alpha_squared"], np.zeros(1), np.zeros(1))

    assert of.scale == pytest.approx(known["max_bias_scale_S"], rel=1e-10)
    assert bias.factor(0.03, 0.03) * of.scale == pytest.approx(known["bias_cf_.03"], rel=1e-10)
    k = values["att_aipw"] / of.scale
    assert bias.robustness_value(k) == pytest.approx(known["robustness_value"], rel=1e-8)
    assert known["nu2_debiased_form_is_negative_here"] < 0
    negative = replace(of, nu2=known["nu2_debiased_form_is_negative_here"])
    assert np.isnan(negative.scale)


def test_a_confident_value_is_smaller_and_vanishes_without_a_clear_effect():
    """With no error it is theta/scale; with an error it is where the limit meets zero; with a large one it is 0."""
    none, even = np.zeros(4), np.array([1.0, -1, 1, -1])

    assert bias.confident(2.0, 4.0, (none, none), 1.645) == pytest.approx(0.5)
    k = bias.confident(-2.0, 4.0, (0.3 * even, 0.1 * even[::-1]), 1.645)
    psi = -0.3 * even - k * 0.1 * even[::-1]
    assert 2.0 - 4.0 * k - 1.645 * np.sqrt(4 / 3 * (psi**2).sum()) == pytest.approx(0.0, abs=1e-9)
    assert 0 < k < 0.5
    assert bias.confident(0.2, 4.0, (even, none), 1.645) == 0.0


def test_gains_are_what_the_columns_explain():
    """cf_y and cf_d by their definitions; beyond [0, 1] they are cut; a short nu² below zero is no bound at all."""
    of = bias.Elements(2.0, 4.0, np.zeros(1), np.zeros(1))
    made = bias.gain(of, replace(of, sigma2=2.5, nu2=3.2), moved=-0.3)

    assert (made.cf_y, made.cf_d) == pytest.approx((0.25, 0.25))
    assert made.rho == pytest.approx(-0.3 / np.sqrt(0.5 * 0.8))
    assert bias.gain(of, replace(of, sigma2=1.9, nu2=4.2), moved=0.1) == bias.Gain(0.0, 0.0, 1.0)
    assert bias.gain(of, replace(of, nu2=-1.0), moved=0.1).cf_d == 1.0


# ---- the check ---------------------------------------------------------------------------------------------------


def test_it_estimates_what_the_design_estimates():
    """Theta of the bound is the design's own at the primary cell, for each arm; within a month's own penalty."""
    of, seen = world(World(persons=900))
    (plan, *_) = effects.prepare(of, Settings())
    found = {bound.arm: bound for bound in hidden.bounds(plan, seen)}
    estimates = effects.estimate(plan, seen)

    assert set(found) == {"short", "long"}
    for arm, bound in found.items():
        own = family(estimates, arm)
        assert bound.theta == pytest.approx(own.theta[-1], abs=0.15 * own.V[-1, -1] ** 0.5)
        assert 0 <= bound.rva <= bound.rv < 1


def brute(x, arm, y, columns):
    """sigma² and nu² without cross-fitting, by ordinary regressions on some columns."""
    z = x[:, columns] if columns else np.zeros((len(x), 1))
    d = arm == 1
    e = LogisticRegression(C=1e6, max_iter=1000).fit(z, arm).predict_proba(z)[:, 1]
    g = np.where(d, LinearRegression().fit(z[d], y[d]).predict(z), LinearRegression().fit(z[~d], y[~d]).predict(z))
    return by_hand(bias.Pair(d * 1.0, y, g, e / (1 - e), np.ones(len(y))))


def selected(seed=1, n=6000, effect=0.5):
    """The first column leads into the arm and to the outcome, the second to the outcome alone."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 3))
    arm = (rng.uniform(size=n) < 1 / (1 + np.exp(1 - 0.7 * x[:, 0]))).astype(np.int64)
    return x, arm, effect * arm + 0.8 * x[:, 0] + 0.8 * x[:, 1] + rng.normal(size=n)


def test_a_benchmark_is_what_regressions_without_it_find():
    """cf_y and cf_d of each column, beside a brute-force long and short regression without folds or penalties."""
    x, arm, y = selected()
    of = builders.drawn(x, arm)
    (plan, *_) = effects.prepare(of, Settings())
    (bound,) = hidden.bounds(plan, builders.followed(of, y))
    known = {one.group: one for one in bound.benchmarks}

    sigma2, nu2 = brute(x, arm, y, [0, 1, 2])
    own = next(f for f in effects.estimate(plan, builders.followed(of, y)).families if f.target == "treated")
    assert bound.theta == pytest.approx(own.theta[0], rel=1e-9)
    assert (bound.sigma2, bound.nu2) == pytest.approx((sigma2, nu2), rel=0.05)
    for j in range(3):
        short_sigma2, short_nu2 = brute(x, arm, y, [i for i in range(3) if i != j])
        assert known[f"x{j}"].cf_y == pytest.approx((short_sigma2 - sigma2) / sigma2, abs=0.02)
        assert known[f"x{j}"].cf_d == pytest.approx(nu2 / short_nu2 - 1, abs=0.04)
    assert known["x0"].strength > 0.2
    assert known["x1"].strength < 0.05  # it leads nobody into the arm


def judged(effect, n=6000):
    """The check in a world whose strongest known column is what it is."""
    x, arm, y = selected(n=n, effect=effect)
    of = builders.drawn(x, arm)
    (plan, *_) = effects.prepare(of, Settings())
    (check,) = hidden.check(plan, hidden.bounds(plan, builders.followed(of, y)))
    return check


def test_an_effect_that_no_known_column_could_explain_passes():
    """An effect of three: a hidden trait would have to be far stronger than the strongest known column."""
    check = judged(3.0)

    assert (check.verdict, check.outcome) == ("passed", "x0")
    assert check.statistic > check.threshold > 0.2


def test_an_effect_that_a_known_column_could_explain_says_so():
    """An effect of .3, with a column that moves the estimate by more."""
    check = judged(0.3)

    assert check.verdict == "not_informative"
    assert check.statistic < check.threshold


def test_it_opens_and_closes_nothing_by_the_size_of_the_effect():
    """No effect and a large one: the same reasons, whatever this check says."""
    x, arm, y = selected()
    answers = []
    for extra in (-0.5, 20.0):
        of = builders.drawn(x, arm)
        plans, seen = effects.prepare(of, Settings()), builders.followed(of, y + extra * arm)
        checks = tuple(effects.check(plan) for plan in plans)
        answers.append(effects.open_(plans, checks, tuple(effects.estimate(p, seen) for p in plans), seen))

    verdicts = [[c.verdict for c in a.checks if c.name == "hidden"] for a in answers]
    assert verdicts == [["not_informative"], ["passed"]]
    assert [j.reason for j in answers[0].judged] == [j.reason for j in answers[1].judged]


def bound(nu2=2.0, rva=0.2, strengths=()):
    """A bound with benchmarks of these strengths by group."""
    known = tuple(Benchmark(group, 0.1, 0.1, 1.0, value, 1.0, 1.0) for group, value in strengths)
    return Bound("training", 1.0, 1.0, nu2, 0.3 if nu2 > 0 else None, rva if nu2 > 0 else None, known)


def verdict(**changes):
    """The check of one bound."""
    of = builders.drawn(np.zeros((4, 1)), np.array([0, 0, 1, 1]))
    (check,) = hidden.check(builders.plan(of, np.full((4, 2), 0.5)), [bound(**changes)])
    return check


def test_without_a_bound_it_closes_for_overlap():
    """nu² at or below 0: failed, `treated` alone, and the reason that is told is overlap."""
    check = verdict(nu2=-272.0)

    assert (check.verdict, check.closes, check.reason) == ("failed", ("treated",), "overlap")
    assert check.shuts("training", "treated", "any outcome")
    assert not check.shuts("training", "all", "any outcome")


@pytest.mark.parametrize(
    ("strengths", "expected"),
    [
        ((("person", 0.1), ("place", 0.15)), "passed"),
        ((("person", 0.1), ("place", 0.25)), "not_informative"),
        ((("person", 0.1), ("work", 0.9)), "passed"),
        ((("work", 0.9),), "not_informative"),
        ((), "not_informative"),
    ],
)
def test_the_strongest_known_group_is_the_yardstick(strengths, expected):
    """The value less its uncertainty (.2) against it; the history of work is too strong to ask for."""
    check = verdict(strengths=strengths)

    assert check.verdict == expected
    if "place" in dict(strengths):
        assert (check.outcome, check.threshold) == ("place", dict(strengths)["place"])


def test_columns_go_out_by_group():
    """A register's columns by what they are about; declared ones each alone, or together when there are many."""
    found = hidden.groups(("age", "sex", "work_1_12", "previous_wage", "office", "elapsed", "calendar",
                           "earlier_sanction", "measured_wellbeing", "debt", "age"))  # fmt: skip

    assert found["person"] == ("age", "sex")
    assert found["work"] == ("work_1_12", "previous_wage")
    assert found["time"] == ("elapsed", "calendar")
    assert found["debt"] == ("debt",)
    assert {"place", "earlier", "measured"} <= set(found)
    many = hidden.groups([f"x{j}" for j in range(hidden.MOST + 1)])
    assert list(many) == ["declared"]
    assert len(many["declared"]) == hidden.MOST + 1


# ---- truth -------------------------------------------------------------------------------------------------------


def known_trait(seed, strength, n=20_000):
    """A linear world of effect one, with a trait of this strength on the start and on the outcome."""
    rng = np.random.default_rng(seed)
    x, trait = rng.normal(size=n), rng.normal(size=n)
    arm = (rng.uniform(size=n) < 1 / (1 + np.exp(1 - 0.5 * x - strength * trait))).astype(np.int64)
    y = x + strength * trait + arm + rng.normal(size=n)
    return x, trait, arm, y


def by_engine(columns, arm, y):
    """The bound of the design itself, given these columns."""
    of = builders.drawn(columns, arm)
    (plan, *_) = effects.prepare(of, Settings())
    (found,) = hidden.bounds(plan, builders.followed(of, y))
    return found


@pytest.mark.parametrize("strength", [0.3, 0.6, 1.0])
def test_the_bound_at_the_true_strength_holds_the_bias(strength):
    """A trait of known strength is left out: at its own cf_y, cf_d the bound covers the bias, at its own rho it is the
    bias, and at a third of its strength it does not cover."""
    x, trait, arm, y = known_trait(7, strength)
    long, short = by_engine(np.column_stack([x, trait]), arm, y), by_engine(x[:, None], arm, y)
    cf_y, cf_d = 1 - long.sigma2 / short.sigma2, 1 - short.nu2 / long.nu2
    scale, off = np.sqrt(short.sigma2 * short.nu2), abs(short.theta - 1.0)
    at_worst = bias.factor(cf_y, cf_d) * scale

    assert long.theta == pytest.approx(1.0, abs=0.06)
    assert off > 0.05
    assert 0.5 * at_worst < off <= at_worst  # the trait works through one line: the bound is not idle
    assert bias.factor(cf_y / 9, cf_d / 9) * scale < off


# ---- what a reader may know --------------------------------------------------------------------------------------


def silent(name, closes=("treated",)):
    """A check that says nothing."""
    return Check(name, "short", "", "not_informative", closes=closes)


def test_its_silence_only_keeps_from_high():
    """Alone it caps at moderate; beside one other silence that stays moderate; two others are low all the same."""
    ours = silent("hidden")

    assert weigh("high", [ours], "treated").level == "moderate"
    assert weigh("high", [ours, silent("wait")], "treated").level == "moderate"
    assert weigh("high", [silent("placebo"), ours, silent("wait")], "treated").level == "low"
    assert weigh("high", [ours, silent("wait")], "treated").caps == (
        ("hidden", "not_informative", "moderate"), ("wait", "not_informative", "moderate"))  # fmt: skip


def answered(reason=""):
    """An answer whose one arm has a bound, and a check that says so."""
    x, arm, y = selected(n=1500)
    of = builders.drawn(x, arm)
    plans, seen = effects.prepare(of, Settings()), builders.followed(of, y)
    checks = tuple(effects.check(plan) for plan in plans)
    answer = effects.open_(plans, checks, tuple(effects.estimate(p, seen) for p in plans), seen)
    return replace(answer, judged=tuple(replace(j, reason=reason or j.reason) for j in answer.judged))


def test_of_a_closed_effect_it_stays_inside():
    """How strong a hidden difference would have to be tells how large the effect is: a closed one has no number."""
    assert [c.name for c in release(answered()).checks].count("hidden") == 1
    assert [c.name for c in release(answered("balance")).checks].count("hidden") == 0


def test_where_it_closes_it_is_told():
    """A bound that does not exist says nothing of an effect's size, and is why it is closed."""
    failed = Check("hidden", "training", "", "failed", 0.0, 0.0, ("treated",), design="adjusted")
    answer = answered("overlap")
    kept = tuple(c for c in answer.checks if c.name != "hidden")

    assert failed in release(replace(answer, checks=(*kept, failed))).checks


def test_the_benchmarks_stay_inside(tmp_path):
    """One line for the arm and one a known group, with cf_y, cf_d and both biases."""
    inside.record(tmp_path, answered(), "key")
    lines = (tmp_path / "inside" / "hidden.csv").read_text("utf-8").splitlines()

    assert lines[0].split(",") == ["arm", "theta", "sigma2", "nu2", "rv", "rva", "group", "cf_y", "cf_d", "rho",
                                   "strength", "at_worst", "own"]  # fmt: skip
    assert [line.split(",")[6] for line in lines[1:]] == ["", "x0", "x1", "x2"]


def page_said(dossier, lang):
    """What a page says of how far its numbers may be believed."""
    return " ".join(others.believe(dossier, lang))


def test_a_page_says_how_strong_it_would_have_to_be():
    """In a plain sentence with both numbers, in both languages; a declared placebo says more, and takes its place."""
    answer = answered()
    person = tuple(replace(c, outcome="person", statistic=0.27, threshold=0.14) if c.name == "hidden" else c
                   for c in answer.checks)  # fmt: skip
    of = release(replace(answer, checks=person))

    assert "would have to explain 27 in every 100 parts of who takes part" in page_said(of, "en")
    assert "(age, sex and schooling) explain 14 in every 100 parts" in page_said(of, "en")
    assert "als het 27 van elke 100 delen uitlegt van wie meedoet" in page_said(of, "nl")
    assert "(leeftijd, geslacht en opleiding) leggen 14 van elke 100 delen uit" in page_said(of, "nl")
    declared = replace(of.question, checks=Checks(not_used_in_selection=("x1",)))
    assert "27" not in page_said(replace(of, question=declared), "en")
