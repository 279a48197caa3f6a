-- Benefit spells of any scheme within the months followed.
SELECT
    c.row_id,
    s."start" AS first,
    CAST(least(coalesce(s."end", c.end_month), c.end_month) AS DATE) AS last
FROM chosen AS c
JOIN "benefit_spell" AS s ON s."person_id" = c.person_id
WHERE s."start" < c.end_month AND (s."end" IS NULL OR s."end" >= c.first_month)
ORDER BY c.row_id, first, last;
