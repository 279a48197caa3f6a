-- What each starter was offered: planned length in months (never the realised one), days from offer to start.
SELECT
    d.arm,
    CAST(date_diff('day', coalesce(v."start", v."offered"), v."planned_end") AS DOUBLE) / 30.4375 AS planned_months,
    date_diff('day', v."offered", v."start") AS wait_days,
    CASE WHEN v."offered" IS NOT NULL THEN CASE WHEN v."start" IS NULL THEN 1 ELSE 0 END END AS never_started
FROM drawn AS d
JOIN compared AS c ON c."person_id" = d."person_id"
JOIN "provision" AS v ON v."provision_id" = c."provision_id"
WHERE d.arm > 0
ORDER BY d.row_id;
