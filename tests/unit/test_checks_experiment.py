"""Checks of a lottery: shares, loss from sight, clusters; and where the clock starts."""

from __future__ import annotations

from dataclasses import replace

import builders
import numpy as np
import pytest

from watwerkt.dossier import ArmFacts, Design, Table
from watwerkt.effects.checks import attrition, clusters, share, wait
from watwerkt.effects.designs import randomised


def declared(of, plan, shares):
    """The plan of a question that says which shares were drawn."""
    design = Design(("randomised",), shares=tuple(zip(of.arms, shares, strict=True)))
    return replace(plan, drawn=replace(of, question=replace(of.question, design=design)))


@pytest.mark.parametrize(("shares", "verdict"), [((0.5, 0.5), "passed"), ((0.45, 0.55), "failed")])
def test_groups_are_held_against_the_shares_that_were_drawn(shares, verdict):
    """2,000 v. 2,000 is a sound half, and no draw of 55 %."""
    of, plan = builders.randomised(4000, 1, seed=1)

    (check,) = share.check(declared(of, plan, shares))

    assert check.verdict == verdict
    assert check.closes == ("all",)


def test_sound_draws_fail_one_in_a_thousand():
    """p of the sample-ratio test is below .001 about once in a thousand sound draws."""
    rng = np.random.default_rng(1)
    of, plan = builders.randomised(400, 1, seed=1)
    arms = (rng.uniform(size=(500, 400)) < 0.5).astype(np.int64)
    plans = (declared(replace(of, arm=arm), plan, (0.5, 0.5)) for arm in arms)

    assert sum(share.check(plan)[0].verdict == "failed" for plan in plans) <= 3


def test_without_declared_shares_nothing_is_tested():
    """Nobody said how large the groups should be."""
    assert share.check(builders.randomised(100, 1, seed=1)[1])[0].verdict == "not_applicable"


def test_clusters_are_what_was_drawn():
    """Ten clusters a side of very unequal size are a sound half."""
    cluster = np.repeat(np.arange(20), np.arange(1, 21) * 10)
    arm = (cluster >= 10).astype(np.int64)
    of = builders.drawn(np.zeros((len(arm), 1)), arm, cluster=cluster)
    plan = builders.plan(of, np.full((len(arm), 2), 0.5), "randomised", ("all",))

    assert list(share.drawn_units(of)) == [10, 10]
    assert share.check(declared(of, plan, (0.5, 0.5)))[0].verdict == "passed"


@pytest.mark.parametrize(
    ("overall", "points"), [(0.0, 5.7), (0.08, 6.3), (0.2, 5.4), (0.305, 4.05), (0.57, 0), (0.9, 0)]
)
def test_the_boundary_is_that_of_the_handbook(overall, points):
    """Standards Handbook 4.0, table II.1, cautious; between whole points on a line."""
    assert attrition.boundary(overall) == pytest.approx(points / 100)


@pytest.mark.parametrize(
    ("lost", "verdict"), [((0, 0), "passed"), ((100, 110), "passed"), ((60, 140), "failed"), ((300, 300), "failed")]
)
def test_unequal_loss_fails(lost, verdict):
    """500 a side: 10 points more lost on one side fails, and so does losing 60 % of both; 2 points do not."""
    of, plan = builders.randomised(1000, 1, seed=1)
    observed = np.ones(1000, dtype=bool)
    for arm, number in enumerate(lost):
        observed[np.flatnonzero(of.arm == arm)[:number]] = False

    (check,) = attrition.check(plan, builders.followed(of, np.zeros(1000), observed))

    assert check.verdict == verdict
    assert check.statistic == pytest.approx(abs(lost[1] - lost[0]) / 500)


def test_a_file_of_people_who_stayed_says_nothing_of_those_who_left():
    """Job Corps' weekly file holds only people followed throughout: not informative, which caps."""
    of, plan = builders.randomised(100, 1, seed=1)
    asked = replace(of.question, table=Table("weekly.csv", remarks=("followed_only",)))
    plan = replace(plan, drawn=replace(of, question=asked))

    assert [c.verdict for c in attrition.check(plan, builders.followed(plan.drawn, np.zeros(100)))] == [
        "not_informative"
    ]


@pytest.mark.parametrize(("number", "verdict"), [(4, "failed"), (30, "passed")])
def test_few_clusters_close(number, verdict):
    """Two clusters a side have 2 degrees of freedom, fifteen have enough."""
    rng = np.random.default_rng(1)
    cluster = np.repeat(np.arange(number), 40)
    arm = cluster % 2
    of = builders.drawn(np.zeros((len(arm), 0)), arm, cluster=cluster)
    plan = builders.plan(of, np.full((len(arm), 2), 0.5), "randomised", ("all",))
    estimates = randomised.estimate(plan, builders.followed(of, rng.normal(size=len(arm))))

    assert [c.verdict for c in clusters.check(plan, estimates)] == [verdict]


def test_persons_are_no_clusters():
    """Where persons were drawn there is nothing to look at."""
    of, plan = builders.randomised(100, 1, seed=1)
    estimates = randomised.estimate(plan, builders.followed(of, np.zeros(100)))

    assert [c.verdict for c in clusters.check(plan, estimates)] == ["not_applicable"]


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (ArmFacts("training"), "not_applicable"),
        (ArmFacts("training", wait_days=20.0), "passed"),
        (ArmFacts("training", wait_days=45.0), "not_informative"),
        (ArmFacts("training", wait_days=45.0, never_started=0.1), "passed"),
    ],
)
def test_a_clock_that_starts_late_is_not_informative(facts, verdict):
    """Only where starts are compared and people waited long; an offer as time zero loses nobody."""
    of, plan = builders.randomised(100, 1, seed=1)

    assert [c.verdict for c in wait.check(replace(plan, drawn=replace(of, facts=(facts,))))] == [verdict]
