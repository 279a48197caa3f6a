-- Rows by reason and arm: person-months at risk, those of spells that may not enter included.
SELECT reason, arm, sum(n) AS n
FROM (
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
