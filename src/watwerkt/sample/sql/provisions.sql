-- Provisions of any kind that were offered or started before the first day of u, counted by instrument.
SELECT d.row_id, coalesce(v."instrument", 'unknown') AS kind, count(*) AS n
FROM drawn AS d
JOIN "provision" AS v ON v."person_id" = d."person_id"
WHERE coalesce(v."offered", v."start") < d.first_day
  AND (v."known_on" IS NULL OR v."known_on" < d.first_day)
GROUP BY d.row_id, coalesce(v."instrument", 'unknown')
ORDER BY d.row_id, kind;
