"""The SQL of the sample stands in files, readable by whoever knows SQL; this runs them and hands over arrays."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from watwerkt.register.database import Database

Columns = dict[str, NDArray[np.generic]]


def text(name: str) -> str:
    """The SQL of one file."""
    return files(__package__).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def run(connection: Database, name: str) -> None:
    """Run all statements of one file."""
    connection.execute(text(name))


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a query: one array a column. Text is object with None; days are datetime64[D]; numbers have NaN."""

    columns: Columns

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def whole(self, name: str) -> NDArray[np.int64]:
        """A column without gaps as whole numbers."""
        return np.asarray(self.columns[name]).astype(np.int64)

    def number(self, name: str) -> NDArray[np.float64]:
        """A column of numbers, NaN where unknown."""
        values = self.columns[name]
        filled = np.ma.filled(values.astype(np.float64), np.nan) if np.ma.isMaskedArray(values) else values
        return np.asarray(filled).astype(np.float64)

    def day(self, name: str) -> NDArray[np.datetime64]:
        """A column of days, NaT where unknown."""
        values = self.columns[name]
        mask = np.ma.getmaskarray(values)
        days = np.asarray(np.ma.getdata(values)).astype("datetime64[D]")
        return np.where(mask, np.datetime64("NaT", "D"), days)

    def words(self, name: str) -> NDArray[np.object_]:
        """A column of text, None where unknown."""
        values = self.columns[name]
        mask = np.ma.getmaskarray(values)
        texts = np.asarray(np.ma.getdata(values)).astype(object)
        texts[mask] = None
        return texts


def fetch(connection: Database, query: str) -> Rows:
    """The rows of a query in its own order."""
    return Rows(connection.execute(query).fetchnumpy())


def ask(connection: Database, name: str) -> Rows:
    """The rows of the query in one file."""
    return fetch(connection, text(name))
