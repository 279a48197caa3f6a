"""What a mapping says: files, code lists and tables, read from TOML strictly; every problem at once."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from watwerkt.errors import MappingError, UnknownMapping
from watwerkt.register.mapping.expressions import DATES, Codes, Compiled, Context, Kind, Mistake, compiled
from watwerkt.register.tables import TABLES

ENCODINGS = ("utf-8", "latin-1", "utf-16")
_TOP = ("mapping", "files", "codes", "tables")
_FILES = ("path", "names", "optional", "empty", "encoding", "decimal", "dates")
_CODES = ("values", "other")
_TABLE = ("from", "columns", "set_aside", "versions", "fold", "totals", "after")
_OTHER = ("error", "unknown", "drop")
_KINDS: dict[str, Kind] = {"text": "text", "date": "date", "number": "number"}


@dataclass(frozen=True)
class Files:
    """Files of one kind: patterns of their names, other names of columns, columns they may lack, values for nothing."""

    name: str
    path: tuple[str, ...]
    names: tuple[tuple[str, tuple[str, ...]], ...] = ()
    optional: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    encoding: str = "utf-8"
    decimal: str = "."
    dates: str = ""


@dataclass(frozen=True)
class SetAside:
    """Rows that leave: the reason by its id and in words, and which rows they are."""

    reason: str
    where: Compiled
    nl: str = ""
    en: str = ""


@dataclass(frozen=True)
class Versions:
    """Rows of one ``key`` are one thing, told again: the one with the latest (earliest) ``by`` stays.

    ``earliest``: columns that keep their earliest value all the same. ``fill``: what that row lacks is taken from the
    row closest to it that has it.
    """

    key: tuple[str, ...]
    by: str
    which: str = "latest"
    earliest: tuple[str, ...] = ()
    fill: bool = False


@dataclass(frozen=True)
class Fold:
    """Rows of one ``by`` whose periods touch are one row, from the first day to the last.

    ``cut``: a total by which a new row begins where it changes by more than ``share``, a day and a month alike: pay by
    the month is steady by the month, pay by four weeks is steady by the day.
    """

    by: tuple[str, ...]
    cut: str = ""
    share: float = 0.0


@dataclass(frozen=True)
class Part:
    """What one kind of file gives to one table of the standard.

    ``totals``: columns whose sums are held against the source, to the hundredth. ``after``: columns over the row that
    is written.
    """

    mapping: str
    table: str
    files: Files
    columns: tuple[tuple[str, Compiled], ...]
    set_aside: tuple[SetAside, ...] = ()
    versions: Versions | None = None
    fold: Fold | None = None
    totals: tuple[str, ...] = ()
    after: tuple[tuple[str, Compiled], ...] = ()

    @property
    def kinds(self) -> dict[str, Kind]:
        """Kind of each column that it gives, before ``after``."""
        return {name: one.kind for name, one in self.columns}

    @property
    def needed(self) -> frozenset[str]:
        """The columns of its files that it takes."""
        expressions = [one for _, one in self.columns] + [one.where for one in self.set_aside]
        return frozenset().union(*(one.columns for one in expressions))


@dataclass(frozen=True)
class Declared:
    """A mapping: its name and what it gives to which table."""

    name: str
    parts: tuple[Part, ...]


def shipped() -> tuple[str, ...]:
    """Names of the mappings that come with watwerkt."""
    return tuple(sorted(p.name.removesuffix(".toml") for p in _home().iterdir() if p.name.endswith(".toml")))


def text_of(name: str) -> str:
    """A shipped mapping as text, to copy and change. Raises UnknownMapping."""
    if name not in shipped():
        raise UnknownMapping(where=name, known=shipped())
    return str((_home() / f"{name}.toml").read_text("utf-8"))


def _home() -> Any:
    return files(__package__) / "shipped"


def read_mapping(named: str | Path) -> Declared:
    """A mapping by its path, or by its name if it is shipped. Raises UnknownMapping, MappingError."""
    path = Path(named)
    if path.suffix != ".toml":
        return parsed(text_of(str(named)), f"{named} (shipped)", str(named))
    if not path.is_file():
        raise UnknownMapping(where=str(path), known=shipped())
    try:
        return parsed(path.read_bytes().decode("utf-8-sig"), str(path), path.stem)
    except UnicodeDecodeError:
        raise MappingError(where=str(path), problems=("it is not in UTF-8",)) from None


def parsed(text: str, where: str, name: str) -> Declared:
    """A mapping from its text. Raises MappingError with everything that is wrong."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(where=where, problems=(str(error),)) from None
    reader = _Reader(
        str(said.get("mapping", {}).get("name", name)) if isinstance(said.get("mapping", {}), dict) else name
    )
    found = reader.whole(said)
    if reader.problems:
        raise MappingError(where=where, problems=tuple(reader.problems))
    return found


class _Reader:
    """Reads one mapping and keeps what is wrong with it."""

    def __init__(self, name: str) -> None:
        self.name, self.problems = name, list[str]()
        self._files: dict[str, Files] = {}
        self._codes: dict[str, Codes] = {}

    def whole(self, said: dict[str, Any]) -> Declared:
        self._keys("", said, _TOP)
        self._files = {n: self._one_files(n, one) for n, one in self._tables("files", said).items()}
        self._codes = {n: self._one_codes(n, one) for n, one in self._tables("codes", said).items()}
        parts = []
        tables = said.get("tables", {})
        if not isinstance(tables, dict) or not tables:
            self.problems.append("tables: there is none")
            tables = {}
        for table, given in tables.items():
            for i, one in enumerate(given if isinstance(given, list) else [given]):
                at = f"tables.{table}" + (f"[{i + 1}]" if isinstance(given, list) and len(given) > 1 else "")
                if part := self._part(at, table, one):
                    parts.append(part)
        return Declared(self.name, tuple(parts))

    # ---- small steps ----

    def _keys(self, at: str, said: dict[str, Any], known: Iterable[str]) -> None:
        for key in said:
            if key not in known:
                self.problems.append(f"{at}{'.' if at else ''}{key} is not known{_nearest(key, known)}")

    def _tables(self, at: str, said: dict[str, Any]) -> dict[str, dict[str, Any]]:
        given = said.get(at, {})
        if not isinstance(given, dict) or not all(isinstance(one, dict) for one in given.values()):
            self.problems.append(f"{at} must hold tables, like [{at}.srg]")
            return {}
        return given

    def _texts(self, at: str, value: object) -> tuple[str, ...]:
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            self.problems.append(f"{at} must be text, or a list of texts")
            return ()
        return tuple(found)

    def _choice(self, at: str, value: object, known: tuple[str, ...]) -> str:
        if value not in known:
            self.problems.append(f"{at}: {value!r} is not one of: {', '.join(known)}")
        return str(value)

    def _one_files(self, name: str, said: dict[str, Any]) -> Files:
        at = f"files.{name}"
        self._keys(at, said, _FILES)
        if not said.get("path"):
            self.problems.append(f"{at}.path is missing")
        names = said.get("names", {})
        if not isinstance(names, dict):
            self.problems.append(f'{at}.names must be a table, like PERSON = ["BSN"]')
            names = {}
        dates = said.get("dates", "")
        return Files(
            name,
            self._texts(f"{at}.path", said.get("path", [])),
            tuple((key.upper(), self._texts(f"{at}.names.{key}", value)) for key, value in names.items()),
            tuple(one.upper() for one in self._texts(f"{at}.optional", said.get("optional", []))),
            self._texts(f"{at}.empty", said.get("empty", [])),
            self._choice(f"{at}.encoding", said.get("encoding", "utf-8"), ENCODINGS),
            self._choice(f"{at}.decimal", said.get("decimal", "."), (".", ",")),
            self._choice(f"{at}.dates", dates, tuple(DATES)) if dates else "",
        )

    def _one_codes(self, name: str, said: dict[str, Any]) -> Codes:
        at = f"codes.{name}"
        self._keys(at, said, _CODES)
        values = said.get("values")
        if not isinstance(values, dict) or not values or not all(isinstance(v, str) for v in values.values()):
            self.problems.append(f'{at}.values must be a table of texts, like "01" = "training"')
            values = {}
        other = self._choice(f"{at}.other", said.get("other", "error"), _OTHER)
        return Codes(name, tuple(values.items()), other)  # type: ignore[arg-type]

    def _expression(self, at: str, text: object, context: Context, kind: Kind | None = None) -> Compiled | None:
        if not isinstance(text, str):
            self.problems.append(f"{at} must be an expression between quotes")
            return None
        try:
            return compiled(text, context, kind)
        except Mistake as mistake:
            self.problems.append(f"{at}: in '{text}' {mistake}")
            return None

    # ---- one table ----

    def _part(self, at: str, table: str, said: object) -> Part | None:
        if not isinstance(said, dict):
            self.problems.append(f"{at} must be a table")
            return None
        self._keys(at, said, _TABLE)
        if table not in TABLES:
            self.problems.append(f"{at}: the standard has no table '{table}'{_nearest(table, TABLES)}")
            return None
        source = self._files.get(str(said.get("from", "")))
        if source is None:
            known = ", ".join(self._files) or "none"
            self.problems.append(f"{at}.from: {said.get('from')!r} is not one of the files ({known})")
            return None
        context = Context(None, self._codes, source.decimal, source.dates)
        columns = self._columns(f"{at}.columns", table, said.get("columns", {}), context)
        kinds = {name: one.kind for name, one in columns}
        after = self._columns(f"{at}.after", table, said.get("after", {}), Context(kinds))
        for column in TABLES[table].required:
            if column not in kinds and column not in dict(after):
                self.problems.append(f"{at}.columns.{column} is missing")
        totals = self._known(f"{at}.totals", said.get("totals", []), kinds)
        for one in totals:
            if kinds[one] != "number":
                self.problems.append(f"{at}.totals: '{one}' is not a number")
        return Part(
            self.name,
            table,
            source,
            columns,
            self._set_aside(f"{at}.set_aside", said.get("set_aside", []), context),
            self._versions(f"{at}.versions", said["versions"], kinds) if "versions" in said else None,
            self._fold(f"{at}.fold", said["fold"], kinds, totals) if "fold" in said else None,
            totals,
            after,
        )

    def _columns(self, at: str, table: str, said: object, context: Context) -> tuple[tuple[str, Compiled], ...]:
        if not isinstance(said, dict):
            self.problems.append(f"{at} must be a table of expressions")
            return ()
        declared = {column.name: _KINDS[column.type] for column in TABLES[table].columns}
        found = []
        for name, text in said.items():
            one = self._expression(f"{at}.{name}", text, context, declared.get(name))
            if one is not None:
                found.append((name, one))
        return tuple(found)

    def _set_aside(self, at: str, said: object, context: Context) -> tuple[SetAside, ...]:
        if not isinstance(said, list):
            self.problems.append(f"{at} must be a list, each with a reason and a where")
            return ()
        found = []
        for i, one in enumerate(said):
            here = f"{at}[{i + 1}]"
            if not isinstance(one, dict) or not isinstance(one.get("reason"), str):
                self.problems.append(f"{here} needs a reason and a where")
                continue
            self._keys(here, one, ("reason", "where", "nl", "en"))
            where = self._expression(f"{here}.where", one.get("where"), context, "truth")
            if where is not None:
                found.append(SetAside(one["reason"], where, str(one.get("nl", "")), str(one.get("en", ""))))
        return tuple(found)

    def _known(self, at: str, said: object, kinds: Mapping[str, Kind]) -> tuple[str, ...]:
        names = self._texts(at, said)
        for name in names:
            if name not in kinds:
                self.problems.append(f"{at}: there is no column '{name}' here{_nearest(name, kinds)}")
        return tuple(name for name in names if name in kinds)

    def _versions(self, at: str, said: object, kinds: Mapping[str, Kind]) -> Versions | None:
        if not isinstance(said, dict) or "key" not in said or not isinstance(said.get("by"), str):
            self.problems.append(f"{at} needs a key and a by")
            return None
        self._keys(at, said, ("key", "by", "which", "earliest", "fill"))
        which = self._choice(f"{at}.which", said.get("which", "latest"), ("latest", "earliest"))
        (by,) = self._known(f"{at}.by", said["by"], kinds) or ("",)
        key = self._known(f"{at}.key", said["key"], kinds)
        return Versions(
            key, by, which, self._known(f"{at}.earliest", said.get("earliest", []), kinds), said.get("fill") is True
        )

    def _fold(self, at: str, said: object, kinds: Mapping[str, Kind], totals: tuple[str, ...]) -> Fold | None:
        if not isinstance(said, dict) or "by" not in said:
            self.problems.append(f"{at} needs a by")
            return None
        self._keys(at, said, ("by", "cut"))
        for day in ("start", "end"):
            if kinds.get(day) != "date":
                self.problems.append(f"{at} needs the column '{day}', a day")
        cut = said.get("cut", {})
        if not isinstance(cut, dict) or len(cut) > 1:
            self.problems.append(f"{at}.cut must name one total and a share, like paid = 0.05")
            cut = {}
        for name, share in cut.items():
            if name not in totals or not isinstance(share, int | float) or isinstance(share, bool) or share < 0:
                self.problems.append(f"{at}.cut must name one total and a share, like paid = 0.05")
        name, share = next(iter(cut.items()), ("", 0.0))
        return Fold(
            self._known(f"{at}.by", said["by"], kinds),
            str(name),
            float(share) if isinstance(share, int | float) else 0.0,
        )


def _nearest(name: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, list(known), n=1)
    return f"; closest: '{found[0]}'" if found else ""
