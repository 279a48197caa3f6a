"""The design `randomised`: what it plans before outcomes, whom it speaks of, and where it says that it cannot tell."""

from __future__ import annotations

import experiments
import numpy as np
import pytest
from experiments import Floats, estimated, family, of_arms, se

from watwerkt.effects.designs import difference, randomised
from watwerkt.effects.nouns import Plan, Settings
from watwerkt.sample.nouns import Group


def plan_of(arm: np.ndarray, **changes: object) -> Plan:
    """The plan, and nothing of outcomes."""
    return randomised.prepare(experiments.drawn(arm, **changes), Settings())


def people(n: int, K: int = 2, seed: int = 1, M: int = 0) -> tuple[np.ndarray, Floats, Floats]:
    """Arms, two covariates, and an outcome (n,) or (n, M) that they move."""
    rng = np.random.default_rng(seed)
    arm, x = rng.permutation(n) % K, rng.normal(size=(n, 2))
    y = x @ [1.0, 0.5] + 0.3 * arm + rng.normal(size=n)
    return arm, x, y if not M else y[:, None] + rng.normal(size=(n, M))


def test_shares_by_stratum() -> None:
    """e is the share of each arm in the row's own stratum; it is never fitted."""
    arm, stratum = np.array([0, 0, 0, 1, 0, 1]), np.array([7, 7, 7, 7, 9, 9])
    e = plan_of(arm, stratum=stratum).e

    assert e.tolist() == [[0.75, 0.25]] * 4 + [[0.5, 0.5]] * 2


def test_weights_stand_for_their_population() -> None:
    """On both sides weights sum to the target's, in every stratum: everybody, or those in the arm."""
    rng = np.random.default_rng(1)
    stratum = rng.integers(0, 3, 600)
    arm = (rng.random(600) < np.array([0.2, 0.5, 0.7])[stratum]).astype(int)
    plan = plan_of(arm, stratum=stratum, weight=rng.uniform(0.5, 2, 600))

    assert [c.target for c in plan.contrasts] == ["all", "treated"]
    for contrast in plan.contrasts:
        sums = [
            np.bincount(stratum, w) for w in (contrast.weight_with, contrast.weight_without, contrast.weight_target)
        ]
        assert sums[0] == pytest.approx(sums[2])
        assert sums[1] == pytest.approx(sums[2])


def test_one_lottery_has_one_target() -> None:
    """Without strata, or with equal shares in all, those offered are everybody on average: `all` alone."""
    arm = np.tile([0, 1, 1], 60)

    assert {c.target for c in plan_of(arm).contrasts} == {"all"}
    assert {c.target for c in plan_of(arm, stratum=np.repeat(np.arange(60), 3)).contrasts} == {"all"}


def test_every_arm_against_every_other() -> None:
    """Three arms and a comparison: each against it, and each against each other both ways."""
    plan = plan_of(np.arange(80) % 4)

    assert len(plan.contrasts) == 3 + 6
    assert {(c.arm, c.compared_with) for c in plan.contrasts} >= {("a1", "a0"), ("a2", "a3"), ("a3", "a2")}


def test_arms_against_each_other_by_their_joint_error() -> None:
    """A − B is the difference of both effects, with the variance of that difference, not the sum of variances."""
    arm, x, y = people(300, K=3)
    found = estimated(experiments.drawn(arm, x), y)
    one, across = family(found, "a1", "a2"), found.across[0]
    c = np.array([1.0, -1.0])

    assert one.theta[0] == pytest.approx(c @ across.theta)
    assert one.V[0, 0] == pytest.approx(c @ across.V @ c)


def test_lin_by_two_regressions() -> None:
    """Lin is the difference of two regressions' predictions at everybody's mean covariates."""
    arm, x, y = people(200)
    y = y.astype(np.float32).astype(float)
    X = np.column_stack([np.ones(200), x])
    levels = [X.mean(axis=0) @ np.linalg.lstsq(X[arm == k], y[arm == k], rcond=None)[0] for k in (0, 1)]
    one = family(estimated(experiments.drawn(arm, x), y))

    assert one.theta[0] == pytest.approx(levels[1] - levels[0])
    assert one.level_without[0] == pytest.approx(levels[0])


def test_design_weights_by_hajek() -> None:
    """With design weights the plain estimate is the difference of weighted means."""
    arm, _, y = people(200)
    y = y.astype(np.float32).astype(float)
    w = np.random.default_rng(2).uniform(0.5, 2, 200)
    one = family(estimated(experiments.drawn(arm, weight=w), y))

    means = [np.average(y[arm == k], weights=w[arm == k]) for k in (0, 1)]
    assert one.theta[0] == pytest.approx(means[1] - means[0])
    assert one.effective < 100


def test_matched_pairs() -> None:
    """Pairs: the variance of the differences within pairs, pairs − 1 degrees of freedom; also for pairs of clusters."""
    rng = np.random.default_rng(1)
    pair, arm = np.repeat(np.arange(40), 2), np.tile([0, 1], 40)
    y = (2 * np.repeat(rng.normal(size=40), 2) + 0.5 * arm + rng.normal(size=80)).astype(np.float32).astype(float)
    d = y[1::2] - y[::2]
    one = family(estimated(experiments.drawn(arm, stratum=pair), y))
    schools = [np.repeat(v, 5) for v in (arm, pair, np.arange(80))]
    many = family(estimated(experiments.drawn(schools[0], stratum=schools[1], cluster=schools[2]), np.repeat(y, 5)))

    for found in (one, many):
        assert found.theta[0] == pytest.approx(d.mean())
        assert se(found)[0] == pytest.approx(d.std(ddof=1) / np.sqrt(40))
        assert found.df == pytest.approx(39)
        assert found.clusters == 40


def test_a_lonely_person_closes() -> None:
    """A stratum where an arm has one person tells nothing about chance: closed as too few, not a small error."""
    arm, _, y = people(100)
    stratum = np.zeros(100, dtype=int)
    stratum[[np.flatnonzero(arm == 1)[0], *np.flatnonzero(arm == 0)[:5]]] = 1
    one = family(estimated(experiments.drawn(arm, stratum=stratum), y))

    assert one.closed == ("too_few",)
    assert np.isnan(one.V[0, 0])


def test_a_lonely_cluster_closes() -> None:
    """The same for a stratum where an arm has one cluster."""
    arm, stratum = np.repeat([0, 1, 0, 1, 0, 1, 0], 10), np.repeat([0, 0, 0, 0, 1, 1, 1], 10)
    y = np.random.default_rng(1).normal(size=70)
    one = family(estimated(experiments.drawn(arm, stratum=stratum, cluster=np.repeat(np.arange(7), 10)), y))

    assert one.closed == ("few_clusters",)


def test_nobody_in_a_stratum_closes_all_alone() -> None:
    """An arm that a stratum never drew has no effect on everybody; among its own people it has one."""
    arm, _, y = people(200)
    stratum = np.where((arm == 0) & (np.arange(200) % 3 == 0), 1, 0)
    found = estimated(experiments.drawn(arm, stratum=stratum), y)

    assert family(found).closed == ("no_support",)
    assert family(found, target="treated").closed == ("",)


def test_groups_are_experiments_of_their_own() -> None:
    """A declared group has its own regression, on its own people; one that lacks an arm is closed, not left out."""
    arm, x, y = people(300)
    code = np.where(arm == 0, 2, np.arange(300) % 2)
    code[(arm == 0) & (np.arange(300) % 3 > 0)] = 0
    found = estimated(experiments.drawn(arm, x, groups=(Group("sex", ("f", "m", "x"), code),)), y)
    women = code == 0
    alone = estimated(experiments.drawn(arm[women], x[women]), y[women])

    assert family(found, group="sex=f").theta == pytest.approx(family(alone).theta)
    assert family(found, group="sex=f").n == (women & (arm == 1)).sum()
    assert family(found, group="sex=m").closed == ("too_few",)


def test_months_that_some_are_not_seen_in() -> None:
    """Each month is estimated on those seen in it; a month nobody is seen in is closed."""
    arm, x, y = people(200, M=3)
    y = y.astype(np.float32).astype(float)
    seen = np.ones((200, 3), dtype=bool)
    seen[:40, 1] = False
    seen[:, 2] = False
    asked = experiments.question(2, months=(1, 2, 3))
    one = family(estimated(experiments.drawn(arm, x[:, :0], asked=asked), np.where(seen, y, np.nan), observed=seen))
    rest = np.arange(200) >= 40

    assert one.theta[1] == pytest.approx(y[rest & (arm == 1), 1].mean() - y[rest & (arm == 0), 1].mean())
    assert one.closed == ("", "", "not_covered")


def test_events_are_those_of_the_rarer_side() -> None:
    """Events and non-events of either side, whichever are fewest; for an amount, who has any."""
    arm = np.repeat([0, 1], 50)
    work = np.concatenate([np.arange(50) < 40, np.arange(50) < 3]).astype(float)

    assert family(estimated(experiments.drawn(arm), work)).events[0] == 3
    assert family(estimated(experiments.drawn(arm), 1 - work)).events[0] == 3
    assert family(estimated(experiments.drawn(arm), 900 * work)).events[0] == 3


def test_covariates_stay_out_of_tiny_arms() -> None:
    """Fewer than five people a column: the plain difference, not an overfitted one."""
    arm, x, y = people(40)
    many = np.hstack([x, np.random.default_rng(3).normal(size=(40, 6))])

    assert family(estimated(experiments.drawn(arm, many), y)).theta == pytest.approx(
        family(estimated(experiments.drawn(arm), y)).theta
    )


def test_columns_that_say_nothing_change_nothing() -> None:
    """A constant and a repeated covariate are left out without a word and without a difference."""
    arm, x, y = people(200)
    more = np.column_stack([x, x[:, 0], np.ones(200)])
    found, plain = (family(estimated(experiments.drawn(arm, z), y)) for z in (more, x))

    assert found.theta == pytest.approx(plain.theta)
    assert pytest.approx(plain.V) == found.V


def test_the_plain_difference_knows_nothing() -> None:
    """`difference` ignores strata, covariates and other arms: the number of a two-line table."""
    arm, x, y = people(300, K=3)
    y = y.astype(np.float32).astype(float)
    stratum = np.random.default_rng(5).integers(0, 2, 300)
    found = of_arms(estimated(experiments.drawn(arm, x, stratum=stratum), y, difference))
    means = [y[arm == k].mean() for k in range(3)]

    assert [f.theta[0] for f in found] == pytest.approx([means[1] - means[0], means[2] - means[0]])
    neyman = np.sqrt(sum(y[arm == k].var(ddof=1) / (arm == k).sum() for k in (0, 1)))
    assert se(found[0])[0] == pytest.approx(neyman)
