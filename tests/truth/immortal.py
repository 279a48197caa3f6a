"""Immortal time: nobody may be compared with people who had already left; and what happens when one does.

    python tests/truth/immortal.py --draws 200 --out docs/truth/immortal.md

The world plants an effect of about 3 points in work; some 3,100 starters make its standard error below 1 point. The
right clock gives each comparison row a pseudo start day and asks it to be on benefit that day, like a starter. The
broken one gives the day and does not ask. Each draw is answered under both; z = (estimate − truth)/standard error.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from watwerkt import effects, sample
from watwerkt.dossier import Question
from watwerkt.effects.nouns import Settings
from watwerkt.question.read import declare
from watwerkt.register import read
from watwerkt.sample.register_draw import draw_register
from watwerkt.sample.trials import Clock
from watwerkt.synthetic import make, truth, worlds, write

MONTHS = (1, 2, 3, 4, 6)
CLOCKS: tuple[Clock, ...] = ("days", "immortal")
TRUTH_PEOPLE = 2_000_000


def question() -> Question:
    """One arm that begins the day it is agreed, against not now; work, six elapsed months, a year."""
    document = {
        "question": {"id": "immortal", "title": {"nl": "Klok", "en": "Clock"}},
        "population": {"scheme": ["ww"], "age": [25, 60]},
        "time": {"zero": "each month", "until": 6, "horizon": 12},
        "arms": {
            "short": {"counts_as": "training.short", "where": {"instrument": "training"}},
            "compared_with": "not_now",
        },
        "outcomes": {"work": {"kind": "employed"}},
        "design": {"use": ["adjusted"]},
    }
    return declare(document, "immortal", {})


def one(seed: int) -> NDArray[np.float64]:
    """(clock, 2, month): estimate and standard error of one register under both clocks."""
    found = np.empty((len(CLOCKS), 2, len(MONTHS)))
    with threadpool_limits(limits=1), tempfile.TemporaryDirectory() as folder:
        write(make(worlds.immortal(), None, seed), Path(folder))
        register, asked = read(folder), question()
        for c, clock in enumerate(CLOCKS):
            drawn = draw_register(asked, register, seed, clock=clock)
            (plan,) = effects.prepare(drawn, Settings(seed=seed))
            plan = replace(plan, contrasts=tuple(x for x in plan.contrasts if x.target == "treated"))
            followed = sample.follow(drawn, register, sample.seal(asked, drawn.exclusions))
            family = next(f for f in effects.estimate(plan, followed).families if f.cells[0].measure == "at")
            found[c] = family.theta[list(MONTHS)], np.sqrt(np.diag(family.V))[list(MONTHS)]
    return found


def planted(people: int) -> NDArray[np.float64]:
    """The effect on work among the treated, by MONTHS."""
    rows = truth(worlds.immortal(), people, seed=99)
    value = {
        r.month: r.value
        for r in rows
        if (r.compared_with, r.outcome, r.measure, r.target) == ("not_now", "work", "at", "treated")
    }
    return np.array([value[month] for month in MONTHS])


def page(draws: NDArray[np.float64], true: NDArray[np.float64], minutes: float, people: int) -> str:
    """The table, in Markdown."""
    n = len(draws)
    lines = [
        "# Immortal time",
        "",
        f"{n} registers of 18,000 invented people, each answered under both clocks; truth from {people:,} others; "
        f"{minutes:.0f} minutes on 2 cores, {time.strftime('%Y-%m-%d')}. Made by:",
        "",
        f"    python tests/truth/immortal.py --draws {n} --out docs/truth/immortal.md",
        "",
        "In points of 100 in work. *Right*: comparison rows must be on benefit on their pseudo start day. *Broken*:",
        "they get the day, and may have left before it. Mean z has a Monte-Carlo error of about "
        f"{1 / np.sqrt(n):.2f}. The broken clock counts people who already left to work as comparison, so it is biased "
        "downwards.",
        "",
        "| month | truth | right | standard error | mean z | broken | bias | mean z |",
        "|---|---|---|---|---|---|---|---|",
    ]
    z = (draws[:, :, 0] - true) / draws[:, :, 1]
    for m, month in enumerate(MONTHS):
        right, broken = draws[:, 0, 0, m].mean(), draws[:, 1, 0, m].mean()
        lines.append(
            f"| {month} | {100 * true[m]:.2f} | {100 * right:.2f} | {100 * draws[:, 0, 1, m].mean():.2f} "
            f"| {z[:, 0, m].mean():+.2f} | {100 * broken:.2f} | {100 * (broken - true[m]):+.2f} "
            f"| {z[:, 1, m].mean():+.2f} |"
        )
    return "\n".join([*lines, ""])


def main() -> None:
    """Run the draws in two processes and write the page."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--draws", type=int, default=200)
    arguments.add_argument("--truth", type=int, default=TRUTH_PEOPLE)
    arguments.add_argument("--out", type=Path, required=True)
    given = arguments.parse_args()
    began = time.time()
    true = planted(given.truth)
    with ProcessPoolExecutor(2) as pool:
        draws = np.array(list(pool.map(one, range(1, given.draws + 1))))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(page(draws, true, (time.time() - began) / 60, given.truth), encoding="utf-8")


if __name__ == "__main__":
    main()
