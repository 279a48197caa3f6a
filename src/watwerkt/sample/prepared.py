"""A prepared table, one row a person: read and looked over once, drawn without outcomes, followed when sealed.

A row's key is the person's id, or sha256 of its values where there is none (with a running number for exact copies);
rows are sorted by it, so the order in a file changes nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from watwerkt.dossier import Outcome, Question
from watwerkt.errors import (
    ContradictingWages,
    DuplicateKeys,
    EmptyTable,
    OtherData,
    OtherSource,
    UselessColumn,
    WrongType,
)
from watwerkt.sample import files, values
from watwerkt.sample.covariates import Code, Number
from watwerkt.sample.nouns import Drawn, Followed, Panel, Sealed
from watwerkt.sample.people import People, at, draw_people
from watwerkt.sample.seal import require_sealed
from watwerkt.sample.values import Known

PERIOD_MARK = "{t}"
_EVENTS = ("employed", "employed_at", "on_benefit")
_SHORT = 32


@dataclass(frozen=True, eq=False)
class Prepared:
    """A table as it was read: its people, and in the same order the columns of their outcomes, for a seal to open."""

    people: People
    later: dict[str, Number]

    @property
    def snapshot(self) -> str:
        """sha256 of all values that the question asks for, whatever the order of rows."""
        return self.people.snapshot

    def __len__(self) -> int:
        return len(self.people)


def prepared(question: Question, people: object) -> Prepared:
    """Read the question's own table from a file, the folder that holds it, or any frame; look its columns over.

    Raises a TableError that names the first column that is not what the question says it is, OtherSource.
    """
    if question.table is None:
        raise OtherSource(where=f"question {question.id}", asked_of="a register", given="a table")
    if isinstance(people, str | Path) and Path(people).is_dir():
        people = Path(people) / question.table.file
    where = files.name_of(people)
    names: dict[str, tuple[str, ...]] = {}

    def choose(there: tuple[str, ...]) -> tuple[str, ...]:
        names["before"] = _present(_before(question), there, where)
        names["later"] = _present(_later(question, there, where), there, where)
        return tuple(sorted({*names["before"], *names["later"]}))

    table = files.arrow(people, choose)
    if table.num_rows == 0:
        raise EmptyTable(where=where)
    columns = {name: table.column(name) for name in table.column_names}
    as_written = _as_written(question)
    known = {
        name: (values.texts if name in as_written else values.known)(name, columns[name], where)
        for name in names["before"]
    }
    later = {name: values.number(name, columns[name], where) for name in names["later"]}
    _look_over(question, known, later, where)
    return _in_order(question, known, later, where)


def draw_table(question: Question, source: Prepared, seed: int) -> Drawn:
    """The people of the question's arms, without their outcomes. Nothing is drawn by chance: ``seed`` changes nothing.

    Raises OverlappingArms, EmptyArm, TooSmallToRead, UselessColumn, TooManyValues.
    """
    del seed
    return draw_people(question, source.people)


def follow_table(drawn: Drawn, source: Prepared, sealed: Sealed) -> Followed:
    """What became of the drawn people. The only reader of a table's outcomes."""
    require_sealed(drawn, sealed)
    if source.snapshot != drawn.snapshot:
        raise OtherData(where=source.people.where)
    rows = np.searchsorted(source.people.key, drawn.key)
    return Followed(drawn, tuple(_panel(outcome, source, rows) for outcome in drawn.question.outcomes))


# ---- which columns -----------------------------------------------------------------------------------------------


def _before(question: Question) -> tuple[str, ...]:
    """Names of all columns that a draw looks at."""
    table = question.table
    roles = () if table is None else (table.person, table.weight, table.cluster, table.stratum)
    where = [one.column for arm in question.arms for one in arm.where]
    names = (*where, *question.given, *question.groups, *roles, question.design.takeup)
    return tuple(dict.fromkeys(name for name in names if name))


def _as_written(question: Question) -> set[str]:
    """Columns that are names of things: compared as they were written, leading zeros and all."""
    table = question.table
    names = set() if table is None else {table.person, table.cluster, table.stratum}
    return names - {*question.given, *question.groups, *(one.column for arm in question.arms for one in arm.where)}


def _later(question: Question, there: tuple[str, ...], where: str) -> tuple[str, ...]:
    """Names of all columns of the outcomes."""
    found = [(outcome, t, name) for outcome in question.outcomes for t, name in columns_of(outcome, there, where)]
    work = [at_work_column(outcome, t) for outcome, t, _ in found if outcome.at_work]
    return (*(name for _, _, name in found), *work)


def at_work_column(outcome: Outcome, period: int | None) -> str:
    """The column that says who has a wage in a period."""
    return outcome.at_work.replace(PERIOD_MARK, str(period))


def columns_of(outcome: Outcome, there: Iterable[str], where: str) -> tuple[tuple[int | None, str], ...]:
    """(period, column) of an outcome: the declared periods, or all columns that fit its pattern."""
    if outcome.column:
        return ((None, outcome.column),)
    if outcome.periods is not None:
        first, last = outcome.periods
        return tuple((t, outcome.columns.replace(PERIOD_MARK, str(t))) for t in range(first, last + 1))
    before, _, after = outcome.columns.partition(PERIOD_MARK)
    fits = re.compile(f"{re.escape(before)}(0|[1-9][0-9]*){re.escape(after)}")
    found = sorted((int(match[1]), name) for name in there if (match := fits.fullmatch(name)))
    if not found:
        raise files.missing_column(where, outcome.columns, there)
    return tuple(found)


def _present(names: tuple[str, ...], there: tuple[str, ...], where: str) -> tuple[str, ...]:
    for name in names:
        if name not in there:
            raise files.missing_column(where, name, there)
    return names


# ---- looking over ------------------------------------------------------------------------------------------------


def _look_over(question: Question, known: dict[str, Known], later: dict[str, Number], where: str) -> None:
    """Every column has the values that its role needs."""
    table = question.table
    for name in () if table is None else (table.person, table.cluster, table.stratum):
        if name:
            values.complete(known[name], where)
    if table is not None and table.person:
        _refuse_copies(known[table.person], where)
    if table is not None and table.weight:
        _refuse_wrong_weights(known[table.weight], where)
    if question.design.takeup:
        values.zero_or_one(_as_number(values.complete(known[question.design.takeup], where), "0 or 1", where), where)
    for outcome in question.outcomes:
        if outcome.kind in _EVENTS:
            for _, name in columns_of(outcome, later, where):
                values.zero_or_one(later[name], where)
        if outcome.kind == "wage":
            _refuse_wrong_wages(outcome, later, where)


def _refuse_wrong_wages(outcome: Outcome, later: dict[str, Number], where: str) -> None:
    """Who is at work is 0 or 1, and nobody else has a wage. Without such a column a wage tells it, and has no sign."""
    for t, name in columns_of(outcome, later, where):
        wage = later[name].values
        if outcome.at_work:
            work = values.zero_or_one(later[at_work_column(outcome, t)], where)
            count = int(((work.values == 0) & (np.nan_to_num(wage) != 0)).sum())
            if count:
                raise ContradictingWages(where=where, column=name, at_work=work.name, count=count)
        elif (wage < 0).any():
            wrong = tuple(values.label(v) for v in sorted(set(wage[wage < 0].tolist()))[:3])
            expected = "wages, 0 for who is not at work; logarithms need 'at_work'"
            raise WrongType(where=where, column=name, expected=expected, count=int((wage < 0).sum()), examples=wrong)


def _refuse_copies(person: Known, where: str) -> None:
    counts = Counter(values.labels(person).tolist())
    twice = sorted(one for one, count in counts.items() if count > 1)
    if twice:
        raise DuplicateKeys(where=where, column=person.name, count=len(twice), examples=tuple(twice[:3]))


def _refuse_wrong_weights(weight: Known, where: str) -> None:
    found = _as_number(values.complete(weight, where), "weights", where)
    wrong = found.values[found.values < 0]
    if wrong.size or not found.values.any():
        shown = tuple(values.label(v) for v in sorted(set(wrong.tolist()))[:3]) or ("0",)
        count = wrong.size or found.values.size
        raise WrongType(where=where, column=found.name, expected="weights above 0", count=count, examples=shown)


def _as_number(found: Known, expected: str, where: str) -> Number:
    if isinstance(found, Number):
        return found
    wrong = sorted({v for v in found.values.tolist() if v is not None})
    raise WrongType(
        where=where, column=found.name, expected=expected, count=len(found.values), examples=tuple(wrong[:3])
    )


# ---- keys --------------------------------------------------------------------------------------------------------


def _in_order(question: Question, known: dict[str, Known], later: dict[str, Number], where: str) -> Prepared:
    """The table sorted by key, with its snapshot."""
    digests = _digests({**later, **known})
    person = question.table.person if question.table is not None else ""
    key = values.labels(known[person]).astype(str) if person else _numbered(digests)
    order = np.argsort(key)
    names = "\n".join(sorted({*known, *later}))
    snapshot = hashlib.sha256("\n".join([names, *sorted(digests)]).encode()).hexdigest()
    people = People(where, snapshot, key[order], {name: at(one, order) for name, one in known.items()})
    return Prepared(people, {name: Number(name, name, one.values[order]) for name, one in later.items()})


def _digests(columns: dict[str, Known]) -> list[str]:
    """sha256 of each row's values, columns in the order of their names: numbers as float64, codes as text."""
    ordered = [columns[name] for name in sorted(columns)]
    numbers = [one.values for one in ordered if isinstance(one, Number)]
    matrix = np.column_stack(numbers) if numbers else np.zeros((len(ordered[0].values), 0))
    matrix = np.where(np.isnan(matrix), np.nan, matrix).astype("<f8")
    codes = [one.values.tolist() for one in ordered if isinstance(one, Code)]
    rows = zip(*codes, strict=True) if codes else iter([()] * len(matrix))
    return [
        hashlib.sha256(row.tobytes() + "\x1f".join("\x00" if v is None else v for v in texts).encode()).hexdigest()
        for row, texts in zip(np.ascontiguousarray(matrix), rows, strict=True)
    ]


def _numbered(digests: list[str]) -> NDArray[np.str_]:
    """The digests, shortened; exact copies get a running number, so that each row has its own key."""
    seen: Counter[str] = Counter()
    keys = []
    for digest in digests:
        seen[digest] += 1
        keys.append(digest[:_SHORT] + (f"-{seen[digest]}" if seen[digest] > 1 else ""))
    return np.array(keys)


# ---- outcomes ----------------------------------------------------------------------------------------------------


def _panel(outcome: Outcome, source: Prepared, rows: NDArray[np.int64]) -> Panel:
    """One outcome of the drawn people, by period."""
    found = columns_of(outcome, source.later, source.people.where)
    y = np.column_stack([source.later[name].values[rows] for _, name in found]).astype(np.float32)
    unknown = np.isnan(y)
    if unknown.all():
        because = "no outcome is known of anybody"
        raise UselessColumn(where=source.people.where, column=outcome.column or outcome.columns, because=because)
    if outcome.kind == "wage":
        return _wage(outcome, source, rows, y)
    observed = ~unknown if unknown.any() else None
    return Panel(outcome.name, tuple(period for period, _ in found), y, observed)


def _wage(outcome: Outcome, source: Prepared, rows: NDArray[np.int64], y: NDArray[np.float32]) -> Panel:
    """A wage with who is at work: not known of whose work is not known, nor of who works for a wage that is not known.

    Without a column that says so, a wage above 0 is work and 0 is none.
    """
    months = tuple(t for t, _ in columns_of(outcome, source.later, source.people.where))
    if outcome.at_work:
        work = np.column_stack([source.later[at_work_column(outcome, t)].values[rows] for t in months])
    else:
        work = np.where(np.isnan(y), np.nan, y > 0)
    at_work = (work == 1) & ~np.isnan(y)
    if not at_work.any():
        column = outcome.column or outcome.columns
        raise UselessColumn(where=source.people.where, column=column, because="nobody has a wage")
    known = at_work | (work == 0)
    return Panel(
        outcome.name, months, np.where(at_work, y, 0).astype(np.float32), None if known.all() else known, at_work
    )
