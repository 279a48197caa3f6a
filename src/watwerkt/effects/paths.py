"""From pairs to families: a path of one outcome, everybody and each declared group; and the primary cell over arms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics import ratio
from watwerkt.dossier import Question
from watwerkt.effects.cells import EVERYONE, Place, cells, family_name
from watwerkt.effects.influence import Pairs, Weighed
from watwerkt.effects.nouns import Across, Contrast, Family
from watwerkt.effects.rows import Rows
from watwerkt.sample.nouns import Panel

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

UNANSWERED = 0.05  # share of a month's outcomes that may be unknown before the month closes (METHODS 4.10)


@dataclass(frozen=True, eq=False)
class Outcome:
    """One outcome on the rows in hand: ``y`` (n, M') its open months in double precision, ``at`` (M',) which they are;
    ``closed`` (M,) reason codes; ``binary`` when every value is 0 or 1."""

    name: str
    months: tuple[int | None, ...]
    y: Floats
    at: Codes
    closed: tuple[str, ...]

    @property
    def binary(self) -> bool:
        """Whether it happens or not."""
        return bool(((self.y == 0) | (self.y == 1)).all())


@dataclass(frozen=True)
class Name:
    """What families of one design and question are called after."""

    design: str
    question: Question
    arms: tuple[str, ...]

    def place(self, one: Weighed, group: str = EVERYONE) -> Place:
        """The key of a contrast's families but the outcome."""
        return Place(self.arms[one.a], self.arms[one.b], one.target, group)


def answered(panel: Panel, weight: Floats) -> tuple[NDArray[np.bool_] | None, tuple[str, ...]]:
    """The rows (N,) that are known in every open month (None: all), and reason codes (M,) of months.

    A month in which more than 5 % of the (weighted) outcomes are unknown is closed. The others are estimated on the
    rows known in all of them, so that a path speaks of one population.
    """
    if panel.observed is None:
        return None, ("",) * len(panel.months)
    unknown = 1.0 - weight @ panel.observed / weight.sum()
    closed = tuple("non_response" if share > UNANSWERED else "" for share in unknown)
    known = panel.observed[:, [not reason for reason in closed]].all(1)
    return (None if bool(known.all()) else np.asarray(known)), closed


def outcome(panel: Panel, rows: Rows, closed: tuple[str, ...]) -> Outcome:
    """The open months of a panel on the rows in hand."""
    at = np.array([i for i, reason in enumerate(closed) if not reason], dtype=np.int64)
    y = panel.y[rows.seen] if len(at) == len(closed) else panel.y[np.ix_(rows.seen, at)]
    return Outcome(panel.outcome, panel.months, y.astype(np.float64), at, closed)


def families(name: Name, of: Outcome, found: Pairs, rows: Rows, happened: list[Floats]) -> Iterator[Family]:
    """The family of everybody; under ``treated`` against the comparison also one of each declared group and label.

    ``happened``: events of each arm, (K,) of (M',).
    """
    one = found.of
    yield family(name.question, name.design, name.place(one), of, found, np.minimum(happened[one.a], happened[one.b]))
    if one.target != "treated" or one.b != 0:
        return
    for label, code, codes in rows.labels:
        inside = codes[one.at] == code
        part = one.part(inside)
        z = found.z[inside]
        place = name.place(one, label)
        if part.n == 0 or part.n_without == 0:
            yield closed_family(name, place, of, "too_few")
            continue
        y = of.y[part.at]
        level = ratio.theta(y * part.w.q[:, None], part.w.q, part.s) - ratio.theta(z, part.w.q, part.s)
        seen = np.minimum(*(events(y, part.person, part.arm == side, of.binary) for side in (part.a, part.b)))
        yield family(name.question, name.design, place, of, Pairs(part, z, level), seen)


def family(question: Question, design: str, place: Place, of: Outcome, found: Pairs, happened: Floats) -> Family:
    """One family: theta, V and what stands behind them. Closed months are NaN."""
    one = found.of
    theta, P = one.estimate(found.z)
    return Family(
        name=family_name(design, place, of.name),
        arm=place.arm,
        compared_with=place.compared_with,
        outcome=of.name,
        target=place.target,
        cells=cells(question, place, of.name, of.months),
        theta=_spread(theta, of),
        V=_spread_both(ratio.covariance(P), of),
        level_without=_spread(found.without, of),
        df=max(one.effective - 1.0, 1.0),
        clusters=len(one.by.codes),
        n=one.n,
        n_without=one.n_without,
        effective=one.effective,
        events=_spread(happened, of),
        closed=of.closed,
    )


def closed_family(name: Name, place: Place, of: Outcome, reason: str) -> Family:
    """A family that this design cannot estimate: every cell with its reason, no number."""
    M = len(of.months)
    nothing = np.full(M, np.nan)
    return Family(
        name=family_name(name.design, place, of.name),
        arm=place.arm,
        compared_with=place.compared_with,
        outcome=of.name,
        target=place.target,
        cells=cells(name.question, place, of.name, of.months),
        theta=nothing,
        V=np.full((M, M), np.nan),
        level_without=nothing,
        df=1.0,
        clusters=0,
        n=0,
        n_without=0,
        effective=0.0,
        events=np.zeros(M),
        closed=(reason,) * M,
    )


def events(y: Floats, person: Codes, side: NDArray[np.bool_], binary: bool) -> Floats:
    """(M',) persons of one side with the event or without it, whichever are fewer; for an outcome that is no yes or no,
    how many have anything."""
    mine = y[side]
    by = ratio.clusters(person[side])
    happened = (by.sums @ (mine != 0) > 0).sum(0)
    missed = (by.sums @ (1.0 - mine) > 0).sum(0) if binary else happened
    return np.asarray(np.minimum(happened, missed), dtype=np.float64)


def started_later(name: Name, one: Weighed, later: Codes, of: Outcome) -> Family:
    """The weighted share of the comparison that has started a compared arm by each period (METHODS 1.1).

    Weights are those with which comparison rows stand in for the starters of this arm. It is a level, so
    ``level_without`` is 0. Its cells bear the primary outcome's name, since a cell has one.
    """
    rest = np.flatnonzero(one.arm == one.b)
    first = later[one.at[rest]]
    due = np.array([0 if month is None else month for month in of.months])
    z = ((first[:, None] >= 0) & (first[:, None] <= due)).astype(np.float64)
    q, s = np.ones(len(rest)), one.s[rest] * one.w.other[rest]
    P = ratio.influence_by_cluster(z, q, s, ratio.clusters(one.cluster[rest]))
    place = name.place(one)
    found = cells(name.question, place, of.name, of.months)
    return Family(
        name=family_name(name.design, place, f"{of.name}:started_later"),
        arm=place.arm,
        compared_with=place.compared_with,
        outcome=of.name,
        target=place.target,
        cells=tuple(replace(cell, measure="started_later") for cell in found),
        theta=ratio.theta(z, q, s),
        V=ratio.covariance(P),
        level_without=np.zeros(len(due)),
        df=max(one.effective - 1.0, 1.0),
        clusters=len(P),
        n=one.n,
        n_without=one.n_without,
        effective=one.effective,
        events=np.full(len(due), np.inf),
        closed=("",) * len(due),
    )


@dataclass(frozen=True, eq=False)
class Primary:
    """One arm at the primary cell: theta, and psi/n by cluster, (G,) with the codes of the clusters."""

    arm: str
    theta: float
    psi: Floats
    codes: Codes
    df: float


def primary(name: Name, of: Outcome, found: Pairs) -> Primary | None:
    """What an arm adds to the primary cell over arms; None for another outcome, a closed month, or another pair."""
    asked = name.question.primary
    if found.of.b != 0 or of.name != asked.outcome or asked.month not in of.months:
        return None
    m = np.flatnonzero(of.at == of.months.index(asked.month))
    if len(m) == 0:
        return None
    theta, P = found.of.estimate(found.z[:, m])
    one = found.of
    return Primary(name.arms[one.a], float(theta[0]), P[:, 0], one.by.codes, max(one.effective - 1.0, 1.0))


def across(contrasts: tuple[Contrast, ...], month: int | None, found: dict[int, Primary]) -> tuple[Across, ...]:
    """The arms at the primary cell jointly, under ``treated`` and ``all``. ``found`` by place of the contrast."""
    made = []
    for target in ("treated", "all"):
        arms = [one for i, one in sorted(found.items()) if contrasts[i].target == target]
        if arms:
            size = 1 + max(int(one.codes.max()) for one in arms)
            P = np.zeros((size, len(arms)))
            for j, one in enumerate(arms):
                P[one.codes, j] = one.psi
            V = ratio.covariance(P[np.any(P != 0, axis=1)])
            theta = np.array([one.theta for one in arms])
            made.append(Across(tuple(o.arm for o in arms), target, month, theta, V, min(o.df for o in arms)))
    return tuple(made)


def _spread(values: Floats, of: Outcome) -> Floats:
    """(M',) to (M,), NaN in closed months."""
    out = np.full(len(of.months), np.nan)
    out[of.at] = values
    return out


def _spread_both(V: Floats, of: Outcome) -> Floats:
    """(M', M') to (M, M), NaN in closed months."""
    out = np.full((len(of.months), len(of.months)), np.nan)
    out[np.ix_(of.at, of.at)] = V
    return out
