"""From pairs to families: a path of one outcome, everybody and each declared group; and the primary cell over arms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics import ratio
from watwerkt.dossier import Question
from watwerkt.effects.cells import EVERYONE, Place, cells, family_name
from watwerkt.effects.influence import Pairs, Weighed
from watwerkt.effects.nouns import Across, Contrast, Family
from watwerkt.effects.response import UNANSWERED, Pattern, filled, unanswered
from watwerkt.effects.rows import Rows
from watwerkt.sample.nouns import Panel

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Outcome:
    """One outcome on the rows in hand: ``y`` (n, M') its open months in double precision, ``at`` (M',) which they are;
    ``closed`` (M,) reason codes of the others; ``known`` (n,) whose outcome is known (None: of all rows in hand);
    ``binary`` when every value is 0 or 1."""

    name: str
    months: tuple[int | None, ...]
    y: Floats
    at: Codes
    closed: tuple[str, ...]
    known: NDArray[np.bool_] | None = None

    @property
    def binary(self) -> bool:
        """Whether it happens or not."""
        y = self.y if self.known is None else self.y[self.known]
        return bool(((y == 0) | (y == 1)).all())

    def side(self, mine: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Those of some rows (n,) whose outcome is known."""
        return mine if self.known is None else mine & self.known


@dataclass(frozen=True)
class Name:
    """What families of one design and question are called after."""

    design: str
    question: Question
    arms: tuple[str, ...]

    def place(self, one: Weighed, group: str = EVERYONE) -> Place:
        """The key of a contrast's families but the outcome."""
        return Place(self.arms[one.a], self.arms[one.b], one.target, group)


def complete(panel: Panel, weight: Floats) -> tuple[NDArray[np.bool_] | None, tuple[str, ...]]:
    """The rows (N,) that are known in every open month (None: all), and reason codes (M,) of months.

    A month in which more than 5 % of the (weighted) outcomes are unknown is not open to complete rows. The others are
    estimated on the rows known in all of them, so that a path speaks of one population.
    """
    if panel.observed is None:
        return None, ("",) * len(panel.months)
    closed = tuple("non_response" if share > UNANSWERED else "" for share in unanswered(panel, weight))
    known = panel.observed[:, [not reason for reason in closed]].all(1)
    return (None if bool(known.all()) else np.asarray(known)), closed


def outcome(panel: Panel, rows: Rows, closed: tuple[str, ...]) -> Outcome:
    """The open months of a panel on the rows in hand."""
    at = np.array([i for i, reason in enumerate(closed) if not reason], dtype=np.int64)
    y = panel.y[rows.seen] if len(at) == len(closed) else panel.y[np.ix_(rows.seen, at)]
    return Outcome(panel.outcome, panel.months, y.astype(np.float64), at, closed)


def answered(panel: Panel, rows: Rows, closed: tuple[str, ...], pattern: Pattern) -> Outcome:
    """The months of one pattern of response on everybody: means stand where nothing is known, and weigh nothing."""
    y = panel.y[np.ix_(rows.seen, pattern.at)].astype(np.float64)
    known = pattern.known[rows.seen]
    return Outcome(panel.outcome, panel.months, filled(y, known), pattern.at, closed, known)


@dataclass(frozen=True, eq=False)
class Numbers:
    """What the numbers of some months need, one of them each.

    ``theta``, ``without``, ``events`` (M',); ``P`` (G, M') psi/n by cluster with the clusters' ``codes`` (G,); ``df``
    and sizes as in ``Family``.
    """

    theta: Floats
    P: Floats
    codes: Codes
    without: Floats
    events: Floats
    df: float
    n: int
    n_without: int
    effective: float


@dataclass(frozen=True, eq=False)
class Part:
    """Some months ``at`` (M',) of a family: their numbers, or the reason why they have none."""

    place: Place
    at: Codes
    has: Numbers | str

    @property
    def reason(self) -> str:
        """Empty where there are numbers."""
        return self.has if isinstance(self.has, str) else ""


def parts(name: Name, of: Outcome, found: Pairs, rows: Rows, happened: list[Floats]) -> Iterator[Part]:
    """Months of everybody; under ``treated`` against the comparison also of each declared group and label.

    ``happened``: events of each arm, (K,) of (M',).
    """
    one = found.of
    yield _part(name.place(one), of, found, np.minimum(happened[one.a], happened[one.b]))
    if one.target != "treated" or one.b != 0:
        return
    for label, code, codes in rows.labels:
        inside = codes[one.at] == code
        part = one.part(inside)
        place = name.place(one, label)
        if part.n == 0 or part.n_without == 0:
            yield Part(place, of.at, "too_few")
            continue
        seen = np.minimum(*(events(of.y[part.at], part.person, w > 0, of.binary) for w in (part.w.arm, part.w.other)))
        yield _part(place, of, _within(found, part, inside, of.y), seen)


def _within(found: Pairs, part: Weighed, inside: NDArray[np.bool_], y: Floats) -> Pairs:
    """The pairs of a group with the other arm's level there."""
    z = found.z[inside]
    if found.other is not None:
        return Pairs(part, z, ratio.theta(found.other[inside], part.w.q, part.s))
    mine = y[part.at] * part.w.q[:, None]
    return Pairs(part, z, ratio.theta(mine, part.w.q, part.s) - ratio.theta(z, part.w.q, part.s))


def _part(place: Place, of: Outcome, found: Pairs, happened: Floats) -> Part:
    one = found.of
    it = one.estimate(found.z)
    sizes = (it.df, one.n, one.n_without, one.effective)
    return Part(place, of.at, Numbers(it.theta, it.P, one.by.codes, found.without, happened, *sizes))


def family(name: Name, of: Outcome, found: Sequence[Part]) -> Family:
    """One family from its months: theta, V and what stands behind them. Closed months are NaN.

    Months that rest on different people (waves of a questionnaire) count the fewest of them.
    """
    place = found[0].place
    opened = [(part.at, part.has) for part in found if isinstance(part.has, Numbers)]
    closed = np.array(of.closed, dtype=object)
    for part in found:
        closed[part.at] = part.reason
    theta, without, happened = (np.full(len(closed), np.nan) for _ in range(3))
    for at, has in opened:
        theta[at], without[at], happened[at] = has.theta, has.without, has.events
    V, clusters = _together(opened, len(closed))
    return Family(
        name=family_name(name.design, place, of.name),
        arm=place.arm,
        compared_with=place.compared_with,
        outcome=of.name,
        target=place.target,
        cells=cells(name.question, place, of.name, of.months),
        theta=theta,
        V=V,
        level_without=without,
        df=min((has.df for _, has in opened), default=1.0),
        clusters=clusters,
        n=min((has.n for _, has in opened), default=0),
        n_without=min((has.n_without for _, has in opened), default=0),
        effective=min((has.effective for _, has in opened), default=0.0),
        events=happened if opened else np.zeros(len(closed)),
        closed=tuple(closed.tolist()),
    )


def _together(opened: Sequence[tuple[Codes, Numbers]], M: int) -> tuple[Floats, int]:
    """V (M, M) of all months, NaN in closed ones, and the clusters behind it: one person's waves move together."""
    V = np.full((M, M), np.nan)
    if not opened:
        return V, 0
    at, P, codes = np.concatenate([at for at, _ in opened]), opened[0][1].P, opened[0][1].codes
    if len(opened) > 1:
        codes = np.unique(np.concatenate([has.codes for _, has in opened]))
        P = np.zeros((len(codes), len(at)))
        column = 0
        for own, has in opened:
            P[np.searchsorted(codes, has.codes), column : column + len(own)] = has.P
            column += len(own)
    V[np.ix_(at, at)] = ratio.covariance(P)
    return V, len(codes)


def closed_family(name: Name, place: Place, of: Outcome, reason: str) -> Family:
    """A family that this design cannot estimate: every cell with its reason, no number."""
    return family(name, of, (Part(place, np.arange(len(of.months)), reason),))


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


def primary(name: Name, of: Outcome, found: Sequence[Part]) -> Primary | None:
    """What an arm adds to the primary cell over arms; None for another outcome, a closed month, or another pair."""
    asked = name.question.primary
    place = found[0].place
    if of.name != asked.outcome or asked.month not in of.months:
        return None
    if place.compared_with != name.arms[0] or place.group != EVERYONE:
        return None
    month = of.months.index(asked.month)
    for part in found:
        if isinstance(part.has, Numbers) and month in part.at:
            m, has = int(np.flatnonzero(part.at == month)[0]), part.has
            return Primary(part.place.arm, float(has.theta[m]), has.P[:, m], has.codes, has.df)
    return None


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
