"""Critical values and adjusted p values, where the truth is a closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from watwerkt._numerics import supt


@pytest.mark.parametrize("k", [2, 6, 36])
def test_independent_cells(k: int) -> None:
    """Independent cells: c is Šidák's value."""
    c = supt.critical(np.eye(k), seed=1)

    assert c.value == pytest.approx(norm.isf((1 - 0.95 ** (1 / k)) / 2), abs=4 * c.mc_error + 0.0005)
    assert c.cells == k


def test_one_cell_told_many_times() -> None:
    """Cells that are all the same cost nothing: c is that of one."""
    assert supt.critical(np.ones((20, 20)), seed=1).value == pytest.approx(1.96, abs=0.001)


def test_one_cell() -> None:
    """One cell: the pointwise value, without any draw."""
    assert supt.critical(np.eye(1), seed=1) == supt.Critical(pytest.approx(1.959964, abs=1e-6), 0.0, 1)


@pytest.mark.parametrize("t", [0.5, 1.5, 2.5, 4.0, 6.0])
def test_adjusted_p(t: float) -> None:
    """Among independent cells p is 1 − (1 − p₁)ᵏ, also far in the tail, where plain draws see nothing."""
    p, error = supt.exceedance(np.eye(10), t, seed=1)

    assert p == pytest.approx(-np.expm1(10 * np.log1p(-2 * norm.sf(t))), abs=4 * error, rel=1e-6)
    assert error <= 0.01 * p


def test_the_value_and_its_p_agree() -> None:
    """c is exceeded with probability .05."""
    R = 0.9 ** np.abs(np.subtract.outer(np.arange(24), np.arange(24)))
    p, error = supt.exceedance(R, supt.critical(R, seed=1).value, seed=2)

    assert p == pytest.approx(0.05, abs=6 * error)


def test_same_seed_same_value() -> None:
    """A value hangs on nothing but R and the seed."""
    R = 0.5 + 0.5 * np.eye(8)

    assert supt.critical(R, seed=3) == supt.critical(R.copy(), seed=3)


def test_rounding_moves_nothing() -> None:
    """Equal correlations have eigenvectors that turn with the last digit; the value does not."""
    R = 0.5 + 0.5 * np.eye(8)
    noise = 1e-13 * np.random.default_rng(1).standard_normal((8, 8))

    assert supt.critical(R + noise + noise.T, seed=3).value == supt.critical(R, seed=3).value


def test_carried_over_to_t() -> None:
    """With df the value has the same pointwise tail probability, and the way back is the same."""
    c = supt.with_df(3.0, 9.5)

    assert student.sf(c, 9.5) == pytest.approx(norm.sf(3.0))
    assert supt.without_df(c, 9.5) == pytest.approx(3.0)
    assert supt.with_df(3.0, np.inf) == 3.0
