"""Whether an arm occurs everywhere in the population that an effect speaks of (METHODS 2.6), before any fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watwerkt.errors import SeparatedArm
from watwerkt.sample.nouns import Covariates, Drawn

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# A level is a hole when the arm has nobody there although it would have so many rows if it were spread as the target
# population is: by chance alone that happens with probability exp(−8), about 1 in 3,000.
EXPECTED = 8.0


@dataclass(frozen=True, eq=False)
class Levels:
    """The 0/1 columns of the covariates, ``x`` (n, p), with their names."""

    x: Floats
    names: tuple[str, ...]


def levels(covariates: Covariates) -> Levels:
    """Picked out once, asked about each arm and target."""
    names = (name for name, binary in zip(covariates.names, covariates.binary, strict=True) if binary)
    return Levels(covariates.x[:, covariates.binary], tuple(names))


def hole(among: Levels, target: Floats, side: Mask) -> str:
    """The first column with a level that the target (weights (n,)) has and ``side`` (n,) lacks; "" if none."""
    if not among.names or target.sum() <= 0:
        return ""
    n = float(side.sum())
    expected = n * (target @ among.x) / target.sum()
    there = side @ among.x
    missing = ((expected >= EXPECTED) & (there == 0)) | ((n - expected >= EXPECTED) & (there == n))
    return among.names[int(np.argmax(missing))] if missing.any() else ""


def refuse_separated(drawn: Drawn, least: int) -> None:
    """SeparatedArm when a column alone tells an arm from the comparison: then nobody there has anyone beside them.

    Arms with fewer than ``least`` rows are not looked at: they close as too few.
    """
    x, names = drawn.covariates.x, drawn.covariates.names
    rest = drawn.arm == 0
    for a in range(1, len(drawn.arms)):
        mine = drawn.arm == a
        if mine.sum() < least or rest.sum() < least or x.shape[1] == 0:
            continue
        apart = (x[mine].min(0) > x[rest].max(0)) | (x[mine].max(0) < x[rest].min(0))
        if apart.any():
            raise SeparatedArm(where=drawn.question.id, arm=drawn.arms[a], column=names[int(np.argmax(apart))])
