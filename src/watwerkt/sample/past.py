"""What was known of each drawn row strictly before the first day of its month u: the covariates, source by source."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Question
from watwerkt.errors import MissingColumn
from watwerkt.register import Register
from watwerkt.register.database import Database
from watwerkt.register.files import quoted
from watwerkt.sample.covariates import FEW, Code, Number
from watwerkt.sample.history import WINDOWS, History
from watwerkt.sample.months import bounds_before, month_number
from watwerkt.sample.queries import Rows, ask, fetch

DAYS_A_YEAR, DAYS_A_MONTH = 365.25, 30.4375
ELAPSED = ((1, 3, 6, 9, 12), ("0", "1–2", "3–5", "6–8", "9–11", "12+"))
JOB_WINDOWS = ((1, 12), (13, 24))
_YEAR, _QUARTER = 12, 3

Known = Number | Code
Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]


@dataclass(frozen=True, eq=False)
class DrawnRows:
    """The drawn rows themselves, n of them, in the order of their key."""

    key: NDArray[np.str_]
    ident: NDArray[np.str_]
    spell: NDArray[np.int64]
    start: Days
    first_day: Days
    zero: Days
    u: NDArray[np.int64]
    arm: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ident)


def window(kind: str, first: int, last: int) -> str:
    """The name of a history block, e.g. ``earnings_13_24``: months before the spell."""
    return f"{kind}_{first}" if first == last else f"{kind}_{first}_{last}"


def blocks_of(kind: str, first: int, last: int) -> tuple[str, ...]:
    """The history blocks that tell work, or earnings, in any of these months before the spell.

    Who earned had work, so earnings and the number of jobs tell work; months with work do not tell what they paid.
    """
    kinds = ("work", "earnings") if kind == "work" else ("earnings",)
    found = [window(one, a, b) for one in kinds for a, b in WINDOWS if a <= last and b >= first]
    if kind == "work":
        found += [window("jobs", a, b) for a, b in JOB_WINDOWS if a <= last and b >= first]
    return (*found, "previous_wage")


def clock(rows: DrawnRows) -> list[Known]:
    """Where the row stands in the spell and in the calendar."""
    days = (rows.zero - rows.start).astype(np.int64).astype(np.float64)
    month = month_number(rows.zero)
    band = np.array(ELAPSED[1], dtype=object)[np.searchsorted(ELAPSED[0], rows.u, side="right")]
    return [
        Number("elapsed", "elapsed", rows.u.astype(np.float64)),
        Code("elapsed", "elapsed", band),
        Number("days", "days", days),
        Code("month", "calendar", _labels(month % _YEAR + 1)),
        Code("quarter", "calendar", _quarters(month)),
        Code("entry", "entry", _quarters(month_number(rows.start))),
    ]


def person(connection: Database, rows: DrawnRows, register: Register) -> list[Known]:
    """The person and the spell: age, sex, education, region, scheme, office, remaining entitlement.

    A column that the register does not have, or may not adjust for, is no covariate and misses nobody.
    """
    found = ask(connection, "person")
    known: list[Known] = [
        Number("age", "age", _between(found.day("birth_date"), rows.first_day) / DAYS_A_YEAR),
        Number("entitlement", "entitlement", _between(rows.first_day, found.day("entitlement_end")) / DAYS_A_MONTH),
        Code("education", "education", _whole_labels(found.number("education"))),
        *(Code(name, name, found.words(name)) for name in ("sex", "region", "household", "scheme", "office")),
    ]
    columns = {"age": "birth_date", "entitlement": "entitlement_end"}
    there = _columns(register, "person", "benefit_spell")
    return [
        one for one in known if columns.get(one.name, one.name) in there and register.settings.adjusts_for(one.name)
    ]


def _columns(register: Register, *tables: str) -> set[str]:
    """The columns that these tables have in the register's files."""
    sources = [register.source(table) for table in tables]
    return {name for source in sources if source is not None for name in source.types}


def work(past: History, spell: NDArray[np.int64], jobs: dict[str, Floats]) -> list[Known]:
    """Work and earnings before the spell in disjoint windows; ``spell`` says which of the spells a row belongs to."""
    known: list[Known] = []
    for a, b in WINDOWS:
        known.append(Number(window("work", a, b), window("work", a, b), past.months_worked(a, b)[spell]))
        known.append(Number(window("earnings", a, b), window("earnings", a, b), past.mean_earnings(a, b)[spell]))
    known.append(Number("previous_wage", "previous_wage", past.wage[spell]))
    return known + [Number(name, name, count[spell]) for name, count in jobs.items()]


def count_jobs(found: Rows, spell: NDArray[np.int64], start: Days) -> dict[str, Floats]:
    """How many different jobs each spell had in either year before it. A job without an id is one of its own."""
    bounds = bounds_before(start, WINDOWS[-1][1])
    ids = found.words("job_id")
    known = np.array([i is not None for i in ids], dtype=bool)
    code = -1 - np.arange(len(ids), dtype=np.int64)
    code[known] = np.unique(ids[known].astype(str), return_inverse=True)[1]
    first, last = found.day("first").astype(np.int64), found.day("last").astype(np.int64)
    counted = {}
    for a, b in JOB_WINDOWS:
        inside = (first < bounds[spell, -a]) & (last >= bounds[spell, -b - 1])
        pairs = np.unique(np.column_stack([spell[inside], code[inside]]), axis=0)
        counted[window("jobs", a, b)] = np.bincount(pairs[:, 0], minlength=len(start)).astype(np.float64)
    return counted


def benefit(connection: Database, rows: DrawnRows) -> list[Known]:
    """The last known amount of benefit and income from work beside it."""
    found = ask(connection, "amount")
    at = found.whole("row_id")
    return [
        Number("amount", "amount", _spread(at, found.number("amount"), len(rows))),
        Number("income_from_work", "income_from_work", _spread(at, found.number("income"), len(rows))),
    ]


def earlier(connection: Database, name: str, rows: DrawnRows, few: int = FEW) -> list[Known]:
    """Earlier provisions or sanctions: how many in all, and whether any of each kind that enough rows had."""
    found = ask(connection, name)
    at, kinds, n = found.whole("row_id"), found.words("kind"), found.number("n")
    block = f"earlier_{name}"
    known: list[Known] = [Number(block, block, np.bincount(at, n, len(rows)).astype(np.float64))]
    for kind in sorted(set(kinds.tolist())):
        had = np.bincount(at[kinds == kind], minlength=len(rows)) > 0
        if had.sum() >= few:
            known.append(Number(f"{block}={kind}", block, had.astype(np.float64)))
    return known


def measured(connection: Database, rows: DrawnRows, few: int = FEW) -> list[Known]:
    """The last value of each measure; a measure that hardly anybody has is left out."""
    found = ask(connection, "measured")
    at, names, values = found.whole("row_id"), found.words("measure"), found.number("value")
    known: list[Known] = []
    for name in sorted(set(names.tolist())):
        of_it = names == name
        if of_it.sum() >= few:
            block = f"measured_{name}"
            known.append(Number(block, block, _spread(at[of_it], values[of_it], len(rows))))
    return known


def given(connection: Database, question: Question, register: Register) -> list[Known]:
    """Declared extra columns of the person or the spell: numbers where every value is one, else codes."""
    known: list[Known] = []
    for name in question.given:
        table, key = _table_of(name, register)
        query = (
            f"SELECT CAST(t.{quoted(name)} AS VARCHAR) AS value FROM drawn AS d"
            f" JOIN {quoted(table)} AS t ON t.{quoted(key)} = d.{quoted(key)} ORDER BY d.row_id"
        )
        values = fetch(connection, query).words("value")
        known.append(as_known(name, values))
    return known


def as_known(name: str, values: NDArray[np.object_]) -> Known:
    """A number where every value is one, else a code."""
    try:
        return Number(name, name, np.array([np.nan if v is None else float(v) for v in values], dtype=np.float64))
    except ValueError:
        return Code(name, name, values)


def _table_of(name: str, register: Register) -> tuple[str, str]:
    """Where an extra column stands: with the person, or with the spell."""
    there: list[str] = []
    for table, key in (("person", "person_id"), ("benefit_spell", "spell_id")):
        source = register.source(table)
        if source is not None and name in source.types:
            return table, key
        there += source.types if source is not None else ()
    near = difflib.get_close_matches(name, there, n=3)
    raise MissingColumn(where=str(register.folder), column=name, near=tuple(near))


def _between(first: Days, last: Days) -> Floats:
    """Days from one day to another, NaN where either is unknown."""
    days = (last - first).astype("timedelta64[D]")
    return np.where(np.isnat(days), np.nan, days.astype(np.int64).astype(np.float64))


def _spread(at: NDArray[np.int64], values: Floats, rows: int) -> Floats:
    """Values at their rows, NaN elsewhere."""
    spread = np.full(rows, np.nan)
    spread[at] = values
    return spread


def _labels(codes: NDArray[np.int64]) -> NDArray[np.object_]:
    """Whole numbers as two-digit labels."""
    return np.array([f"{code:02d}" for code in codes.tolist()], dtype=object)


def _whole_labels(values: Floats) -> NDArray[np.object_]:
    """Numbers as labels without a decimal point, None where unknown."""
    return np.array([None if np.isnan(v) else f"{v:g}" for v in values.tolist()], dtype=object)


def _quarters(months: NDArray[np.int64]) -> NDArray[np.object_]:
    """Months since 1970 as quarters of a year."""
    return np.array([f"{1970 + m // _YEAR}Q{m % _YEAR // _QUARTER + 1}" for m in months.tolist()], dtype=object)
