"""A small world of panels for tests of `adjusted`: invented people, selection on what is known, planted effects."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from builders import drawn, question
from numpy.typing import NDArray

from watwerkt.dossier import Outcome, Population, Primary, Time
from watwerkt.effects.nouns import Estimates, Family
from watwerkt.sample.nouns import Drawn, Followed, Group, Panel

Floats = NDArray[np.float64]
ARMS = ("not_now", "short", "long")
MONTHS = (0, 1, 2, 3)
EFFECT = np.array([0.0, 0.15, -0.10])  # of each arm on work, in every month


@dataclass(frozen=True)
class World:
    """How it is made: rows a person, whether the comparison is a sample of one in four, arms."""

    persons: int = 600
    seed: int = 1
    rows: int = 1
    rate: float = 1.0
    arms: tuple[str, ...] = ARMS
    strength: float = 0.6


def asked(arms: tuple[str, ...] = ARMS) -> object:
    """Each arm against not now, on work and on a number, by month."""
    return question(
        arms,
        outcomes=(Outcome("work", "employed"), Outcome("pay", "earnings")),
        table=None,
        population=Population(),
        time=Time(zero="each month", horizon=MONTHS[-1], primary=Primary("work", MONTHS[-1])),
    )


DEFAULT = World()


def world(how: World = DEFAULT) -> tuple[Drawn, Followed]:
    """Drawn and followed. Effects are the same for everybody, so that every target has the same truth."""
    rng = np.random.default_rng(how.seed)
    person = np.repeat(np.arange(how.persons), how.rows)
    x = rng.normal(size=(how.persons, 5))
    x[:, 3:] = x[:, 3:] > 0
    x = x[person]
    K = len(how.arms)
    eta = np.zeros((len(person), K))
    eta[:, 1:] = -1.0 + how.strength * x[:, :1] * np.array([1.0, 0.7])[: K - 1] + 0.3 * x[:, 3:4]
    share = np.exp(eta) / np.exp(eta).sum(1, keepdims=True)
    arm = (rng.random((len(person), 1)) > share.cumsum(1)).sum(1)
    kept = (arm > 0) | (rng.random(len(arm)) < how.rate)
    person, x, arm = person[kept], x[kept], arm[kept]
    level = 0.45 + 0.12 * np.tanh(x[:, 0]) + 0.08 * x[:, 3] + EFFECT[arm]
    work = rng.random((len(arm), len(MONTHS))) < level[:, None]
    pay = 10 * level[:, None] + rng.normal(size=work.shape)
    rate = np.ones((len(arm), K))
    rate[:, 0] = how.rate
    of = drawn(
        x, arm, asked(how.arms), person=person, cluster=person, rate=rate,  # type: ignore[arg-type]
        weight=1 / rate[np.arange(len(arm)), arm], ident=np.array([f"p{p:06d}" for p in person]),
        key=np.array([f"p{p:06d}/{i:06d}" for i, p in enumerate(person)]),
        groups=(Group("sex", ("man", "woman"), x[:, 4].astype(np.int64)),),
    )  # fmt: skip
    panels = (Panel("work", MONTHS, work.astype(np.float32)), Panel("pay", MONTHS, pay.astype(np.float32)))
    later = np.where((arm == 0) & (rng.random(len(arm)) < 0.3), rng.integers(1, 4, len(arm)), -1)
    return of, Followed(of, panels, later)


def rows(of: Drawn, at: NDArray[np.int64], person: NDArray[np.int64] | None = None) -> Drawn:
    """Rows ``at`` of a sample, in that order."""
    c = of.covariates
    arrays = {
        name: getattr(of, name)[at]
        for name in ("key", "arm", "person", "cluster", "stratum", "weight", "rate", "ident", "zero")
    }
    groups = tuple(replace(group, code=group.code[at]) for group in of.groups)
    return replace(of, **arrays, covariates=replace(c, x=c.x[at]), groups=groups)


def also(of: Followed, at: NDArray[np.int64]) -> Followed:
    """The same rows followed."""
    panels = tuple(replace(p, y=p.y[at], observed=None if p.observed is None else p.observed[at]) for p in of.panels)
    return Followed(rows(of.drawn, at), panels, None if of.later is None else of.later[at])


def family(of: Estimates, arm: str, target: str = "treated", outcome: str = "work", group: str = "all") -> Family:
    """The path of one arm against not now."""
    return next(
        f
        for f in of.families
        if (f.arm, f.compared_with, f.target, f.outcome) == (arm, "not_now", target, outcome)
        and f.cells[0].group == group
        and f.cells[0].measure == "at"
    )


@dataclass(frozen=True)
class Silence:
    """Who answers a questionnaire: ``by_x`` the log-odds of an answer by the first covariate in each arm, ``by_y`` by
    the outcome itself, ``level`` without either."""

    by_x: tuple[float, ...] = (0.8, 1.1, 0.8)
    by_y: float = 0.0
    level: float = 0.5


GAIN = 1.0  # of a standard deviation of the first covariate in the effect of `short` and `long` on wellbeing


def questionnaire(seed: int, silence: Silence | None, persons: int = 2000) -> Followed:
    """Wellbeing in two waves (months 0, 1 and 2, 3), answered by some. What the arms do grows with the first covariate,
    and so does the chance of an answer: whoever answers gained more than the others did."""
    of, _ = world(World(persons=persons, seed=seed, strength=0.4))
    rng = np.random.default_rng([seed, 7])
    x, arm = of.covariates.x[:, 0], of.arm
    gain = (arm > 0) * (0.5 + GAIN * x)
    y = (0.5 * x + gain)[:, None] + rng.normal(size=(len(of), len(MONTHS)))
    y[:, 1], y[:, 3] = y[:, 0], y[:, 2]
    if silence is None:
        observed = None
    else:
        slope = np.array(silence.by_x)[arm]
        odds = silence.level + (slope * x)[:, None] + silence.by_y * y
        luck = np.repeat(rng.logistic(size=(len(of), 2)), 2, axis=1)
        observed = odds > luck
        y = np.where(observed, y, np.nan)
    asked_ = replace(of.question, outcomes=(Outcome("wellbeing", "measure"),), time=replace(
        of.question.time, primary=Primary("wellbeing", MONTHS[-1])))  # fmt: skip
    of = replace(of, question=asked_)
    return Followed(of, (Panel("wellbeing", MONTHS, y.astype(np.float32), observed),))


def gained(arm: str, target: str, people: int = 400_000) -> float:
    """The planted effect on wellbeing in a target population, from many other people."""
    of = questionnaire(12345, None, people).drawn
    x = of.covariates.x[:, 0]
    inside = of.arm == of.arms.index(arm) if target == "treated" else np.ones(len(of), dtype=bool)
    return float(0.5 + GAIN * x[inside].mean())
