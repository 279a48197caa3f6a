"""Which arm is compared with which, in which population, with which weights: from arms and propensities alone.

Targets of `adjusted` (METHODS 2.1): every arm against the comparison under ``treated`` (the headline), ``all`` and
``overlap``; and every ordered pair of arms under ``treated``: A − B among those in A, the only population in which the
two may be subtracted (2.2). ``pair`` is the overlap of two arms alone. It stands in for ``overlap`` when the rarest arm
would carry everybody's overlap (2.3), and is added on a prepared table with three arms or more; in monthly trials it
equals ``treated`` to three decimals and is left out (METHODS 15).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics import ratio
from watwerkt.dossier import Target
from watwerkt.effects import support
from watwerkt.effects.nouns import Contrast
from watwerkt.sample.nouns import Drawn

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

HOSTAGE = 100.0  # effective persons the rarest arm must have under the generalised overlap weight


@dataclass(frozen=True, eq=False)
class Weights:
    """The three arrays (n,) of METHODS 2.1 without s: ``q``, and inverse weights of the arm and of the other."""

    q: Floats
    arm: Floats
    other: Floats


def contrasts(drawn: Drawn, e: Floats, least: int) -> tuple[Contrast, ...]:
    """All of them. ``least`` rows an arm must have, else it is closed as too few."""
    table = _table(drawn, e, least)
    arms = range(1, len(drawn.arms))
    with_comparison = [made for a in arms for made in table.contrasts(a, 0, table.targets(a))]
    between = [made for a in arms for b in arms if a != b for made in table.contrasts(a, b, ("treated",))]
    return (*with_comparison, *between)


def weights(arm: Codes, e: Floats, a: int, b: int, target: Target) -> Weights:
    """METHODS 2.1, rows of the table, for arm a against arm b."""
    D_a, D_b = (arm == a) * 1.0, (arm == b) * 1.0
    if target == "treated":
        return Weights(D_a, D_a, _over(D_b * e[:, a], e[:, b]))
    if target == "all":
        return Weights(np.ones(len(arm)), _over(D_a, e[:, a]), _over(D_b, e[:, b]))
    if target == "overlap":
        h = overlap_weight(e)
        own = e[np.arange(len(arm)), arm]
        return Weights(_over(h**2, own**2), _over(D_a * h, e[:, a]), _over(D_b * h, e[:, b]))
    both = e[:, a] + e[:, b]
    q = _over(e[:, b] ** 2 * D_a + e[:, a] ** 2 * D_b, both**2)
    return Weights(q, _over(D_a * e[:, b], both), _over(D_b * e[:, a], both))


def population(e: Floats, a: int, b: int, target: Target) -> Floats:
    """The weight (n,) of each row in the target population all, overlap or pair, as if e were known: E[q|x]."""
    if target == "all":
        return np.ones(len(e))
    return overlap_weight(e) if target == "overlap" else _over(e[:, a] * e[:, b], e[:, a] + e[:, b])


def overlap_weight(e: Floats) -> Floats:
    """h = 1/Σ (1/e) over arms (Li & Li 2019), (n,)."""
    with np.errstate(divide="ignore"):
        return np.asarray(1.0 / (1.0 / e).sum(1))


@dataclass(frozen=True, eq=False)
class _Table:
    """The drawn rows with their propensities. ``lacks`` (K,): the arm never occurs at a level that others have."""

    drawn: Drawn
    e: Floats
    least: int
    levels: support.Levels
    lacks: tuple[bool, ...]
    joint: bool

    def targets(self, a: int) -> tuple[Target, ...]:
        """The populations in which arm a is compared with the comparison."""
        if self.joint and self.drawn.question.table is not None and len(self.drawn.arms) > 2:
            return "treated", "all", "overlap", "pair"
        return "treated", "all", "overlap" if self.joint or self.lacks[a] or self.lacks[0] else "pair"

    def contrasts(self, a: int, b: int, targets: tuple[Target, ...]) -> list[Contrast]:
        """Arm a against arm b in each target, sharing what they have in common: at a million rows it counts."""
        d = self.drawn
        odds = np.where((d.arm == a) | (d.arm == b), _over(self.e[:, a], self.e[:, b]), np.nan)
        return [self._contrast(a, b, target, odds) for target in targets]

    def _contrast(self, a: int, b: int, target: Target, odds: Floats) -> Contrast:
        d, s = self.drawn, self.drawn.weight
        w = weights(d.arm, self.e, a, b, target)
        with_, without = s * w.arm, s * w.other
        goal = with_ if target == "treated" else s * population(self.e, a, b, target)
        closed = self._closed(Contrast(d.arms[a], d.arms[b], target, with_, without, goal, odds), a, b)
        return Contrast(d.arms[a], d.arms[b], target, with_, without, goal, odds, closed)

    def _closed(self, made: Contrast, a: int, b: int) -> str:
        """The reason code, or "": too few rows in an arm and fold, or somewhere in the target an arm never occurs."""
        arm = self.drawn.arm
        if min(np.sum(arm == a), np.sum(arm == b)) < self.least:
            return "too_few"
        if made.target == "treated":
            lacking = support.hole(self.levels, made.weight_target, arm == b) != ""
        else:
            lacking = self.lacks[a] or self.lacks[b]
        whole = np.isfinite(made.weight_with).all() and np.isfinite(made.weight_without).all()
        return "" if whole and not lacking and made.weight_without.sum() > 0 else "no_support"


def _table(drawn: Drawn, e: Floats, least: int) -> _Table:
    """With what is asked of every contrast worked out once."""
    among = support.levels(drawn.covariates)
    arms = range(len(drawn.arms))
    lacks = tuple(support.hole(among, drawn.weight, drawn.arm == a) != "" for a in arms)
    h = drawn.weight * overlap_weight(e)
    carried = [persons(_over(h * (drawn.arm == a), e[:, a]), drawn.person) for a in arms]
    return _Table(drawn, e, least, among, lacks, joint=not any(lacks) and min(carried) >= HOSTAGE)


def persons(weight: Floats, person: Codes) -> float:
    """Effective number of persons of row weights (n,), summed by person (codes ≥ 0) first."""
    return ratio.effective(np.asarray(np.bincount(person, weight), dtype=np.float64)) if len(weight) else 0.0


def _over(above: Floats, below: Floats) -> Floats:
    """above/below, 0 where above is 0, infinite where only below is: seen and closed, never clipped."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(above == 0, 0.0, above / below)
