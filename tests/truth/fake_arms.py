"""How often fake arms raise a false alarm, and what they catch: the calibration of the check's bounds.

    python tests/truth/fake_arms.py --sets 200 --replications 30 --out docs/truth/fake-arms.md

Each data set is a register of 3,000 invented people of a scenario world with offers twice as frequent, read, drawn and
followed for a year like any answer. Honest data sets come from both honest worlds in turn. Beside them: a strong hidden
trait, which this check must not see; an interaction that the default learner does not look for; and selection on recent
work that is twice as strong, for the default and for three other estimators: one linear without a propensity, one that
does not see the work history, one that adjusts for nothing. So many as --others says for each of those.
Two processes. With --raw results are kept as they come, and a run goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from math import ceil
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from through import ARMS, WORK, question, register

from watwerkt import effects, sample
from watwerkt.effects import fakes
from watwerkt.effects.checks import fake_arms
from watwerkt.effects.checks.fake_arms import COVERED, COVERED_SPREAD, OF_BANDS, OF_MEAN, SPREAD, Bounds
from watwerkt.effects.nouns import Settings
from watwerkt.synthetic import World, worlds

HISTORY = ("work_", "earnings_", "previous_wage", "jobs_")
Floats = NDArray[np.float64]
PEOPLE, TIMES, HORIZON = 3_000, 2.0, 12
WORLDS: dict[str, Callable[[], World]] = {
    "older": worlds.honest_older,
    "recent": worlds.honest_recent,
    "hidden": lambda: worlds.hidden_trait(worlds.STRONG),
    "deep": worlds.deep,
    "strong": lambda: replace(worlds.honest_recent(), selection=2.0),
    "linear": lambda: replace(worlds.honest_recent(), selection=2.0),
    "blind": lambda: replace(worlds.honest_recent(), selection=2.0),
    "nothing": lambda: replace(worlds.honest_recent(), selection=2.0),
}
HONEST = ("older", "recent")
FIXED = 103  # the seed from which data sets had no part in fixing the bounds
SAYS = {
    "older": "honest, selection on older history",
    "recent": "honest, selection on recent history",
    "hidden": "strong hidden trait, default estimator",
    "deep": "an interaction of three columns, default estimator",
    "strong": "honest, selection twice as strong, default estimator",
    "linear": "the same; estimator linear, without a propensity",
    "blind": "the same; estimator linear, sees no work history",
    "nothing": "the same; estimator adjusts for nothing",
}


class Linear:
    """Weighted least squares on the columns as they are. The months of a path share one X: its factor is kept."""

    kept: ClassVar[dict[tuple[float, ...], tuple[Floats, Floats]]] = {}

    def fit(self, X: Floats, y: Floats, sample_weight: Floats | None = None) -> Linear:
        """Learn."""
        w = np.ones(len(X)) if sample_weight is None else sample_weight
        key = (*X.shape, float(X.sum()), float(w.sum()))
        if key not in self.kept:
            mean = X.mean(0)
            a = np.column_stack([np.ones(len(X)), X - mean])
            gram = (a * w[:, None]).T @ a
            inverse = np.linalg.inv(gram + 1e-8 * np.trace(gram) / len(gram) * np.eye(len(gram)))
            self.kept.clear()
            self.kept[key] = mean, inverse
        self.mean, inverse = self.kept[key]
        moments = X.T @ (w * y)
        total = float((w * y).sum())
        self.b = inverse @ np.concatenate([[total], moments - total * self.mean])
        return self

    def predict(self, X: Floats) -> Floats:
        """Predict."""
        return np.asarray(self.b[0] - self.mean @ self.b[1:] + X @ self.b[1:])


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


LEARNERS = {"linear": (Linear(), Shares()), "blind": (Linear(), Shares()), "nothing": (Mean(), Shares())}


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
    """The scenario's world, with offers twice as frequent."""
    of = WORLDS[scenario]()
    return replace(of, arms=tuple(replace(arm, rate=TIMES * arm.rate) for arm in of.arms))


def one(task: tuple[str, int, int]) -> list[Result]:
    """One data set: its fake arms, those that the check would look at."""
    scenario, seed, draws = task
    of = world(scenario)
    asked = question(scenario, {arm.name: ARMS[arm.name] for arm in of.arms}, WORK, HORIZON)
    with threadpool_limits(limits=1), register(of, PEOPLE, seed) as source:
        drawn = sample.draw(asked, source, seed)
        followed = sample.follow(drawn, source, sample.seal(asked, drawn.exclusions))
        (plan,) = effects.prepare(drawn, Settings(seed=seed))
        arms = tuple(drawn.arms.index(c.arm) for c in fake_arms.contrasts(plan))
        found = fakes.looks(wrong(fakes.untreated(plan, followed, arms), scenario), draws)
    with np.errstate(all="ignore"):
        mean, spread = np.nanmean(found.z, axis=0), np.nanstd(found.z, axis=0, ddof=1)
    covered = found.covered.sum(0)
    return [
        Result(scenario, seed, drawn.arms[a], draws, int(covered[i]), mean[i].tolist(), spread[i].tolist())
        for i, a in enumerate(arms)
    ]


def wrong(of: fakes.Untreated, scenario: str) -> fakes.Untreated:
    """The same people with the scenario's estimator; their starters are still drawn from all that is recorded."""
    if scenario not in LEARNERS:
        return of
    x = of.x
    if scenario == "blind":
        x = x[:, [not block.startswith(HISTORY) for block in of.plan.drawn.covariates.block]]
    settings = replace(of.plan.settings, learner=LEARNERS[scenario])
    return replace(of, x=x, plan=replace(of.plan, settings=settings))


def tasks(sets: int, others: int, draws: int) -> list[tuple[str, int, int]]:
    """Honest data sets by turns, the others spread among them."""
    found = []
    for seed in range(1, sets + 1):
        found.append((HONEST[seed % 2], seed, draws))
        if seed * others // sets > (seed - 1) * others // sets:
            found += [(name, seed, draws) for name in WORLDS if name not in HONEST]
    return found


def made(given: argparse.Namespace) -> list[Result]:
    """All results: those that --raw holds already, and the rest made now."""
    done = given.raw.read_text(encoding="utf-8").splitlines() if given.raw and given.raw.exists() else []
    there = [json.loads(line) for line in done]
    results = [Result(**row) for rows in there for row in rows["arms"]]
    had = {tuple(rows["task"]) for rows in there}
    todo = [task for task in tasks(given.sets, given.others, given.replications) if task not in had]
    with ProcessPoolExecutor(2) as pool:
        for task, found in zip(todo, pool.map(one, todo), strict=True):
            results += found
            if given.raw:
                kept = json.dumps({"task": task, "arms": [asdict(r) for r in found]})
                with given.raw.open("a", encoding="utf-8") as raw:
                    raw.write(kept + "\n")
    return results


# ---- the page ----------------------------------------------------------------------------------------------------


def sets(results: list[Result], scenario: str) -> list[list[Result]]:
    """The arms of each data set of a scenario."""
    seeds = sorted({r.seed for r in results if r.scenario == scenario})
    return [[r for r in results if (r.scenario, r.seed) == (scenario, seed)] for seed in seeds]


def alarms(found: list[list[Result]]) -> tuple[float, float, float]:
    """The share of data sets with a failed arm, by the mean, by the bands, and by either."""
    mean, bands = [], []
    for arms in found:
        bounds = [Bounds.of(r.draws, len(arms)) for r in arms]
        mean.append(any(abs(r.mean_z) > b.mean for r, b in zip(arms, bounds, strict=True)))
        bands.append(any(r.covered / r.draws < b.covered for r, b in zip(arms, bounds, strict=True)))
    return float(np.mean(mean)), float(np.mean(bands)), float(np.mean(np.array(mean) | np.array(bands)))


def spreads(found: list[list[Result]]) -> tuple[float, float, float]:
    """Over data sets, without the noise of R draws: the spread of the mean z; mean and spread of the share covered."""
    arms = [r for each in found for r in each]
    square = np.mean([r.mean_z**2 - r.spread[-1] ** 2 / r.draws for r in arms])
    share = np.array([r.covered / r.draws for r in arms])
    more = share.var() - np.mean([share.mean() * (1 - share.mean()) / (r.draws - 1) for r in arms])
    return float(np.sqrt(max(square, 0.0))), float(share.mean()), float(np.sqrt(max(more, 0.0)))


def with_errors(found: list[list[Result]]) -> list[str]:
    """The same, each with its error by drawing data sets anew."""
    rng = np.random.default_rng(1)
    again = [spreads([found[i] for i in rng.integers(0, len(found), len(found))]) for _ in range(400)]
    return [f"{x:.3f} ± {e:.3f}" for x, e in zip(spreads(found), np.std(again, axis=0), strict=True)]


def row(name: str, says: str, found: list[list[Result]]) -> str:
    """One scenario."""
    arms = [r for each in found for r in each]
    by_mean, by_bands, either = alarms(found)
    error = float(np.sqrt(either * (1 - either) / len(found)))
    z, covered = np.mean([r.mean_z for r in arms]), np.mean([r.covered / r.draws for r in arms])
    size = np.mean([abs(r.mean_z) for r in arms])
    return (
        f"| {name} | {says} | {len(found)} | {z:+.2f} | {size:.2f} | {covered:.3f} | {by_mean:.2f} | {by_bands:.2f} "
        f"| {either:.3f} ± {error:.3f} |"
    )


def page(results: list[Result], given: argparse.Namespace) -> None:
    """The table, in Markdown."""
    honest = [arms for name in HONEST for arms in sets(results, name)]
    tau, mean, more = with_errors(honest)
    lines = [row("**honest**", "both together", honest)]
    later = [arms for arms in honest if arms and arms[0].seed >= FIXED]
    lines += [row("later", "of these, made after the bounds were fixed", later)] if later else []
    lines += [row(name, SAYS[name], found) for name in WORLDS if (found := sets(results, name))]
    given.out.parent.mkdir(parents=True, exist_ok=True)
    text = PAGE.format(
        sets=len(honest), draws=given.replications, asked=given.sets, others=given.others, people=f"{PEOPLE:,}",
        day=time.strftime("%Y-%m-%d"), out=given.out, rows="\n".join(lines), tau=tau, share=mean, more=more,
        spread=SPREAD, covered=COVERED, covered_spread=COVERED_SPREAD, mean=OF_MEAN, bands=OF_BANDS, fixed=FIXED,
        bounds="\n".join(
            f"| {R} | {arms} | {(b := Bounds.of(R, arms)).mean:.3f} | {ceil(b.covered * R)} |"
            for R in (100, 200, 400, 1000) for arms in (1, 2, 4, 7)
        ),
    )  # fmt: skip
    given.out.write_text(text, encoding="utf-8")


PAGE = """# Fake arms: false alarms, and what they catch

{sets} honest data sets of {people} invented people (of {asked} asked for), {draws} draws each; {day}. Made by:

    python tests/truth/fake_arms.py --sets {asked} --others {others} --replications {draws} --out {out}

Offers are twice as frequent as in the scenario worlds, so that so few people hold some 300 starters an arm. Fake
starters are drawn among the comparison, from boosted trees, and the estimator runs again (METHODS 4.5). An *alarm* is a
data set in which any arm fails, by the mean z at month 12 or by the bands over months 1–12.

| scenario | what it is | data sets | mean z | mean size of z | bands hold 0 | alarm by mean | by bands | either |
|---|---|---|---|---|---|---|---|---|
{rows}

Behind ± stands the Monte-Carlo error over data sets. A hidden trait must *not* be caught: its row should be like the
honest ones. Estimators that are wrong by design should be caught in four of five data sets or more. *linear* is wrong
by design and hardly wrong in fact: in this world outcomes and starts are near enough to straight lines, and its z is of
the size of the honest ones. Where they bend it is caught (`tests/unit/test_checks_fake_arms.py`). *later*: the honest
data sets from seed {fixed} on, made after the bounds had been fixed on those before.

## The rule

Both figures of an arm vary between honest data sets, because all draws share one set of outcomes. Without the noise of
the draws, over arms: the mean z spreads by {tau} around 0; bands hold 0 in a share of {share}, which spreads by {more}.
Each ± is over data sets. The rule takes {spread}, {covered} and {covered_spread}. An arm fails when |mean z| exceeds
q √({spread}² + 1/R), with q the two-sided normal quantile for {mean} over all arms of an answer (Šidák); or when its
bands hold 0 in a share below {covered} − q √({covered_spread}² + {covered} (1 − {covered})/R), with q the one-sided one
for {bands}. So R and the number of arms may be anything:

| draws R | arms | largest mean z | fewest draws covered |
|---|---|---|---|
{bounds}
"""


def main() -> None:
    """Run what is missing in two processes, and write the page."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--sets", type=int, default=200)
    arguments.add_argument("--others", type=int, default=10, help="data sets of each other scenario")
    arguments.add_argument("--replications", type=int, default=30)
    arguments.add_argument("--raw", type=Path, help="a file that keeps results, so that a run can go on")
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    page(made(given), given)


if __name__ == "__main__":
    main()
