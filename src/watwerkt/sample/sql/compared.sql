-- Each person's first provision that the question compares, by the day on which it was offered; where no offer is
-- recorded, by its start. arm_of is compiled from the question: provision_id, arm (1, 2, ... in declared order;
-- -1 where the arm is not known).
CREATE TEMP TABLE compared AS
WITH dated AS (
    SELECT
        v."person_id",
        v."provision_id",
        a.arm,
        coalesce(v."offered", v."start") AS zero
    FROM arm_of AS a
    JOIN "provision" AS v ON v."provision_id" = a.provision_id
),
turned AS (
    SELECT
        d.*,
        row_number() OVER (PARTITION BY d."person_id" ORDER BY d.zero, d.arm, d."provision_id") AS turn,
        min(d.arm) OVER (PARTITION BY d."person_id", d.zero)
        <> max(d.arm) OVER (PARTITION BY d."person_id", d.zero) AS two_arms
    FROM dated AS d
)
SELECT "person_id", "provision_id", arm, zero, two_arms
FROM turned
WHERE turn = 1;
