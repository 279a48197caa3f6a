"""PostgreSQL: the tables of the standard in one schema, read where they are; what is made there is temporary."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.adapt import Loader

from watwerkt.errors import NoTablesThere, NotReachable, QueryRefused
from watwerkt.register.arrow import arrow
from watwerkt.register.database import Kind
from watwerkt.register.dialect import MARK, Statement, translated
from watwerkt.register.files import Source, checked, quoted
from watwerkt.register.tables import TABLES

_SECONDS = 10
_SESSION = """
SET LOCAL search_path = pg_temp, pg_catalog;
SET LOCAL datestyle = 'ISO, YMD';
SET LOCAL timezone = 'UTC';
SET LOCAL extra_float_digits = 1;
SET LOCAL jit = off;
"""
# Tables, views, materialised views, foreign and partitioned tables; a domain counts as what it is made of.
_COLUMNS = """
SELECT c.relname, a.attname, format_type(coalesce(nullif(t.typbasetype, 0), a.atttypid), NULL)
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
WHERE n.nspname = %s AND c.relkind IN ('r', 'v', 'm', 'f', 'p') AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname, a.attnum
"""
# What compile knows of types goes by DuckDB's names. What is not here is read through its text.
_TYPES = {
    "text": "VARCHAR",
    "character varying": "VARCHAR",
    "character": "VARCHAR",
    "citext": "VARCHAR",
    "date": "DATE",
    "timestamp without time zone": "TIMESTAMP",
    "timestamp with time zone": "TIMESTAMP",
    "double precision": "DOUBLE",
    "real": "FLOAT",
    "numeric": "DECIMAL",
    "bigint": "BIGINT",
    "integer": "INTEGER",
    "smallint": "SMALLINT",
    "boolean": "BOOLEAN",
}
_KINDS: dict[Kind, str] = {"DOUBLE": "DOUBLE PRECISION", "VARCHAR": 'TEXT COLLATE "C"'}
_BOOLEAN, _DATE, _WHOLE, _FLOAT = 16, 1082, (20, 21, 23), (700, 701, 1700)


@dataclass(frozen=True)
class Postgres:
    """A schema of a database. ``address``: as libpq takes it, without a password; that comes from libpq's own places
    (PGPASSWORD, PGPASSFILE, a service file)."""

    address: str
    schema: str

    def find(self, folder: Path) -> tuple[Source, ...]:
        """The tables and views of the schema that are named after the standard; the folder holds register.toml only."""
        with self._connected() as connection:
            rows = _asked(connection, self.address, _COLUMNS, [self.schema]).fetchall()
        found: dict[str, list[tuple[str, str]]] = {}
        for table, column, kind in rows:
            found.setdefault(table, []).append((column, _TYPES.get(kind, "OTHER")))
        place = f"{self.address}, schema {self.schema}"
        sources = tuple(
            checked(Source(table, Path(f"{self.schema}.{name}"), tuple(found[name])))
            for name, table in TABLES.items()
            if name in found
        )
        if not sources:
            near = [name for name in sorted(found) if difflib.get_close_matches(name, TABLES, n=1)]
            raise NoTablesThere(where=place, near=tuple(near[:3]))
        return sources

    @contextmanager
    def open(self) -> Iterator[PostgresSession]:
        """A session that sees one state of the database; what it made goes with it."""
        with self._connected() as connection:
            session = PostgresSession(connection, self.address, self.schema)
            session.prepare()
            yield session

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        try:
            connection = psycopg.connect(
                self.address, connect_timeout=_SECONDS, cursor_factory=psycopg.ClientCursor, application_name="watwerkt"
            )
        except psycopg.Error as error:
            raise NotReachable(where=self.address, because=_first_line(error)) from None
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.adapters.register_loader("numeric", _Number)
        try:
            yield connection
        finally:
            connection.rollback() if not connection.closed else None
            connection.close()


@dataclass(frozen=True, eq=False)
class PostgresSession:
    """One transaction, in which only temporary things are made. Its search path holds nothing that is not."""

    connection: psycopg.Connection[Any]
    address: str
    schema: str

    def prepare(self) -> None:
        """The session's settings and functions."""
        functions = files(__package__).joinpath("sql", "postgres.sql").read_text(encoding="utf-8")
        _asked(self.connection, self.address, _SESSION + functions)

    def execute(self, query: str, values: Sequence[object] = (), /) -> PostgresResult:
        """Run statements, translated."""
        for one in translated(query, "postgres"):
            result = self._run(one, values)
        return result

    def _run(self, one: Statement, values: Sequence[object]) -> PostgresResult:
        text, name = one.text, quoted(one.name)
        if values:
            text = text.replace("%", "%%").replace(MARK, "%s")
        if one.kind == "drop":
            text = f"DROP TABLE pg_temp.{name}"
        elif one.kind == "view":
            text = f"CREATE TEMP VIEW {name} AS {text}"
        elif one.kind == "table":
            text = f"CREATE TEMP TABLE {name} AS {text}"
        result = PostgresResult(_asked(self.connection, self.address, text, values or None))
        if one.kind == "table":
            self._count(name)
        return result

    def _count(self, name: str) -> None:
        """Nobody counts a temporary table for the planner but its maker."""
        _asked(self.connection, self.address, f"ANALYZE pg_temp.{name}")

    def load(self, name: str, kinds: Mapping[str, Kind], columns: Mapping[str, Iterable[object]]) -> None:
        """Make a temporary table from values of this process."""
        declared = ", ".join(f"{quoted(column)} {_KINDS.get(kind, kind)}" for column, kind in kinds.items())
        _asked(self.connection, self.address, f"CREATE TEMP TABLE {quoted(name)} ({declared})")
        rows = zip(*(column.to_pylist() for column in arrow(kinds, columns).columns), strict=True)
        with self.connection.cursor().copy(f"COPY pg_temp.{quoted(name)} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        self._count(quoted(name))

    def show(self, source: Source) -> None:
        """Make the view ``raw_<table>`` of a table; its texts are ordered by their bytes, as everywhere."""
        columns = ", ".join(
            f'CAST({quoted(name)} AS text) COLLATE "C" AS {quoted(name)}' if kind == "VARCHAR" else quoted(name)
            for name, kind in source.columns
        )
        name = source.table.name
        query = f"SELECT {columns} FROM {quoted(self.schema)}.{quoted(name)}"
        _asked(self.connection, self.address, f"CREATE TEMP VIEW {quoted(f'raw_{name}')} AS {query}")


@dataclass(frozen=True, eq=False)
class PostgresResult:
    """What a query gave."""

    cursor: psycopg.Cursor[Any]

    def fetchone(self) -> Any:
        """The next row, or None."""
        return self.cursor.fetchone() if self.cursor.description else None

    def fetchall(self) -> list[Any]:
        """All further rows."""
        return self.cursor.fetchall() if self.cursor.description else []

    def fetchnumpy(self) -> dict[str, NDArray[Any]]:
        """One masked array a column."""
        columns = self.cursor.description or []
        rows = self.cursor.fetchall()
        return {column.name: _array([row[i] for row in rows], column.type_code) for i, column in enumerate(columns)}


def _array(values: list[Any], kind: int) -> NDArray[Any]:
    """Values of one PostgreSQL type; where it is masked, a value means nothing."""
    unknown = np.array([value is None for value in values], dtype=bool)
    if kind == _DATE:
        return np.ma.masked_array(np.array(values, dtype="datetime64[D]"), mask=unknown)
    to = {_BOOLEAN: bool}.get(kind) or (np.int64 if kind in _WHOLE else np.float64 if kind in _FLOAT else object)
    if to is not object:
        values = [0 if value is None else value for value in values]
    return np.ma.masked_array(np.array(values, dtype=to), mask=unknown)


class _Number(Loader):
    """A whole number where it is one: counts and sums are numeric in PostgreSQL."""

    def load(self, data: Any) -> int | float:
        text = bytes(data).decode()
        return float(text) if not text.lstrip("-").isdigit() else int(text)


def _asked(
    connection: psycopg.Connection[Any], address: str, text: str, values: Sequence[object] | None = None
) -> psycopg.Cursor[Any]:
    """A statement that is run. What the server says may quote a row, so only its kind is repeated."""
    try:
        return connection.execute(text, values)
    except psycopg.errors.InsufficientPrivilege as error:
        raise QueryRefused(where=address, because=_first_line(error)) from None
    except psycopg.Error as error:
        name = type(error).__name__
        raise QueryRefused(where=address, because=f"{name} ({error.sqlstate})" if error.sqlstate else name) from None


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__


def from_address(text: str) -> Postgres:
    """The backend of ``postgresql://[user@]host[:port]/database?schema=…``; schema is ours, the rest is libpq's."""
    parts = urlsplit(text)
    said = parse_qsl(parts.query)
    schema = dict(said).get("schema", "public")
    rest = urlencode([pair for pair in said if pair[0] != "schema"])
    # urlunsplit drops the // before an empty host, which libpq wants.
    path = f"{parts.path}?{rest}" if rest else parts.path
    return Postgres(f"postgresql://{parts.netloc}{path}", schema)
