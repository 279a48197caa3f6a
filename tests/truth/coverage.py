"""How often intervals and bands hold the planted truth, in a small world with dynamic selection.

    python tests/truth/coverage.py --draws 1000 --out docs/truth/coverage.md
    python tests/truth/coverage.py --draws 300 --people 3500 --truth 1000000 --out docs/truth/coverage-few.md

Each draw invents a register of 8,000 people (or --people), writes it, reads it, draws, seals, follows and estimates
like any answer.
What is counted: arms with at least 100 effective starters under `treated` and 300 under `all`, as the check `too_few`
asks; below that an effect is closed, and its share of draws is printed instead. The truth is made from two million
other people (`watwerkt.synthetic.truth`), once.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from watwerkt import effects, sample
from watwerkt.dossier import Question
from watwerkt.effects.checks import too_few
from watwerkt.effects.nouns import Estimates, Plan, Settings
from watwerkt.effects.summaries import path
from watwerkt.question.read import declare
from watwerkt.register import read
from watwerkt.synthetic import make, truth, worlds, write

PEOPLE = 8_000
TRUTH_PEOPLE = 2_000_000
PARTS = {"early": (2, 3, 4), "middle": (12, 13, 14), "late": (29, 31, 33)}
TARGETS = ("treated", "all")
Key = tuple[str, str, str]  # arm, outcome, target


def question(horizon: int = 36) -> Question:
    """The question of this page: four arms against not now, work and earnings by month."""
    where = {
        "short": {"instrument": "training", "planned_months": [0, 3]},
        "long": {"instrument": "training", "planned_months": [6, 24]},
        "coaching": {"instrument": "coaching"},
        "matching": {"instrument": "matching"},
    }
    counts = {"short": "training.short", "long": "training.long", "coaching": "coaching", "matching": "matching"}
    document = {
        "question": {"id": "coverage", "title": {"nl": "Dekking", "en": "Coverage"}},
        "population": {"scheme": ["ww"], "age": [25, 60]},
        "time": {"zero": "each month", "until": 12, "horizon": horizon},
        "arms": {**{a: {"counts_as": counts[a], "where": w} for a, w in where.items()}, "compared_with": "not_now"},
        "outcomes": {"work": {"kind": "employed"}, "earnings": {"kind": "earnings"}},
        "design": {"use": ["adjusted"]},
    }
    return declare(document, "coverage", {})


@dataclass(frozen=True, eq=False)
class Seen:
    """One family of one draw: z (37,) = (estimate − truth)/error, whether each interval and the band held it."""

    key: Key
    effective: float
    held: NDArray[np.bool_]
    z: NDArray[np.float64]
    band: bool | None


def estimated(seed: int, people: int = PEOPLE) -> tuple[Plan, Estimates]:
    """One register of the small world, answered."""
    with tempfile.TemporaryDirectory() as folder:
        write(make(worlds.small(), people, seed), Path(folder))
        register, asked = read(folder), question()
        drawn = sample.draw(asked, register, seed)
        (plan,) = effects.prepare(drawn, Settings(seed=seed))
        kept = tuple(c for c in plan.contrasts if c.compared_with == "not_now" and c.target in TARGETS)
        plan = replace(plan, contrasts=kept)
        followed = sample.follow(drawn, register, sample.seal(asked, drawn.exclusions))
        return plan, effects.estimate(plan, followed)


def one(seed: int, people: int, true: dict[Key, NDArray[np.float64]]) -> list[Seen]:
    """What one draw says about each family that is open, and that others are closed as too few."""
    with threadpool_limits(limits=1):
        plan, estimates = estimated(seed, people)
    few = {(c.arm, t) for c in too_few.check(plan) if c.verdict == "failed" for t in c.closes}
    found = []
    for family in estimates.families:
        key = (family.arm, family.outcome, family.target)
        if key not in true or family.cells[0].measure != "at":
            continue
        if (family.arm, family.target) in few or any(family.closed):
            found.append(Seen(key, family.effective, np.zeros(0, bool), np.zeros(0), None))
            continue
        seen = path(family, np.eye(len(family.cells)), seed, family.name)
        t = true[key]
        held = (seen.low <= t) & (t <= seen.high)
        inside = np.isfinite(seen.band_low)
        band = bool(((seen.band_low <= t) & (t <= seen.band_high))[inside].all()) if inside.any() else None
        found.append(Seen(key, family.effective, held, (seen.theta - t) / seen.se, band))
    return found


def planted(people: int) -> dict[Key, NDArray[np.float64]]:
    """The truth by arm, outcome and target, months 0 … 36."""
    paths: dict[Key, NDArray[np.float64]] = defaultdict(lambda: np.full(37, np.nan))
    for row in truth(worlds.small(), people, seed=99):
        if row.measure == "at" and row.compared_with == "not_now" and row.target in TARGETS:
            paths[row.arm, row.outcome, row.target][row.month] = row.value
    return dict(paths)


def page(seen: list[Seen], given: argparse.Namespace, minutes: float) -> str:
    """The table, in Markdown."""
    people = "" if given.people == PEOPLE else f" --people {given.people}"
    people += "" if given.truth == TRUTH_PEOPLE else f" --truth {given.truth}"
    by: dict[Key, list[Seen]] = defaultdict(list)
    for each in seen:
        by[each.key].append(each)
    lines = [
        "# Coverage in a small world with dynamic selection",
        "",
        f"{given.draws} registers of {given.people:,} invented people; truth from {given.truth:,} others; "
        f"{minutes:.0f} minutes on "
        f"2 cores, {time.strftime('%Y-%m-%d')}. Made by:",
        "",
        f"    python tests/truth/coverage.py --draws {given.draws}{people} --out {given.out}",
        "",
        "Share of 95 % intervals that hold the planted truth, by months (early 2–4, middle 12–14, late 29–33), and of",
        "simultaneous bands over months 1–36. Behind ± stands the Monte-Carlo error. Only effects that the check",
        "`too_few` leaves open count: 100 effective starters for `treated`, 300 for `all`. *Closed* is the share of",
        "draws in which it did not. `z` is the mean of (estimate − truth)/standard error in the late months.",
        "",
        "| target | arm | outcome | starters | closed | early | middle | late | band | z late |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for target in TARGETS:
        for key in sorted((k for k in by if k[2] == target), key=lambda k: (k[0], k[1])):
            lines.append(_row(key, by[key]))
    pooled = [_pooled(target, by) for target in TARGETS]
    return "\n".join([*lines, "", "Pooled over arms and outcomes that were open:", "", *pooled, ""])


def _row(key: Key, draws: list[Seen]) -> str:
    arm, outcome, target = key
    opened = [s for s in draws if s.band is not None]
    closed = 1 - len(opened) / len(draws)
    starters = f"{np.mean([s.effective for s in draws]):.0f}"
    if len(opened) < len(draws) / 2:
        return f"| {target} | {arm} | {outcome} | {starters} | {closed:.2f} | | | | | |"
    parts = " | ".join(_share([s.held[list(months)].mean() for s in opened]) for months in PARTS.values())
    z = np.mean([s.z[list(PARTS["late"])].mean() for s in opened])
    band = _share([float(bool(s.band)) for s in opened])
    return f"| {target} | {arm} | {outcome} | {starters} | {closed:.2f} | {parts} | {band} | {z:+.2f} |"


def _share(values: list[float]) -> str:
    return f"{np.mean(values):.3f} ± {np.std(values) / np.sqrt(len(values)):.3f}"


def _pooled(target: str, by: dict[Key, list[Seen]]) -> str:
    rows = [draws for key, draws in by.items() if key[2] == target]
    opened = [s for draws in rows for s in draws if s.band is not None and len(draws)]
    if not opened:
        return f"- `{target}`: closed everywhere."
    parts = ", ".join(f"{name} {np.mean([s.held[list(m)].mean() for s in opened]):.3f}" for name, m in PARTS.items())
    return (
        f"- `{target}`: {parts}, bands {np.mean([float(bool(s.band)) for s in opened]):.3f} ({len(opened)} families)."
    )


def main() -> None:
    """Run the draws in two processes and write the page."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--draws", type=int, default=1000)
    arguments.add_argument("--people", type=int, default=PEOPLE)
    arguments.add_argument("--truth", type=int, default=TRUTH_PEOPLE)
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    began = time.time()
    true = planted(given.truth)
    seen: list[Seen] = []
    seeds = range(1, given.draws + 1)
    with ProcessPoolExecutor(2) as pool:
        for done, each in enumerate(pool.map(one, seeds, repeat(given.people), repeat(true)), start=1):
            seen += each
            if done % 50 == 0:
                print(f"{done} of {given.draws}, {(time.time() - began) / 60:.1f} minutes", flush=True)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(page(seen, given, (time.time() - began) / 60), encoding="utf-8")


if __name__ == "__main__":
    main()
