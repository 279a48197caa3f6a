"""Errors by person and by office: the wider interval, without the price of a noisy second estimate."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import t as student

from watwerkt._numerics import ratio

Floats = NDArray[np.float64]
MONTHS, PEOPLE, DRAWS = 24, 600, 250


def held(offices: int, shock: float, seed: int = 1) -> tuple[Floats, float]:
    """Coverage of a mean path of 0 by month, (M,), and how much wider its intervals are than those by person.

    What an office adds grows along the path; months a month apart correlate by .95.
    """
    rng = np.random.default_rng(seed)
    apart = np.abs(np.subtract.outer(range(MONTHS), range(MONTHS)))
    root, grows = np.linalg.cholesky(0.95**apart), np.linspace(0.3, 1.7, MONTHS)
    inside, wide = np.zeros(MONTHS), 0.0
    for _ in range(DRAWS):
        office = rng.integers(0, offices, PEOPLE)
        added = shock * rng.normal(size=offices)
        y = rng.normal(size=(PEOPLE, MONTHS)) @ root.T + np.outer(added, grows)[office]
        mean = y.mean(axis=0)
        P = (y - mean) / PEOPLE
        by_office = np.zeros((offices, MONTHS))
        np.add.at(by_office, office, P)
        alone = PEOPLE - 1.0
        factor, df = ratio.wider(alone, ratio.design_effect(P, by_office, offices - 1.0))
        reach = student.ppf(0.975, df) * factor * np.sqrt(np.diag(ratio.covariance(P)))
        inside += np.abs(mean) <= reach
        wide += float(np.mean(student.ppf(0.975, df) * factor)) / student.ppf(0.975, alone)
    return inside / DRAWS, wide / DRAWS


@pytest.mark.parametrize("offices", [12, 30])
def test_where_offices_do_not_matter_intervals_hold_and_are_hardly_wider(offices: int) -> None:
    """The mean design effect of a path is known well: it takes little from anybody."""
    covered, wider = held(offices, 0.0)

    assert 0.93 <= covered.mean() <= 0.985
    assert wider < 1.12


def test_where_offices_matter_every_month_is_held() -> None:
    """Also the last months, in which offices differ most."""
    covered, wider = held(12, 0.4)

    assert covered.min() > 0.90
    assert wider > 1.5


def test_one_path_of_months_that_move_as_one_has_the_degrees_of_freedom_of_one_month() -> None:
    """Six times the same month tells nothing six times."""
    P = np.repeat(np.random.default_rng(2).normal(size=(200, 1)), 6, axis=1)
    by_office = np.add.reduceat(P, np.arange(0, 200, 20))

    effect = ratio.design_effect(P, by_office, 9.0)

    assert effect.df_path == pytest.approx(9.0)
    assert effect.path == pytest.approx(effect.months[0])


def test_without_variance_there_is_nothing_to_widen() -> None:
    """The wider of two intervals of no width is that of the fewer degrees of freedom, whatever it is called."""
    factor, df = ratio.wider(50.0, ratio.design_effect(np.zeros((40, 3)), np.zeros((12, 3)), 11.0))

    assert factor == pytest.approx(np.ones(3) * student.ppf(0.975, 11) / student.ppf(0.975, df))
