"""What each office registered of each instrument, quarter by quarter, and where that is in doubt.

Starts are counted by the office of the spell, as the sample does, over days at risk. What is to be expected is what all
offices together registered after as long on benefit, so that an office whose spells grow old is not in doubt for it.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Doubt, Registered
from watwerkt.register import breaks
from watwerkt.register.database import Database
from watwerkt.register.fitness import Fitness, Period
from watwerkt.register.read import Register

Floats = NDArray[np.float64]

# The chance of one false alarm in any office, instrument and quarter, half of it for quarters and half for lost months;
# and the share of chance among the offices of which little is registered all along.
LEVEL = 0.05
_QUARTER, _YEAR = 3, 12
_NEEDS = {"benefit_spell": ("office", "start", "end"), "provision": ("instrument",)}

# Months on benefit in bands: starts come early.
_BAND = """
CASE
    WHEN m.month - (extract(year FROM s."start") * 12 + extract(month FROM s."start") - 1) <= 2
        THEN m.month - (extract(year FROM s."start") * 12 + extract(month FROM s."start") - 1)
    WHEN m.month - (extract(year FROM s."start") * 12 + extract(month FROM s."start") - 1) <= 5 THEN 3
    WHEN m.month - (extract(year FROM s."start") * 12 + extract(month FROM s."start") - 1) <= 11 THEN 4
    ELSE 5
END
"""
_BANDS = 6
_DAYS = f"""
SELECT
    s."office" AS office,
    m.month AS month,
    {_BAND} AS band,
    sum(date_diff('day', greatest(s."start", m.first), least(coalesce(s."end", m.last), m.last)) + 1) AS n
FROM "benefit_spell" AS s
JOIN looked_month AS m ON s."start" <= m.last AND coalesce(s."end", m.last) >= m.first
WHERE s."office" IS NOT NULL
GROUP BY 1, 2, 3
"""
# A start on a day of two spells is counted once, in the office that comes first by its name.
_STARTS = f"""
SELECT office, month, band, instrument, count(*) AS n
FROM (
    SELECT
        v."provision_id",
        v."instrument" AS instrument,
        min(s."office") AS office,
        min(m.month) AS month,
        min({_BAND}) AS band
    FROM "provision" AS v
    JOIN "benefit_spell" AS s
        ON s."person_id" = v."person_id"
        AND coalesce(v."offered", v."start") >= s."start"
        AND (s."end" IS NULL OR coalesce(v."offered", v."start") <= s."end")
    JOIN looked_month AS m
        ON m.month = extract(year FROM coalesce(v."offered", v."start")) * 12
            + extract(month FROM coalesce(v."offered", v."start")) - 1
    WHERE s."office" IS NOT NULL AND v."instrument" IS NOT NULL
    GROUP BY v."provision_id", v."instrument"
) AS once
GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True, eq=False)
class Counts:
    """``n`` (K, O, T) starts by instrument, office and quarter, ``e`` (K, O, T) what is to be expected of each, both
    without the months that were lost: ``lost``. ``first``: number of the first month, year × 12 + month − 1."""

    offices: tuple[str, ...]
    instruments: tuple[str, ...]
    first: int
    n: Floats
    e: Floats
    lost: tuple[breaks.Look, ...]


def registered(register: Register) -> tuple[tuple[Registered, ...], tuple[Doubt, ...]]:
    """Every office, instrument and quarter with people at risk, and what is in doubt; () where no office is told."""
    if not all(_has(register, table, names) for table, names in _NEEDS.items()):
        return (), ()
    with register.connect("benefit_spell", "provision") as connection:
        counts = _counts(connection, register.period)
    if counts is None:
        return (), ()
    broken, judged, found = _doubts(counts)
    declared = register.settings.quality
    doubts = tuple(_doubt(counts, kind, k, look, declared) for kind, k, look in found)
    return tuple(_cells(counts, broken | _in_doubt(counts, found), judged, declared)), doubts


def _has(register: Register, table: str, names: tuple[str, ...]) -> bool:
    source = register.source(table)
    return source is not None and set(names) <= set(source.types)


# ---- counting ----------------------------------------------------------------------------------------------------


def _counts(connection: Database, period: Period) -> Counts | None:
    """All counts of a register; None where it holds no start of anything."""
    first, last = (day.year * _YEAR + day.month - 1 for day in period)
    first -= first % _QUARTER
    last += _QUARTER - 1 - last % _QUARTER
    months = range(first, last + 1)
    ends = {"month": [*months], "first": [_first(m) for m in months], "last": [_last(m) for m in months]}
    ends["first"][0], ends["last"][-1] = max(period[0], ends["first"][0]), min(period[1], ends["last"][-1])
    connection.load("looked_month", {"month": "INT", "first": "DATE", "last": "DATE"}, ends)
    days, starts = connection.execute(_DAYS).fetchall(), connection.execute(_STARTS).fetchall()
    offices = tuple(sorted({str(row[0]) for row in days}))
    instruments = tuple(sorted({str(row[3]) for row in starts}))
    if not instruments:
        return None
    at, kind = {name: i for i, name in enumerate(offices)}, {name: i for i, name in enumerate(instruments)}
    risk = np.zeros((len(offices), len(months), _BANDS))
    for office, month, band, n in days:
        risk[at[office], int(month) - first, int(band)] += n
    begun = np.zeros((len(instruments), len(offices), len(months)))
    in_band = np.zeros((len(instruments), _BANDS))
    for office, month, band, instrument, n in starts:
        begun[kind[instrument], at[office], int(month) - first] += n
        in_band[kind[instrument], int(band)] += n
    rate = in_band / np.maximum(risk.sum((0, 1)), 1.0)
    expected = np.einsum("otb,kb->kot", risk, rate)
    return _folded((offices, instruments, first), begun, expected)


def _folded(named: tuple[tuple[str, ...], tuple[str, ...], int], n: Floats, e: Floats) -> Counts:
    """Months to quarters, without those that an office lost; what is expected moves with what all offices did."""
    looks = [*breaks.by_period(n.sum(0), _moved(n.sum(0), e.sum(0)))]
    at_most = breaks.threshold((look.least for look in looks), LEVEL / 2)
    lost = tuple(look for look in looks if not look.found and look.p <= at_most)
    for look in lost:
        n[:, look.office, look.first], e[:, look.office, look.first] = 0.0, 0.0
    quarters = [a.reshape(*a.shape[:2], -1, _QUARTER).sum(3) for a in (n, e)]
    return Counts(*named, quarters[0], np.stack([_moved(*pair) for pair in zip(*quarters, strict=True)]), lost)


def _moved(n: Floats, e: Floats) -> Floats:
    """(O, T) expectations that add up, in every period, to all starts in it."""
    return np.asarray(e * n.sum(0) / np.maximum(e.sum(0), 1e-9))


# ---- judging -----------------------------------------------------------------------------------------------------

Found = tuple[str, int, breaks.Look]


def _doubts(counts: Counts) -> tuple[NDArray[np.bool_], NDArray[np.bool_], list[Found]]:
    """(K, O, T) what broke and what could be judged; and each doubt: kind, instrument (−1 = every), where and when."""
    broken, judged = np.zeros(counts.n.shape, bool), np.zeros(counts.n.shape, bool)
    level, found = LEVEL / 2, list[Found]()
    kinds, no = range(len(counts.instruments)), np.zeros(counts.n.shape[1:], bool)
    first = [
        (k, length, look)
        for k in kinds
        for length in (1, breaks.YEAR)
        for look in breaks.against_past(counts.n[k], counts.e[k], no, length)
    ]
    at_most = breaks.threshold((look.least for _, _, look in first), level)
    for k, _, look in first:
        judged[k, look.office, look.first : look.last + 1] |= look.least <= at_most
    for k in kinds:
        found += (("break", k, look) for look in breaks.joined(_broken(counts, k, at_most, broken[k])))
    found += (("lost", -1, look) for look in counts.lost)
    whole = [(k, look) for k in kinds for look in _whole(counts, k, broken[k])]
    at_most = breaks.steps((look.p for _, look in whole if look.least <= LEVEL), LEVEL)
    found += (("few", k, look) for k, look in whole if look.low and look.p <= at_most)
    return broken, judged, found


def _broken(counts: Counts, k: int, at_most: float, broken: NDArray[np.bool_]) -> Iterator[breaks.Look]:
    """Breaks of one instrument, the clearest quarter first, then the clearest year; each is then past no more."""
    for length in (1, breaks.YEAR):
        while True:
            looks = [x for x in breaks.against_past(counts.n[k], counts.e[k], broken, length) if x.low]
            worst = min(looks, key=lambda x: x.p, default=None)
            if worst is None or worst.p > at_most:
                break
            broken[worst.office, worst.first : worst.last + 1] = True
            yield worst


def _whole(counts: Counts, k: int, broken: NDArray[np.bool_]) -> Iterator[breaks.Look]:
    """Each office over all quarters that did not break."""
    kept = ~broken
    yield from breaks.against_others((counts.n[k] * kept).sum(1), (counts.e[k] * kept).sum(1))


# ---- nouns -------------------------------------------------------------------------------------------------------


def _doubt(counts: Counts, kind: str, k: int, look: breaks.Look, declared: tuple[Fitness, ...]) -> Doubt:
    """One doubt as a noun; ``declared``: what register.toml says of it already."""
    if kind == "lost":
        first, last = look.first, look.last
    elif kind == "few":
        there = np.flatnonzero(counts.e[k][look.office] > 0)
        first, last = int(there[0]) * _QUARTER, int(there[-1]) * _QUARTER + _QUARTER - 1
    else:
        first, last = look.first * _QUARTER, look.last * _QUARTER + _QUARTER - 1
    days = _first(counts.first + first), _last(counts.first + last)
    office, instrument = counts.offices[look.office], counts.instruments[k] if k >= 0 else ""
    said = _said(declared, Fitness(office, instrument, days, False))
    return Doubt(kind, office, instrument, str(days[0]), str(days[1]), int(look.found), round(look.usual, 1), said)


def _said(declared: Iterable[Fitness], cell: Fitness) -> str:
    """What register.toml says of all of these days: "unfit", "fit", or "" where it says nothing."""
    for one in declared:
        names = one.office in ("", cell.office) and one.instrument in ("", cell.instrument)
        if names and one.period[0] <= cell.period[0] and one.period[1] >= cell.period[1]:
            return "fit" if one.fit else "unfit"
    return ""


def _in_doubt(counts: Counts, found: list[Found]) -> NDArray[np.bool_]:
    """(K, O, T) quarters that hold a lost month, or belong to an office of which little is registered all along."""
    doubt = np.zeros(counts.n.shape, bool)
    for kind, k, look in found:
        if kind == "lost":
            doubt[:, look.office, look.first // _QUARTER] = True
        elif kind == "few":
            doubt[k, look.office] = True
    return doubt


def _cells(
    counts: Counts, broken: NDArray[np.bool_], judged: NDArray[np.bool_], declared: tuple[Fitness, ...]
) -> Iterator[Registered]:
    """Every office, instrument and quarter in which somebody was at risk."""
    for k, o, t in np.argwhere(counts.e > 0):
        first, last = _first(counts.first + t * _QUARTER), _last(counts.first + t * _QUARTER + _QUARTER - 1)
        office, instrument = counts.offices[o], counts.instruments[k]
        cell = Fitness(office, instrument, (first, last), False)
        unfit = any(not one.fit and one.meets(cell) for one in declared)
        state = "unfit" if unfit else "doubt" if broken[k, o, t] else "fine" if judged[k, o, t] else "unjudged"
        own = counts.n[k, o].sum() / max(counts.e[k, o].sum(), 1e-9)
        yield Registered(
            office, instrument, str(first), int(counts.n[k, o, t]), round(own * counts.e[k, o, t], 1), state
        )


def _first(month: int) -> dt.date:
    return dt.date(int(month) // _YEAR, int(month) % _YEAR + 1, 1)


def _last(month: int) -> dt.date:
    year, of = int(month) // _YEAR, int(month) % _YEAR + 1
    return dt.date(year, of, calendar.monthrange(year, of)[1])
