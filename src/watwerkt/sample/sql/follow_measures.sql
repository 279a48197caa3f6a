-- Measurements after time zero; Python takes the one nearest to each month.
SELECT c.row_id, m."measure" AS measure, m."date" AS day, m."value" AS value
FROM chosen AS c
JOIN "measurement" AS m ON m."person_id" = c.person_id
WHERE m."date" > c.zero
ORDER BY c.row_id, measure, day, value;
