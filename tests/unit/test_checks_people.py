"""Checks that count people: each opens what enough people carry, and closes what rests on a few."""

from __future__ import annotations

import builders
import numpy as np
import pytest

from watwerkt.effects.checks import one_person, overlap, preference, support, too_few
from watwerkt.effects.checks.persons import effective_number, largest_share


def verdicts(checks, target="treated"):
    """Verdicts of the checks that may close a target."""
    return {c.verdict for c in checks if target in c.closes}


def test_a_person_seen_twelve_times_is_one_person():
    """Rows are summed to persons before they are counted."""
    weight, person = np.ones(120), np.repeat(np.arange(10), 12)

    assert effective_number(weight, person) == pytest.approx(10.0)
    assert largest_share(weight, person) == pytest.approx(0.1)


def test_weights_that_do_not_exist_count_for_nobody():
    """An infinite weight, or none at all, is no person and all of one."""
    nobody, endless = np.zeros(3), np.array([1.0, np.inf, 1.0])
    person = np.arange(3)

    assert effective_number(nobody, person) == effective_number(endless, person) == 0.0
    assert largest_share(nobody, person) == largest_share(endless, person) == 1.0


@pytest.mark.parametrize(("starters", "verdict"), [(99, "failed"), (100, "passed")])
def test_treated_opens_from_a_hundred_effective_starters(starters, verdict):
    """METHODS 15: coverage of `treated` was measured from 100 on."""
    arm = np.repeat([1, 0], [starters, 1000])
    of = builders.drawn(np.zeros((len(arm), 1)), arm)
    e = np.tile([1000.0, starters], (len(arm), 1)) / len(arm)

    assert verdicts(too_few.check(builders.plan(of, e))) == {verdict}


@pytest.mark.parametrize(("starters", "verdict"), [(299, "failed"), (300, "passed")])
def test_all_opens_from_three_hundred(starters, verdict):
    """METHODS 15: coverage of `all` was measured from 300 on."""
    arm = np.repeat([1, 0], [starters, 1000])
    of = builders.drawn(np.zeros((len(arm), 1)), arm)
    e = np.tile([1000.0, starters], (len(arm), 1)) / len(arm)

    assert verdicts(too_few.check(builders.plan(of, e)), "all") == {verdict}


@pytest.mark.parametrize(("sides", "verdict"), [((185, 260), "passed"), ((25, 19), "failed"), ((19, 25), "failed")])
def test_an_experiment_needs_twenty_a_side(sides, verdict):
    """The NSW experiment has 185 and 260 people; nothing is learned in it, so a low floor will do."""
    arm = np.repeat([1, 0], sides)
    of = builders.drawn(np.zeros((len(arm), 1)), arm)
    e = np.tile(np.array(sides[::-1]) / sum(sides), (len(arm), 1))

    assert verdicts(too_few.check(builders.plan(of, e, "randomised", ("all",))), "all") == {verdict}


def test_a_design_that_found_too_few_rows_a_fold_is_believed():
    """A contrast that the design closed as too few fails, whatever its weights say."""
    of, e = builders.selected(3000, 0.5, seed=1)
    plan = builders.closed(builders.plan(of, e), "too_few", "treated")

    assert verdicts(too_few.check(plan)) == {"failed"}


def test_an_instrument_that_never_occurs_somewhere_closes_all():
    """No chance for one of the population: a ratio without bound, written as a finite one."""
    of, e = builders.selected(2000, 0.5, seed=1)
    e[of.arm.argmin()] = [1 - 1e-9, 1e-9]
    checks = support.check(builders.plan(of, e))

    assert verdicts(checks, "all") == {"failed"}
    assert {c.statistic for c in checks} == {support.BEYOND}
    assert verdicts(checks, "treated") == set()


def test_ordinary_selection_leaves_all_open():
    """Chances that differ by a factor of ten are no lack of support."""
    of, e = builders.selected(2000, 0.8, seed=1)

    assert verdicts(support.check(builders.plan(of, e)), "all") == {"passed"}


def test_what_the_design_could_not_identify_is_no_support():
    """A design's own finding fails the check for its target, and for that target alone."""
    of, e = builders.selected(2000, 0.5, seed=1)
    checks = support.check(builders.closed(builders.plan(of, e), "no_support", "treated"))

    assert verdicts(checks, "treated") == {"failed"}
    assert verdicts(checks, "all") == {"passed"}


def test_monthly_chances_of_one_percent_overlap():
    """Starters at 1 % a month are comparable: people are counted, raw propensities are not looked at."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(30_000, 1))
    chance = 0.01 * np.exp(0.5 * x[:, 0])
    of = builders.drawn(x, (rng.uniform(size=30_000) < chance).astype(np.int64))
    plan = builders.plan(of, np.stack([1 - chance, chance], axis=1))

    assert verdicts(overlap.check(plan)) == verdicts(one_person.check(plan)) == {"passed"}
    assert {c.verdict for c in preference.check(plan)} == {"passed"}


def test_a_comparison_of_strangers_is_closed():
    """Most of the weight on a handful of look-alikes: too few effective persons, and one who counts for too much."""
    of, e = builders.selected(3000, 6.0, seed=1)
    plan = builders.plan(of, e)

    assert verdicts(overlap.check(plan)) == verdicts(one_person.check(plan)) == {"failed"}
    assert [c.verdict for c in preference.check(plan)] == ["not_informative"]


def test_one_person_of_many_may_not_carry_the_comparison():
    """ESS may be large while one weight is 6 % of all."""
    arm = np.repeat([1, 0], [200, 2000])
    of = builders.drawn(np.zeros((2200, 1)), arm)
    e = np.tile([0.9, 0.1], (2200, 1))
    e[-1] = [1 / 15, 14 / 15]
    plan = builders.plan(of, e)

    assert verdicts(overlap.check(plan)) == {"passed"}
    assert verdicts(one_person.check(plan)) == {"failed"}


def test_preference_does_not_depend_on_prevalence():
    """At the average chance the preference is one half, whether that chance is 1 % or 40 %."""
    for p in (0.01, 0.4):
        odds = p / (1 - p)
        assert preference.preference(np.array([odds, 3 * odds]), odds) == pytest.approx([0.5, 0.75])


def test_people_whose_chances_are_similar_are_counted():
    """Two of four rows lie in [.3, .7]; a row in neither arm is left out."""
    ratio = np.array([0.1, 0.9, 1.1, 9.0, np.nan])

    assert preference.share_similar(ratio, np.ones(5), 1.0) == pytest.approx(0.5)
