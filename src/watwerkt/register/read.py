"""A register as it was found: opened, looked over once, and ready to be queried through its cleaned tables."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from watwerkt.dossier import Defect, TableState
from watwerkt.errors import BeforeTheRegister, EmptyTable, NotADay, NotDates, NotNumbers, RegisterSettings, WrongType
from watwerkt.register import compile as sql
from watwerkt.register.backends import named
from watwerkt.register.database import Backend, Database
from watwerkt.register.duck import Engine
from watwerkt.register.files import AsOf, Source, quoted, unreadable
from watwerkt.register.fitness import Fitness, Period, unknown_names
from watwerkt.register.settings import Settings, backend_of, read_settings

# Above this share of unreadable values a column is written wrongly as a whole: an error, not a count.
_MOSTLY = 0.5


@dataclass(frozen=True, eq=False)
class Register:
    """A folder that keeps the register standard.

    ``snapshot``: sha256 over the settings and all values of all tables, whatever the order of rows and the place of
    the folder. ``sources``: the tables that are there; ``states`` and ``defects``: what one pass over each has seen.
    ``as_of``: the day as of which it is read, None for all that it holds.
    """

    folder: Path
    snapshot: str
    settings: Settings
    sources: tuple[Source, ...]
    states: tuple[TableState, ...]
    defects: tuple[Defect, ...]
    backend: Backend
    as_of: AsOf | None = None

    @property
    def synthetic(self) -> bool:
        """Whether its people were invented."""
        return self.settings.synthetic

    @property
    def threshold(self) -> int:
        """Below how many people nothing is shown."""
        return self.settings.threshold

    @property
    def currency(self) -> str:
        """Unit of its money."""
        return self.settings.currency

    @property
    def period(self) -> Period:
        """First and last day that it covers, as of the day that it is read."""
        first, last = self.settings.period
        return (first, last) if self.as_of is None else (first, min(last, self.as_of.until))

    @property
    def gaps(self) -> tuple[Period, ...]:
        """Periods in between that it does not cover."""
        return tuple(gap for gap in self.settings.gaps if gap[0] <= self.period[1])

    @property
    def unfit(self) -> tuple[Fitness, ...]:
        """What is declared not to be fit for use, by office, instrument and period."""
        return tuple(one for one in self.settings.quality if not one.fit)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that are there."""
        return tuple(source.table.name for source in self.sources)

    def source(self, table: str) -> Source | None:
        """A table as it was found, or None."""
        return {source.table.name: source for source in self.sources}.get(table)

    @contextmanager
    def connect(self, *tables: str) -> Iterator[Database]:
        """A connection that holds these tables, cleaned; one that is absent is not there.

        Rows that break a rule that matters are left out (``defects`` counts them); columns of the standard that the
        file lacks are there, empty.
        """
        with self.backend.open() as connection:
            show(connection, self.sources)
            for source in self.sources:
                if source.table.name in tables:
                    _make(connection, source, "person" in self.tables)
            yield connection

    def set_aside(self, connection: Database, table: str, columns: tuple[str, ...]) -> None:
        """Make the table ``<table>_set_aside`` in a connection of this register: the rows that it left out.

        It has ``columns`` and ``reason``, the id of the rule that set a row aside.
        """
        source = self.source(table)
        if source is not None:
            query = sql.set_aside(source, "person" in self.tables, columns)
            _run(connection, source, f"CREATE TEMP TABLE {quoted(f'{table}_set_aside')} AS {query}")


Day = str | dt.date


def read(
    folder: str | Path,
    engine: Engine | None = None,
    backend: str = "",
    *,
    known_on: Day | None = None,
    until: Day | None = None,
) -> Register:
    """Open a register's folder: register.toml, and one CSV or Parquet file a table of the standard.

    ``backend`` names where else the tables are (docs/how-to/where-the-data-are.md); register.toml may name it too.
    ``engine``: how much of this machine DuckDB may use.
    ``known_on``: as it was known on that day. What was registered or happened later is not there: rows are counted as
    ``not_known_yet``, ends are unknown, and the period covered ends that day. ``until``: as it was up to that day by
    what is known now: what happened later is not there, what was registered later is. Raises NotADay and
    BeforeTheRegister.
    """
    home = Path(folder)
    where = named(backend or backend_of(home / "register.toml"), engine or Engine.given())
    found, settings = where.find(home), read_settings(home / "register.toml")
    return _read(home, where, found, settings, _as_of(home, settings, known_on, until))


def up_to(register: Register, day: Day) -> Register:
    """A register up to a day, by what it knows now (or by the day as of which it was read)."""
    known_on = register.as_of.known_on if register.as_of is not None else None
    as_of = _as_of(register.folder, register.settings, known_on, day)
    return _read(register.folder, register.backend, register.sources, register.settings, as_of)


def _read(home: Path, where: Backend, found: tuple[Source, ...], settings: Settings, as_of: AsOf | None) -> Register:
    """Every table looked over once, as of a day."""
    sources = tuple(replace(source, as_of=as_of) for source in found)
    with where.open() as connection:
        show(connection, sources)
        looked = [_look(connection, source, "person" in {s.table.name for s in sources}) for source in sources]
        _refuse_unknown(connection, settings, sources, home / "register.toml")
    digests = [settings.canonical, *(one.digest for one in looked), *([] if as_of is None else [repr(as_of)])]
    return Register(
        folder=home,
        snapshot=hashlib.sha256("\n".join(digests).encode()).hexdigest(),
        settings=settings,
        sources=sources,
        states=tuple(one.state for one in looked),
        defects=tuple(defect for one in looked for defect in one.defects),
        backend=where,
        as_of=as_of,
    )


def _as_of(home: Path, settings: Settings, known_on: Day | None, until: Day | None) -> AsOf | None:
    """The day as of which a register is read; None for all that it holds."""
    known, last = _day("known_on", known_on), _day("until", until)
    days = [day for day in (known, last) if day is not None]
    if not days:
        return None
    if min(days) < settings.period[0]:
        raise BeforeTheRegister(where=str(home), day=str(min(days)), first_covered=str(settings.period[0]))
    return AsOf(min(days), known)


def _day(name: str, given: Day | None) -> dt.date | None:
    """A day as it was given. Raises NotADay."""
    if given is None or type(given) is dt.date:
        return given
    try:
        return dt.date.fromisoformat(str(given))
    except ValueError:
        raise NotADay(where=name, day=str(given)) from None


def show(connection: Database, sources: tuple[Source, ...]) -> None:
    """A view ``raw_<table>`` of each file, and the ids of all persons as the table ``known_person``."""
    for source in sources:
        connection.show(source)
        if source.table.name == "person":
            person = f'{sql.layers(source, with_persons=False)} SELECT DISTINCT "person_id" FROM typed'
            _run(connection, source, f"CREATE TEMP TABLE known_person AS {person}")


def _refuse_unknown(connection: Database, settings: Settings, sources: tuple[Source, ...], where: Path) -> None:
    """Offices and instruments of which the settings speak must be there: the office of a spell decides who leaves."""
    if not settings.quality:
        return
    offices, instruments = (
        _values(connection, sources, *place) for place in (("benefit_spell", "office"), ("provision", "instrument"))
    )
    problems = unknown_names(settings.quality, offices, instruments)
    if problems:
        raise RegisterSettings(where=str(where), problems=problems)


def _values(connection: Database, sources: tuple[Source, ...], table: str, column: str) -> tuple[str, ...]:
    """The different values of a column of text; none where it is not there."""
    source = next((s for s in sources if s.table.name == table and column in s.types), None)
    if source is None:
        return ()
    query = f"{sql.layers(source, with_persons=False)} SELECT DISTINCT {quoted(column)} FROM typed"
    return tuple(str(row[0]) for row in connection.execute(query).fetchall() if row[0] is not None)


@dataclass(frozen=True)
class _Look:
    """What one pass over a table has seen."""

    digest: str
    state: TableState
    defects: tuple[Defect, ...]


def _look(connection: Database, source: Source, with_persons: bool) -> _Look:
    """One pass over one table."""
    table = source.table
    rows, *chunks = _run(connection, source, sql.digest(source))
    if rows == 0 and table.name in ("person", "benefit_spell"):
        raise EmptyTable(where=str(source.path))
    seen = list(_run(connection, source, sql.one_pass(source, with_persons)))
    first, last = str(seen[1]), str(seen[2])
    typed = [c for c in table.columns if c.type != "text" and c.name in source.types]
    given = dict(zip((c.name for c in typed), seen[3 : 3 + len(typed)], strict=True))
    counted = seen[3 + len(typed) :]
    defects = []
    for i, rule in enumerate(sql.rules(source, with_persons)):
        count, examples = int(str(counted[2 * i])), counted[2 * i + 1]
        if rule.id in ("not_a_date", "not_a_number") and count > _MOSTLY * int(str(given[rule.column])):
            raise _written_wrongly(connection, source, rule, count)
        if count:
            shown = tuple(map(str, examples)) if isinstance(examples, list) else ()
            defects.append(Defect(table.name, rule.column, rule.id, count, rule.sets_aside, shown))
    state = TableState(table.name, True, int(str(rows)), first, last, source.missing, source.extra)
    return _Look(f"{table.name}:{rows}:{[int(str(chunk)) for chunk in chunks]}", state, tuple(defects))


def _written_wrongly(connection: Database, source: Source, rule: sql.Rule, count: int) -> WrongType:
    """The error of a column in which most values cannot be read, with three of them."""
    raw = sql.as_text(rule.column, source.types[rule.column])
    wrong = sql.is_wrong(rule.column, source.types[rule.column], "date" if rule.id == "not_a_date" else "number")
    view = quoted(f"raw_{source.table.name}")
    found = connection.execute(f"SELECT DISTINCT {raw} FROM {view} WHERE {wrong} ORDER BY 1 LIMIT 3").fetchall()
    error = NotDates if rule.id == "not_a_date" else NotNumbers
    return error(where=str(source.path), column=rule.column, count=count, examples=tuple(str(row[0]) for row in found))


def _make(connection: Database, source: Source, with_persons: bool) -> None:
    """One cleaned table."""
    name = quoted(source.table.name)
    _run(connection, source, f"CREATE TEMP TABLE {name} AS {sql.clean(source, with_persons)}")


def _run(connection: Database, source: Source, query: str) -> tuple[object, ...]:
    """The first row of a query over one file; a file that cannot be read is a named error."""
    try:
        row = connection.execute(query).fetchone()
    except (duckdb.InvalidInputException, duckdb.IOException, duckdb.ConversionException) as error:
        if "No space" in str(error):
            raise
        raise unreadable(source.path, error) from None
    return tuple(row or ())


def stretches(register: Register) -> tuple[Period, ...]:
    """The stretches without a gap that the register covers: first and last day of each."""
    first, last = register.period
    found = []
    for gap_first, gap_last in register.gaps:
        if gap_first > first:
            found.append((first, gap_first - dt.timedelta(days=1)))
        first = max(first, gap_last + dt.timedelta(days=1))
    if first <= last:
        found.append((first, last))
    return tuple(found)
