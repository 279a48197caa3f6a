"""What follows from a family: by hand, where the answer is plain to see."""

from __future__ import annotations

from dataclasses import replace

import experiments
import numpy as np
import pytest
from experiments import Floats

from watwerkt.dossier import Cell, Effect, Outcome
from watwerkt.effects.nouns import Family
from watwerkt.effects.summaries import first_to_stay, summarise

MONTHS = tuple(range(13))


def family(theta: Floats, deviation: float = 0.01, months: tuple[int, ...] = MONTHS, **changes: object) -> Family:
    """A path of independent months with one standard error."""
    M = len(months)
    parts = {
        "name": "path", "arm": "a1", "compared_with": "a0", "outcome": "work", "target": "all",
        "cells": tuple(Cell("a1", "a0", "work", m, period="week") for m in months), "theta": theta,
        "V": deviation**2 * np.eye(M), "level_without": np.full(M, 0.4), "df": 1e6, "clusters": 1000, "n": 500,
        "n_without": 500, "effective": 500.0, "events": np.full(M, 100.0), "closed": ("",) * M,
    }  # fmt: skip
    return Family(**{**parts, **changes})  # type: ignore[arg-type]


def told(of: Family, measure: str, **changes: object) -> list[Effect]:
    """The effects of one measure."""
    asked = experiments.question(2, months=MONTHS, **changes)
    return [e for e in summarise(of, "randomised", asked, seed=1).effects if e.cell.measure == measure]


def path(*values: float) -> Floats:
    """Month 0, and the months after it."""
    return np.array([0.5, *values])


DIP = path(*[-0.1] * 3, *[0.055] * 9)  # −.3 after three months, made good after nine


def test_month_zero_is_no_part_of_it() -> None:
    """Month 0 has its own interval, but no band, and no total starts with it."""
    of = family(DIP)
    at, total = told(of, "at"), told(of, "total")

    assert at[0].low is not None
    assert at[0].band_low is None
    assert [e.cell.month for e in total] == list(range(1, 13))
    assert total[0].estimate == pytest.approx(-0.1)


def test_band_leaves_out_what_cannot_carry_it() -> None:
    """A month without variance and one with nine events stay out of the band's family."""
    V = 1e-4 * np.eye(13)
    V[4, 4] = 0
    events = np.full(13, 100.0)
    events[7] = 9
    at = told(family(DIP, V=V, events=events), "at")

    assert [e.cell.month for e in at if e.band_low is None] == [0, 4, 7]


def test_band_counts_its_cells() -> None:
    """The band says over how many months it holds, and is wider than the interval."""
    summary = summarise(family(DIP), "randomised", experiments.question(2, months=MONTHS), seed=1)
    at = summary.effects[5]

    assert [band.cells for band in summary.bands] == [12, 12]
    assert [band.family for band in summary.bands] == ["path", "path/total"]
    assert at.band_low < at.low < at.estimate < at.high < at.band_high  # type: ignore[operator]


def test_totals_are_linear() -> None:
    """A total is a sum, its variance that of a sum, its level the comparison's sum."""
    total = told(family(DIP), "total")[-1]

    assert total.estimate == pytest.approx(DIP[1:].sum())
    assert total.std_error == pytest.approx(0.01 * np.sqrt(12))
    assert total.level_without == pytest.approx(12 * 0.4)
    assert total.level == pytest.approx(12 * 0.4 + DIP[1:].sum())


def test_lock_in_is_the_mean_of_the_declared_window() -> None:
    """Months 2 to 4 as declared: the mean of −.1, −.1 and .055, at month 4."""
    asked = experiments.question(2, months=MONTHS)
    time = replace(asked.time, lock_in=(2, 4))
    (found,) = told(family(DIP), "mean_lock_in", time=time)

    assert found.estimate == pytest.approx((-0.1 - 0.1 + 0.055) / 3)
    assert found.std_error == pytest.approx(0.01 / np.sqrt(3))
    assert found.cell.month == 4


def test_lock_in_of_an_arms_own_plan() -> None:
    """A window that the arm's plan tells goes before the question's."""
    summary = summarise(family(DIP), "randomised", experiments.question(2, months=MONTHS), 1, window=(1, 3))
    (found,) = (e for e in summary.effects if e.cell.measure == "mean_lock_in")

    assert found.estimate == pytest.approx(-0.1)
    assert summary.lock_in == (3, 3)


def test_break_even_by_inversion() -> None:
    """−.3 after three months, .055 a month from then on: made good in month 9; the band says from when to when."""
    (found,) = told(family(DIP), "break_even")

    assert found.estimate == 9
    assert found.low is not None
    assert found.high is not None
    assert found.low < 9 < found.high
    assert found.std_error is None


def test_break_even_of_a_certain_path() -> None:
    """Without error earliest, point and latest are the same month."""
    (found,) = told(family(DIP, deviation=1e-9), "break_even")

    assert (found.low, found.estimate, found.high) == (9, 9, 9)


def test_no_loss() -> None:
    """Not even the bad side of the band ever loses: nothing to make good, and no month is named."""
    (found,) = told(family(path(*[0.1] * 12)), "break_even")

    assert (found.reason, found.estimate, found.low, found.high) == ("no_loss", None, None, None)


def test_beyond_the_horizon() -> None:
    """A loss that lasts: no point, no latest and, here, no earliest month."""
    (found,) = told(family(path(*[-0.1] * 12)), "break_even")

    assert (found.reason, found.estimate, found.low, found.high) == ("beyond_horizon", None, None, None)


def test_less_is_better() -> None:
    """On benefit a rise is the loss: the same path turned over breaks even in the same month."""
    outcomes = (Outcome("work", "on_benefit"),)
    (found,) = told(family(-DIP), "break_even", outcomes=outcomes)

    assert found.estimate == 9


def test_points_of_a_questionnaire_have_no_total() -> None:
    """Wellbeing does not add up over months: differences only."""
    outcomes = (Outcome("work", "measure"),)

    assert told(family(DIP), "at", outcomes=outcomes)
    assert not told(family(DIP), "total", outcomes=outcomes)
    assert not told(family(DIP), "break_even", outcomes=outcomes)


def test_closed_months_have_no_number() -> None:
    """A month that cannot be estimated keeps its reason; totals stop there, break-even closes, other months stand."""
    closed = tuple("no_support" if m == 6 else "" for m in MONTHS)
    theta = np.where(np.arange(13) == 6, np.nan, DIP)
    V = 1e-4 * np.eye(13)
    V[6] = V[:, 6] = np.nan
    of = family(theta, V=V, closed=closed)

    assert [e.cell.month for e in told(of, "at") if e.reason == "no_support"] == [6]
    assert [e.cell.month for e in told(of, "total") if not e.reason] == [1, 2, 3, 4, 5]
    assert told(of, "break_even")[0].reason == "no_support"
    assert told(of, "at")[7].estimate == pytest.approx(0.055)


def test_a_gap_ends_the_totals() -> None:
    """Months 6, 12 and 24 make no total."""
    of = family(np.array([0.1, 0.2, 0.3]), months=(6, 12, 24))

    assert len(told(of, "at")) == 3
    assert not told(of, "total")


@pytest.mark.parametrize(
    ("path_", "first"), [([-1, 0, 1], 2), ([1, -1, 1], 3), ([1, 1], 1), ([1, -1], None), ([0, 0], 1)]
)
def test_first_to_stay(path_: list[float], first: int | None) -> None:
    """The first period from which a path stays at or above zero."""
    assert first_to_stay(np.array(path_, dtype=float)) == first
