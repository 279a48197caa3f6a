"""The sequence of trials: who is at risk in which month of the spell, who starts, who is drawn beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from watwerkt.dossier import Exclusions, Question, Step
from watwerkt.errors import EmptyArm, NoHistory, NotInRegister, OutsideTheRegister
from watwerkt.register import Register
from watwerkt.register.database import Database, Kind
from watwerkt.register.fitness import Period
from watwerkt.register.read import stretches
from watwerkt.sample import arms
from watwerkt.sample.queries import run, text

# "immortal" exists for one test only: comparisons that need not be on benefit any more on their own day, as starters
# are on theirs. It shows what immortal time does (METHODS 1.4).
Clock = Literal["days", "immortal"]

COMPARISONS_A_STARTER = 4
COMPARISONS_AT_LEAST = 20_000
_STEPS_OF_RATE = (1.0, 0.8, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.12, 0.1)
_WHOLE = 2**40
# Rules of the standard that a spell may break, in the order of the register's own count.
_BROKEN = ("not_known_yet", "missing_key", "not_a_date", "reversed", "unknown_person", "duplicate", "near_duplicate")
_BEFORE_ARMS = (
    *_BROKEN,
    "not_in_population",
    "overlapping",
    "history_not_covered",
    "earlier_provision",
    "not_registered",
    "arm_unknown",
    "other_arm_started",
)
_SETTING: dict[str, Kind] = {
    "age_from": "INT",
    "age_to": "INT",
    "entry_from": "DATE",
    "entry_to": "DATE",
    "last": "DATE",
    "seed": "VARCHAR",
    "keeps_leavers": "BOOLEAN",
}
_BY_ARM = ("no_start_in_month", "not_on_benefit", "not_covered")
_YEAR = 12


@dataclass(frozen=True)
class Trials:
    """What the trials came to: rows by (reason, arm of the SQL), how many of those without a reason were drawn, and the
    rate at which the comparison was."""

    counts: dict[tuple[str, int], int]
    drawn: int
    rate: float


def months_of(question: Question) -> int:
    """The horizon in months."""
    return 12 if question.time.horizon is None else question.time.horizon


def run_trials(
    question: Question,
    register: Register,
    connection: Database,
    seed: int,
    clock: Clock,
    length: arms.Length,
) -> Trials:
    """Make the table ``drawn`` and count everybody who is not in it."""
    _settings(question, register, connection, seed, clock)
    arms.compile_arms(question, register, connection, length)
    register.set_aside(connection, "benefit_spell", ("start", "end"))
    for name in ("compared", "unregistered", "spell", "trial", "clock"):
        run(connection, name)
    counts = _counts(connection)
    rate = _rate(counts) if question.compared_with == arms.NOT_NOW else 0.0
    _table(connection, "rate", {"rate_at": "BIGINT"}, [(round(rate * _WHOLE),)])
    run(connection, "draw")
    drawn = connection.execute("SELECT count(*) FROM drawn").fetchone()
    return Trials(counts, int(drawn[0]) if drawn else 0, rate)


def _settings(question: Question, register: Register, connection: Database, seed: int, clock: Clock) -> None:
    """The small tables that the SQL reads its parameters from."""
    population = question.population
    age = (population.age if population else None) or (None, None)
    entry = (population.entry if population else None) or (None, None)
    days = (None if day is None else dt.date.fromisoformat(day) for day in entry)
    setting = (*age, *days, register.period[1], str(seed), clock == "immortal")
    _table(connection, "setting", _SETTING, [setting])
    _table(connection, "elapsed", {"u": "INT"}, [(u,) for u in range(question.time.until)])
    wanted = population.scheme if population else ()
    _table(connection, "wanted_scheme", {"scheme": "VARCHAR"}, [(scheme,) for scheme in wanted])
    covered = list(enumerate(stretches(register)))
    ends: dict[str, Kind] = {"stretch": "INT", "first": "DATE", "last": "DATE"}
    _table(connection, "stretch", ends, [(i, *days) for i, days in covered])
    months = [(i, month) for i, days in covered for month in covered_months(days, months_of(question))]
    _table(connection, "covered_month", {"stretch": "INT", "month": "BIGINT"}, months)
    unfit = [(one.office or None, one.instrument or None, *one.period) for one in register.unfit]
    cell: dict[str, Kind] = {"office": "VARCHAR", "instrument": "VARCHAR", "first": "DATE", "last": "DATE"}
    _table(connection, "unfit", cell, unfit)
    for scheme in wanted:
        found = connection.execute('SELECT 1 FROM "benefit_spell" WHERE "scheme" = ? LIMIT 1', [scheme]).fetchone()
        if found is None:
            raise NotInRegister(where=str(register.folder), needed=f"scheme = {scheme}")


def _table(connection: Database, name: str, kinds: dict[str, Kind], rows: Sequence[tuple[object, ...]]) -> None:
    """A small table of parameters."""
    columns = [[row[i] for row in rows] for i in range(len(kinds))]
    connection.load(name, kinds, dict(zip(kinds, columns, strict=True)))


def covered_months(ends: Period, horizon: int) -> range:
    """The months (year × 12 + month − 1) of a time zero from which ``horizon`` whole months lie between two days."""
    first, day_after = ends[0], ends[1] + dt.timedelta(days=1)
    start = first.year * _YEAR + first.month - 1 + (first.day > 1)
    return range(start, day_after.year * _YEAR + day_after.month - 1 - horizon)


def _counts(connection: Database) -> dict[tuple[str, int], int]:
    """Person-months at risk by reason and arm."""
    rows = connection.execute(text("count")).fetchall()
    return {(str(reason), int(arm)): int(n) for reason, arm, n in rows}


def _rate(counts: dict[tuple[str, int], int]) -> float:
    """The probability of a comparison row: about four a starter and at least 20,000, all where there are fewer.

    It goes by steps, so that a few people more or less in the register leave everybody else's draw as it was.
    """
    starters = sum(n for (reason, arm), n in counts.items() if reason == "" and arm > 0)
    candidates = counts.get(("", 0), 0)
    wanted = max(COMPARISONS_A_STARTER * starters, COMPARISONS_AT_LEAST)
    rate, scale = 1.0, 1.0
    while True:
        for step in _STEPS_OF_RATE:
            if step * scale * candidates < wanted:
                return rate
            rate = round(step * scale, 12)
        scale /= 10


def exclude(question: Question, trials: Trials) -> Exclusions:
    """Every person-month at risk, from those read to those used, one step a reason (and arm, once arms exist)."""
    counts, order = trials.counts, _arm_names(question)
    left = sum(counts.values())
    steps = [Step("read", "", left)]
    for reason in _BEFORE_ARMS:
        gone = sum(n for (why, _), n in counts.items() if why == reason)
        left -= gone
        steps += [Step(reason, "", left)] if gone else []
    for reason in _BY_ARM:
        for number, arm in order.items():
            gone = counts.get((reason, number), 0)
            left -= gone
            steps += [Step(reason, arm, left)] if gone else []
    if trials.drawn < left:
        # Where two arms are compared with each other, whoever starts nothing is in neither.
        reason = "not_drawn" if question.compared_with == arms.NOT_NOW else "no_arm"
        steps.append(Step(reason, arms.NOT_NOW, trials.drawn))
    return Exclusions(tuple(steps))


def _arm_names(question: Question) -> dict[int, str]:
    """Names of the arms by their number in the SQL; 0 is whoever starts nothing now."""
    declared = {number: arm.name for number, arm in enumerate(arms.declared(question), start=1)}
    return {0: arms.NOT_NOW, **declared}


def refuse_nobody(question: Question, register: Register, trials: Trials) -> None:
    """An arm of which nobody may be used is an error that says what emptied it."""
    where = f"question {question.id}"
    counts = trials.counts
    rows = {why: sum(n for (reason, _), n in counts.items() if reason == why) for why, _ in counts}
    if not rows.get("") and rows.get("not_covered"):
        raise OutsideTheRegister(where=where, last_covered=register.period[1].isoformat())
    if not rows.get("") and rows.get("history_not_covered"):
        raise NoHistory(where=where, first_covered=register.period[0].isoformat())
    # The comparison last: where nobody starts, nobody is compared with them either.
    for number, arm in sorted(_arm_names(question).items(), key=lambda pair: pair[0] == 0):
        if not counts.get(("", number)) and (number > 0 or question.compared_with == arms.NOT_NOW):
            raise EmptyArm(where=where, arm=arm)
