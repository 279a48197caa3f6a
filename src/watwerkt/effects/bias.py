"""How strong a hidden difference would have to be to explain an effect on the treated (METHODS 4.8).

Chernozhukov, Cinelli, Newey, Sharma & Syrgkanis (2022), "Long story short: omitted variable bias in causal machine
learning". On the rows of an arm and its comparison: a trait that nobody recorded explains the share ``cf_y`` of what is
left of the outcome, and ``cf_d`` of what is left of the Riesz representer ``alpha``; the estimate is then off by at
most ``rho · √(cf_y cf_d/(1 − cf_d)) · √(sigma² nu²)``. The robustness value is the one share, for both, at which that
bound equals the effect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pair:
    """The rows of an arm and of its comparison, each (n,): ``d`` 1 in the arm, ``y``, ``g`` the row's own arm's
    cross-fitted regression, ``ratio`` e_a/e_0, ``s`` sampling weights."""

    d: Floats
    y: Floats
    g: Floats
    ratio: Floats
    s: Floats


@dataclass(frozen=True, eq=False)
class Elements:
    """``sigma2`` = E(y − g)², ``nu2`` = E alpha² in its debiased form, and the influence (n,) of either.

    nu2 may come out negative where the comparison has few people like those in the arm: then no bound exists.
    """

    sigma2: float
    nu2: float
    psi_sigma2: Floats
    psi_nu2: Floats

    @property
    def scale(self) -> float:
        """√(sigma² nu²): the bound at √(cf_y cf_d/(1 − cf_d)) = 1; NaN where nu2 is negative."""
        return float(np.sqrt(self.sigma2 * self.nu2)) if self.nu2 >= 0 else float("nan")

    @property
    def psi_scale(self) -> Floats:
        """Influence (n,) of the scale: (sigma² psi_nu + nu² psi_sigma)/(2 scale)."""
        return np.asarray((self.sigma2 * self.psi_nu2 + self.nu2 * self.psi_sigma2) / (2.0 * self.scale))


def elements(pair: Pair) -> Elements:
    """sigma² and nu² of the effect on the treated; means and the share p_a are over the pair's rows, weighted by s."""
    s = pair.s / pair.s.sum()
    share = float(s @ pair.d)
    alpha = pair.d / share - (1.0 - pair.d) / share * pair.ratio
    squares = (pair.y - pair.g) ** 2
    debiased = 2.0 * pair.d / share**2 * (1.0 + pair.ratio) - alpha**2
    sigma2, nu2 = float(s @ squares), float(s @ debiased)
    return Elements(sigma2, nu2, squares - sigma2, debiased - nu2)


def factor(cf_y: float, cf_d: float) -> float:
    """√(cf_y cf_d/(1 − cf_d)): what a hidden trait of this strength multiplies the scale by."""
    if cf_y <= 0 or cf_d <= 0:
        return 0.0
    return float(np.sqrt(cf_y * cf_d / (1.0 - cf_d))) if cf_d < 1 else float("inf")


def robustness_value(k: float) -> float:
    """The share r with factor(r, r) = k: (√(k⁴ + 4k²) − k²)/2, written so that a large k loses no digits."""
    return float(2.0 / (1.0 + np.sqrt(1.0 + 4.0 / k**2))) if k > 0 else 0.0


def confident(theta: float, scale: float, psi: tuple[Floats, Floats], quantile: float) -> float:
    """The largest k at which the confidence limit of |theta| − k·scale still lies above 0; 0 where none does.

    ``psi``: psi/n of theta and of the scale summed by cluster, each (G,); ``quantile`` of the one-sided limit.
    """
    of_theta, of_scale = np.sign(theta) * psi[0], psi[1]
    G = len(of_theta)

    def limit(k: float) -> float:
        error = np.sqrt(G / (G - 1) * np.sum((of_theta - k * of_scale) ** 2))
        return float(abs(theta) - k * scale - quantile * error)

    return float(brentq(limit, 0.0, abs(theta) / scale)) if limit(0.0) > 0 else 0.0


@dataclass(frozen=True)
class Gain:
    """What a left-out group of columns explains beside the others: a hidden trait of its strength."""

    cf_y: float
    cf_d: float
    rho: float


def gain(long: Elements, short: Elements, moved: float) -> Gain:
    """From nuisances with all columns (long) and without a group (short); ``moved`` = theta short − theta long.

    cf_y = (sigma²_short − sigma²_long)/sigma²_long, cf_d = nu²_long/nu²_short − 1, both within [0, 1]. ``rho``: the
    move beside the largest that these two could have made, within [−1, 1]. A short nu² that is negative is no bound.
    """
    cf_y = _share((short.sigma2 - long.sigma2) / long.sigma2) if long.sigma2 > 0 else 0.0
    cf_d = _share(long.nu2 / short.nu2 - 1.0) if short.nu2 > 0 else 1.0
    most = (short.sigma2 - long.sigma2) * (long.nu2 - short.nu2)
    rho = min(abs(moved) / np.sqrt(most), 1.0) if short.sigma2 > long.sigma2 and most > 0 else 1.0
    return Gain(cf_y, cf_d, float(np.sign(moved) * rho))


def _share(value: float) -> float:
    return float(np.clip(value, 0.0, 1.0))
