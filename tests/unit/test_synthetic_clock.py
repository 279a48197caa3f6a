"""The clock of invented worlds counts as SQL counts."""

from datetime import date

import duckdb
import numpy as np

from watwerkt.synthetic.clock import MONTH, add_months, dates, day, first_of, month_of
from watwerkt.synthetic.law import Profile


def test_a_month_later_is_the_same_day_or_the_last_of_the_month() -> None:
    """Anniversaries clamp as DuckDB's intervals do, also in leap years and over the end of a year."""
    starts = np.arange(day(date(2019, 1, 1)), day(date(2020, 12, 31)) + 1)
    rows = duckdb.sql(
        "SELECT CAST(d + m * INTERVAL 1 MONTH AS DATE) FROM range(DATE '2019-01-01', DATE '2021-01-01', INTERVAL 1 DAY)"
        " AS t(d), range(-14, 15) AS s(m) ORDER BY m, d"
    ).fetchnumpy()
    expected = next(iter(rows.values())).astype("datetime64[D]")

    actual = np.concatenate([dates(add_months(starts, m)) for m in range(-14, 15)])

    assert (expected == actual).all()


def test_days_and_months_go_there_and_back() -> None:
    """The first day of a day's month is in that month, and not after the day."""
    days = np.arange(day(date(2013, 1, 1)), day(date(2024, 6, 30)))

    assert (month_of(first_of(month_of(days))) == month_of(days)).all()
    assert (first_of(month_of(days)) <= days).all()
    assert (first_of(month_of(days) + 1) > days).all()


def test_a_profile_is_its_own_inverse() -> None:
    """The day on which a cumulative rate comes to what it is on a day is that day; the last rate lasts."""
    profile = Profile.of((0.2, 0.1, 0.05))
    days = np.array([0.0, 10.0, MONTH, 2.5 * MONTH, 40 * MONTH])

    assert np.allclose(profile.when(profile.upto(days)), days)
    assert np.isclose(profile.upto(np.array([4 * MONTH]))[0], 0.2 + 0.1 + 0.05 + 0.05)
