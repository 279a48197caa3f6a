-- What DuckDB's SQL has and PostgreSQL lacks, as functions of this session alone: they need the right to make temporary
-- objects, no other.

-- A day from text, NULL where there is none: year-month-day with -, / or a blank between them, a time after it or not.
CREATE FUNCTION pg_temp.try_date(given text) RETURNS date LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    part text[] := regexp_match(
        given, '^([0-9]{4})([-/ ])([0-9]{1,2})\2([0-9]{1,2})([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]*)?)?)?$'
    );
    month_first date;
BEGIN
    IF part IS NULL OR part[1] = '0000' OR part[3]::int NOT BETWEEN 1 AND 12 OR part[4]::int < 1 THEN
        RETURN NULL;
    END IF;
    month_first := make_date(part[1]::int, part[3]::int, 1);
    IF part[4]::int > extract(day FROM month_first + interval '1 month' - interval '1 day') THEN
        RETURN NULL;
    END IF;
    RETURN month_first + part[4]::int - 1;
END
$$;

-- A number from text, NULL where there is none or it has no end.
CREATE FUNCTION pg_temp.try_number(given text) RETURNS double precision LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF given ~ '^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*$' THEN
        RETURN CAST(given AS double precision);
    END IF;
    RETURN NULL;
EXCEPTION WHEN numeric_value_out_of_range THEN
    RETURN CASE WHEN given ~ '[eE]-' THEN 0 END;
END
$$;

-- A float as DuckDB writes it: 2500.0 where PostgreSQL writes 2500.
CREATE FUNCTION pg_temp.number_text(given double precision) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN abs($1) < 1e15 AND $1 = trunc($1) THEN CAST(CAST($1 AS numeric(20, 1)) AS text)
        ELSE CAST($1 AS text)
    END
$$;

-- The whole number that up to fifteen hexadecimal digits write.
CREATE FUNCTION pg_temp.hex_number(digits text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CAST(CAST('x' || lpad($1, 16, '0') AS bit(64)) AS bigint)
$$;

CREATE FUNCTION pg_temp.keep_three(kept text[], one text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(every.t ORDER BY every.t)
    FROM (SELECT u.t FROM unnest($1 || $2) AS u(t) WHERE u.t IS NOT NULL ORDER BY u.t COLLATE "C" LIMIT 3) AS every
$$;

-- The three smallest texts.
CREATE AGGREGATE pg_temp.least_three(text) (SFUNC = pg_temp.keep_three, STYPE = text[], INITCOND = '{}');
