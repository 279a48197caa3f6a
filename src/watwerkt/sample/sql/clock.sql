-- Time zero of every row. Those who start: the day of their offer or start. Those who do not: the same clock, down to
-- the day, on a day of the month drawn from the days on which others started in the same elapsed month (Lechner's
-- simulated start dates); they must still be on benefit that day, as the starters were on theirs.
--
-- covered_month has the months (year * 12 + month - 1) whose whole horizon the register covers, by stretch without a
-- gap: the one that covers the two years before the spell must reach to the end of the horizon.
CREATE TEMP TABLE clocked AS
WITH start_day AS (
    SELECT
        t.u,
        CAST(date_diff('day', t.first_day, t.start_zero) AS INTEGER) AS days,
        row_number() OVER (PARTITION BY t.u ORDER BY date_diff('day', t.first_day, t.start_zero)) - 1 AS position
    FROM trial AS t
    JOIN covered_month AS c
        ON c.stretch = t.stretch
        AND c.month = extract(year FROM t.start_zero) * 12 + extract(month FROM t.start_zero) - 1
    WHERE t.arm > 0 AND t.reason = ''
),
starters AS (
    SELECT u, count(*) AS n
    FROM start_day
    GROUP BY u
),
placed AS (
    SELECT
        t.spell_row,
        t.u,
        t.arm,
        t.first_day,
        t."end",
        t.stretch,
        t.drawn_at,
        t.reason,
        n.n IS NULL AS nobody_starts,
        CASE
            WHEN t.arm > 0 THEN t.start_zero
            ELSE CAST(least(t.first_day + d.days, t.next_first - 1) AS DATE)
        END AS zero
    FROM trial AS t
    LEFT JOIN starters AS n ON n.u = t.u
    LEFT JOIN start_day AS d ON d.u = t.u AND d.position = t.offset_at % n.n
)
SELECT
    p.spell_row,
    p.u,
    p.arm,
    p.first_day,
    p.zero,
    p.drawn_at,
    CASE
        WHEN p.reason <> '' THEN p.reason
        WHEN p.arm = 0 AND p.nobody_starts THEN 'no_start_in_month'
        WHEN p.zero > p."end" AND (p.arm > 0 OR NOT g.keeps_leavers) THEN 'not_on_benefit'
        WHEN c.month IS NULL THEN 'not_covered'
        ELSE ''
    END AS reason
FROM placed AS p
CROSS JOIN setting AS g
LEFT JOIN covered_month AS c
    ON c.stretch = p.stretch AND c.month = extract(year FROM p.zero) * 12 + extract(month FROM p.zero) - 1;
