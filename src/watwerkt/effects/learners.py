"""Other learners than the default: any regressor and classifier with sample weights, in a plain cross-fit loop."""

from __future__ import annotations

import copy
import inspect
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from watwerkt.effects.outcomes import Groups
from watwerkt.errors import UnsuitableLearner

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


class Regressor(Protocol):
    """What a regressor must do, as in scikit-learn."""

    def fit(self, X: Floats, y: Floats, sample_weight: Floats | None = None) -> object:
        """Learn y (n,) from X (n, p)."""

    def predict(self, X: Floats) -> Floats:
        """Expected y (n,)."""


class Classifier(Protocol):
    """What a classifier must do, as in scikit-learn."""

    classes_: Codes

    def fit(self, X: Floats, y: Codes, sample_weight: Floats | None = None) -> object:
        """Learn classes y (n,) from X (n, p)."""

    def predict_proba(self, X: Floats) -> Floats:
        """Probability of each of ``classes_``, (n, K)."""


def suitable(learner: tuple[object, object]) -> tuple[Regressor, Classifier]:
    """The pair, or UnsuitableLearner naming what is lacking."""
    for one, verb in zip(learner, ("predict", "predict_proba"), strict=True):
        name = type(one).__name__
        for needed in ("fit", verb):
            if not callable(getattr(one, needed, None)):
                raise UnsuitableLearner(where="learner", learner=name, lacks=needed)
        if "sample_weight" not in inspect.signature(getattr(one, "fit")).parameters:  # noqa: B009 (object has no fit)
            raise UnsuitableLearner(where="learner", learner=name, lacks="sample_weight")
    return cast(tuple[Regressor, Classifier], learner)


def boosted(seed: int) -> tuple[object, object] | None:
    """Boosted trees of scikit-learn for both nuisances, in small steps; None where it is not installed."""
    if find_spec("sklearn") is None:
        return None
    ensemble = import_module("sklearn.ensemble")
    settings = {"max_iter": 150, "learning_rate": 0.05, "max_leaf_nodes": 8, "min_samples_leaf": 40}
    kinds = ensemble.HistGradientBoostingRegressor, ensemble.HistGradientBoostingClassifier
    regressor, classifier = (
        kind(**settings, l2_regularization=1.0, early_stopping=False, random_state=seed) for kind in kinds
    )
    return regressor, classifier


def shares(classifier: Classifier, x: Floats, groups: Groups, weight: Floats) -> Floats:
    """Cross-fitted f (n, K): the probability of each arm among the rows drawn. 0 for an arm unseen in a fold."""
    f = np.zeros((len(x), groups.arms))
    for k in range(groups.folds):
        inside, outside = groups.fold != k, groups.fold == k
        model = copy.deepcopy(classifier)
        model.fit(x[inside], groups.arm[inside], sample_weight=weight[inside])
        f[np.ix_(outside, np.asarray(model.classes_, dtype=np.int64))] = model.predict_proba(x[outside])
    return f


@dataclass(frozen=True, eq=False)
class Looped:
    """Outcome regressions by any regressor: one fit an arm, fold and month. Slow, and asks for nothing else.

    A row of weight 0 (its outcome is not known) is predicted and never learned from."""

    regressor: Regressor
    x: Floats
    groups: Groups
    weight: Floats

    def fit(self, y: Floats) -> LoopedFit:
        """Remember the outcome; each arm is fitted when it is asked for."""
        return LoopedFit(self, y)


@dataclass(frozen=True, eq=False)
class LoopedFit:
    """One outcome's regressions, made an arm at a time."""

    model: Looped
    y: Floats

    def mu(self, a: int, base: Floats | None = None) -> Floats:
        """Cross-fitted predictions (n, M) as if every row were in arm a, each arm on its own."""
        m = self.model
        mu = np.empty(self.y.shape)
        for k in range(m.groups.folds):
            inside = (m.groups.fold != k) & (m.groups.arm == a) & (m.weight > 0)
            outside = m.groups.fold == k
            for j in range(self.y.shape[1]):
                one = copy.deepcopy(m.regressor)
                one.fit(m.x[inside], self.y[inside, j], sample_weight=m.weight[inside])
                mu[outside, j] = one.predict(m.x[outside])
        return mu
