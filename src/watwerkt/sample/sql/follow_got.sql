-- The first day after time zero on which somebody of the comparison starts each arm (-1, not known which, is none).
SELECT
    c.row_id,
    a.arm,
    min(coalesce(v."offered", v."start")) AS day
FROM chosen AS c
JOIN "provision" AS v ON v."person_id" = c.person_id
JOIN arm_of AS a ON a.provision_id = v."provision_id"
WHERE c.arm = 0 AND a.arm > 0 AND coalesce(v."offered", v."start") > c.zero
GROUP BY c.row_id, a.arm
ORDER BY c.row_id, a.arm;
