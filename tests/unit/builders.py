"""Small hand-made people, plans and estimates for tests of checks and opening: arrays in, nouns out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Arm, Exclusions, Outcome, Question, Step, Table, Time, Words
from watwerkt.effects.nouns import Contrast, Plan, Settings
from watwerkt.sample.nouns import Covariates, Drawn, Followed, Panel, Placebo

Floats = NDArray[np.float64]
ARMS = ("none", "training")


def question(arms: tuple[str, ...] = ARMS, **changes: object) -> Question:
    """A question on a prepared table: each arm against the first, on earnings."""
    parts = {
        "id": "small",
        "title": Words("Klein", "Small"),
        "arms": tuple(Arm(name) for name in arms),
        "compared_with": arms[0],
        "outcomes": (Outcome("earnings", "earnings", 0.5, column="earnings"),),
        "table": Table("small.csv"),
        "time": Time(),
    }
    return Question(**{**parts, **changes})  # type: ignore[arg-type]


def covariates(x: Floats) -> Covariates:
    """Columns x0, x1, … as they are; 0/1 columns are binary."""
    names = tuple(f"x{j}" for j in range(x.shape[1]))
    binary = np.array([np.isin(column, (0, 1)).all() for column in x.T], dtype=bool)
    return Covariates(names, names, x.astype(float), binary)


def drawn(x: Floats, arm: NDArray[np.int64], asked: Question | None = None, **changes: object) -> Drawn:
    """One row a person, drawn with certainty."""
    n, asked = len(arm), asked or question()
    names = (asked.compared_with, *(a.name for a in asked.treatments))
    people = np.arange(n)
    parts = {
        "question": asked,
        "snapshot": "0" * 64,
        "synthetic": True,
        "threshold": 10,
        "arms": names,
        "key": np.array([f"{i:07d}" for i in people]),
        "arm": arm.astype(np.int64),
        "person": people,
        "cluster": people,
        "stratum": np.zeros(n, dtype=np.int64),
        "weight": np.ones(n),
        "rate": np.ones((n, len(names))),
        "covariates": covariates(x),
        "exclusions": Exclusions((Step("read", "", n),)),
        "ident": np.array([f"{i:07d}" for i in people]),
        "zero": np.full(n, np.datetime64("NaT"), dtype="datetime64[D]"),
    }
    return Drawn(**{**parts, **changes})  # type: ignore[arg-type]


def followed(of: Drawn, y: Floats, observed: NDArray[np.bool_] | None = None) -> Followed:
    """The same people and one outcome without time, (n,)."""
    seen = None if observed is None else observed[:, None]
    return Followed(of, (Panel("earnings", (None,), y[:, None].astype(np.float32), seen),), None)


def placebo(y: Floats, of: Drawn, declared: bool = True, delta: float | None = 0.2) -> Placebo:
    """An earlier outcome, adjusted for all that the sample is."""
    return Placebo("earlier", y.astype(float), of.covariates, declared, delta)


def plan(of: Drawn, e: Floats, design: str = "adjusted", targets: tuple[str, ...] = ("treated", "all")) -> Plan:
    """Every arm against the comparison with weights from the propensities e (n, K) as they are given."""
    contrasts = tuple(contrast(of, e, a, target) for target in targets for a in range(1, len(of.arms)))
    fold = np.arange(len(of)) % 5
    return Plan(design, of, Settings(), fold, e, contrasts)


def contrast(of: Drawn, e: Floats, a: int, target: str) -> Contrast:
    """METHODS 2.1: the weights of arm a, of the comparison, and of the target."""
    mine, rest = (of.arm == a) * of.weight, (of.arm == 0) * of.weight
    ratio = np.where((of.arm == a) | (of.arm == 0), e[:, a] / e[:, 0], np.nan)
    if target == "treated":
        weights = mine, rest * e[:, a] / e[:, 0], mine
    else:
        weights = mine / e[:, a], rest / e[:, 0], of.weight
    return Contrast(of.arms[a], of.arms[0], target, *weights, ratio)  # type: ignore[arg-type]


def closed(of: Plan, reason: str, target: str) -> Plan:
    """The plan with the contrasts of one target closed by the design."""
    shut = (replace(c, closed=reason) if c.target == target else c for c in of.contrasts)
    return replace(of, contrasts=tuple(shut))


def randomised(n: int, p: int, seed: int, shares: tuple[float, ...] = (0.5, 0.5)) -> tuple[Drawn, Plan]:
    """n people, p covariates that have nothing to do with the arm, and the plan of that draw."""
    rng = np.random.default_rng(seed)
    arm = rng.permutation(np.repeat(np.arange(len(shares)), np.round(np.array(shares) * n).astype(int)))
    of = drawn(rng.normal(size=(len(arm), p)), arm)
    e = np.tile(np.bincount(arm) / len(arm), (len(arm), 1))
    return of, plan(of, e, "randomised", ("all",))


def selected(n: int, strength: float, seed: int, p: int = 4) -> tuple[Drawn, Floats]:
    """n people of whom those with a high first covariate start more often, and their true propensities (n, 2)."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, p))
    chance = 1 / (1 + np.exp(1.0 - strength * x[:, 0]))
    arm = (rng.uniform(size=n) < chance).astype(np.int64)
    return drawn(x, arm), np.stack([1 - chance, chance], axis=1)
