"""How often the interval for the wage of those who work either way holds the planted truth, and how wide it is.

    python tests/truth/lee.py --draws 1000 --out docs/truth/lee.md

Worlds where bounds are easy to get wrong: more work with the arm, or without it, or one here and the other there;
wages with ties at a floor; nobody selected at all. *Edge* worlds are the hardest: given the covariates, those who work
in one arm only earn the least of all (or the most), so that the truth lies on a bound and not between the two. Every
draw goes through the design's own ``prepare`` and the bounds of ``effects.bounds``, as an answer does.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parents[1]))

from experiments import drawn

from watwerkt.effects import bounds
from watwerkt.effects.designs import adjusted, randomised
from watwerkt.effects.nouns import Plan, Settings
from watwerkt.sample.nouns import Panel

Floats = NDArray[np.float64]
Marginal = Literal["lowest", "highest", "any"]

TRUTH_PEOPLE = 2_000_000
EFFECT = 0.05  # in log points, of those who work either way, more for some
FLOOR = 2.0


@dataclass(frozen=True)
class World:
    """``shift``: how much likelier work is with the arm; ``flip``: the other way for half of the people; ``marginal``:
    what those who work in one arm only earn; ``chance``: the draw decides, else covariates do."""

    name: str
    shift: float
    marginal: Marginal = "any"
    flip: bool = False
    ties: bool = False
    chance: bool = True
    people: int = 3000
    covariates: bool = True


WORLDS = (
    World("more work, truth inside", 0.10),
    World("more work, truth on the upper bound", 0.10, "lowest"),
    World("more work, truth on the lower bound", 0.10, "highest"),
    World("less work, truth on the lower bound", -0.10, "lowest"),
    World("less work, truth on the upper bound", -0.10, "highest"),
    World("more here, less there, truth inside", 0.12, flip=True),
    World("more here, less there, truth on the upper bound", 0.12, "lowest", flip=True),
    World("wage floor, truth on the upper bound", 0.10, "lowest", ties=True),
    World("nobody selected", 0.0),
    World(
        "more work, truth on the upper bound, 600 people, no covariates", 0.10, "lowest", people=600, covariates=False
    ),
    World(
        "less work, truth on the lower bound, 600 people, no covariates", -0.10, "lowest", people=600, covariates=False
    ),
    World("nobody selected, no covariates", 0.0, covariates=False),
    World("more work, truth on the upper bound", 0.10, "lowest", chance=False),
    World("less work, truth on the upper bound", -0.10, "highest", chance=False),
    World("more here, less there, truth on the upper bound", 0.12, "lowest", flip=True, chance=False),
    World("wage floor, truth on the upper bound", 0.10, "lowest", ties=True, chance=False),
    World("nobody selected", 0.0, chance=False),
)


@dataclass(frozen=True, eq=False)
class People:
    """Covariates ``x`` (n, 4), who got the arm, work and wages in either case, (n, 2), and the propensity."""

    x: Floats
    arm: NDArray[np.int64]
    work: NDArray[np.bool_]
    wage: Floats
    e: Floats


def people(world: World, n: int, rng: np.random.Generator) -> People:
    """Who would work is decided by one number u a person, so that given x nobody works without the arm only."""
    x = rng.normal(size=(n, 4))
    x[:, 3] = x[:, 3] > 0
    x = x if world.covariates else np.zeros_like(x)
    side = np.where(x[:, 3] > 0, 1.0, -1.0) if world.flip else 1.0
    without = 1 / (1 + np.exp(-(0.4 + 0.4 * x[:, 0] - 0.3 * x[:, 1])))
    shares = np.clip(np.stack([without - side * world.shift / 2, without + side * world.shift / 2], axis=1), 0.02, 0.98)
    u = rng.random(n)
    rank = {"lowest": side * (0.5 - u), "highest": side * (u - 0.5), "any": rng.random(n) - 0.5}[world.marginal]
    base = 2.5 + 0.25 * x[:, 0] + 0.15 * x[:, 2] + (0.8 + 0.3 * x[:, 3]) * rank
    effect = EFFECT + 0.05 * x[:, 2]
    wage = np.stack([base, base + effect], axis=1)
    wage = np.maximum(np.round(wage, 1), FLOOR) if world.ties else wage
    e = np.full(n, 0.5) if world.chance else 1 / (1 + np.exp(-(-0.6 + 0.5 * x[:, 0] + 0.4 * x[:, 3] - 0.3 * x[:, 2])))
    return People(x, (rng.random(n) < e).astype(np.int64), u[:, None] < shares, wage, e)


def truth(world: World) -> tuple[float, float]:
    """The effect for those who work either way in the population that leads, and their share."""
    all_ = people(world, TRUTH_PEOPLE, np.random.default_rng(0))
    weight = np.ones(TRUTH_PEOPLE) if world.chance else all_.e
    either = all_.work.all(axis=1) * weight
    return float(either @ (all_.wage[:, 1] - all_.wage[:, 0]) / either.sum()), float(either.sum() / weight.sum())


def planned(world: World, of: People, seed: int) -> Plan:
    """What the design makes of the people before any outcome."""
    sample = drawn(of.arm, of.x if world.covariates else None)
    return (randomised if world.chance else adjusted).prepare(sample, Settings(seed=seed))


def panel(of: People) -> Panel:
    """What becomes of them."""
    rows = np.arange(len(of.arm))
    work, wage = of.work[rows, of.arm], of.wage[rows, of.arm]
    return Panel("work", (None,), np.where(work, wage, 0.0)[:, None].astype(np.float32), None, work[:, None])


@dataclass(frozen=True)
class Seen:
    """One draw: bounds, interval, share, and the plain difference of workers with the width of its own interval."""

    low: float
    high: float
    from_: float
    to: float
    share: float
    plain: float
    plain_width: float


def one(world: World, seed: int) -> Seen:
    """One draw from design to interval."""
    of = people(world, world.people, np.random.default_rng([7, seed]))
    plan = planned(world, of, seed)
    both, share = bounds.families(plan, panel(of), learn=world.people >= randomised.LEARNED)
    ((from_, to),) = both.sets[0]
    rows = np.arange(len(of.arm))
    work, wage = of.work[rows, of.arm], of.wage[rows, of.arm]
    sides = [wage[work & (of.arm == k)] for k in (1, 0)]
    error = np.sqrt(sum(side.var() / len(side) for side in sides))
    return Seen(*both.theta.tolist(), from_, to, float(share.theta[0]), sides[0].mean() - sides[1].mean(), 3.92 * error)


def row(world: World, seen: list[Seen]) -> str:
    """One line of the table."""
    theta, share = truth(world)
    held = np.mean([s.from_ <= theta <= s.to for s in seen])
    plain = np.mean([abs(s.plain - theta) <= s.plain_width / 2 for s in seen])
    cells = (
        "randomised" if world.chance else "adjusted", world.name, f"{theta:+.3f}",
        f"{np.mean([s.low for s in seen]):+.3f} … {np.mean([s.high for s in seen]):+.3f}",
        f"{held:.3f} ± {np.sqrt(held * (1 - held) / len(seen)):.3f}",
        f"{np.mean([s.to - s.from_ for s in seen]):.3f}", f"{np.mean([s.plain_width for s in seen]):.3f}",
        f"{plain:.3f}", f"{np.mean([s.share for s in seen]):.3f} ({share:.3f})",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


HEAD = """# Wages of those who work either way: does the interval hold the truth?

`python tests/truth/lee.py --draws {draws} --out docs/truth/lee.md`: {draws} draws a row, of 3,000 people unless said
otherwise; wages in log points. Truth from two million other people. *Covered*: how often the 95 % interval for the
parameter holds the truth, with its Monte-Carlo error. *Plain*: the difference between those who happen to work, with
the width and the coverage of its own 95 % interval: what one would have reported without bounds. A truth
on a bound is the hardest case: those who work in one arm only earn the least, or the most, of all that are like them.
Share: of people who work either way, estimated (true).

| design | world | truth | bounds, mean | covered | width | plain width | plain covered | share |
|---|---|---|---|---|---|---|---|---|
"""


def main() -> None:
    """Run the draws and write the page."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--draws", type=int, default=1000)
    arguments.add_argument("--only", default="", help="worlds whose design and name hold this")
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    began, lines = time.time(), []
    with threadpool_limits(1):
        for world in WORLDS:
            design = "randomised" if world.chance else "adjusted"
            if given.only in f"{design} {world.name}":
                lines.append(row(world, [one(world, seed) for seed in range(1, given.draws + 1)]))
                print(f"{(time.time() - began) / 60:.1f} minutes: {lines[-1]}", flush=True)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(HEAD.format(draws=f"{given.draws:,}") + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
