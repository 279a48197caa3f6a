"""Who would start what, and when: the model that fake starters are drawn from (METHODS 4.5).

It is never the estimator's own. Fake arms drawn from the propensity under test find no misspecification (MEASURED 5);
they must come from another learner that sees more: boosted trees on all columns, or, where the estimator itself is
made of trees, logits with products of columns. Both are cross-fitted, and how far they follow the data is searched on
persons left out. From it, person by person through the elapsed months: who starts leaves, as in life.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from watwerkt._numerics.basis import terms
from watwerkt.effects import folds, loops, propensity
from watwerkt.effects.nouns import Plan
from watwerkt.effects.outcomes import Groups
from watwerkt.errors import MissingExtra
from watwerkt.sample.nouns import Drawn

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

LEAVES = (2, 4)  # leaves of a tree: columns one by one, or two deep and more
ROUNDS, RATE = 40, 0.1  # trees an arm at most, and how far each goes; where to stop is searched
OTHERS = 4  # comparison rows for each starter that trees learn from; intercepts are solved afterwards
MOST = 5_000  # starters of an arm that trees learn from: some 40 trees of 4 leaves know no more from more of them
PRODUCTS = 150
TREES = ("ensemble", "tree", "lightgbm", "xgboost", "catboost")  # modules in which a learner of trees lives


def log_odds(plan: Plan, at: Codes) -> Floats:
    """Log-odds (r, K) of each arm against the comparison at the rows ``at`` (r,), by a model that has not seen the
    person of a row.

    Raises MissingExtra where trees are wanted and scikit-learn is not there.
    """
    drawn, weight = plan.drawn, propensity.design_weight(plan.drawn)
    groups = Groups(drawn.arm, plan.fold, len(drawn.arms), plan.settings.folds, 0)
    luck = folds.order(drawn, plan.settings.seed)
    if made_of_trees(plan.settings.learner):
        c = drawn.covariates
        return propensity.log_shares(terms(c.x, c.binary, c.block, drawn.arm, PRODUCTS).x, groups, weight, luck)[at]
    found = np.full((len(at), groups.arms), np.nan)
    kept = [a for a in range(groups.arms) if (drawn.arm == a).sum() >= propensity.LEAST * groups.folds]
    found[:, kept] = boosted(drawn.covariates.x, groups, weight, luck, at)
    found[:, [a for a in range(groups.arms) if a not in kept]] = np.logaddexp.reduce(found[:, kept[1:]], axis=1)[
        :, None
    ]
    return found


def made_of_trees(learner: tuple[object, object] | None) -> bool:
    """Whether the estimator's own propensity is made of trees: then trees are no other learner."""
    if learner is None:
        return False
    last = getattr(learner[1], "steps", [("", learner[1])])[-1][1]
    return any(part in TREES for part in type(last).__module__.split("."))


# ---- boosted trees -----------------------------------------------------------------------------------------------


def boosted(x: Floats, groups: Groups, weight: Floats, luck: NDArray[np.uint64], at: Codes) -> Floats:
    """Log-odds (r, k) at the rows ``at`` (r,) of the arms with enough rows, cross-fitted: size and number of trees as
    left-out persons say."""
    counts = np.bincount(groups.arm, minlength=groups.arms)
    kept = np.flatnonzero(counts >= propensity.LEAST * groups.folds)
    first = [rows[np.argsort(luck[rows], kind="stable")] for a in kept for rows in [np.flatnonzero(groups.arm == a)]]
    some = [rows[:MOST] for rows in first[1:]]
    others = first[0][: max(OTHERS * sum(map(len, some)), propensity.ENOUGH)]
    rows = np.sort(np.concatenate([others, *some]))
    unfitted = [_trees(leaves) for leaves in LEAVES]
    learn = partial(_left_out, Groups(groups.arm[rows], groups.fold[rows], groups.arms, groups.folds), x[rows])
    made = loops.spread(partial(learn, weight[rows]), [(one, k) for one in unfitted for k in range(groups.folds)])
    tried = [_Boosted.of(made[i : i + groups.folds]) for i in range(0, len(made), groups.folds)]
    best = min(tried, key=lambda one: float(one.loss.min()))
    with threadpool_limits(limits=1, user_api="openmp"):  # the same sums in the same order, whatever the machine
        return best.predicted(x[at], groups.fold[at], len(kept))


def _left_out(groups: Groups, x: Floats, weight: Floats, which: tuple[Any, int]) -> tuple[Any, Floats]:
    """A classifier that has not seen fold k, and the loss (ROUNDS,) of that fold after so many trees."""
    one, k = which
    inside, outside = (np.flatnonzero((groups.fold == k) == left) for left in (False, True))
    model, loss = copy.deepcopy(one), np.zeros(ROUNDS)
    model.fit(x[inside], groups.arm[inside], sample_weight=weight[inside])
    own = np.searchsorted(model.classes_, groups.arm[outside])
    for i, share in enumerate(model.staged_predict_proba(x[outside])):
        loss[i] = -float(weight[outside] @ np.log(share[np.arange(len(own)), own]))
    return model, loss


@dataclass(frozen=True, eq=False)
class _Boosted:
    """One model a fold that has not seen it, and ``loss`` (ROUNDS,) of left-out persons after so many trees."""

    models: tuple[Any, ...]
    loss: Floats

    @classmethod
    def of(cls, folds: list[tuple[Any, Floats]]) -> _Boosted:
        """All folds of one size of tree."""
        return cls(tuple(model for model, _ in folds), np.sum([loss for _, loss in folds], axis=0))

    def predicted(self, x: Floats, fold: Codes, arms: int) -> Floats:
        """Log-odds against the first arm after the best number of trees."""
        found = np.empty((len(x), arms))
        for k, model in enumerate(self.models):
            outside = np.flatnonzero(fold == k)
            stages: Iterator[Floats] = model.staged_predict_proba(x[outside])
            share = next(share for i, share in enumerate(stages) if i == int(self.loss.argmin()))
            found[outside] = np.log(share) - np.log(share[:, :1])
        return found


def _trees(leaves: int) -> Any:
    """An unfitted classifier of scikit-learn's."""
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier
    except ImportError:
        raise MissingExtra(where="checks.fake_arms", extra="learners", needed_for="fake_arms") from None
    return HistGradientBoostingClassifier(
        learning_rate=RATE, max_iter=ROUNDS, max_leaf_nodes=leaves, min_samples_leaf=20, l2_regularization=1.0,
        early_stopping=False, random_state=0,
    )  # fmt: skip


# ---- through the elapsed months ----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Turns:
    """n rows in the order in which their persons live them: ``order`` (n,); in that order ``first`` (P,) of each person
    and the ``person`` (n,), 0 … P−1."""

    order: Codes
    first: Codes
    person: Codes


def turns(drawn: Drawn, at: Codes) -> Turns:
    """Of the rows ``at``: by person, then time zero, then key."""
    order = np.lexsort((at, drawn.zero[at], drawn.person[at]))
    _, first, person = np.unique(drawn.person[at][order], return_index=True, return_inverse=True)
    return Turns(order, first, person)


def chances(odds: Floats, wanted: Floats, of: Turns, scale: float) -> Floats:
    """The chance (n, K) of each arm at each row for who is still there.

    ``odds`` (n, K) log-odds against the first arm, drawn out by ``scale`` around their mean; intercepts are such that
    so many start each arm as ``wanted`` (K,) says, those who have left being gone. Iterative scaling.
    """
    eta = (1.0 - scale) * odds.mean(0) + scale * odds
    eta[:, 1:] += np.log(wanted[1:] / wanted[0])
    for _ in range(100):
        share = np.exp(eta - eta.max(1, keepdims=True))
        share /= share.sum(1, keepdims=True)
        off = np.log(wanted[1:] / (still_there(share[:, 0], of) @ share[:, 1:]))
        if np.abs(off).max(initial=0.0) < 1e-6:
            break
        eta[:, 1:] += off
    return np.asarray(share)


def still_there(stays: Floats, of: Turns) -> Floats:
    """The chance (n,) of coming to a row at all: of having stayed (n,) at each earlier one of the person."""
    logs = np.log(np.maximum(stays[of.order], 1e-300))
    before = np.cumsum(logs) - logs
    there = np.empty(len(stays))
    there[of.order] = np.exp(before - before[of.first][of.person])
    return there


def started(share: Floats, of: Turns, rng: np.random.Generator) -> Codes:
    """The arm (n,) of each row in one draw of all arms at once; −1 for rows after the person's start."""
    below = rng.random(len(share))[:, None] < share[:, 1:].cumsum(1)
    arm = np.where(below.any(1), below.argmax(1) + 1, 0)
    places = np.arange(len(arm))
    begins = np.minimum.reduceat(np.where(arm[of.order] > 0, places, len(arm)), of.first)
    arm[of.order[places > begins[of.person]]] = -1
    return arm
