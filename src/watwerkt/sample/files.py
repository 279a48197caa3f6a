"""A question's own table as it was found: a file, or any frame, as Arrow with only the columns that are asked for."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pyarrow as pa
from narwhals.exceptions import NarwhalsError

from watwerkt.errors import MissingColumn, NotAFrame, UnreadableFile
from watwerkt.register.duck import Engine, connected
from watwerkt.register.files import quoted, unreadable
from watwerkt.register.formats import STATS, Scan, kind_of, scan, stats, stats_names

# From the names that a table has to the names that are wanted; raises when one is not there.
Choose = Callable[[tuple[str, ...]], tuple[str, ...]]


def arrow(people: object, choose: Choose) -> pa.Table:
    """The wanted columns of a file or a frame."""
    if not isinstance(people, str | Path):
        return _frame(people, choose)
    path = Path(people)
    if kind_of(path) in STATS:
        (table,) = stats(path, choose(stats_names(path)))
        return table
    found = scan(path)
    return _select(found, choose(found.names))


def name_of(people: object) -> str:
    """What to call it in an error."""
    return str(people) if isinstance(people, str | Path) else f"the {type(people).__name__} given"


def missing_column(where: str, name: str, there: Iterable[str]) -> MissingColumn:
    """The error of a column that is not there, with the closest names that are."""
    names = {one.lower(): one for one in there}
    near = difflib.get_close_matches(name.lower(), names, n=3)
    return MissingColumn(where=where, column=name, near=tuple(names[one] for one in near))


# ---- frames ------------------------------------------------------------------------------------------------------


def _frame(people: Any, choose: Choose) -> pa.Table:
    """Any frame that narwhals reads: pandas, polars, Arrow, DuckDB."""
    where = name_of(people)
    try:
        frame = nw.from_native(people)
        chosen = frame.select(list(choose(tuple(frame.collect_schema().names()))))
        eager = chosen.collect("pyarrow") if isinstance(chosen, nw.LazyFrame) else chosen
        return pa.table({name: _series(eager[name]) for name in eager.columns})
    except TypeError:
        raise NotAFrame(where=where) from None
    except (NarwhalsError, pa.ArrowException):
        raise UnreadableFile(where=where, because="its columns are not of one kind and length") from None


def _series(series: Any) -> Any:
    """One column; where it mixes kinds of values all of them become text, so that the odd ones can be named."""
    try:
        return series.to_arrow()
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return pa.array([None if v is None or v != v else str(v) for v in series.to_list()], pa.string())


# ---- files -------------------------------------------------------------------------------------------------------


def _select(found: Scan, wanted: tuple[str, ...]) -> pa.Table:
    columns = ", ".join(quoted(name) for name in wanted)
    with connected(Engine.given()) as connection:
        try:
            return connection.sql(f"SELECT {columns} FROM {found.sql}").to_arrow_table()
        except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
            raise unreadable(found.path, error) from None
