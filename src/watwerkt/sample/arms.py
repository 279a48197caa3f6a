"""Which provision belongs to which arm: the question's conditions, compiled with quoted names and bound values."""

from __future__ import annotations

import difflib
from typing import Literal

from watwerkt.dossier import Arm, Question, Where
from watwerkt.errors import EmptyArm, MissingColumn, NeverIsNotBuilt, NotInRegister, OverlappingArms
from watwerkt.register import TABLES, Register
from watwerkt.register.database import Database

NOT_NOW = "not_now"
DAYS_A_MONTH = 30.4375
# The planned length, never the realised one: that would look past time zero (METHODS, mistakes). "realised" exists for
# the demonstration alone (docs/decisions/0110): no question can ask for it.
Length = Literal["planned", "realised"]
LENGTHS: dict[Length, str] = {
    "planned": f'CAST(date_diff(\'day\', coalesce("start", "offered"), "planned_end") AS DOUBLE) / {DAYS_A_MONTH}',
    "realised": f'CAST(date_diff(\'day\', "start", "end") AS DOUBLE) / {DAYS_A_MONTH}',
}


def names(question: Question) -> tuple[str, ...]:
    """The arms with the comparison first."""
    return (question.compared_with, *(arm.name for arm in question.treatments))


# The number in the SQL of a provision of which nobody knows to which arm it belongs.
UNKNOWN = -1


def compile_arms(question: Question, register: Register, connection: Database, length: Length = "planned") -> None:
    """Make the table ``arm_of``: provision_id, arm (1, 2, … in the order of the question's arms; or UNKNOWN).

    A provision is UNKNOWN where no arm's conditions hold, and some arm's would hold or not by a value that is lacking,
    such as a planned end. It is no comparison either: something began. ``length``: what the question's
    ``planned_months`` are held against; "planned" always, but for the demonstration.
    """
    if question.compared_with == "never":
        raise NeverIsNotBuilt(where=f"question {question.id}")
    source = register.source("provision")
    if source is None:
        raise NotInRegister(where=str(register.folder), needed="provision")
    there = (*TABLES["provision"].names, *source.extra, "planned_months")
    holds, values = [], []
    for number, arm in enumerate(declared(question), start=1):
        condition, bound = _condition(arm, there, str(source.path))
        holds.append(f"({condition}) AS {_holds(number)}")
        values += bound
    connection.execute(f'CREATE TEMP VIEW planned AS SELECT *, {LENGTHS[length]} AS "planned_months" FROM "provision"')
    connection.execute(f'CREATE TEMP TABLE held AS SELECT "provision_id", {", ".join(holds)} FROM planned', values)
    names_held = [_holds(number) for number in range(1, len(holds) + 1)]
    parts = [f'SELECT "provision_id", {i} AS arm FROM held WHERE {name}' for i, name in enumerate(names_held, start=1)]
    none, lacking = (" AND ".join(f"{name} IS NOT TRUE" for name in names_held), _any_unknown(names_held))
    parts.append(f'SELECT "provision_id", {UNKNOWN} AS arm FROM held WHERE {none} AND ({lacking})')
    connection.execute(f"CREATE TEMP TABLE arm_of AS {' UNION ALL '.join(parts)}")
    connection.execute("DROP TABLE held")
    _refuse_overlap(question, connection)


def _holds(number: int) -> str:
    """The column that says whether an arm's conditions hold."""
    return f'":holds {number}"'


def _any_unknown(columns: list[str]) -> str:
    """Whether any of these is neither true nor false."""
    return " OR ".join(f"{name} IS NULL" for name in columns)


def declared(question: Question) -> tuple[Arm, ...]:
    """The arms that are provisions, in declared order."""
    return tuple(arm for arm in question.arms if arm.name != NOT_NOW)


def _condition(arm: Arm, there: tuple[str, ...], where: str) -> tuple[str, list[object]]:
    """One arm's conditions as SQL with its values."""
    parts, values = ["true"], []
    for one in arm.where:
        if one.column not in there:
            near = difflib.get_close_matches(one.column, there, n=3)
            raise MissingColumn(where=where, column=one.column, near=tuple(near))
        part, bound = _compare(one)
        parts.append(part)
        values += bound
    return " AND ".join(parts), values


def _compare(one: Where) -> tuple[str, list[object]]:
    """One condition. Numbers are compared as numbers, everything else as text (dates: as ISO text)."""
    name = '"' + one.column.replace('"', '""') + '"'
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in one.values)
    value = f"try_cast({name} AS DOUBLE)" if numbers else f"lower(CAST({name} AS VARCHAR))"
    bound: list[object] = [float(v) if numbers else str(v).lower() for v in one.values]
    if one.between:
        return f"({value} >= ? AND {value} < ?)", bound
    return f"{value} IN ({', '.join('?' * len(bound))})", bound


def _refuse_overlap(question: Question, connection: Database) -> None:
    """Every arm has provisions, and no provision two arms."""
    arms = declared(question)
    counts = dict(connection.execute("SELECT arm, count(*) FROM arm_of GROUP BY arm").fetchall())
    for number, arm in enumerate(arms, start=1):
        if number not in counts:
            raise EmptyArm(where=f"question {question.id}", arm=arm.name)
    twice = connection.execute(
        "SELECT count(*), min(low), max(high) FROM (SELECT min(arm) AS low, max(arm) AS high FROM arm_of"
        " GROUP BY provision_id HAVING count(*) > 1) AS twice"
    ).fetchone()
    if twice and twice[0]:
        both = (arms[twice[1] - 1].name, arms[twice[2] - 1].name)
        raise OverlappingArms(where=f"question {question.id}", arms=both, count=int(twice[0]))


def final_codes(question: Question) -> dict[int, int]:
    """From the arm numbers of the SQL (0 = nothing starts now) to the codes of ``Drawn`` (0 = the comparison)."""
    order = names(question)
    codes = {number: order.index(arm.name) for number, arm in enumerate(declared(question), start=1)}
    return codes if question.compared_with != NOT_NOW else {0: 0, **codes}
