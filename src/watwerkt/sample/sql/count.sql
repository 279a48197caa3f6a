-- Rows by reason and arm: person-months at risk, those of spells that may not enter included. Spells that break a rule
-- of the standard come first; one whose months cannot be counted, as it ends before it begins, is one row.
SELECT reason, arm, sum(n) AS n
FROM (
    SELECT reason, 0 AS arm, sum(n) AS n
    FROM (
        SELECT
            b.reason,
            greatest(1, count(*) FILTER (
                WHERE b."start" + e.u * INTERVAL '1' MONTH <= coalesce(b."end", g.last)
                  AND b."start" + e.u * INTERVAL '1' MONTH <= g.last
            )) AS n
        FROM (SELECT row_number() OVER (ORDER BY "start") AS number, * FROM "benefit_spell_set_aside") AS b
        CROSS JOIN elapsed AS e
        CROSS JOIN setting AS g
        GROUP BY b.number, b.reason
    ) AS broken
    GROUP BY reason
    UNION ALL
    SELECT s.reason, 0 AS arm, count(*) AS n
    FROM spell AS s
    CROSS JOIN elapsed AS e
    CROSS JOIN setting AS g
    WHERE s.reason <> ''
      AND s."start" + e.u * INTERVAL '1' MONTH <= coalesce(s."end", g.last)
      AND s."start" + e.u * INTERVAL '1' MONTH <= g.last
    GROUP BY s.reason
    UNION ALL
    SELECT c.reason, c.arm, count(*) AS n
    FROM clocked AS c
    GROUP BY c.reason, c.arm
) AS counted
GROUP BY reason, arm
ORDER BY reason, arm;
