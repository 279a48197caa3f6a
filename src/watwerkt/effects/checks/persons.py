"""How many persons carry a weight. Rows are summed to persons first: a person seen twelve times is one person."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics.ratio import effective

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


def by_unit(weight: Floats, unit: Codes) -> Floats:
    """Weights (n,) summed by unit (a person or a cluster), those without weight left out."""
    rows = np.flatnonzero(weight)
    codes = np.unique(unit[rows], return_inverse=True)[1]
    return np.bincount(codes, weights=weight[rows]).astype(np.float64)


def effective_number(weight: Floats, unit: Codes) -> float:
    """Kish's effective number of units, (Σw)²/Σw² with w (n,) summed by unit; 0 where a weight is not finite."""
    if not np.isfinite(weight).all():
        return 0.0
    return effective(by_unit(weight, unit))


def largest_share(weight: Floats, unit: Codes) -> float:
    """The share of the whole weight (n,) that one unit has; 1 where there is none, or where one is not finite."""
    if not np.isfinite(weight).all() or not weight.any():
        return 1.0
    summed = by_unit(weight, unit)
    return float(summed.max() / summed.sum())
