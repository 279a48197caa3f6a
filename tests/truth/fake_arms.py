"""How often fake arms raise a false alarm, and what they catch: the calibration of the check's bounds.

    python tests/truth/fake_arms.py --sets 200 --replications 40 --out docs/truth/fake-arms.md

Each data set is a register of 2,500 invented people of the small world with offers twice as frequent, read, drawn and
followed for a year like any answer. Three scenarios beside the honest one: a hidden trait, which this check must not
see; an estimator that is linear and knows no propensity; and one that adjusts for nothing. Every tenth data set of the
honest number is run in the others (or --others). Two processes; results go to --raw as they come, and a run goes on
where it stopped.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from coverage import question
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from watwerkt import effects, sample
from watwerkt.effects import fakes
from watwerkt.effects.checks import fake_arms
from watwerkt.effects.nouns import Settings
from watwerkt.register import read
from watwerkt.synthetic import make, worlds, write
from watwerkt.synthetic.world import World

Floats = NDArray[np.float64]
PEOPLE, TIMES, HORIZON = 2_500, 2.0, 12
SCENARIOS = ("honest", "hidden", "linear", "nothing")
SAYS = {
    "honest": "honest, dynamic selection on recorded history",
    "hidden": "hidden trait in selection and in finding work",
    "linear": "honest; estimator linear, without a propensity",
    "nothing": "honest; estimator adjusts for nothing",
}


class Linear:
    """Weighted least squares on the columns as they are."""

    def fit(self, X: Floats, y: Floats, sample_weight: Floats | None = None) -> Linear:
        """Learn."""
        w = np.ones(len(X)) if sample_weight is None else sample_weight
        a = np.column_stack([np.ones(len(X)), X - X.mean(0)])
        self.mean = X.mean(0)
        gram = (a * w[:, None]).T @ a
        self.b = np.linalg.solve(gram + 1e-8 * np.trace(gram) / len(gram) * np.eye(len(gram)), a.T @ (w * y))
        return self

    def predict(self, X: Floats) -> Floats:
        """Predict."""
        return np.asarray(self.b[0] + (X - self.mean) @ self.b[1:])


class Mean:
    """The mean of everybody."""

    def fit(self, X: Floats, y: Floats, sample_weight: Floats | None = None) -> Mean:
        """Learn."""
        self.mean = float(np.average(y, weights=sample_weight))
        return self

    def predict(self, X: Floats) -> Floats:
        """Predict."""
        return np.full(len(X), self.mean)


class Shares:
    """The same chance for everybody: no propensity at all."""

    def fit(self, X: Floats, y: NDArray[np.int64], sample_weight: Floats | None = None) -> Shares:
        """Learn."""
        self.classes_ = np.unique(y)
        self.share = np.array([np.average(y == k, weights=sample_weight) for k in self.classes_])
        return self

    def predict_proba(self, X: Floats) -> Floats:
        """Predict."""
        return np.tile(self.share, (len(X), 1))


LEARNERS = {"linear": (Linear(), Shares()), "nothing": (Mean(), Shares())}


@dataclass(frozen=True)
class Result:
    """One arm of one data set: draws covered, mean and spread of z by month 0 … 12."""

    scenario: str
    seed: int
    arm: str
    draws: int
    covered: int
    mean: list[float]
    spread: list[float]

    @property
    def mean_z(self) -> float:
        """At the primary month, the last."""
        return self.mean[-1]


def world(scenario: str) -> World:
    """The small world, with offers twice as frequent; or the world with a hidden trait, likewise."""
    of = worlds.hidden(1.0) if scenario == "hidden" else worlds.small()
    base = {arm.name: arm.rate for arm in worlds.small().arms}
    return replace(of, arms=tuple(replace(arm, rate=TIMES * base[arm.name]) for arm in of.arms))


def one(task: tuple[str, int, int]) -> list[Result]:
    """One data set: its fake arms, those that the check would look at."""
    scenario, seed, draws = task
    with threadpool_limits(limits=1), tempfile.TemporaryDirectory() as folder:
        write(make(world(scenario), PEOPLE, seed), Path(folder))
        register, asked = read(folder), question(HORIZON)
        drawn = sample.draw(asked, register, seed)
        followed = sample.follow(drawn, register, sample.seal(asked, drawn.exclusions))
        (plan,) = effects.prepare(drawn, Settings(seed=seed))
        arms = tuple(drawn.arms.index(c.arm) for c in fake_arms.contrasts(plan))
        if scenario in LEARNERS:
            plan = replace(plan, settings=Settings(seed=seed, learner=LEARNERS[scenario]))
        if not arms:
            return []
        found = fakes.looks(fakes.untreated(plan, followed, arms), draws)
    with np.errstate(all="ignore"):
        mean, spread = np.nanmean(found.z, axis=0), np.nanstd(found.z, axis=0, ddof=1)
    return [
        Result(scenario, seed, drawn.arms[a], draws, int(found.covered[:, i].sum()), mean[i].tolist(), spread[i].tolist())
        for i, a in enumerate(arms)
    ]
