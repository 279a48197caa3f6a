"""What may never matter in an experiment: the order of rows, which arm is called the first, how people are counted."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import experiments
import numpy as np
import pytest
from experiments import Floats, estimated, family, se
from hypothesis import given, settings
from hypothesis import strategies as st

from watwerkt._numerics.cluster import fit, functional
from watwerkt.dossier import Effect
from watwerkt.effects.summaries import summarise

MONTHS = (1, 2, 3, 4)
seeds = st.integers(0, 10_000)


class World(NamedTuple):
    """Arms, covariates, strata, clusters of arms, weights and outcomes of a small experiment."""

    arm: np.ndarray
    x: Floats
    stratum: np.ndarray
    cluster: np.ndarray
    weight: Floats
    y: Floats


def world(seed: int, clustered: bool) -> World:
    """120 people in two strata; drawn one by one or in 40 clusters of 3."""
    rng = np.random.default_rng(seed)
    cluster = np.arange(120) // 3 if clustered else np.arange(120)
    arm = (rng.permutation(cluster.max() + 1) % 2)[cluster]
    stratum = (cluster % 5 == 0).astype(int)
    x = rng.normal(size=(120, 2))
    y = x @ [1.0, -0.5] + 0.4 * arm + rng.normal(size=120)
    return World(arm, x, stratum, cluster, rng.uniform(0.5, 2, 120), y[:, None] + rng.normal(size=(120, 4)))


def told(of: World, rows: np.ndarray | None = None, weight: Floats | None = None) -> tuple[Effect, ...]:
    """All effects of a1 against a0, in the order of the summary."""
    rows = np.arange(len(of.arm)) if rows is None else rows
    asked = experiments.question(2, months=MONTHS)
    people = experiments.drawn(
        of.arm[rows], of.x[rows], asked=asked, stratum=of.stratum[rows], cluster=of.cluster[rows],
        weight=(of.weight if weight is None else weight)[rows],
    )  # fmt: skip
    found = estimated(people, of.y[rows])
    return tuple(e for f in found.families for e in summarise(f, "randomised", asked, seed=1).effects)


def numbers(effects: tuple[Effect, ...], *names: str) -> Floats:
    """(E, names) fields of effects, NaN where there is none."""
    return np.array([[getattr(e, name) if getattr(e, name) is not None else np.nan for name in names] for e in effects])


@given(seed=seeds, clustered=st.booleans())
@settings(max_examples=15, deadline=None)
def test_row_order(seed: int, clustered: bool) -> None:
    """Rows in any order: the same estimates, errors, intervals and bands."""
    of = world(seed, clustered)
    order = np.random.default_rng(seed + 1).permutation(120)
    names = ("estimate", "std_error", "low", "high", "band_low", "band_high", "level_without")

    assert numbers(told(of, order), *names) == pytest.approx(numbers(told(of), *names), nan_ok=True, abs=1e-9)


@given(seed=seeds, clustered=st.booleans())
@settings(max_examples=15, deadline=None)
def test_swapped_arms_flip_every_sign(seed: int, clustered: bool) -> None:
    """The other way round everything but the errors turns over: effects, intervals, bands, totals."""
    of = world(seed, clustered)
    here = tuple(e for e in told(of) if e.target == "all" and e.cell.measure != "break_even")
    there = tuple(e for e in told(of._replace(arm=1 - of.arm)) if e.target == "all" and e.cell.measure != "break_even")
    turned = numbers(there, "estimate", "high", "low", "band_high", "band_low")

    assert numbers(here, "estimate", "low", "high", "band_low", "band_high") == pytest.approx(
        -turned, nan_ok=True, abs=1e-6
    )
    assert numbers(here, "std_error", "level") == pytest.approx(numbers(there, "std_error", "level_without"), abs=1e-6)


@given(seed=seeds)
@settings(max_examples=15, deadline=None)
def test_a_copied_person_is_weight_two(seed: int) -> None:
    """Everybody twice in the table, or once with twice the weight: the same estimates, and the same CR0 by person."""
    of = world(seed, clustered=False)
    chosen = np.random.default_rng(seed).random(120) < 0.3
    rows = np.concatenate([np.arange(120), np.flatnonzero(chosen)])
    X = np.column_stack([np.ones(120), of.arm, of.x])
    found = []
    for take, w in ((rows, np.ones(len(rows))), (np.arange(120), 1.0 + chosen)):
        fitted = fit(X[take], of.y[take], w)
        found.append(functional(fitted, np.array([0.0, 1, 0, 0]), np.arange(120)[take], 120, "CR0"))
    copied, weighted = found

    assert copied.value == pytest.approx(weighted.value)
    assert pytest.approx(copied.covariance, rel=1e-8) == weighted.covariance


@given(seed=seeds, by=st.floats(0.01, 100))
@settings(max_examples=15, deadline=None)
def test_units_do_not_matter(seed: int, by: float) -> None:
    """Dollars or thousands of dollars: effects and errors scale with the unit, break-even stays where it is."""
    of = world(seed, clustered=False)
    here, there = told(of), told(of._replace(y=of.y * by))
    scaled = tuple(e for e in here if e.cell.measure != "break_even")
    other = tuple(e for e in there if e.cell.measure != "break_even")

    assert by * numbers(scaled, "estimate", "std_error", "band_low") == pytest.approx(
        numbers(other, "estimate", "std_error", "band_low"), rel=1e-4, abs=1e-6 * by, nan_ok=True
    )
    assert [(e.reason, e.estimate) for e in here if e.cell.measure == "break_even"] == [
        (e.reason, e.estimate) for e in there if e.cell.measure == "break_even"
    ]


@given(seed=seeds)
@settings(max_examples=15, deadline=None)
def test_weights_matter_up_to_a_factor(seed: int) -> None:
    """All weights doubled change nothing: neither estimate nor error."""
    of = world(seed, clustered=False)
    names = ("estimate", "std_error", "band_high")

    assert numbers(told(of, weight=2 * of.weight), *names) == pytest.approx(numbers(told(of), *names), nan_ok=True)


@given(seed=seeds)
@settings(max_examples=15, deadline=None)
def test_clusters_of_one_are_people(seed: int) -> None:
    """CR2 with every person a cluster is HC2, whatever the codes are called."""
    of = world(seed, clustered=False)
    named = of._replace(cluster=1000 - 7 * np.arange(120))
    one, other = (family(estimated(experiments.drawn(w.arm, w.x, cluster=w.cluster), w.y[:, 0])) for w in (of, named))

    assert se(one) == pytest.approx(se(other))
    assert one.df == pytest.approx(other.df)


def test_drawn_again_the_same() -> None:
    """The same people, asked twice: the same numbers to the last bit."""
    of = world(3, clustered=True)

    assert [replace(e) for e in told(of)] == list(told(of))
