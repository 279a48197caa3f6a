"""Days added up to months: whole numbers, by hand."""

from __future__ import annotations

import numpy as np

from watwerkt.sample.history import history, wage_rate
from watwerkt.sample.months import add_up, bounds_before, calendar_bounds, covers, merged, pieces


def days(*texts):
    """Days of ISO texts."""
    return np.array(texts, dtype="datetime64[D]")


def spells(*rows):
    """Pieces of (row, first, last, wage)."""
    row, first, last, wage = zip(*rows, strict=True)
    return pieces(np.array(row), days(*first), days(*last), np.array(wage, dtype=np.float64))


def test_calendar_months_begin_on_their_first_day():
    """Month 0 is the calendar month of time zero, whatever its day."""
    bounds = calendar_bounds(days("2018-01-31"), 2).astype("datetime64[D]")

    assert bounds.astype(str).tolist() == [["2018-01-01", "2018-02-01", "2018-03-01"]]


def test_months_before_a_day_keep_its_day_of_the_month():
    """The 31st becomes the last day where a month is shorter, as SQL counts."""
    bounds = bounds_before(days("2018-03-31", "2018-03-15"), 2).astype("datetime64[D]").astype(str)

    assert bounds.tolist() == [["2018-01-31", "2018-02-28", "2018-03-31"], ["2018-01-15", "2018-02-15", "2018-03-15"]]


def test_a_month_is_paid_by_the_days_it_covers():
    """Ten of 31 days of January, all of February, one day of March."""
    added = add_up(spells((0, "2018-01-22", "2018-03-01", 310.0)), calendar_bounds(days("2018-01-05"), 4))

    assert added.worked.tolist() == [[True, True, True, False]]
    assert (added.cent_days / 100).tolist() == [[3100.0, 310.0 * 28, 310.0, 0.0]]


def test_two_jobs_at_once_add_their_pay_and_not_their_days():
    """Earnings are summed over jobs; a month with work counts once."""
    jobs = spells((1, "2018-01-01", "2018-01-31", 1000.0), (1, "2018-01-10", "2018-02-10", 500.0))
    added = add_up(jobs, calendar_bounds(days("2018-01-05", "2018-01-05"), 2))

    assert added.worked.tolist() == [[False, False], [True, True]]
    assert (added.cent_days[1] / 100).tolist() == [31 * 1000.0 + 22 * 500.0, 10 * 500.0]


def test_pieces_outside_the_months_count_for_nothing():
    """Before the first and after the last month nobody looks."""
    jobs = spells((0, "2017-01-01", "2017-12-31", 1.0), (0, "2018-03-01", "2019-01-01", 1.0))

    assert not add_up(jobs, calendar_bounds(days("2018-01-05"), 2)).worked.any()


def test_overlapping_pieces_merge_within_a_row_only():
    """Two overlapping jobs and one that touches become one stretch; another row keeps its own."""
    jobs = spells(
        (0, "2018-01-01", "2018-01-10", 1.0),
        (0, "2018-01-05", "2018-01-08", 1.0),
        (0, "2018-01-11", "2018-01-12", 1.0),
        (0, "2018-02-01", "2018-02-01", 1.0),
        (1, "2018-01-02", "2018-01-03", 1.0),
    )
    joined = merged(jobs)

    assert joined.row.tolist() == [0, 0, 1]
    assert joined.first.astype("datetime64[D]").astype(str).tolist() == ["2018-01-01", "2018-02-01", "2018-01-02"]
    assert joined.last.astype("datetime64[D]").astype(str).tolist() == ["2018-01-12", "2018-02-01", "2018-01-03"]


def test_the_wage_rate_of_half_a_month_is_that_of_a_whole_one():
    """A job of 3,000 that begins on the 16th pays at a rate of 3,000, not of 1,500."""
    bounds = calendar_bounds(days("2018-04-05"), 2)

    assert wage_rate(spells((0, "2018-04-16", "2018-04-30", 3000.0)), bounds).tolist() == [[3000.0, 0.0]]


def test_a_day_is_covered_from_the_first_to_the_last_of_a_piece():
    """Both ends count."""
    last_days = calendar_bounds(days("2018-01-05"), 4)[:, 1:] - 1

    assert covers(spells((0, "2018-01-31", "2018-03-31", 0.0)), last_days).tolist() == [[True, True, True, False]]
    assert covers(spells((0, "2018-02-01", "2018-03-30", 0.0)), last_days).tolist() == [[False, True, False, False]]


def test_the_previous_wage_is_of_the_last_three_months_with_work():
    """Months without work are skipped; whoever never worked has none."""
    jobs = spells((0, "2016-02-01", "2016-02-29", 900.0), (0, "2017-11-01", "2017-12-31", 1500.0))
    past = history(jobs, days("2018-01-01", "2018-01-01"))

    assert past.wage[0] == (1500.0 + 1500.0 + 900.0) / 3
    assert np.isnan(past.wage[1])
    assert past.months_worked(1, 3).tolist() == [2.0, 0.0]
    assert past.mean_earnings(1, 3).tolist() == [1000.0, 0.0]
    assert past.months_worked(13, 24).tolist() == [1.0, 0.0]
