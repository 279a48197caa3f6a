-- From which day on nobody knows what a person was offered: the first day that one of their spells runs in an office and
-- period of which register.toml says that a compared instrument was not registered well.
--
-- unfit has what was declared: office (NULL = every), instrument (NULL = every), first and last day.
CREATE TEMP TABLE unregistered AS
WITH compared_kind AS (
    SELECT DISTINCT v."instrument" AS instrument
    FROM arm_of AS a
    JOIN "provision" AS v ON v."provision_id" = a.provision_id
),
concerned AS (
    SELECT DISTINCT q.office, q.first, q.last
    FROM unfit AS q
    LEFT JOIN compared_kind AS k ON k.instrument = q.instrument
    WHERE q.instrument IS NULL OR k.instrument IS NOT NULL
)
SELECT s."person_id", CAST(min(greatest(s."start", q.first)) AS DATE) AS since
FROM "benefit_spell" AS s
CROSS JOIN setting AS g
JOIN concerned AS q
    ON s."start" <= q.last
    AND coalesce(s."end", g.last) >= q.first
    AND (q.office IS NULL OR q.office = s."office")
GROUP BY s."person_id";
