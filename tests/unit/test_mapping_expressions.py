"""A plain expression gives what it says, or says what is wrong with it."""

from __future__ import annotations

import re
from datetime import date

import duckdb
import pytest

from watwerkt.register.mapping.expressions import FUNCTIONS, SPECIAL, Codes, Context, Mistake, compiled

CODES = {"kind": Codes("kind", (("01", "training"), ("2", "coaching"), ("X", "")))}


def value(text: str, kind: str | None = None, context: Context | None = None, csv: bool = True, **row: str | None):
    """What an expression gives for one row of a file."""
    found = compiled(text, context or Context(None, CODES), kind)
    columns = "".join(f', CAST(? AS VARCHAR) AS "{name.upper()}"' for name in row)
    query = f'SELECT {found.sql} FROM (SELECT {str(csv).lower()} AS ":csv"{columns}) AS r'
    return duckdb.execute(query, list(row.values())).fetchone()[0]


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("a || '-' || b", "2-3"),
        ("number(a) + b * 2", 8.0),
        ("(number(a) + b) * 2", 10.0),
        ("-number(a)", -2.0),
        ("a / 0", None),
        ("pad(a, 3)", "002"),
        ("pad('1234', 3)", "1234"),
        ("left('abc', 2) || right('abc', 1) || upper('x') || lower('Y') || trim(' z ')", "abcXyz"),
        ("day('31')", Mistake),
        ("text(day('x'))", Mistake),
        ("when(a = '2' and not b <> '3', 'yes', 'no')", "yes"),
        ("when(a is empty or c is not empty, 'yes', 'no')", "no"),
        ("when(number(a) < b, a, b)", "2"),
        ("a in ('1', '2')", True),
        ("a not in (1, 3)", True),
        ("c = 'x'", False),
        ("c <> 'x'", True),
        ("not c = 'x'", True),
        ("c in ('x')", False),
        ("first(c, b)", "3"),
        ("first(number(c), 7)", 7.0),
        ("nothing(a, '2', '9')", None),
        ("round(number(a) / 3, 2)", 0.67),
        ("'it''s'", "it's"),
        ('"A" || "b"', "23"),
        ("text(number(a))", "2.0"),
    ],
)
def test_an_expression_gives(text: str, gives: object) -> None:
    """Columns in any case; two truths, not three; division by nothing is nothing."""
    if gives is Mistake:
        with pytest.raises(Mistake):
            value(text, a="2", b="3", c=None)
    else:
        assert value(text, a="2", b="3", c=None) == gives


@pytest.mark.parametrize(
    ("written", "dates", "gives"),
    [
        ("2019-12-31", "", date(2019, 12, 31)),
        ("20191231", "", date(2019, 12, 31)),
        ("2019-12-31 00:00:00", "", date(2019, 12, 31)),
        ("2019-02-30", "", None),
        ("20191301", "", None),
        ("31-12-2019", "", None),
        ("31-12-2019", "dd-mm-yyyy", date(2019, 12, 31)),
        ("1-2-2019", "dd-mm-yyyy", date(2019, 2, 1)),
        ("31/12/2019", "dd/mm/yyyy", date(2019, 12, 31)),
        ("12/31/2019", "mm/dd/yyyy", date(2019, 12, 31)),
        ("2019-12-31", "dd-mm-yyyy", date(2019, 12, 31)),
        ("2019", "", None),
    ],
)
def test_a_day_is_read_as_it_is_written(written: str, dates: str, gives: date | None) -> None:
    """ISO, eight digits, and what the mapping says besides; anything else is empty and remembered as unreadable."""
    context = Context(None, {}, ".", dates)
    (reading,) = compiled("day(a)", context, "date").readings

    assert value("day(a)", "date", context, a=written) == gives
    assert duckdb.execute(f'SELECT {reading.failed} FROM (SELECT ? AS "A")', [written]).fetchone()[0] == (gives is None)


@pytest.mark.parametrize(
    ("written", "decimal", "csv", "gives"),
    [
        ("1234.50", ".", True, 1234.5),
        ("1,5", ".", True, None),
        ("1.234,50", ",", True, 1234.5),
        ("1234,5", ",", True, 1234.5),
        ("-7", ",", True, -7.0),
        ("1.5", ",", True, None),  # a thousand or a half: nobody knows
        ("1.5", ",", False, 1.5),  # SPSS and Parquet have no decimal comma
        ("1e3", ".", True, 1000.0),
        ("nan", ".", True, None),
        ("inf", ".", True, None),
        ("12 euro", ".", True, None),
    ],
)
def test_a_number_is_read_as_it_is_written(written: str, decimal: str, csv: bool, gives: float | None) -> None:
    """A decimal comma only where the mapping says so, and only in text files."""
    assert value("number(a)", "number", Context(None, {}, decimal), csv, a=written) == gives


@pytest.mark.parametrize(
    ("code", "gives"), [("01", "training"), ("1", "training"), ("02", "coaching"), ("X", None), ("3", None)]
)
def test_a_code_is_known_without_its_zeros(code: str, gives: str | None) -> None:
    """A spreadsheet makes 1 of 01; only a code that is not in the list is strange."""
    (looked,) = compiled("code(a, 'kind')", Context(None, CODES)).looked
    strange = duckdb.execute(f'SELECT {looked.strange} FROM (SELECT ? AS "A")', [code]).fetchone()[0]

    assert value("code(a, 'kind')", a=code) == gives
    assert strange == (code == "3")


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("20190101", "20190131", 1),
        ("20190201", "20190228", 1),
        ("20190101", "20191231", 12),
        ("20190101", "20190115", 15 / 31),
        ("20190115", "20190214", 17 / 31 + 14 / 28),
    ],
)
def test_a_part_of_a_month_counts_by_its_days(start: str, end: str, months: float) -> None:
    """A whole month is one, whatever its length; parts add up."""
    assert value("months(day(a), day(b))", a=start, b=end) == pytest.approx(months, abs=1e-12)
    assert value("days(day(a), day(b))", a=start, b=end) > 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a +", "it stops halfway"),
        ("a b", "something else is expected before 'b'"),
        ("(a", "')' is expected before 'the end'"),
        ("a ; b", "'; b' cannot be read"),
        ("dy(a)", "there is no 'dy(…)'; closest: 'day'"),
        ("read_csv('x')", "there is no 'read_csv(…)'"),
        ("code(a, 'knd')", "there is no code list 'knd'; closest: 'kind'"),
        ("code(a)", "takes a value and the name of a code list"),
        ("days(a)", "days(…) takes 2 values, not 1"),
        ("'x' + 1", "it gives text where a number is needed"),
        ("first(day(a), 'x')", "it mixes"),
        ("a < b", "text has no order"),
        ("when(a, b)", "takes a yes or no and two values"),
        ("a and b", "it gives a value where a yes or no is needed"),
        ("day(a) || 'x'", "it gives a day where text is needed"),
        ("", "it stops halfway"),
        ("(SELECT 1)", "')' is expected before '1'"),
    ],
)
def test_a_mistake_is_told(text: str, says: str) -> None:
    """In words about the expression, never of the engine."""
    with pytest.raises(Mistake, match=re.escape(says)):
        value(text, a="1", b="2")


def test_a_column_that_is_not_there_after_folding() -> None:
    """Where the columns are known, a wrong name is told with the closest."""
    with pytest.raises(Mistake, match="there is no column 'payd'; closest: 'paid'"):
        compiled("payd / 2", Context({"paid": "number"}))


def test_every_function_is_explained() -> None:
    """The page of the mapping lists them from here."""
    assert all(function.means for function in FUNCTIONS.values())
    assert all(name in means for name, means in SPECIAL.items())
