"""The planted truth survives what a delivery gets wrong: an honest world, written as services deliver."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import watwerkt as ww
from watwerkt import question
from watwerkt.synthetic import AS_DELIVERED, CLEAN, Quirks, make, truth, worlds, write

pytestmark = pytest.mark.truth
MONTH, SEEDS = 24, (1, 2, 3)
QUESTION = Path(__file__).parents[2] / "questions/short-or-long/question.toml"


def errors(folder: Path, quirks: Quirks, seed: int) -> dict[str, float]:
    """At the primary cell, among the treated: estimate less truth, in standard errors of both, by arm."""
    whole = question.read(QUESTION)
    asked = replace(whole, outcomes=whole.outcomes[:1], time=replace(whole.time, horizon=MONTH))
    write(make(worlds.hidden(0.0), 10_000, seed), folder, quirks)
    answer = ww.answer(asked, ww.read(folder), seed=1)
    found = {}
    for judged in answer.judged:
        e, cell = judged.exact, judged.exact.cell
        at = (cell.compared_with, cell.outcome, cell.month, cell.group, cell.measure, e.target)
        if at == ("not_now", "work", MONTH, "all", "at", "treated") and judged.reason != "plain":
            value, mc = planted()[e.arm]
            error = (e.high - e.low) / (2 * 1.96)
            found[e.arm] = (e.estimate - value) / np.hypot(error, mc)
    return found


@cache
def planted() -> dict[str, tuple[float, float]]:
    """The truth of each arm at that cell, with its error."""
    return {
        row.arm: (row.value, row.mc_error)
        for row in truth(worlds.hidden(0.0), 100_000, seed=9)
        if (row.compared_with, row.outcome, row.month, row.measure, row.target)
        == ("not_now", "work", MONTH, "at", "treated")
    }


@pytest.mark.parametrize("quirks", [CLEAN, AS_DELIVERED], ids=["clean", "as delivered"])
def test_intervals_hold_the_truth(tmp_path: Path, quirks: Quirks) -> None:
    """Four arms in three registers: at most two of twelve intervals miss (more is 2 % luck at 95 %), and the mean of
    the twelve errors is within three of its own."""
    z = np.array([list(errors(tmp_path / str(seed), quirks, seed).values()) for seed in SEEDS])

    assert z.shape == (3, 4)
    assert (np.abs(z) > 1.96).sum() <= 2
    assert abs(z.mean()) < 3 / np.sqrt(z.size)
