"""Bounds in plain arrays, by hand; and the interval for the number that lies between them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from watwerkt._numerics import lee

ARM = np.array([True] * 10 + [False] * 10)
WAGE = np.concatenate([np.arange(1.0, 11.0), np.arange(1.0, 11.0)])


def worked(arm: int, other: int) -> np.ndarray:
    """So many of ten at work in the arm, and in the comparison: those with the lowest wages."""
    return np.concatenate([np.arange(10) < arm, np.arange(10) < other])


def moments(y: np.ndarray, work: np.ndarray) -> tuple[float, float, float, float]:
    """Both bounds, the share who work either way and the distance, by the moments and Lee's own trimming."""
    arm, other = ARM / ARM.sum(), ~ARM / (~ARM).sum()
    sides = lee.sides(y[:, None], work[:, None], lee.everybody(y[:, None], work[:, None], arm, other))
    low, high, share, distance = arm @ sides.arm - other @ sides.other
    return low / share, high / share, share, distance


def test_by_hand() -> None:
    """Eight of ten work in the arm, six in the comparison: two of the eight, a quarter, are trimmed from either end."""
    low, high, share, distance = moments(WAGE, worked(8, 6))

    assert (low, high) == pytest.approx((3.5 - 3.5, 5.5 - 3.5))
    assert (share, distance) == pytest.approx((0.6, 0.2))
    assert lee.published(WAGE, worked(8, 6), ARM) == pytest.approx((low, high, 0.25))


def test_fewer_work_in_the_arm() -> None:
    """Then the comparison is trimmed, and the bounds change sides."""
    low, high, share, _ = moments(WAGE, worked(6, 8))

    assert (low, high) == pytest.approx((3.5 - 5.5, 3.5 - 3.5))
    assert share == pytest.approx(0.6)
    assert lee.published(WAGE, worked(6, 8), ARM) == pytest.approx((low, high, 0.25))


def test_a_worker_is_trimmed_in_part() -> None:
    """Six of eight work in the arm, six of ten in the comparison: four fifths of the six are kept, 4.8 workers."""
    arm = np.array([True] * 8 + [False] * 10)
    y = np.concatenate([np.arange(1.0, 9.0), np.arange(1.0, 11.0)])
    work = np.concatenate([np.arange(8) < 6, np.arange(10) < 6])
    low, high, trimmed = lee.published(y, work, arm)

    assert trimmed == pytest.approx(0.2)
    assert low == pytest.approx((1 + 2 + 3 + 4 + 0.8 * 5) / 4.8 - 3.5)
    assert high == pytest.approx((6 + 5 + 4 + 3 + 0.8 * 2) / 4.8 - 3.5)


def test_ties_count_in_part() -> None:
    """Everybody earns the same: whoever is trimmed, nothing is known to differ. Whole ties would keep them all."""
    same = np.full(20, 7.0)

    assert moments(same, worked(8, 6))[:2] == pytest.approx((0.0, 0.0))
    floor = np.where(WAGE <= 4, 4.0, WAGE)  # half of eight workers stand at the floor
    low, high, _, _ = moments(floor, worked(8, 6))
    assert low == pytest.approx((4 * 4 + 5 + 6) / 6 - floor[:6].mean())
    assert high == pytest.approx((2 * 4 + 5 + 6 + 7 + 8) / 6 - floor[:6].mean())
    whole = lee.published(floor, worked(8, 6), ARM, whole=True)
    assert whole[1] < high


@pytest.mark.parametrize("off", [-3.0, -2.0, 2.0, 3.0])
def test_a_wrong_threshold_widens_and_never_narrows(off: float) -> None:
    """The dual form: thresholds that are off, to either side, give bounds that are no better."""
    y, work = WAGE[:, None], worked(8, 5)[:, None]
    arm, other = ARM / 10, ~ARM / 10
    right = lee.everybody(y, work, arm, other)
    wrong = lee.Trim(right.helps, right.low + off, right.high + off)
    best, worse = (arm @ lee.sides(y, work, t).arm - other @ lee.sides(y, work, t).other for t in (right, wrong))

    assert worse[0] <= best[0] + 1e-12
    assert worse[1] >= best[1] - 1e-12
    assert (worse[0], worse[1]) != pytest.approx((best[0], best[1]))


def test_covariates_say_whom_to_trim() -> None:
    """More work in the arm for the first rows and less for the others: each side is trimmed where it has more."""
    fold = np.array([0, 0, 1, 1])
    steps = ((np.linspace(-1, 1, 101),),) * 2
    wages = lee.Wages(np.full((4, 1), 10.0), np.full((4, 1), 2.0), steps, fold)
    p = np.array([[0.8], [0.8], [0.4], [0.4]]), np.array([[0.4], [0.4], [0.8], [0.8]])
    trim = lee.by_covariates(p, (wages, wages))

    assert trim.helps[:, 0].tolist() == [True, True, False, False]
    assert trim.low[:, 0] == pytest.approx([10, 10, 10, 10])
    assert trim.high[:, 0] == pytest.approx([10, 10, 10, 10])
    even = lee.by_covariates((p[0], p[0]), (wages, wages))
    assert even.low[:, 0] == pytest.approx([12, 12, 12, 12])  # nobody is trimmed: all below the highest are kept
    assert even.high[:, 0] == pytest.approx([8, 8, 8, 8])


# ---- the interval ------------------------------------------------------------------------------------------------


def test_the_constant_lies_between_one_and_two_sides() -> None:
    """1.96 where the bounds meet, 1.645 where they are far apart, and at one error between: Imbens & Manski's own."""
    assert lee.critical(0.0, 1.0, np.inf) == pytest.approx(norm.ppf(0.975))
    assert lee.critical(50.0, 1.0, np.inf) == pytest.approx(norm.ppf(0.95))
    c = lee.critical(1.0, 1.0, np.inf)
    assert norm.cdf(c + 1) - norm.cdf(-c) == pytest.approx(0.95)
    assert lee.critical(0.0, 1.0, 10) > lee.critical(0.0, 1.0, 100)
    assert lee.critical(1.0, 0.0, np.inf) == pytest.approx(norm.ppf(0.95))


def test_a_width_that_may_be_nil_is_taken_as_nil() -> None:
    """Stoye: below √(log n) of its own errors the width does not shorten the interval."""
    one = np.array([1.0])
    short, far = (lee.interval(0 * one, w * one, (one, one), one, np.inf, 1000) for w in (2.0, 20.0))

    assert short.from_[0] == pytest.approx(-norm.ppf(0.975))
    assert far.from_[0] == pytest.approx(-norm.ppf(0.95))


def test_bounds_that_cross_meet_in_their_middle() -> None:
    """By chance the lower one may come out above the upper one; the interval still holds both."""
    one = np.array([1.0])
    found = lee.interval(0.4 * one, 0.2 * one, (one, 2 * one), one, np.inf, 1000)

    assert found.low[0] == found.high[0] == pytest.approx(0.3)
    assert found.from_[0] == pytest.approx(0.3 - norm.ppf(0.975))
    assert found.to[0] == pytest.approx(0.3 + 2 * norm.ppf(0.975))
