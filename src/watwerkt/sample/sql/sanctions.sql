-- Sanctions and warnings decided before the first day of u, counted by kind.
SELECT d.row_id, coalesce(x."kind", 'unknown') AS kind, count(*) AS n
FROM drawn AS d
JOIN "sanction" AS x ON x."person_id" = d."person_id"
WHERE x."decided" < d.first_day
GROUP BY d.row_id, coalesce(x."kind", 'unknown')
ORDER BY d.row_id, kind;
