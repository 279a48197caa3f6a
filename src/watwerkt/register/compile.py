"""SQL from the declared tables: one pass that counts what is wrong, and one query that leaves the wrong out.

Both read the same layers: ``typed`` (each value cast to its declared type, what cannot be cast is unknown), ``marked``
(which copy of its key a row is, and whether its person exists) and ``judged`` (the first rule that sets it aside). A
rule is a predicate over ``marked``. A row that leaves is counted once, by the first rule; other rules count rows that
stay: so what is set aside adds up.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from watwerkt.register.files import AsOf, Source, literal, quoted
from watwerkt.register.tables import Column, Type

# What other programs write for "no value". Only where the type is not text: there, NA may be a code.
_EMPTY = "('NA', 'N/A', 'NULL', 'null', 'NaN', 'nan', '.')"
_CHUNKS = 4
# No amount of money or time is so large: such a value is a mistake, and sums of it overflow.
_LARGE = "1e12"
_NUMBERS = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "REAL", "HUGEINT")


@dataclass(frozen=True)
class Rule:
    """A rule of the standard as a predicate that is true for a row that breaks it."""

    id: str
    column: str
    broken: str
    sets_aside: bool


def rules(source: Source, with_persons: bool) -> tuple[Rule, ...]:
    """All rules of one table that its columns allow to check, in a fixed order."""
    table, there = source.table, [c for c in source.table.columns if c.name in source.types]
    # First: a row that was not there yet can break nothing.
    found = [] if source.as_of is None else [Rule("not_known_yet", "|".join(_known_by(source)), '":later"', True)]
    found += [rule for column in there for rule in _of_column(column, source)]
    one_of = [name for name in table.one_of if name in source.types]
    if one_of:
        nothing = " AND ".join(f"{quoted(name)} IS NULL" for name in one_of)
        found.append(Rule("missing_key", "|".join(one_of), nothing, True))
    if table.of_persons and with_persons:
        found.append(Rule("unknown_person", "person_id", '"person_id" IS NOT NULL AND NOT ":known"', True))
    found += [
        Rule(rule.id, "|".join(rule.columns), rule.broken, True)
        for rule in table.row_rules
        if set(rule.columns) <= set(source.types)
    ]
    found.append(Rule("duplicate", "|".join(_key(source)) if table.key else "", '":copy" > 1', True))
    if _near(source):
        found.append(Rule("near_duplicate", "|".join(_near(source)), '":near"', True))
    return tuple(found)


def _near(source: Source) -> tuple[str, ...]:
    """The columns by which two rows are one thing registered twice; () where the table cannot tell."""
    near = source.table.near
    if near is None or not set(near.same) <= set(source.types) or not set(near.days) & set(source.types):
        return ()
    return (*near.same, *(name for name in near.days if name in source.types))


def _of_column(column: Column, source: Source) -> list[Rule]:
    """The rules of one column."""
    name, found = quoted(column.name), []
    if column.type != "text":
        kind = {"date": "not_a_date", "number": "not_a_number"}[column.type]
        found.append(Rule(kind, column.name, quoted(f":wrong {column.name}"), column.required))
    if column.required:
        unreadable = "" if column.type == "text" else f" AND NOT {quoted(f':wrong {column.name}')}"
        found.append(Rule("missing_key", column.name, f"{name} IS NULL{unreadable}", True))
    limits = column.constraint
    if limits is None:
        return found
    outside = [f"{name} < {limits.least!r}"] if limits.least is not None else []
    outside += [f"{name} > {limits.most!r}"] if limits.most is not None else []
    outside += [f"{name} NOT IN ({', '.join(map(literal, limits.codes))})"] if limits.codes else []
    if outside:
        found.append(Rule("out_of_range", column.name, " OR ".join(outside), limits.sets_aside))
    for other, sign in ((limits.not_before, "<"), (limits.not_after, ">")):
        if other and other in source.types:
            found.append(Rule("reversed", column.name, f"{name} {sign} {quoted(other)}", limits.sets_aside))
    return found


def layers(source: Source, with_persons: bool) -> str:
    """The common table expressions ``typed``, ``marked`` and ``judged`` of a table, from its view ``raw_<table>``.

    ``":why"`` in ``judged`` is the place among ``rules`` of the first that sets a row aside, NULL for a row that stays.
    """
    declared = {c.name: c for c in source.table.columns}
    typed = []
    for name, actual in source.columns:
        kind = declared[name].type if name in declared else "text"
        typed.append(f"{_as_of(source, name, _value(name, actual, kind))} AS {quoted(name)}")
        if kind != "text":
            typed.append(f"({is_wrong(name, actual, kind)}) AS {quoted(f':wrong {name}')}")
    if source.as_of is not None:
        typed.append(f'{_later(source, source.as_of)} AS ":later"')
    known, join = "true", ""
    if source.table.of_persons and with_persons:
        known = 'known."person_id" IS NOT NULL'
        join = ' LEFT JOIN known_person AS known ON known."person_id" = typed."person_id"'
    same = ", ".join(f"typed.{quoted(name)}" for name in (*_key(source), *([":later"] if source.as_of else [])))
    order = ", ".join(f"typed.{quoted(name)}" for name in sorted(source.types))
    copy = f"row_number() OVER (PARTITION BY {same} ORDER BY {order})"
    joined = f'SELECT typed.*, {known} AS ":known", {copy} AS ":copy"\n  FROM typed{join}'
    listed = ",\n    ".join(typed)
    raw = quoted(f"raw_{source.table.name}")
    judged = _judged(source, with_persons)
    return (
        f"WITH typed AS (\n  SELECT {listed}\n  FROM {raw}\n), marked AS (\n  {joined}\n), judged AS (\n  {judged}\n)"
    )


def _judged(source: Source, with_persons: bool) -> str:
    """Every row of ``marked`` with the rule that sets it aside. The first of two near rows is always one that stays."""
    every = list(enumerate(rules(source, with_persons)))
    near = next((i for i, rule in every if rule.id == "near_duplicate"), None)
    whens = " ".join(f"WHEN {rule.broken} THEN {i}" for i, rule in every if rule.sets_aside and i != near)
    first = f'SELECT marked.*, CASE {whens} END AS ":first" FROM marked'
    if near is None or source.table.near is None:
        return f'SELECT *, ":first" AS ":why" FROM ({first}) AS first'
    told = source.table.near
    day = f"coalesce({', '.join(quoted(name) for name in told.days if name in source.types)})"
    same = ", ".join(quoted(name) for name in told.same)
    known = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in told.same)
    agree = [quoted(name) for name in told.agree if name in source.types]
    order = ", ".join([day, *agree, *(quoted(name) for name in _key(source))])
    window = f'OVER (PARTITION BY {same}, ":first" IS NULL ORDER BY {order})'
    close = f'":first" IS NULL AND {known} AND coalesce({_days(day, window)} <= {told.within}, false)'
    close += "".join(f" AND coalesce(abs({_days(name, window)}) <= {told.within}, true)" for name in agree)
    beside = f'SELECT *, {close} AS ":near" FROM ({first}) AS first'
    return f'SELECT *, CASE WHEN ":near" THEN {near} ELSE ":first" END AS ":why" FROM ({beside}) AS beside'


def _days(day: str, window: str) -> str:
    """How many days lie between the row before in a window and a row."""
    return f"date_diff('day', lag({day}) {window}, {day})"


# ---- as it was ---------------------------------------------------------------------------------------------------


def _known_by(source: Source) -> tuple[str, ...]:
    """The columns that say from when on a row was known."""
    registered = ("known_on",) if source.as_of is not None and source.as_of.known_on is not None else ()
    return tuple(name for name in (*registered, *source.table.begins) if name in source.types)


def _later(source: Source, as_of: AsOf) -> str:
    """Whether a row was not there yet: it begins after the last day, or was registered after the day of knowing."""
    parts = []
    begins = [_value(name, source.types[name], "date") for name in source.table.begins if name in source.types]
    if begins:
        day, last = f"coalesce({', '.join(begins)})", as_of.until
        if source.table.whole_months:  # what a month came to is known when it is over
            day, last = f"{day} + INTERVAL '1' MONTH", last + dt.timedelta(days=1)
        parts.append(f"coalesce({day} > DATE '{last}', false)")
    if "known_on" in _known_by(source):
        registered = _value("known_on", source.types["known_on"], "date")
        parts.append(f"coalesce({registered} > DATE '{as_of.known_on}', false)")
    return f"({' OR '.join(parts) or 'false'})"


def _as_of(source: Source, name: str, value: str) -> str:
    """A value, unknown where it tells of something that happened after the last day."""
    told = next((day for day, others in source.table.happens if name in (day, *others)), None)
    if source.as_of is None or told is None or told not in source.types:
        return value
    return (
        f"CASE WHEN {_value(told, source.types[told], 'date')} > DATE '{source.as_of.until}' THEN NULL ELSE {value} END"
    )


def _value(name: str, actual: str, kind: Type) -> str:
    """A raw value as its declared type, NULL where there is none or it cannot be."""
    return _cast(_given(name, actual, kind), actual, kind)


def is_wrong(name: str, actual: str, kind: Type) -> str:
    """Whether the file holds a value that is not what it should be."""
    given = _given(name, actual, kind)
    return f"{given} IS NOT NULL AND {_cast(given, actual, kind)} IS NULL"


def one_pass(source: Source, with_persons: bool) -> str:
    """One row: rows, digest chunks, first and last day, given values a typed column, and count, examples a rule."""
    typed = [c for c in source.table.columns if c.type != "text" and c.name in source.types]
    selected = ["count(*)"]
    dated = [name for name in source.table.dated if name in source.types]
    there = ' FILTER (WHERE NOT ":later")' if source.as_of else ""
    selected += [_extreme("min", dated, there), _extreme("max", dated, there)]
    for column in typed:
        selected.append(f"count({quoted(column.name)}) + count(*) FILTER (WHERE {quoted(f':wrong {column.name}')})")
    for i, rule in enumerate(rules(source, with_persons)):
        counted = f'":why" = {i}' if rule.sets_aside else f'":why" IS NULL AND ({rule.broken})'
        selected.append(f"count(*) FILTER (WHERE {counted})")
        selected.append(f"min({_example(source)}, 3) FILTER (WHERE {counted})")
    return f"{layers(source, with_persons)}\nSELECT {', '.join(selected)}\nFROM judged"


def digest(source: Source) -> str:
    """One row of integers that depends on every value of the table and not on the order of its rows.

    Each row is hashed by itself; the hashes are added up in chunks, as whole numbers.
    """
    values = ", ".join(f"coalesce({as_text(name, source.types[name])}, chr(30))" for name in sorted(source.types))
    width = 60 // _CHUNKS
    parts = [f"('0x' || substr(h, {1 + i * width}, {width}))::BIGINT" for i in range(_CHUNKS)]
    chunks = ", ".join(f"coalesce(sum({part}::DECIMAL(20, 0)), 0)" for part in parts)
    raw = quoted(f"raw_{source.table.name}")
    return f"SELECT count(*), {chunks} FROM (SELECT sha256(concat_ws(chr(31), {values})) AS h FROM {raw}) AS hashed"


def clean(source: Source, with_persons: bool) -> str:
    """The rows that break no rule that matters, with unknown in place of values that break another one."""
    every = rules(source, with_persons)
    repairs: dict[str, list[str]] = {}
    for rule in every:
        if not rule.sets_aside and rule.id in ("out_of_range", "reversed"):
            repairs.setdefault(rule.column, []).append(rule.broken)
    columns = []
    for name, _ in source.columns:
        wrong = " OR ".join(f"({broken})" for broken in repairs.get(name, ()))
        columns.append(
            f"CASE WHEN {wrong} THEN NULL ELSE {quoted(name)} END AS {quoted(name)}" if wrong else quoted(name)
        )
    columns += [
        f"CAST(NULL AS {_TYPES[c.type]}) AS {quoted(c.name)}" for c in source.table.columns if c.name in source.missing
    ]
    return f'{layers(source, with_persons)}\nSELECT {", ".join(columns)}\nFROM judged\nWHERE ":why" IS NULL'


def set_aside(source: Source, with_persons: bool, columns: tuple[str, ...]) -> str:
    """The rows that leave, with some of their columns and the id of the rule that sets each aside as ``reason``."""
    every = enumerate(rules(source, with_persons))
    reasons = " ".join(f"WHEN {i} THEN {literal(rule.id)}" for i, rule in every if rule.sets_aside)
    kinds = {c.name: _TYPES[c.type] for c in source.table.columns}
    absent = {name: f"CAST(NULL AS {kinds.get(name, 'VARCHAR')}) AS {quoted(name)}" for name in columns}
    chosen = ", ".join(quoted(name) if name in source.types else absent[name] for name in columns)
    reason = f'CASE ":why" {reasons} END AS reason'
    return f'{layers(source, with_persons)}\nSELECT {chosen}, {reason}\nFROM judged\nWHERE ":why" IS NOT NULL'


_TYPES = {"text": "VARCHAR", "date": "DATE", "number": "DOUBLE"}


def _key(source: Source) -> tuple[str, ...]:
    """The columns that make a row this row: its key, or everything declared."""
    names = source.table.key or tuple(c.name for c in source.table.columns)
    return tuple(name for name in names if name in source.types)


def _example(source: Source) -> str:
    """How a row is named among the examples: by its key, or its person."""
    names = source.table.key or ("person_id",)
    return " || '|' || ".join(f"coalesce(CAST({quoted(n)} AS VARCHAR), '')" for n in names if n in source.types)


def _extreme(which: str, dated: list[str], there: str) -> str:
    """The first or last day over the dated columns, as text."""
    if not dated:
        return "''"
    pick = {"min": "least", "max": "greatest"}[which]
    inner = [f"{which}({quoted(name)}){there}" for name in dated]
    chosen = f"{pick}({', '.join(inner)})" if len(inner) > 1 else inner[0]  # Spark chooses among two or more
    return f"coalesce(CAST({chosen} AS VARCHAR), '')"


def as_text(name: str, actual: str) -> str:
    """A raw value as text. That a float is one is said, for engines that write floats in another way."""
    raw = f"CAST({quoted(name)} AS DOUBLE)" if actual == "DOUBLE" else quoted(name)
    return f"CAST({raw} AS VARCHAR)"


def _given(name: str, actual: str, kind: Type) -> str:
    """A raw value, NULL where the file holds none."""
    raw = quoted(name)
    if actual == "VARCHAR":
        text = f"nullif(trim({raw}), '')"
        if kind == "text":
            return text
        # 9999-12-31 is what many systems write for "still running".
        endless = f" OR {text} LIKE '9999-%'" if kind == "date" else ""
        return f"CASE WHEN {text} IN {_EMPTY}{endless} THEN NULL ELSE {text} END"
    if kind == "date" and (actual == "DATE" or actual.startswith("TIMESTAMP")):
        return f"CASE WHEN {raw} >= DATE '9999-01-01' THEN NULL ELSE {raw} END"
    if kind == "number" and actual in ("DOUBLE", "FLOAT"):
        return f"CASE WHEN isnan({raw}) THEN NULL ELSE {raw} END"
    return raw


def _cast(given: str, actual: str, kind: Type) -> str:
    """A given value as its declared type, NULL where it cannot be."""
    if kind == "text":
        if actual == "DOUBLE":
            given = f"CAST({given} AS DOUBLE)"
        return given if actual == "VARCHAR" else f"CAST({given} AS VARCHAR)"
    if kind == "date":
        # Four digits of a year: the engine also knows infinity, the year 290000 and years before our era, we do not.
        if actual == "DATE" or actual.startswith("TIMESTAMP"):
            return f"CASE WHEN {given} >= DATE '0001-01-01' THEN try_cast({given} AS DATE) END"
        text = given if actual == "VARCHAR" else f"CAST({given} AS VARCHAR)"
        return f"CASE WHEN substr({text}, 5, 1) IN ('-', '/', ' ') THEN try_cast({text} AS DATE) END"
    if not (actual == "VARCHAR" or actual.startswith(_NUMBERS) or actual.endswith("INT")):
        given = f"CAST({given} AS VARCHAR)"
    number = f"try_cast({given} AS DOUBLE)"
    return f"CASE WHEN abs({number}) < {_LARGE} THEN {number} END"
