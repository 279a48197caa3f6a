"""A question's own table as it was found: a file, or any frame, as Arrow with only the columns that are asked for."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pyarrow as pa
from narwhals.exceptions import NarwhalsError

from watwerkt.errors import (
    MissingColumn,
    MissingExtra,
    MissingFile,
    NotAFrame,
    UnreadableFile,
    WrongDelimiter,
)
from watwerkt.register.duck import Engine, connected
from watwerkt.register.files import first_line, literal, quoted, unreadable

DELIMITERS = (",", ";", "\t", "|")
SUFFIXES = (".csv", ".parquet", ".dta", ".sav")
_STATS = (".dta", ".sav")

# From the names that a table has to the names that are wanted; raises when one is not there.
Choose = Callable[[tuple[str, ...]], tuple[str, ...]]


def arrow(people: object, choose: Choose) -> pa.Table:
    """The wanted columns of a file or a frame."""
    if not isinstance(people, str | Path):
        return _frame(people, choose)
    path = Path(people)
    if not path.is_file():
        raise MissingFile(where=str(path))
    kind = path.suffix.lower()
    if kind in _STATS:
        return _stats(path, choose)
    if kind not in SUFFIXES:
        raise UnreadableFile(where=str(path), because=f"'{kind or path.name}' is not {', '.join(SUFFIXES)}")
    return _csv(path, choose) if kind == ".csv" else _parquet(path, choose)


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


def _csv(path: Path, choose: Choose) -> pa.Table:
    """All values as text. Comma, semicolon, tab and bar are told apart by the first line."""
    names, delimiter = _header(path)
    wanted = choose(names)
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    scan = (
        f"read_csv({literal(str(path))}, auto_detect = false, header = true, delim = {literal(delimiter)}, "
        f"quote = '\"', escape = '\"', nullstr = '', columns = {{{columns}}})"
    )
    return _select(path, scan, wanted)


def _parquet(path: Path, choose: Choose) -> pa.Table:
    scan = f"read_parquet({literal(str(path))})"
    try:
        described = duckdb.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
    except duckdb.Error as error:
        raise unreadable(path, error) from None
    return _select(path, scan, choose(tuple(str(row[0]) for row in described)))


def _select(path: Path, scan: str, wanted: tuple[str, ...]) -> pa.Table:
    columns = ", ".join(quoted(name) for name in wanted)
    with connected(Engine()) as connection:
        try:
            return connection.sql(f"SELECT {columns} FROM {scan}").to_arrow_table()
        except (duckdb.InvalidInputException, duckdb.ConversionException) as error:
            raise unreadable(path, error) from None


def _header(path: Path) -> tuple[tuple[str, ...], str]:
    """Names in the first line, and what separates them."""
    line = first_line(path)
    delimiter = max(DELIMITERS, key=lambda one: len(_split(line, one)))
    names = tuple(name.strip() for name in _split(line, delimiter))
    _check_names(path, names, line)
    return names, delimiter


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _check_names(path: Path, names: tuple[str, ...], line: str) -> None:
    if not any(names):
        raise UnreadableFile(where=str(path), because="its first line names no columns")
    if len(names) == 1 and len(line.split()) > 1:
        raise WrongDelimiter(where=str(path), found="blank")
    for name in names:
        if not name or names.count(name) > 1:
            which = f"the column '{name}' twice" if name else "a column without a name"
            raise UnreadableFile(where=str(path), because=f"its first line has {which}")


def _stats(path: Path, choose: Choose) -> pa.Table:
    """Stata and SPSS, through the extra ``files``. Values as stored, without their labels."""
    if find_spec("pyreadstat") is None:
        raise MissingExtra(where=str(path), extra="files", needed_for=path.suffix.lower())
    import pyreadstat

    read = pyreadstat.read_dta if path.suffix.lower() == ".dta" else pyreadstat.read_sav
    try:
        values, about = read(str(path), output_format="dict")
    except (pyreadstat.ReadstatError, ValueError, OSError):
        raise UnreadableFile(where=str(path), because=f"it is not {path.suffix[1:].upper()}") from None
    return pa.table({name: pa.array(values[name]) for name in choose(tuple(about.column_names))})
