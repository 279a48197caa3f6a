-- Jobs before the spell, for the months that Python adds up; ordered, so that the order of files changes nothing.
-- spell_number gives each spell of a drawn row its place, from 0.
SELECT n.number AS spell, j.first, j.last, j.wage, j."job_id"
FROM job_before AS j
JOIN spell_number AS n ON n.spell_row = j.spell_row
ORDER BY n.number, j.first, j.last, j.wage, j."job_id" NULLS LAST;
