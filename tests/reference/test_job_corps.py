"""208 weeks of the Job Corps study against R: data/reference e."""

from __future__ import annotations

from typing import Any

import experiments
import numpy as np
import pytest
from experiments import Floats, reference, se, table

from watwerkt._numerics import supt
from watwerkt.dossier import Effect
from watwerkt.effects.nouns import Family
from watwerkt.effects.summaries import Summary, summarise

pytestmark = pytest.mark.skipif(not experiments.DATA.is_dir(), reason=experiments.ABSENT)

WEEKS = range(1, 209)


@pytest.fixture(scope="module")
def printed() -> dict[str, Any]:
    """What R printed."""
    return reference("e_jobcorps_supt")


@pytest.fixture(scope="module")
def family() -> Family:
    """Employment by week of those offered against those who were not."""
    baseline, weekly = table("job_corps/JobCorps_baseline.csv.gz"), table("job_corps/JobCorps_employment_weekly.csv.gz")
    row = {person: i for i, person in enumerate(weekly["MPRID"])}
    order = [row[person] for person in baseline["MPRID"]]
    y: Floats = np.column_stack([weekly[f"week_{w}"].astype(float) for w in WEEKS])[order]
    arm = baseline["TREATMNT.y"].astype(float).astype(int)
    asked = experiments.question(2, months=tuple(WEEKS))
    return experiments.family(experiments.estimated(experiments.drawn(arm, asked=asked), y))


@pytest.fixture(scope="module")
def summary(family: Family) -> Summary:
    """Bands, totals, lock-in and break-even of that path."""
    return summarise(family, "randomised", experiments.question(2, months=tuple(WEEKS)), seed=1)


def of(summary: Summary, measure: str) -> list[Effect]:
    """The effects of one measure, by week."""
    return [e for e in summary.effects if e.cell.measure == measure]


def test_path_and_errors(family: Family, printed: dict[str, Any]) -> None:
    """Every weekly effect and standard error; .348 against .428 in week 45, .612 against .577 in week 208."""
    assert family.theta == pytest.approx(printed["effect_path"], rel=1e-8)
    assert se(family) == pytest.approx(printed["se_path"], rel=1e-8)
    levels = np.round(np.stack([family.level_without + family.theta, family.level_without])[:, [44, 207]], 3)
    assert levels.tolist() == [[0.348, 0.612], [0.428, 0.577]]


def test_critical_values(summary: Summary, printed: dict[str, Any]) -> None:
    """3.303 ± .012 for the path and 2.574 for the running total, which has its own."""
    path, total = summary.bands

    assert path.critical == pytest.approx(printed["supt_95"]["value"], abs=0.012)
    error = np.hypot(total.mc_error, printed["supt_95_cumulative"]["mc_se"])
    assert total.critical == pytest.approx(printed["supt_95_cumulative"]["value"], abs=4 * error)


@pytest.mark.parametrize(
    ("every", "level", "key"), [(1, 0.90, "supt_90"), (4, 0.95, "supt_95_every_4th_week_52_points")]
)
def test_other_levels_and_periods(family: Family, printed: dict[str, Any], every: int, level: float, key: str) -> None:
    """The 90 % value, and that of every fourth week."""
    V = family.V[every - 1 :: every, every - 1 :: every]
    c = supt.critical(supt.correlation(V), seed=1, level=level)

    assert c.value == pytest.approx(printed[key]["value"], abs=4 * np.hypot(c.mc_error, printed[key]["mc_se"]))


def test_critical_value_does_not_hang_on_the_seed(family: Family, printed: dict[str, Any]) -> None:
    """Over eight seeds c scatters about R's value by no more than the Monte-Carlo error that is reported with it."""
    R = supt.correlation(family.V)
    found = [supt.critical(R, seed) for seed in range(8)]
    values, error = np.array([c.value for c in found]), np.mean([c.mc_error for c in found])

    assert values.std() < 2 * error < 0.01
    assert values.mean() == pytest.approx(printed["supt_95"]["value"], abs=4 * np.hypot(error / 8**0.5, 0.0023))


def test_weeks_beyond_zero(summary: Summary, printed: dict[str, Any]) -> None:
    """By the band 58 weeks (2–59) below zero and 16 above; 74 above pointwise."""
    at = of(summary, "at")
    below = [e.cell.month for e in at if (e.band_high or 0) < 0]

    assert [below[0], below[-1]] == printed["weeks_band_below_zero"]
    assert len(below) == printed["n_weeks_band_below_zero"]
    assert sum((e.band_low or 0) > 0 for e in at) == printed["n_weeks_band_above_zero"]
    assert sum((e.low or 0) > 0 for e in at) == printed["n_weeks_pointwise_above_zero"]
    assert summary.lock_in is not None
    assert summary.lock_in[0] == 58


def test_four_year_total(summary: Summary, printed: dict[str, Any]) -> None:
    """−3.17 weeks (1.32) in all, lowest in week 89 at −6.07: the end point and the total disagree."""
    total = of(summary, "total")

    assert total[-1].estimate == pytest.approx(printed["total_weeks_208"], rel=1e-8)
    assert total[-1].std_error == pytest.approx(printed["total_weeks_208_se"], rel=1e-8)
    lowest = min(total, key=lambda e: e.estimate or 0)
    assert (lowest.cell.month, lowest.estimate) == (89, pytest.approx(printed["cumulative_low_point"], rel=1e-8))


def test_break_even(summary: Summary) -> None:
    """Not within 208 weeks; week 204 or 205 at the earliest by the band of the total; no latest week."""
    (found,) = of(summary, "break_even")

    assert found.reason == "beyond_horizon"
    assert found.estimate is None
    assert found.low in (204, 205)
    assert found.high is None
