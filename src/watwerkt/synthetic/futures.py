"""The truth of an invented world: both futures of the same people, lived with the same chances.

For every row the future after *an offer of this arm, on this day* is lived beside the one with *no offer in this
elapsed month, later ones as they come*. The mean difference is the effect; what is left of chance is ``mc_error``.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import astuple, dataclass, fields, replace
from itertools import repeat
from pathlib import Path as File

import numpy as np
from numpy.typing import NDArray

from watwerkt.synthetic.clock import Floats, month_of
from watwerkt.synthetic.jobs import Jobs, Path, path
from watwerkt.synthetic.life import NO_ARM, Chances, Moment, live
from watwerkt.synthetic.making import Register, make
from watwerkt.synthetic.risk import AtRisk, at_risk
from watwerkt.synthetic.world import World, planted

NOT_NOW = "not_now"
_ALWAYS = "always_workers"
HORIZON = 36
_AT_ONCE = 50_000  # people lived at once: what bounds the memory
_SHARE_OF_ALL = 0.15  # of the rows at risk, for the effects on all
_HALF_A_YEAR = 6  # a second lock-in window, for questions that declare it


@dataclass(frozen=True)
class Truth:
    """One planted number: ``arm`` minus ``compared_with``, in the outcome's unit, with its Monte-Carlo error.

    ``month`` counts calendar months from that of time zero; for a total or a mean it is the last one of months 1 …
    ``target``: *treated* (offers of ``arm``) or *all* (rows at risk). On the wage: *always_workers*, those of the
    treated who work in that month under both futures; the measure *always_workers* is their share.
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

    n: Floats | float = 0.0
    total: Floats | float = 0.0
    squares: Floats | float = 0.0

    def add(self, values: Floats, among: NDArray[np.bool_] | None = None) -> None:
        counted = np.ones(values.shape, bool) if among is None else among
        self.n = self.n + counted.sum(axis=0)
        self.total = self.total + (values * counted).sum(axis=0)
        self.squares = self.squares + (values**2 * counted).sum(axis=0)

    def join(self, other: _Sum) -> None:
        self.n, self.total, self.squares = self.n + other.n, self.total + other.total, self.squares + other.squares

    def mean_and_error(self) -> tuple[Floats, Floats]:
        n = np.maximum(self.n, 1)
        mean = np.asarray(self.total / n)
        return mean, np.sqrt(np.maximum(self.squares / n - mean**2, 0) / n)


_Key = tuple[str, str, str, str]  # arm, compared with, outcome, target


def truth(world: World, people: int = 400_000, seed: int = 1, processes: int = 1) -> tuple[Truth, ...]:
    """Every planted number of a world, from so many invented people of the ages and the scheme that it is asked of.

    The same to the last digit for any number of processes.
    """
    world = replace(world, outside=0.0, welfare=0.0)
    sizes = [min(_AT_ONCE, people - begun) for begun in range(0, people, _AT_ONCE)]
    given = [repeat(world), range(len(sizes)), sizes, repeat(seed)]
    sums: defaultdict[_Key, _Sum] = defaultdict(_Sum)
    with ProcessPoolExecutor(processes) if processes > 1 else nullcontext() as pool:
        for found in (pool.map if pool else map)(_chunk, *given):
            for key, summed in found.items():
                sums[key].join(summed)
    return tuple(row for key, found in sums.items() for row in _rows(world, key, found))


def _chunk(world: World, chunk: int, people: int, seed: int) -> dict[_Key, _Sum]:
    """What one chunk of people adds."""
    sums: defaultdict[_Key, _Sum] = defaultdict(_Sum)
    rng = np.random.default_rng([seed, 4, chunk])
    register = make(world, people, int(rng.integers(2**32)))
    rows = at_risk(register, rng)
    for a, arm in enumerate(world.arms):
        offers = rows.take(rows.arm == a)
        _add(sums, "treated", (arm.name,), world, futures(register, offers, rng))
    sampled = rows.take(rng.random(len(rows)) < _SHARE_OF_ALL)
    _add(sums, "all", tuple(arm.name for arm in world.arms), world, futures(register, sampled, rng))
    return dict(sums)


def futures(register: Register, rows: AtRisk, rng: np.random.Generator) -> dict[str, Path]:
    """Months 0 … 36 of each row under an offer of each arm on its day, and under none in its month, by name.

    Where offers are not recorded: under a start on its day, and under none in its month.
    """
    world, people = register.world, register.people.take(rows.person)
    chances = Chances.draw(len(rows), len(world.arms), rng)
    none = np.full(len(rows), NO_ARM)
    last = Jobs(*(getattr(people.before, f.name)[:, :1] for f in fields(Jobs)))
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
            one, two = lived[arm], lived[other]
            sums[arm, other, "work", target].add(_measured(one.work.astype(float) - two.work, window[arm]))
            sums[arm, other, "earnings", target].add(_measured(one.earnings - two.earnings, window[arm]))
            if target == "treated":
                _add_wages(sums[arm, other, "wage", _ALWAYS], one, two)


def _add_wages(sums: _Sum, one: Path, two: Path) -> None:
    """Months of wage differences among those who work in both futures, and beside them whether each does."""
    both = one.work & two.work
    share = np.ones(both.shape, bool)
    sums.add(np.hstack([one.wage - two.wage, both]), np.hstack([both, share]))


def _measured(difference: Floats, window: int) -> Floats:
    """(n, 37) months as (n, 40): beside them the total of months 1 … 36 and the means of two lock-in windows."""
    means = [difference[:, 1 : last + 1].mean(axis=1) for last in (window, _HALF_A_YEAR)]
    return np.column_stack([difference, difference[:, 1:].sum(axis=1), *means])


def _rows(world: World, key: _Key, found: _Sum) -> Iterator[Truth]:
    arm, other, outcome, target = key
    window = {a.name: a.lock_in_months for a in world.arms}[arm]
    months = range(HORIZON + 1)
    cells = [(month, "at") for month in months]
    if target == _ALWAYS:
        cells += [(month, _ALWAYS) for month in months]
    else:
        cells += [(HORIZON, "total"), *((last, "mean_lock_in") for last in (window, _HALF_A_YEAR))]
    for (month, measure), value, error in zip(cells, *found.mean_and_error(), strict=True):
        yield Truth(arm, other, outcome, month, measure, target, float(value), float(error))


def save(rows: tuple[Truth, ...], file: File, made_by: str, world: World) -> None:
    """Write the truth as CSV, under comments that say which command made it and all that the world plants."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        lines.write(f"# Verzonnen gegevens / invented data. Made by: {made_by}\n")
        lines.write(f"# Planted: {planted(world)}\n")
        table = csv.writer(lines, lineterminator="\n")
        table.writerow(f.name for f in fields(Truth))
        for row in rows:
            digits = 6 if row.outcome == "work" or row.measure == _ALWAYS else 3
            *cell, value, error = astuple(row)
            table.writerow([*cell, f"{value:.{digits}f}", f"{error:.{digits}f}"])
