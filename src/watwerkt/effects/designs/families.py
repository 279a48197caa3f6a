"""From levels of arms to families: who stands behind a number, and how the numbers move together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Target
from watwerkt.effects.cells import EVERYONE, Place, cells, family_name
from watwerkt.effects.designs.levels import Experiment, Level, Part, experiment, level, regress, shares, weights
from watwerkt.effects.nouns import Across, Estimates, Family
from watwerkt.sample.nouns import Drawn, Followed, Panel

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Parts = tuple[Part, ...]


@dataclass(frozen=True, eq=False)
class Looked:
    """One outcome of one group of people, by one design."""

    design: str
    drawn: Drawn
    group: str
    rows: Mask
    panel: Panel
    of: Experiment

    @property
    def outcomes(self) -> Floats:
        """(n, M) in double precision, 0 where not observed (such rows carry no weight there)."""
        y = self.panel.y[self.kept].astype(np.float64)
        return y if self.observed is None else np.where(self.observed, y, 0.0)

    @property
    def observed(self) -> Mask | None:
        """(n, M) where the outcome is known, None when everywhere."""
        return None if self.panel.observed is None else self.panel.observed[self.kept]

    @property
    def kept(self) -> Mask:
        """(N,) the rows of the drawn sample that stand in ``of``."""
        return self.rows & (self.drawn.weight > 0)


def looks(design: str, followed: Followed, adjust: bool) -> Iterator[Looked]:
    """Every outcome of everybody, then of each declared group that holds somebody in each arm."""
    drawn = followed.drawn
    for group, rows in _groups(drawn):
        if np.unique(drawn.arm[rows & (drawn.weight > 0)]).size == len(drawn.arms):
            of = experiment(drawn, rows, adjust)
            yield from (Looked(design, drawn, group, rows, panel, of) for panel in followed.panels)


def _groups(drawn: Drawn) -> Iterator[tuple[str, Mask]]:
    yield EVERYONE, np.ones(len(drawn), dtype=bool)
    for group in drawn.groups:
        for j, label in enumerate(group.labels):
            yield f"{group.name}={label}", group.code == j


def regressions(look: Looked, Y: Floats) -> tuple[Parts, ...]:
    """One fit an arm (K,) of outcomes Y (n, M)."""
    return tuple(regress(look.of, k, Y, look.observed) for k in range(len(look.drawn.arms)))


def differences(look: Looked, parts: tuple[Parts, ...], target: Target) -> dict[int, tuple[Level, Level]]:
    """By arm: (its level − the comparison's, the comparison's), both read at the target."""
    of, M = look.of, len(look.panel.months)
    found = {}
    for k in range(1, len(parts)):
        at = of.at(of.arm == k if target == "treated" else np.ones_like(of.arm, dtype=bool))
        without = level(of, parts[0], at, M)
        found[k] = (level(of, parts[k], at, M) - without, without)
    return found


def estimates(design: str, looked: Iterator[Looked], targets: tuple[Target, ...]) -> Estimates:
    """Every arm × outcome × group × target, and the arms of the primary cell together."""
    families: list[Family] = []
    across: list[Across] = []
    for look in looked:
        parts = regressions(look, look.outcomes)
        for target in targets:
            found = differences(look, parts, target)
            families += [family(look, k, target, *found[k]) for k in found]
            across += _across(look, target, {k: difference for k, (difference, _) in found.items()})
    return Estimates(design, tuple(families), tuple(across))


def family(look: Looked, k: int, target: Target, difference: Level, without: Level) -> Family:
    """One arm against the comparison on one outcome."""
    drawn, of = look.drawn, look.of
    place = Place(drawn.arms[k], drawn.arms[0], target, look.group)
    shut = difference.closed != ""
    V = difference.of.covariance
    V[shut] = V[:, shut] = np.nan
    sides = (of.arm == k), (of.arm == 0)
    return Family(
        name=family_name(look.design, place, look.panel.outcome),
        arm=place.arm,
        compared_with=place.compared_with,
        outcome=look.panel.outcome,
        target=target,
        cells=cells(drawn.question, place, look.panel.outcome, look.panel.months),
        theta=np.where(shut, np.nan, difference.of.value),
        V=V,
        level_without=np.where(shut, np.nan, without.of.value),
        df=difference.of.df,
        clusters=np.unique(of.cluster[sides[0] | sides[1]]).size,
        n=_people(of, sides[0]),
        n_without=_people(of, sides[1]),
        effective=effective(of, k, target, len(drawn.arms)),
        events=np.minimum(*(events(look.outcomes[side], look.observed, side) for side in sides)),
        closed=tuple(str(reason) for reason in difference.closed),
    )


def _people(of: Experiment, side: Mask) -> int:
    return int(np.unique(of.person[side]).size)


def effective(of: Experiment, k: int, target: Target, K: int) -> float:
    """Kish's effective number of persons on the weaker side, (Σw)²/Σw² with w summed by person."""
    e = shares(of.arm, of.stratum, of.s, K)
    sides = weights(of.arm, e, of.s, (k, 0), treated=target == "treated")[:2]
    people = [np.bincount(of.person, weights=w) for w in sides]
    return float(min(w.sum() ** 2 / (w**2).sum() if w.any() else 0.0 for w in people))


def events(y: Floats, observed: Mask | None, side: Mask) -> Floats:
    """(M,) the smaller of events and non-events among rows of one side; for an outcome that is no yes or no, how many
    are not zero."""
    known = np.ones(y.shape, dtype=bool) if observed is None else observed[side]
    happened = (known & (y != 0)).sum(axis=0)
    yes_or_no = ((y == 0) | (y == 1) | ~known).all()
    return np.asarray(np.minimum(happened, known.sum(axis=0) - happened) if yes_or_no else happened, dtype=float)


def _across(look: Looked, target: Target, found: Mapping[int, Level]) -> list[Across]:
    """The arms at the primary cell, jointly; nothing for other outcomes and for groups."""
    primary = look.drawn.question.primary
    if look.group != EVERYONE or look.panel.outcome != primary.outcome or primary.month not in look.panel.months:
        return []
    m = look.panel.months.index(primary.month)
    opened = {k: one for k, one in found.items() if one.closed[m] == ""}
    if not opened:
        return []
    sums = np.column_stack([one.of.sums[:, m] for one in opened.values()])
    return [
        Across(
            arms=tuple(look.drawn.arms[k] for k in opened),
            target=target,
            cell_month=primary.month,
            theta=np.array([one.of.value[m] for one in opened.values()]),
            V=sums.T @ sums,
            df=min(one.of.df for one in opened.values()),
        )
    ]
