"""Bounds whatever the wages: rows in any order, arms by any name, wages in any unit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watwerkt._numerics import lee


@st.composite
def worlds(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Wages with many ties, work and arm; somebody at work on both sides."""
    n = draw(st.integers(6, 40))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    arm = np.arange(n) % 2 == 0
    work = rng.random(n) < draw(st.floats(0.2, 0.9))
    work[:2] = True
    wage = rng.integers(1, draw(st.integers(2, 30)), n).astype(float)
    return wage, work, arm


def moments(wage: np.ndarray, work: np.ndarray, arm: np.ndarray) -> np.ndarray:
    """Both bounds and the share, as the designs make them."""
    sides = arm / arm.sum(), ~arm / (~arm).sum()
    trim = lee.everybody(wage[:, None], work[:, None], *sides)
    found = lee.sides(wage[:, None], work[:, None], trim)
    low, high, share, _ = sides[0] @ found.arm - sides[1] @ found.other
    return np.array([low / share, high / share, share])


@given(worlds())
@settings(max_examples=200, deadline=None)
def test_the_moments_are_lees_trimmed_means(world: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    """The dual form at the sample's quantile is the trimmed mean with ties in part."""
    assert moments(*world)[:2] == pytest.approx(lee.published(*world)[:2])


@given(worlds(), st.integers(0, 1000))
@settings(max_examples=100, deadline=None)
def test_rows_in_any_order(world: tuple[np.ndarray, np.ndarray, np.ndarray], seed: int) -> None:
    """Order changes nothing."""
    order = np.random.default_rng(seed).permutation(len(world[0]))
    shuffled = tuple(column[order] for column in world)

    assert moments(*shuffled) == pytest.approx(moments(*world))


@given(worlds())
@settings(max_examples=100, deadline=None)
def test_swapped_arms_mirror(world: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    """The lower bound becomes minus the upper one; as many work either way."""
    wage, work, arm = world
    low, high, share = moments(wage, work, ~arm)

    assert moments(wage, work, arm) == pytest.approx(np.array([-high, -low, share]))


@given(worlds(), st.floats(-50, 50), st.floats(0.1, 10))
@settings(max_examples=100, deadline=None)
def test_another_unit(world: tuple[np.ndarray, np.ndarray, np.ndarray], shift: float, factor: float) -> None:
    """A raise for all changes nothing; another currency is a factor."""
    wage, work, arm = world
    low, high, share = moments(wage, work, arm)

    assert moments(factor * wage + shift, work, arm) == pytest.approx(np.array([factor * low, factor * high, share]))


@given(worlds())
@settings(max_examples=100, deadline=None)
def test_the_plain_difference_lies_between_them(world: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    """Trimming nobody is inside both ways of trimming."""
    wage, work, arm = world
    low, high, _ = moments(wage, work, arm)
    plain = wage[work & arm].mean() - wage[work & ~arm].mean()

    assert low - 1e-9 <= plain <= high + 1e-9


@given(st.floats(0, 1e3), st.floats(1e-6, 1e3), st.floats(2, 1e4))
@settings(max_examples=200, deadline=None)
def test_the_constant_stays_between_its_ends(width: float, error: float, df: float) -> None:
    """Never below the one-sided, never above the two-sided quantile; and no larger for wider bounds."""
    c, wider = (lee.critical(w, error, df) for w in (width, 2 * width))

    assert lee.critical(1e9 * error, error, df) - 1e-7 <= wider <= c + 1e-7
    assert c <= lee.two_sided(df) + 1e-7
