"""What becomes of every row: it leaves for a reason, is superseded, is folded into another, or is written.

One table of the standard at a time, as SQL over the staged files. ``made:<table>`` has one row a source row: the file
it came from, its columns, and ``:fate``, empty for a row that is written. So what is counted adds up to the source.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from watwerkt.dossier import Went
from watwerkt.errors import DecimalComma, MappingError, NotDates, NotNumbers, UnknownCode
from watwerkt.register.files import literal, quoted
from watwerkt.register.mapping.declared import Fold, Part, Versions
from watwerkt.register.mapping.expressions import FUNCTIONS, Compiled, Looked
from watwerkt.register.mapping.staged import Staged
from watwerkt.register.tables import TABLES

_MOSTLY = 0.5  # above this share of unreadable values a column is written wrongly as a whole: an error, not a count
_CENT = 100
_SHOWN = 10  # codes in an error


@dataclass(frozen=True)
class Made:
    """One table as it was made: what becomes of its rows, and the query of what is written."""

    table: str
    amounts: tuple[Went, ...]
    query: str
    totals: tuple[str, ...]


def make(connection: duckdb.DuckDBPyConnection, parts: tuple[tuple[Part, Staged], ...]) -> Made:
    """One table of the standard from all that gives to it."""
    table = parts[0][0].table
    versions, fold = _alike(parts)
    name = quoted(f"made:{table}")
    totals = tuple(dict.fromkeys(one for part, _ in parts for one in part.totals))
    for i, (part, staged) in enumerate(parts):
        _evaluate(connection, part, staged, f"evaluated:{i}")
    union = " UNION ALL BY NAME ".join(
        f'SELECT {i} AS ":part", * FROM {quoted(f"evaluated:{i}")}' for i in range(len(parts))
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {union}")
    amounts = [a for i, (part, staged) in enumerate(parts) for a in _values(connection, i, part, staged)]
    for i in range(len(parts)):
        connection.execute(f"DROP TABLE {quoted(f'evaluated:{i}')}")
    columns = _columns(parts)
    if versions is not None:
        _supersede(connection, name, versions, columns)
    if fold is not None:
        _fold(connection, name, fold, columns)
    amounts += _counted(connection, table, totals, parts)
    if versions is not None and versions.which == "latest" and "end" in columns:
        amounts += _not_told_again(connection, table, parts)
    return Made(table, tuple(amounts), _written(name, parts, fold, columns), totals)


def _alike(parts: tuple[tuple[Part, Staged], ...]) -> tuple[Versions | None, Fold | None]:
    """Versions and fold are of a table, so all that gives to it must say the same."""
    said = {(part.versions, part.fold, part.after) for part, _ in parts}
    if len(said) > 1:
        where = ", ".join(dict.fromkeys(part.mapping for part, _ in parts))
        problem = f"tables.{parts[0][0].table} is given twice, with other versions, fold or after"
        raise MappingError(where=where, problems=(problem,))
    versions, fold, _ = said.pop()
    return versions, fold


def _columns(parts: tuple[tuple[Part, Staged], ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part, _ in parts for name, _ in part.columns))


# ---- one kind of file --------------------------------------------------------------------------------------------


def _evaluate(connection: duckdb.DuckDBPyConnection, part: Part, staged: Staged, name: str) -> None:
    """Every row with its columns, its fate so far, and what could not be read or is in no code list."""
    selected = ['":file"']
    for column, one in part.columns:
        selected.append(f"{one.sql} AS {quoted(column)}")
        if one.readings:
            failed = " OR ".join(reading.failed for reading in one.readings)
            selected.append(f"coalesce({failed}, false) AS {quoted(f':wrong {column}')}")
    for i, (_, looked) in enumerate(_lookups(part)):
        selected.append(f"(CASE WHEN {looked.strange} THEN {looked.value} END) AS {quoted(f':code {i}')}")
    selected += [f"({one.where.sql}) AS {quoted(f':leaves {i}')}" for i, one in enumerate(part.set_aside)]
    query = f"SELECT {', '.join(selected)} FROM {quoted(staged.table)}"
    left = "".join(f", {quoted(f':leaves {i}')}" for i in range(len(part.set_aside)))
    without = f"* EXCLUDE ({left[2:]})" if left else "*"
    connection.execute(
        f'CREATE OR REPLACE TEMP TABLE {quoted(name)} AS SELECT {without}, {_fate(part)} AS ":fate" FROM ({query}) AS e'
    )
    _strange_codes(connection, part, staged, name)


def _lookups(part: Part) -> list[tuple[str, Looked]]:
    """Each look-up in a code list, with the column that it fills."""
    return [(column, looked) for column, one in part.columns for looked in one.looked]


def _fate(part: Part) -> str:
    """Why a row leaves: the first reason that holds. A row without what the standard needs is worth nothing."""
    whens = [f"WHEN {quoted(f':leaves {i}')} THEN {literal(one.reason)}" for i, one in enumerate(part.set_aside)]
    for i, (column, looked) in enumerate(_lookups(part)):
        if looked.codes.other == "drop":
            whens.append(f"WHEN {quoted(f':code {i}')} IS NOT NULL THEN {literal(f'other_code:{column}')}")
    compiled = dict(part.columns)
    needed = [*TABLES[part.table].required, *(part.fold.by if part.fold else ())]
    if part.fold:
        needed += ["start", "end"]
    for column in dict.fromkeys(name for name in needed if name in compiled):
        if compiled[column].readings:
            whens.append(f"WHEN {quoted(f':wrong {column}')} THEN {literal(f'unreadable:{column}')}")
        whens.append(f"WHEN {quoted(column)} IS NULL THEN {literal(f'empty:{column}')}")
    if part.fold:
        whens.append('WHEN "end" < "start" THEN \'reversed:end\'')
    return f"(CASE {' '.join(whens)} END)" if whens else "CAST(NULL AS VARCHAR)"


def _strange_codes(connection: duckdb.DuckDBPyConnection, part: Part, staged: Staged, name: str) -> None:
    """A code that a list does not have is an error, unless the list says what becomes of it."""
    for i, (_, looked) in enumerate(_lookups(part)):
        if looked.codes.other != "error":
            continue
        code = quoted(f":code {i}")
        found = connection.execute(
            f'SELECT {code}, count(*), min(":file") FROM {quoted(name)} WHERE ":fate" IS NULL AND {code} IS NOT NULL '
            f"GROUP BY {code} ORDER BY count(*) DESC, {code}"
        ).fetchall()
        if found:
            raise UnknownCode(
                where=str(staged.paths[min(int(row[2]) for row in found)]),
                column=looked.column,
                codes=looked.codes.name,
                count=sum(int(row[1]) for row in found),
                examples=tuple(str(row[0]) for row in found[:_SHOWN]),
            )


def _values(connection: duckdb.DuckDBPyConnection, at: int, part: Part, staged: Staged) -> list[Went]:
    """Values of rows that stay which could not be read, or which a code list does not have: empty, and counted."""
    found = []
    looks: list[tuple[str, str, str]] = []
    for column, one in part.columns:
        if one.readings:
            _mostly_read(connection, part, staged, (column, one))
            looks.append(("unreadable_value", column, quoted(f":wrong {column}")))
    for i, (column, _) in enumerate(_lookups(part)):
        looks.append(("other_code", column, f"{quoted(f':code {i}')} IS NOT NULL"))
    for what, column, condition in looks:
        rows = connection.execute(
            f'SELECT ":file", count(*) FROM {quoted(f"evaluated:{at}")} WHERE ":fate" IS NULL AND {condition} '
            'GROUP BY ":file" ORDER BY ":file"'
        ).fetchall()
        found += [Went(part.table, staged.paths[f].name, what, column, "rows", int(n)) for f, n in rows]
    return found


def _mostly_read(
    connection: duckdb.DuckDBPyConnection, part: Part, staged: Staged, column: tuple[str, Compiled]
) -> None:
    """Above a share that cannot be read the whole column is written otherwise. Raises NotDates, NotNumbers."""
    name, one = column
    for reading in one.readings:
        rows = connection.execute(
            f'SELECT ":file", count({reading.value}), count(*) FILTER (WHERE {reading.failed}), '
            f"bool_and(regexp_full_match({reading.value}, '[-+0-9.]*,[0-9]+')) FILTER (WHERE {reading.failed}) "
            f'FROM {quoted(staged.table)} GROUP BY ":file" ORDER BY ":file"'
        ).fetchall()
        for file, given, failed, comma in rows:
            if failed > _MOSTLY * given:
                shown = connection.execute(
                    f"SELECT DISTINCT {reading.value} FROM {quoted(staged.table)} "
                    f'WHERE ":file" = {file} AND {reading.failed} ORDER BY 1 LIMIT 3'
                ).fetchall()
                error = NotDates if reading.kind == "date" else DecimalComma if comma else NotNumbers
                written = f"{name} = {one.source}" if one.source != name else name
                raise error(
                    where=str(staged.paths[file]),
                    column=f"{part.table}.{written}",
                    count=int(failed),
                    examples=tuple(str(row[0]) for row in shown),
                )


# ---- versions and folding ----------------------------------------------------------------------------------------


def _supersede(connection: duckdb.DuckDBPyConnection, name: str, versions: Versions, columns: tuple[str, ...]) -> None:
    """Of the rows of one key that stay so far, one stays; the others are superseded."""
    key = ", ".join(quoted(one) for one in versions.key)
    down = "DESC" if versions.which == "latest" else "ASC"
    ties = ", ".join(f"{quoted(one)} {down} NULLS LAST" for one in columns)
    order = f'{quoted(versions.by)} {down} NULLS LAST, ":part", ":file" {down}, {ties}'
    groups = f'PARTITION BY {key}, ":fate" IS NULL'
    replaced = [f"min({quoted(one)}) OVER ({groups}) AS {quoted(one)}" for one in versions.earliest]
    if versions.fill:
        whole = f"OVER ({groups} ORDER BY {order} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"
        kept = {*versions.key, *versions.earliest}
        replaced += [f"first_value({quoted(c)} IGNORE NULLS) {whole} AS {quoted(c)}" for c in columns if c not in kept]
    fate = f'CASE WHEN ":fate" IS NULL AND row_number() OVER ({groups} ORDER BY {order}) > 1 '
    replaced.append(f'{fate}THEN \'superseded\' ELSE ":fate" END AS ":fate"')
    told = f'max({quoted(versions.by)}) OVER ({groups}) AS ":told"'
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * REPLACE ({', '.join(replaced)}), {told} FROM {name}"
    )


def _not_told_again(
    connection: duckdb.DuckDBPyConnection, table: str, parts: tuple[tuple[Part, Staged], ...]
) -> list[Went]:
    """Rows that run on although the last delivery does not tell them: they may have been forgotten."""
    name = quoted(f"made:{table}")
    rows = connection.execute(
        f'SELECT ":part", ":file", count(*) FROM {name} WHERE ":fate" IS NULL AND "end" IS NULL '
        f'AND ":told" < (SELECT max(":told") FROM {name}) GROUP BY ":part", ":file" ORDER BY ":part", ":file"'
    ).fetchall()
    return [Went(table, parts[p][1].paths[f].name, "not_told_again", "end", "rows", int(n)) for p, f, n in rows]


def _fold(connection: duckdb.DuckDBPyConnection, name: str, fold: Fold, columns: tuple[str, ...]) -> None:
    """Number the rows of one ``by`` whose periods touch (``:spell``); the first of each is written.

    Rows of one period are one period first, so that a payment in two pieces is one payment.
    """
    by = ", ".join(quoted(one) for one in fold.by)
    paid = f", sum({quoted(fold.cut)}) AS paid" if fold.cut else ""
    before = f'OVER (PARTITION BY {by} ORDER BY "start", "end")'
    until = f'OVER (PARTITION BY {by} ORDER BY "start", "end" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)'
    new = f'coalesce("start" > max("end") {until} + 1, true)'
    if fold.cut:
        new += (
            f" OR ({_changes('paid / days', fold.share, before)} AND {_changes('paid / months', fold.share, before)})"
        )
    months = FUNCTIONS["months"].sql.format('"start"', '"end"')
    spells = (
        f'WITH period AS (SELECT {by}, "start", "end"{paid} FROM {name} WHERE ":fate" IS NULL '
        f'GROUP BY {by}, "start", "end"), '
        f'measured AS (SELECT *, "end" - "start" + 1 AS days, {months} AS months FROM period), '
        f"marked AS (SELECT *, ({new}) AS new FROM measured) "
        f'SELECT {by}, "start", "end", count(*) FILTER (WHERE new) {before} AS ":spell" FROM marked'
    )
    joined = " AND ".join(f"m.{quoted(c)} = s.{quoted(c)}" for c in (*fold.by, "start", "end"))
    ties = ", ".join(f"m.{quoted(one)}" for one in columns)
    mine = ", ".join(f"m.{quoted(one)}" for one in fold.by)
    first = (
        f'row_number() OVER (PARTITION BY {mine}, s.":spell", m.":fate" IS NULL '
        f'ORDER BY m."start", m."end", m.":file", {ties})'
    )
    connection.execute(
        f'CREATE OR REPLACE TEMP TABLE {name} AS WITH spell AS ({spells}) SELECT m.* EXCLUDE (":fate"), s.":spell", '
        f'CASE WHEN m.":fate" IS NULL AND {first} > 1 THEN \'folded\' ELSE m.":fate" END AS ":fate" '
        f'FROM {name} AS m LEFT JOIN spell AS s ON {joined} AND m.":fate" IS NULL'
    )


def _changes(rate: str, share: float, before: str) -> str:
    """Whether a rate is further than a share from that of the period before."""
    return f"coalesce(abs({rate} - lag({rate}) {before}) > {share!r} * abs(lag({rate}) {before}), false)"


def _written(name: str, parts: tuple[tuple[Part, Staged], ...], fold: Fold | None, columns: tuple[str, ...]) -> str:
    """The query of the rows that are written, with the columns of ``after``; a name that begins with _ is not."""
    totals = {one for part, _ in parts for one in part.totals}
    if fold is None:
        rows = f'SELECT * FROM {name} WHERE ":fate" IS NULL'
    else:
        by, order = ", ".join(quoted(one) for one in fold.by), '("end", "start", ":file")'
        shown = []
        for column in (c for c in columns if c not in fold.by):
            if column in ("start", "end"):
                shown.append(f"{'min' if column == 'start' else 'max'}({quoted(column)}) AS {quoted(column)}")
            elif column in totals:
                shown.append(f"{_cents(column)} / {float(_CENT)} AS {quoted(column)}")
            else:
                # Of what changes within a spell the last known stands; a tie in day and file is broken by the value.
                last = f"arg_max({quoted(column)}, ({order}, {quoted(column)}))"
                shown.append(f"{last} FILTER (WHERE {quoted(column)} IS NOT NULL) AS {quoted(column)}")
        kept = '":fate" IS NULL OR ":fate" = \'folded\''
        rows = f'SELECT {by}, {", ".join(shown)} FROM {name} WHERE {kept} GROUP BY {by}, ":spell"'
    after = parts[0][0].after
    shown = [quoted(c) for c in columns if not c.startswith("_") and c not in dict(after)]
    shown += [f"{one.sql} AS {quoted(column)}" for column, one in after]
    return f"SELECT {', '.join(shown)} FROM ({rows}) AS made"


# ---- counting ----------------------------------------------------------------------------------------------------


def _cents(column: str) -> str:
    """A sum in whole hundredths: exact, whatever the order."""
    return f"coalesce(sum(CAST(round({quoted(column)} * {_CENT}) AS HUGEINT)), 0)"


def _counted(
    connection: duckdb.DuckDBPyConnection, table: str, totals: tuple[str, ...], parts: tuple[tuple[Part, Staged], ...]
) -> list[Went]:
    """Rows and totals by file and fate. Rows of the source are counted where they were staged, not from the fates."""
    sums = "".join(f", {_cents(column)}" for column in totals)
    name = quoted(f"made:{table}")
    found = []
    for i, (part, staged) in enumerate(parts):
        read = connection.execute(
            f'SELECT ":file", count(*){_source_sums(part, totals)} FROM {quoted(staged.table)} '
            'GROUP BY ":file" ORDER BY ":file"'
        ).fetchall()
        fates = connection.execute(
            f'SELECT ":file", ":fate", count(*){sums} FROM {name} WHERE ":part" = {i} '
            'GROUP BY ":file", ":fate" ORDER BY ":file", ":fate" NULLS LAST'
        ).fetchall()
        rows = [(f, "read", "", *amounts) for f, *amounts in read]
        for f, fate, *amounts in fates:
            what = "written" if fate is None else fate if fate in ("superseded", "folded") else "set_aside"
            rows.append((f, what, fate if what == "set_aside" else "", *amounts))
        for f, what, reason, *amounts in rows:
            for measure, amount in zip(("rows", *totals), amounts, strict=True):
                found.append(Went(table, staged.paths[f].name, what, reason, measure, int(amount)))
    return found


def _source_sums(part: Part, totals: tuple[str, ...]) -> str:
    """The totals of a part's files, straight from what was staged."""
    columns = dict(part.columns)
    return "".join(
        f", coalesce(sum(CAST(round({columns[one].sql} * {_CENT}) AS HUGEINT)), 0)" if one in columns else ", 0"
        for one in totals
    )
