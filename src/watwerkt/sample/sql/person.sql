-- What is known of the person and the spell, one row a drawn row.
SELECT
    d.row_id,
    p."birth_date",
    p."sex",
    p."education",
    p."region",
    p."household",
    s."scheme",
    s."office",
    s."entitlement_end"
FROM drawn AS d
JOIN "person" AS p ON p."person_id" = d."person_id"
JOIN "benefit_spell" AS s ON s."spell_id" = d."spell_id"
ORDER BY d.row_id;
