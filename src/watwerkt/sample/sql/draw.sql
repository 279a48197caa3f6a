-- The rows that are used: everybody who starts, and of the others those whose own number lies below the rate
-- (rate_at = rate * 2^40). The key, person|first day of the spell|u, is the same in
-- every delivery of a register and sorts the rows, whatever the order of the files.
CREATE TEMP TABLE drawn AS
WITH chosen AS (
    SELECT
        s."person_id" || '|' || CAST(s."start" AS VARCHAR) || '|' || lpad(CAST(c.u AS VARCHAR), 3, '0') AS row_key,
        c.spell_row,
        s."person_id",
        s."spell_id",
        s."start",
        c.u,
        c.arm,
        c.first_day,
        c.zero
    FROM clocked AS c
    JOIN spell AS s ON s.spell_row = c.spell_row
    CROSS JOIN rate AS r
    WHERE c.reason = '' AND (c.arm > 0 OR c.drawn_at < r.rate_at)
)
SELECT row_number() OVER (ORDER BY row_key) - 1 AS row_id, chosen.*
FROM chosen;

-- Spells are numbered from 0 in the order of the drawn rows.
CREATE TEMP TABLE spell_number AS
SELECT spell_row, row_number() OVER (ORDER BY spell_row) - 1 AS number
FROM (SELECT DISTINCT spell_row FROM drawn) AS distinct_spell;
