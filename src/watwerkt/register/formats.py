"""Files as others write them: CSV with any delimiter, Parquet, Stata and SPSS; their columns, and how to scan them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from watwerkt.errors import MissingExtra, MissingFile, UnreadableFile, WrongDelimiter
from watwerkt.register.files import first_line, literal, unreadable

DELIMITERS = (",", ";", "\t", "|")
SUFFIXES = (".csv", ".parquet", ".dta", ".sav")
STATS = (".dta", ".sav")


@dataclass(frozen=True)
class Scan:
    """A CSV or Parquet file before DuckDB: its columns with their types, and the table function that reads it."""

    path: Path
    columns: tuple[tuple[str, str], ...]
    sql: str

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its columns."""
        return tuple(name for name, _ in self.columns)


def kind_of(path: Path) -> str:
    """The ending of a file that can be read, in small letters. Raises MissingFile, UnreadableFile."""
    if not path.is_file():
        raise MissingFile(where=str(path))
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise UnreadableFile(where=str(path), because=f"'{kind or path.name}' is not {', '.join(SUFFIXES)}")
    return kind


def scan(path: Path, encoding: str = "utf-8") -> Scan:
    """A CSV file (all values as text; comma, semicolon, tab and bar told apart by the first line) or a Parquet file."""
    return _csv(path, encoding) if path.suffix.lower() == ".csv" else _parquet(path)


def _csv(path: Path, encoding: str) -> Scan:
    names, delimiter = _header(path, encoding)
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    other = "" if encoding == "utf-8" else f", encoding = {literal(encoding)}"
    return Scan(
        path,
        tuple((name, "VARCHAR") for name in names),
        f"read_csv({literal(str(path))}, auto_detect = false, header = true, delim = {literal(delimiter)}, "
        f"quote = '\"', escape = '\"', nullstr = ''{other}, columns = {{{columns}}})",
    )


def _parquet(path: Path) -> Scan:
    sql = f"read_parquet({literal(str(path))})"
    try:
        described = duckdb.execute(f"DESCRIBE SELECT * FROM {sql}").fetchall()
    except duckdb.Error as error:
        raise unreadable(path, error) from None
    return Scan(path, tuple((str(row[0]), str(row[1])) for row in described), sql)


def _header(path: Path, encoding: str) -> tuple[tuple[str, ...], str]:
    """Names in the first line, and what separates them."""
    line = first_line(path, encoding)
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


# ---- Stata and SPSS, through the extra ``files``: values as stored, without their labels --------------------------


def stats_names(path: Path) -> tuple[str, ...]:
    """Names of the columns of a .dta or .sav file. Raises MissingExtra, UnreadableFile."""
    _, about = _stats(path, metadataonly=True)
    return tuple(about.column_names)


def stats(path: Path, names: tuple[str, ...], chunk: int = 0) -> Iterator[pa.Table]:
    """These columns of a .dta or .sav file, whole or ``chunk`` rows at a time."""
    at = 0
    while True:
        values, _ = _stats(path, row_limit=chunk, row_offset=at, usecols=list(dict.fromkeys(names)))
        table = pa.table({name: pa.array(values[name]) for name in names})
        yield table
        at += chunk
        if not chunk or table.num_rows < chunk:
            return


def _stats(path: Path, **options: Any) -> tuple[Any, Any]:
    if find_spec("pyreadstat") is None:
        raise MissingExtra(where=str(path), extra="files", needed_for=path.suffix.lower())
    import pyreadstat

    read = pyreadstat.read_dta if path.suffix.lower() == ".dta" else pyreadstat.read_sav
    try:
        return read(str(path), output_format="dict", **options)
    except (pyreadstat.ReadstatError, ValueError, OSError):
        raise UnreadableFile(where=str(path), because=f"it is not {path.suffix[1:].upper()}") from None
