"""Who stands behind each cell, counted a second time and unrounded: for whoever checks what leaves.

Not what the estimators counted on their way: persons, events and amounts are read again from the rows that were
followed.
The door holds every released cell against these counts, so a cell leaves only where two counts say that it may.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics import ratio
from watwerkt.effects import paths
from watwerkt.effects.cells import EVERYONE
from watwerkt.effects.dispatch import entry
from watwerkt.effects.nouns import Behind, Family, Plan, Side
from watwerkt.sample.nouns import Followed, Panel

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

AMOUNTS = ("earnings", "wage", "number")  # kinds of outcome of which one person can have most
BLOCK = 12  # months that are counted at a time


def behind(plan: Plan, followed: Followed, families: tuple[Family, ...]) -> tuple[Behind, ...]:
    """What stands behind the families of one design, in their order."""
    book = _Book(plan, followed)
    return tuple(_of(book, family) for family in families)


@dataclass(frozen=True, eq=False)
class _Book:
    """Sides that were counted already: most contrasts of an arm have the same people on a side."""

    plan: Plan
    followed: Followed
    counted: dict[tuple[str, int, str, int], Side] = field(default_factory=dict)

    def side(self, panel: Panel, arm: int, group: str, rows: Mask) -> Side:
        """One side of one outcome, (M,) by the panel's months. ``rows`` are rows of that arm and group: as many of
        them are the same of them."""
        key = (panel.outcome, arm, group, int(rows.sum()))
        if key not in self.counted:
            at = np.flatnonzero(rows)
            known = _known(self.plan, panel)
            amounts = self.plan.drawn.question.outcome(panel.outcome).kind in AMOUNTS
            self.counted[key] = count(
                panel.y[at], None if known is None else known[at], self.plan.drawn.person[at], amounts
            )
        return self.counted[key]


def _of(book: _Book, family: Family) -> Behind:
    plan, drawn = book.plan, book.plan.drawn
    rows = _group(book, family.cells[0].group) & (drawn.weight > 0)
    sides = tuple(_side_rows(plan, family, which) & rows for which in (0, 1))
    later = family.cells[0].measure == "started_later"
    panel = _later(book, family) if later else book.followed.panel(family.outcome)
    codes = tuple(drawn.arms.index(arm) for arm in (family.arm, family.compared_with))
    at = np.array([panel.months.index(cell.month) for cell in family.cells], dtype=np.int64)
    group = family.cells[0].group
    if later:  # that is about the comparison alone: who of it started something after all
        other = count(panel.y[sides[1]], None, drawn.person[sides[1]], amounts=False)
        return Behind(family.name, other.at(at), other.at(at))
    made = [book.side(panel, arm, group, side) for arm, side in zip(codes, sides, strict=True)]
    return Behind(family.name, made[0].at(at), made[1].at(at))


def _side_rows(plan: Plan, family: Family, which: int) -> Mask:
    """The rows (N,) of one side that weigh anything in the family's population."""
    arm = (family.arm, family.compared_with)[which]
    mine = np.asarray(plan.drawn.arm == plan.drawn.arms.index(arm))
    target = {"always_workers": plan.leading, "compliers": "all"}.get(family.target, family.target)
    key = (family.arm, family.compared_with, target)
    one = next((c for c in plan.contrasts if (c.arm, c.compared_with, c.target) == key), None)
    if one is None:
        return mine
    weight = one.weight_without if which else one.weight_with
    return np.asarray(mine & (weight > 0))


def _group(book: _Book, name: str) -> Mask:
    """The rows (N,) of a declared group's label; everybody where there is none."""
    drawn = book.plan.drawn
    if name == EVERYONE:
        return np.ones(len(drawn), dtype=bool)
    found = (g.code == j for g in drawn.groups for j, label in enumerate(g.labels) if f"{g.name}={label}" == name)
    return next(found)


def _later(book: _Book, family: Family) -> Panel:
    """Whether a row of the comparison has started a compared arm by each period, as an outcome."""
    first = book.followed.later
    assert first is not None  # families of who started later are made from it
    months = tuple(cell.month for cell in family.cells)
    due = np.array([0 if month is None else month for month in months])
    y = (first[:, None] >= 0) & (first[:, None] <= due)
    return Panel(family.outcome, months, y.astype(np.float32))


def _known(plan: Plan, panel: Panel) -> Mask | None:
    """(N, M) whose outcome counts. Where a path is to speak of one population (designs that weight answers), a month
    that is open to complete rows counts those known in all such months."""
    if panel.observed is None:
        return None
    if panel.at_work is None and "response" not in entry(plan.design).checks:
        return panel.observed
    known, closed = paths.complete(panel, plan.drawn.weight)
    complete = panel.observed.copy()
    complete[:, [not reason for reason in closed]] = True if known is None else known[:, None]
    return complete


def count(y: NDArray[np.float32], known: Mask | None, person: Codes, amounts: bool) -> Side:
    """One side: ``y`` (r, M) by row, ``known`` likewise (None: all), ``person`` (r,); a person may have several rows.

    ``largest`` and ``second`` are the parts that the two largest contributors have in the total of absolute amounts
    (NaN where nobody has any, or where the outcome is no amount).
    """
    parts = []
    distinct = len(np.unique(person)) == len(person)
    by = None if distinct else ratio.clusters(person).sums
    for start in range(0, y.shape[1], BLOCK):
        block = slice(start, start + BLOCK)
        mine = np.asarray(y[:, block], dtype=np.float64)
        there = np.ones(mine.shape, dtype=bool) if known is None else known[:, block]
        flags = (there, there & (mine != 0), there & (mine == 0))
        persons, events, others = (f if by is None else by @ f.astype(np.float64) > 0 for f in flags)
        top = np.full((2, mine.shape[1]), np.nan)
        if amounts and len(mine):
            sums = np.where(there, np.abs(mine), 0.0)
            top = _largest(sums if by is None else np.asarray(by @ sums))
        parts.append((persons.sum(0), events.sum(0), others.sum(0), top[0], top[1]))
    return Side(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _largest(amounts: Floats) -> Floats:
    """(2, M) the parts that the largest and the second have in the total of ``amounts`` (persons, M)."""
    total = amounts.sum(0)
    padded = amounts if len(amounts) > 1 else np.vstack([amounts, np.zeros_like(amounts)])
    top = np.partition(padded, -2, axis=0)[-2:][::-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, top / total, np.nan)
