"""Balance and prognosis: they never fail a sound draw more often than they say, and they see groups that differ."""

from __future__ import annotations

from dataclasses import replace

import builders
import numpy as np
import pytest

from watwerkt.effects.checks import balance, prognosis
from watwerkt.effects.checks.levels import level


def failed(checks):
    """Whether any of them failed."""
    return any(c.verdict == "failed" for c in checks)


def test_sound_randomisations_are_not_failed():
    """30 covariates, 500 v. 500: max |smd| ≤ .10 fails .975 of these (ref k), the rule at most its level."""
    draws = 200
    plans = [builders.randomised(1000, 30, seed)[1] for seed in range(draws)]
    wrong = sum(failed(balance.check(plan)) for plan in plans)
    crude = sum(_largest_smd(plan) > 0.10 for plan in plans)

    assert wrong / draws <= level(plans[0])
    assert crude / draws > 0.9


def _largest_smd(plan) -> float:
    x, arm = plan.drawn.covariates.x, plan.drawn.arm
    return float(np.abs(x[arm == 1].mean(0) - x[arm == 0].mean(0)).max())


def test_at_the_margin_it_fails_at_most_its_level():
    """The hardest sound case: a difference of exactly .10 in every one of 5 covariates, 2,000 v. 2,000."""
    draws, wrong = 200, 0
    for seed in range(draws):
        of, plan = builders.randomised(4000, 5, seed)
        x = of.covariates.x + balance.MARGIN * of.arm[:, None]
        wrong += failed([_judged(plan, x, "treated")])

    assert wrong / draws <= 0.025 + 3 * np.sqrt(0.025 * 0.975 / draws)


def _judged(plan, x, target):
    contrast = replace(plan.contrasts[0], target=target, weight_target=plan.contrasts[0].weight_with)
    rule = balance.Rule("balance", balance.MARGIN, 0.025)
    return balance.judged(plan, contrast, balance.columns(x, plan.drawn), rule)


def test_a_group_that_differs_is_seen():
    """.45 of a standard deviation in one of 30 covariates, 500 v. 500: nearly always."""
    seen = 0
    for seed in range(40):
        of, plan = builders.randomised(1000, 30, seed)
        x = of.covariates.x.copy()
        x[:, 0] += 0.45 * of.arm
        seen += failed([_judged(plan, x, "treated")])

    assert seen >= 36


@pytest.mark.parametrize("target", ["treated", "all"])
def test_weights_that_balance_pass_and_none_fail(target):
    """Selection on a covariate: balanced by the propensity, unbalanced by a constant one."""
    of, e = builders.selected(3000, 0.8, seed=3)
    flat = np.tile(e.mean(axis=0), (len(of), 1))

    assert not failed(balance.check(builders.plan(of, e, targets=(target,))))
    assert failed(balance.check(builders.plan(of, flat, targets=(target,))))


def test_a_category_of_three_people_fails_nobody():
    """All three in one arm by chance: its error is that of the arm's size, not of its own three zeros."""
    of, plan = builders.randomised(400, 2, seed=1)
    x = np.zeros((400, 1))
    x[np.flatnonzero(of.arm == 1)[:3]] = 1.0

    assert not failed([_judged(plan, x, "treated")])


def test_clusters_that_were_drawn_whole_are_not_failed():
    """20 clusters of 50 who share a trait: counted by person they would fail, by cluster they do not."""
    rng = np.random.default_rng(2)
    cluster = np.repeat(np.arange(20), 50)
    wrong = 0
    for _ in range(60):
        arm = rng.permutation(np.repeat([0, 1], 10))[cluster]
        x = rng.normal(size=20)[cluster][:, None] + 0.1 * rng.normal(size=(1000, 1))
        of = builders.drawn(x, arm, cluster=cluster)
        wrong += failed(balance.check(builders.plan(of, np.full((1000, 2), 0.5), "randomised", ("all",))))

    assert wrong <= 3


def test_without_covariates_there_is_nothing_to_look_at():
    """Not applicable, and it costs nothing."""
    of = builders.drawn(np.zeros((100, 0)), np.tile([0, 1], 50))
    plan = builders.plan(of, np.full((100, 2), 0.5))

    assert [c.verdict for c in balance.check(plan)] == ["not_applicable"]
    assert [c.verdict for c in prognosis.check(plan, builders.followed(of, np.zeros(100)))] == ["not_applicable"]


def test_a_constant_column_adds_nothing():
    """A column that does not vary is neither balanced nor unbalanced."""
    of = builders.drawn(np.full((100, 1), 0.1), np.tile([0, 1], 50))

    checks = balance.check(builders.plan(of, np.full((100, 2), 0.5)))

    assert {c.verdict for c in checks} == {"not_applicable"}


def test_sidak_is_exact_for_independent_columns():
    """P(max of 30 |z| > c) = the level."""
    z = np.abs(np.random.default_rng(1).normal(size=(40_000, 30))).max(axis=1)

    assert np.mean(z > balance.quantile(30, 0.05, 1e6)) == pytest.approx(0.05, abs=0.004)


def test_prospects_that_point_one_way_are_seen():
    """Ten covariates each .12 apart, all predicting earnings: balance lets them pass one by one, prognosis does not."""
    rng = np.random.default_rng(4)
    of, plan = builders.randomised(3000, 10, seed=4)
    x = of.covariates.x + 0.12 * of.arm[:, None]
    of = replace(of, covariates=builders.covariates(x))
    y = x.sum(axis=1) + rng.normal(size=3000)
    treated = replace(plan.contrasts[0], target="treated", weight_target=plan.contrasts[0].weight_with)
    plan = replace(plan, drawn=of, contrasts=(treated,))

    assert not failed(balance.check(plan))
    assert failed(prognosis.check(plan, builders.followed(of, y)))


def test_equal_prospects_are_not_failed():
    """Sound randomisations of 200 v. 200, where a bare |smd| ≤ .05 fails most: at most the level, effect or none."""
    wrong = bare = 0
    for seed in range(40):
        of, plan = builders.randomised(400, 10, seed)
        y = of.covariates.x.sum(axis=1) + 2.0 * of.arm + np.random.default_rng(seed).normal(size=400)
        checks = prognosis.check(plan, builders.followed(of, y))
        mu = prognosis.index(plan, builders.followed(of, y))
        bare += abs(mu[of.arm == 1].mean() - mu[of.arm == 0].mean()) / mu.std() > 0.05
        wrong += failed(checks)

    assert wrong <= 40 * level(plan)
    assert bare > 16


def test_the_index_knows_no_effect_and_no_missing_outcome():
    """It is fitted in the comparison on known outcomes: an effect of 100 and absurd unknown ones change nothing."""
    of, plan = builders.randomised(400, 3, seed=1)
    y = of.covariates.x.sum(axis=1)
    observed = np.random.default_rng(1).uniform(size=400) < 0.9
    one = prognosis.index(plan, builders.followed(of, y, observed))

    other = prognosis.index(plan, builders.followed(of, np.where(observed, y + 100.0 * of.arm, 1e6), observed))

    assert other == pytest.approx(one, abs=1e-4)
