"""The arithmetic of the recipes in tests/truth, against sums written out."""

from __future__ import annotations

import coverage_opened
import naive
import numpy as np
import pytest
import through


def spans(seed: int = 3, n: int = 60):
    """Rows with late entry, ties and censoring."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    enter = np.where(rng.random(n) < 0.5, 0.0, rng.integers(0, 5, n))
    leave = enter + 1 + np.floor(rng.exponential(6 * np.exp(-0.7 * x[:, 0])))
    return x, enter, leave, rng.random(n) < 0.7


def test_the_partial_likelihood_has_its_maximum_where_the_risk_sets_say() -> None:
    """Score 0 and the same information, risk set by risk set (Breslow's ties, late entry)."""
    x, enter, leave, event = spans()
    b, information, hazard = naive.partial_likelihood(x, (enter, leave), event)
    score, curve, total = np.zeros(2), np.zeros((2, 2)), 0.0
    for i in np.flatnonzero(event):
        risk = (enter < leave[i]) & (leave >= leave[i])
        w = np.exp(x[risk] @ b)
        mean = w @ x[risk] / w.sum()
        score += x[i] - mean
        curve += (x[risk] * w[:, None]).T @ x[risk] / w.sum() - np.outer(mean, mean)
        total += 1 / w.sum()

    assert np.abs(score).max() < 1e-6
    assert information == pytest.approx(curve, rel=1e-9)
    assert hazard(np.inf) == pytest.approx(total)


def test_benjamini_and_hochberg_find_what_stands_below_the_line() -> None:
    """The largest p below its line, and every smaller one, even above its own line."""
    p = np.array([0.04, 0.001, 0.9, 0.024, 0.026])

    assert coverage_opened.benjamini_hochberg(p).tolist() == [True, True, False, True, True]
    assert coverage_opened.benjamini_hochberg(np.array([0.06, 0.3])).tolist() == [False, False]
    assert coverage_opened.benjamini_hochberg(np.zeros(0)).tolist() == []


@pytest.mark.parametrize("draw", [coverage_opened.rademacher, coverage_opened.mammen])
def test_the_multiplier_bootstrap_knows_many_independent_months(draw) -> None:
    """With many clusters its critical value is that of the largest of 10 independent normals, 2.80."""
    rng = np.random.default_rng(5)
    c = coverage_opened.multiplier(rng.normal(size=(2_000, 10)), draw, rng)

    assert c == pytest.approx(2.80, abs=0.12)


def test_the_error_of_a_share_counts_worlds() -> None:
    """Three effects of one world that always agree are one observation; apart they are three."""
    values = [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]

    assert through.share(values, [1, 1, 1, 2, 2, 2]) == (0.5, pytest.approx(0.5 / np.sqrt(2)))
    assert through.share(values, [1, 2, 3, 4, 5, 6]) == (0.5, pytest.approx(0.5 / np.sqrt(6)))
    assert through.said([], []) == "–"
