"""One SQL, three engines: the same rows wherever the tables are. An engine that cannot start skips with its reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import engines
import numpy as np
import pytest

from watwerkt import question, sample
from watwerkt.dossier import Question
from watwerkt.errors import MissingColumn, MissingExtra, NoTablesThere, QueryRefused
from watwerkt.register import Engine, Register, backends, read
from watwerkt.sample.nouns import Drawn, Followed
from watwerkt.synthetic import AS_DELIVERED, make, worlds, write

PEOPLE = 600
# PySpark remarks on the pandas that another extra brings; nothing of ours uses it.
pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet:FutureWarning", "ignore::ResourceWarning")


@cache
def asked() -> Question:
    """The question of the demonstration in short: offers of half a year, followed for one."""
    whole = question.read(Path(__file__).parents[2] / "questions/short-or-long/question.toml")
    return replace(whole, time=replace(whole.time, until=6, horizon=12, primary=None))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A delivery with everything wrong that deliveries get wrong, as typed Parquet files."""
    where = tmp_path_factory.mktemp("delivered")
    write(make(worlds.demo(), PEOPLE, seed=2), where, AS_DELIVERED)
    return where


@pytest.fixture(scope="module")
def as_text(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as CSV, in which every value is text, and some days are none or written in another way."""
    import duckdb

    where = tmp_path_factory.mktemp("text")
    (where / "register.toml").write_text((folder / "register.toml").read_text("utf-8"), "utf-8")
    for path in folder.glob("*.parquet"):
        duckdb.execute(f"COPY (FROM '{path}') TO '{where / path.stem}.csv' (HEADER)")
    spells = where / "benefit_spell.csv"
    first, *rows = spells.read_text("utf-8").splitlines()
    for i, wrong in enumerate(("2018-02-30", "2018/3/7", "not a date", "9999-12-31", "2017-5-4 00:00:00")):
        values = rows[7 * i].split(",")
        values[first.split(",").index("end")] = wrong
        rows[7 * i] = ",".join(values)
    spells.write_text("\n".join((first, *rows)) + "\n", "utf-8")
    return where


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server."""
    if why := engines.why_no_postgres():
        pytest.skip(why)
    with engines.postgres() as address:
        yield address


@pytest.fixture(scope="module")
def in_postgres(server: str, folder: Path, as_text: Path) -> Callable[[Path], Register]:
    """Reads the tables of a folder from schemas of the server."""
    engines.fill(server, "Typed", folder)
    engines.fill(server, "texts", as_text)
    return lambda where: read(where, backend=f"{server}?schema={'Typed' if where == folder else 'texts'}")


@pytest.fixture(scope="module")
def in_spark() -> Iterator[Callable[[Path], Register]]:
    """Reads the files of a folder with Spark on this machine."""
    if why := engines.why_no_spark():
        pytest.skip(why)
    session = engines.spark()
    yield lambda where: read(where, backend="spark")
    session.stop()


@pytest.fixture(scope="module", params=["postgres", "spark"])
def there(request: pytest.FixtureRequest) -> Callable[[Path], Register]:
    """Reads a folder's tables with another engine."""
    return request.getfixturevalue(f"in_{request.param}")  # type: ignore[no-any-return]


def digest(*values: Any) -> str:
    """sha256 over arrays, byte by byte, and over the text of everything else."""
    made = hashlib.sha256()
    for value in values:
        plain = isinstance(value, np.ndarray) and value.dtype != object
        made.update(np.ascontiguousarray(value).tobytes() if plain else repr(value).encode())
    return made.hexdigest()


def of_drawn(found: Drawn) -> str:
    """Everything that a draw holds: rows, arms, days, covariates, weights, groups, placebos, exclusions."""
    x = found.covariates
    told = (found.key, found.arm, found.person, found.zero, found.weight, found.rate, found.office)
    groups = [value for group in found.groups for value in (group.name, group.labels, group.code)]
    placebos = [value for placebo in found.placebos for value in (placebo.name, placebo.y)]
    return digest(*told, x.names, x.x, x.missing, *groups, *placebos, found.facts, found.exclusions.steps)


def of_followed(found: Followed) -> str:
    """Every panel, and what the comparison started later."""
    panels = [value for one in found.panels for value in (one.outcome, one.months, one.y, one.observed)]
    got = [value for name, month in found.got for value in (name, month)]
    return digest(*panels, found.later, *got)


def followed(drawn: Drawn, register: Register) -> Followed:
    """The same people later."""
    return sample.follow(drawn, register, sample.seal(asked(), drawn.exclusions))


def test_the_same_rows_on_every_engine(there: Callable[[Path], Register], folder: Path) -> None:
    """Must show 5: drawn and followed rows have one hash, wherever the tables are."""
    at_home, away = read(folder), there(folder)
    here, elsewhere = sample.draw(asked(), at_home, 1), sample.draw(asked(), away, 1)

    assert len(here) > 500
    assert of_drawn(elsewhere) == of_drawn(here)
    assert of_followed(followed(elsewhere, away)) == of_followed(followed(here, at_home))
    assert of_drawn(sample.draw(asked(), at_home, 2)) != of_drawn(here), "the hash sees another draw"


def test_one_look_finds_the_same_everywhere(there: Callable[[Path], Register], folder: Path) -> None:
    """A register is one register, and as broken, wherever it is read: snapshot, states, defects with their examples."""
    at_home, away = read(folder), there(folder)

    assert {defect.rule for defect in at_home.defects} >= {"duplicate", "near_duplicate", "reversed", "no_hours"}
    assert away.defects == at_home.defects
    assert away.states == at_home.states
    assert away.snapshot == at_home.snapshot


def test_text_is_read_as_the_same_days_and_numbers(there: Callable[[Path], Register], as_text: Path) -> None:
    """Where every value is text, the same ones are days and numbers, and the same ones are not."""
    at_home, away = read(as_text), there(as_text)

    assert {("end", 2)} <= {(one.column, one.rows) for one in at_home.defects if one.rule == "not_a_date"}
    assert away.defects == at_home.defects
    assert away.snapshot == at_home.snapshot


def test_nothing_of_the_service_is_touched(in_postgres: Callable[[Path], Register], server: str, folder: Path) -> None:
    """An account that may only read is enough; after a run the database holds what it held."""
    import psycopg

    away = in_postgres(folder)
    with psycopg.connect(server, autocommit=True) as owner:
        before = owner.execute("SELECT relname, relkind FROM pg_class ORDER BY oid").fetchall()
        counts = owner.execute('SELECT count(*) FROM "Typed"."job_spell"').fetchone()
        owner.execute("CREATE ROLE reader LOGIN")
        owner.execute('GRANT USAGE ON SCHEMA "Typed" TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA "Typed" TO reader')
        as_reader = read(folder, backend=f"{server.replace('clerk@', 'reader@')}?schema=Typed")
        assert of_drawn(sample.draw(asked(), as_reader, 1)) == of_drawn(sample.draw(asked(), away, 1))
        assert owner.execute("SELECT relname, relkind FROM pg_class ORDER BY oid").fetchall() == before
        assert owner.execute('SELECT count(*) FROM "Typed"."job_spell"').fetchone() == counts
        owner.execute('REVOKE SELECT ON "Typed"."job_spell" FROM reader')
    with pytest.raises(QueryRefused, match="permission denied for table job_spell"):
        read(folder, backend=f"{server.replace('clerk@', 'reader@')}?schema=Typed")


def test_what_is_not_there_is_named(in_postgres: Callable[[Path], Register], server: str, folder: Path) -> None:
    """A schema without tables, and a table without a column that it needs."""
    import psycopg

    with pytest.raises(NoTablesThere, match="schema nowhere"):
        read(folder, backend=f"{server}?schema=nowhere")
    with psycopg.connect(server, autocommit=True) as owner:
        owner.execute("CREATE SCHEMA lacking; CREATE TABLE lacking.person (persoon_id text)")
    with pytest.raises(MissingColumn, match=r"close to it: persoon_id\. \(lacking\.person\)"):
        read(folder, backend=f"{server}?schema=lacking")


@pytest.mark.parametrize(("text", "extra"), [("postgresql:///werk", "postgres"), ("spark", "spark")])
def test_a_missing_extra_is_named(text: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has not installed an engine's library is told which."""
    monkeypatch.setattr(backends, "find_spec", lambda name: None)

    with pytest.raises(MissingExtra, match=rf"watwerkt\[{extra}\]"):
        backends.named(text, Engine())


def test_the_settings_may_name_the_place(in_postgres: Callable[[Path], Register], server: str, folder: Path) -> None:
    """`backend` in register.toml is read where none is given, and is no part of what the register is."""
    settings = folder / "register.toml"
    sound = settings.read_text("utf-8")
    try:
        settings.write_text(f'backend = "{server}?schema=Typed"\n{sound}', "utf-8")
        named = read(folder)
    finally:
        settings.write_text(sound, "utf-8")

    assert type(named.backend).__name__ == "Postgres"
    assert named.snapshot == read(folder).snapshot
