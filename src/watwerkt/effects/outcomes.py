"""The default outcome regressions: a ridge for the largest arm, and each other arm as that prediction plus a small one.

The largest arm (nearly always the comparison) is the base, whatever it is called: swapped names change no regression.
Strictly nested: what a row of fold k is predicted with has seen no outcome of fold k, the base's prediction inside an
arm's residuals included (their Gram with the base's columns makes that free). Only the one penalty of an outcome is
chosen on all folds' left-out losses together.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from watwerkt._numerics import ridge
from watwerkt._numerics.basis import Terms

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


def largest(arm: Codes) -> int:
    """The arm with the most rows; of equals the one that comes first among the rows, which are in the order of keys."""
    counts = np.bincount(arm)
    return int(arm[np.argmax(counts[arm] == counts.max())])


class Fit(Protocol):
    """One outcome's regressions."""

    def mu(self, a: int, base: Floats | None = None) -> Floats:
        """Cross-fitted predictions (n, M) as if every row were in arm a; ``base`` those of the base, where at hand."""


class Model(Protocol):
    """Regressions of any outcome on one set of rows."""

    def fit(self, y: Floats) -> Fit:
        """Of one outcome's months (n, M)."""


@dataclass(frozen=True, eq=False)
class Groups:
    """The arm and the fold (n,) of each row, and how many of each there are, also where none is left; ``base``: the
    arm on which the others' regressions rest."""

    arm: Codes
    fold: Codes
    arms: int
    folds: int
    base: int = 0


@dataclass(frozen=True, eq=False)
class Ridges:
    """Grams of everything, decomposed once for all outcomes. Rows are those of the basis, sorted by fold and arm.

    ``blocks[k][a]`` the rows of arm a in fold k; ``order`` (n,) puts rows of the caller in that order. ``base`` the
    arm on which the others rest, ``lefts[k]`` it without fold k. Any other arm a: ``left[a][k]`` likewise, main terms;
    ``cross[a][k]`` (main+1, p+1) the Gram of its main terms with the base's columns in fold k. An arm with too few rows
    has none, and the base's regression.
    """

    basis: Terms
    order: Codes
    weight: Floats | None
    blocks: tuple[tuple[slice, ...], ...]
    base: int
    lefts: tuple[ridge.Left, ...]
    left: dict[int, tuple[ridge.Left, ...]]
    cross: dict[int, tuple[Floats, ...]]

    def fit(self, y: Floats) -> RidgesFit:
        """Coefficients of one outcome's months, (n, M) in the caller's order."""
        mine = y[self.order]
        spread = np.asarray(mine.var(0))
        beta = self._base(mine, spread)
        delta = {a: self._offset(a, mine, spread, beta) for a in self.left}
        return RidgesFit(self, beta, delta)

    def _base(self, y: Floats, spread: Floats) -> list[Floats]:
        """Coefficients of the base without each fold, each (p+1, M)."""
        outside = [ridge.moments(self.basis.x, y, block[self.base], self.weight) for block in self.blocks]
        total = np.sum(outside, axis=0)
        return _searched(self.lefts, [(total - out, out) for out in outside], spread)

    def _offset(self, a: int, y: Floats, spread: Floats, beta: list[Floats]) -> list[Floats]:
        """Coefficients of arm a's difference from the base without each fold, each (main+1, M)."""
        main = self.basis.x[:, : self.basis.main]
        own = [ridge.moments(main, y, block[a], self.weight) for block in self.blocks]
        total, cross = np.sum(own, axis=0), np.sum(self.cross[a], axis=0)
        moments = [
            (total - out - (cross - gram) @ b, out - gram @ b)
            for out, gram, b in zip(own, self.cross[a], beta, strict=True)
        ]
        return _searched(self.left[a], moments, spread)


@dataclass(frozen=True, eq=False)
class RidgesFit:
    """Coefficients of one outcome; predictions are made when asked for, one arm at a time."""

    model: Ridges
    beta: list[Floats]
    delta: dict[int, list[Floats]]

    def mu(self, a: int, base: Floats | None = None) -> Floats:
        """Cross-fitted predictions (n, M) as if every row were in arm a; ``base`` saves computing the base arm's."""
        start = self._predicted(self.model.basis.x, self.beta) if base is None else base
        if a not in self.delta:
            return start
        mu = self._predicted(self.model.basis.x[:, : self.model.basis.main], self.delta[a])
        mu += start
        return mu

    def _predicted(self, x: NDArray[np.float32], coefficients: list[Floats]) -> Floats:
        """Each fold by the coefficients that have not seen it, in the caller's order."""
        mu = np.empty((len(x), coefficients[0].shape[1]))
        for block, b in zip(self.model.blocks, coefficients, strict=True):
            ridge.predict(x, b, slice(block[0].start, block[-1].stop), mu)
        return _unsorted(mu, self.model.order)


@dataclass(frozen=True, eq=False)
class Repeated:
    """Several models with other folds. z is linear in mu, so averaging z over repetitions is averaging mu."""

    models: tuple[Model, ...]

    def fit(self, y: Floats) -> RepeatedFit:
        """Fit each."""
        return RepeatedFit(tuple(model.fit(y) for model in self.models))


@dataclass(frozen=True, eq=False)
class RepeatedFit:
    """One outcome in several repetitions."""

    fits: tuple[Fit, ...]

    def mu(self, a: int, base: Floats | None = None) -> Floats:
        """The mean prediction (n, M)."""
        return np.asarray(np.mean([fit.mu(a, base) for fit in self.fits], axis=0))


def ridges(basis: Terms, groups: Groups, weight: Floats | None, least: int) -> Ridges:
    """Grams of the base and of every other arm with at least ``least`` rows that weigh anything.

    ``basis`` in the order of ``groups`` and ``weight`` (n,); it is sorted by fold and arm here, once. A row of weight 0
    (its outcome is not known) is predicted and never learned from.
    """
    arm, fold = groups.arm, groups.fold
    order = np.lexsort((arm, fold))
    x = basis.x if _is_identity(order) else basis.x[order]
    weight = None if weight is None else weight[order]
    blocks = _blocks(groups, order)
    lefts = _lefts([ridge.gram(x, block[groups.base], weight) for block in blocks])
    left, cross = {}, {}
    for a in range(groups.arms):
        if a != groups.base and sum(_weighing(weight, block[a]) for block in blocks) >= least:
            cross[a] = tuple(_cross(x, basis.main, block[a], weight) for block in blocks)
            left[a] = _lefts([gram[:, : basis.main + 1] for gram in cross[a]])
    return Ridges(Terms(x, basis.main), order, weight, blocks, groups.base, lefts, left, cross)


def _searched(lefts: tuple[ridge.Left, ...], moments: list[tuple[Floats, Floats]], spread: Floats) -> list[Floats]:
    """Coefficients without each fold at the penalty that serves the left-out persons best, over folds and months."""
    gained = sum(ridge.gains(left, inside, out) for left, (inside, out) in zip(lefts, moments, strict=True))
    penalty = ridge.best(np.asarray(gained), spread)
    return [ridge.coefficients(left, inside, penalty) for left, (inside, _) in zip(lefts, moments, strict=True)]


def _lefts(grams: list[Floats]) -> tuple[ridge.Left, ...]:
    total = np.sum(grams, axis=0)
    return tuple(ridge.leave_out(total, gram) for gram in grams)


def _cross(x: NDArray[np.float32], main: int, rows: slice, weight: Floats | None) -> Floats:
    """The first main+1 rows of the Gram over ``rows``: main terms with everything."""
    return ridge.gram(x, rows, weight)[: main + 1]


def _blocks(groups: Groups, order: Codes) -> tuple[tuple[slice, ...], ...]:
    """Slices of each fold and arm among rows sorted by fold, then arm."""
    code = (groups.fold * groups.arms + groups.arm)[order]
    ends = np.searchsorted(code, np.arange(groups.arms * groups.folds + 1)).tolist()
    slices = [slice(start, stop) for start, stop in pairwise(ends)]
    return tuple(tuple(slices[i : i + groups.arms]) for i in range(0, len(slices), groups.arms))


def _weighing(weight: Floats | None, rows: slice) -> int:
    """How many of the rows weigh anything."""
    return rows.stop - rows.start if weight is None else int(np.count_nonzero(weight[rows]))


def _is_identity(order: Codes) -> bool:
    return bool((order == np.arange(len(order))).all())


def _unsorted(mu: Floats, order: Codes) -> Floats:
    """Back to the caller's order."""
    if _is_identity(order):
        return mu
    out = np.empty_like(mu)
    out[order] = mu
    return out
