"""Small experiments whose truth is known: intervals and bands hold it as often as they say. Part of `make test`."""

from __future__ import annotations

from dataclasses import dataclass

import experiments
import numpy as np
import pytest
from experiments import Floats, estimated, family

from watwerkt.effects.summaries import summarise

WORLDS = 300
MONTHS = tuple(range(1, 9))
TRUTH = np.linspace(-0.3, 0.3, len(MONTHS))
TRUTH_TOTAL = float(TRUTH.sum())


@dataclass(frozen=True)
class Scheme:
    """How many people, which share in the arm, how many clusters (0: people are drawn), covariates or none."""

    n: int
    share: float = 0.5
    clusters: int = 0
    adjusted: bool = False


SCHEMES = {
    "thirty a side": Scheme(60),
    "fifteen against forty-five": Scheme(60, share=0.25),
    "fifty a side, Lin": Scheme(100, adjusted=True),
    "twelve clusters": Scheme(120, clusters=12),
    "twenty clusters, six in the arm": Scheme(200, share=0.3, clusters=20),
}


def world(scheme: Scheme, seed: int) -> tuple[np.ndarray, np.ndarray, Floats, Floats]:
    """Arm, cluster, covariates, outcomes: months hang together, and the arm's spread is half as large again."""
    rng = np.random.default_rng([seed, scheme.n])
    units = scheme.clusters or scheme.n
    cluster = np.arange(scheme.n) * units // scheme.n
    arm = (rng.permutation(units) < round(scheme.share * units)).astype(int)[cluster]
    x = rng.normal(size=(scheme.n, 2))
    shared = rng.normal(size=units)[cluster] * (0.5 if scheme.clusters else 0.0)
    state, y = rng.normal(size=scheme.n), np.empty((scheme.n, len(MONTHS)))
    for m, effect in enumerate(TRUTH):
        state = 0.8 * state + 0.6 * rng.normal(size=scheme.n)
        y[:, m] = x @ [0.7, 0.3] + shared + state * (1 + 0.5 * arm) + effect * arm
    return arm, cluster, x if scheme.adjusted else x[:, :0], y


@pytest.mark.parametrize("name", SCHEMES)
def test_intervals_and_bands_hold_the_truth(name: str) -> None:
    """Pointwise, over all months at once, and for the total: 95 of 100, within Monte-Carlo error, at any size."""
    asked = experiments.question(2, months=MONTHS)
    pointwise, band, total = [], [], []
    for seed in range(WORLDS):
        arm, cluster, x, y = world(SCHEMES[name], seed)
        found = family(estimated(experiments.drawn(arm, x, asked=asked, cluster=cluster), y))
        effects = summarise(found, "randomised", asked, seed=1).effects
        at = [e for e in effects if e.cell.measure == "at"]
        whole = [e for e in effects if e.cell.measure == "total"][-1]
        pointwise.append(np.mean([e.low <= t <= e.high for e, t in zip(at, TRUTH, strict=True)]))  # type: ignore[operator]
        band.append(all(e.band_low <= t <= e.band_high for e, t in zip(at, TRUTH, strict=True)))  # type: ignore[operator]
        total.append(whole.low <= TRUTH_TOTAL <= whole.high)  # type: ignore[operator]

    error = np.sqrt(0.95 * 0.05 / WORLDS)
    assert np.mean(pointwise) == pytest.approx(0.95, abs=2 * error)
    assert np.mean(band) >= 0.95 - 3 * error
    assert np.mean(total) == pytest.approx(0.95, abs=3 * error)
