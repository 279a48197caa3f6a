"""People drawn from a register, without their outcomes: trials, arms, the past, placebos and what is known of arms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import ArmFacts, Question
from watwerkt.errors import NotInRegister, TooSmallToRead
from watwerkt.register import Register
from watwerkt.register.database import Database
from watwerkt.sample import past
from watwerkt.sample.arms import NOT_NOW, Length, final_codes, names
from watwerkt.sample.covariates import build
from watwerkt.sample.groups import groups, years
from watwerkt.sample.history import History, history
from watwerkt.sample.months import pieces
from watwerkt.sample.nouns import Codes, Drawn, Floats, Group
from watwerkt.sample.past import DrawnRows
from watwerkt.sample.placebos import Sources, placebos
from watwerkt.sample.queries import ask, fetch, run
from watwerkt.sample.trials import Clock, Trials, exclude, refuse_nobody, run_trials

NEEDED = ("person", "benefit_spell", "provision")
_READ = (*NEEDED, "job_spell", "benefit_month", "sanction", "measurement")
# With fewer people in an arm not even their covariates may be compared.
LEAST = 10

_ROWS = """
SELECT row_key, person_id, spell_row, "start", u, arm, first_day, zero
FROM drawn
ORDER BY row_id
"""


def draw_register(
    question: Question,
    register: Register,
    seed: int,
    clock: Clock = "days",
    least: int = LEAST,
    length: Length = "planned",
) -> Drawn:
    """The rows of a question on a register, in the order of their key, with nothing dated after time zero.

    ``clock`` is "days" and ``length`` "planned" always, but where it is shown what a broken clock and a realised length
    do; ``least`` people an arm.
    """
    for table in NEEDED:
        if table not in register.tables:
            raise NotInRegister(where=str(register.folder), needed=table)
    with register.connect(*_READ) as connection:
        trials = run_trials(question, register, connection, seed, clock, length)
        refuse_nobody(question, register, trials)
        rows = _rows(connection, question)
        _refuse_small(question, rows, least)
        return _drawn(question, register, connection, rows, trials)


def _rows(connection: Database, question: Question) -> DrawnRows:
    """The drawn rows with their final arm codes and their spells numbered from 0."""
    found = fetch(connection, _ROWS)
    codes = final_codes(question)
    spell = np.unique(found.whole("spell_row"), return_inverse=True)[1]
    return DrawnRows(
        key=found.words("row_key").astype(str),
        ident=found.words("person_id").astype(str),
        spell=spell.astype(np.int64),
        start=found.day("start"),
        first_day=found.day("first_day"),
        zero=found.day("zero"),
        u=found.whole("u"),
        arm=np.array([codes[a] for a in found.whole("arm").tolist()], dtype=np.int64),
    )


def _refuse_small(question: Question, rows: DrawnRows, least: int) -> None:
    """An arm of a handful of people is not looked at."""
    for code, arm in enumerate(names(question)):
        count = len(np.unique(rows.ident[rows.arm == code]))
        if count < least:
            raise TooSmallToRead(where=f"question {question.id}", arm=arm, count=count, least=least)


def _drawn(question: Question, register: Register, connection: Database, rows: DrawnRows, trials: Trials) -> Drawn:
    """Everything that is known of the rows, as arrays."""
    told, jobs = _history(connection, register, rows)
    known = past.clock(rows) + past.person(connection, rows, register)
    known += [] if told is None else past.work(told, rows.spell, jobs)
    known += _tables(connection, register, rows)
    known += past.given(connection, question, register)
    full = build(known, len(rows))
    rate = np.ones((len(rows), len(names(question))))
    if question.compared_with == NOT_NOW:
        rate[:, 0] = trials.rate
    people = np.unique(rows.ident, return_inverse=True)[1].astype(np.int64)
    return Drawn(
        question=question,
        snapshot=register.snapshot,
        synthetic=register.synthetic,
        threshold=register.threshold,
        arms=names(question),
        key=rows.key,
        arm=rows.arm,
        person=people,
        cluster=people,
        stratum=np.zeros(len(rows), dtype=np.int64),
        weight=1.0 / rate[np.arange(len(rows)), rows.arm],
        rate=rate,
        covariates=full,
        exclusions=exclude(question, trials),
        ident=rows.ident,
        zero=rows.zero,
        groups=_groups(question, connection, rows),
        placebos=placebos(question, Sources(told, rows.spell, known, full)),
        facts=_facts(question, connection, rows),
        office=_offices(connection),
        currency=register.currency,
        until=str(register.period[1]),
        known_on=str((register.as_of and register.as_of.known_on) or ""),
    )


def _offices(connection: Database) -> Codes | None:
    """The office of each row's spell as a code in the order of their names; None where none is known."""
    found = ask(connection, "person").words("office")
    known = np.array([name is not None for name in found.tolist()], dtype=bool)
    if not known.any():
        return None
    codes = np.full(len(found), -1, dtype=np.int64)
    codes[known] = np.unique(found[known].astype(str), return_inverse=True)[1]
    return codes


def spell_starts(keys: NDArray[np.str_]) -> NDArray[np.datetime64]:
    """The first day of the spell of each key."""
    return np.array([key.rsplit("|", 2)[1] for key in keys.tolist()], dtype="datetime64[D]")


def _history(connection: Database, register: Register, rows: DrawnRows) -> tuple[History | None, dict[str, Floats]]:
    """Work before each spell. After this the table of jobs is gone: nothing that follows can see what came later."""
    if "job_spell" not in register.tables:
        return None, {}
    run(connection, "before")
    found = ask(connection, "history")
    starts = rows.start[np.unique(rows.spell, return_index=True)[1]]
    spell = found.whole("spell")
    jobs = pieces(spell, found.day("first"), found.day("last"), found.number("wage"))
    return history(jobs, starts), past.count_jobs(found, spell, starts)


def _tables(connection: Database, register: Register, rows: DrawnRows) -> list[past.Known]:
    """What the optional tables add."""
    known = past.earlier(connection, "provisions", rows)
    if "sanction" in register.tables:
        known += past.earlier(connection, "sanctions", rows)
    if "benefit_month" in register.tables:
        known += past.benefit(connection, rows)
    if "measurement" in register.tables:
        known += past.measured(connection, rows)
    return known


def _groups(question: Question, connection: Database, rows: DrawnRows) -> tuple[Group, ...]:
    """The declared groups, by what was known on the first day of u."""
    found = ask(connection, "person")
    about = {
        "age": years(found.day("birth_date"), rows.first_day),
        "education": found.number("education"),
        "elapsed": rows.u.astype(np.float64),
    }
    return groups(question, about, found.words("sex"))


def _facts(question: Question, connection: Database, rows: DrawnRows) -> tuple[ArmFacts, ...]:
    """What is known of each arm: people, median planned months, median wait from offer to start, never started."""
    found = ask(connection, "facts")
    codes = final_codes(question)
    arm: Codes = np.array([codes[a] for a in found.whole("arm").tolist()], dtype=np.int64)
    facts = []
    for code, name in enumerate(names(question)):
        own = arm == code
        facts.append(
            ArmFacts(
                arm=name,
                n=len(np.unique(rows.ident[rows.arm == code])),
                planned=_middle(found.number("planned_months")[own]),
                wait_days=_middle(found.number("wait_days")[own]),
                never_started=_mean(found.number("never_started")[own]),
            )
        )
    return tuple(facts)


def _middle(values: Floats) -> float | None:
    """The median of what is known, None if nothing is."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else None


def _mean(values: Floats) -> float | None:
    """The mean of what is known, None if nothing is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None
