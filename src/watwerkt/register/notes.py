"""What stands out in a register and is no broken rule: one query each on its cleaned tables, counted, never mended.

Nothing here sets a row aside. What the sample does with each stands in docs/decisions/0051.
"""

from __future__ import annotations

from dataclasses import dataclass

from watwerkt.dossier import Note
from watwerkt.register.database import Database
from watwerkt.register.files import quoted
from watwerkt.register.read import Register
from watwerkt.register.tables import TABLES

# A spell or provision that the service knew of this many days after it began was registered afterwards.
_LATE = 90
# Nobody registers these of a person: what they say holds whenever it was written down.
_NOT_REGISTERED = ("instrument", "policy_change")
# An office shows a rate only with so many spells; it stands out below this share of the middle office, by so many
# standard errors of a count. A month stands out where the six around it hold so many provisions each.
_SPELLS, _SHARE, _ERRORS, _A_MONTH = 50, 0.65, 4, 10
# An office's code appears, or disappears, if this many days of the register's spells lie before its first or after its
# last one.
_DAYS = 180


@dataclass(frozen=True)
class Look:
    """One thing to look for: its id, the table it is about, the columns it takes by table, and two queries.

    ``found`` has one row, ``key``, for each one; ``of`` is one number, of how many; ``unit``: rows, offices or months.
    """

    id: str
    table: str
    takes: tuple[tuple[str, tuple[str, ...]], ...]
    found: str
    of: str = ""
    unit: str = "rows"


_LATE_SPELL = f'SELECT "spell_id" AS key FROM "benefit_spell" WHERE "known_on" > "start" + {_LATE}'
_LATE_PROVISION = (
    f'SELECT "provision_id" AS key FROM "provision" WHERE "known_on" > coalesce("offered", "start") + {_LATE}'
)
_ENDS_WITH_SPELL = """
SELECT DISTINCT v."provision_id" AS key
FROM "provision" AS v
JOIN "benefit_spell" AS b ON b."person_id" = v."person_id" AND b."end" = v."end"
WHERE v."start" >= b."start"
"""
_OVERLAPPING = """
SELECT "person_id" AS key
FROM (
    SELECT "person_id", "start", max(coalesce("end", DATE '9999-12-31')) OVER (
        PARTITION BY "person_id" ORDER BY "start", "end", "job_id"
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS busy_until
    FROM "job_spell"
) AS ordered
WHERE busy_until >= "start"
"""
_NO_FORM = """
SELECT DISTINCT b."spell_id" AS key
FROM "benefit_spell" AS b
JOIN "job_spell" AS j ON j."person_id" = b."person_id" AND j."start" BETWEEN b."end" - 31 AND b."end" + 31
WHERE b."end_reason" = 'no_income_form'
"""
_BY_OFFICE = f"""
WITH office AS (
    SELECT "office", count(*) AS spells
    FROM "benefit_spell"
    WHERE "office" IS NOT NULL
    GROUP BY "office"
    HAVING count(*) >= {_SPELLS}
),
counted AS (
    SELECT o."office", o.spells, k."instrument", count(DISTINCT v."provision_id") AS n
    FROM office AS o
    CROSS JOIN (SELECT DISTINCT "instrument" FROM "provision" WHERE "instrument" IS NOT NULL) AS k
    JOIN "benefit_spell" AS b ON b."office" = o."office"
    LEFT JOIN "provision" AS v
        ON v."person_id" = b."person_id"
        AND v."instrument" = k."instrument"
        AND coalesce(v."offered", v."start") BETWEEN b."start" AND coalesce(b."end", DATE '9999-12-31')
    GROUP BY o."office", o.spells, k."instrument"
),
"""
_FEW = (
    _BY_OFFICE
    + f"""
expected AS (
    SELECT "office", "instrument", n, spells * median(n / spells) OVER (PARTITION BY "instrument") AS usual
    FROM counted
)
SELECT "office" || '|' || "instrument" AS key
FROM expected
WHERE n < {_SHARE} * usual AND usual - n > {_ERRORS} * sqrt(usual)
"""
)
_MONTHS = """
WITH counted AS (
    SELECT "office", date_trunc('month', coalesce("offered", "start")) AS month, count(*) AS n
    FROM "provision"
    WHERE "office" IS NOT NULL
    GROUP BY "office", month
),
ends AS (
    SELECT "office", min(month) AS first, max(month) AS last
    FROM counted
    GROUP BY "office"
),
every AS (
    SELECT e."office", m.month, coalesce(c.n, 0) AS n
    FROM ends AS e
    JOIN (SELECT unnest(generate_series(min(first), max(last), INTERVAL '1' MONTH)) AS month FROM ends) AS m
        ON m.month BETWEEN e.first AND e.last
    LEFT JOIN counted AS c ON c."office" = e."office" AND c.month = m.month
)
"""
_EMPTY = (
    _MONTHS
    + f"""
SELECT "office" || '|' || strftime(month, '%Y-%m') AS key
FROM (
    SELECT *, avg(n) OVER (
        PARTITION BY "office" ORDER BY month ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING EXCLUDE CURRENT ROW
    ) AS around
    FROM every
) AS seen
WHERE n = 0 AND around >= {_A_MONTH}
"""
)
_CODES = f"""
SELECT "office" AS key
FROM (
    SELECT "office", count(*) AS n, min("start") AS first, max("start") AS last
    FROM "benefit_spell"
    WHERE "office" IS NOT NULL
    GROUP BY "office"
) AS o
CROSS JOIN (SELECT min("start") AS first, max("start") AS last FROM "benefit_spell") AS whole
WHERE o.n >= {_SPELLS} AND (o.first > whole.first + {_DAYS} OR o.last < whole.last - {_DAYS})
"""
_OFFICES = f'SELECT count(*) FROM (SELECT 1 FROM "benefit_spell" GROUP BY "office" HAVING count(*) >= {_SPELLS}) AS o'
_SPELL, _JOB = ("benefit_spell", ("start", "end")), ("job_spell", ("start", "end"))

LOOKS: tuple[Look, ...] = (
    Look("known_late", "benefit_spell", (("benefit_spell", ("known_on",)),), _LATE_SPELL),
    Look("no_income_form", "benefit_spell", (("benefit_spell", ("end", "end_reason")), _JOB), _NO_FORM),
    Look("office_code_changes", "benefit_spell", (("benefit_spell", ("office",)),), _CODES, _OFFICES, "offices"),
    Look("overlapping_jobs", "job_spell", (_JOB,), _OVERLAPPING),
    Look(
        "no_planned_end",
        "provision",
        (("provision", ("planned_end",)),),
        'SELECT "provision_id" AS key FROM "provision" WHERE "planned_end" IS NULL',
    ),
    Look("ends_with_spell", "provision", (("provision", ("start", "end")), _SPELL), _ENDS_WITH_SPELL),
    Look(
        "never_started",
        "provision",
        (("provision", ("offered", "start")),),
        'SELECT "provision_id" AS key FROM "provision" WHERE "start" IS NULL',
    ),
    Look("known_late", "provision", (("provision", ("known_on",)),), _LATE_PROVISION),
    Look(
        "few_for_office",
        "provision",
        (("provision", ("instrument",)), ("benefit_spell", ("office",))),
        _FEW,
        f"{_BY_OFFICE} pairs AS (SELECT count(*) AS n FROM counted) SELECT n FROM pairs",
        "offices",
    ),
    Look(
        "empty_month",
        "provision",
        (("provision", ("office",)),),
        _EMPTY,
        f"{_MONTHS} SELECT count(*) FROM every",
        "months",
    ),
    Look(
        "reversed_sanction",
        "sanction",
        (("sanction", ("reversed_on",)),),
        'SELECT "sanction_id" AS key FROM "sanction" WHERE "reversed_on" IS NOT NULL',
    ),
)


def notes(register: Register) -> tuple[Note, ...]:
    """Everything of LOOKS that the register's tables allow to look for and that is found, in the order of LOOKS."""
    able = [look for look in LOOKS if _can(register, look)]
    needed = {table for look in able for table in (look.table, *(table for table, _ in look.takes))}
    with register.connect(*needed) as connection:
        looked = [_look(connection, look) for look in able]
    return tuple(note for note in (*looked, *_by_dates(register)) if note.found)


def _by_dates(register: Register) -> tuple[Note, ...]:
    """Of a register as known on a day: rows of which nobody noted when they became known, by table.

    Where such a row was registered or mended later, that cannot be taken back; its own dates can.
    """
    if register.as_of is None or register.as_of.known_on is None:
        return ()
    tables = [source.table.name for source in register.sources if source.table.name not in _NOT_REGISTERED]
    with register.connect(*tables) as connection:
        found = []
        for name in tables:
            dated = 'count("known_on")' if "known_on" in TABLES[name].names else "0"
            rows = connection.execute(f"SELECT count(*) - {dated}, count(*) FROM {quoted(name)}").fetchone() or (0, 0)
            found.append(Note(name, "by_dates_only", int(rows[0]), int(rows[1])))
    return tuple(found)


def _can(register: Register, look: Look) -> bool:
    """Whether the tables and columns are there."""
    if register.source(look.table) is None:
        return False
    for table, columns in look.takes:
        source = register.source(table)
        if source is None or not set(columns) <= set(source.types):
            return False
    return True


def _look(connection: Database, look: Look) -> Note:
    """One thing, counted, with up to three keys."""
    query = f"SELECT count(*), min(key, 3) FROM ({look.found}) AS found"
    found, keys = connection.execute(query).fetchone() or (0, None)
    of = look.of or f"SELECT count(*) FROM {quoted(look.table)}"
    total = connection.execute(of).fetchone() or (0,)
    return Note(look.table, look.id, int(found), int(total[0]), look.unit, tuple(map(str, keys or ())))
