-- Person-months at risk: one row a spell and elapsed month u that began while the spell ran, with its arm
-- (0 = no compared start in this month, -1 = one of which nobody knows the arm) and why it may not be used.
--
-- elapsed has u = 0 ... until - 1. drawn_at and offset_at are whole numbers from 0 to 2^40 - 1, made from person, spell,
-- month and seed alone: a row's draw does not depend on who else is in the register.
CREATE TEMP TABLE trial AS
WITH risk AS (
    SELECT
        s.spell_row,
        s."person_id",
        s."start",
        s."end",
        s.stretch,
        e.u,
        CAST(s."start" + e.u * INTERVAL '1' MONTH AS DATE) AS first_day,
        CAST(s."start" + (e.u + 1) * INTERVAL '1' MONTH AS DATE) AS next_first
    FROM spell AS s
    CROSS JOIN elapsed AS e
    WHERE s.reason = ''
),
hashed AS (
    SELECT
        r.*,
        c.zero AS start_zero,
        coalesce(c.two_arms, false) AS two_arms,
        n.since,
        CASE WHEN c.zero >= r.first_day AND c.zero < r.next_first THEN c.arm ELSE 0 END AS arm,
        sha256(r."person_id" || '|' || CAST(r."start" AS VARCHAR) || '|' || CAST(r.u AS VARCHAR) || '|' || g.seed) AS h
    FROM risk AS r
    CROSS JOIN setting AS g
    LEFT JOIN compared AS c ON c."person_id" = r."person_id"
    LEFT JOIN unregistered AS n ON n."person_id" = r."person_id"
    WHERE r.first_day <= coalesce(r."end", g.last) AND r.first_day <= g.last
)
SELECT
    h.spell_row,
    h.u,
    h.arm,
    h.first_day,
    h.next_first,
    h."end",
    h.stretch,
    CASE WHEN h.arm > 0 THEN h.start_zero END AS start_zero,
    CAST('0x' || substr(h.h, 1, 10) AS BIGINT) AS drawn_at,
    CAST('0x' || substr(h.h, 11, 10) AS BIGINT) AS offset_at,
    CASE
        WHEN h.start_zero < h.first_day THEN 'earlier_provision'
        WHEN h.since < h.next_first THEN 'not_registered'
        WHEN h.arm < 0 THEN 'arm_unknown'
        WHEN h.arm > 0 AND h.two_arms THEN 'other_arm_started'
        WHEN h.arm > 0 AND h.start_zero > h."end" THEN 'not_on_benefit'
        ELSE ''
    END AS reason
FROM hashed AS h;
