"""The truth of an invented world: both futures of the same people, lived with the same chances.

For every row the future after *an offer of this arm, on this day* is lived beside the one with *no offer in this
elapsed month, later ones as they come*. The mean difference is the effect; what is left of chance is ``mc_error``.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path as File

import numpy as np

from watwerkt.synthetic.clock import Floats, month_of
from watwerkt.synthetic.jobs import Jobs, Path, path
from watwerkt.synthetic.life import NO_ARM, Chances, Moment, live
from watwerkt.synthetic.making import Register, make
from watwerkt.synthetic.risk import AtRisk, at_risk
from watwerkt.synthetic.world import World

NOT_NOW = "not_now"
HORIZON = 36
_AT_ONCE = 50_000  # people lived at once: what bounds the memory
_SHARE_OF_ALL = 0.15  # of the rows at risk, for the effects on all
_HALF_A_YEAR = 6  # a second lock-in window, for questions that declare it


@dataclass(frozen=True)
class Truth:
    """One planted number: ``arm`` minus ``compared_with``, in the outcome's unit, with its Monte-Carlo error.

    ``month`` counts calendar months from that of time zero; for a total or a mean it is the last one of months 1 …
    ``target``: *treated* (offers of ``arm``) or *all* (rows at risk).
    """

    arm: str
    compared_with: str
    outcome: str
    month: int
    measure: str
    target: str
    value: float
    mc_error: float


@dataclass(eq=False)
class _Sum:
    """Rows, their sum and their sum of squares: a mean and its error, gathered chunk by chunk."""

    n: int = 0
    total: Floats | float = 0.0
    squares: Floats | float = 0.0

    def add(self, values: Floats) -> None:
        self.n += len(values)
        self.total = self.total + values.sum(axis=0)
        self.squares = self.squares + (values**2).sum(axis=0)

    def mean_and_error(self) -> tuple[Floats, Floats]:
        mean = np.asarray(self.total / self.n)
        return mean, np.sqrt(np.maximum(self.squares / self.n - mean**2, 0) / self.n)


_Key = tuple[str, str, str, str]  # arm, compared with, outcome, target


def truth(world: World, people: int = 400_000, seed: int = 1) -> tuple[Truth, ...]:
    """Every planted number of a world, from so many invented people of the ages that its question asks for."""
    world = replace(world, outside=0.0)
    sums: defaultdict[_Key, _Sum] = defaultdict(_Sum)
    for chunk in range(-(-people // _AT_ONCE)):
        rng = np.random.default_rng([seed, 4, chunk])
        register = make(world, min(_AT_ONCE, people - chunk * _AT_ONCE), int(rng.integers(2**32)))
        rows = at_risk(register, rng)
        for a, arm in enumerate(world.arms):
            offers = rows.take(rows.arm == a)
            _add(sums, "treated", (arm.name,), world, futures(register, offers, rng))
        sampled = rows.take(rng.random(len(rows)) < _SHARE_OF_ALL)
        _add(sums, "all", tuple(arm.name for arm in world.arms), world, futures(register, sampled, rng))
    return tuple(row for key, found in sums.items() for row in _rows(world, key, found))


def futures(register: Register, rows: AtRisk, rng: np.random.Generator) -> dict[str, Path]:
    """Months 0 … 36 of each row under an offer of each arm on its day, and under none in its month, by name.

    Where offers are not recorded: under a start on its day, and under none in its month.
    """
    world, people = register.world, register.people.take(rows.person)
    chances = Chances.draw(len(rows), len(world.arms), rng)
    none = np.full(len(rows), NO_ARM)
    last = Jobs(people.before.start[:, :1], people.before.end[:, :1], people.before.wage[:, :1])
    lived, starts = {}, not world.offers_recorded
    for a, name in [(NO_ARM, NOT_NOW), *enumerate(arm.name for arm in world.arms)]:
        moment = Moment(
            rows.zero + 1, rows.closes + 1, none if a == NO_ARM else np.full_like(none, a), rows.zero, starts
        )
        jobs = last.beside(live(world, people, chances, moment).jobs)
        lived[name] = path(jobs, month_of(people.entry + rows.zero), HORIZON + 1)
    return lived


def _add(
    sums: defaultdict[_Key, _Sum], target: str, arms: tuple[str, ...], world: World, lived: dict[str, Path]
) -> None:
    """Add the differences of these arms with every other arm and with no offer now."""
    window = {arm.name: arm.lock_in_months for arm in world.arms}
    for arm in arms:
        for other in lived:
            if other == arm:
                continue
            for outcome in ("work", "earnings"):
                one, two = getattr(lived[arm], outcome), getattr(lived[other], outcome)
                sums[arm, other, outcome, target].add(_measured(one.astype(float) - two, window[arm]))


def _measured(difference: Floats, window: int) -> Floats:
    """(n, 37) months as (n, 40): beside them the total of months 1 … 36 and the means of two lock-in windows."""
    means = [difference[:, 1 : last + 1].mean(axis=1) for last in (window, _HALF_A_YEAR)]
    return np.column_stack([difference, difference[:, 1:].sum(axis=1), *means])


def _rows(world: World, key: _Key, found: _Sum) -> Iterator[Truth]:
    arm, other, outcome, target = key
    window = {a.name: a.lock_in_months for a in world.arms}[arm]
    cells = [(month, "at") for month in range(HORIZON + 1)] + [(HORIZON, "total")]
    cells += [(last, "mean_lock_in") for last in (window, _HALF_A_YEAR)]
    for (month, measure), value, error in zip(cells, *found.mean_and_error(), strict=True):
        yield Truth(arm, other, outcome, month, measure, target, float(value), float(error))


def save(rows: tuple[Truth, ...], file: File, made_by: str) -> None:
    """Write the truth as CSV, under a comment that says which command made it."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        lines.write(f"# Verzonnen gegevens / invented data. Made by: {made_by}\n")
        table = csv.writer(lines, lineterminator="\n")
        table.writerow(f.name for f in fields(Truth))
        for row in rows:
            digits = 6 if row.outcome == "work" else 3
            *cell, value, error = astuple(row)
            table.writerow([*cell, f"{value:.{digits}f}", f"{error:.{digits}f}"])
