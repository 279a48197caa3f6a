"""One invented register, answered the whole way: what the recipes of this folder share.

Draw, checks, seal, follow, estimate and open are the package's own verbs, in the order of ``watwerkt.flow.answer``.
Only what is compared is narrowed (named targets, arms against not now), and the register lies in a folder that is
thrown away.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from watwerkt import effects, sample
from watwerkt.dossier import Check, Question
from watwerkt.dossier.question import Checks
from watwerkt.effects import checks as checking
from watwerkt.effects.checks.placebo import WITHIN, Bounds, verdict
from watwerkt.effects.detectable import POWER
from watwerkt.effects.nouns import Answer, Beside, Estimates, Plan, Settings
from watwerkt.question.read import declare
from watwerkt.register import Register, read
from watwerkt.sample import Drawn, Followed
from watwerkt.synthetic import World, make, truth, write

Floats = NDArray[np.float64]
DECLARED = "earnings_13_24"
ALWAYS = "work_1_12"
WORK = {"work": {"kind": "employed"}}
NOT_NOW = "not_now"
ARMS = {
    "short": ("training.short", {"instrument": "training", "planned_months": [0, 3]}),
    "long": ("training.long", {"instrument": "training", "planned_months": [6, 24]}),
    "coaching": ("coaching", {"instrument": "coaching"}),
    "matching": ("matching", {"instrument": "matching"}),
}  # fmt: skip


def question(
    name: str,
    arms: Mapping[str, tuple[str, object]],
    outcomes: Mapping[str, object],
    horizon: int,
    checks: Mapping[str, object] | None = None,
) -> Question:
    """Each of ``arms`` (name → vocabulary id, condition) against not now, month by month, within a year of benefit."""
    document = {
        "question": {"id": name, "title": {"nl": name, "en": name}},
        "population": {"scheme": ["ww"], "age": [25, 60]},
        "time": {"zero": "each month", "until": 12, "horizon": horizon},
        "arms": {
            **{arm: {"counts_as": of, "where": where} for arm, (of, where) in arms.items()}, "compared_with": NOT_NOW
        },
        "outcomes": dict(outcomes),
        "design": {"use": ["adjusted"]},
        **({"checks": dict(checks)} if checks else {}),
    }  # fmt: skip
    return declare(document, name, {})


@contextmanager
def register(world: World, people: int | None, seed: int) -> Iterator[Register]:
    """An invented register as an analyst gets it, for as long as it is used."""
    with tempfile.TemporaryDirectory() as folder:
        write(make(world, people, seed), Path(folder))
        yield read(folder)


@dataclass(frozen=True, eq=False)
class Through:
    """A question on the way: its plan (only the contrasts that are looked at), people followed, and estimates."""

    plan: Plan
    followed: Followed
    estimates: Estimates

    def answer(self, beside: tuple[Beside, ...] | None = None, early: tuple[Check, ...] | None = None) -> Answer:
        """Checked and opened. ``beside``: bounds on hidden bias that are at hand, or none at all (costly): those
        of an answer with the same plan but for its placebos are the same numbers. ``early``: placebos at hand likewise.
        """
        plain = checking.beside, checking.BEFORE
        if beside is not None:
            checking.beside = lambda plan, followed, estimates: beside[0]
        if early is not None:
            checking.BEFORE = {**plain[1], "placebo": lambda plan: early}
        try:
            return effects.open_((self.plan,), (effects.check(self.plan),), (self.estimates,), self.followed)
        finally:
            checking.beside, checking.BEFORE = plain

    def undeclared(self) -> Through:
        """The same with no checks declared: the estimates are the same, what may close them is not."""
        drawn = self.plan.drawn
        asked = replace(drawn.question, checks=Checks())
        kept = tuple(p for p in drawn.placebos if not p.declared)
        plain: Drawn = replace(drawn, question=asked, placebos=kept)
        return Through(replace(self.plan, drawn=plain), replace(self.followed, drawn=plain), self.estimates)


def through(asked: Question, source: Register, seed: int, targets: tuple[str, ...] = ("treated",)) -> Through:
    """Draw, prepare, follow and estimate; ``targets`` against not now only."""
    drawn = sample.draw(asked, source, seed)
    (plan,) = effects.prepare(drawn, Settings(seed=seed))
    kept = tuple(c for c in plan.contrasts if c.compared_with == NOT_NOW and c.target in targets)
    plan = replace(plan, contrasts=kept)
    followed = sample.follow(drawn, source, sample.seal(asked, drawn.exclusions))
    return Through(plan, followed, effects.estimate(plan, followed))


def alone(checks: tuple[Check, ...], name: str) -> tuple[Check, ...]:
    """The placebos ``name`` of an answer with several, as they are where there is no other: the interval to pass is
    then that of one outcome. The error is read back from what it would have found (2.8 of them)."""
    found = []
    for one in checks:
        if one.name == "placebo" and one.outcome == name:
            if one.statistic is not None and one.detectable is not None and one.threshold is not None:
                error = one.detectable / POWER
                bounds = Bounds(one.threshold, WITHIN, 1.0, declared=False)
                one = replace(one, verdict=verdict(one.statistic, error, 1e6, bounds), level=None)
            found.append(one)
    return tuple(found)


def planted(world: World, people: int) -> dict[tuple[str, str, str], Floats]:
    """The truth by arm, outcome and target, months 0 … 36, against not now; from other people, seed 99."""
    paths: dict[tuple[str, str, str], Floats] = {}
    for row in truth(world, people, seed=99):
        if row.measure == "at" and row.compared_with == NOT_NOW:
            paths.setdefault((row.arm, row.outcome, row.target), np.full(37, np.nan))[row.month] = row.value
    return paths


def share(values: list[float], groups: list[int]) -> tuple[float, float]:
    """The mean, and its Monte-Carlo error when values of one group (a world) move together; (NaN, NaN) of nothing."""
    if not values:
        return float("nan"), float("nan")
    v, g = np.array(values, dtype=float), np.unique(groups, return_inverse=True)[1]
    sums = np.bincount(g, v - v.mean())
    return float(v.mean()), float(np.sqrt(sums @ sums) / len(v))


def said(values: list[float], groups: list[int]) -> str:
    """A share as it is printed: with its Monte-Carlo error, or a dash where there is nothing."""
    mean, error = share(values, groups)
    return "–" if mean != mean else f"{mean:.3f} ± {error:.3f}"
