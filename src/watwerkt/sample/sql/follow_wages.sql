-- Jobs of the 24 months before the spell, for the previous wage.
SELECT
    c.row_id,
    CAST(greatest(j."start", c.spell_start - INTERVAL '24' MONTH) AS DATE) AS first,
    CAST(least(coalesce(j."end", c.spell_start - 1), c.spell_start - 1) AS DATE) AS last,
    coalesce(j."monthly_wage", 0) AS wage
FROM chosen AS c
JOIN "job_spell" AS j ON j."person_id" = c.person_id
WHERE j."start" < c.spell_start AND (j."end" IS NULL OR j."end" >= c.spell_start - INTERVAL '24' MONTH)
ORDER BY c.row_id, first, last, wage;
