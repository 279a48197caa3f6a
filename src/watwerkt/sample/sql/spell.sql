-- Benefit spells, and why one may not enter: reason is empty where it may.
--
-- setting has one row:  age_from, age_to (completed years on the first day, inclusive), entry_from, entry_to,
--                       last (last day that the register covers), seed, keeps_leavers (false, but for one
--                       test of a broken clock)
-- wanted_scheme         the schemes of the question; no row = every scheme
-- stretch               number, first and last day of each period that the register covers without a gap
CREATE TEMP TABLE spell AS
WITH aged AS (
    SELECT
        s.*,
        p."birth_date",
        extract(year FROM s."start") - extract(year FROM p."birth_date")
        - CASE
            WHEN extract(month FROM s."start") * 100 + extract(day FROM s."start")
               < extract(month FROM p."birth_date") * 100 + extract(day FROM p."birth_date") THEN 1
            ELSE 0
          END AS age_at_start
    FROM "benefit_spell" AS s
    JOIN "person" AS p ON p."person_id" = s."person_id"
),
marked AS (
    SELECT
        a.*,
        ((SELECT count(*) FROM wanted_scheme) = 0 OR a."scheme" IN (SELECT scheme FROM wanted_scheme))
        AND (g.age_from IS NULL OR coalesce(a.age_at_start BETWEEN g.age_from AND g.age_to, false))
        AND (g.entry_from IS NULL OR a."start" BETWEEN g.entry_from AND g.entry_to) AS wanted
    FROM aged AS a
    CROSS JOIN setting AS g
),
-- A spell that begins while an earlier one of the same person still runs would count its months twice.
ordered AS (
    SELECT
        m.*,
        max(coalesce(m."end", DATE '9999-12-31')) OVER (
            PARTITION BY m."person_id", m.wanted ORDER BY m."start", m."spell_id"
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS busy_until
    FROM marked AS m
)
SELECT
    row_number() OVER (ORDER BY o."person_id", o."start", o."spell_id") - 1 AS spell_row,
    o."spell_id",
    o."person_id",
    o."start",
    o."end",
    c.stretch,
    CASE
        WHEN NOT o.wanted THEN 'not_in_population'
        WHEN o.busy_until >= o."start" THEN 'overlapping'
        WHEN c.stretch IS NULL THEN 'history_not_covered'
        ELSE ''
    END AS reason
FROM ordered AS o
LEFT JOIN stretch AS c ON c.first <= o."start" - INTERVAL '24' MONTH AND c.last >= o."start";
