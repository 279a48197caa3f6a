"""Deliveries in the layouts that are published: an invented register as BUS, SRG and SPOLIS files would tell it.

``known`` is the register that these layouts can tell at best: no planned end, no offer, no education. ``deliver``
writes it in the layouts, half a year of reports at a time; what is mapped from there must say the same.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pyreadstat

from watwerkt.register.mapping import text_of

SETTINGS = """\
currency = "EUR"
period = [2013-01-01, 2024-06-30]
threshold = 10
synthetic = true
"""
PERIOD = ("2013-01-01", "2024-06-30")
SCHEMES = {"ww": ("02", "ioaw"), "welfare": ("01", "welfare")}
ENDS = {"work": ("11", "work"), "entitlement": ("98", "other")}
SCHEME_CODES, SCHEME_NAMES = ({name: both[i] for name, both in SCHEMES.items()} for i in (0, 1))
END_CODES, END_NAMES = ({name: both[i] for name, both in ENDS.items()} for i in (0, 1))
TYPES = {"training": "31", "coaching": "32", "matching": "33", "talk": "34"}
HOUSEHOLDS = {"single": "1", "single_parent": "2", "couple": "3", "couple_with_children": "4"}
HOUSEHOLD_NAMES = {"1": "single", "2": "single_parent", "3": "couple", "4": "other"}
SEXES = {"m": "1", "f": "2"}

# The registers' own keys become nine digits; offices become four.
_KEYS = """
CREATE TEMP TABLE key AS
SELECT "person_id", printf('%09d', row_number() OVER (ORDER BY "person_id") + 100) AS bsn FROM person;
CREATE TEMP TABLE town AS
SELECT "office", printf('%04d', dense_rank() OVER (ORDER BY "office") + 40) AS code
FROM (SELECT DISTINCT "office" FROM benefit_spell);
CREATE TEMP TABLE place AS
SELECT "person_id", min(code) AS code FROM benefit_spell JOIN town USING ("office") GROUP BY "person_id";
"""


def case(column: str, values: dict[str, str]) -> str:
    """A column with each value replaced."""
    whens = " ".join(f"WHEN '{a}' THEN '{b}'" for a, b in values.items())
    return f"CASE {column} {whens} END"


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    """The tables of a register of Parquet files, with the keys that a delivery gives them."""
    connection = duckdb.connect()
    for path in folder.glob("*.parquet"):
        connection.execute(f"CREATE TEMP VIEW {path.stem} AS SELECT * FROM '{path}'")
    connection.execute(_KEYS)
    connection.execute(f"""
        CREATE TEMP TABLE job AS
        SELECT bsn, "job_id", "start", least(coalesce("end", DATE '{PERIOD[1]}'), DATE '{PERIOD[1]}') AS "end",
            "hours_per_week" AS hours, round("monthly_wage") AS wage
        FROM job_spell JOIN key USING ("person_id")
        WHERE "start" <= DATE '{PERIOD[1]}' AND "hours_per_week" > 0 AND "monthly_wage" >= 50
            AND coalesce("end", "start") >= "start"
    """)
    return connection


def known(source: Path, folder: Path) -> Path:
    """The register that the layouts can tell at best, as Parquet."""
    connection = opened(source)
    folder.mkdir(parents=True)
    (folder / "register.toml").write_text(SETTINGS, "utf-8")
    tables = {
        "person": f"""
            SELECT bsn AS person_id, "birth_date", "sex", code AS region,
                {case(case('"household"', HOUSEHOLDS), HOUSEHOLD_NAMES)} AS household
            FROM person JOIN key USING ("person_id") JOIN place USING ("person_id")""",
        "benefit_spell": f"""
            SELECT code || '-' || "spell_id" || '-' || bsn || '-' || "start" AS spell_id, bsn AS person_id,
                {case('"scheme"', SCHEME_NAMES)} AS scheme, "start", "end",
                CASE WHEN "end" IS NOT NULL THEN {case('"end_reason"', END_NAMES)} END
                AS end_reason, code AS office, {_half("start")} AS known_on
            FROM benefit_spell JOIN key USING ("person_id") JOIN town USING ("office")""",
        "provision": f"""
            SELECT code || '-' || "provision_id" AS provision_id, bsn AS person_id, "instrument", "start", "end",
                CASE WHEN "end" IS NOT NULL THEN "dropped" END AS dropped, code AS office, {_half("start")} AS known_on
            FROM provision JOIN key USING ("person_id") JOIN town USING ("office") WHERE "start" IS NOT NULL""",
        "job_spell": """
            SELECT bsn AS person_id, "job_id", "start", "end", hours AS hours_per_week, wage AS monthly_wage
            FROM job""",
    }
    for name, query in tables.items():
        connection.execute(f"COPY ({query}) TO '{folder / f'{name}.parquet'}' (FORMAT parquet)")
    return folder


def deliver(source: Path, folder: Path, suffix: str = ".csv") -> Path:
    """The same in the layouts: reports of June and December, and a file of jobs a year."""
    connection = opened(source)
    folder.mkdir(parents=True)
    (folder / "register.toml").write_text(SETTINGS, "utf-8")
    (folder / "srg-own.toml").write_text(own_srg(), "utf-8")
    first = connection.execute('SELECT min(year("start")) FROM benefit_spell').fetchall()[0][0]
    for year in range(first, 2025):
        for month in (6, 12):
            if f"{year}-{month:02d}" > PERIOD[1]:
                continue
            report = f"DATE '{year}-{month}-{30 if month == 6 else 31}'"
            head = f"'{year}' AS STATISTIEKJAAR, '{month:02d}' AS STATISTIEKMAAND, code AS GEMEENTECODE, bsn AS BSN"
            person = f"""strftime("birth_date", '%Y%m%d') AS GEBOORTEDATUM, {case('"sex"', SEXES)} AS GESLACHT"""
            _write(connection, _bus(head, person, report), folder / f"BUS{year}{month:02d}{suffix}")
            _write(connection, _srg(head, person, report), folder / f"SRG{year}{month:02d}{suffix}")
    for year in range(2013, 2025):
        _write(connection, _spolis(year), folder / f"SPOLISBUS{year}V1{suffix}")
    return folder


def own_srg() -> str:
    """The shipped mapping as a user changes it: codes of four instruments more."""
    text = text_of("srg").replace(
        '"99" = "other"', "\n".join(f'"{code}" = "{name}"' for name, code in TYPES.items()) + '\n"99" = "other"'
    )
    tomllib.loads(text)
    return text


def _half(day: str) -> str:
    """The last day of the half year of a day: when it is reported first."""
    june, december = (f'make_date(year("{day}"), {last})' for last in ("6, 30", "12, 31"))
    return f'CASE WHEN month("{day}") <= 6 THEN {june} ELSE {december} END'


def _reported(report: str) -> str:
    """Begun by the day of the report, and not ended before the half year."""
    after = f"{report} - INTERVAL 6 MONTH - INTERVAL 1 DAY"
    return f"""("start" <= {report} AND coalesce("end", DATE '9999-12-31') > {after})"""


def _end(report: str) -> str:
    return f"""strftime(CASE WHEN "end" <= {report} THEN "end" END, '%Y%m%d')"""


def _bus(head: str, person: str, report: str) -> str:
    ended = f"""CASE WHEN "end" <= {report} THEN {case('"end_reason"', END_CODES)} END"""
    return f"""
        SELECT {head}, {person}, {case('"household"', HOUSEHOLDS)} AS LEEFVORM,
            "spell_id" AS REGISTRATIENUMMER_UITKERING,
            {case('"scheme"', SCHEME_CODES)} AS STATISTIEKCODE,
            strftime("start", '%Y%m%d') AS AANVANGSDATUM_UITKERING_PERSOON,
            {_end(report)} AS EINDDATUM_UITKERING_PERSOON,
            {ended} AS REDEN_BEEINDIGING
        FROM benefit_spell JOIN person USING ("person_id") JOIN key USING ("person_id") JOIN town USING ("office")
        WHERE {_reported(report)} ORDER BY bsn"""


def _srg(head: str, person: str, report: str) -> str:
    reason = f"""CASE WHEN "end" <= {report} THEN CASE "dropped" WHEN 'yes' THEN '2' ELSE '1' END END"""
    return f"""
        SELECT {head}, {person}, "provision_id" AS REGISTRATIENUMMER_VOORZIENING,
            {case('"instrument"', TYPES)} AS TYPE_VOORZIENING, strftime("start", '%Y%m%d') AS BEGINDATUM_VOORZIENING,
            {_end(report)} AS EINDDATUM_VOORZIENING, {reason} AS REDEN_EINDE
        FROM provision JOIN person USING ("person_id") JOIN key USING ("person_id") JOIN town USING ("office")
        WHERE {_reported(report)} ORDER BY "provision_id"
    """


def _spolis(year: int) -> str:
    """A row a job and month; every third job is told in two rows a month, as of who is paid by four weeks."""
    share = """(date_diff('day', first, last) + 1) / CAST(day(last_day(first)) AS DOUBLE)"""
    return f"""
        WITH month AS (
            SELECT CAST(m AS DATE) AS m
            FROM (SELECT unnest(generate_series(DATE '{year}-01-01', DATE '{year}-12-01', INTERVAL 1 MONTH)) AS m) AS x
        ), whole AS (
            SELECT *, greatest("start", m) AS first, least("end", last_day(m)) AS last
            FROM job JOIN month ON "start" <= last_day(m) AND "end" >= m
        ), split AS (
            SELECT * EXCLUDE (first, last), first, last FROM whole WHERE hash("job_id") % 3 > 0 OR last - first < 20
            UNION ALL BY NAME
            SELECT * EXCLUDE (first, last), first, first + 10 AS last FROM whole
            WHERE hash("job_id") % 3 = 0 AND last - first >= 20
            UNION ALL BY NAME
            SELECT * EXCLUDE (first, last), first + 11 AS first, last FROM whole
            WHERE hash("job_id") % 3 = 0 AND last - first >= 20
        )
        SELECT 'R' AS RINPERSOONS, bsn AS RINPERSOON, "job_id" AS IKVID, 'b1' AS SBEID,
            strftime(first, '%Y%m%d') AS SDATUMAANVANGIKO, strftime(last, '%Y%m%d') AS SDATUMEINDEIKO,
            round(wage * {share}, 2) AS SBASISLOON,
            round(hours * (date_diff('day', first, last) + 1) / 7, 2) AS SBASISUREN
        FROM split ORDER BY bsn, "job_id", first"""


def _write(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """One file, in the form that its name says."""
    found = connection.sql(query).to_arrow_table()
    if path.suffix == ".csv":
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT csv, HEADER, DELIMITER ';')")
    elif path.suffix == ".parquet":
        pq.write_table(found, path)
    else:
        write = pyreadstat.write_sav if path.suffix == ".sav" else pyreadstat.write_dta
        write(found.to_pandas(), str(path))
