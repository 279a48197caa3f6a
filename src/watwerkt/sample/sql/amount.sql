-- The last amount of benefit and income from work in the spell, of a month before that of the first day of u.
SELECT row_id, amount, income
FROM (
    SELECT
        d.row_id,
        m."amount" AS amount,
        m."income_from_work" AS income,
        row_number() OVER (PARTITION BY d.row_id ORDER BY m."month" DESC, m."scheme" NULLS LAST) AS turn
    FROM drawn AS d
    JOIN "benefit_month" AS m ON m."person_id" = d."person_id"
    WHERE m."month" + INTERVAL '1' MONTH <= d.first_day AND m."month" + INTERVAL '1' MONTH > d."start"
) AS ordered
WHERE turn = 1
ORDER BY row_id;
