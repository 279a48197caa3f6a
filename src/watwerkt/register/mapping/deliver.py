"""A delivery becomes a register's folder: Parquet, register.toml, and lost.csv in which every row is told."""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb

from watwerkt.dossier import Mapped, Went, Words
from watwerkt.errors import MissingFile, OutputError, SumsDiffer, TableError
from watwerkt.register.duck import Engine, connected
from watwerkt.register.files import literal, quoted
from watwerkt.register.mapping.declared import Declared, Part, read_mapping
from watwerkt.register.mapping.fates import Made, make
from watwerkt.register.mapping.staged import Staged, stage
from watwerkt.register.read import Register, read
from watwerkt.register.settings import read_settings

SETTINGS, LOST, OWN = "register.toml", "lost.csv", "mapping.toml"
HEAD = ("table", "file", "what", "reason", "measure", "amount")
_LEFT = ("set_aside", "superseded", "folded", "written")


def map_delivery(
    delivery: str | Path, out: str | Path, mappings: Iterable[str | Path] = (), engine: Engine | None = None
) -> Mapped:
    """Map a delivery's files to the register standard, and write the register's folder, whole or not at all.

    ``mappings``: paths of mapping files or names of shipped ones; the delivery's own mapping.toml if none is named.
    The delivery also holds register.toml. Raises TableError of many kinds, each naming the file, the table, the column
    and the expression; OutputError where ``out`` is something else than a register that was mapped before.
    """
    home, place = Path(delivery), Path(out)
    if not home.is_dir():
        raise MissingFile(where=str(home))
    settings = read_settings(home / SETTINGS)
    named = tuple(mappings) or (home / OWN,)
    declared = tuple(read_mapping(one) for one in named)
    aside = _aside(place)
    try:
        with connected(engine or Engine.given()) as connection:
            made, used = _make(connection, home, declared, aside)
            for one in made:
                _write(connection, one, aside)
        shutil.copyfile(home / SETTINGS, aside / SETTINGS)
        register = _read_again(aside, place)
        went = tuple(_went(made, register))
        _tell(aside / LOST, went)
        _put(aside, place)
    except OSError as problem:
        raise OutputError(where=str(place), because=(problem.strerror or str(problem)).lower()) from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    given = {(home / SETTINGS).resolve(), *(path.resolve() for path in (*used, home / OWN, *map(Path, named)))}
    unused = tuple(sorted(p.name for p in home.iterdir() if p.is_file() and p.resolve() not in given))
    names = tuple(one.name for one in declared)
    return Mapped(str(place), register.snapshot, names, settings.synthetic, went, tuple(_reasons(declared)), unused)


def _aside(place: Path) -> Path:
    """A folder beside the one that is to be; what is there already must be a mapped register, to be replaced."""
    if place.exists() and not (place / LOST).is_file() and (not place.is_dir() or any(place.iterdir())):
        raise OutputError(where=str(place), because="this folder holds something else than a mapped register")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    except OSError as problem:
        raise OutputError(where=str(place), because=(problem.strerror or str(problem)).lower()) from None


def _put(aside: Path, place: Path) -> None:
    """The new register in the place of the old one, which goes last: a kill leaves a whole one, or both."""
    old = aside.with_name(f"{aside.name}-old")
    if place.exists():
        os.replace(place, old)
    os.replace(aside, place)
    shutil.rmtree(old, ignore_errors=True)


def _make(
    connection: duckdb.DuckDBPyConnection, home: Path, mappings: tuple[Declared, ...], aside: Path
) -> tuple[list[Made], set[Path]]:
    """Every table from all parts that give to it; files of one kind are staged once."""
    parts = [part for mapping in mappings for part in mapping.parts]
    staged: dict[tuple[str, str], Staged] = {}
    converted = aside / ".converted"
    converted.mkdir()
    for part in parts:
        key = (part.mapping, part.files.name)
        if key not in staged:
            of = [p for p in parts if (p.mapping, p.files.name) == key]
            needed = frozenset().union(*(p.needed for p in of))
            files = replace(part.files, name=f"{len(staged)}-{part.files.name}")
            staged[key] = stage(connection, home, files, needed, converted)
    shutil.rmtree(converted)
    made = []
    for table in dict.fromkeys(part.table for part in parts):
        giving: tuple[tuple[Part, Staged], ...] = tuple(
            (part, staged[part.mapping, part.files.name]) for part in parts if part.table == table
        )
        made.append(make(connection, giving))
    return made, {path for one in staged.values() for path in one.paths}


def _write(connection: duckdb.DuckDBPyConnection, made: Made, aside: Path) -> None:
    """One table as Parquet; what was written is read again and held against what was counted."""
    path = aside / f"{made.table}.parquet"
    connection.execute(f"COPY ({made.query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
    connection.execute(f"DROP TABLE {quoted(f'made:{made.table}')}")
    kept = [t for t in made.totals if not t.startswith("_")]
    sums = "".join(f", coalesce(sum(CAST(round({quoted(t)} * 100) AS HUGEINT)), 0)" for t in kept)
    found = connection.execute(f"SELECT count(*){sums} FROM read_parquet({literal(str(path))})").fetchone() or ()
    counted = {m: _sum(made, m, ("written",) if m == "rows" else ("written", "folded")) for m in ("rows", *kept)}
    for measure, there in zip(("rows", *kept), found, strict=True):
        if int(there) != counted[measure]:
            raise SumsDiffer(where=made.table, measure=measure, read=counted[measure], written=int(there))
    for measure in ("rows", *made.totals):
        if _sum(made, measure, ("read",)) != _sum(made, measure, _LEFT):
            raise SumsDiffer(
                where=made.table,
                measure=measure,
                read=_sum(made, measure, ("read",)),
                written=_sum(made, measure, _LEFT),
            )


def _sum(made: Made, measure: str, what: tuple[str, ...]) -> int:
    return sum(a.amount for a in made.amounts if a.measure == measure and a.what in what)


def _read_again(aside: Path, place: Path) -> Register:
    """The register as it will be read. An error names the place where it would have stood."""
    try:
        return read(aside)
    except TableError as error:
        error.where = error.where.replace(str(aside), str(place))
        raise


def _went(made: list[Made], register: Register) -> Iterable[Went]:
    """What went where; last, rows that the standard's rules set aside, which `watwerkt check` tells more of."""
    for one in made:
        yield from one.amounts
        for defect in register.defects:
            if defect.table == one.table and defect.sets_aside:
                yield Went(defect.table, "", "check", defect.rule, "rows", defect.rows)


def _tell(path: Path, went: tuple[Went, ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(HEAD)
        for one in went:
            amount = str(one.amount) if one.measure == "rows" else str(Decimal(one.amount) / 100)
            lines.writerow((one.table, one.file, one.what, one.reason, one.measure, amount))


def _reasons(mappings: tuple[Declared, ...]) -> Iterable[tuple[str, Words]]:
    seen = set()
    for part in (part for mapping in mappings for part in mapping.parts):
        for one in part.set_aside:
            if one.reason not in seen and one.nl and one.en:
                seen.add(one.reason)
                yield one.reason, Words(nl=one.nl, en=one.en)
