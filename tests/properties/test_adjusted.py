"""What may change no number of `adjusted`, and what must change only its sign."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from monthly import Silence, World, also, family, questionnaire, rows, world
from numpy.typing import NDArray

from watwerkt._numerics import ratio
from watwerkt.dossier import Target
from watwerkt.effects.designs import adjusted
from watwerkt.effects.folds import folds
from watwerkt.effects.influence import answered_pairs, pairs, weighed
from watwerkt.effects.nouns import Estimates, Settings
from watwerkt.effects.rows import rows as in_order
from watwerkt.sample.nouns import Drawn, Followed

Floats = NDArray[np.float64]


def estimated(of: Drawn, followed: Followed) -> Estimates:
    """Both verbs."""
    return adjusted.estimate(adjusted.prepare(of, Settings()), followed)


def same(one: Estimates, two: Estimates, rel: float = 1e-9) -> None:
    """Every family has the same numbers."""
    for a, b in zip(one.families, two.families, strict=True):
        assert a.name == b.name
        assert a.theta == pytest.approx(b.theta, rel=rel, abs=rel, nan_ok=True)
        assert pytest.approx(b.V, rel=rel, abs=rel, nan_ok=True) == a.V


def test_order_of_rows() -> None:
    """The order in which rows come changes nothing, clusters of several rows included."""
    of, followed = world(World(persons=400, rows=2, rate=0.5))
    shuffled = np.random.default_rng(1).permutation(len(of))

    same(estimated(of, followed), estimated(rows(of, shuffled), also(followed, shuffled)))


def test_order_of_rows_with_missing_answers() -> None:
    """Nor does it where some did not answer: rho, its folds and who is looked at hang on the people alone."""
    followed = questionnaire(1, Silence(), persons=1500)
    of = followed.drawn
    shuffled = np.random.default_rng(1).permutation(len(of))
    one, two = estimated(of, followed), estimated(rows(of, shuffled), also(followed, shuffled))

    assert family(one, "short", outcome="wellbeing").closed == ("", "", "", "")
    same(one, two, rel=1e-8)


def test_same_seed_same_numbers() -> None:
    """Twice the same run is twice the same number, to the bit."""
    of, followed = world()
    first, second = (estimated(of, followed) for _ in range(2))

    assert [f.theta.tobytes() for f in first.families] == [f.theta.tobytes() for f in second.families]


@pytest.mark.parametrize("target", ["all", "overlap"])
def test_swapped_arms_flip_the_sign(target: Target) -> None:
    """With two arms, what short does against long is minus what long does against short, same error."""
    of, followed = world(World(arms=("not_now", "short")))
    swapped = replace(of, arm=1 - of.arm, rate=of.rate[:, ::-1])
    one = family(estimated(of, followed), "short", target)
    two = family(estimated(swapped, replace(followed, drawn=swapped)), "short", target)

    assert one.theta == pytest.approx(-two.theta, rel=1e-9)
    assert pytest.approx(two.V, rel=1e-9) == one.V
    assert one.df == pytest.approx(two.df)


@pytest.mark.parametrize("target", ["all", "overlap"])
def test_swapped_arms_flip_the_sign_with_missing_answers(target: Target) -> None:
    """Response belongs to the arm, whatever it is called."""
    of, followed = world(World(persons=2000, arms=("not_now", "short")))
    odds = 0.8 * of.covariates.x[:, 0] + 0.5 * of.arm
    known = odds > np.random.default_rng(5).logistic(size=len(of)) - 1
    panel = replace(followed.panels[1], observed=np.repeat(known[:, None], 4, axis=1))
    followed = replace(followed, panels=(panel,))
    swapped = replace(of, arm=1 - of.arm, rate=of.rate[:, ::-1])
    one = family(estimated(of, followed), "short", target, "pay")
    two = family(estimated(swapped, replace(followed, drawn=swapped)), "short", target, "pay")

    assert one.closed == ("", "", "", "")
    assert one.theta == pytest.approx(-two.theta, rel=1e-8)
    assert pytest.approx(two.V, rel=1e-8) == one.V


class Fixed:
    """Regressions that are known: mu (n, K), the same in every month."""

    def __init__(self, mu: Floats, months: int) -> None:
        self.known, self.months = mu, months

    def mu(self, a: int, base: Floats | None = None) -> Floats:
        """As given."""
        return np.repeat(self.known[:, [a]], self.months, axis=1)


def copied_and_heavy(target: Target, seed: int, missing: bool) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """theta and CR0 errors at fixed nuisances: of some who stand in it twice, and of the same with weight 2."""
    of, followed = world(World(persons=300, rows=2))
    rng = np.random.default_rng(seed)
    e, mu, rho = rng.dirichlet((8, 4, 4), len(of)), rng.random((len(of), 3)), rng.uniform(0.3, 0.9, len(of))
    answering = (rng.random(len(of)) < rho) / rho
    twice = of.person % 7 == 0
    copied = np.concatenate([np.arange(len(of)), np.flatnonzero(twice)])
    heavy = replace(of, weight=np.where(twice, 2.0, 1.0))
    made = answered_pairs if missing else pairs

    def fixed(sample: Drawn, at: NDArray[np.int64]) -> tuple[Floats, Floats]:
        here = in_order(sample, sample.person % 5, e[at], None, 5)
        one = weighed(here, 1, 0, target, answering[at][here.seen] if missing else None)
        y = followed.panels[1].y[at][here.seen].astype(float)
        found = next(made(Fixed(mu[at][here.seen], y.shape[1]), 0, y, [one]))
        P = ratio.influence_by_cluster(found.z, one.w.q, one.s, one.by)
        return ratio.theta(found.z, one.w.q, one.s), ratio.covariance(P, corrected=False)

    return fixed(rows(of, copied), copied), fixed(heavy, np.arange(len(of)))


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("target", ["treated", "all", "overlap", "pair"])
def test_a_copied_person_is_weight_two(target: Target, missing: bool) -> None:
    """A person who stands in it twice has the estimates and errors of one with weight 2, answers missing or not."""
    (theta, V), (theta_2, V_2) = copied_and_heavy(target, 4 if missing else 3, missing)

    assert theta == pytest.approx(theta_2, rel=1e-10)
    assert pytest.approx(V_2, rel=1e-10) == V


@pytest.mark.parametrize("target", ["treated", "all", "overlap", "pair"])
def test_answers_of_everybody_are_the_plain_pairs(target: Target) -> None:
    """With R = rho = 1 the weighted form is the unweighted one: theta, its error, and the level without."""
    of, followed = world(World(persons=300, rows=2))
    rng = np.random.default_rng(5)
    e, mu = rng.dirichlet((8, 4, 4), len(of)), rng.random((len(of), 3))
    here = in_order(of, of.person % 5, e, None, 5)
    y = followed.panels[1].y[here.seen].astype(float)
    plain, answered = weighed(here, 2, 0, target), weighed(here, 2, 0, target, np.ones(len(here)))
    one = next(pairs(Fixed(mu[here.seen], 4), 0, y, [plain]))
    two = next(answered_pairs(Fixed(mu[here.seen], 4), 0, y, [answered]))

    assert one.of.estimate(one.z).theta == pytest.approx(two.of.estimate(two.z).theta, rel=1e-10)
    assert pytest.approx(two.of.estimate(two.z).P, rel=1e-8, abs=1e-12) == one.of.estimate(one.z).P
    assert one.without == pytest.approx(two.without, rel=1e-10)


def test_added_people_move_nobody_in_a_large_arm() -> None:
    """Where an arm is large, a fold depends on the person alone; where it is small, on the arm's people alone."""
    of, _ = world(World(persons=5000))
    fewer = np.flatnonzero((np.arange(len(of)) % 3 > 0) | (of.arm > 0))
    everybody, some = folds(of, 5, 1), folds(rows(of, fewer), 5, 1)

    assert (everybody[fewer] == some).all()


def test_every_fold_holds_its_share_of_a_small_arm() -> None:
    """A small arm is dealt out evenly, and a person has one fold."""
    of, _ = world(World(persons=150, rows=3))
    fold = folds(of, 5, 1)

    assert all(len(set(fold[of.person == p])) == 1 for p in np.unique(of.person))
    people = [len(np.unique(of.person[(fold == k) & (of.arm == 2)])) for k in range(5)]
    assert min(people) > 0


ONE_RUN = """
import json
from monthly import World, world
from watwerkt.effects.designs import adjusted
from watwerkt.effects.nouns import Settings
of, followed = world(World(persons=3000))
found = adjusted.estimate(adjusted.prepare(of, Settings()), followed)
print(json.dumps([f.theta.tolist() + f.V.ravel().tolist() for f in found.families if not f.closed[0]]))
"""


def test_number_of_threads() -> None:
    """One thread or two: the same numbers far beyond what a dossier shows."""
    here = Path(__file__).parents[1]
    found = []
    for threads in ("1", "2"):
        path = os.pathsep.join([str(here), str(here / "unit")])
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": threads, "PYTHONPATH": path}
        run = subprocess.run([sys.executable, "-c", ONE_RUN], env=environment, capture_output=True, check=True)
        found.append(np.concatenate(json.loads(run.stdout)))

    assert found[0] == pytest.approx(found[1], rel=1e-9, abs=1e-12)
