"""A corner of three variables that moves starting is found from arms alone, and mostly nothing is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from builders import drawn, followed
from numpy.typing import NDArray

from watwerkt.effects import interactions
from watwerkt.effects.designs import adjusted
from watwerkt.effects.nouns import Settings
from watwerkt.sample.nouns import Drawn

Floats = NDArray[np.float64]


def people(strength: float, seed: int, n: int = 3000) -> tuple[Drawn, Floats]:
    """People with four yes-or-no columns and a number; starting leans on the parity of three of them, and its sign."""
    rng = np.random.default_rng(seed)
    sides = (rng.random((n, 4)) < 0.5) * 1.0
    x = np.column_stack([sides, rng.normal(size=n)])
    parity = np.prod(2 * sides[:, :3] - 1, axis=1)
    arm = (strength * parity + 0.5 * x[:, 4] - 1.2 > rng.logistic(size=n)).astype(np.int64)
    one = drawn(x, arm)
    binary = np.array([True, True, True, True, False])
    return replace(one, covariates=replace(one.covariates, binary=binary)), parity


def prepared(one: Drawn, products: int = 150) -> Drawn:
    """The rows that a plan works with."""
    return adjusted.prepare(one, Settings(products=products)).drawn


def test_a_corner_that_sets_an_arm_apart_becomes_a_covariate() -> None:
    """The parity itself, or its opposite, is among the new columns."""
    one, parity = people(0.8, seed=1)

    found = prepared(one).covariates
    new = found.x[:, one.covariates.x.shape[1] :]

    assert new.shape[1] == 1
    assert abs(np.corrcoef(new[:, 0], parity)[0, 1]) > 0.999
    assert found.names[-1] == " × ".join(one.covariates.block[:3]) + " 1"


def test_where_no_corner_matters_nothing_is_added() -> None:
    """At 5 % over all triples: in 40 draws no more than a few."""
    found = [prepared(people(0.0, seed)[0]).covariates.x.shape[1] > 5 for seed in range(40)]

    assert sum(found) <= 6


def test_without_products_there_are_no_corners() -> None:
    """Plain regressions are asked for by the same setting."""
    one, _ = people(0.8, seed=1)

    assert prepared(one, products=0) is one


def test_a_hidden_corner_biases_and_a_found_one_does_not() -> None:
    """The parity moves the outcome too; with corners the effect of 0 is within four standard errors of 0."""
    one, parity = people(0.8, seed=3)
    y = 0.8 * parity + np.random.default_rng(4).normal(size=len(one))
    z = {}
    for products in (0, 150):
        plan = adjusted.prepare(one, Settings(products=products))
        family = next(f for f in adjusted.estimate(plan, followed(one, y)).families if f.target == "treated")
        z[products] = float(family.theta[0] / family.V[0, 0] ** 0.5)

    assert abs(z[0]) > 6
    assert abs(z[150]) < 4


def test_the_order_of_columns_changes_nothing_but_names() -> None:
    """A test of every triple has no first one."""
    one, _ = people(0.8, seed=1)
    c, order = one.covariates, [4, 2, 0, 3, 1]
    turned = replace(
        c,
        x=c.x[:, order],
        binary=c.binary[order],
        names=tuple(c.names[i] for i in order),
        block=tuple(c.block[i] for i in order),
    )

    e = adjusted.prepare(one, Settings(products=0)).e
    found = [interactions.missed(d, e) for d in (one, replace(one, covariates=turned))]

    assert [set(triple) for triple in found[0]] == [set(triple) for triple in found[1]]


def test_a_part_of_a_large_side_counts_for_all_of_it() -> None:
    """Among 500 starters and 20,000 others with one chance for all, 1 - f and -f cancel in the part that is looked at,
    so that a column which only starters' number moves does not stand out."""
    arm = np.repeat([0, 1], [20_000, 500])
    one = drawn(np.random.default_rng(6).normal(size=(len(arm), 3)), arm)
    e = np.tile([20_000 / 20_500, 500 / 20_500], (len(arm), 1))

    ((u, at),) = interactions.residuals(one, e)

    assert len(at) < len(arm)
    assert abs(u.sum()) < 1e-6
    assert u[arm[at] == 1].sum() > 400
