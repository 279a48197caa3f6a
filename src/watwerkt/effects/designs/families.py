"""From levels of arms to families: who stands behind a number, and how the numbers move together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Target
from watwerkt.effects.cells import EVERYONE, Place, cells, family_name
from watwerkt.effects.designs.levels import Experiment, Level, Part, experiment, level, regress, weights
from watwerkt.effects.nouns import Across, Estimates, Family
from watwerkt.sample.nouns import Drawn, Followed, Panel

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Parts = tuple[Part, ...]
Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Looked:
    """One outcome of one group of people, by one design.

    ``kept`` (N,) the rows of the drawn sample that stand in ``of``; ``y`` (n, M) in double precision, 0 where not
    ``observed`` (None: all are; such rows carry no weight); ``happened`` (K, M) events of each arm.
    """

    design: str
    drawn: Drawn
    group: str
    panel: Panel
    of: Experiment
    kept: Mask
    y: Floats
    observed: Mask | None
    happened: Floats


def looks(design: str, followed: Followed, adjust: bool) -> Iterator[Looked]:
    """Every outcome of everybody, then of each declared group that holds anybody. Wages are no outcome of everybody:
    see ``effects.bounds``."""
    drawn = followed.drawn
    panels = [panel for panel in followed.panels if panel.at_work is None]
    for group, rows in _groups(drawn):
        kept = rows & (drawn.weight > 0)
        if kept.any():
            of = experiment(drawn, kept, adjust)
            yield from (_look(design, drawn, group, panel, of, kept) for panel in panels)


def _look(design: str, drawn: Drawn, group: str, panel: Panel, of: Experiment, kept: Mask) -> Looked:
    observed = None if panel.observed is None else panel.observed[kept]
    y = panel.y[kept].astype(np.float64)
    y = y if observed is None else np.where(observed, y, 0.0)
    happened = np.array([events(y, observed, of.arm == k) for k in range(len(drawn.arms))])
    return Looked(design, drawn, group, panel, of, kept, y, observed, happened)


def _groups(drawn: Drawn) -> Iterator[tuple[str, Mask]]:
    yield EVERYONE, np.ones(len(drawn), dtype=bool)
    for group in drawn.groups:
        for j, label in enumerate(group.labels):
            yield f"{group.name}={label}", group.code == j


def regressions(look: Looked, Y: Floats) -> tuple[Parts, ...]:
    """One fit an arm (K,) of outcomes Y (n, M)."""
    return tuple(regress(look.of, k, Y, look.observed) for k in range(len(look.drawn.arms)))


def pairs(K: int) -> tuple[Pair, ...]:
    """Every arm against the comparison, then every arm against every other: A − B in one population (METHODS 2.2)."""
    against = [(k, 0) for k in range(1, K)]
    return (*against, *((a, b) for a in range(1, K) for b in range(1, K) if a != b))


def differences(
    look: Looked, parts: tuple[Parts, ...], target: Target, wanted: tuple[Pair, ...]
) -> dict[Pair, tuple[Level, Level]]:
    """By pair of arms: (the first's level − the other's, the other's), both read at the target: everybody, or those in
    the first arm."""
    of, M = look.of, len(look.panel.months)
    if target != "treated":
        at = of.at(np.ones_like(of.arm, dtype=bool))
        levels = [level(of, part, at, M) for part in parts]
        return {(a, b): (levels[a] - levels[b], levels[b]) for a, b in wanted}
    firsts = dict.fromkeys(a for a, _ in wanted)
    among = {a: [level(of, part, of.at(of.arm == a), M) for part in parts] for a in firsts}
    return {(a, b): (among[a][a] - among[a][b], among[a][b]) for a, b in wanted}


def estimates(
    design: str, looked: Iterable[Looked], targets: tuple[Target, ...], wanted: tuple[Pair, ...]
) -> Estimates:
    """Every wanted pair of arms × outcome × group × target, and the arms of the primary cell together.

    The arms are held together once, in the target that leads (the last): claims over two targets would be two families
    of tests, and some arm would be said to work by chance in more than one dossier of twenty.
    """
    families: list[Family] = []
    across: list[Across] = []
    for look in looked:
        parts = regressions(look, look.y)
        for target in targets:
            found = differences(look, parts, target, wanted)
            families += [family(look, pair, target, *found[pair]) for pair in found]
            if target == targets[-1]:
                across += _across(look, target, {a: one for (a, b), (one, _) in found.items() if b == 0})
    return Estimates(design, tuple(families), tuple(across))


def family(look: Looked, pair: Pair, target: Target, difference: Level, without: Level) -> Family:
    """One arm against another on one outcome."""
    drawn, of = look.drawn, look.of
    place = Place(drawn.arms[pair[0]], drawn.arms[pair[1]], target, look.group)
    shut = difference.closed != ""
    V = difference.of.covariance
    V[shut] = V[:, shut] = np.nan
    sides = tuple(of.arm == k for k in pair)
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
        effective=effective(of, pair, target),
        events=look.happened[list(pair)].min(axis=0),
        closed=tuple(str(reason) for reason in difference.closed),
    )


def _people(of: Experiment, side: Mask) -> int:
    return int(np.unique(of.person[side]).size)


def effective(of: Experiment, pair: Pair, target: Target) -> float:
    """Kish's effective number of persons on the weaker side, (Σw)²/Σw² with w summed by person."""
    sides = weights(of.arm, of.e, of.s, pair, treated=target == "treated")[:2]
    people = [np.bincount(of.person, weights=w) for w in sides]
    return float(min(w.sum() ** 2 / (w**2).sum() if w.any() else 0.0 for w in people))


def events(y: Floats, observed: Mask | None, side: Mask) -> Floats:
    """(M,) the smaller of events and non-events among rows of one side; for an outcome that is no yes or no, how many
    are not zero."""
    y, known = y[side], None if observed is None else observed[side]
    people = np.full(y.shape[1], len(y)) if known is None else known.sum(axis=0)
    happened = np.count_nonzero(y, axis=0)
    yes_or_no = ((y == 0) | (y == 1)).all()
    return np.asarray(np.minimum(happened, people - happened) if yes_or_no else happened, dtype=float)


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
