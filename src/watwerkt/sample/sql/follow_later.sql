-- The day after time zero on which somebody of the comparison first starts anything that is compared.
SELECT c.row_id, f.zero AS day
FROM chosen AS c
JOIN compared AS f ON f."person_id" = c.person_id
WHERE c.arm = 0 AND f.zero > c.zero
ORDER BY c.row_id;
