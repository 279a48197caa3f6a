-- What DuckDB's SQL has and Spark writes in another way, as functions of this session alone.

-- A day from text, NULL where there is none: year-month-day with -, / or a blank between them, a time after it or not.
CREATE TEMPORARY FUNCTION try_date(given STRING) RETURNS DATE RETURN CASE
    WHEN given RLIKE r'^[0-9]{4}([-/ ])[0-9]{1,2}\1[0-9]{1,2}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]*)?)?)?$'
        AND NOT given LIKE '0000%'
    THEN try_cast(regexp_replace(given, r'^([0-9]{4}).([0-9]{1,2}).([0-9]{1,2}).*$', '$1-$2-$3') AS DATE)
END;

-- A number from text, NULL where there is none.
CREATE TEMPORARY FUNCTION try_number(given STRING) RETURNS DOUBLE RETURN CASE
    WHEN given RLIKE r'^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*$' THEN try_cast(given AS DOUBLE)
END;

-- A float as DuckDB writes it: 12500000.0 where Spark writes 1.25E7.
CREATE TEMPORARY FUNCTION number_text(given DOUBLE) RETURNS STRING RETURN CASE
    WHEN abs(given) < 1e15D AND given = floor(given) THEN CAST(CAST(given AS DECIMAL(20, 1)) AS STRING)
    ELSE CAST(given AS STRING)
END;

-- The whole number that up to fifteen hexadecimal digits write.
CREATE TEMPORARY FUNCTION hex_number(digits STRING) RETURNS BIGINT RETURN CAST(conv(digits, 16, 10) AS BIGINT);
