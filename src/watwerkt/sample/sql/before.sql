-- Jobs as they stood on the eve of each spell, cut to the 24 months before it. What came later is cut away here, and
-- the table of jobs is dropped: nothing that draw runs after this can see an outcome.
CREATE TEMP TABLE job_before AS
WITH wanted AS (
    SELECT DISTINCT spell_row, "person_id", "start"
    FROM drawn
)
SELECT
    w.spell_row,
    CAST(greatest(j."start", w."start" - INTERVAL '24' MONTH) AS DATE) AS first,
    CAST(least(coalesce(j."end", w."start" - 1), w."start" - 1) AS DATE) AS last,
    coalesce(j."monthly_wage", 0) AS wage,
    j."job_id"
FROM wanted AS w
JOIN "job_spell" AS j ON j."person_id" = w."person_id"
WHERE j."start" < w."start" AND (j."end" IS NULL OR j."end" >= w."start" - INTERVAL '24' MONTH);
DROP TABLE "job_spell";
