"""Outcome regressions by LightGBM on components: a path's months in five directions, each learned once an arm and fold.

What METHODS' ridge is measured against at the same task: everything else of an answer stays as it is.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
from lightgbm import LGBMClassifier, LGBMRegressor
from numpy.typing import NDArray

from watwerkt.effects.outcomes import Groups

Floats = NDArray[np.float64]
TREES = {"n_estimators": 60, "num_leaves": 8, "n_jobs": 1, "verbose": -1}
DIRECTIONS = 5


class Regressor(LGBMRegressor):
    """LightGBM as DoubleML is given it."""

    def __init__(self) -> None:
        super().__init__(**TREES)

    def fit(self, X: Floats, y: Floats, sample_weight: Floats | None = None) -> Regressor:  # noqa: D102
        return super().fit(X, y, sample_weight=sample_weight)


class Classifier(LGBMClassifier):
    """The propensity of all arms at once."""

    def __init__(self) -> None:
        super().__init__(**TREES)

    def fit(self, X: Floats, y: NDArray[np.int64], sample_weight: Floats | None = None) -> Classifier:  # noqa: D102
        return super().fit(X, y, sample_weight=sample_weight)


@dataclass(frozen=True, eq=False)
class Components:
    """Stands in for ``learners.Looped``: the same fields, fewer fits."""

    regressor: object
    x: Floats
    groups: Groups
    weight: Floats

    def fit(self, y: Floats) -> Fitted:
        """Directions of the months (M, d) from everybody's outcomes."""
        mean = y.mean(0)
        centred = y - mean
        _, vectors = np.linalg.eigh(centred.T @ centred)
        loadings = vectors[:, ::-1][:, :DIRECTIONS]
        return Fitted(self, mean, loadings, centred @ loadings)


@dataclass(frozen=True, eq=False)
class Fitted:
    """One outcome."""

    model: Components
    mean: Floats
    loadings: Floats
    parts: Floats

    def mu(self, a: int, base: Floats | None = None) -> Floats:
        """Cross-fitted predictions (n, M) as if every row were in arm a."""
        m = self.model
        found = np.empty(self.parts.shape)
        for k in range(m.groups.folds):
            inside, outside = (m.groups.fold != k) & (m.groups.arm == a) & (m.weight > 0), m.groups.fold == k
            for j in range(self.parts.shape[1]):
                one = copy.deepcopy(m.regressor)
                one.fit(m.x[inside], self.parts[inside, j], sample_weight=m.weight[inside])
                found[outside, j] = one.predict(m.x[outside])
        return self.mean + found @ self.loadings.T
