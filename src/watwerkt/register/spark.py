"""Spark: files of a folder that its workers can read, or a schema of its catalogue; what is made there is temporary."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from watwerkt.errors import NoTablesThere, NotReachable, QueryRefused
from watwerkt.register import files
from watwerkt.register.arrow import arrays, arrow
from watwerkt.register.database import Kind
from watwerkt.register.dialect import MARK, Statement, translated
from watwerkt.register.files import Source, checked
from watwerkt.register.tables import TABLES

# What compile knows of types goes by DuckDB's names.
_TYPES = {
    "string": "VARCHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "timestamp_ntz": "TIMESTAMP",
    "double": "DOUBLE",
    "float": "FLOAT",
    "bigint": "BIGINT",
    "int": "INTEGER",
    "smallint": "SMALLINT",
    "tinyint": "TINYINT",
    "boolean": "BOOLEAN",
}
_START: dict[str, bool | float | int | str | None] = {"spark.ui.showConsoleProgress": "false"}
_SESSION = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}
_CSV = {"header": "true", "quote": '"', "escape": '"', "multiLine": "true", "nullValue": "", "mode": "FAILFAST"}


@dataclass(frozen=True)
class Spark:
    """Where Spark finds the tables: a schema of its catalogue, or the register's folder where none is named.

    A session that runs is used; else one starts by Spark's own settings, on this machine where those name no other.
    """

    schema: str = ""

    @property
    def address(self) -> str:
        """How it was named."""
        return f"spark:{self.schema}" if self.schema else "spark"

    def find(self, folder: Path) -> tuple[Source, ...]:
        """The tables of the standard that are there."""
        if not self.schema:
            return files.find(folder)
        with _named(self.address):
            session = _started()
            listed = {table.name for table in session.catalog.listTables(self.schema)}
            found = {
                name: tuple((one, _kind(kind)) for one, kind in session.table(f"{self.schema}.{name}").dtypes)
                for name in TABLES
                if name in listed
            }
        if not found:
            near = [name for name in sorted(listed) if difflib.get_close_matches(name, TABLES, n=1)]
            raise NoTablesThere(where=self.address, near=tuple(near[:3]))
        return tuple(
            checked(Source(TABLES[name], Path(f"{self.schema}.{name}"), columns)) for name, columns in found.items()
        )

    @contextmanager
    def open(self) -> Iterator[SparkDatabase]:
        """A session of its own within the Spark that runs; what it kept is let go when it closes."""
        with _named(self.address):
            session = _started().newSession()
            for key, value in _SESSION.items():
                session.conf.set(key, value)
            for made in resources(__package__).joinpath("sql", "spark.sql").read_text(encoding="utf-8").split(";\n"):
                if made.strip():
                    session.sql(made)
        database = SparkDatabase(session, self)
        try:
            yield database
        finally:
            for kept in database.kept:
                kept.unpersist()


@dataclass(frozen=True, eq=False)
class SparkDatabase:
    """A session. A table that is made is a query that Spark keeps once it was asked."""

    session: SparkSession
    spark: Spark
    kept: list[DataFrame] = field(default_factory=list)

    def execute(self, query: str, values: Sequence[object] = (), /) -> SparkResult:
        """Run statements, translated."""
        result = SparkResult(None, self.spark.address)
        for one in translated(query, "spark"):
            with _named(self.spark.address):
                result = SparkResult(self._run(one, values), self.spark.address)
        return result

    def _run(self, one: Statement, values: Sequence[object]) -> DataFrame | None:
        if one.kind == "drop":
            self.session.catalog.dropTempView(one.name)
            return None
        if one.before:
            self._keep(self.session.sql(one.before)).createOrReplaceTempView("typed")
        asked = self.session.sql(one.text.replace(MARK, "?"), args=list(values) if values else None)
        if one.kind == "ask":
            return asked
        if one.kind == "table":
            asked = self._keep(asked)
        asked.createOrReplaceTempView(one.name)
        return None

    def _keep(self, frame: DataFrame) -> DataFrame:
        """A query that is worked out once, and forgets how it was made.

        What is only kept is planned again, with all it came from, in every later query, and a sample takes dozens.
        """
        self.kept.append(frame.localCheckpoint())
        return self.kept[-1]

    def load(self, name: str, kinds: Mapping[str, Kind], columns: Mapping[str, Iterable[object]]) -> None:
        """Make a temporary table from values of this process."""
        with _named(self.spark.address):
            self.session.createDataFrame(arrow(kinds, columns)).createOrReplaceTempView(name)

    def show(self, source: Source) -> None:
        """Make the view ``raw_<table>``."""
        with _named(self.spark.address):
            self._found(source).createOrReplaceTempView(f"raw_{source.table.name}")

    def _found(self, source: Source) -> DataFrame:
        if self.spark.schema:
            return self.session.table(f"{self.spark.schema}.{source.table.name}")
        path = str(source.path.absolute())
        if source.path.suffix == ".parquet":
            return self.session.read.parquet(path)
        names = ", ".join(f"`{name.replace('`', '``')}` STRING" for name, _ in source.columns)
        return self.session.read.options(**_CSV).schema(names).csv(path)


@dataclass(eq=False)
class SparkResult:
    """What a query gave; it is asked when it is fetched."""

    frame: DataFrame | None
    address: str
    rows: Iterator[Any] | None = None

    def fetchone(self) -> Any:
        """The next row, or None."""
        if self.rows is None:
            self.rows = iter(self._collected())
        return next(self.rows, None)

    def fetchall(self) -> list[Any]:
        """All further rows."""
        return self._collected() if self.rows is None else list(self.rows)

    def fetchnumpy(self) -> dict[str, NDArray[Any]]:
        """One masked array a column."""
        if self.frame is None:
            return {}
        with _named(self.address):
            return arrays(self.frame.toArrow())

    def _collected(self) -> list[Any]:
        if self.frame is None:
            return []
        with _named(self.address):
            return [tuple(map(_plain, row)) for row in self.frame.collect()]


def _plain(value: Any) -> Any:
    """Counts and sums are decimals in Spark."""
    return int(value) if isinstance(value, Decimal) else value


def _kind(kind: str) -> str:
    """DuckDB's name of a type of Spark. What has none is read through its text."""
    return "DECIMAL" if kind.startswith("decimal") else _TYPES.get(kind, "OTHER")


def _started() -> SparkSession:
    """The session that runs, or a new one."""
    running = SparkSession.getActiveSession()
    if running is not None:
        return running
    try:
        made = SparkSession.builder.appName("watwerkt").config(map=_START).getOrCreate()
    except (PySparkException, RuntimeError, OSError):
        raise NotReachable(where="spark", because="Spark did not start; it needs Java 17 or later") from None
    made.sparkContext.setLogLevel("ERROR")
    return made


@contextmanager
def _named(address: str) -> Iterator[None]:
    """What Spark says may quote a row, so only the kind of its error is repeated."""
    try:
        yield
    except PySparkException as error:
        because = error.getCondition() or type(error).__name__
        raise QueryRefused(where=address, because=because) from None


def from_address(text: str) -> Spark:
    """The backend of ``spark`` or ``spark:<schema>``."""
    return Spark(text.partition(":")[2].strip())
