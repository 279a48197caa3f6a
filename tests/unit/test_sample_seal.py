"""A draw sees nothing that is dated after its rows' own time: poison everything later, and not a byte changes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import numpy as np
import pytest
from registers import question

from watwerkt import register, sample
from watwerkt.dossier import Arm, Checks, Where
from watwerkt.sample import register_draw
from watwerkt.synthetic import make, worlds, write

ARMS = tuple(
    Arm(name, "", (Where("instrument", (kind,)), Where("planned_months", lengths, True)))
    for name, kind, lengths in (("short", "training", (0, 3)), ("long", "training", (6, 24)))
)
ASKED = question(arms=ARMS, groups=("age_band", "sex"), checks=Checks(not_used_in_selection=("earnings_13_24",)))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An invented register of 1,500 people."""
    folder = tmp_path_factory.mktemp("register")
    write(make(worlds.tiny(), 1_500, 1), folder)
    return folder


def pickled(drawn):
    """All that a draw holds as bytes, but for the name of the data."""
    arrays = [drawn.key, drawn.arm, drawn.person, drawn.weight, drawn.rate, drawn.ident, drawn.zero, drawn.covariates.x]
    arrays += [array for p in drawn.placebos for array in (p.y, p.covariates.x)]
    arrays += [group.code for group in drawn.groups]
    named = (drawn.arms, drawn.covariates.names, drawn.covariates.block, drawn.covariates.missing, drawn.exclusions)
    return b"".join(np.ascontiguousarray(a).tobytes() for a in arrays) + repr((named, drawn.facts)).encode()


def poisoned(home: Path, folder: Path, **tables: str) -> register.Register:
    """The same register with some tables remade by a query over ``spell`` and ``was`` (the table as it was)."""
    folder.mkdir()
    (folder / "register.toml").write_bytes((home / "register.toml").read_bytes())
    for path in home.glob("*.parquet"):
        connection = duckdb.connect()
        connection.execute(f"CREATE VIEW was AS SELECT * FROM read_parquet('{path}')")
        connection.execute(f"CREATE VIEW spell AS SELECT * FROM read_parquet('{home / 'benefit_spell.parquet'}')")
        query = tables.get(path.stem, "SELECT * FROM was")
        connection.execute(f"COPY ({query}) TO '{folder / path.name}' (FORMAT parquet)")
    return register.read(folder)


POISON = {
    "jobs after the first day of the spell": {
        "job_spell": """
            SELECT w.person_id, w.job_id, w.start,
                CASE WHEN w."end" IS NULL OR w."end" >= s.start THEN s.start + 4000 ELSE w."end" END AS "end",
                w.hours_per_week, w.monthly_wage
            FROM was AS w JOIN spell AS s ON s.person_id = w.person_id
            WHERE w.start < s.start
            UNION ALL
            SELECT s.person_id, -s.person_id, s.start, NULL, 99, 1000000 FROM spell AS s
        """
    },
    "no job after the first day of the spell": {
        "job_spell": """
            SELECT w.* FROM was AS w JOIN spell AS s ON s.person_id = w.person_id WHERE w.start < s.start
        """
    },
    "measurements after the months of trials": {
        "measurement": """
            SELECT w.person_id, w.date, w.measure,
                CASE WHEN w.date > s.start + 100 THEN 1 ELSE w.value END AS value, w.wave, w.response_weight
            FROM was AS w JOIN spell AS s ON s.person_id = w.person_id
        """
    },
    "what came of a provision": {
        "provision": """
            SELECT * REPLACE (start + 1 AS "end", 'yes' AS dropped, 0 AS hours) FROM was
        """
    },
    "how long the benefit went on after the months of trials": {
        "benefit_spell": """
            SELECT * REPLACE (
                CASE WHEN "end" > start + 130 THEN start + 2000 ELSE "end" END AS "end", 'x' AS end_reason
            ) FROM was
        """
    },
}


@pytest.mark.parametrize("poison", POISON)
def test_a_draw_does_not_see_what_came_later(home, tmp_path, poison):
    """Change everything after: the same rows, covariates, placebos, groups and exclusions, to the byte."""
    clean = sample.draw(ASKED, register.read(home), 1)
    changed = poisoned(home, tmp_path / "poisoned", **POISON[poison])

    assert changed.snapshot != clean.snapshot
    assert pickled(sample.draw(ASKED, changed, 1)) == pickled(clean)


def test_the_poison_would_be_seen_if_it_were_earlier(home, tmp_path):
    """The same change a day before the spell alters the draw: the test above can fail."""
    earlier = POISON["jobs after the first day of the spell"]["job_spell"].replace(
        "-s.person_id, s.start, NULL", "-s.person_id, s.start - 1, NULL"
    )
    changed = poisoned(home, tmp_path / "poisoned", job_spell=earlier)

    assert pickled(sample.draw(ASKED, changed, 1)) != pickled(sample.draw(ASKED, register.read(home), 1))


def test_the_jobs_are_gone_before_the_covariates_are_made(home, monkeypatch):
    """Whatever a later query of a draw wants of them, there is no such table."""
    seen = []

    def spy(connection, name):
        if name == "person":
            tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            seen.append({table for (table,) in tables})
            last = connection.execute(
                "SELECT max(j.last - s.start) FROM job_before AS j JOIN spell AS s USING (spell_row)"
            )
            assert last.fetchone() == (-1,)
        return ask(connection, name)

    ask = register_draw.past.ask
    monkeypatch.setattr(register_draw.past, "ask", spy)
    sample.draw(ASKED, register.read(home), 1)

    assert seen
    assert all("job_spell" not in tables and "job_before" in tables for tables in seen)


def test_no_row_is_dated_before_what_is_known_of_it(home):
    """Time zero lies in the row's own month, on or after the first day of the spell."""
    drawn = sample.draw(ASKED, register.read(home), 1)
    starts = register_draw.spell_starts(drawn.key)

    assert (drawn.zero >= starts).all()
    assert (drawn.zero < starts + np.timedelta64(3 * 31 + 1, "D")).all()
    assert drawn.zero.max() < np.datetime64(dt.date(2020, 12, 31))
