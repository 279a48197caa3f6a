"""Finding a register's files and putting them before DuckDB as they are, all values of a CSV file as text."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import difflib
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from watwerkt.errors import (
    MissingColumn,
    MissingFile,
    NoTables,
    NotUtf8,
    TableError,
    TwoFiles,
    UnevenRow,
    UnreadableFile,
    WrongDelimiter,
)
from watwerkt.register.tables import TABLES, Table

_SUFFIXES = (".csv", ".parquet")
_OTHER_DELIMITERS = (";", "\t", "|")
_FIRST_LINE = 1 << 24  # bytes: a table of ten thousand columns fits, a damaged file is not read whole


@dataclass(frozen=True)
class AsOf:
    """A register as it was: nothing dated after ``until``, and, with ``known_on``, nothing registered after it."""

    until: dt.date
    known_on: dt.date | None = None


@dataclass(frozen=True)
class Source:
    """One table as it was found: its file, and the name and DuckDB type of each of its columns; ``as_of`` cuts it.

    In a database ``path`` is what the table is called there.
    """

    table: Table
    path: Path
    columns: tuple[tuple[str, str], ...]
    as_of: AsOf | None = None

    @property
    def types(self) -> dict[str, str]:
        """Type of each column by name."""
        return dict(self.columns)

    @property
    def missing(self) -> tuple[str, ...]:
        """Declared columns that the file does not have."""
        return tuple(c.name for c in self.table.columns if c.name not in self.types)

    @property
    def extra(self) -> tuple[str, ...]:
        """Columns that the standard does not know; welcome, used only when a question declares them."""
        return tuple(name for name, _ in self.columns if name not in self.table.names)

    @property
    def scan(self) -> str:
        """The table function that reads it."""
        path = literal(str(self.path))
        if self.path.suffix == ".parquet":
            return f"read_parquet({path})"
        columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name, _ in self.columns)
        return (
            f"read_csv({path}, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
            f"nullstr = '', columns = {{{columns}}})"
        )


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """An identifier as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def find(folder: Path) -> tuple[Source, ...]:
    """The tables of the standard that a folder holds, in the order of the standard."""
    if not folder.is_dir():
        raise MissingFile(where=str(folder))
    found = tuple(_source(folder, table) for table in TABLES.values())
    sources = tuple(source for source in found if source is not None)
    if not sources:
        stems = [path.stem for path in sorted(folder.iterdir()) if path.suffix in _SUFFIXES]
        near = [stem for stem in stems if difflib.get_close_matches(stem, TABLES, n=1)]
        raise NoTables(where=str(folder), near=tuple(near[:3]))
    return sources


def _source(folder: Path, table: Table) -> Source | None:
    """One table of the folder, or None."""
    paths = [path for suffix in _SUFFIXES if (path := folder / f"{table.name}{suffix}").is_file()]
    if len(paths) > 1:
        raise TwoFiles(where=str(folder), files=tuple(path.name for path in paths))
    if not paths:
        return None
    columns = _parquet_columns(paths[0]) if paths[0].suffix == ".parquet" else _csv_columns(paths[0])
    _refuse_names(table, paths[0], [name for name, _ in columns])
    return checked(Source(table, paths[0], columns))


def checked(source: Source) -> Source:
    """A table as it was found, if every column is there without which its rows are worth nothing."""
    for name in source.table.required:
        if name not in source.types:
            near = difflib.get_close_matches(name, source.types, n=3)
            raise MissingColumn(where=str(source.path), column=name, near=tuple(near))
    return source


def _refuse_names(table: Table, path: Path, names: list[str]) -> None:
    """Names that are one name to a database, that stand for nothing, or that mean a column of the standard."""
    plain = [name.casefold() for name in names]
    twice = sorted({name for name in names if plain.count(name.casefold()) > 1 or not name})
    if twice:
        because = f"its first line names a column twice, or without a name: {', '.join(map(repr, twice))}"
        raise UnreadableFile(where=str(path), because=because)
    for name in names:
        if name.startswith(":"):
            raise UnreadableFile(where=str(path), because=f"the name of the column {name!r} begins with a colon")
        if name not in table.names and name.casefold() in table.names:
            raise MissingColumn(where=str(path), column=name.casefold(), near=(name,))


def _parquet_columns(path: Path) -> tuple[tuple[str, str], ...]:
    """Names and types of a Parquet file."""
    try:
        described = duckdb.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    except duckdb.Error as error:
        raise unreadable(path, error) from None
    return tuple((str(row[0]), str(row[1])) for row in described)


def _csv_columns(path: Path) -> tuple[tuple[str, str], ...]:
    """Names in the first line of a CSV file; all values are text until they are cast."""
    line = first_line(path)
    try:
        names = next(csv.reader([line]), [])
    except csv.Error:
        raise UnreadableFile(where=str(path), because="its lines do not end in a line feed") from None
    if len(names) <= 1:
        for delimiter in _OTHER_DELIMITERS:
            if delimiter in line:
                raise WrongDelimiter(where=str(path), found={"\t": "tab"}.get(delimiter, delimiter))
    names = [name.strip() for name in names]
    if not any(names):
        raise UnreadableFile(where=str(path), because="its first line names no columns")
    return tuple((name, "VARCHAR") for name in names)


def first_line(path: Path, encoding: str = "utf-8") -> str:
    """The first line of a text file, without its end and without a byte order mark. Raises NotUtf8."""
    with path.open("rb") as file:
        first = file.readline(_FIRST_LINE)
    if encoding == "utf-16" and first.startswith(codecs.BOM_UTF16_BE):
        raise NotUtf8(where=str(path))  # DuckDB reads the other order only
    if encoding == "utf-16":  # its line ends are two bytes, so the first byte of an end stands alone here
        return (first + b"\x00").decode("utf-16", "ignore").rstrip("\r\n")
    if encoding != "utf-8":
        return first.decode(encoding).rstrip("\r\n")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in first:
        raise NotUtf8(where=str(path))
    try:
        return first.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise NotUtf8(where=str(path)) from None


def unreadable(path: Path, error: duckdb.Error) -> TableError:
    """The named error behind a message of DuckDB. The message itself may quote a person's row: it is not repeated."""
    said = str(error)
    if "nicode" in said or "utf-8" in said:
        return NotUtf8(where=str(path))
    line = re.search(r"on Line: (\d+)", said)
    uneven = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", said)
    if line and uneven:
        return UnevenRow(where=str(path), line=int(line[1]), expected=int(uneven[1]), found=int(uneven[2]))
    place = f"line {line[1]} is damaged" if line else f"it is not {path.suffix[1:].upper()}"
    if "invalid state" in said:
        place = "its lines end in different ways, or a quotation mark is not closed"
    return UnreadableFile(where=str(path), because=place)
