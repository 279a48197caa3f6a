-- Jobs of the drawn people within the months they are followed: joined by person, cut to months in Python.
-- chosen: row_id, person_id, first_month (first day of the month of time zero), end_month (day after the last month).
SELECT
    c.row_id,
    j."start" AS first,
    CAST(least(coalesce(j."end", c.end_month), c.end_month) AS DATE) AS last,
    coalesce(j."monthly_wage", 0) AS wage
FROM chosen AS c
JOIN "job_spell" AS j ON j."person_id" = c.person_id
WHERE j."start" < c.end_month AND (j."end" IS NULL OR j."end" >= c.first_month)
ORDER BY c.row_id, first, last, wage;
