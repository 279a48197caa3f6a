"""Where a register's tables are, and what is asked of the engine there: one SQL, written in DuckDB's dialect.

A backend finds the tables of the standard and opens a session. In a session everything that is made is temporary: the
tables themselves are only read. Results come back as DuckDB gives them, so that nothing after this knows the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Literal, Protocol

from numpy.typing import NDArray

from watwerkt.register.files import Source

Kind = Literal["BOOLEAN", "INT", "BIGINT", "DOUBLE", "VARCHAR", "DATE"]


class Result(Protocol):
    """What a query gave, in its own order. Days are dates in rows and datetime64 in arrays; gaps are masked there."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchall(self) -> list[Any]:
        """All further rows."""

    def fetchnumpy(self) -> dict[str, NDArray[Any]]:
        """One array a column: numbers, object for text, datetime64; masked where values are unknown."""


class Database(Protocol):
    """A session. Its temporary tables and views go when it closes."""

    def execute(self, query: str, values: Sequence[object] = (), /) -> Result:
        """Run statements; ``values`` take the place of the question marks of a single one."""

    def load(self, name: str, kinds: Mapping[str, Kind], columns: Mapping[str, Iterable[object]]) -> None:
        """Make a temporary table from values of this process, column by column."""

    def show(self, source: Source) -> None:
        """Make the view ``raw_<table>``: the table as it was found."""


class Backend(Protocol):
    """Where the tables are."""

    def find(self, folder: Path) -> tuple[Source, ...]:
        """The tables of the standard that are there, in the order of the standard. Raises what is wrong with them."""

    def open(self) -> AbstractContextManager[Database]:
        """A session."""
