-- The last measurement of each kind before the first day of u.
SELECT row_id, measure, value
FROM (
    SELECT
        d.row_id,
        m."measure" AS measure,
        m."value" AS value,
        row_number() OVER (
            PARTITION BY d.row_id, m."measure" ORDER BY m."date" DESC, m."value" DESC
        ) AS turn
    FROM drawn AS d
    JOIN "measurement" AS m ON m."person_id" = d."person_id"
    WHERE m."date" < d.first_day
) AS ordered
WHERE turn = 1
ORDER BY row_id, measure;
