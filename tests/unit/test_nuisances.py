"""The array functions behind nuisances: leaving a fold out by subtraction is leaving it out."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from watwerkt._numerics import basis, logit, ratio, ridge
from watwerkt.effects.outcomes import Groups, largest, ridges

Floats = NDArray[np.float64]
FOLDS = 3


@pytest.fixture(scope="module")
def rng() -> np.random.Generator:
    """One generator a file."""
    return np.random.default_rng(5)


# ---- ridge -------------------------------------------------------------------------------------------------------


def direct(x: Floats, y: Floats, penalty: float) -> Floats:
    """Ridge with a free intercept, by its normal equations."""
    a = np.column_stack([np.ones(len(x)), x])
    ridge_ = np.diag([0.0, *[penalty * len(x)] * x.shape[1]])
    return np.linalg.solve(a.T @ a + ridge_, a.T @ y)


def test_a_fold_left_out_by_subtraction(rng: np.random.Generator) -> None:
    """Coefficients from G − G_k equal a ridge on the rows that are not in fold k."""
    x = rng.normal(size=(90, 4)).astype(np.float32)
    y = rng.normal(size=(90, 3))
    out = slice(0, 30)
    total = ridge.gram(x, slice(0, 90), None)
    left = ridge.leave_out(total, ridge.gram(x, out, None))
    inside = ridge.moments(x, y, slice(30, 90), None)

    assert ridge.coefficients(left, inside, 0.2) == pytest.approx(direct(x[30:].astype(float), y[30:], 0.2))


def test_gains_are_losses_on_those_left_out(rng: np.random.Generator) -> None:
    """What each penalty gains over the mean is the fall of squared loss in the fold left out."""
    x = rng.normal(size=(90, 4)).astype(np.float32)
    y = x[:, :2].astype(float) + rng.normal(size=(90, 2))
    out, rest = slice(0, 30), slice(30, 90)
    left = ridge.leave_out(ridge.gram(x, slice(0, 90), None), ridge.gram(x, out, None))
    gained = ridge.gains(left, ridge.moments(x, y, rest, None), ridge.moments(x, y, out, None))
    for i, penalty in enumerate(ridge.PENALTIES[:-1]):
        b = direct(x[rest].astype(float), y[rest], float(penalty))
        loss = ((y[out] - np.column_stack([np.ones(30), x[out]]) @ b) ** 2).sum(0)
        mean = ((y[out] - y[rest].mean(0)) ** 2).sum(0)
        assert gained[i] == pytest.approx(mean - loss)


def test_the_penalty_follows_the_noise(rng: np.random.Generator) -> None:
    """Pure noise is predicted by its mean; a strong signal is hardly penalised."""
    x = rng.normal(size=(300, 5)).astype(np.float32)
    arm, fold = np.zeros(300, dtype=np.int64), np.repeat(np.arange(FOLDS), 100)
    model = ridges(basis.Terms(x, 5), Groups(arm, fold, 1, FOLDS), None, least=1)
    noise = model.fit(rng.normal(size=(300, 30))).mu(0)
    signal = model.fit(np.repeat(x[:, [0]].astype(float), 30, axis=1)).mu(0)

    assert noise.std(0).mean() < 0.12
    assert signal[:, 0] == pytest.approx(x[:, 0], abs=0.01)


def test_an_arm_is_predicted_without_its_fold_at_all(rng: np.random.Generator) -> None:
    """Strictly nested: outcomes of fold k change no prediction in fold k, not even through the base's regression."""
    n = 240
    x = rng.normal(size=(n, 6)).astype(np.float32)
    groups = Groups(rng.integers(0, 2, n), np.tile(np.arange(FOLDS), n // FOLDS), 2, FOLDS)
    model = ridges(basis.Terms(x, 4), groups, None, least=5)
    y = rng.normal(size=(n, 2)) + x[:, :2]
    changed = y.copy()
    changed[groups.fold == 1] += 1e-6 * rng.normal(size=(n // FOLDS, 2))  # too little to move the penalty
    before, after = model.fit(y), model.fit(changed)

    for a in (0, 1):
        mine = groups.fold == 1
        moved = np.abs(before.mu(a) - after.mu(a))
        assert moved[mine].max() < 1e-12
        assert moved[~mine].max() > 1e-9


def test_offset_arms_equal_a_regression_of_their_residuals(rng: np.random.Generator) -> None:
    """mu of another arm is the base's prediction plus a ridge of what that leaves, fold by fold."""
    n = 300
    x = rng.normal(size=(n, 3)).astype(np.float32)
    groups = Groups((np.arange(n) % 3 == 0) * 1, np.repeat(np.arange(FOLDS), n // FOLDS), 2, FOLDS)
    y = x[:, [0]] + groups.arm[:, None] * (1.0 + x[:, [1]]) + 0.1 * rng.normal(size=(n, 1))
    fit = ridges(basis.Terms(x, 3), groups, None, least=5).fit(y)
    out, rest = groups.fold == 0, (groups.fold > 0) & (groups.arm == 1)
    base = np.column_stack([np.ones(n), x]) @ fit.beta[0]
    candidates = [direct(x[rest].astype(float), (y - base)[rest], float(p)) for p in ridge.PENALTIES]
    found = [base[out] + np.column_stack([np.ones(n), x])[out] @ b for b in candidates]

    assert min(np.abs(fit.mu(1)[out] - one).max() for one in found) < 1e-8
    assert fit.mu(1, fit.mu(0)) == pytest.approx(fit.mu(1))


def test_weights_count_as_copies(rng: np.random.Generator) -> None:
    """A row of weight 2 and two rows give the same regression."""
    x = rng.normal(size=(60, 3)).astype(np.float32)
    y = rng.normal(size=(60, 1))
    fold = np.repeat(np.arange(FOLDS), 20)
    twice = np.arange(60) % 4 == 0
    copied = np.concatenate([np.arange(60), np.flatnonzero(twice)])

    def mu(at: NDArray[np.int64], weight: Floats | None) -> Floats:
        groups = Groups(np.zeros(len(at), dtype=np.int64), fold[at], 1, FOLDS)
        return ridges(basis.Terms(x[at], 3), groups, weight, least=1).fit(y[at]).mu(0)[:60]

    assert mu(copied, None) == pytest.approx(mu(np.arange(60), np.where(twice, 2.0, 1.0)))


def test_the_largest_arm_is_the_base() -> None:
    """Whatever its number; of two equals the one whose person comes first."""
    assert largest(np.array([2, 1, 1, 0])) == 1
    assert largest(np.array([1, 0, 0, 1])) == 1


# ---- logits ------------------------------------------------------------------------------------------------------


def sample(rng: np.random.Generator, n: int = 400) -> logit.Sample:
    """Two columns, of which one matters, and known log-odds on top."""
    x = rng.normal(size=(n, 2))
    offset = np.tile(0.3 * rng.normal(size=n), (FOLDS, 1))
    d = (rng.random(n) < logit.probability(-1 + x[:, 0] + offset[0])) * 1.0
    fold = np.repeat(np.arange(FOLDS), -(-n // FOLDS))[:n]
    return logit.Sample(np.column_stack([np.ones(n), x]), d, rng.uniform(0.5, 1.5, n), fold, offset)


def test_newton_finds_the_penalised_maximum(rng: np.random.Generator) -> None:
    """As a general optimiser does."""
    of = sample(rng)
    total = of.weight.sum()

    def loss(b: Floats) -> float:
        eta = of.a @ b + of.own
        return float((of.weight * (np.logaddexp(0, eta) - of.d * eta)).sum() + 0.05 * total * (b[1:] ** 2).sum())

    expected = minimize(loss, np.zeros(3), tol=1e-12).x
    assert logit.newton(of, 0.1, np.zeros(3), of.own) == pytest.approx(expected, abs=1e-4)


def test_chord_steps_end_where_newton_does(rng: np.random.Generator) -> None:
    """Each fold left out from the fit of all equals a fit from nothing on the other folds."""
    of = sample(rng)
    fits, penalty = logit.cross_fitted(of)
    for k in range(FOLDS):
        rest = of.fold != k
        part = logit.Sample(of.a[rest], of.d[rest], of.weight[rest], of.fold[rest], of.offset[:, rest])
        assert fits[k] == pytest.approx(logit.newton(part, penalty, np.zeros(3), of.offset[k][rest]), abs=1e-5)


def test_slack_allows_a_weaker_penalty(rng: np.random.Generator) -> None:
    """Within a standard error of the least deviance the weakest penalty wins; without slack the best one."""
    of = sample(rng)
    _, best = logit.cross_fitted(of)
    _, weaker = logit.cross_fitted(of, slack=1.0)

    assert weaker <= best


def test_separation_ends() -> None:
    """A column that separates perfectly has a finite penalised fit, and even unpenalised steps stay bounded."""
    d = np.repeat([0.0, 1.0], 60)
    fold = np.arange(120) % FOLDS
    order = np.argsort(fold, kind="stable")
    a = np.column_stack([np.ones(120), d - 0.5])[order]
    fits, _ = logit.cross_fitted(logit.Sample(a, d[order], np.ones(120), fold[order], np.zeros((FOLDS, 120))))

    assert np.isfinite(fits).all()


# ---- bases -------------------------------------------------------------------------------------------------------


def test_a_basis_bends_and_multiplies(rng: np.random.Generator) -> None:
    """Lines, three hinges, a spike at zero; no product of columns of one variable, no constant column."""
    n = 1000
    pay = np.where(rng.random(n) < 0.3, 0.0, rng.normal(10, 3, n))
    kind = rng.integers(0, 3, n)
    x = np.column_stack([pay, kind == 1, kind == 2, np.ones(n)])
    of = basis.terms(x, np.array([False, True, True, True]), ("pay", "kind", "kind", "one"), kind % 2, products=10)

    assert of.main == 3 + 2 + 1  # two knots: the lowest quantile is the spike itself
    assert of.x.shape[1] == of.main + 2
    assert np.abs(of.x.mean(0)).max() < 1e-4
    assert of.x[:, 0].std() == pytest.approx(basis.LINEAR, rel=1e-3)


def test_the_cap_keeps_products_of_columns_that_differ_between_arms(rng: np.random.Generator) -> None:
    """With one product allowed, it is of the two columns that selection works on."""
    x = rng.normal(size=(2000, 6))
    arm = (x[:, 2] + x[:, 4] + rng.normal(size=2000) > 0).astype(np.int64)
    names = tuple("abcdef")
    of = basis.terms(x, np.zeros(6, dtype=bool), names, arm, products=1)

    assert abs(np.corrcoef(of.x[:, -1], x[:, 2] * x[:, 4])[0, 1]) > 0.95


# ---- the ratio ---------------------------------------------------------------------------------------------------


def test_errors_of_a_mean(rng: np.random.Generator) -> None:
    """With q = 1 the ratio is a mean and its V the textbook's, by rows and by clusters."""
    z = rng.normal(size=(50, 2))
    ones = np.ones(50)
    P = ratio.influence_by_cluster(z, ones, ones, ratio.clusters(np.arange(50)))
    pairs = ratio.influence_by_cluster(z, ones, ones, ratio.clusters(np.arange(50) // 2))
    means = z.reshape(25, 2, 2).mean(1)

    assert ratio.theta(z, ones, ones) == pytest.approx(z.mean(0))
    assert ratio.covariance(P) == pytest.approx(np.cov(z.T) / 50)
    assert ratio.covariance(pairs) == pytest.approx(np.cov(means.T) / 25)


def test_the_estimated_share_adds_its_error(rng: np.random.Generator) -> None:
    """theta and psi of a ratio equal those of a mean among the rows with q = 1."""
    z, q = rng.normal(size=(200, 1)) + 1.0, (rng.random(200) < 0.3) * 1.0
    ones = np.ones(200)
    P = ratio.influence_by_cluster(z * q[:, None], q, ones, ratio.clusters(np.arange(200)))
    mine = z[q == 1]

    assert ratio.theta(z * q[:, None], q, ones) == pytest.approx(mine.mean(0))
    assert ratio.covariance(P, corrected=False)[0, 0] == pytest.approx(mine.var() / len(mine))


def test_stretch_is_per_side() -> None:
    """HC3 on each side with its own effective persons; rows of neither arm keep theirs."""
    found = ratio.stretch(np.array([1.0, 0, 0]), np.array([0.0, 2, 0]), 11.0, 101.0)

    assert found == pytest.approx([1.1, 1.01, 1.0])
