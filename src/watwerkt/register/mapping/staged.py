"""A delivery's files before DuckDB: those of one kind stacked, only the columns that are asked for, all as text."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from watwerkt.errors import EmptyTable, MissingColumn, NothingDelivered, UnreadableFile
from watwerkt.register.files import literal, quoted, unreadable
from watwerkt.register.formats import STATS, kind_of, scan, stats, stats_names
from watwerkt.register.mapping.declared import Files

_CHUNK = 500_000  # rows of a .sav or .dta file in memory at once
_FLOATS = ("DOUBLE", "FLOAT", "DECIMAL", "REAL")
_WHOLE = 10**15  # up to here a float holds every whole number
# What other programs write for "no value".
NO_VALUE = ("", ".", "NA", "N/A", "NULL", "NaN")


@dataclass(frozen=True)
class Staged:
    """Files of one kind as the table ``table``: columns in capitals, ``:file`` (place among ``paths``), ``:csv``."""

    files: Files
    table: str
    paths: tuple[Path, ...]


def find(folder: Path, files: Files) -> tuple[Path, ...]:
    """The files of one kind in a delivery, by name. Raises NothingDelivered."""
    patterns = [one.lower() for one in files.path]
    found = [
        p for p in sorted(folder.iterdir()) if p.is_file() and any(fnmatch(p.name.lower(), one) for one in patterns)
    ]
    if not found:
        raise NothingDelivered(where=str(folder), patterns=files.path)
    return tuple(found)


def stage(
    connection: duckdb.DuckDBPyConnection, folder: Path, files: Files, needed: Iterable[str], aside: Path
) -> Staged:
    """Put files of one kind before DuckDB. ``aside``: a folder for what DuckDB cannot read itself.

    Raises NothingDelivered, MissingColumn, EmptyTable where no file has a row, and what is wrong with a file.
    """
    wanted = sorted({name.upper() for name in needed})
    staged = Staged(files, f"staged:{files.name}", find(folder, files))
    columns = "".join(f", {quoted(name)} VARCHAR" for name in wanted)
    table = quoted(staged.table)
    connection.execute(f'CREATE OR REPLACE TEMP TABLE {table} (":file" INTEGER, ":csv" BOOLEAN{columns})')
    for at, path in enumerate(staged.paths):
        selected = _select(connection, path, at, (files, wanted), aside)
        try:
            connection.execute(f"INSERT INTO {table} {selected}")
        except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException) as error:
            if "No space" in str(error):
                raise
            raise unreadable(path, error) from None
    row = connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
    if row is None:
        raise EmptyTable(where=", ".join(map(str, staged.paths)))
    return staged


def _select(
    connection: duckdb.DuckDBPyConnection, path: Path, at: int, asked: tuple[Files, list[str]], aside: Path
) -> str:
    """The query that gives the wanted columns of one file as text."""
    files, wanted = asked
    kind = kind_of(path)
    if kind in STATS:
        names = _resolved(path, stats_names(path), files, wanted)
        types, sql = (
            {},
            _converted(connection, path, tuple(n for n in names.values() if n), aside / f"{files.name}-{at}.parquet"),
        )
    else:
        found = scan(path, files.encoding)
        names = _resolved(path, found.names, files, wanted)
        types, sql = dict(found.columns), found.sql
    shown = [_as_text(names[name], types.get(names[name], "VARCHAR"), files.empty) for name in wanted]
    return f"SELECT {at}, {str(kind == '.csv').lower()}{''.join(f', {one}' for one in shown)} FROM {sql}"


def _resolved(path: Path, there: tuple[str, ...], files: Files, wanted: list[str]) -> dict[str, str]:
    """The file's own name of each wanted column, "" for one that it may lack."""
    own: dict[str, str] = {}
    for name in there:
        if name.upper() in own:
            raise UnreadableFile(where=str(path), because=f"its first line has the column '{name}' twice")
        own[name.upper()] = name
    also, found = dict(files.names), {}
    for name in wanted:
        called = [own[one.upper()] for one in (name, *also.get(name, ())) if one.upper() in own]
        if not called and name not in files.optional:
            near = difflib.get_close_matches(name, own, n=3)
            raise MissingColumn(where=str(path), column=name, near=tuple(own[one] for one in near))
        found[name] = called[0] if called else ""
    return found


def _as_text(name: str, kind: str, empty: tuple[str, ...]) -> str:
    """One column as text: whole numbers without a point, days as ISO dates, no blanks around, nothing as nothing."""
    if not name:
        return "NULL"
    column = quoted(name)
    text = f"trim(CAST({column} AS VARCHAR))"
    if any(kind.startswith(one) for one in _FLOATS):
        whole = f"{column} = trunc({column}) AND abs({column}) < {_WHOLE}"
        text = f"CASE WHEN {whole} THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) ELSE {text} END"
    nothing = ", ".join(literal(one) for one in (*NO_VALUE, "nan", "NaT", *empty))
    return f"(CASE WHEN {text} NOT IN ({nothing}) THEN {text} END)"


def _converted(connection: duckdb.DuckDBPyConnection, path: Path, names: tuple[str, ...], place: Path) -> str:
    """A .sav or .dta file as Parquet, a piece at a time, all columns as text."""
    names = tuple(dict.fromkeys(names)) or stats_names(path)[:1]
    writer: pq.ParquetWriter | None = None
    for piece in stats(path, names, _CHUNK):
        connection.register(":piece", piece)
        described = connection.execute('DESCRIBE SELECT * FROM ":piece"').fetchall()
        types = {str(row[0]): str(row[1]) for row in described}
        shown = ", ".join(f"CAST({_as_text(n, types[n], ())} AS VARCHAR) AS {quoted(n)}" for n in names)
        text = connection.sql(f'SELECT {shown} FROM ":piece"').to_arrow_table()
        connection.unregister(":piece")
        writer = writer or pq.ParquetWriter(place, text.schema)
        writer.write_table(text)
    if writer is not None:
        writer.close()
    return f"read_parquet({literal(str(place))})"
